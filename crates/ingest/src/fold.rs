//! Words compared as people mean them: without case, white space and punctuation.

/// The folded characters of a text.
pub(crate) fn folded(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase)
}

/// `Sur Name`, `sur_name` and `SURNAME` fold alike; a text of punctuation alone stays itself.
pub(crate) fn fold(text: &str) -> String {
    let folded: String = folded(text).collect();
    if folded.is_empty() { text.trim().to_owned() } else { folded }
}

/// Whether a text folds to `word`, which is folded already. Most texts differ in their first letter.
pub(crate) fn folds_to(text: &str, word: &str) -> bool {
    let mut word_chars = word.chars();
    let mut any = false;
    for c in folded(text) {
        any = true;
        if word_chars.next() != Some(c) {
            return false;
        }
    }
    if any { word_chars.next().is_none() } else { text.trim() == word }
}

/// Whether a text begins with `word` after folding.
pub(crate) fn folds_to_start(text: &str, word: &str) -> bool {
    let mut chars = folded(text);
    word.chars().all(|c| chars.next() == Some(c))
}

/// Levenshtein distance, up to `most`; `None` if it is more.
pub(crate) fn distance(a: &str, b: &str, most: usize) -> Option<usize> {
    let b: Vec<char> = b.chars().take(64).collect();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().take(64).enumerate() {
        let mut diagonal = last[0];
        last[0] = i + 1;
        for (j, cb) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(ca != *cb);
            diagonal = last[j + 1];
            last[j + 1] = replaced.min(diagonal + 1).min(last[j] + 1);
        }
    }
    last.last().copied().filter(|found| *found <= most)
}

/// Whether a cell is a number as people write them: digits with signs, separators, a percent sign or a currency word.
pub(crate) fn is_numeric(text: &str) -> bool {
    let bare = text.trim_start_matches(['₹', '$', '€', '£', '(', '-', '+']).trim_start();
    let bare = bare.strip_prefix("Rs.").or_else(|| bare.strip_prefix("Rs")).unwrap_or(bare);
    let mut digits = false;
    for c in bare.chars() {
        if c.is_numeric() {
            digits = true;
        } else if !matches!(
            c,
            '.' | ',' | ' ' | '\u{a0}' | '%' | ')' | '/' | '-' | 'e' | 'E' | '+' | '\''
        ) {
            return false;
        }
    }
    digits
}

/// Whether a cell may be a year: 1900 to 2099. It may be any other number as well.
pub(crate) fn is_year(text: &str) -> bool {
    text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit()) && matches!(&text[..2], "19" | "20")
}

/// Whether a cell is a value that would hardly be a header: a number, a date, a time stamp. Where years head columns: [`crate::years`].
pub(crate) fn is_value(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    is_numeric(text)
        || (digits >= 6
            && digits * 2 >= text.len()
            && text.bytes().all(|b| b.is_ascii_digit() || b"-/.: TZ+".contains(&b)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding() {
        for (a, b, same) in [
            ("Sur Name", "SURNAME", true),
            ("sur_name ", "surname", true),
            ("పేరు", " పేరు", true),
            ("#", "#", true),
            ("%", "#", false),
            ("name", "names", false),
            ("names", "name", false),
        ] {
            assert_eq!(folds_to(a, &fold(b)), same, "{a} {b}");
            assert_eq!(fold(a) == fold(b), same, "{a} {b}");
        }
        assert!(folds_to_start("Prepared by: A", "preparedby"));
    }

    #[test]
    fn distances() {
        assert_eq!(distance("surname", "surename", 2), Some(1));
        assert_eq!(distance("", "abc", 3), Some(3));
        assert_eq!(distance("abc", "xyz", 2), None);
    }

    #[test]
    fn numbers_and_values() {
        for (text, numeric, value) in [
            ("12,345.50", true, true),
            ("₹ 5,000", true, true),
            ("-12%", true, true),
            ("2011", true, true),
            ("2026-01-31 10:00:00", false, true),
            ("31/01/2026", true, true),
            ("Name", false, false),
            ("-", false, false),
            ("", false, false),
            ("12A", false, false),
            ("2é", false, false),
        ] {
            assert_eq!(is_numeric(text), numeric, "{text}");
            assert_eq!(is_value(text), value, "{text}");
        }
    }
}
