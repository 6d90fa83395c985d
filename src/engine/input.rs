//! Input that can be read twice: the first pass checks everything, the second one prints.
#![expect(clippy::disallowed_methods, reason = "the one place of the crate that opens the records")]

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use sha2::{Digest, Sha256};

/// Where records come from.
#[derive(Debug)]
pub struct Input {
    source: Source,
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
        Input { source: Source::File(path.to_path_buf()) }
    }

    /// Records in memory.
    pub fn bytes(bytes: impl Into<Arc<[u8]>>) -> Input {
        Input { source: Source::Bytes(bytes.into()) }
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
        Ok(Input { source: Source::Spooled(file) })
    }

    /// Opens it from the start. One reader at a time.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn open(&self) -> io::Result<Box<dyn Read + Send + 'static>> {
        match &self.source {
            Source::File(path) => Ok(Box::new(File::open(path)?)),
            Source::Bytes(bytes) => Ok(Box::new(io::Cursor::new(Arc::clone(bytes)))),
            Source::Spooled(file) => {
                let mut file = file.try_clone()?;
                file.seek(SeekFrom::Start(0))?;
                Ok(Box::new(file))
            }
        }
    }
}

/// Hashes what is read through it, so that two passes can be compared.
pub(crate) struct Hashing<R> {
    inner: R,
    hash: Arc<Mutex<Sha256>>,
}

/// The hash of everything that was read.
#[derive(Clone, Default)]
pub(crate) struct Hash(Arc<Mutex<Sha256>>);

impl Hash {
    /// Reads through the hash.
    pub(crate) fn over<R: Read>(&self, inner: R) -> Hashing<R> {
        Hashing { inner, hash: Arc::clone(&self.0) }
    }

    /// What it comes to so far.
    pub(crate) fn value(&self) -> [u8; 32] {
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
