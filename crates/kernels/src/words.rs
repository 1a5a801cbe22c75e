//! A table of words and what each means, as a pipeline states it: for genders, yes and no, statuses, units.
//!
//! Words are looked up folded (case, script and punctuation do not count). A word that ends in `*` stands for all that begin
//! so; the whole word goes before the longest beginning.
//!
//! ```
//! use milaan_kernels::words::Words;
//! let words = Words::new([("deceased", "మరణించారు"), ("deceased", "expire*"), ("alive", "living")]);
//! assert_eq!(words.meaning("Expired on 3-4-2020"), Some("deceased"));
//! assert_eq!(words.meaning("maraṇin̄cāru"), None);
//! assert_eq!(words.meaning("LIVING."), Some("alive"));
//! ```

use std::collections::HashMap;

use crate::text;

/// Words of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Words {
    whole: HashMap<String, String>,
    /// Longest first.
    beginnings: Vec<(String, String)>,
}

impl Words {
    /// From pairs of meaning and word. A later pair takes the place of an earlier one of the same folded word; a word of which
    /// nothing is left folded says nothing.
    pub fn new<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Words {
        let mut whole = HashMap::new();
        let mut beginnings = HashMap::new();
        for (meaning, word) in pairs {
            let beginning = word.strip_suffix('*');
            let mut folded = text::fold(beginning.unwrap_or(word));
            if folded.is_empty() {
                continue;
            }
            if beginning.is_some_and(|beginning| beginning.ends_with(' ')) {
                folded.push(' '); // a whole word in front
            }
            let table = if beginning.is_some() { &mut beginnings } else { &mut whole };
            table.insert(folded, meaning.to_owned());
        }
        let mut beginnings: Vec<(String, String)> = beginnings.into_iter().collect();
        beginnings.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.0.cmp(&b.0)));
        Words { whole, beginnings }
    }

    /// What a text means; `None` for empty text, placeholders for nothing and words not in the table.
    pub fn meaning(&self, text: &str) -> Option<&str> {
        self.meaning_of_folded(&text::fold(&text::cleaned(text)?))
    }

    /// [`Words::meaning`] of a text that is folded.
    pub fn meaning_of_folded(&self, folded: &str) -> Option<&str> {
        let begins =
            || self.beginnings.iter().find(|(start, _)| folded.starts_with(start.as_str()));
        let found = self.whole.get(folded).or_else(|| begins().map(|(_, meaning)| meaning));
        found.map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_longest_wins() {
        let words = Words::new([
            ("a", "late*"),
            ("b", "latent*"),
            ("c", "latent heat"),
            ("d", "*"),
            ("e", "!"),
        ]);
        for (text, expected) in [
            ("Late", Some("a")),
            ("latex", Some("a")),
            ("Latently", Some("b")),
            ("Latent-Heat", Some("c")),
            ("heat", None),
            ("NA", None),
            ("", None),
        ] {
            assert_eq!(words.meaning(text), expected, "{text}");
        }
    }

    #[test]
    fn a_later_word_takes_the_place() {
        let words = Words::new([("M", "male"), ("F", "Male.")]);
        assert_eq!(words.meaning("MALE"), Some("F"));
    }

    proptest! {
        #[test]
        fn never_panics(meaning in ".*", word in ".*", text in ".*") {
            let words = Words::new([(meaning.as_str(), word.as_str())]);
            let _ = words.meaning(&text);
            if !text::fold(&word).is_empty() && !word.ends_with('*') && text::clean(&word).is_some() {
                prop_assert_eq!(words.meaning(&word), Some(meaning.as_str()));
            }
        }
    }
}
