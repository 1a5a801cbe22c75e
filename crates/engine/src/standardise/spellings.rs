//! How the registry spells names and places in Latin letters: looked up where a list is written in Arabic ones, which leave
//! short vowels out (`kernels/name/spelling.rs`). A registry without Latin letters has no say, and a run in which no list has
//! Arabic letters does not read it for this.

use std::collections::{BTreeSet, HashMap};

use datafusion::arrow::array::AsArray as _;
use futures::StreamExt as _;
use milaan_kernels::name::Spellings;
use milaan_kernels::script;
use milaan_manifest::Source;

use super::sql::{NAMES, ident};
use crate::error::Error;
use crate::land::LandedSource;
use crate::run::Run;
use crate::session;

/// Words of the registry as written, and how often each stands there.
type Counts = HashMap<String, u64>;

/// Gives the session the registry's spellings where some list needs them; the sources that do.
pub(super) async fn take(
    run: &Run<'_>,
    sources: &[LandedSource],
) -> Result<BTreeSet<String>, Error> {
    let registry = &run.pipeline.registry.id;
    let mut needing = BTreeSet::new();
    for one in sources.iter().filter(|one| &one.source.id != registry) {
        if any_arabic(run, one).await? {
            needing.insert(one.source.id.to_string());
        }
    }
    let Some(registry) = sources.iter().find(|one| &one.source.id == registry) else {
        return Ok(BTreeSet::new());
    };
    if needing.is_empty() {
        return Ok(needing);
    }
    if any_arabic(run, registry).await? {
        needing.insert(registry.source.id.to_string());
    }
    let names = count(run, registry, &NAMES, |text, counts| {
        for word in words(text) {
            add(word, counts);
        }
    });
    let places = count(run, registry, &["place"], |text, counts| {
        for word in words(text) {
            add(word, counts);
        }
        if text.contains(' ') {
            add(text, counts);
        }
    });
    let (names, places) = (spellings(&names.await?), spellings(&places.await?));
    session::change_tables(&run.ctx, |tables| tables.with_spellings(names, places));
    Ok(needing)
}

fn spellings(counts: &Counts) -> Spellings {
    let mut small: HashMap<String, u64> = HashMap::new();
    for (word, count) in counts {
        *small.entry(word.to_lowercase()).or_default() += count;
    }
    Spellings::new(small.iter().map(|(word, count)| (word.as_str(), *count)))
}

/// The Latin words of a text.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split(|c: char| !c.is_alphabetic() && c != '\'');
    parts.filter(|word| word.len() > 1 && word.is_ascii())
}

fn add(word: &str, counts: &mut Counts) {
    if let Some(count) = counts.get_mut(word) {
        *count += 1;
        return;
    }
    counts.insert(word.to_owned(), 1);
}

/// The headers of a list's columns of some fields; `None` where it has none.
fn select(source: &Source, fields: &[&str]) -> Option<String> {
    let columns = source.columns.iter().filter(|column| column.constant.is_none());
    let headers: Vec<String> = columns
        .filter(|column| fields.contains(&column.field.name))
        .map(|column| ident(&column.header))
        .collect();
    (!headers.is_empty()).then(|| format!("SELECT {} FROM landed", headers.join(", ")))
}

/// Whether a name or a place of a list has Arabic letters.
async fn any_arabic(run: &Run<'_>, one: &LandedSource) -> Result<bool, Error> {
    let fields: Vec<&str> = NAMES.into_iter().chain(["place"]).collect();
    let mut found = false;
    each_text(run, one, &fields, |text| {
        found = found || script::has_arabic(text);
        !found
    })
    .await?;
    Ok(found)
}

async fn count(
    run: &Run<'_>,
    one: &LandedSource,
    fields: &[&str],
    mut note: impl FnMut(&str, &mut Counts),
) -> Result<Counts, Error> {
    let mut counts = Counts::new();
    each_text(run, one, fields, |text| {
        note(text, &mut counts);
        true
    })
    .await?;
    Ok(counts)
}

/// Shows the texts of a landed list's columns of some fields, as long as more are wanted.
async fn each_text(
    run: &Run<'_>,
    one: &LandedSource,
    fields: &[&str],
    mut wants_more: impl FnMut(&str) -> bool,
) -> Result<(), Error> {
    let Some(sql) = select(&one.source, fields) else { return Ok(()) };
    session::register_parquet(&run.ctx, "landed", &one.path).await?;
    let mut stream = session::stream(&run.ctx, "spellings", &sql).await?;
    while let Some(batch) = stream.next().await {
        let batch = batch.map_err(|error| Error::of_query("spellings", &error))?;
        for column in batch.columns() {
            let Some(texts) = column.as_string_opt::<i32>() else { continue };
            if !texts.iter().flatten().all(&mut wants_more) {
                return Ok(());
            }
        }
    }
    Ok(())
}
