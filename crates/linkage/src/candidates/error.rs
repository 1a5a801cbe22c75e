//! What can go wrong: the model, the weights or a column does not fit. Never a value of a person.

/// Why candidates could not be found or compared.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A comparison's levels do not suit its comparator, or the last one is not the rest.
    #[error("comparison `{comparison}`: its levels do not suit its comparator")]
    Levels {
        /// The comparison.
        comparison: String,
    },
    /// A weight, the prior or a band's limit is no finite number.
    #[error("{what} is no finite number")]
    NotFinite {
        /// Which one.
        what: String,
    },
    /// More of something than this version holds.
    #[error("{found} {what}, {limit} at most")]
    Limit {
        /// What there is too much of.
        what: &'static str,
        /// How many there are.
        found: u64,
        /// How many there may be.
        limit: u64,
    },
    /// Identity numbers are compared, so the installation's keys are needed.
    #[error("comparison `{comparison}` needs the installation's keys")]
    NoKeyring {
        /// The comparison.
        comparison: String,
    },
    /// A batch lacks a column.
    #[error("the {side} has no column `{column}`")]
    ColumnMissing {
        /// `list` or `registry`.
        side: &'static str,
        /// The column.
        column: String,
    },
    /// A column has a type that its use does not allow, or another type than on the other side.
    #[error("column `{column}` of the {side} has type {found}, not {wanted}")]
    ColumnType {
        /// `list` or `registry`.
        side: &'static str,
        /// The column.
        column: String,
        /// Its type.
        found: String,
        /// What it should be.
        wanted: &'static str,
    },
    /// A row has no key.
    #[error("a row of the {side} has no `{column}`")]
    KeyMissing {
        /// `list` or `registry`.
        side: &'static str,
        /// `record_id` or `resident_ref`.
        column: &'static str,
    },
    /// Nobody waits for the result any more.
    #[error("comparing was stopped")]
    Stopped,
    /// A result column could not be built.
    #[error("the pairs could not be built: {0}")]
    Build(String),
}

impl Error {
    /// Arrow's errors here speak of types and lengths, not of values.
    pub(crate) fn build(error: &arrow::error::ArrowError) -> Self {
        Self::Build(error.to_string())
    }
}
