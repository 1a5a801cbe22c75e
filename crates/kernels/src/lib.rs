//! What one value is: names, dates, ids, places, words, masks and tokens, as plain Rust on text and numbers.
//!
//! Departments write the same fact in many ways: `Smt. K.Laxmi W/o Ramulu`, `కె. లక్ష్మి`, `31-08-2017`, `2341 2341 2346`.
//! Each module here reads one kind of value, says what it is, or says with a code why it cannot be read. The crate
//! `functions` wraps these kernels for SQL; `linkage` compares records with them; `publish` masks and scans with them.
//!
//! # What always holds
//!
//! * A value that cannot be understood is `None` or an issue code (`ID_INVALID_CHECKSUM`, `DATE_UNREADABLE` …), never a
//!   panic: any text may come in. Empty text and placeholders for nothing (`NA`, `-`, `null`) are `None` everywhere.
//! * Functions are pure: no files, no clock, no environment, no state that shows (a thread keeps the last name tokens it
//!   read, only to be quicker). The day "today" comes in as `as_of`.
//! * A cleaner applied twice gives what it gave once.
//! * No error or `Debug` output carries a personal value.
//!
//! # Example
//!
//! ```
//! use milaan_kernels::{aadhaar, date, name};
//!
//! assert_eq!(name::standard("Smt. K.Lakshmi Devi W/o Ramulu").as_deref(), Some("k lakshmi devi"));
//! assert_eq!(name::relative("Smt. K.Lakshmi Devi W/o Ramulu").as_deref(), Some("ramulu"));
//! assert!(name::similarity("Laxmi", "లక్ష్మి") > 0.95);
//! assert!(name::similarity("Lakshmi", "Lakshmaiah") < 0.75);
//!
//! assert_eq!(aadhaar::normalise("2341 2341 2346").as_deref(), Some("234123412346"));
//! assert_eq!(aadhaar::issue("2341 2341 2347"), Some("ID_INVALID_CHECKSUM"));
//!
//! let day = date::date("31-08-2017", date::Layout::DayFirst).map(|d| d.to_string());
//! assert_eq!(day.as_deref(), Ok("2017-08-31"));
//! ```

pub mod aadhaar;
pub mod amount;
pub mod bank_account;
pub mod benefit;
pub mod cnic;
pub mod consent;
pub mod date;
pub mod digits;
pub mod edit;
pub mod gazetteer;
pub mod gender;
pub mod hash;
pub mod identifier;
pub mod ifsc;
mod label;
pub mod leak;
pub mod mask;
pub mod name;
pub mod national_id;
pub mod number;
pub mod period;
pub mod phone;
pub mod place;
pub mod quantity;
pub mod script;
pub mod secret;
pub mod status;
pub mod text;
pub mod verhoeff;
pub mod words;
pub mod yes_no;

#[cfg(test)]
mod tests;
