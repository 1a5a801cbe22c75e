//! A table of words and what each means, as a pipeline states it: for genders, yes and no, statuses, units.
//!
//! Words are looked up folded (case, script and punctuation do not count). A word that ends in `*` stands for all that begin
//! so; the whole word goes before the longest beginning. What follows a beginning may not turn it round: of `paid*` neither
//! "Paid but returned" nor "చెల్లించలేదు" is one, and nobody guesses what they are.
//!
//! ```
//! use milaan_kernels::words::Words;
//! let words = Words::new([("deceased", "మరణించారు"), ("deceased", "expire*"), ("alive", "living")]);
//! assert_eq!(words.meaning("Expired on 3-4-2020"), Some("deceased"));
//! assert_eq!(words.meaning("maraṇin̄cāru"), None);
//! assert_eq!(words.meaning("LIVING."), Some("alive"));
//! ```

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::text;

/// Words that say that something is not so, not yet or no longer.
const NEGATIONS: &[&str] = &[
    "not",
    "no",
    "never",
    "nil",
    "without",
    "non",
    "unsuccessful",
    "unsigned",
    "pending",
    "awaited",
    "awaiting",
    "failed",
    "fail",
    "failure",
    "expired",
    "lost",
    "missing",
    "cancelled",
    "canceled",
    "withdrawn",
    "returned",
    "reversed",
    "rejected",
    "refused",
    "denied",
    "revoked",
    "removed",
    "wrong",
    "wrongly",
    "unconfirmed",
    "नहीं",
    "नही",
    "लंबित",
    "نہیں",
    "نہ",
    "పెండింగ్",
];
/// Their like as Telugu joins them to a verb.
const NEGATIVE_ENDS: &[&str] = &["లేదు", "కాదు", "లేరు", "కాలేదు"];
/// Words that speak of somebody or something else, or of another state.
const OTHERS: &[&str] = &[
    "husband",
    "wife",
    "father",
    "mother",
    "son",
    "daughter",
    "card",
    "certificate",
    "alive",
    "dead",
    "deceased",
    "hold",
    "stopped",
    "restored",
    "lifted",
    "back",
    "verify",
    "روک",
];

static TURNING: LazyLock<[Vec<String>; 3]> = LazyLock::new(|| {
    [NEGATIONS, NEGATIVE_ENDS, OTHERS]
        .map(|words| words.iter().map(|word| text::fold(word)).collect())
});

/// Whether a folded text says that something is not so, not yet or no longer.
fn is_negated(folded: &str) -> bool {
    let [negations, ends, _] = &*TURNING;
    folded.split(' ').any(|word| negations.iter().any(|one| one == word))
        || ends.iter().any(|end| folded.contains(end.as_str()))
}

/// Whether what follows a beginning turns it round.
fn is_turned(rest: &str) -> bool {
    !rest.is_empty()
        && (is_negated(rest)
            || rest.split(' ').any(|word| TURNING[2].iter().any(|one| one == word)))
}

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
        if let Some(meaning) = self.whole.get(folded) {
            return Some(meaning);
        }
        let found = self.beginnings.iter().find_map(|(start, meaning)| {
            folded.strip_prefix(start.as_str()).map(|rest| (meaning, rest))
        });
        found.filter(|(_, rest)| !is_turned(rest)).map(|(meaning, _)| meaning.as_str())
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
    fn what_follows_may_turn_it_round() {
        let words = Words::new([
            ("active", "paid*"),
            ("held", "not paid*"),
            ("active", "చెల్లించ*"),
            ("active", "स्वीकृत*"),
            ("active", "ادا*"),
            ("deceased", "dead*"),
        ]);
        for (text, expected) in [
            ("Paid on 3-4-2020", Some("active")),
            ("paid by DBT", Some("active")),
            ("Paid but returned", None),
            ("paid - no", None),
            ("Not paid", Some("held")),
            ("చెల్లించారు", Some("active")),
            ("చెల్లించలేదు", None),
            ("स्वीकृत", Some("active")),
            ("स्वीकृत नहीं", None),
            ("ادا نہیں ہوا", None),
            ("dead (alive)", None),
            ("Dead? to verify", None),
            ("died", None),
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
