//! Words in Arabic letters as a list in Latin letters spells them.
//!
//! Urdu leaves short vowels out, so that `script::romanise` must guess: زاہد becomes `zahd`, whose key is not that of Zahid.
//! A registry in Latin letters has the vowels. Of its words with the same consonants the one is taken whose vowels the letters
//! allow best: written vowels (alif, waw, ye) are long, a vowel that is not written is short and does not end the word. Of two
//! words that fit equally the more frequent one is more likely.
//!
//! ```
//! use milaan_kernels::name::Spellings;
//! let spellings = Spellings::new([("Zahid", 20), ("Zahida", 9), ("Nasir", 8), ("Naseer", 7)]);
//! assert_eq!(spellings.words("زاہد ناصر"), "Zahid Nasir");
//! assert_eq!(spellings.words("زاہدہ نصیر"), "Zahida Naseer");
//! ```

use std::borrow::Cow;
use std::collections::HashMap;

use super::key::sound;
use crate::script;

/// Words longer than this, in sounds, are left as they are.
const SOUNDS_MAX: usize = 48;
/// What a word may cost at most, and for each of its sounds besides.
const COST_MAX: (f64, f64) = (0.3, 0.1);
/// What a word ten times as frequent may cost more.
const TENFOLD: f64 = 0.12;

/// The Latin words of a list, by their consonants.
#[derive(Debug, Clone, Default)]
pub struct Spellings {
    by_bones: HashMap<Vec<u8>, Vec<Known>>,
}

#[derive(Debug, Clone)]
struct Known {
    text: String,
    sounds: Vec<u8>,
    count: u64,
}

impl Spellings {
    /// Words or whole names of places, with how often each stands in the list. What has letters other than Latin is left out.
    pub fn new<'a>(words: impl IntoIterator<Item = (&'a str, u64)>) -> Self {
        let mut by_bones: HashMap<Vec<u8>, Vec<Known>> = HashMap::new();
        for (text, count) in words {
            let sounds = of_latin(text);
            let is_latin = text.chars().all(|c| c.is_ascii() || !c.is_alphabetic());
            if is_latin && (2..=SOUNDS_MAX).contains(&sounds.len()) {
                let known = Known { text: text.to_owned(), sounds, count };
                by_bones.entry(bones(&known.sounds)).or_default().push(known);
            }
        }
        Self { by_bones }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.by_bones.is_empty()
    }

    /// The text with each word in Arabic letters as it is spelled in Latin ones; words without a fitting one stay, and so do
    /// those whose romanisation is in the table of `script`.
    pub fn words<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.is_empty() || !script::has_arabic(text) {
            return Cow::Borrowed(text);
        }
        let spell = |word: &str| {
            let known = if script::is_known_arabic(word) { None } else { self.find(word) };
            known.unwrap_or(word).to_owned()
        };
        Cow::Owned(text.split(' ').map(spell).collect::<Vec<_>>().join(" "))
    }

    /// A text in Arabic letters as the list spells it, as one; `None` where none of it fits.
    pub fn whole(&self, text: &str) -> Option<&str> {
        if self.is_empty() || !script::has_arabic(text) { None } else { self.find(text) }
    }

    fn find(&self, arabic: &str) -> Option<&str> {
        let letters = of_arabic(arabic)?;
        let with_article = without_articles(&letters).and_then(|letters| self.fitting(&letters));
        with_article.or_else(|| self.fitting(&letters))
    }

    fn fitting(&self, letters: &[u8]) -> Option<&str> {
        let fitting = self.by_bones.get(&bones(letters))?;
        let most = COST_MAX.0 + COST_MAX.1 * letters.len() as f64;
        let costs = fitting.iter().filter_map(|known| {
            let cost = cost(letters, &known.sounds);
            let frequent = (known.count.max(1) as f64).log10() * TENFOLD;
            (cost <= most).then_some((cost - frequent, known.text.as_str()))
        });
        costs.min_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.cmp(b.1))).map(|best| best.1)
    }
}

// Sounds: a consonant's small letter (`name::key`); of Latin vowels A, I, U where they may be short and 1, 2, 3 where they are
// long, V and H; of Arabic letters A (alif), W (waw), I (ye), E (ayn), H (he).

fn is_consonant(sound: u8) -> bool {
    sound.is_ascii_lowercase()
}

/// The consonants that both scripts write: v and h between others are vowels or silent in one of them; m before a consonant is n.
fn bones(sounds: &[u8]) -> Vec<u8> {
    let mut bones: Vec<u8> = Vec::with_capacity(sounds.len() + 1);
    for (place, sound) in sounds.iter().enumerate() {
        let written = match sound {
            b'V' | b'W' if place == 0 => b'V',
            b'H' if place == 0 => b'H',
            b'A' | b'I' | b'U' | b'1' | b'2' | b'3' | b'E' if place == 0 => b'A',
            _ if is_consonant(*sound) => *sound,
            _ => continue,
        };
        if bones.last() == Some(&b'm') && is_consonant(written) && written != b'm' {
            bones.pop();
            bones.push(b'n');
        }
        if bones.last() != Some(&written) {
            bones.push(written);
        }
    }
    bones
}

fn of_latin(text: &str) -> Vec<u8> {
    let letters: Vec<u8> =
        text.bytes().filter(u8::is_ascii_alphabetic).map(|b| b.to_ascii_lowercase()).collect();
    let mut sounds = Vec::with_capacity(letters.len());
    let mut place = 0;
    while let Some(letter) = letters.get(place) {
        let rest = &letters[place..];
        let (said, taken): (&[u8], usize) = match rest {
            [b'a', b'a', ..] => (b"1", 2),
            [b'a' | b'e', b'i' | b'y', b'a' | b'e' | b'i' | b'o' | b'u', ..] => (b"A2", 2),
            [b'e', b'e' | b'a', ..] | [b'a' | b'e', b'i' | b'y', ..] => (b"2", 2),
            [b'o', b'o' | b'u', ..] | [b'a', b'u', ..] => (b"3", 2),
            [b'a', ..] => (b"A", 1),
            [b'e' | b'i', ..] => (b"I", 1),
            [b'y', ..] => (b"2", 1),
            [b'o', ..] => (b"3", 1),
            [b'u', ..] => (b"U", 1),
            [b'w' | b'v', ..] => (b"V", 1),
            [b'h', ..] => (b"H", 1),
            [b'm', ..] => (b"m", 1),
            _ => {
                let (said, taken) = sound(&letters, place);
                (said.as_bytes(), taken)
            }
        };
        let doubled = place > 0 && letters[place - 1] == *letter && is_consonant(said[0]);
        if !doubled {
            sounds.extend_from_slice(said);
        }
        place += taken.max(1);
    }
    sounds
}

/// `None` where there is anything but Arabic letters and spaces, or hardly any.
fn of_arabic(text: &str) -> Option<Vec<u8>> {
    let mut sounds = Vec::new();
    for letter in text.chars().filter(|c| *c != ' ') {
        let Some(written) = script::arabic_letter(letter) else { continue };
        match written {
            "" => return None,
            "a" => sounds.push(b'A'),
            "v" => sounds.push(b'W'),
            "y" | "e" => sounds.push(b'I'),
            "h" => sounds.push(b'H'),
            "'" => sounds.push(b'E'),
            // Short vowels where somebody does write them.
            "i" | "u" => {}
            _ => sounds.extend_from_slice(sound(written.as_bytes(), 0).0.as_bytes()),
        }
    }
    (2..=SOUNDS_MAX).contains(&sounds.len()).then_some(sounds)
}

/// The article inside a word before a letter that it sounds like (-unnisa, -uddin, -ullah): lam is silent, and alif any vowel.
/// `None` where there is none.
fn without_articles(letters: &[u8]) -> Option<Vec<u8>> {
    let is_article = |at: usize| {
        let behind = letters.get(at + 2).copied();
        at >= 2
            && at + 4 <= letters.len()
            && letters[at..].starts_with(b"Al")
            && behind.is_some_and(|next| matches!(next, b'n' | b't' | b's' | b'r' | b'j' | b'l'))
    };
    let at = (0..letters.len()).find(|at| is_article(*at))?;
    let mut without = letters[..at].to_vec();
    without.push(b'E');
    without.extend_from_slice(&letters[at + 2..]);
    Some(without)
}

/// What it costs to read Arabic letters as a Latin word.
fn cost(arabic: &[u8], latin: &[u8]) -> f64 {
    let mut above: Vec<f64> = Vec::with_capacity(latin.len() + 1);
    above.push(0.0);
    for place in 0..latin.len() {
        above.push(above[place] + unwritten(latin, place));
    }
    for at in 0..arabic.len() {
        let mut this = Vec::with_capacity(above.len());
        this.push(above[0] + unread(arabic, at));
        for place in 0..latin.len() {
            let best = (above[place] + read_as(arabic, at, latin, place))
                .min(above[place + 1] + unread(arabic, at))
                .min(this[place] + unwritten(latin, place));
            this.push(best);
        }
        above = this;
    }
    above[latin.len()]
}

const NEVER: f64 = 9.0;

/// A letter for a sound.
fn read_as(arabic: &[u8], at: usize, latin: &[u8], place: usize) -> f64 {
    let is_last = at + 1 == arabic.len();
    let is_vowel = !is_consonant(latin[place]) && !matches!(latin[place], b'V' | b'H');
    match (arabic[at], latin[place]) {
        (b'A', b'A' | b'1') | (b'W', b'3' | b'V') | (b'I', b'2') | (b'H', b'H') => 0.0,
        (b'A', _) if begins(arabic, at) && place == 0 && is_vowel => 0.05,
        (b'W', b'U') | (b'I', b'I') => 0.1,
        (b'E', _) if is_vowel => 0.05,
        (b'H', b'A' | b'1') if is_last => 0.0,
        (b'H', b'I') | (b'I', b'A' | b'1') if is_last => 0.3,
        (a, b) if is_consonant(a) && a == b => 0.0,
        (b'm' | b'n', b'm' | b'n') => 0.3,
        _ => NEVER,
    }
}

/// Whether nothing but ayn stands before a letter: an alif there carries any vowel.
fn begins(arabic: &[u8], at: usize) -> bool {
    arabic[..at].iter().all(|letter| *letter == b'E')
}

/// A letter that is not spoken.
fn unread(arabic: &[u8], at: usize) -> f64 {
    match arabic[at] {
        b'E' => 0.05,
        b'A' if begins(arabic, at) => 0.1,
        b'H' if at + 1 == arabic.len() => 0.5,
        b'H' => 0.15,
        b'A' | b'W' | b'I' => 0.7,
        // A doubled consonant that Latin writes once.
        letter if at > 0 && arabic[at - 1] == letter => 0.3,
        _ => NEVER,
    }
}

/// A sound that is not written.
fn unwritten(latin: &[u8], place: usize) -> f64 {
    let inside = place > 0 && place + 1 < latin.len();
    match latin[place] {
        b'A' | b'I' | b'U' if inside => 0.15,
        b'H' => 0.2,
        b'A' | b'I' | b'U' | b'1' | b'2' | b'3' => 0.6,
        b'V' => 0.8,
        _ => NEVER,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const REGISTRY: [(&str, u64); 36] = [
        ("Zahid", 90),
        ("Zahida", 40),
        ("Nasir", 60),
        ("Naseer", 50),
        ("Hassan", 80),
        ("Yasmin", 30),
        ("Sadia", 30),
        ("Saeed", 50),
        ("Jabeen", 25),
        ("Dil", 9),
        ("Deel", 2),
        ("Kanwal", 12),
        ("Sosan", 5),
        ("Feroza", 6),
        ("Firoz", 20),
        ("Uzma", 15),
        ("Azam", 15),
        ("Ayesha", 30),
        ("Mumtaz", 22),
        ("Shahida", 20),
        ("Shahid", 40),
        ("Owais", 9),
        ("Wali", 9),
        ("Fateh", 9),
        ("Tahira", 11),
        ("Tahir", 30),
        ("Yousaf", 30),
        ("Abd", 60),
        ("Abida", 9),
        ("Umaeed", 9),
        ("Inaiat", 9),
        ("Hoorunnisa", 2),
        ("Rustamuddin", 2),
        ("Faqirullah", 2),
        ("Khalid", 9),
        ("Khalida", 9),
    ];

    #[test]
    fn vowels_come_from_the_list() {
        let spellings = Spellings::new(REGISTRY);
        for (text, expected) in [
            ("زاہد", "Zahid"),
            ("زاحد", "Zahid"),
            ("زاہدہ", "Zahida"),
            ("ناصر", "Nasir"),
            ("نصیر", "Naseer"),
            ("یاسمین", "Yasmin"),
            ("سعدیہ", "Sadia"),
            ("سعید", "Saeed"),
            ("دل جبین", "Dil Jabeen"),
            ("کنول", "Kanwal"),
            ("سوسن فیروزہ", "Sosan Feroza"),
            ("عظمی", "Uzma"),
            ("اعظم", "Azam"),
            ("عائشہ", "Ayesha"),
            ("ممتاز", "Mumtaz"),
            ("شاہدہ", "Shahida"),
            ("اویس ولی", "Owais Wali"),
            ("فتح", "Fateh"),
            ("طاہرہ", "Tahira"),
            ("عابدہ عنایت", "Abida Inaiat"),
            ("حورالنسا", "Hoorunnisa"),
            ("رستمالدین", "Rustamuddin"),
            ("فقیراللہ", "Faqirullah"),
            ("خالد خالدہ", "Khalid Khalida"),
            ("Zahid 5", "Zahid 5"),
            ("", ""),
            ("بلوچ", "بلوچ"),
            // Whole in the table of romanisation.
            ("حسن یوسف", "حسن یوسف"),
        ] {
            assert_eq!(spellings.words(text), expected, "{text}");
        }
        assert_eq!(Spellings::default().words("زاہد"), "زاہد");
    }

    #[test]
    fn places_as_one() {
        let spellings = Spellings::new([
            ("Kona Azam Abad", 50),
            ("Mian Lal Shumali", 40),
            ("Mian Lal Janubi", 40),
        ]);
        assert_eq!(spellings.whole("کونا اعظم آباد"), Some("Kona Azam Abad"));
        assert_eq!(spellings.whole("میاں لعل شمالی"), Some("Mian Lal Shumali"));
        assert_eq!(spellings.whole("میاں لعل"), None);
        assert_eq!(spellings.whole("Kona"), None);
    }

    proptest! {
        #[test]
        fn never_panics(words in prop::collection::vec("[a-zA-Z ]{0,12}|.{0,6}", 0..6), text in "[\\u{600}-\\u{6ff} a]{0,12}|.*") {
            let spellings = Spellings::new(words.iter().map(|word| (word.as_str(), 1)));
            let _ = (spellings.words(&text), spellings.whole(&text));
        }

        /// In whatever order the words come.
        #[test]
        fn order_does_not_count(seed in 0..36_usize, text in prop::sample::select(vec!["زاہد", "نصر", "سعد", "شاہد"])) {
            let mut turned = REGISTRY;
            turned.rotate_left(seed);
            let (a, b) = (Spellings::new(REGISTRY), Spellings::new(turned));
            prop_assert_eq!(a.words(text), b.words(text));
        }
    }
}
