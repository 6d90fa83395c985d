//! Pictures that a template places: seals, logos, maps. Always gray, as all of our ink is.

/// A picture, decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Its width in pixels, at least 1.
    pub width: u32,
    /// Its height in pixels, at least 1.
    pub height: u32,
    /// Its pixels.
    pub pixels: Pixels,
}

/// The pixels of a picture, row by row from the top.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pixels {
    /// One byte a pixel, 0 black to 255 white. Covers what lies beneath.
    Gray(Vec<u8>),
    /// One bit a pixel, the highest bit first, rows padded to whole bytes; 0 is painted in full black
    /// and 1 leaves what lies beneath, so a seal may stand over a name.
    Bilevel(Vec<u8>),
}

/// Why a picture cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// The file is no PNG or JPEG that can be read.
    #[error("not a readable PNG or JPEG: {0}")]
    Unreadable(String),
    /// The picture has colours; the papers are printed in black only.
    #[error("the picture has colours and the papers are printed in black only: convert it to grayscale")]
    Coloured,
    /// The number of pixels does not match width and height.
    #[error("{width} by {height} pixels need {expected} bytes, {given} were given")]
    Size {
        /// The width in pixels.
        width: u32,
        /// The height in pixels.
        height: u32,
        /// Bytes that these need.
        expected: u64,
        /// Bytes that there are.
        given: u64,
    },
}

impl Picture {
    /// Reads a PNG or JPEG. Colours are refused, not converted: how dark a red seal prints in black
    /// is for a person to decide. Transparency is laid on white. A picture of only black and white
    /// becomes [`Pixels::Bilevel`].
    ///
    /// # Errors
    /// When the file cannot be read or a pixel has a colour.
    pub fn read(file: &[u8]) -> Result<Picture, PictureError> {
        let decoded = image::load_from_memory(file).map_err(|error| PictureError::Unreadable(error.to_string()))?;
        let decoded = decoded.into_rgba8();
        let (width, height) = decoded.dimensions();
        let mut gray = Vec::with_capacity(decoded.len() / 4);
        for pixel in decoded.pixels() {
            let [red, green, blue, opacity] = pixel.0.map(u32::from);
            if opacity > 0 && (red != green || green != blue) {
                return Err(PictureError::Coloured);
            }
            gray.push(((red * opacity + 255 * (255 - opacity) + 127) / 255) as u8);
        }
        let pixels = match gray.iter().all(|pixel| matches!(pixel, 0 | 255)) {
            true => Pixels::Bilevel(packed(&gray, width as usize)),
            false => Pixels::Gray(gray),
        };
        Ok(Picture { width, height, pixels })
    }

    /// Whether there are as many pixels as width and height say.
    ///
    /// # Errors
    /// [`PictureError::Size`] when there are not, or when there are none.
    pub fn check(&self) -> Result<(), PictureError> {
        let (width, height) = (u64::from(self.width), u64::from(self.height));
        let (expected, given) = match &self.pixels {
            Pixels::Gray(bytes) => (width * height, bytes.len() as u64),
            Pixels::Bilevel(bytes) => (width.div_ceil(8) * height, bytes.len() as u64),
        };
        match expected == given && expected > 0 {
            true => Ok(()),
            false => Err(PictureError::Size { width: self.width, height: self.height, expected, given }),
        }
    }
}

fn packed(gray: &[u8], width: usize) -> Vec<u8> {
    let byte = |pixels: &[u8]| (0..).zip(pixels).fold(0, |byte, (at, pixel)| byte | ((pixel & 1) << (7 - at)));
    gray.chunks(width.max(1)).flat_map(|row| row.chunks(8).map(byte)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{DynamicImage, ImageFormat, Rgba, RgbaImage};

    fn png(pixels: &[[u8; 4]]) -> Vec<u8> {
        let image = RgbaImage::from_fn(pixels.len() as u32, 1, |x, _| Rgba(pixels[x as usize]));
        let mut out = std::io::Cursor::new(Vec::new());
        DynamicImage::ImageRgba8(image).write_to(&mut out, ImageFormat::Png).unwrap();
        out.into_inner()
    }

    #[test]
    fn black_and_white_becomes_bits() {
        let mut row = vec![[0, 0, 0, 255]; 9];
        row[8] = [9, 200, 30, 0];
        let picture = Picture::read(&png(&row)).unwrap();
        assert_eq!(picture.pixels, Pixels::Bilevel(vec![0b0000_0000, 0b1000_0000]));
        picture.check().unwrap();
    }

    #[test]
    fn gray_stays_and_colours_are_refused() {
        let picture = Picture::read(&png(&[[100, 100, 100, 255], [0, 0, 0, 128]])).unwrap();
        assert_eq!(picture.pixels, Pixels::Gray(vec![100, 127]));
        assert!(matches!(Picture::read(&png(&[[200, 0, 0, 255]])), Err(PictureError::Coloured)));
        assert!(matches!(Picture::read(b"no picture"), Err(PictureError::Unreadable(_))));
        let short = Picture { width: 2, height: 2, pixels: Pixels::Gray(vec![0; 3]) };
        assert!(matches!(short.check(), Err(PictureError::Size { expected: 4, given: 3, .. })));
    }
}
