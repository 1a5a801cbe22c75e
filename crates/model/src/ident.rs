//! Names that people give to pipelines, sources, reports and models.
//!
//! One rule for all: they appear in file names, SQL view names and report rows, so they are lower-case ASCII words.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A lower-case name: a letter, then letters, digits, `_` or `-`; at most 48 characters.
///
/// ```
/// # use milaan_model::Name;
/// assert!("ration_cards".parse::<Name>().is_ok());
/// assert!("Ration Cards".parse::<Name>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Name(String);

/// The longest name that fits file names and terminals.
pub const NAME_LEN_MAX: usize = 48;

/// Why a text is no [`Name`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a name: use lower-case letters, digits, `_` and `-`, a letter first, at most {NAME_LEN_MAX} characters"
)]
pub struct NameError(String);

impl Name {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Name {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let starts_well = text.starts_with(|c: char| c.is_ascii_lowercase());
        let only_allowed = text
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-');
        if starts_well && only_allowed && text.len() <= NAME_LEN_MAX {
            Ok(Self(text.to_owned()))
        } else {
            Err(NameError(text.to_owned()))
        }
    }
}

impl From<Name> for String {
    fn from(name: Name) -> Self {
        name.0
    }
}

impl TryFrom<String> for Name {
    type Error = NameError;

    fn try_from(text: String) -> Result<Self, NameError> {
        text.parse()
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for Name {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for (text, good) in [
            ("pensions", true),
            ("ration_cards", true),
            ("people-hub", true),
            ("person_v1", true),
            ("", false),
            ("1st", false),
            ("Pensions", false),
            ("a b", false),
            ("../x", false),
        ] {
            assert_eq!(text.parse::<Name>().is_ok(), good, "{text}");
        }
        assert!("a".repeat(49).parse::<Name>().is_err());
    }
}
