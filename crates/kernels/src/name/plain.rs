//! The reader of names written down plainly, character by character, for `parse` to be held against.

use unicode_normalization::char::is_combining_mark;

use super::lexicon::{self, Listed};
use super::parse::{NameToken, TokenRole};
use crate::{script, text};

/// What the reader finds before any meaning is given.
enum Piece {
    Word(String),
    Relation(&'static str),
    Alias,
}

/// The tokens of a name in written order, romanised and lower case.
///
/// Empty for empty text and placeholders for nothing. "Alias" and "@" themselves give no token; digits and punctuation
/// separate tokens, an apostrophe does not. A name made of light tokens alone has its first one as [`TokenRole::Name`]
/// (Devi, Raju). Everything behind a relation word is [`TokenRole::Relative`].
pub(super) fn parse(text: &str) -> Vec<NameToken> {
    let Some(cleaned) = text::clean(text) else { return Vec::new() };
    let pieces = pieces(&lower_latin(&cleaned));
    let mut tokens = Vec::with_capacity(pieces.len());
    let mut reading = TokenRole::Name; // whose tokens come now: Name, Alias or Relative
    let mut has_own = false;
    let mut has_name = false;
    let mut skip = false;
    for (place, piece) in pieces.iter().enumerate() {
        if std::mem::take(&mut skip) {
            continue;
        }
        match piece {
            Piece::Relation(sign) => {
                tokens.push(NameToken { text: (*sign).to_owned(), role: TokenRole::RelationWord });
                reading = TokenRole::Relative;
            }
            Piece::Alias => reading = after_alias(reading, has_own),
            Piece::Word(word) if lexicon::listed(word) == Some(Listed::Title) => {
                tokens.push(NameToken { text: word.clone(), role: TokenRole::Honorific });
            }
            Piece::Word(word)
                if has_name
                    && lexicon::role(word) == TokenRole::Initial
                    && let Some(sign) = relation_apart(word, &pieces[place + 1..]) =>
            {
                tokens.push(NameToken { text: sign.to_owned(), role: TokenRole::RelationWord });
                reading = TokenRole::Relative;
                skip = true;
            }
            Piece::Word(word) => {
                let next = next_word(&pieces[place + 1..]);
                if let Some((sign, with_of)) = spoken_relation(word, next, has_own) {
                    tokens.push(NameToken { text: sign.to_owned(), role: TokenRole::RelationWord });
                    reading = TokenRole::Relative;
                    skip = with_of;
                } else if lexicon::is_alias_word(word) && has_own && next.is_some() {
                    reading = after_alias(reading, has_own);
                } else {
                    let role =
                        if reading == TokenRole::Name { lexicon::role(word) } else { reading };
                    has_own |= reading == TokenRole::Name;
                    has_name |= role == TokenRole::Name;
                    tokens.push(NameToken { text: word.clone(), role });
                }
            }
        }
    }
    take_titles_off(&mut tokens);
    promote(&mut tokens);
    tokens
}

/// Whether a token belongs to the person's own name.
fn is_own(role: TokenRole) -> bool {
    matches!(role, TokenRole::Name | TokenRole::Initial | TokenRole::Weak | TokenRole::Suffix)
}

/// Romanised lower case; a second pass folds what lower-casing brought up.
fn lower_latin(cleaned: &str) -> String {
    let lower = script::romanise(cleaned).to_lowercase();
    if lower.is_ascii() { lower } else { script::romanise(&lower).to_lowercase() }
}

/// Cuts a lower-case text into words, relation signs (`s/o`, `w / o.`) and alias signs.
fn pieces(lower: &str) -> Vec<Piece> {
    let chars: Vec<char> = lower.chars().collect();
    let mut pieces = Vec::new();
    let mut word = String::new();
    let mut place = 0;
    while place < chars.len() {
        let c = chars[place];
        place += 1;
        let is_mark = is_combining_mark(c) && !word.is_empty();
        if is_mark && word.ends_with(|last: char| last.is_ascii()) {
            continue;
        }
        if c.is_alphabetic() || is_mark {
            word.push(c);
            continue;
        }
        if matches!(c, '\'' | '’' | '‘' | '`') {
            continue;
        }
        if matches!(c, '/' | '\\' | ' ' | '.')
            && let Some((sign, end)) = relation_sign(&word, &chars, place - 1)
        {
            pieces.push(Piece::Relation(sign));
            word.clear();
            place = end;
            continue;
        }
        if !word.is_empty() {
            pieces.push(Piece::Word(std::mem::take(&mut word)));
        }
        match c {
            '@' => pieces.push(Piece::Alias),
            ':' => take_label(&mut pieces),
            _ => {}
        }
    }
    if !word.is_empty() {
        pieces.push(Piece::Word(word));
    }
    match pieces.as_slice() {
        [Piece::Word(word)] if lexicon::is_ditto(word) => Vec::new(),
        _ => pieces,
    }
}

/// A relation noun, or one and "name", before a colon.
fn take_label(pieces: &mut Vec<Piece>) {
    let word = |back: usize| match pieces.len().checked_sub(back).and_then(|at| pieces.get(at)) {
        Some(Piece::Word(word)) => word.as_str(),
        _ => "",
    };
    let taken = if word(1) == "name" { 2 } else { 1 };
    if let Some(sign) = lexicon::relation_label(word(taken)) {
        pieces.truncate(pieces.len() - taken);
        pieces.push(Piece::Relation(sign));
    }
}

/// Whether `letter` and the characters from `place` read as `s/o`; then the sign and where the text goes on.
fn relation_sign(letters: &str, chars: &[char], place: usize) -> Option<(&'static str, usize)> {
    let sign = lexicon::relation_letters(letters)?;
    let rest = chars.get(place..)?;
    let is_gap = |c: &&char| matches!(c, ' ' | '.');
    let before = rest.iter().take_while(is_gap).count();
    if !matches!(rest.get(before), Some('/' | '\\')) {
        return None;
    }
    let behind = rest[before + 1..].iter().take_while(is_gap).count();
    let at = before + 1 + behind;
    let is = |off: usize, test: fn(char) -> bool| rest.get(at + off).is_some_and(|c| test(*c));
    let length = match rest.get(at) {
        Some('o') if is(1, |c| c == 'f') && !is(2, char::is_alphabetic) => 2,
        Some('o') => 1,
        Some('0') if !is(1, char::is_numeric) => 1,
        _ => return None,
    };
    Some((sign, place + at + length))
}

/// The next piece when it is a word; titles in between do not count.
fn next_word(rest: &[Piece]) -> Option<&str> {
    rest.iter().find_map(|piece| match piece {
        Piece::Word(word) if lexicon::listed(word) == Some(Listed::Title) => None,
        Piece::Word(word) => Some(Some(word.as_str())),
        _ => Some(None),
    })?
}

/// A relation in words: "son of" anywhere, `putra`, `patni`, `wo` and the like between two names. The flag says that
/// the next piece, "of", belongs to it.
fn spoken_relation(word: &str, next: Option<&str>, has_own: bool) -> Option<(&'static str, bool)> {
    let next = next?;
    if next == "of" {
        return lexicon::relation_of(word).map(|sign| (sign, true));
    }
    let sign = match lexicon::listed(word) {
        Some(Listed::Relation(sign)) => Some(sign),
        _ => lexicon::relation_between(word),
    };
    sign.filter(|_| has_own).map(|sign| (sign, false))
}

/// `w o` behind a name and before one of more than two letters.
fn relation_apart(letter: &str, rest: &[Piece]) -> Option<&'static str> {
    let sign = lexicon::relation_letter_apart(letter)?;
    let is_o = matches!(rest.first(), Some(Piece::Word(word)) if word == "o");
    (is_o && next_word(&rest[1..])?.len() > 2).then_some(sign)
}

fn after_alias(reading: TokenRole, has_own: bool) -> TokenRole {
    if has_own || reading != TokenRole::Name { TokenRole::Alias } else { TokenRole::Name }
}

/// Sri, Shri, Kumari … in front are titles when something more than a weak token follows.
fn take_titles_off(tokens: &mut [NameToken]) {
    let own: Vec<usize> = (0..tokens.len()).filter(|place| is_own(tokens[*place].role)).collect();
    let mut in_front =
        own.iter().take_while(|place| lexicon::is_title_in_front(&tokens[**place].text)).count();
    let behind = own[in_front..].iter().map(|at| (tokens[*at].text.as_str(), tokens[*at].role));
    if in_front > 0 && lexicon::is_name_itself(&tokens[own[in_front - 1]].text, behind) {
        in_front -= 1;
    }
    let carries =
        |place: &usize| matches!(tokens[*place].role, TokenRole::Name | TokenRole::Suffix);
    if own[in_front..].iter().any(carries) {
        for place in &own[..in_front] {
            tokens[*place].role = TokenRole::Honorific;
        }
    }
}

/// A name of light tokens alone is carried by its first suffix, else its first weak token.
fn promote(tokens: &mut [NameToken]) {
    if tokens.iter().any(|token| token.role == TokenRole::Name) {
        return;
    }
    for role in [TokenRole::Suffix, TokenRole::Weak] {
        if let Some(token) = tokens.iter_mut().find(|token| token.role == role) {
            token.role = TokenRole::Name;
            return;
        }
    }
}
