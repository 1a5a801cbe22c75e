//! Urdu script and the Latin spellings of Pakistan.

use crate::{dice::Dice, latin::capital};

/// One sign for each letter of Urdu: the code of the lists and the letter. `~` is the aspirating he, `_` a space.
#[rustfmt::skip] // a table reads better in columns
const LETTERS: [(char, char); 39] = [
    ('A', 'ا'), ('O', 'آ'), ('b', 'ب'), ('p', 'پ'), ('t', 'ت'), ('T', 'ٹ'), ('S', 'ث'), ('j', 'ج'), ('c', 'چ'), ('H', 'ح'),
    ('x', 'خ'), ('d', 'د'), ('D', 'ڈ'), ('Z', 'ذ'), ('r', 'ر'), ('R', 'ڑ'), ('z', 'ز'), ('J', 'ژ'), ('s', 'س'), ('X', 'ش'),
    ('C', 'ص'), ('K', 'ض'), ('V', 'ط'), ('W', 'ظ'), ('e', 'ع'), ('G', 'غ'), ('f', 'ف'), ('q', 'ق'), ('k', 'ک'), ('g', 'گ'),
    ('l', 'ل'), ('m', 'م'), ('n', 'ن'), ('N', 'ں'), ('v', 'و'), ('h', 'ہ'), ('~', 'ھ'), ('I', 'ئ'), ('y', 'ی'),
];

/// Renders the letters of a code.
pub(crate) fn script(code: &str) -> String {
    code.chars()
        .filter_map(|sign| match sign {
            '_' => Some(' '),
            'E' => Some('ے'),
            'a' | 'i' => None,
            _ => LETTERS.iter().find(|(code, _)| *code == sign).map(|(_, letter)| *letter),
        })
        .collect()
}

/// Spellings of the most frequent words; all others are rewritten by `REWRITINGS`.
const SPELLINGS: [&[&str]; 22] = [
    &["Muhammad", "Mohammad", "Mohd", "Mohammed", "Muhammed", "Md"],
    &["Hussain", "Husain", "Hussein", "Hosain"],
    &["Hassan", "Hasan"],
    &["Ahmed", "Ahmad", "Ahmmed"],
    &["Bibi", "Bi", "Bibee"],
    &["Khan", "Khaan"],
    &["Begum", "Begam"],
    &["Akhtar", "Akhter"],
    &["Fatima", "Fatimah", "Fatma"],
    &["Zainab", "Zenab", "Zaynab"],
    &["Ayesha", "Aisha", "Aysha"],
    &["Yousaf", "Yusuf", "Yousuf", "Yousif"],
    &["Usman", "Osman", "Usmaan"],
    &["Umar", "Omar", "Omer", "Umer"],
    &["Abdul", "Abdal", "Abd ul"],
    &["Ghulam", "Gulam", "Ghullam"],
    &["Syed", "Sayed", "Sayyid", "Said"],
    &["Chaudhry", "Choudhary", "Chaudhary", "Ch"],
    &["Sheikh", "Shaikh", "Shekh"],
    &["Parveen", "Perveen", "Parvin"],
    &["Iqbal", "Eqbal", "Iqbaal"],
    &["Maryam", "Mariam", "Marium"],
];

/// Rewritings seen in lists: the left side becomes the right side, once.
const REWRITINGS: [(&str, &str); 30] = [
    ("ee", "i"),
    ("ee", "ea"),
    ("i", "ee"),
    ("oo", "u"),
    ("u", "oo"),
    ("ss", "s"),
    ("mm", "m"),
    ("tt", "t"),
    ("q", "k"),
    ("kh", "k"),
    ("gh", "g"),
    ("ai", "ay"),
    ("ay", "ai"),
    ("ia", "iya"),
    ("ya", "ia"),
    ("iy", "y"),
    ("ah", "a"),
    ("er", "ar"),
    ("ar", "er"),
    ("w", "v"),
    ("v", "w"),
    ("z", "s"),
    ("ph", "f"),
    ("aa", "a"),
    ("ullah", "ulla"),
    ("uddin", "ud din"),
    ("unnisa", "un nisa"),
    ("dh", "d"),
    ("a", "aa"),
    ("e", "i"),
];

/// A spelling other than `known`.
pub(crate) fn variant(usual: &str, known: &str, dice: &mut Dice) -> String {
    if let Some(spellings) = SPELLINGS.iter().find(|spellings| spellings[0] == usual) {
        let others: Vec<_> = spellings.iter().filter(|other| **other != known).collect();
        return (**dice.pick(&others)).to_owned();
    }
    let small = known.to_lowercase();
    let fitting: Vec<_> = REWRITINGS.iter().filter(|(from, _)| small.contains(from)).collect();
    if fitting.is_empty() {
        return format!("{known}h");
    }
    let (from, to) = dice.pick(&fitting);
    capital(small.replacen(from, to, 1))
}

/// Letters of one sound, which writers of Urdu exchange.
const EXCHANGED: [(char, char); 12] = [
    ('ص', 'س'),
    ('س', 'ص'),
    ('ث', 'س'),
    ('ح', 'ہ'),
    ('ہ', 'ح'),
    ('ط', 'ت'),
    ('ت', 'ط'),
    ('ض', 'ز'),
    ('ذ', 'ز'),
    ('ظ', 'ز'),
    ('ق', 'ک'),
    ('آ', 'ا'),
];

/// The word as another writer of Urdu spells it; one without such letters stays as it is.
pub(crate) fn varied(script: &str, dice: &mut Dice) -> String {
    let mut letters: Vec<char> = script.chars().collect();
    let places: Vec<_> = (0..letters.len())
        .filter_map(|at| {
            EXCHANGED.iter().find(|(from, _)| *from == letters[at]).map(|(_, to)| (at, *to))
        })
        .collect();
    if !places.is_empty() {
        let (at, to) = *dice.pick(&places);
        letters[at] = to;
    }
    letters.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dice::Stream;

    #[test]
    fn urdu_is_spelt_as_people_spell_it() {
        for (code, expected) in [
            ("mHmd", "محمد"),
            ("Hsyn", "حسین"),
            ("fAVmh", "فاطمہ"),
            ("by_by", "بی بی"),
            ("b~Ty", "بھٹی"),
            ("Omnh", "آمنہ"),
        ] {
            assert_eq!(script(code), expected);
        }
    }

    #[test]
    fn variants_differ() {
        let mut dice = Dice::new(1, Stream::Claim, 0, 0);
        for name in ["Muhammad", "Hussain", "Nasreen", "Rahimullah", "Gul", "Bht"] {
            for _ in 0..30 {
                assert_ne!(variant(name, name, &mut dice), name);
            }
        }
    }
}
