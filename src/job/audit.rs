//! The audit log of a job: who printed what again, and why. Lines are only ever added, and each carries the SHA-256
//! of the one before, so that none can be changed or taken out without a trace.

use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::job::folder::{append, text};
use crate::job::ticket::sha256_text;

/// The name of the file.
pub const FILE: &str = "audit.jsonl";

/// Something that was done with a job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Act {
    /// `generated` or `reprinted`.
    pub action: String,
    /// When, in UTC: `2026-04-01T09:30:00Z`. Given by whoever calls; the library reads no clock.
    pub at: String,
    /// Who; `None`: not said.
    pub by: Option<String>,
    /// Why; `None`: not said.
    pub why: Option<String>,
    /// Which sheets, as sequence numbers: `1200-1250,4711`. `None`: all.
    pub seq: Option<String>,
    /// How many sheets.
    pub sheets: u64,
    /// How many pages.
    pub pages: u64,
    /// SHA-256 of the file that was made; `None`: those of the job stand in its sums.
    pub sha256: Option<String>,
}

/// A line of the log.
#[derive(Serialize, Deserialize)]
struct Line {
    number: u64,
    #[serde(flatten)]
    act: Act,
    previous: String,
}

/// What is wrong with a log.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// It cannot be read or written.
    #[error("{FILE}: {0}")]
    Io(#[from] io::Error),
    /// A line is not one of ours, or was changed; or one is missing before it.
    #[error("{FILE} line {0} does not follow from the line before: the log was changed")]
    Broken(u64),
    /// There is no log.
    #[error("{FILE} is missing")]
    Missing,
}

/// Adds an act to the log of the job in `folder`.
///
/// # Errors
/// When the log was changed, or cannot be written.
pub fn add(folder: &Path, act: &Act) -> Result<(), AuditError> {
    let (count, previous) = check(folder)?;
    write(folder, &Line { number: count + 1, act: act.clone(), previous })
}

/// Begins a log; its first line hangs on `job.json`.
pub(super) fn begin(folder: &Path, ticket: &[u8], act: &Act) -> Result<(), AuditError> {
    write(folder, &Line { number: 1, act: act.clone(), previous: sha256_text(ticket) })
}

fn write(folder: &Path, line: &Line) -> Result<(), AuditError> {
    let line = serde_json::to_string(line).map_err(io::Error::from)?;
    Ok(append(&folder.join(FILE), &line)?)
}

/// Follows the log from `job.json` to its end: the number of its lines, and what the next one hangs on.
///
/// # Errors
/// When it is missing, unreadable or changed.
pub fn check(folder: &Path) -> Result<(u64, String), AuditError> {
    let ticket = text(&folder.join(crate::job::ticket::FILE))?.unwrap_or_default();
    let log = text(&folder.join(FILE))?.ok_or(AuditError::Missing)?;
    let (mut count, mut previous) = (0, sha256_text(ticket.as_bytes()));
    for line in log.split_inclusive('\n') {
        count += 1;
        let found = line.strip_suffix('\n').and_then(|line| serde_json::from_str::<Line>(line).ok());
        if found.is_none_or(|found| found.number != count || found.previous != previous) {
            return Err(AuditError::Broken(count));
        }
        previous = sha256_text(line.as_bytes());
    }
    if count == 0 { Err(AuditError::Missing) } else { Ok((count, previous)) }
}
