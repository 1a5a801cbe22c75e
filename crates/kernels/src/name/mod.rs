//! Names of people in Andhra Pradesh and Pakistan: their tokens, a folding key for a token, and how alike two names are.
//!
//! Surname and given name columns are unreliable in every list, so a name is a bag of tokens with roles: Telugu names
//! put the family name first, mostly as initials, and a title such as Reddy last; Pakistani names have no fixed order,
//! Muhammad does not identify anybody, Bibi and Begum hardly do; forms write "A s/o B". (Sources: `domain.md` 3, Names.)
//!
//! Invariant: endings stay. -amma, -ayya and -aiah tell a wife from her husband: Lakshmi and Lakshmaiah never meet.
//!
//! ```
//! use milaan_kernels::name;
//! assert_eq!(name::standard("Sri. K.V. Ramana Reddy garu").as_deref(), Some("k v ramana reddy"));
//! assert_eq!(name::keys("Md. Aslam S/o Md. Akram"), ["aslm"]);
//! assert_eq!(name::key("laxmi"), name::key("lakshmi"));
//! assert!(name::similarity("K Ramana Reddy", "Ramana Reddy Kolli") > 0.9);
//! ```

mod columns;
mod compare;
mod key;
mod lexicon;
mod memo;
mod near;
mod parse;
#[cfg(test)]
mod plain;
#[cfg(test)]
mod reference;
mod similarity;
mod slots;
mod sound;
mod spelling;
mod table;

pub use self::columns::{NameColumns, columns, relative_columns};
pub(crate) use self::key::key as spelling_key;
pub use self::parse::{NameToken, TokenRole, parse, relative, standard};
pub use self::similarity::{Aligned, align, similarity};
pub use self::sound::{key, key_text, keys};
pub use self::spelling::Spellings;
pub use self::table::{NameTable, NameWord, PreparedName};
