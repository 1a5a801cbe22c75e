//! Numbers in English words, with lakh and crore: `one lakh fifty thousand`, as cheques and sanction orders have them.

const SMALL: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 8] =
    ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const SCALES: [(&str, i64); 8] = [
    ("thousand", 1_000),
    ("thousands", 1_000),
    ("lakh", 100_000),
    ("lakhs", 100_000),
    ("lac", 100_000),
    ("lacs", 100_000),
    ("crore", 10_000_000),
    ("crores", 10_000_000),
];

/// The number that lower-case words say; `None` for other words and an order in which nobody says a number.
pub(crate) fn number(words: &str) -> Option<i64> {
    let (mut total, mut current, mut scale_before) = (0_i64, None::<i64>, i64::MAX);
    for word in words.split([' ', '-', ',']).filter(|word| !matches!(*word, "" | "and")) {
        let so_far = current.unwrap_or(0);
        if let Some(small) = place(&SMALL, word) {
            let free =
                if small < 10 { so_far % 10 == 0 && so_far % 100 != 10 } else { so_far % 100 == 0 };
            let fits = current.is_none() || (small > 0 && free);
            current = fits.then_some(so_far + small);
        } else if let Some(ten) = place(&TENS, word) {
            current = (so_far % 100 == 0).then_some(so_far + (ten + 2) * 10);
        } else if word == "hundred" {
            current = (1..=9).contains(&so_far).then_some(so_far * 100);
        } else {
            let (_, scale) = SCALES.iter().find(|(name, _)| *name == word)?;
            if so_far == 0 || *scale >= scale_before {
                return None;
            }
            total += so_far * scale;
            scale_before = *scale;
            current = None;
            continue;
        }
        current?;
    }
    (current.is_some() || total > 0).then(|| total + current.unwrap_or(0))
}

fn place(words: &[&str], word: &str) -> Option<i64> {
    words.iter().position(|known| *known == word).and_then(|place| i64::try_from(place).ok())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words() {
        for (text, expected) in [
            ("zero", Some(0)),
            ("seven", Some(7)),
            ("forty-two", Some(42)),
            ("one hundred and five", Some(105)),
            ("two thousand seven hundred and fifty", Some(2_750)),
            ("one lakh fifty thousand", Some(150_000)),
            ("one crore twenty lakhs three", Some(12_000_003)),
            ("twelve thousand", Some(12_000)),
            ("thousand", None),
            ("fifty one lakh two lakh", None),
            ("one two", None),
            ("ten one", None),
            ("twenty ten", None),
            ("zero zero", None),
            ("two hundred hundred", None),
            ("one lakh rupees", None),
            ("", None),
        ] {
            assert_eq!(number(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in "((one|ten|fifty|hundred|thousand|lakh|crore|and|zero)[ -]){0,12}|.*") {
            let _ = number(&text);
        }
    }
}
