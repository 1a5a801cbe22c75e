//! Urdu and Arabic writing to Latin: consonants and long vowels, since short vowels are not written; the commonest
//! names and relation words come whole from a table. What is left is compared by its consonants (`name::similarity`).

/// Words whose short vowels everybody knows, in the letters [`unify`] leaves.
const WORDS: &[(&str, &str)] = &[
    ("محمد", "muhammad"),
    ("احمد", "ahmad"),
    ("محمود", "mahmud"),
    ("علی", "ali"),
    ("حسن", "hasan"),
    ("حسین", "husain"),
    ("غلام", "ghulam"),
    ("عبد", "abdul"),
    ("عبدال", "abdul"),
    ("عبداللہ", "abdullah"),
    ("اللہ", "ullah"),
    ("خان", "khan"),
    ("اقبال", "iqbal"),
    ("اکبر", "akbar"),
    ("اکرم", "akram"),
    ("اسلم", "aslam"),
    ("اشرف", "ashraf"),
    ("افضل", "afzal"),
    ("امجد", "amjad"),
    ("انور", "anwar"),
    ("ارشد", "arshad"),
    ("عثمان", "usman"),
    ("عمر", "umar"),
    ("عمران", "imran"),
    ("مشتاق", "mushtaq"),
    ("منظور", "manzur"),
    ("مقبول", "maqbul"),
    ("نذیر", "nazir"),
    ("رشید", "rashid"),
    ("رحمن", "rahman"),
    ("رحمان", "rahman"),
    ("رحیم", "rahim"),
    ("کریم", "karim"),
    ("سلیم", "salim"),
    ("یوسف", "yusuf"),
    ("نسرین", "nasrin"),
    ("نسیم", "nasim"),
    ("شمیم", "shamim"),
    ("پروین", "parvin"),
    ("ثریا", "surayya"),
    ("زینب", "zainab"),
    ("فاطمہ", "fatima"),
    ("خدیجہ", "khadija"),
    ("مریم", "maryam"),
    ("رضیہ", "raziya"),
    ("رقیہ", "ruqayya"),
    ("صفیہ", "safiya"),
    ("کلثوم", "kulsum"),
    ("بی", "bi"),
    ("بیبی", "bibi"),
    ("بیگم", "begum"),
    ("خاتون", "khatun"),
    ("سید", "syed"),
    ("شیخ", "shaikh"),
    ("ولد", "walad"),
    ("زوجہ", "zauja"),
    ("بنت", "bint"),
    ("دختر", "dukhtar"),
    ("بیوہ", "bewa"),
    ("عرف", "urf"),
    ("مرحوم", "marhum"),
    ("مسماہ", "musammat"),
    ("مسمات", "musammat"),
    ("پسر", "pisar"),
    ("ہمشیرہ", "hamshira"),
    ("محترمہ", "mohtarma"),
    ("جناب", "janab"),
    ("شوہر", "shohar"),
    ("ابن", "ibn"),
    // Names that no long vowel shows: their consonants alone would be taken for initials.
    ("قمر", "qamar"),
    ("بدر", "badr"),
    ("شمس", "shams"),
    ("ظفر", "zafar"),
    ("نذر", "nazar"),
    ("صدف", "sadaf"),
    ("سحر", "sahar"),
    ("نصر", "nasr"),
    ("فضل", "fazal"),
    ("گل", "gul"),
    ("مہر", "mehr"),
    ("خرم", "khurram"),
    ("مدثر", "mudassir"),
    ("مزمل", "muzammil"),
    ("مبشر", "mubashir"),
    ("بخش", "bakhsh"),
    ("حق", "haq"),
    ("رحمت", "rahmat"),
    ("الیاس", "ilyas"), // by its letters it would be "alias"
    ("نعمت", "nimat"),
    ("عصمت", "ismat"),
    ("عظمت", "azmat"),
    ("حشمت", "hashmat"),
    ("دتہ", "ditta"),
    ("دتا", "ditta"),
    ("ذوالفقار", "zulfiqar"),
    ("مصطفی", "mustafa"),
    ("مرتضی", "murtaza"),
    ("مجتبی", "mujtaba"),
    ("عیسی", "isa"),
    ("موسی", "musa"),
    ("یحیی", "yahya"),
];

/// What stands behind the article; other words that begin with its letters are names themselves (الیاس, الطاف).
const BEHIND_ARTICLE: &[&str] = &[
    "دین",
    "حق",
    "حسن",
    "حسنین",
    "اسلام",
    "رحمن",
    "رحمان",
    "زمان",
    "زماں",
    "نبی",
    "نسا",
    "عابدین",
    "ہدی",
    "ایمان",
    "امین",
];

/// The small alif above a letter (مصطفیٰ): it is mostly left out.
const SMALL_ALIF: char = '\u{670}';

/// Appends a run of Arabic letters.
pub(super) fn romanise(run: &[char], latin: &mut String) {
    let letters: Vec<char> = run.iter().filter_map(|c| unify(*c)).collect();
    let after_abd = latin.trim_end().ends_with("abdul");
    let in_front = !latin.contains(|c: char| c.is_alphabetic());
    let letters = match letters.as_slice() {
        ['ا', 'ل', 'ل', 'ہ'] if in_front => {
            latin.push_str("allah"); // اللہ دتہ; behind a name it is -ullah
            return;
        }
        ['ع', 'ب', 'د', 'ا', 'ل', name @ ..] if name.len() >= 3 && !name.starts_with(&['ل']) =>
        {
            latin.push_str("abdul");
            name.to_vec()
        }
        ['ا', 'ل', name @ ..] if after_abd && name.len() >= 3 => name.to_vec(),
        _ => letters,
    };
    if let Some(spelled) = whole(&letters) {
        latin.push_str(spelled);
    } else if let Some(at) = article_at(&letters).filter(|at| *at > 1 || !in_front) {
        spell_all(&letters[..at], latin);
        article(letters[at + 2], latin);
        romanise(&letters[at + 2..], latin);
    } else if letters.len() > 5 && letters.ends_with(&['ا', 'ل', 'ل', 'ہ']) {
        spell_all(&letters[..letters.len() - 4], latin);
        latin.push_str("ullah");
    } else {
        spell_all(&letters, latin);
    }
}

/// The whole word of the table that some letters are; small alifs do not count.
fn whole(letters: &[char]) -> Option<&'static str> {
    let said = || letters.iter().copied().filter(|c| *c != SMALL_ALIF);
    WORDS.iter().find(|(word, _)| word.chars().eq(said())).map(|(_, spelled)| *spelled)
}

/// Where the article stands in a word: نور الدین, نورالدین.
fn article_at(letters: &[char]) -> Option<usize> {
    let is_article = |at: &usize| {
        letters[*at..].starts_with(&['ا', 'ل'])
            && BEHIND_ARTICLE.iter().any(|name| name.chars().eq(letters[at + 2..].iter().copied()))
    };
    (0..letters.len()).find(is_article)
}

/// The article before a letter, as it is spoken behind a name: ul Haq, ud Din, ur Rahman.
fn article(before: char, latin: &mut String) {
    let is_sun = "تثدذرزسشصضطظن".contains(before);
    latin.push('u');
    latin.push_str(if is_sun { letter(before) } else { "l" });
}

/// Spells letters out one by one.
fn spell_all(letters: &[char], latin: &mut String) {
    let start = latin.len();
    for place in 0..letters.len() {
        let before = place.checked_sub(1).map(|p| letters[p]);
        spell(letters[place], before, letters.get(place + 1).copied(), place, latin);
    }
    if latin.len() == start && !letters.is_empty() {
        latin.push('a'); // a lone ayn or hamza
    }
}

/// Whether a word stands whole in the table.
pub(super) fn is_known(word: &str) -> bool {
    whole(&word.chars().filter_map(unify).collect::<Vec<_>>()).is_some()
}

/// What a letter stands for wherever it stands: a consonant in Latin letters, `a`, `v`, `y` and `e` for the letters that may be
/// long vowels, `h`, `'` for ayn and hamza, `i` and `u` for signs of short vowels, nothing for what is no letter here. `None`: a
/// mark that says nothing.
pub(super) fn letter_sound(c: char) -> Option<&'static str> {
    Some(match unify(c)? {
        'و' => "v",
        'ی' => "y",
        'ہ' => "h",
        'ع' => "'",
        'ئ' => "y",
        unified => letter(unified),
    })
}

/// One letter for its Urdu, Arabic and Persian variants; `None` for marks that say nothing here.
fn unify(c: char) -> Option<char> {
    Some(match c {
        'ي' | 'ى' | 'ې' | 'ۍ' | 'ی' => 'ی',
        'ك' => 'ک',
        'ه' | 'ہ' | 'ة' | 'ۂ' | 'ۃ' | 'ە' | 'ۀ' => 'ہ',
        'أ' | 'إ' | 'ٱ' => 'ا',
        'ؤ' => 'و',
        'ـ' | '\u{651}' | '\u{652}' | '\u{653}' | '\u{654}' | '\u{655}' | 'ء' => return None,
        _ => c,
    })
}

fn is_vowel_letter(c: Option<char>) -> bool {
    matches!(c, Some('ا' | 'آ' | 'و' | 'ی' | 'ے' | '\u{64e}' | '\u{64f}' | '\u{650}'))
}

fn spell(c: char, before: Option<char>, after: Option<char>, place: usize, latin: &mut String) {
    let spelled = match c {
        'و' if place == 0 || before == Some('ا') || matches!(after, Some('ا' | 'ی')) => "v",
        'و' => "u",
        'ی' if after == Some(SMALL_ALIF) => "",
        'ئ' if !matches!(after, None | Some('ا' | 'و' | 'ی' | 'ے')) => "i",
        'ی' if place == 0 || matches!(after, Some('ا' | 'و')) => "y",
        'ی' => "i",
        'ہ' if after.is_none() && !is_vowel_letter(before) => "a",
        'ع' if place == 0 && !is_vowel_letter(after) => "a",
        'ع' => "",
        _ => letter(c),
    };
    if spelled.is_empty() && !matches!(c, 'ع' | 'ئ' | 'ی') && c.is_alphabetic() && !is_unspoken(c)
    {
        latin.push(c); // a letter of another language in this block
    }
    latin.push_str(spelled);
}

fn is_unspoken(c: char) -> bool {
    matches!(c, '\u{64b}'..='\u{65f}' | '\u{610}'..='\u{61a}' | '\u{6d6}'..='\u{6ed}')
}

fn letter(c: char) -> &'static str {
    match c {
        'ا' | 'آ' | '\u{64e}' | '\u{670}' => "a",
        '\u{650}' => "i",
        '\u{64f}' => "u",
        'ب' => "b",
        'پ' => "p",
        'ت' | 'ٹ' | 'ط' | 'ټ' => "t",
        'ث' | 'س' | 'ص' => "s",
        'ج' => "j",
        'چ' => "ch",
        'ح' | 'ہ' | 'ھ' => "h",
        'خ' => "kh",
        'د' | 'ڈ' | 'ډ' => "d",
        'ذ' | 'ز' | 'ض' | 'ظ' => "z",
        'ر' | 'ڑ' | 'ړ' => "r",
        'ژ' => "zh",
        'ش' => "sh",
        'غ' => "gh",
        'ف' => "f",
        'ق' => "q",
        'ک' => "k",
        'گ' | 'ګ' => "g",
        'ل' => "l",
        'م' => "m",
        'ن' | 'ں' | 'ڼ' => "n",
        'ے' => "e",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        for (text, expected) in [
            ("محمد", "muhammad"),
            ("علي", "ali"),
            ("علی", "ali"),
            ("طاہر", "tahr"),
            ("طاهر", "tahr"),
            ("نواز", "nvaz"),
            ("نور", "nur"),
            ("یاسر", "yasr"),
            ("عامر", "amr"),
            ("عظیم", "azim"),
            ("بھٹی", "bhti"),
            ("کِرن", "kirn"),
            ("اللہ", "allah"),
            ("برکتاللہ", "brktullah"),
            ("عائشہ", "aisha"),
            ("صائمہ", "saima"),
            ("رئیس", "ris"),
            ("ذوالفقار", "zulfiqar"),
            ("مصطفیٰ", "mustafa"),
            ("مصطفى", "mustafa"),
            ("رحمٰن", "rahman"),
            ("کبریٰ", "kbra"),
            ("نورالدین", "nuruddin"),
            ("عبدالرحمٰن", "abdulrahman"),
            ("الطاف", "altaf"),
            ("ء", ""),
        ] {
            let mut latin = String::new();
            romanise(&text.chars().collect::<Vec<_>>(), &mut latin);
            assert_eq!(latin, expected, "{text}");
        }
    }

    #[test]
    fn the_table_is_written_in_unified_letters() {
        for (word, _) in WORDS {
            let unified: String = word.chars().filter_map(unify).collect();
            assert_eq!(*word, unified);
        }
    }
}
