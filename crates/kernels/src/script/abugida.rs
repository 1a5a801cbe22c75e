//! Telugu and Devanagari to Latin: both write consonants with an inherent `a`, replaced by a vowel sign or silenced by
//! the virama. A run of characters is read into syllables (consonants, then a vowel or none), Hindi's silent vowels
//! are taken out, and the syllables are spelled.
//!
//! Long and short vowels are spelled alike (`a i u e o`), as people write their names; `name::key` folds the rest.

/// One written syllable: its consonants, its vowel and whether that vowel is the unwritten `a`.
#[derive(Default)]
struct Syllable {
    onset: String,
    consonants: u8,
    last: &'static str,
    before_last: &'static str,
    vowel: &'static str,
    inherent: bool,
    /// Anusvara, candrabindu or visarga behind the vowel.
    coda: char,
}

/// Appends a run of Telugu letters.
pub(super) fn telugu(run: &[char], latin: &mut String) {
    let syllables = read(run, 0xc00);
    spell(&syllables, "m", latin);
}

/// Appends a run of Devanagari letters, with Hindi's silent vowels left out.
pub(super) fn devanagari(run: &[char], latin: &mut String) {
    let mut syllables = read(run, 0x900);
    drop_silent_vowels(&mut syllables);
    spell(&syllables, "n", latin);
}

/// The two blocks are laid out alike: an offset from the block's start names the same letter in both.
fn read(run: &[char], block: u32) -> Vec<Syllable> {
    let hindi = block == 0x900;
    let mut syllables: Vec<Syllable> = Vec::with_capacity(run.len());
    let mut joined = false; // a virama came before
    for c in run {
        let offset = u32::from(*c).wrapping_sub(block);
        if let Some(consonant) = consonant(offset, hindi) {
            match syllables.last_mut() {
                Some(open) if joined && open.consonants > 0 => open.join(consonant, hindi),
                _ => syllables.push(Syllable::starting(consonant)),
            }
            joined = false;
            continue;
        }
        match offset {
            0x4d => {
                if let Some(open) = syllables.last_mut().filter(|open| open.inherent) {
                    (open.vowel, open.inherent) = ("", false);
                    joined = true;
                }
                continue;
            }
            0x3c => {
                if let Some(open) = syllables.last_mut() {
                    open.dot();
                }
                continue;
            }
            0x01..=0x03 => {
                if let Some(open) = syllables.last_mut() {
                    open.coda = if offset == 0x03 { 'h' } else { 'n' };
                }
            }
            _ => {
                if let Some(vowel) = vowel_sign(offset) {
                    match syllables.last_mut() {
                        Some(open) if open.consonants > 0 => {
                            (open.vowel, open.inherent) = (vowel, false);
                        }
                        _ => syllables.push(Syllable { vowel, ..Syllable::default() }),
                    }
                } else if let Some(vowel) = independent_vowel(offset) {
                    syllables.push(Syllable { vowel, ..Syllable::default() });
                }
            }
        }
        joined = false;
    }
    syllables
}

impl Syllable {
    fn starting(consonant: &'static str) -> Syllable {
        Syllable {
            onset: consonant.to_owned(),
            consonants: 1,
            last: consonant,
            vowel: "a",
            inherent: true,
            ..Syllable::default()
        }
    }

    /// A further consonant behind a virama; j + nya has a sound of its own in each language.
    fn join(&mut self, consonant: &'static str, hindi: bool) {
        if self.last == "j" && consonant == "ny" {
            self.onset.truncate(self.onset.len() - 1);
            self.onset.push_str(if hindi { "gy" } else { "gn" });
        } else {
            self.onset.push_str(consonant);
        }
        self.before_last = self.last;
        self.last = consonant;
        self.consonants = self.consonants.saturating_add(1);
        (self.vowel, self.inherent) = ("a", true);
    }

    /// The nukta: sounds Hindi borrowed.
    fn dot(&mut self) {
        let dotted = match self.last {
            "k" => "q",
            "j" => "z",
            "ph" => "f",
            _ => return, // kh, g, d and dh are spelled alike with and without it
        };
        if self.onset.ends_with(self.last) {
            self.onset.truncate(self.onset.len() - self.last.len());
            self.onset.push_str(dotted);
            self.last = dotted;
        }
    }

    fn sounds(&self) -> bool {
        !self.vowel.is_empty()
    }
}

/// Hindi does not speak the `a` that ends a word, nor one between two spoken syllables of one consonant each
/// (राम → ram, रामदेव → ramdev, कमला → kamla); after some clusters and before y it must (मित्र → mitra, विनया → vinaya).
fn drop_silent_vowels(syllables: &mut [Syllable]) {
    let count = syllables.len();
    if count < 2 {
        return;
    }
    let end = &mut syllables[count - 1];
    let kept_after_cluster = end.consonants > 1
        && (end.last == "y"
            || (matches!(end.last, "r" | "v" | "n" | "m" | "l") && end.before_last != "r"));
    if end.inherent && end.coda == '\0' && !kept_after_cluster {
        end.vowel = "";
    }
    for place in (1..count - 1).rev() {
        let (before, rest) = syllables.split_at_mut(place);
        let [this, next, ..] = rest else { continue };
        let between = before.last().is_some_and(|b| b.sounds() && b.coda == '\0') && next.sounds();
        if this.inherent
            && this.coda == '\0'
            && this.consonants == 1
            && next.consonants == 1
            && !next.onset.starts_with('y')
            && between
        {
            this.vowel = "";
        }
    }
}

fn spell(syllables: &[Syllable], final_nasal: &str, latin: &mut String) {
    for (place, syllable) in syllables.iter().enumerate() {
        latin.push_str(&syllable.onset);
        latin.push_str(syllable.vowel);
        match syllable.coda {
            'h' => latin.push('h'),
            'n' => latin.push_str(match syllables.get(place + 1) {
                None => final_nasal,
                // सिंह is Singh.
                Some(next) if final_nasal == "n" && next.onset == "h" && !next.sounds() => "ng",
                Some(next) if next.onset.starts_with(['p', 'b', 'm', 'f', 'v']) => "m",
                // Telugu says m before these as well (సింహ → simha, వంశీ → vamshi).
                Some(next) if final_nasal == "m" && next.onset.starts_with(['y', 's', 'h']) => "m",
                Some(_) => "n",
            }),
            _ => {}
        }
    }
}

fn consonant(offset: u32, hindi: bool) -> Option<&'static str> {
    Some(match offset {
        0x15 => "k",
        0x16 => "kh",
        0x17 => "g",
        0x18 => "gh",
        0x19 => "n",
        0x1a | 0x1b => "ch",
        0x1c => "j",
        0x1d => "jh",
        0x1e => "ny",
        0x1f | 0x24 => "t",
        0x20 | 0x25 => "th",
        0x21 | 0x26 => "d",
        0x22 | 0x27 => "dh",
        0x23 | 0x28 | 0x29 => "n",
        0x2a => "p",
        0x2b => "ph",
        0x2c => "b",
        0x2d => "bh",
        0x2e => "m",
        0x2f => "y",
        0x30 | 0x31 => "r",
        0x32..=0x34 => "l",
        0x35 => "v",
        0x36 | 0x37 => "sh",
        0x38 => "s",
        0x39 => "h",
        0x58 if !hindi => "ts",
        0x59 if !hindi => "dz",
        0x5a if !hindi => "r",
        _ => return None,
    })
}

fn independent_vowel(offset: u32) -> Option<&'static str> {
    Some(match offset {
        0x04..=0x06 => "a",
        0x07 | 0x08 => "i",
        0x09 | 0x0a => "u",
        0x0b | 0x60 => "ri",
        0x0c | 0x61 => "li",
        0x0d => "a",
        0x0e | 0x0f => "e",
        0x10 => "ai",
        0x11..=0x13 => "o",
        0x14 => "au",
        0x50 => "om",
        _ => return None,
    })
}

fn vowel_sign(offset: u32) -> Option<&'static str> {
    Some(match offset {
        0x3e => "a",
        0x3f | 0x40 => "i",
        0x41 | 0x42 => "u",
        0x43 | 0x44 => "ri",
        0x45 => "a", // candra e: the a of English bank
        0x46 | 0x47 => "e",
        0x48 | 0x56 => "ai",
        0x49..=0x4b => "o",
        0x4c => "au",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(spell: fn(&[char], &mut String), table: &[(&str, &str)]) {
        for (text, expected) in table {
            let mut latin = String::new();
            spell(&text.chars().collect::<Vec<_>>(), &mut latin);
            assert_eq!(latin, *expected, "{text}");
        }
    }

    #[test]
    fn telugu_words() {
        check(
            telugu,
            &[
                ("శ్రీనివాస", "shrinivasa"),
                ("నాయుడు", "nayudu"),
                ("వంశీ", "vamshi"),
                ("ప్రసాదం", "prasadam"),
                ("గంగమ్మ", "gangamma"),
                ("విజ్ఞాన", "vignana"),
                ("ఈశ్వర్", "ishvar"),
                ("్", ""),
                ("ం", ""),
            ],
        );
    }

    #[test]
    fn hindi_words() {
        check(
            devanagari,
            &[
                ("राम", "ram"),
                ("भारत", "bharat"),
                ("मित्र", "mitra"),
                ("चन्द्र", "chandra"),
                ("कमला", "kamla"),
                ("सत्य", "satya"),
                ("धर्म", "dharm"),
                ("सुनीता", "sunita"),
                ("ज्ञान", "gyan"),
                ("मैं", "main"),
                ("सिंह", "singh"),
                ("न", "na"),
            ],
        );
    }
}
