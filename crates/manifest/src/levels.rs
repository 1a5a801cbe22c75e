//! The levels of a comparison. They are tried in order, so a level that an earlier one leaves nothing is a mistake.

use std::collections::{BTreeMap, BTreeSet};

use milaan_model::Name;
use milaan_model::matching::{Comparator, Level, LevelTest};

use crate::suggest;
use crate::table::{Keys, Table, check_names_differ};
use crate::value::{Value, all_of};

const KEYS: Keys = &["name", "is", "at_least", "at_most", "identity", "contradicts"];
const TESTS: [&str; 3] = ["is", "at_least", "at_most"];

/// The names of all levels, or `None` where one has none or two have one.
pub(crate) fn names(levels: &Value<'_>) -> Option<Vec<String>> {
    let tables = levels.node().as_array()?;
    let name =
        |item: &toml::de::DeValue<'_>| Some(item.get("name")?.get_ref().as_str()?.to_owned());
    let names: Vec<String> =
        tables.iter().map(|item| name(item.get_ref())).collect::<Option<_>>()?;
    let differ = names.iter().collect::<BTreeSet<_>>().len() == names.len();
    differ.then_some(names)
}

/// Reads the levels. `words`: what the comparator may give, where it gives words.
pub(crate) fn read(
    value: &Value<'_>,
    comparator: Option<Comparator>,
    words: Option<&[String]>,
) -> Option<Vec<Level>> {
    let tables = value.tables("levels", KEYS)?;
    if tables.len() < 2 {
        value.problem("a comparison needs two levels or more".to_owned(), None);
    }
    let mut reach = Reach { comparator, words, taken: BTreeMap::new(), bound: None };
    let last = tables.len() - 1;
    let levels = all_of(
        tables.iter().enumerate().map(|(index, table)| reach.read_level(table, index == last)),
    );
    check_names_differ("level", &tables);
    let mut levels = levels?;
    for (finer, coarser) in FINER {
        if !reach.taken.contains_key(finer) {
            give_finer_word(&mut levels, finer, coarser);
        }
    }
    Some(levels)
}

/// Words of birth dates, and the coarser one whose level takes each where no level names it: models that do not tell one wrong
/// digit, or an age that fits, apart.
const FINER: [(&str, &str); 2] = [("one_digit", "one_part_differs"), ("same_age", "same_year")];

fn give_finer_word(levels: &mut [Level], finer: &str, coarser: &str) {
    for level in levels {
        if let LevelTest::Is(words) = &mut level.test
            && words.iter().any(|word| word == coarser)
        {
            words.push(finer.to_owned());
        }
    }
}

/// What the levels read so far leave for the next one.
struct Reach<'a> {
    comparator: Option<Comparator>,
    words: Option<&'a [String]>,
    /// Words that an earlier level took, and its name.
    taken: BTreeMap<String, String>,
    /// Bound of the last numeric level, and its name.
    bound: Option<(f64, String)>,
}

impl Reach<'_> {
    fn read_level(&mut self, table: &Table<'_>, is_last: bool) -> Option<Level> {
        let name = table.need("name").and_then(|value| value.name());
        let called = name.as_ref().map_or("?", Name::as_str).to_owned();
        let identity = flag(table, "identity");
        let contradicts = flag(table, "contradicts");
        self.check_flags(table, identity == Some(true), contradicts == Some(true), is_last);
        let stated: Vec<_> = TESTS.into_iter().filter_map(|key| table.get(key)).collect();
        let test = match (stated.as_slice(), is_last) {
            ([], true) => self.read_last(table, &called),
            ([], false) => {
                let hint = "only the last level has no test".to_owned();
                table.problem(format!("the level `{called}` has no test"), Some(hint));
                None
            }
            ([test], true) => {
                let hint = "add a level without a test: what no other one takes".to_owned();
                test.problem(format!("the last level `{called}` has a test"), Some(hint));
                self.read_test(test, &called)
            }
            ([test], false) => self.read_test(test, &called),
            ([_, second, ..], _) => {
                second.problem(format!("the level `{called}` has more than one test"), None);
                None
            }
        };
        Some(Level { name: name?, test: test?, identity: identity?, contradicts: contradicts? })
    }

    fn check_flags(&self, table: &Table<'_>, identity: bool, contradicts: bool, is_last: bool) {
        let Some(value) = table.get("identity").filter(|_| identity) else { return };
        if self.comparator.is_some_and(|comparator| comparator != Comparator::NationalId) {
            let hint = "only the comparator `national_id` says that two are one person".to_owned();
            value.problem("`identity` has no meaning here".to_owned(), Some(hint));
        } else if contradicts {
            value.problem("a level is either `identity` or `contradicts`".to_owned(), None);
        } else if is_last {
            value.problem("the last level cannot be `identity`".to_owned(), None);
        }
    }

    fn read_test(&mut self, test: &Value<'_>, called: &str) -> Option<LevelTest> {
        if let Some(comparator) = self.comparator {
            let fitting = match comparator.larger_is_closer() {
                None => "is",
                Some(true) => "at_least",
                Some(false) => "at_most",
            };
            if test.key() != fitting {
                let message =
                    format!("`{}` does not fit the comparator `{comparator}`", test.key());
                test.problem(message, Some(format!("use `{fitting}`")));
                return None;
            }
        }
        match test.key() {
            "is" => self.read_is(test, called),
            "at_least" => {
                let bound = test.number("above 0 and at most 1", |b| b > 0.0 && b <= 1.0)?;
                self.check_bound(test, called, bound, |new, old| new < old)?;
                Some(LevelTest::AtLeast(bound))
            }
            _ => {
                let bound = test.number("0 or more", |b| b >= 0.0 && b.is_finite())?;
                self.check_bound(test, called, bound, |new, old| new > old)?;
                Some(LevelTest::AtMost(bound))
            }
        }
    }

    fn read_is(&mut self, test: &Value<'_>, called: &str) -> Option<LevelTest> {
        let words = all_of(test.some_items()?.iter().map(|item| {
            let word = item.text()?;
            if let Some(known) = self.words.filter(|known| !known.contains(&word)) {
                let hint = suggest::among(&word, known.iter().map(String::as_str));
                item.problem(format!("the comparator never says `{word}`"), Some(hint));
                return None;
            }
            if let Some(earlier) = self.taken.insert(word.clone(), called.to_owned()) {
                let message = format!("`{word}` never reaches the level `{called}`");
                item.problem(message, Some(format!("the level `{earlier}` takes it before")));
            }
            Some(word)
        }))?;
        Some(LevelTest::Is(words))
    }

    fn check_bound(
        &mut self,
        test: &Value<'_>,
        called: &str,
        bound: f64,
        leaves_some: impl Fn(f64, f64) -> bool,
    ) -> Option<()> {
        if let Some((earlier, by)) =
            self.bound.as_ref().filter(|(old, _)| !leaves_some(bound, *old))
        {
            let message = format!("the level `{called}` can never be reached");
            let hint = format!("the level `{by}` takes all from {earlier} before: closest first");
            test.problem(message, Some(hint));
            return None;
        }
        self.bound = Some((bound, called.to_owned()));
        Some(())
    }

    /// The last level takes what is left, so something must be left.
    fn read_last(&self, table: &Table<'_>, called: &str) -> Option<LevelTest> {
        let nothing_left = self.words.is_some_and(|words| {
            !words.is_empty() && words.iter().all(|word| self.taken.contains_key(word))
        });
        if nothing_left {
            let hint = "the levels before it take every word of the comparator".to_owned();
            table.problem(format!("the level `{called}` can never be reached"), Some(hint));
            return None;
        }
        Some(LevelTest::Else)
    }
}

/// A flag that is false where it is not stated.
fn flag(table: &Table<'_>, key: &'static str) -> Option<bool> {
    table.get(key).map_or(Some(false), |value| value.boolean())
}
