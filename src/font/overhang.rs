//! How far drawings reach beyond their advances.

use std::sync::OnceLock;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::Relaxed;

use crate::font::GlyphId;
use crate::font::face::Face;

/// How far a drawing reaches beyond its advance. *Unit*: thousandths of the em, rounded up. 0: not at all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Overhang {
    /// To the left of where it begins.
    pub left: i32,
    /// To the right of where it ends.
    pub right: i32,
}

/// The overhangs of 256 glyphs, as far as they were asked for.
type Page = Box<[AtomicU32; 256]>;

/// The glyph was looked up. Below stand 15 bits for the left and 16 for the right.
const KNOWN: u32 = 1 << 31;
const RIGHT_BITS: u32 = 16;

/// The overhangs of a face, remembered when they were asked for.
pub(super) struct Overhangs {
    pages: Box<[OnceLock<Page>]>,
}

impl Overhangs {
    pub(super) fn new() -> Overhangs {
        Overhangs { pages: (0..256).map(|_| OnceLock::new()).collect() }
    }

    /// Of a glyph of `face`.
    #[inline]
    pub(super) fn get(&self, face: &Face, glyph: GlyphId) -> Overhang {
        let [page, cell] = glyph.0.to_be_bytes().map(usize::from);
        let Some(page) = self.pages.get(page) else { return Overhang::default() };
        let page = page.get_or_init(|| Box::new([const { AtomicU32::new(0) }; 256]));
        let cell = &page[cell];
        let found = match cell.load(Relaxed) {
            0 => {
                let found = look_up(face, glyph);
                cell.store(found, Relaxed);
                found
            }
            found => found,
        };
        let left = (found & !KNOWN) >> RIGHT_BITS;
        Overhang { left: left as i32, right: (found & 0xFFFF) as i32 }
    }
}

#[cold]
fn look_up(face: &Face, glyph: GlyphId) -> u32 {
    let Some(ink) = face.ink(glyph) else { return KNOWN };
    let em = i64::from(face.units_per_em());
    let left = -(i64::from(ink.left) * 1000).div_euclid(em);
    let right = -(-i64::from(ink.right) * 1000).div_euclid(em) - i64::from(face.width(glyph));
    let (left, right) = (left.clamp(0, 0x7FFF) as u32, right.clamp(0, 0xFFFF) as u32);
    KNOWN | left << RIGHT_BITS | right
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::font::FaceId;
    use crate::font::faces::Faces;
    use crate::font::overhang::Overhang;

    #[test]
    fn what_the_outline_says_is_remembered() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("fonts/noto-latin/NotoSerif-Regular.ttf");
        let faces = Faces::open(&[file]).unwrap();
        let face = faces.get(FaceId(0));
        let mut seen = 0;
        for letter in ('\u{20}'..'\u{17F}').filter(|letter| face.glyph(*letter).is_some()) {
            let glyph = face.glyph(letter).unwrap();
            let found = faces.overhang(FaceId(0), glyph);
            assert_eq!(faces.overhang(FaceId(0), glyph), found);
            let Some(ink) = face.ink(glyph) else {
                assert_eq!(found, Overhang::default());
                continue;
            };
            let em = i32::from(face.units_per_em());
            assert!(found.left * em >= -ink.left * 1000 && (found.left - 1) * em < (-ink.left * 1000).max(0));
            assert!((face.width(glyph) + found.right) * em >= ink.right * 1000);
            seen += found.left + found.right;
        }
        assert!(seen > 0, "some letter of a serif face reaches over");
        assert_eq!(faces.overhang(FaceId(9), face.glyph('f').unwrap()), Overhang::default());
    }
}
