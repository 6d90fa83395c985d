//! The faces of a pack.

use std::path::PathBuf;

use crate::font::FaceId;
use crate::font::error::FontError;
use crate::font::error::FontProblem;
use crate::font::face::Face;

/// The faces of a pack, by number. `Send` and `Sync`; what they look up they remember.
#[derive(Debug, Default)]
pub struct Faces {
    faces: Vec<Face>,
}

impl Faces {
    /// Maps the files: the first becomes [`FaceId`]`(0)`, and so on.
    ///
    /// # Errors
    /// The first file that cannot be used, why, and what to do.
    pub fn open(files: &[PathBuf]) -> Result<Faces, FontError> {
        if let Some(path) = files.get(usize::from(u16::MAX)) {
            return Err(FontError { path: path.clone(), problem: FontProblem::TooMany });
        }
        let faces = files.iter().map(|path| Face::open(path)).collect::<Result<_, _>>()?;
        Ok(Faces { faces })
    }

    /// A face.
    ///
    /// # Panics
    /// When the number was not given by these `Faces`.
    pub fn get(&self, id: FaceId) -> &Face {
        &self.faces[usize::from(id.0)]
    }

    /// All faces with their numbers, in order.
    pub fn iter(&self) -> impl Iterator<Item = (FaceId, &Face)> {
        self.faces.iter().enumerate().map(|(number, face)| (FaceId(number as u16), face))
    }
}
