//! An issuer's own font (外字): what it has for private use, checked before a record needs it.
//!
//! A file of the character editor of Windows (`EUDC.TTE`) is a TrueType font without much else than outlines.
//! Whatever it has outside the private-use areas is never asked for.

use skrifa::MetadataProvider;
use skrifa::instance::Size;
use skrifa::outline::DrawSettings;
use skrifa::outline::OutlinePen;

use crate::font::GlyphId;
use crate::font::error::FontError;
use crate::font::error::FontProblem;
use crate::font::face::Face;
use crate::font::scan;

/// What a 外字 font has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stock {
    /// The characters for private use that it draws, ascending.
    pub characters: Vec<char>,
    /// Characters for private use with a blank drawing: they count as missing.
    pub blank: Vec<char>,
    /// How many other characters it has. They are ignored.
    pub ignored: usize,
}

/// Goes through a 外字 font and draws every character for private use.
///
/// # Errors
/// When it has none, or one of them has a broken drawing or no width.
pub fn stock(face: &Face) -> Result<Stock, FontError> {
    let wrong = |problem| FontError { file: face.source().clone(), problem };
    let mut stock = Stock::default();
    for (code, glyph) in face.charmap().into_iter().flat_map(|map| map.mappings()) {
        let Some(character) = char::from_u32(code).filter(|character| scan::is_private(*character)) else {
            stock.ignored += 1;
            continue;
        };
        let Ok(glyph) = u16::try_from(glyph.to_u32()).map(GlyphId) else { continue };
        if glyph.0 == 0 {
            continue;
        }
        if !face.has_outline(glyph) {
            stock.blank.push(character);
            continue;
        }
        check(face, glyph).map_err(|why| wrong(FontProblem::Glyph { character, why }))?;
        stock.characters.push(character);
    }
    stock.characters.sort_unstable();
    stock.characters.dedup();
    if stock.characters.is_empty() { Err(wrong(FontProblem::NoPrivateUse)) } else { Ok(stock) }
}

/// Draws a glyph into the air.
fn check(face: &Face, glyph: GlyphId) -> Result<(), &'static str> {
    if face.width(glyph) <= 0 {
        return Err("it has no width");
    }
    let font = face.font().ok_or("the font cannot be read")?;
    let outline = font.outline_glyphs().get(u32::from(glyph.0).into()).ok_or("it has no outline")?;
    let mut strokes = Strokes(0);
    let settings = DrawSettings::unhinted(Size::unscaled(), face.location());
    outline.draw(settings, &mut strokes).map_err(|_| "its outline is broken")?;
    if strokes.0 == 0 { Err("its outline is empty") } else { Ok(()) }
}

/// Counts the strokes of an outline.
struct Strokes(usize);

impl OutlinePen for Strokes {
    fn move_to(&mut self, _: f32, _: f32) {}

    fn line_to(&mut self, _: f32, _: f32) {
        self.0 += 1;
    }

    fn quad_to(&mut self, _: f32, _: f32, _: f32, _: f32) {
        self.0 += 1;
    }

    fn curve_to(&mut self, _: f32, _: f32, _: f32, _: f32, _: f32, _: f32) {
        self.0 += 1;
    }

    fn close(&mut self) {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::font::FaceId;
    use crate::font::faces::Faces;
    use crate::font::synthetic;
    use crate::font::synthetic::Recipe;

    fn found(recipe: &Recipe) -> Result<Stock, FontProblem> {
        let file = synthetic::file(recipe);
        let faces = Faces::open(&[file.path().to_owned()]).unwrap();
        stock(faces.get(FaceId(0))).map_err(|error| error.problem)
    }

    #[test]
    fn a_font_is_drawn_before_it_is_needed() {
        assert_eq!(found(&Recipe::default()).unwrap().characters, ['\u{E000}']);
        let ordinary = Recipe { character: 0x5C71, ..Recipe::default() };
        assert!(matches!(found(&ordinary), Err(FontProblem::NoPrivateUse)));
        let blank = Recipe { drawn: false, ..Recipe::default() };
        assert!(matches!(found(&blank), Err(FontProblem::NoPrivateUse)));
        let broken = Recipe { points: 0x0400, ..Recipe::default() };
        assert!(matches!(found(&broken), Err(FontProblem::Glyph { character: '\u{E000}', .. })));
        let flat = Recipe { width: 0, ..Recipe::default() };
        assert!(matches!(found(&flat), Err(FontProblem::Glyph { why: "it has no width", .. })));
    }
}
