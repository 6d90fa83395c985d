//! Proving a job's folder against its sums and counts.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;

use csv::{Reader, ReaderBuilder};
use serde::Deserialize;

use crate::job::audit;
use crate::job::error::JobError;
use crate::job::folder;
use crate::job::lists::{HELD, MANIFEST, REJECTS};
use crate::job::run::SUMS;
use crate::job::ticket::{self, Ticket};

/// What was found out about a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The number of the job.
    pub job: String,
    /// Files that were compared with their sums.
    pub files: u64,
    /// Sheets of the manifest.
    pub sheets: u64,
    /// Pages of the parts.
    pub pages: u64,
    /// Lines of the log.
    pub acts: u64,
    /// What is wrong; empty: the folder is what was made.
    pub problems: Vec<String>,
}

/// A line of the manifest.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Line {
    pub(super) seq: u64,
    pub(super) part: String,
    pub(super) first_page: u64,
    pub(super) pages: u64,
    pub(super) group: String,
    #[serde(rename = "group_incomplete")]
    _group_incomplete: String,
    pub(super) record_id: String,
    #[serde(rename = "postcode")]
    _postcode: String,
    #[serde(rename = "control_code")]
    _control_code: String,
    pub(super) status: String,
}

/// The lines of the manifest of the job in `folder`.
pub(super) fn manifest(folder: &Path) -> Result<impl Iterator<Item = Result<Line, JobError>>, JobError> {
    let broken = |error: csv::Error| JobError::Ticket(format!("{MANIFEST}: {}", kind(&error)));
    Ok(reader(folder, MANIFEST)?.into_deserialize().map(move |line| line.map_err(broken)))
}

fn reader(folder: &Path, name: &str) -> io::Result<Reader<std::fs::File>> {
    Ok(ReaderBuilder::new().from_reader(folder::open(&folder.join(name))?))
}

/// What is wrong with a list, without its content.
fn kind(error: &csv::Error) -> String {
    let line = error.position().map_or(0, csv::Position::line);
    format!("line {line} is not as it was written")
}

/// Compares every file with its sum and every count with what it counts.
///
/// # Errors
/// When the folder is no job, or cannot be read.
pub fn verify(folder: &Path) -> Result<Verdict, JobError> {
    let ticket = ticket::read(folder)?;
    let (job, problems) = (ticket.job.clone(), Vec::new());
    let mut verdict = Verdict { job, files: 0, sheets: 0, pages: 0, acts: 0, problems };
    verdict.sums(folder)?;
    if verdict.problems.is_empty() {
        verdict.counts(folder, &ticket)?;
    }
    match audit::check(folder) {
        Ok((acts, _)) => verdict.acts = acts,
        Err(error) => verdict.problems.push(error.to_string()),
    }
    Ok(verdict)
}

impl Verdict {
    fn sums(&mut self, folder: &Path) -> Result<(), JobError> {
        let Some(sums) = folder::text(&folder.join(SUMS))? else {
            self.problems.push(format!("{SUMS} is missing"));
            return Ok(());
        };
        let mut named = BTreeSet::from([SUMS.to_owned(), audit::FILE.to_owned()]);
        for line in sums.lines() {
            let Some((sum, file)) = line.split_once("  ").filter(|(_, file)| is_inside(file)) else {
                self.problems.push(format!("{SUMS} has a line that is no sum"));
                continue;
            };
            match folder::sum(&folder.join(file))? {
                None => self.problems.push(format!("{file} is missing")),
                Some((found, _)) if found != sum => self.problems.push(format!("{file} is not as it was made")),
                Some(_) => self.files += 1,
            }
            named.insert(file.to_owned());
        }
        let more = folder::files(folder)?.into_iter().filter(|file| !named.contains(file));
        self.problems.extend(more.map(|file| format!("{file} does not belong to the job")));
        Ok(())
    }

    fn counts(&mut self, folder: &Path, ticket: &Ticket) -> Result<(), JobError> {
        let mut parts: BTreeMap<String, (u64, u64)> = BTreeMap::new();
        let mut pulled = 0;
        for line in manifest(folder)? {
            let line = line?;
            self.sheets += 1;
            self.pages += line.pages;
            pulled += u64::from(line.status == "pulled");
            let (sheets, pages) = parts.entry(line.part).or_default();
            if line.seq != self.sheets || line.first_page != *pages + 1 {
                self.problems.push(format!("{MANIFEST}: the line of sheet {} does not follow", line.seq));
            }
            (*sheets, *pages) = (*sheets + 1, *pages + line.pages);
        }
        for part in &ticket.parts {
            if parts.remove(&part.file) != Some((part.sheets, part.pages)) {
                self.problems.push(format!("{}: manifest and job.json count it differently", part.file));
            }
        }
        self.problems.extend(parts.into_keys().map(|file| format!("{file}: job.json does not know it")));
        let counts = &ticket.counts;
        let lines = |name: &str| Ok::<u64, JobError>(reader(folder, name)?.records().count() as u64);
        for (what, counted, found) in [
            ("printed", counts.printed, self.sheets - pulled.min(self.sheets)),
            ("pulled", counts.pulled, pulled),
            ("pages", counts.pages, self.pages),
            ("rejected", counts.rejected, lines(REJECTS)?),
            ("held", counts.held, lines(HELD)?),
        ] {
            if counted != found {
                self.problems.push(format!("{what}: job.json counts {counted}, the lists have {found}"));
            }
        }
        if !counts.reconcile() {
            self.problems.push("the counts of job.json do not add up to its records".to_owned());
        }
        Ok(())
    }
}

/// Whether a name leads to a file below the folder, and nowhere else.
fn is_inside(file: &str) -> bool {
    !file.is_empty() && file.split('/').all(|name| !name.is_empty() && name != "." && name != "..")
}
