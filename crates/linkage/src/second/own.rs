//! Own names: the tokens that neither side's relative bears too.
//!
//! In one household surname and relative are shared, so that `name_similarity` of a brother is middling; what tells him apart is
//! the token that is his alone. Where no relative is written, it is the token that is left when shared ones are taken away.

use milaan_kernels::edit::levenshtein;
use milaan_kernels::name::{key, keys};

/// How own names meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum OwnName {
    /// Nothing is left of a name, or nothing was written.
    Unknown,
    /// Each own token of the registry's name is in the list's.
    Same,
    /// One of several.
    Part,
    /// None, but one is a slip of the pen away.
    Near,
    /// None.
    Different,
}

impl OwnName {
    /// All of them, by number.
    pub const ALL: [Self; 5] = [Self::Unknown, Self::Same, Self::Part, Self::Near, Self::Different];

    /// Its word in evidence.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "null",
            Self::Same => "same",
            Self::Part => "part",
            Self::Near => "near",
            Self::Different => "different",
        }
    }

    /// Whether some own token is on both sides. A slip of the pen away is not enough by itself: brothers and sisters are often
    /// called so.
    pub const fn meets(self) -> bool {
        matches!(self, Self::Same | Self::Part)
    }
}

/// Compares the keys of two names, given the keys of both sides' relatives.
///
/// ```
/// use milaan_linkage::second::own::{OwnName, compare};
/// let relative = ["klli", "rmiia"];
/// assert_eq!(compare(&["klli", "lksmi"], &["klli", "lksmi"], &relative, &relative), OwnName::Same);
/// assert_eq!(compare(&["klli", "rvi"], &["klli", "lksmi"], &relative, &relative), OwnName::Different);
/// ```
pub fn compare(
    list: &[&str],
    registry: &[&str],
    list_relative: &[&str],
    relative: &[&str],
) -> OwnName {
    if list_relative.is_empty() && relative.is_empty() {
        return compare_alone(list, registry);
    }
    let own = |name: &[&'_ str]| -> Vec<String> {
        let shared = |key: &&&str| !relative.contains(*key) && !list_relative.contains(*key);
        name.iter().filter(shared).map(|key| (*key).to_owned()).collect()
    };
    let (own_list, own_registry) = (own(list), own(registry));
    if own_list.is_empty() || own_registry.is_empty() {
        return OwnName::Unknown;
    }
    let in_list = |key: &String| list.contains(&key.as_str());
    let in_registry = |key: &String| registry.contains(&key.as_str());
    if own_registry.iter().any(in_list) || own_list.iter().any(in_registry) {
        return if own_registry.iter().all(in_list) { OwnName::Same } else { OwnName::Part };
    }
    if own_registry.iter().any(|a| list.iter().any(|b| near(a, b))) {
        return OwnName::Near;
    }
    OwnName::Different
}

/// Whether a word of a person's own is a slip of the pen away in two written names, where their keys are further: a slip in `nr`,
/// `iu` or `s` changes more of a key than of a word. The names as the dumps' names are standardised; the keys of both relatives.
pub fn near_words(list: &str, registry: &str, relatives: [&[&str]; 2]) -> bool {
    let is_own = |word: &str| {
        let key = key(word);
        let shared = relatives.iter().any(|keys| keys.contains(&key.as_str()));
        word.len() >= WORD_LETTERS_MIN && !shared && !keys(word).is_empty()
    };
    registry.split(' ').filter(|word| is_own(word)).any(|word| {
        let mut others = list.split(' ').filter(|other| *other != word && near(word, other));
        others.any(is_own)
    })
}

/// Shorter words are often another person's with one letter changed.
const WORD_LETTERS_MIN: usize = 4;

/// [`compare`] where no relative is known: what is left of both names when shared tokens are taken away tells two people apart,
/// unless it is a slip.
fn compare_alone(list: &[&str], registry: &[&str]) -> OwnName {
    if list.is_empty() || registry.is_empty() {
        return OwnName::Unknown;
    }
    let rest_of_list: Vec<&str> =
        list.iter().filter(|key| !registry.contains(key)).copied().collect();
    let rest: Vec<&str> = registry.iter().filter(|key| !list.contains(key)).copied().collect();
    match (rest_of_list.is_empty(), rest.is_empty()) {
        (true, true) => return OwnName::Same,
        (false, false) => {}
        _ => return OwnName::Part,
    }
    let (fewer, more) =
        if rest.len() < rest_of_list.len() { (rest, rest_of_list) } else { (rest_of_list, rest) };
    if fewer.iter().all(|a| more.iter().any(|b| near(a, b))) {
        return OwnName::Near;
    }
    OwnName::Different
}

/// A slip of the pen away.
fn near(a: &str, b: &str) -> bool {
    a.len().abs_diff(b.len()) <= 1 && levenshtein(a, b) <= 1 || swapped(a, b)
}

/// Two neighbouring letters in the other order.
fn swapped(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let Some(first) =
        (a.len() == b.len()).then(|| a.iter().zip(b).position(|(x, y)| x != y)).flatten()
    else {
        return false;
    };
    first + 1 < a.len()
        && a[first] == b[first + 1]
        && a[first + 1] == b[first]
        && a[first + 2..] == b[first + 2..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shared_surname_says_nothing() {
        let check = |list: &[&str], registry: &[&str], relative: &[&str], wanted: OwnName| {
            assert_eq!(compare(list, registry, &[], relative), wanted, "{list:?} {registry:?}");
        };
        check(&["gndla", "vji"], &["gndla", "vji"], &["gndla", "rm"], OwnName::Same);
        check(&["gndla", "vji"], &["gndla", "sujta"], &["gndla", "rm"], OwnName::Different);
        check(&["sujata"], &["gndla", "sujta"], &["gndla", "rm"], OwnName::Near);
        check(&["ba", "sujtab"], &["gndla", "sujtba"], &["gndla", "rm"], OwnName::Near);
        check(&["lksmi", "dvi"], &["lksmi", "bi"], &["rm"], OwnName::Part);
        check(&["gndla"], &["gndla", "sujta"], &["gndla"], OwnName::Unknown);
        check(&[], &["gndla"], &[], OwnName::Unknown);
    }

    #[test]
    fn words_show_slips_that_keys_hide() {
        let near =
            |list: &str, registry: &str| near_words(list, registry, [&["mjtba"], &["mjtba"]]);
        assert!(near("raia", "razia"));
        assert!(near("agmed", "ahmed"));
        assert!(!near("shakira", "ayesha"));
        assert!(!near("irum begum", "akram begum"));
        assert!(!near("ali", "ala"), "too short");
    }

    #[test]
    fn without_relatives_what_is_not_shared_tells() {
        let check = |list: &[&str], registry: &[&str], wanted: OwnName| {
            assert_eq!(compare(list, registry, &[], &[]), wanted, "{list:?} {registry:?}");
        };
        check(&["smit", "jan"], &["jan", "smit"], OwnName::Same);
        check(&["smit"], &["jan", "smit"], OwnName::Part);
        check(&["smit", "mari"], &["jan", "smit"], OwnName::Different);
        check(&["smit", "jam"], &["jan", "smit"], OwnName::Near);
        check(&["snit", "jam"], &["jan", "smit"], OwnName::Near);
        check(&["kuk", "jan"], &["mari", "smit"], OwnName::Different);
    }
}
