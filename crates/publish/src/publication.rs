//! One run's output: prepared out of sight, scanned, and made visible by one rename.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs::{self, DirBuilder, File, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, symlink};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arrow::datatypes::SchemaRef;
use milaan_model::{Name, ReportContract};
use serde_json::Value;

use crate::datapackage::datapackage;
use crate::error::{At, Error};
use crate::leak::{FOUND_MAX, Findings, Known, LeakFound, ScanReceipt, scan_file, scan_value};
use crate::private::{self, Kind};
use crate::report::{Place, ReportReceipt, ReportWriter};

/// Begins the name of a folder in which a run is prepared.
pub(crate) const PREPARING: &str = ".preparing-";
const RUNS: &str = "runs";
const REPORTS: &str = "reports";
const SYNC: &str = "sync";
const STAGES: &str = "stages";
const LATEST: &str = "latest";
/// The link's name before it takes the place of the old one.
const LATEST_NEXT: &str = ".latest-next";
const DATAPACKAGE: &str = "datapackage.json";
const LINEAGE: &str = "lineage.jsonl";
const RECEIPT: &str = "receipt.json";

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// All is well; `latest` moves.
    Done,
    /// All is well, but it is not the run that readers of `latest` wait for: published under `runs/`; `latest` stays.
    Aside,
    /// A check or limit failed: published under `runs/` for people to look into; `latest` stays.
    Failed,
}

/// The output of one run while it is prepared. Dropped without [`Publication::finish`], it leaves nothing behind.
#[derive(Debug)]
pub struct Publication {
    out: PathBuf,
    run_id: String,
    folder: PathBuf,
    stages: PathBuf,
    /// Locked as long as this process lives, so that the next one knows a dead preparation from one under way.
    _alive: File,
    reports: Reports,
    lineage: Vec<Value>,
    /// What the last clean scan has seen.
    scanned: Mutex<Option<BTreeMap<String, Stamp>>>,
    published: bool,
}

/// Opens the reports of a [`Publication`]; cheap to clone, since several may be written at a time.
#[derive(Debug, Clone)]
pub struct Reports {
    folder: PathBuf,
    written: Arc<Mutex<Written>>,
}

/// Reports begun and complete.
#[derive(Debug, Default)]
struct Written {
    begun: Vec<String>,
    complete: Vec<(ReportReceipt, ReportContract)>,
}

/// Tells whether a file has been touched.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stamp {
    inode: u64,
    bytes: u64,
    changed: (i64, i64),
}

impl Publication {
    /// Makes the folder in which the run is prepared; what dead preparations left is removed.
    pub fn begin(out: &Path, run_id: &str) -> Result<Self, Error> {
        check_run_id(run_id)?;
        let runs = out.join(RUNS);
        private::create_dir_all(&runs)?;
        let published = runs.join(run_id);
        if published.symlink_metadata().is_ok() {
            return Err(Error::RunExists { path: published });
        }
        remove_dead(&runs)?;
        let folder = runs.join(format!("{PREPARING}{run_id}"));
        match DirBuilder::new().mode(private::FOLDER_MODE).create(&folder) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                return Err(Error::Busy { path: folder });
            }
            made => made.at("create folder", &folder)?,
        }
        private::tighten(&folder)?;
        let alive = File::open(&folder).at("open folder", &folder)?;
        if let Err(error) = alive.try_lock() {
            // Network file systems may lock no folders; the caller's lock on the whole output still holds.
            tracing::debug!(folder = %folder.display(), %error, "not locked");
        }
        let stages = folder.join(STAGES);
        private::create_dir_all(&stages)?;
        private::create_dir_all(&folder.join(REPORTS))?;
        Ok(Self {
            out: out.to_owned(),
            run_id: run_id.to_owned(),
            reports: Reports { folder: folder.clone(), written: Arc::default() },
            folder,
            stages,
            _alive: alive,
            lineage: Vec::new(),
            scanned: Mutex::new(None),
            published: false,
        })
    }

    /// The folder that will be the run's. Other files go here by way of [`crate::private`].
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The folder of the stages: private too, not scanned, not for others.
    pub fn stages_folder(&self) -> &Path {
        &self.stages
    }

    /// Opens this run's reports.
    pub fn reports(&self) -> Reports {
        self.reports.clone()
    }

    /// What `lineage.jsonl` will say: OpenLineage events, in order.
    pub fn lineage(&mut self, events: Vec<Value>) {
        self.lineage = events;
    }

    /// Reads back every outgoing file, all but `stages/`, on so many threads, and searches it for identifiers in the clear.
    /// What cannot be read counts as a finding.
    pub fn scan(&self, threads: usize) -> Result<ScanReceipt, Vec<LeakFound>> {
        let files = self.outgoing().map_err(|error| {
            tracing::warn!(%error, "cannot list the outgoing files");
            let mut found = Vec::new();
            Findings::new("", &mut found).unreadable(0);
            found
        })?;
        let written = self.reports.written();
        let mut found = Vec::new();
        let mut seen = BTreeMap::new();
        let mut receipt = ScanReceipt { files: 0, bytes: 0 };
        for ((relative, _), searched) in files.iter().zip(search_all(&files, &written, threads)) {
            found.extend(searched.found);
            let Some((stamp, bytes)) = searched.read else { continue };
            seen.insert(relative.clone(), stamp);
            receipt.bytes += bytes;
            receipt.files += 1;
        }
        found.truncate(FOUND_MAX);
        let clean = found.is_empty();
        *self.scanned.lock().unwrap_or_else(PoisonError::into_inner) = clean.then_some(seen);
        if clean { Ok(receipt) } else { Err(found) }
    }

    /// Publishes: the receipt is written last, all is synced and renamed to `runs/<run id>`; `latest` moves if the
    /// verdict allows. Returns the receipt's path.
    pub fn finish(mut self, receipt: &Value, verdict: Verdict) -> Result<PathBuf, Error> {
        if verdict != Verdict::Failed {
            self.check_reports_complete()?;
        }
        self.check_scanned()?;
        // In the order of their files, whichever was complete first.
        self.reports
            .written()
            .complete
            .sort_by(|(a, _), (b, _)| a.files[0].path.cmp(&b.files[0].path));
        let created = receipt.get("finished").and_then(Value::as_str);
        self.write_json(DATAPACKAGE, &datapackage(&self.reports.written().complete, created))?;
        self.write_lineage()?;
        self.write_json(RECEIPT, receipt)?;
        private::check(&self.folder)?;
        private::sync_all(&self.folder)?;

        let runs = self.out.join(RUNS);
        let published = runs.join(&self.run_id);
        if published.symlink_metadata().is_ok() {
            return Err(Error::RunExists { path: published });
        }
        fs::rename(&self.folder, &published).at("publish", &published)?;
        self.published = true;
        private::sync_folder(&runs)?;
        if verdict == Verdict::Done {
            move_latest(&self.out, &self.run_id)?;
        }
        let reports = self.reports.written().complete.len();
        tracing::info!(run = self.run_id, ?verdict, reports, "published");
        Ok(published.join(RECEIPT))
    }

    fn write_json(&self, name: &str, value: &Value) -> Result<(), Error> {
        let mut found = Vec::new();
        scan_value(value, &mut Findings::new(name, &mut found));
        if !found.is_empty() {
            return Err(Error::Leak { found });
        }
        private::write_file(&self.folder.join(name), format!("{value:#}\n").as_bytes())
    }

    /// One event a line; none: no file.
    fn write_lineage(&self) -> Result<(), Error> {
        let mut found = Vec::new();
        let mut text = String::new();
        for event in &self.lineage {
            scan_value(event, &mut Findings::new(LINEAGE, &mut found));
            let _ = writeln!(text, "{event}");
        }
        match (found.is_empty(), text.is_empty()) {
            (false, _) => Err(Error::Leak { found }),
            (true, true) => Ok(()),
            (true, false) => private::write_file(&self.folder.join(LINEAGE), text.as_bytes()),
        }
    }

    fn check_reports_complete(&self) -> Result<(), Error> {
        let written = self.reports.written();
        let complete =
            |name: &&String| written.complete.iter().any(|(receipt, _)| &&receipt.name == name);
        match written.begun.iter().find(|name| !complete(name)) {
            Some(report) => Err(Error::Unfinished { report: report.clone() }),
            None => Ok(()),
        }
    }

    /// Every outgoing file is the one that was scanned, and every one among the reports is a report's.
    fn check_scanned(&self) -> Result<(), Error> {
        let scanned = self.scanned.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(scanned) = scanned.as_ref() else {
            return Err(Error::NotScanned { path: self.folder.clone() });
        };
        let files = self.outgoing()?;
        let written = self.reports.written();
        for (relative, path) in &files {
            let is_a_reports = relative.starts_with("reports/") || relative.starts_with("sync/");
            if is_a_reports && written.known(relative).is_none() {
                return Err(Error::Stray { path: relative.into() });
            }
            if scanned.get(relative) != Some(&stamp(path).at("look at", path)?) {
                return Err(Error::NotScanned { path: relative.into() });
            }
        }
        match scanned.keys().find(|name| !files.iter().any(|(relative, _)| &relative == name)) {
            Some(gone) => Err(Error::NotScanned { path: gone.into() }),
            None => Ok(()),
        }
    }

    /// Every file but those of the stages: its path below the folder, and its path.
    fn outgoing(&self) -> Result<Vec<(String, PathBuf)>, Error> {
        let mut files = Vec::new();
        let mut folders = vec![self.folder.clone()];
        while let Some(folder) = folders.pop() {
            for entry in private::entries(&folder)? {
                match entry.kind {
                    Kind::Folder if entry.path == self.stages => {}
                    Kind::Folder => folders.push(entry.path),
                    Kind::File => {
                        let relative = entry.path.strip_prefix(&self.folder).unwrap_or(&entry.path);
                        files.push((relative.to_string_lossy().into_owned(), entry.path));
                    }
                    Kind::Other => return Err(Error::NotAFile { path: entry.path }),
                }
            }
        }
        files.sort();
        Ok(files)
    }
}

impl Reports {
    /// The folder that will be the run's.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Opens a report whose rows will have this schema; refuses what the contract does not allow.
    pub fn report(
        &self,
        contract: &ReportContract,
        schema: &SchemaRef,
    ) -> Result<ReportWriter, Error> {
        let name = contract.name.to_string();
        let place = Place { stem: format!("{REPORTS}/{name}"), name };
        self.written().begun.push(place.name.clone());
        ReportWriter::new(self.clone(), contract, schema, place)
    }

    /// Opens a change-set for one recipient: as a report, below `sync/<recipient>/`.
    pub fn change_set(
        &self,
        recipient: &Name,
        contract: &ReportContract,
        schema: &SchemaRef,
    ) -> Result<ReportWriter, Error> {
        let name = &contract.name;
        let stem = format!("{SYNC}/{recipient}/{name}");
        private::create_dir_all(&self.folder.join(SYNC).join(recipient.as_str()))?;
        self.written().begun.push(stem.clone());
        ReportWriter::new(self.clone(), contract, schema, Place { name: stem.clone(), stem })
    }

    /// Takes note of a complete report.
    pub(crate) fn finished(&self, contract: ReportContract, receipt: ReportReceipt) {
        self.written().complete.push((receipt, contract));
    }

    fn written(&self) -> MutexGuard<'_, Written> {
        self.written.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Written {
    fn known(&self, relative: &str) -> Option<Known<'_>> {
        self.complete.iter().find_map(|(receipt, contract)| {
            let receipt = receipt.files.iter().find(|file| file.path == relative)?;
            Some(Known { contract, receipt })
        })
    }
}

/// What the search of one file has shown.
#[derive(Default)]
struct Searched {
    found: Vec<LeakFound>,
    /// How the file was when it was opened, and its bytes; `None`: it could not be looked at.
    read: Option<(Stamp, u64)>,
}

/// Searches the files, the large ones first, each by one thread; the answers stand in the order of the files.
fn search_all(files: &[(String, PathBuf)], written: &Written, threads: usize) -> Vec<Searched> {
    let mut order: Vec<usize> = (0..files.len()).collect();
    let bytes = |at: &usize| fs::symlink_metadata(&files[*at].1).map_or(0, |about| about.len());
    order.sort_by_cached_key(|at| std::cmp::Reverse(bytes(at)));
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        while let Some(&at) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
            let (relative, path) = &files[at];
            done.push((at, search_one(relative, path, written)));
        }
        done
    };
    let mut searched: Vec<Searched> = files.iter().map(|_| Searched::default()).collect();
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads.min(files.len())).map(|_| scope.spawn(work)).collect();
        let mut done = work();
        for other in others {
            done.extend(other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        for (at, one) in done {
            searched[at] = one;
        }
    });
    searched
}

fn search_one(relative: &str, path: &Path, written: &Written) -> Searched {
    let mut found = Vec::new();
    let mut findings = Findings::new(relative, &mut found);
    // The stamp is taken first: a change during the search must show.
    let read = if let Ok(stamp) = stamp(path) {
        Some((stamp, scan_file(path, written.known(relative), &mut findings)))
    } else {
        findings.unreadable(0);
        None
    };
    Searched { found, read }
}

impl Drop for Publication {
    fn drop(&mut self) {
        if !self.published
            && let Err(error) = fs::remove_dir_all(&self.folder)
        {
            tracing::warn!(folder = %self.folder.display(), %error, "an abandoned preparation stays");
        }
    }
}

/// Letters, digits, `-`, `_`, `.`; no `.` first, so that no run hides or climbs.
fn check_run_id(run_id: &str) -> Result<(), Error> {
    let good = run_id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
    if good && !run_id.is_empty() && !run_id.starts_with('.') {
        Ok(())
    } else {
        Err(Error::RunId { run_id: run_id.to_owned() })
    }
}

/// Removes preparations whose process is gone: its lock on the folder went with it.
fn remove_dead(runs: &Path) -> Result<(), Error> {
    for entry in private::entries(runs)? {
        let name = entry.path.file_name().and_then(OsStr::to_str).unwrap_or_default();
        if entry.kind != Kind::Folder || !name.starts_with(PREPARING) {
            continue;
        }
        let folder = File::open(&entry.path).at("open folder", &entry.path)?;
        if !matches!(folder.try_lock(), Err(TryLockError::WouldBlock)) {
            tracing::info!(folder = %entry.path.display(), "removing a dead preparation");
            fs::remove_dir_all(&entry.path).at("remove", &entry.path)?;
        }
    }
    Ok(())
}

/// Points `latest` at the run, in one step: readers see the old run or the new one.
fn move_latest(out: &Path, run_id: &str) -> Result<(), Error> {
    let next = out.join(LATEST_NEXT);
    let latest = out.join(LATEST);
    match fs::remove_file(&next) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(Error::io("remove", &next, error));
        }
        _ => {}
    }
    symlink(Path::new(RUNS).join(run_id), &next).at("link", &next)?;
    fs::rename(&next, &latest).at("move", &latest)?;
    private::sync_folder(out)
}

fn stamp(path: &Path) -> io::Result<Stamp> {
    let metadata = fs::symlink_metadata(path)?;
    Ok(Stamp {
        inode: metadata.ino(),
        bytes: metadata.len(),
        changed: (metadata.ctime(), metadata.ctime_nsec()),
    })
}

#[cfg(test)]
mod tests;
