//! A pipeline folder becomes a pipeline: all files are read, whatever is wrong in one of them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use milaan_model::{MatchModel, Weights};

use crate::canonical::CanonicalColumns;
use crate::defaults::Common;
use crate::diagnostic::{Diagnostic, Problems};
use crate::files::{self, Files, stem};
use crate::matching::{self, Outline};
use crate::pipeline::{Pipeline, Place, PlaceCorrection, PolicyTable, Source, WordTable};
use crate::settings::{self, Part, Settings};
use crate::value::all_of;
use crate::{places, policy, recipients, reports, source, suggest, weights, words};

/// The registry's id.
const REGISTRY: &str = "registry";

/// Reads and checks a pipeline folder.
///
/// The error is every problem of every file, by file and line.
pub fn load(folder: &Path) -> Result<Pipeline, Vec<Diagnostic>> {
    let problems = Problems::default();
    let pipeline = read(folder, WeightsFile::Read, &problems);
    problems.settle(pipeline)
}

/// Like [`load`], for training: the weights file is not read, a guess stands for it.
pub fn load_untrained(folder: &Path) -> Result<Pipeline, Vec<Diagnostic>> {
    let problems = Problems::default();
    let pipeline = read(folder, WeightsFile::Guess, &problems);
    problems.settle(pipeline)
}

/// Where the weights come from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum WeightsFile {
    Read,
    Guess,
}

fn read(folder: &Path, weights: WeightsFile, problems: &Problems) -> Option<Pipeline> {
    let files = Files::new(problems);
    let settings = read_settings(folder, &files, problems)?;
    let include = check_include(&settings.include, problems);
    let registry = read_registry(&settings, &files, problems);
    let sources = read_sources(folder, &files, problems);
    let all_sources = || registry.iter().chain(sources.iter().flatten());
    check_ids(&settings, all_sources(), problems);
    for (source, registry) in sources.iter().flatten().zip(registry.iter().cycle()) {
        check_same_as_registry(source, registry, problems);
    }

    let complete = registry.is_some() && sources.iter().all(Option::is_some);
    let columns = CanonicalColumns::new(all_sources(), complete);
    let lists: Vec<&Source> = sources.iter().flatten().collect();
    let common = registry.as_ref().map(|registry| Common::of(registry, &lists)).unwrap_or_default();
    let model = read_model(&settings, (&columns, &common), weights, &files, problems);
    let folders: Vec<PathBuf> = include.into_iter().chain([folder.to_owned()]).collect();
    let policies = read_policies(&folders, &files, problems);
    let words = read_words(&folders, &files, problems);
    let places = read_places(&folders, &files, problems);
    let reports = reports::reports(&folders, "reports", &files, problems);
    let change_sets = reports::reports(&folders, "sync", &files, problems);
    let tables = reports::tables(&folders, &files, problems);
    let checks = reports::checks(&folders, &files, problems);

    let mut sources: Vec<Source> = sources.into_iter().collect::<Option<_>>()?;
    sources.sort_by(|a, b| a.id.cmp(&b.id));
    let (change_sets, (model, weights)) = (change_sets?, model?);
    let recipients = recipients::resolve(settings.recipients?, &change_sets, &sources, problems);
    let model_file = settings.model?.path;
    let (places, place_corrections) = places?;
    Some(Pipeline {
        id: settings.id?,
        title: settings.title?,
        folder: folder.to_owned(),
        country: settings.country?,
        financial_year_starts: settings.financial_year_starts?,
        data: settings.data,
        purpose: settings.purpose?,
        registry: registry?,
        sources,
        model,
        weights,
        weights_file: weights_path(&model_file),
        model_file,
        policies: policies?,
        words: words?,
        places,
        place_corrections,
        recipients,
        tables: tables?,
        change_sets,
        reports: reports?,
        checks: checks?,
        limits: settings.limits,
        files: files.read_so_far(),
    })
}

/// The policies of all folders; one of a later folder stands for those of the same name in the earlier ones.
fn read_policies(
    folders: &[PathBuf],
    files: &Files<'_>,
    problems: &Problems,
) -> Option<Vec<PolicyTable>> {
    let paths = folders.iter().flat_map(|folder| files.list(&folder.join("policy"), "toml"));
    let by_name: BTreeMap<String, PathBuf> = paths.map(|path| (stem(&path), path)).collect();
    all_of(by_name.values().map(|path| policy::read(&files.text(path)?, problems)))
}

/// The word tables of all folders, in their order.
fn read_words(
    folders: &[PathBuf],
    files: &Files<'_>,
    problems: &Problems,
) -> Option<Vec<WordTable>> {
    let paths = folders.iter().flat_map(|folder| files.list(&folder.join("words"), "toml"));
    all_of(paths.map(|path| words::read(&files.text(&path)?, problems)))
}

/// The places and corrections of all folders, in their order.
fn read_places(
    folders: &[PathBuf],
    files: &Files<'_>,
    problems: &Problems,
) -> Option<(Vec<Place>, Vec<PlaceCorrection>)> {
    let paths: Vec<PathBuf> =
        folders.iter().flat_map(|folder| files.list(&folder.join("places"), "csv")).collect();
    let (settled, tables): (Vec<_>, Vec<_>) =
        paths.iter().partition(|path| places::is_corrections(path));
    let texts: Vec<_> = tables.into_iter().map(|path| files.text(path)).collect::<Option<_>>()?;
    let tables = all_of(texts.iter().map(|text| places::read(text, problems)))?.concat();
    let known = places::Known::of(&tables);
    let named = all_of(texts.iter().map(|text| places::check_named(text, &known, problems)));
    let settled = all_of(
        settled
            .into_iter()
            .map(|path| places::read_corrections(&files.text(path)?, &known, problems)),
    );
    named?;
    Some((tables, settled?.concat()))
}

fn read_settings(folder: &Path, files: &Files<'_>, problems: &Problems) -> Option<Settings> {
    let path = folder.join("pipeline.toml");
    if path.is_file() {
        return Some(settings::read(&files.text(&path)?, folder, problems));
    }
    let message = match (folder.is_dir(), folder.exists()) {
        (true, _) => "the folder holds no pipeline.toml",
        (false, true) => "this is a file; a pipeline is a folder",
        (false, false) => "there is no such folder",
    };
    let near: Vec<_> =
        files::pipelines_near(folder).iter().map(|path| format!("`{}`", path.display())).collect();
    let hint = (!near.is_empty()).then(|| format!("pipelines near it: {}", near.join(", ")));
    problems.push_file(folder, message, hint);
    None
}

/// The included folders that are there.
fn check_include(include: &[Part], problems: &Problems) -> Vec<PathBuf> {
    for part in include.iter().filter(|part| !part.path.is_dir()) {
        let hint = "folders are relative to the pipeline's folder".to_owned();
        let message = format!("there is no folder `{}`", part.stated);
        problems.push(part.position.clone(), message, Some(hint));
    }
    include.iter().map(|part| part.path.clone()).filter(|path| path.is_dir()).collect()
}

fn read_registry(settings: &Settings, files: &Files<'_>, problems: &Problems) -> Option<Source> {
    let part = settings.registry.as_ref()?;
    if !part.path.is_file() {
        say_missing("registry", part, files, problems);
        return None;
    }
    let file = files.text(&part.path)?;
    let registry = source::read(&file.path, &file.text, REGISTRY, problems)?;
    if registry.id.as_str() != REGISTRY {
        let message = format!("the id of the registry is `{REGISTRY}`, not `{}`", registry.id);
        problems.push(registry.position.clone(), message, None);
    }
    Some(registry)
}

fn read_sources(folder: &Path, files: &Files<'_>, problems: &Problems) -> Vec<Option<Source>> {
    let paths = files.list(&folder.join("sources"), "toml");
    if paths.is_empty() {
        let hint = "a list is one file, for example `pensions.toml`".to_owned();
        problems.push_file(folder.join("sources"), "there is no source", Some(hint));
    }
    let read = |path: &PathBuf| {
        let file = files.text(path)?;
        source::read(path, &file.text, &stem(path), problems)
    };
    paths.iter().map(read).collect()
}

/// An id names one thing in a pipeline.
fn check_ids<'a>(
    settings: &Settings,
    sources: impl Iterator<Item = &'a Source>,
    problems: &Problems,
) {
    let pipeline = settings.id.iter().map(|id| (id.to_string(), "the pipeline's".to_owned()));
    let model =
        settings.model.iter().map(|part| (stem(&part.path), "the match model's".to_owned()));
    let mut owners: BTreeMap<String, String> = pipeline.chain(model).collect();
    for source in sources {
        let file = source.position.file.display().to_string();
        if let Some(owner) = owners.get(source.id.as_str()) {
            let message = format!("the id `{}` is {owner} already", source.id);
            let hint = "give this list an id of its own".to_owned();
            problems.push(source.position.clone(), message, Some(hint));
        } else {
            owners.insert(source.id.to_string(), format!("that of {file}"));
        }
    }
}

/// A list that is the registry itself says so, and only such a list does: else every record would find itself.
fn check_same_as_registry(source: &Source, registry: &Source, problems: &Problems) {
    let is_same =
        source.paths == registry.paths && source.reading.sheets == registry.reading.sheets;
    if source.same_as_registry && !(is_same && source.key == registry.key) {
        let message =
            "`same_as_registry` is for the registry's own files with the registry's own key";
        let hint = "state the same [files] and [record] key as in the registry's file".to_owned();
        problems.push(source.position.clone(), message.to_owned(), Some(hint));
    } else if is_same && !source.same_as_registry {
        let message = "this list is the registry's own file: every record would find itself";
        let hint = "state `same_as_registry = true` to find who is there twice".to_owned();
        problems.push(source.paths_position.clone(), message.to_owned(), Some(hint));
    }
}

fn read_model(
    settings: &Settings,
    (columns, common): (&CanonicalColumns, &Common),
    weights: WeightsFile,
    files: &Files<'_>,
    problems: &Problems,
) -> Option<(MatchModel, Weights)> {
    let part = settings.model.as_ref()?;
    if !part.path.is_file() {
        say_missing("match model", part, files, problems);
        return None;
    }
    let (model, outline) = matching::read(&files.text(&part.path)?, columns, common, problems);
    if weights == WeightsFile::Guess {
        return model.map(|model| {
            let guess = Weights::guess(&model);
            (model, guess)
        });
    }
    let id =
        model.as_ref().map_or_else(|| stem(&part.path), |model: &MatchModel| model.id.to_string());
    let weights = read_weights(&part.path, &id, &outline, files, problems);
    Some((model?, weights?))
}

/// The weights lie beside their model.
fn weights_path(model_file: &Path) -> PathBuf {
    model_file.with_extension("weights.toml")
}

fn read_weights(
    model_file: &Path,
    model: &str,
    outline: &Outline,
    files: &Files<'_>,
    problems: &Problems,
) -> Option<Weights> {
    let path = weights_path(model_file);
    if !path.is_file() {
        let hint = "`milaan train` writes them".to_owned();
        problems.push_file(&path, "the weights of the match model are missing", Some(hint));
        return None;
    }
    weights::read(&files.text(&path)?, model, outline, problems)
}

/// Says that a file which `pipeline.toml` names is not there, and which are.
fn say_missing(what: &str, part: &Part, files: &Files<'_>, problems: &Problems) {
    let folder = part.path.parent().unwrap_or(Path::new("."));
    let names: Vec<String> = files
        .list(folder, "toml")
        .iter()
        .filter_map(|path| path.file_name())
        .map(|name| name.to_string_lossy().into_owned())
        .filter(|name| !name.ends_with(".weights.toml") && name != "pipeline.toml")
        .collect();
    let wanted = part.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let hint =
        (!names.is_empty()).then(|| suggest::among(&wanted, names.iter().map(String::as_str)));
    problems.push(part.position.clone(), format!("there is no {what} `{}`", part.stated), hint);
}
