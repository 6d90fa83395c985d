//! The folder of a job while it is under way: beside the final one, private, and locked.
#![expect(clippy::disallowed_methods, reason = "a job is a folder, and making it is what this module is for")]

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::engine::hexadecimal;
use crate::job::error::JobError;

/// What is added to the name of a folder that is under way.
const SUFFIX: &str = ".unfinished";
/// What a process holds that works in the folder; not among the files that are handed over.
const LOCK: &str = ".lock";

/// A job's folder that is under way.
#[derive(Debug)]
pub(super) struct Workplace {
    path: PathBuf,
    target: PathBuf,
    /// Locked as long as it is open.
    _lock: File,
}

/// What stands where a job is to go.
#[derive(Debug)]
pub(super) enum Ground {
    /// A finished job.
    Finished,
    /// A place to work in.
    Open(Workplace),
}

/// The folder in which a job for `target` is under way.
pub(super) fn unfinished(target: &Path) -> PathBuf {
    let mut name = target.file_name().unwrap_or_default().to_owned();
    name.push(SUFFIX);
    target.with_file_name(name)
}

impl Workplace {
    /// Makes the folder, or goes on in the one that an earlier run left.
    ///
    /// # Errors
    /// When something is there that is not expected, or another process works in it.
    pub(super) fn open(target: &Path, resume: bool) -> Result<Ground, JobError> {
        if target.file_name().is_none() {
            return Err(JobError::BadName);
        }
        if target.exists() {
            return match (resume, target.join(crate::job::ticket::FILE).is_file()) {
                (true, true) => Ok(Ground::Finished),
                (true, false) => Err(JobError::NoJob),
                (false, _) => Err(JobError::Exists),
            };
        }
        let path = unfinished(target);
        let there = path.exists();
        if there && !resume {
            return Err(JobError::Unfinished);
        }
        if !there {
            folder(&path)?;
        }
        let lock = OpenOptions::new().create(true).truncate(false).write(true).open(path.join(LOCK))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(fs::TryLockError::WouldBlock) => return Err(JobError::Busy),
            Err(fs::TryLockError::Error(error)) => return Err(error.into()),
        }
        let place = Workplace { path, target: target.to_path_buf(), _lock: lock };
        place.sweep()?;
        if !place.path.join("print").is_dir() {
            folder(&place.path.join("print"))?;
        }
        Ok(Ground::Open(place))
    }

    /// Where its files lie for now.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Removes what a killed run did not finish: files that never got their name.
    fn sweep(&self) -> io::Result<()> {
        for folder in [self.path.clone(), self.path.join("print")] {
            if !folder.is_dir() {
                continue;
            }
            for entry in fs::read_dir(folder)? {
                let entry = entry?;
                if entry.file_name().to_string_lossy().starts_with(".shikaku-") {
                    fs::remove_file(entry.path())?;
                }
            }
        }
        Ok(())
    }

    /// Appends a line to a file, on disk when this returns.
    pub(super) fn append(&self, name: &str, line: &str) -> io::Result<()> {
        append(&self.path.join(name), line)
    }

    /// Removes a file if it is there.
    pub(super) fn remove(&self, name: &str) -> io::Result<()> {
        match fs::remove_file(self.path.join(name)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Removes parts that are not among these.
    pub(super) fn keep_parts(&self, files: &[String]) -> io::Result<()> {
        for entry in fs::read_dir(self.path.join("print"))? {
            let entry = entry?;
            let name = format!("print/{}", entry.file_name().to_string_lossy());
            if !files.contains(&name) {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }

    /// Removes everything: there is nothing to hand over.
    pub(super) fn discard(self) -> io::Result<()> {
        fs::remove_dir_all(&self.path)
    }

    /// Gives the folder its name.
    pub(super) fn finish(self) -> Result<(), JobError> {
        self.remove(LOCK)?;
        for folder in [self.path.join("print"), self.path.clone()] {
            File::open(folder)?.sync_all()?;
        }
        // A rename would replace an empty folder without a word.
        if self.target.exists() {
            return Err(JobError::Exists);
        }
        fs::rename(&self.path, &self.target)?;
        let parent = self.target.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        Ok(File::open(parent)?.sync_all()?)
    }
}

/// Makes a private folder.
fn folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Appends a line to a private file, on disk when this returns.
pub(super) fn append(path: &Path, line: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(format!("{line}\n").as_bytes())?;
    file.sync_all()
}

/// A file as text; `None` when it is not there.
pub(super) fn text(path: &Path) -> io::Result<Option<String>> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Opens a file of a job for reading.
pub(super) fn open(path: &Path) -> io::Result<File> {
    File::open(path)
}

/// SHA-256 and length of a file; `None` when it is not there.
pub(super) fn sum(path: &Path) -> io::Result<Option<(String, u64)>> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let (mut sum, mut chunk, mut length) = (Sha256::new(), vec![0; 1 << 16], 0);
    loop {
        let count = file.read(&mut chunk)?;
        match chunk.get(..count) {
            Some(bytes) if !bytes.is_empty() => sum.update(bytes),
            Some(_) | None => return Ok(Some((hexadecimal(&sum.finalize()), length))),
        }
        length += count as u64;
    }
}

/// Every file below a folder, as paths with `/`, sorted.
pub(super) fn files(folder: &Path) -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    let mut open = vec![String::new()];
    while let Some(below) = open.pop() {
        for entry in fs::read_dir(folder.join(&below))? {
            let entry = entry?;
            let name = format!("{below}{}", entry.file_name().to_string_lossy());
            match entry.file_type()?.is_dir() {
                true => open.push(format!("{name}/")),
                false => found.push(name),
            }
        }
    }
    found.sort();
    Ok(found)
}
