//! The pictures of a pack.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::base::geometry::Rect;
use crate::pdf::picture::Picture;

/// The pictures of a pack, each read once.
#[derive(Default)]
pub(super) struct Gallery {
    pub(super) pictures: Vec<Picture>,
    numbers: BTreeMap<PathBuf, usize>,
}

impl Gallery {
    /// The number of a picture that fits a place.
    ///
    /// # Errors
    /// When it cannot be read, or has another shape than the place.
    pub(super) fn number(&mut self, file: &Path, rect: Rect) -> Result<usize, String> {
        let number = match self.numbers.get(file) {
            Some(number) => *number,
            None => {
                #[expect(clippy::disallowed_methods, reason = "pictures are read once, when the pack is opened")]
                let bytes = std::fs::read(file).map_err(|error| format!("cannot read {}: {error}", file.display()))?;
                let picture = Picture::read(&bytes).map_err(|error| format!("{}: {error}", file.display()))?;
                self.numbers.insert(file.to_path_buf(), self.pictures.len());
                self.pictures.push(picture);
                self.pictures.len() - 1
            }
        };
        let picture = self.pictures.get(number).ok_or("the picture is lost")?;
        let wide = i128::from(rect.size.width.to_units()) * i128::from(picture.height);
        let high = i128::from(rect.size.height.to_units()) * i128::from(picture.width);
        if (wide - high).abs() * 100 > wide.max(high) {
            let size = format!("{} × {} pixels", picture.width, picture.height);
            return Err(format!("the picture has {size}: another shape than its place, so it would be distorted"));
        }
        Ok(number)
    }
}
