//! What papers were made from: the pack and the fonts, by their SHA-256.
#![expect(clippy::disallowed_methods, reason = "reads the files of pack and fonts once more, to hash them")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io;
use std::io::Read;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::engine::Engine;
use crate::template::model::Shape;

/// Read at once.
const CHUNK: usize = 1 << 16;

impl Engine {
    /// The SHA-256 of everything that the pack consists of: its own files and those that it inherits, templates,
    /// policies and pictures. Does not depend on where the pack lies.
    ///
    /// # Errors
    /// When a file cannot be read any more.
    pub fn pack_digest(&self) -> io::Result<String> {
        let items = self.pack.papers.iter().flat_map(|paper| &paper.sides).flat_map(|side| &side.items);
        let pictures = items.filter_map(|item| {
            let Shape::Image(image) = &item.shape else { return None };
            Some(image.file.clone())
        });
        let files: BTreeSet<PathBuf> = self.pack.files.iter().cloned().chain(pictures).collect();
        let around = self.pack.folder.parent().unwrap_or(Path::new(""));
        let mut sum = Sha256::new();
        for file in files {
            let name = file.strip_prefix(around).unwrap_or(&file).display().to_string().replace('\\', "/");
            sum.update((name.len() as u64).to_be_bytes());
            sum.update(name);
            sum.update(digest(&file)?);
        }
        Ok(hexadecimal(&sum.finalize()))
    }

    /// The SHA-256 of every font file of the pack, by the name of the file.
    ///
    /// # Errors
    /// When a file cannot be read any more.
    pub fn font_digests(&self) -> io::Result<BTreeMap<String, String>> {
        let chains = self.pack.chains.values().flatten();
        let own = self.pack.gaiji.fonts.iter().map(|font| &font.file);
        let files: BTreeSet<&Path> = chains.chain(own).map(|font| font.path.as_path()).collect();
        let name = |file: &Path| file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        files.into_iter().map(|file| Ok((name(file), hexadecimal(&digest(file)?)))).collect()
    }
}

/// The SHA-256 of a file. Read, not mapped: what was mapped would count as memory of the run.
fn digest(file: &Path) -> io::Result<[u8; 32]> {
    let mut file = File::open(file)?;
    let (mut sum, mut chunk) = (Sha256::new(), vec![0; CHUNK]);
    loop {
        let count = file.read(&mut chunk)?;
        match chunk.get(..count) {
            Some(bytes) if !bytes.is_empty() => sum.update(bytes),
            Some(_) | None => return Ok(sum.finalize().into()),
        }
    }
}

/// Bytes in lower-case hexadecimal digits.
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
