//! The files of reviews in the state: one JSON object a line, nothing ever taken out.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use milaan_model::{Band, Decision, MatchModel};
use milaan_publish::private;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::error::Error;

/// A pair that was given out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Given {
    pub(super) pair_id: String,
    pub(super) source_id: String,
    pub(super) record_id: String,
    pub(super) resident_ref: String,
    /// Fingerprints of the two rows.
    pub(super) record: String,
    pub(super) resident: String,
    pub(super) model_id: String,
    /// How far it agreed, by comparison.
    pub(super) levels: BTreeMap<String, String>,
    /// Of a random sample: of which band, and how many pairs the band had; else it was given out to be decided.
    pub(super) sample: Option<Sample>,
}

/// What a pair of a random sample stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Sample {
    pub(super) band: Band,
    /// Pairs of the band.
    pub(super) pairs: u64,
}

/// A decision, as it came back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Line {
    pub(super) pair_id: String,
    pub(super) decision: Decision,
    pub(super) decided_by: String,
    /// ISO.
    pub(super) decided_on: String,
    pub(super) note: String,
}

/// Both files, read.
#[derive(Debug)]
pub(super) struct Ledger {
    folder: PathBuf,
    pub(super) given: Vec<Given>,
    pub(super) lines: Vec<Line>,
}

impl Ledger {
    /// Of a pipeline's state folder; nothing where there was no review.
    pub(super) fn read(state: &Path) -> Result<Self, Error> {
        let folder = state.join("review");
        let given = lines(&folder.join("exported.jsonl"))?;
        let lines = lines(&folder.join("decisions.jsonl"))?;
        Ok(Self { folder, given, lines })
    }

    /// Keeps pairs that were given out. One that was given out before is kept anew only where it is now of a sample.
    pub(super) fn give(&mut self, pairs: Vec<Given>) -> Result<(), Error> {
        let mut known: HashMap<&str, bool> = HashMap::new();
        for one in &self.given {
            *known.entry(&one.pair_id).or_default() |= one.sample.is_some();
        }
        let is_new = |one: &Given| {
            let before = known.get(one.pair_id.as_str());
            before.is_none_or(|sampled| !sampled && one.sample.is_some())
        };
        let new: Vec<Given> = pairs.into_iter().filter(is_new).collect();
        self.given.extend(new);
        write(&self.folder, "exported.jsonl", &self.given)
    }

    /// Keeps decisions behind those there are.
    pub(super) fn decide(&mut self, lines: Vec<Line>) -> Result<(), Error> {
        self.lines.extend(lines);
        write(&self.folder, "decisions.jsonl", &self.lines)
    }

    /// The decision that counts for each pair: by its day the newest, of one day the one that came last.
    pub(super) fn newest(&self) -> HashMap<&str, &Line> {
        let mut newest: HashMap<&str, &Line> = HashMap::new();
        for line in &self.lines {
            let held = newest.entry(&line.pair_id).or_insert(line);
            if line.decided_on >= held.decided_on {
                *held = line;
            }
        }
        newest
    }
}

/// How far a pair of one person agreed, by comparison, and how many such pairs it stands for.
pub(crate) type Label = (BTreeMap<String, String>, f64);

/// The pairs that reviewers hold for one person. A pair of a random sample stands for the pairs of its band that nobody looked at;
/// one that waited for a decision stands for itself.
pub(crate) fn labels(state: &Path, model: &MatchModel) -> Result<Vec<Label>, Error> {
    let model_id = model.id.as_str();
    let ledger = Ledger::read(state)?;
    let newest = ledger.newest();
    let decided = |one: &&Given| newest.contains_key(one.pair_id.as_str());
    let of_model = || ledger.given.iter().filter(|one| one.model_id == model_id).filter(decided);
    let mut sampled: HashMap<Band, (u64, u64)> = HashMap::new();
    for sample in of_model().filter_map(|one| one.sample) {
        let (taken, pairs) = sampled.entry(sample.band).or_default();
        (*taken, *pairs) = (*taken + 1, sample.pairs);
    }
    let mut labels: BTreeMap<&str, Label> = BTreeMap::new();
    for one in of_model().filter(|one| newest[one.pair_id.as_str()].decision == Decision::Same) {
        let worth = one
            .sample
            .and_then(|sample| sampled.get(&sample.band))
            .map_or(1.0, |counts| (counts.1 as f64 / counts.0.max(1) as f64).max(1.0));
        // Given out to be decided and then as a sample: the sample counts.
        labels.insert(&one.pair_id, (one.levels.clone(), worth));
    }
    Ok(labels.into_values().collect())
}

fn lines<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>, Error> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Error::io("cannot read", path)(error)),
    };
    text.lines()
        .map(|line| {
            // The parser's words may quote a note.
            let broken = |_| std::io::Error::from(std::io::ErrorKind::InvalidData);
            serde_json::from_str(line).map_err(broken).map_err(Error::io("cannot understand", path))
        })
        .collect()
}

/// Writes all lines anew and puts the file in the place of the old one: half a line is never there.
fn write<T: Serialize>(folder: &Path, name: &str, lines: &[T]) -> Result<(), Error> {
    private::create_dir_all(folder)?;
    let path = folder.join(name);
    let mut text = String::new();
    for line in lines {
        let line = serde_json::to_string(line).map_err(std::io::Error::from);
        text.push_str(&line.map_err(Error::io("cannot write", &path))?);
        text.push('\n');
    }
    Ok(private::replace_file(&path, text.as_bytes())?)
}
