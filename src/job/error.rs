//! Why a job is not made, verified or reprinted from.

use std::io;

use crate::engine::RenderError;
use crate::job::audit::AuditError;
use crate::pdf::shell::ShellError;
use crate::pdf::stamp::StampError;

/// Why there is no job.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// Composing failed.
    #[error("{0}")]
    Run(#[from] RenderError),
    /// The shared part of a PDF cannot be made.
    #[error("{0}")]
    Shell(#[from] ShellError),
    /// A PDF cannot be written.
    #[error("{0}")]
    Stamp(#[from] StampError),
    /// A file or folder cannot be read or written.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// The log cannot be written.
    #[error("{0}")]
    Audit(#[from] AuditError),
    /// The folder is there.
    #[error("the folder exists already; give the name of a new one")]
    Exists,
    /// The name cannot be that of a folder.
    #[error("this is no name for a folder")]
    BadName,
    /// An earlier run did not come to its end.
    #[error("an unfinished job stands beside it (its name ends in .unfinished): go on with --resume, or remove it")]
    Unfinished,
    /// Somebody else works on it.
    #[error("another process works on this job")]
    Busy,
    /// The folder is no job.
    #[error("it is no job: there is no job.json in it")]
    NoJob,
    /// What a reprint would be made from is not what the job was made from.
    #[error("not what the job was made from, so nothing is reprinted: {}", .0.join("; "))]
    Changed(Vec<String>),
    /// A sheet that the job does not have.
    #[error("the job has no sheet {0}; its sheets are 1 to {1}")]
    NoSuchSheet(String, u64),
    /// The number of a sheet has more digits than the template gives it.
    #[error("the template has no room for the number of sheet {0}: give `job.sequence` more digits, or make two jobs")]
    Imprint(u64),
    /// `job.json` cannot be understood.
    #[error("job.json is not the ticket of a job of this version: {0}")]
    Ticket(String),
    /// What is there was made from something else.
    #[error("the unfinished job was made from something else; remove it, or give what it was made from: {}", .0.join("; "))]
    Other(Vec<String>),
}

impl JobError {
    /// A failure of the private file that holds composed pages.
    pub(super) fn spool(error: io::Error) -> JobError {
        JobError::Run(RenderError::Spool(error))
    }
}
