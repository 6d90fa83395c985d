//! Where records come from.
#![expect(clippy::disallowed_methods, reason = "the one place of the crate that opens the records")]

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use sha2::{Digest, Sha256};

/// Where records come from.
#[derive(Debug)]
pub struct Input {
    source: Source,
    /// Bytes that the last reader took.
    taken: Arc<AtomicU64>,
}

#[derive(Debug)]
enum Source {
    File(PathBuf),
    Bytes(Arc<[u8]>),
    Spooled(File),
}

impl Input {
    /// A file, opened anew for each pass.
    pub fn file(path: &Path) -> Input {
        Input::of(Source::File(path.to_path_buf()))
    }

    /// Records in memory.
    pub fn bytes(bytes: impl Into<Arc<[u8]>>) -> Input {
        Input::of(Source::Bytes(bytes.into()))
    }

    /// A pipe: spooled to a private file without a name, which vanishes with the process, whatever
    /// happens to it.
    ///
    /// # Errors
    /// When reading or spooling fails.
    pub fn spool(mut pipe: impl Read) -> io::Result<Input> {
        let mut file = tempfile::tempfile()?;
        io::copy(&mut pipe, &mut file)?;
        file.flush()?;
        Ok(Input::of(Source::Spooled(file)))
    }

    fn of(source: Source) -> Input {
        Input { source, taken: Arc::default() }
    }

    /// Opens it from the start. One reader at a time.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn open(&self) -> io::Result<Box<dyn Read + Send + 'static>> {
        self.taken.store(0, Ordering::Relaxed);
        let taken = Arc::clone(&self.taken);
        match &self.source {
            Source::File(path) => Ok(Box::new(Counting { inner: File::open(path)?, taken })),
            Source::Bytes(bytes) => Ok(Box::new(Counting { inner: io::Cursor::new(Arc::clone(bytes)), taken })),
            Source::Spooled(file) => {
                let mut file = file.try_clone()?;
                file.seek(SeekFrom::Start(0))?;
                Ok(Box::new(Counting { inner: file, taken }))
            }
        }
    }

    /// How much of it the last reader has taken. *Range*: 0 to 1. `None`: its length is not known.
    pub fn share(&self) -> Option<f64> {
        let length = match &self.source {
            Source::File(path) => std::fs::metadata(path).ok()?.len(),
            Source::Bytes(bytes) => bytes.len() as u64,
            Source::Spooled(file) => file.metadata().ok()?.len(),
        };
        let share = self.taken.load(Ordering::Relaxed) as f64 / length as f64;
        share.is_finite().then_some(share.min(1.0))
    }
}

/// Reads, and counts the bytes.
struct Counting<R> {
    inner: R,
    taken: Arc<AtomicU64>,
}

impl<R: Read> Read for Counting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.taken.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

/// Reads, and hashes what is read.
struct Hashing<R> {
    inner: R,
    hash: Arc<Mutex<Sha256>>,
}

/// The SHA-256 of everything that was read, to tell later whether an input is still the same.
#[derive(Clone, Debug, Default)]
pub struct Hash(Arc<Mutex<Sha256>>);

impl Hash {
    /// Reads through the hash.
    pub(crate) fn over<R: Read + Send + 'static>(&self, inner: R) -> impl Read + Send + 'static + use<R> {
        Hashing { inner, hash: Arc::clone(&self.0) }
    }

    /// What it comes to so far.
    pub fn value(&self) -> [u8; 32] {
        let hash = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        hash.clone().finalize().into()
    }
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        let mut hash = self.hash.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        hash.update(buffer.get(..count).unwrap_or_default());
        Ok(count)
    }
}
