//! Files and folders that appear whole or not at all.
#![expect(clippy::disallowed_methods, reason = "the one place that makes, syncs and names files")]

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, TempDir};

/// A file under way: private (0600), under a name of its own beside the final one, which it takes only
/// when it is whole and on disk. Dropped before that, it vanishes.
#[derive(Debug)]
pub struct OutputFile {
    file: BufWriter<NamedTempFile>,
    path: PathBuf,
}

impl OutputFile {
    /// Begins a file.
    ///
    /// # Errors
    /// When the folder cannot be written to, or something that is no plain file has the name.
    pub fn create(path: &Path) -> io::Result<OutputFile> {
        // The file takes the place of what is there: never of a folder or, for root, of a device.
        if path.exists() && !path.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no plain file; give the name of a file"));
        }
        let file = tempfile::Builder::new().prefix(".shikaku-").suffix(".part").tempfile_in(folder(path));
        // The error would name the temporary file, which nobody knows.
        let file = file.map_err(|error| io::Error::new(error.kind(), plain(&error)))?;
        Ok(OutputFile { file: BufWriter::new(file), path: path.to_path_buf() })
    }

    /// Brings what was written to the disk, under the temporary name.
    ///
    /// # Errors
    /// When that fails.
    pub fn sync(&mut self) -> io::Result<()> {
        self.file.flush()?;
        self.file.get_ref().as_file().sync_all()
    }

    /// Gives the file its name.
    ///
    /// # Errors
    /// When what was written does not reach the disk.
    pub fn finish(self) -> io::Result<()> {
        let file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.as_file().sync_all()?;
        file.persist(&self.path).map_err(|error| error.error)?;
        // The name is on disk only when the folder is.
        File::open(folder(&self.path))?.sync_all()
    }
}

impl Write for OutputFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// A folder under way, as private (0700) and as shy as [`OutputFile`].
#[derive(Debug)]
pub struct OutputFolder {
    folder: TempDir,
    path: PathBuf,
}

impl OutputFolder {
    /// Begins a folder.
    ///
    /// # Errors
    /// When the folder around it cannot be written to.
    pub fn create(path: &Path) -> io::Result<OutputFolder> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(".shikaku-");
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
        let folder = builder.tempdir_in(folder(path));
        let folder = folder.map_err(|error| io::Error::new(error.kind(), plain(&error)))?;
        Ok(OutputFolder { folder, path: path.to_path_buf() })
    }

    /// Where its files are put.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Gives the folder its name.
    ///
    /// # Errors
    /// When the name is taken, or the folder around it cannot be written to.
    pub fn finish(self) -> io::Result<()> {
        fs::rename(self.folder.path(), &self.path)?;
        let _ = self.folder.keep();
        File::open(folder(&self.path))?.sync_all()
    }
}

/// An error without the paths that it was given on the way.
fn plain(error: &io::Error) -> String {
    error.raw_os_error().map_or_else(|| error.kind().to_string(), |code| io::Error::from_raw_os_error(code).to_string())
}

/// The folder that a file or folder lies in.
pub fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        Some(_) | None => Path::new("."),
    }
}
