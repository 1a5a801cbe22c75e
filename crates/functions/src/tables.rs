//! A pipeline's tables as a session extension: its words, its places, and how its registry spells. Functions look values up there; without a pipeline
//! they have the built-in words and no place.

use std::any::Any;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use datafusion::common::config::{ConfigEntry, ConfigExtension, ExtensionOptions};
use datafusion::common::{Result, plan_err};
use milaan_kernels::name::Spellings;
use milaan_kernels::words::Words;

/// Level → key of the name → keys of the levels above (the nearest first) and code.
type Places = HashMap<String, HashMap<String, Vec<(Vec<String>, String)>>>;

/// Session extension `milaan_tables`. It lists no entries.
#[derive(Debug, Clone, Default)]
pub struct Tables {
    words: Arc<BTreeMap<String, Words>>,
    places: Arc<Places>,
    names_spelled: Arc<Spellings>,
    places_spelled: Arc<Spellings>,
}

impl Tables {
    /// Tables with these words, by kind, and no place.
    pub fn new(words: BTreeMap<String, Words>) -> Self {
        Self { words: Arc::new(words), ..Self::default() }
    }

    /// The same with these places: level, key of the name, keys of the levels above (the nearest first, empty where there is
    /// none), code.
    #[must_use]
    pub fn with_places<'a>(
        &self,
        places: impl IntoIterator<Item = (&'a str, &'a str, &'a [String], &'a str)>,
    ) -> Self {
        let mut made = Places::new();
        for (level, key, above, code) in places {
            let of_level = made.entry(level.to_owned()).or_default();
            of_level.entry(key.to_owned()).or_default().push((above.to_vec(), code.to_owned()));
        }
        Self { places: Arc::new(made), ..self.clone() }
    }

    /// The same with the Latin spellings of names and of places.
    #[must_use]
    pub fn with_spellings(&self, names: Spellings, places: Spellings) -> Self {
        let (names_spelled, places_spelled) = (Arc::new(names), Arc::new(places));
        Self { names_spelled, places_spelled, ..self.clone() }
    }

    /// A name, or a place, in the registry's Latin letters.
    pub fn spelled<'t>(&'t self, kind: &str, text: &'t str) -> Cow<'t, str> {
        match kind {
            "name" => self.names_spelled.words(text),
            "place" => match self.places_spelled.whole(text) {
                Some(whole) => Cow::Borrowed(whole),
                None => self.places_spelled.words(text),
            },
            _ => Cow::Borrowed(text),
        }
    }

    /// The words of a kind.
    pub fn words(&self, kind: &str) -> Option<&Words> {
        self.words.get(kind)
    }

    /// The code of a place.
    pub fn place<'k>(
        &self,
        level: &str,
        key: &str,
        above: impl Iterator<Item = &'k str> + Clone,
    ) -> Option<&str> {
        let known = self.places.get(level)?.get(key)?;
        let found = known.iter().find(|(keys, _)| is_same(keys, above.clone()));
        found.map(|(_, code)| code.as_str())
    }
}

/// Whether keys are the same; empty ones at the end do not count.
fn is_same<'k>(keys: &[String], mut given: impl Iterator<Item = &'k str>) -> bool {
    keys.iter().all(|key| given.next().unwrap_or_default() == key) && given.all(str::is_empty)
}

impl ConfigExtension for Tables {
    const PREFIX: &'static str = "milaan_tables";
}

impl ExtensionOptions for Tables {
    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }

    fn cloned(&self) -> Box<dyn ExtensionOptions> {
        Box::new(self.clone())
    }

    fn set(&mut self, key: &str, _value: &str) -> Result<()> {
        plan_err!("`milaan_tables.{key}` cannot be set")
    }

    fn entries(&self) -> Vec<ConfigEntry> {
        Vec::new()
    }
}
