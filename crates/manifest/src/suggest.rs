//! "Did you mean": the known word that is nearest to the one written.

/// From here on two words are near enough to suggest one for the other.
const NEAR: f64 = 0.6;

/// From here on a word that could stand for itself is taken for a slip.
const SLIP: f64 = 0.8;

/// What a word that holds another one whole is worth at least (`name` for `person_name`).
const HOLDS_WHOLE: f64 = 0.65;

/// `did you mean …?`, if a known word is near.
pub(crate) fn did_you_mean<'a>(
    word: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    nearest_one(word, known).map(|best| format!("did you mean `{best}`?"))
}

/// The nearest known word, if it is near.
pub(crate) fn nearest_one<'a>(
    word: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let (best, closeness) = nearest(word, known).into_iter().next()?;
    (closeness >= NEAR).then_some(best)
}

/// `did you mean …?`, else all that may stand there.
pub(crate) fn among<'a>(word: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> String {
    did_you_mean(word, known.clone()).unwrap_or_else(|| format!("one of {}", listed(known)))
}

/// `did you mean …?` and the two next; never the whole list.
pub(crate) fn nearest_three<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let near: Vec<_> = nearest(word, known).into_iter().take(3).collect();
    let words = near.iter().map(|(known, _)| *known);
    match near.first() {
        Some((best, closeness)) if *closeness >= NEAR => {
            format!("did you mean `{best}`? near too: {}", listed(words.skip(1)))
        }
        _ => format!("the nearest: {}", listed(words)),
    }
}

/// The known word for which another one is a slip of the pen: one letter in five or fewer is wrong.
pub(crate) fn slip_for(word: &str, known: &[&'static str]) -> Option<&'static str> {
    let is_slip = |known: &&str| {
        *known != word && strsim::normalized_damerau_levenshtein(word, known) >= SLIP
    };
    known.iter().copied().filter(|_| !known.contains(&word)).find(is_slip)
}

/// Words in backticks, with commas.
pub(crate) fn listed<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    words.into_iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

/// Known words with their closeness in [0, 1], the nearest first; equal ones in the order given.
fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<(&'a str, f64)> {
    let mut scored: Vec<_> =
        known.into_iter().map(|known| (known, closeness(word, known))).collect();
    scored.sort_by(|a, b| b.1.total_cmp(&a.1));
    scored
}

fn closeness(word: &str, known: &str) -> f64 {
    let (word, known) = (folded(word), folded(known));
    let edits = strsim::normalized_damerau_levenshtein(&word, &known);
    let holds =
        word.len() >= 3 && known.contains(&word) || known.len() >= 3 && word.contains(&known);
    if holds { edits.max(HOLDS_WHOLE) } else { edits }
}

/// Case, blanks and hyphens are what people confuse first.
fn folded(word: &str) -> String {
    word.trim().to_lowercase().replace([' ', '-'], "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_word() {
        let known = ["person_name", "relative_name", "birth_date", "national_id", "phone"];
        for (word, hint) in [
            ("persn_name", Some("did you mean `person_name`?")),
            ("Birth-Date", Some("did you mean `birth_date`?")),
            ("name", Some("did you mean `person_name`?")),
            ("national_identity", Some("did you mean `national_id`?")),
            ("fone", Some("did you mean `phone`?")),
            ("salary", None),
        ] {
            assert_eq!(did_you_mean(word, known).as_deref(), hint, "{word}");
        }
        for (word, meant) in [("aadhar", Some("aadhaar")), ("aadhaar", None), ("nic", None)] {
            assert_eq!(slip_for(word, &["aadhaar", "cnic"]), meant, "{word}");
        }
        assert_eq!(among("x", ["full", "delta"]), "one of `full`, `delta`");
        assert_eq!(
            nearest_three("person_nam", known),
            "did you mean `person_name`? near too: `relative_name`, `phone`"
        );
    }
}
