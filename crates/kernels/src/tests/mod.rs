//! Whole kernels held against second formulations and hostile text.

mod ids;
mod naughty;
