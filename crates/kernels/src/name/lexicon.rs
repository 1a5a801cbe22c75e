//! The words of a name that are not the person: titles, relation words, light tokens. All in Latin, lower case, as
//! `script::romanise` leaves them, so native script meets the same lists.
//!
//! Sources: `domain.md` 3, Names (strip lists, caste and title suffixes, weak tokens); spelling variants by judgement.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::LazyLock;

use super::key::key;
use super::parse::TokenRole;

/// Titles that are never part of a name, wherever they stand.
const TITLES: &[&str] = &[
    "smt",
    "shrimati",
    "shrimathi",
    "srimati",
    "srimathi",
    "sreemathi",
    "mr",
    "mrs",
    "dr",
    "prof",
    "late",
    "sv",
    "swargiya",
    "svargiya",
    "garu",
    "gaaru",
    "ji",
    "jee",
    "mst",
    "mstt",
    "musammat",
    "mussammat",
    "janab",
    "marhum",
    "marhoom",
    "miss",
    "kum",
    "chi",
    "er",
    "adv",
    "doctor",
    "daktar",
    "mohtarma",
    "sushri",
    "shrimti",
    "died",
    "expired",
    "deceased",
    "minor",
    "dead",
    "gari",
    "rev",
    "reverend",
    "capt",
    "captain",
    "col",
];

/// Titles only in front, and only when a name follows: Sri Devi and Kumari are names too.
const TITLES_IN_FRONT: &[&str] = &[
    "sri", "shri", "sree", "shree", "kumari", "ms", "thiru", "haji", "hafiz", "hajji", "alhaj",
    "maulana", "moulana", "maulvi", "moulvi", "master", "mastar", "sow",
];

/// Those of them that men are called, too, where no other given name stands: Hafiz Ullah, Haji Khan.
const TITLES_AND_NAMES: &[&str] = &["hafiz", "haji", "hajji"];

/// What no name begins with: God's name and the article as they are spoken behind another.
const NEEDS_A_NAME: &[&str] = &[
    "ullah", "ulla", "ulah", "uddin", "uddeen", "udin", "ul", "ur", "us", "ud", "un", "uz", "ush",
];

/// Light tokens: a title or caste suffix, or a word half a district bears. They are compared, but weigh less.
const SUFFIXES: &[&str] = &[
    "reddy",
    "rao",
    "naidu",
    "nayudu",
    "raju",
    "chowdary",
    "chowdhury",
    "chaudhry",
    "chaudhri",
    "sastry",
    "shastri",
    "varma",
    "verma",
    "sharma",
    "sarma",
    "setty",
    "shetty",
    "goud",
    "gowda",
    "yadav",
    "yadava",
    "kumar",
    "singh",
    "khan",
    "shaik",
    "shekh",
    "syed",
    "sayed",
    "sayyad",
    "kaur",
    "bano",
    "banu",
    "khanam",
    "jr",
    "sr",
    "jnr",
    "snr",
    "junior",
    "senior",
];

/// Tokens that hardly tell one person from another.
const WEAK: &[&str] = &[
    "bibi", "begum", "begam", "bi", "bee", "khatoon", "khatun", "kumari", "devi", "bai",
    "muhammad", "bewa", // the Arabic article between two names
    "ul", "ur", "us", "ud", "un", "uz", "ush",
];

/// Men whose wives and sisters bear the name with -a or -i behind it. Where that is a spelling of the man's own name (Ram, Rama;
/// Narayan, Narayana; Vijay, Vijaya in Telugu) it is not here.
pub(super) const MEN: &[&str] = &[
    "abid", "adil", "ajmal", "akhtar", "akil", "amin", "amir", "anis", "aqil", "arif", "asif",
    "asim", "atif", "aziz", "azim", "azra", "bashir", "basit", "fahim", "faiz", "fakhr", "farid",
    "farzan", "fateh", "fazil", "firoz", "habib", "hafiz", "hakim", "halim", "hamid", "hanif",
    "hasin", "humair", "husain", "imran", "jalil", "jamil", "javed", "kabir", "kamil", "karim",
    "kashif", "khalid", "khalil", "khurshid", "latif", "mahbub", "mahmud", "majid", "malik",
    "mansur", "maqbul", "masud", "masum", "mubarak", "mukhtar", "munir", "murad", "nabil", "nadim",
    "nadir", "naim", "najib", "najm", "nasib", "nasim", "nasir", "nazim", "nazir", "nazar",
    "qadir", "rafiq", "rahil", "rahim", "rais", "rashid", "raziq", "rizwan", "sabir", "sabih",
    "sadiq", "said", "sajid", "salih", "salim", "samin", "samir", "sarwar", "shafiq", "shahid",
    "shahin", "shakil", "shakir", "shamim", "sharif", "sohail", "sultan", "tahir", "tahsin",
    "talib", "tanvir", "taslim", "tayyib", "umair", "wahid", "wajid", "wakil", "wasim", "zafar",
    "zahid", "zahir", "zakir", "zarif", "zubaid", "خالد", "شاہد", "زاہد", "شکیل", "جمیل", "رفیق",
    "شفیق", "حمید", "مجید", "وحید", "سعید", "طاہر", "ناصر", "نصیر", "ماجد", "ساجد", "عابد", "راشد",
    "صادق", "عارف", "آصف", "منیر", "بشیر", "جلیل", "خلیل", "لطیف", "شریف", "فرید", "حبیب", "عزیز",
    "نعیم", "فہیم", "وسیم", "شاکر", "ذاکر", "akhil", "amit", "anil", "ankit", "arpit", "kamal",
    "lalit", "mohit", "nikhil", "nirmal", "pavan", "ranjit", "rohit", "sumit", "sunil", "sushil",
    "vimal", "manish", "shaban", "rehan", "raihan", "irfan", "farhan", "salman", "usman", "anwar",
    "manzur", "zahur", "ghafur", "shakur", "maqsud", "yaqub", "saghir", "azhar", "mazhar", "naved",
    "riyaz", "jamal", "iqbal", "faisal", "yasir", "safir", "nafis", "mushir", "mubashir",
    "mubassir", "jabir", "fakhir", "zafir", "mamun", "munis", "safwan", "shahzad", "qurban",
    "mahfuz", "haris", "navin",
];

/// Men to whose names, with others before them too (Rajkumar), -i makes a woman's, while -a is a spelling of their own: Madhav and
/// Madhava, Madhavi.
pub(super) const MEN_WITH_I: &[&str] = &[
    "akbar", "asghar", "eswar", "kalyan", "kumar", "madhav", "mohan", "pallav", "rajan", "sundar",
    "vaishnav",
];

/// Words between two names, in Latin letters, and the sign they stand for. They need a name on both sides.
const RELATION_WORDS: &[(&str, &str)] = &[
    ("so", "s/o"),
    ("wo", "w/o"),
    ("do", "d/o"),
    ("putra", "s/o"),
    ("putrudu", "s/o"),
    ("suputra", "s/o"),
    ("suputr", "s/o"),
    ("putr", "s/o"),
    ("atmaj", "s/o"),     // आत्मज
    ("atmaja", "d/o"),    // आत्मजा
    ("koduku", "s/o"),    // కొడుకు
    ("kumaarudu", "s/o"), // కుమారుడు
    ("tanayudu", "s/o"),
    ("kuturu", "d/o"), // కూతురు
    ("kuthuru", "d/o"),
    ("suputri", "d/o"),
    ("jauje", "w/o"), // जौजे
    ("jauja", "w/o"),
    ("joje", "w/o"),
    ("zauje", "w/o"),
    ("beva", "w/o"), // बेवा
    ("vidhva", "w/o"),
    ("dharmapatni", "w/o"),
    ("dharmpatni", "w/o"),
    ("pisar", "s/o"),      // پسر
    ("hamshira", "sis/o"), // ہمشیرہ
    ("kumarudu", "s/o"),
    ("kumarte", "d/o"),
    ("kumarthe", "d/o"),
    ("putri", "d/o"),
    ("patni", "w/o"),
    ("bharya", "w/o"),
    ("bharta", "h/o"),
    ("bhartha", "h/o"),
    ("tandri", "f/o"),
    ("thandri", "f/o"),
    ("pita", "f/o"),
    ("pati", "h/o"),
    ("walad", "s/o"),
    ("wald", "s/o"),
    ("ibn", "s/o"),
    ("vald", "f/o"),  // والد
    ("valda", "m/o"), // والدہ
    ("shohar", "h/o"),
    ("bint", "d/o"),
    ("dukhtar", "d/o"),
    ("zauja", "w/o"),
    ("zoja", "w/o"),
    ("bewa", "w/o"),
];

/// English words that, with "of" behind them, say how two people are related.
const RELATION_OF: &[(&str, &str)] = &[
    ("son", "s/o"),
    ("daughter", "d/o"),
    ("wife", "w/o"),
    ("widow", "w/o"),
    ("husband", "h/o"),
    ("mother", "m/o"),
    ("father", "f/o"),
    ("care", "c/o"),
    ("guardian", "g/o"),
    ("resident", "r/o"),
    ("baby", "b/o"),
];

/// Two- and three-letter words without a vowel that are no initials.
const NOT_INITIALS: &[&str] = &["md", "sk", "sd", "mhd", "mhmd", "mohd", "jr", "sr", "jnr", "snr"];

static ROLES: LazyLock<HashMap<String, TokenRole, Quick>> = LazyLock::new(|| {
    let suffixes = SUFFIXES.iter().map(|word| (key(word), TokenRole::Suffix));
    let weak = WEAK.iter().map(|word| (key(word), TokenRole::Weak));
    suffixes.chain(weak).collect()
});

/// Names that have the key of a light token (Sayed).
const NAMES: &[&str] = &["saeed", "saeid", "sayeed"];

/// The role of one word by itself: an initial, a light token, or a name.
pub(super) fn role(word: &str) -> TokenRole {
    if is_initials(word) {
        return TokenRole::Initial;
    }
    if NAMES.contains(&word) {
        return TokenRole::Name;
    }
    ROLES.get(key(word).as_str()).copied().unwrap_or(TokenRole::Name)
}

/// One letter, or two or three consonants that are no known short form (`kv`, `ch`).
fn is_initials(word: &str) -> bool {
    if word.len() > 12 {
        return false; // at most three characters of at most four bytes
    }
    let letters = word.chars().count();
    letters == 1
        || (letters <= 3
            && word.bytes().all(|b| b.is_ascii_lowercase() && !b"aeiouy".contains(&b))
            && !NOT_INITIALS.contains(&word))
}

/// What a listed word is, whatever stands around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Listed {
    /// A title wherever it stands.
    Title,
    /// A relation word, with its sign.
    Relation(&'static str),
}

/// Titles and relation words by the word: every word of every name is looked up here.
static LISTED: LazyLock<HashMap<&'static str, Listed, Quick>> = LazyLock::new(|| {
    let titles = TITLES.iter().map(|word| (*word, Listed::Title));
    let relations = RELATION_WORDS.iter().map(|(word, sign)| (*word, Listed::Relation(sign)));
    titles.chain(relations).collect()
});

/// A short hash for short words that we chose ourselves (Fowler, Noll, Vo).
type Quick = BuildHasherDefault<Fnv>;

#[derive(Default)]
struct Fnv(u64);

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn finish(&self) -> u64 {
        // The table takes its places from the low bits and its tags from the high ones.
        self.0 ^ (self.0 << 32) ^ (self.0 >> 29)
    }
}

/// The entry of a word in the lists of titles and relation words.
pub(super) fn listed(word: &str) -> Option<Listed> {
    LISTED.get(word).copied()
}

pub(super) fn is_title_in_front(word: &str) -> bool {
    TITLES_IN_FRONT.contains(&word)
}

/// Whether a title in front is the name itself, by the own words behind it: no other given name stands there, or one
/// that needs it (Hafiz Ullah, Hafiz ur Rehman).
pub(super) fn is_name_itself<'a>(
    title: &str,
    mut behind: impl Iterator<Item = (&'a str, TokenRole)>,
) -> bool {
    let needs_a_name = |word| NEEDS_A_NAME.contains(&word);
    TITLES_AND_NAMES.contains(&title)
        && match behind.next() {
            None => true,
            Some((word, role)) => {
                needs_a_name(word)
                    || role != TokenRole::Name && behind.all(|(_, role)| role != TokenRole::Name)
            }
        }
}

pub(super) fn is_alias_word(word: &str) -> bool {
    // As the romanisers leave అలియాస్, उर्फ and ఉరఫ్.
    matches!(word, "alias" | "urf" | "aka" | "aliyas" | "urph" | "uraph")
}

pub(super) fn relation_of(word: &str) -> Option<&'static str> {
    find(RELATION_OF, word)
}

/// The sign of `father`, `husband`, `wife` … between two names, without "of": no name is written so.
pub(super) fn relation_between(word: &str) -> Option<&'static str> {
    relation_of(word).filter(|_| !matches!(word, "care" | "resident" | "baby" | "guardian"))
}

/// The sign of a word before a colon: `Father: Ravi`, `Husband's name: Ravi`.
pub(super) fn relation_label(word: &str) -> Option<&'static str> {
    let bare = word.strip_suffix('s').unwrap_or(word);
    match listed(word) {
        Some(Listed::Relation(sign)) => Some(sign),
        // Between two names these are names too: Bangaru Talli, Mata Prasad.
        _ if matches!(word, "talli" | "thalli" | "mata") => Some("m/o"),
        _ => relation_of(bare),
    }
}

/// What says "as above" in a column of names, where it is all that stands there.
pub(super) fn is_ditto(word: &str) -> bool {
    matches!(word, "do" | "same")
}

/// The sign of the letters before `/o`, and `None` for letters no form uses so.
pub(super) fn relation_letters(letters: &str) -> Option<&'static str> {
    if letters.len() > 3 {
        return None; // nearly every word
    }
    Some(match letters {
        "s" => "s/o",
        "w" | "wd" | "wid" => "w/o", // widow of
        "d" | "dau" => "d/o",
        "c" => "c/o",
        "h" => "h/o",
        "m" => "m/o",
        "f" => "f/o",
        "g" => "g/o",
        "b" => "b/o", // baby of: a newborn under its mother's name
        "r" => "r/o", // resident of: an address follows
        "sis" => "sis/o",
        "bro" => "bro/o",
        _ => return None,
    })
}

/// The sign of a letter before a lone `o` (`SITA W O RAMAIAH`): fewer than with a stroke, since initials look alike.
pub(super) fn relation_letter_apart(letter: &str) -> Option<&'static str> {
    match letter {
        "s" => Some("s/o"),
        "w" => Some("w/o"),
        "d" => Some("d/o"),
        "c" => Some("c/o"),
        _ => None,
    }
}

fn find(table: &[(&str, &'static str)], word: &str) -> Option<&'static str> {
    table.iter().find(|(listed, _)| *listed == word).map(|(_, sign)| *sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles() {
        for (word, expected) in [
            ("k", TokenRole::Initial),
            ("kv", TokenRole::Initial),
            ("ch", TokenRole::Initial),
            ("md", TokenRole::Weak),
            ("mohammed", TokenRole::Weak),
            ("mahmood", TokenRole::Name),
            ("bee", TokenRole::Weak),
            ("begum", TokenRole::Weak),
            ("sk", TokenRole::Suffix),
            ("sheikh", TokenRole::Suffix),
            ("reddi", TokenRole::Suffix),
            ("choudhary", TokenRole::Suffix),
            ("chowdary", TokenRole::Suffix),
            ("sastri", TokenRole::Suffix),
            ("lakshmi", TokenRole::Name),
            ("ramanamma", TokenRole::Name),
            ("rai", TokenRole::Name),
            ("saeed", TokenRole::Name),
            ("sayed", TokenRole::Suffix),
        ] {
            assert_eq!(role(word), expected, "{word}");
        }
    }
}
