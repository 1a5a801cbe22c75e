//! The vocabulary of Milaan: what every other crate means by a source, a semantic field, a class, an action,
//! a match model, a report contract.
//!
//! Plain data without behaviour that could fail at run time: no file is opened and no query is run here.
//! What an analyst may write in TOML becomes these types in `milaan-manifest`; what the stages hand to one another is
//! laid down in [`schema`].
//!
//! Invariant: nothing in this crate (nor behind it) names a department, a programme or a file path of theirs.
//!
//! ```
//! use milaan_model::field::{self, Sensitivity};
//!
//! let phone = field::find("phone").expect("phone is a semantic field");
//! assert_eq!(phone.class, Sensitivity::Restricted);
//! assert_eq!(phone.canonical[0].column("phone"), "phone");
//! ```

pub mod contract;
pub mod field;
pub mod ident;
pub mod matching;
pub mod outcome;
pub mod reading;
pub mod schema;

pub use contract::{ColumnContract, ColumnType, OutputFormat, ReportContract};
pub use field::{SemanticField, Sensitivity};
pub use ident::{Name, NameError};
pub use matching::{MatchModel, Weights};
pub use outcome::{Action, Band, Decision, Lookup, MismatchKind};
pub use reading::{FileCounts, Reading};
