//! One face cut down to the glyphs that a file uses, and the dictionaries that describe it.

use lopdf::{Dictionary, Document, Object, ObjectId, Stream};
use sha2::{Digest, Sha256};
use skrifa::instance::{Location, Size};
use skrifa::raw::TableProvider;
use skrifa::raw::types::Tag;
use skrifa::{FontRef, MetadataProvider};
use subsetter::GlyphRemapper;

use crate::font::{FaceId, GlyphId};
use crate::pdf::FontFile;
use crate::pdf::object::{hexadecimal_string, utf16};
use crate::pdf::reach::{FARTHEST, reach};
use crate::pdf::shell::ShellError;
use crate::pdf::usage::Text;

/// The width that /W need not name: a full-width character.
const USUAL_WIDTH: i64 = 1_000_000;

/// A cut-down face. Code and glyph of the cut-down font are the same number.
pub(super) struct Subset {
    /// Which glyph has which code.
    pub(super) codes: Codes,
    /// The cut-down font file.
    pub(super) program: Vec<u8>,
    /// `ABCDEF+Name`; the letters follow from the content.
    name: String,
    /// Thousandths of a thousandth of the em, by code.
    widths: Vec<i64>,
    descriptor: Descriptor,
}

/// Codes of the glyphs of a face, ascending with the glyphs.
pub(super) struct Codes {
    by_glyph: Vec<u16>,
    texts: Vec<Text>,
}

/// What a font descriptor tells, in thousandths of the em.
struct Descriptor {
    ascent: i64,
    descent: i64,
    cap_height: i64,
    bounds: [i64; 4],
    italic_angle: i64,
    stem: i64,
    flags: i64,
}

impl Codes {
    /// The code of a glyph; `None` when the file does not use it.
    pub(super) fn get(&self, glyph: GlyphId) -> Option<u16> {
        self.by_glyph.get(usize::from(glyph.0)).copied().filter(|code| *code != 0)
    }

    /// The text that a code stands for by itself.
    pub(super) fn text(&self, code: u16) -> Text {
        self.texts.get(usize::from(code)).copied().unwrap_or_default()
    }

    /// Whether a code stands for exactly this text by itself.
    pub(super) fn is_for(&self, code: u16, text: &str) -> bool {
        self.texts.get(usize::from(code)).is_some_and(|known| known.is(text))
    }

    /// All codes: 1, 2, 3 …
    pub(super) fn all(&self) -> std::ops::Range<u16> {
        1..u16::try_from(self.texts.len()).unwrap_or(u16::MAX)
    }
}

/// Cuts `file` down to `glyphs`, which ascend.
pub(super) fn subset(
    face: FaceId,
    file: &FontFile,
    glyphs: impl Iterator<Item = (GlyphId, Text)>,
) -> Result<Subset, ShellError> {
    let font = FontRef::from_index(file.data, file.index)
        .map_err(|error| ShellError::Font { face, message: error.to_string() })?;
    let location = font.axes().location(file.axes.iter().map(|(tag, value)| (Tag::new(tag), *value)));
    let metrics = font.metrics(Size::unscaled(), &location);
    let advances = font.glyph_metrics(Size::unscaled(), &location);
    let units = i64::from(metrics.units_per_em);
    if units == 0 {
        return Err(ShellError::Font { face, message: "it has no units per em".into() });
    }
    let mut remapper = GlyphRemapper::new();
    let mut codes = Codes { by_glyph: Vec::new(), texts: vec![Text::default()] };
    let mut widths = vec![USUAL_WIDTH];
    for (glyph, text) in glyphs {
        if glyph.0 == 0 {
            return Err(ShellError::MissingGlyph { face });
        }
        // An instance is drawn anew for embedding, by a writer that trusts its outlines.
        if !file.axes.is_empty() && reach(&font, u32::from(glyph.0).into(), &location).is_none_or(|far| far > FARTHEST)
        {
            return Err(ShellError::Font { face, message: "the outline of a glyph is broken or too large".into() });
        }
        let advance = advances.advance_width(u32::from(glyph.0).into()).ok_or(ShellError::NoSuchGlyph { face })?;
        codes.by_glyph.resize(usize::from(glyph.0) + 1, 0);
        if let Some(code) = codes.by_glyph.last_mut() {
            *code = remapper.remap(glyph.0);
        }
        codes.texts.push(text);
        widths.push((advance.round() as i64 * 1_000_000 + units / 2).div_euclid(units));
    }
    let program = cut(file, &remapper)
        .map_err(|error| ShellError::Font { face, message: format!("it cannot be cut down: {error}") })?;
    let name = format!("{}+{}", tag(&program, file), file.postscript_name);
    Ok(Subset { codes, program, name, widths, descriptor: descriptor(&font, &location) })
}

/// The glyphs of a file; of a variable font, at its place on the axes.
fn cut(file: &FontFile, remapper: &GlyphRemapper) -> Result<Vec<u8>, subsetter::Error> {
    if file.axes.is_empty() {
        return subsetter::subset(file.data, file.index, remapper);
    }
    let axes: Vec<_> = file.axes.iter().map(|(tag, value)| (subsetter::Tag::new(tag), *value)).collect();
    subsetter::subset_with_variations(file.data, file.index, &axes, remapper)
}

/// Six letters that follow from the content.
fn tag(program: &[u8], file: &FontFile) -> String {
    let digest = Sha256::new().chain_update(program).chain_update(file.postscript_name).finalize();
    digest.iter().take(6).map(|byte| char::from(b'A' + byte % 26)).collect()
}

fn descriptor(font: &FontRef, location: &Location) -> Descriptor {
    let metrics = font.metrics(Size::unscaled(), location);
    let scaled = |value: f32| (f64::from(value) * 1000.0 / f64::from(metrics.units_per_em)).round() as i64;
    let bounds = metrics.bounds.map_or([0.0; 4], |bounds| [bounds.x_min, bounds.y_min, bounds.x_max, bounds.y_max]);
    let weight = f64::from(font.attributes().weight.value());
    let panose = font.os2().map(|table| table.panose_10().to_vec()).unwrap_or_default();
    // ISO 32000-1, table 123. Always symbolic: the characters go beyond the standard Latin set.
    let (fixed_pitch, serif, symbolic, italic) = (1, 2, 4, 64);
    let mut flags = symbolic;
    if metrics.is_monospace {
        flags |= fixed_pitch;
    }
    // Latin text (2) with one of the serif styles from cove (2) to triangle (10).
    if panose.first() == Some(&2) && panose.get(1).is_some_and(|style| (2..=10).contains(style)) {
        flags |= serif;
    }
    if metrics.italic_angle != 0.0 {
        flags |= italic;
    }
    Descriptor {
        ascent: scaled(metrics.ascent),
        descent: scaled(metrics.descent),
        cap_height: scaled(metrics.cap_height.unwrap_or(metrics.ascent)),
        bounds: bounds.map(scaled),
        italic_angle: metrics.italic_angle.round() as i64,
        // No table has the stem: the usual estimate from the weight, 88 for 400 and 166 for 700.
        stem: 50 + (weight / 65.0).powi(2).round() as i64,
        flags,
    }
}

/// Corrects the font that printpdf wrote as `id`.
pub(super) fn correct(document: &mut Document, id: ObjectId, subset: &Subset) -> lopdf::Result<()> {
    let name = || Object::Name(subset.name.clone().into_bytes());
    let to_unicode = document.add_object(Stream::new(Dictionary::new(), to_unicode(&subset.codes)));
    let font = document.get_dictionary_mut(id)?;
    font.set("BaseFont", name());
    font.set("ToUnicode", to_unicode);
    let descendants = font.get_mut(b"DescendantFonts")?.as_array_mut()?;
    let descendant = descendants.first_mut().ok_or(lopdf::Error::DictKey("DescendantFonts".into()))?.as_dict_mut()?;
    descendant.set("BaseFont", name());
    descendant.set("DW", USUAL_WIDTH / 1000);
    descendant.set("W", widths(&subset.widths));
    let descriptor = descendant.get(b"FontDescriptor")?.as_reference()?;
    let descriptor = document.get_dictionary_mut(descriptor)?;
    descriptor.set("FontName", name());
    descriptor.set("Flags", subset.descriptor.flags);
    descriptor.set("Ascent", subset.descriptor.ascent);
    descriptor.set("Descent", subset.descriptor.descent);
    descriptor.set("CapHeight", subset.descriptor.cap_height);
    descriptor.set("ItalicAngle", subset.descriptor.italic_angle);
    descriptor.set("StemV", subset.descriptor.stem);
    descriptor.set("FontBBox", subset.descriptor.bounds.map(Object::Integer).to_vec());
    Ok(())
}

/// The /W array: stretches of codes that are not as wide as the usual width.
fn widths(widths: &[i64]) -> Vec<Object> {
    let mut array: Vec<Object> = Vec::new();
    let mut open = false;
    for (code, width) in widths.iter().enumerate().skip(1) {
        if *width == USUAL_WIDTH {
            open = false;
            continue;
        }
        let width = match width % 1000 {
            0 => Object::Integer(width / 1000),
            _ => Object::Real(*width as f32 / 1000.0),
        };
        match array.last_mut() {
            Some(Object::Array(stretch)) if open => stretch.push(width),
            _ => array.extend([Object::Integer(code as i64), Object::Array(vec![width])]),
        }
        open = true;
    }
    array
}

/// The ToUnicode table: one line for every code that has a text, selectors included.
fn to_unicode(codes: &Codes) -> Vec<u8> {
    /// Adobe, Technical Note 5014, CMap and CIDFont Files Specification: at most 100 lines in a block.
    const BLOCK: usize = 100;
    let mut out = Vec::from(
        "/CIDInit/ProcSet findresource begin\n12 dict begin\nbegincmap\n\
         /CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def\n\
         /CMapName/Adobe-Identity-UCS def\n/CMapType 2 def\n\
         1 begincodespacerange\n<0000><FFFF>\nendcodespacerange\n",
    );
    let texts: Vec<(u16, Text)> = codes.all().map(|code| (code, codes.text(code))).collect();
    let lines: Vec<(u16, &str)> = texts.iter().filter_map(|(code, text)| Some((*code, text.as_str()?))).collect();
    for block in lines.chunks(BLOCK) {
        out.extend_from_slice(format!("{} beginbfchar\n", block.len()).as_bytes());
        for (code, text) in block {
            hexadecimal_string(&mut out, &code.to_be_bytes());
            hexadecimal_string(&mut out, &utf16(text));
            out.push(b'\n');
        }
        out.extend_from_slice(b"endbfchar\n");
    }
    out.extend_from_slice(b"endcmap\nCMapName currentdict/CMap defineresource pop\nend\nend");
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::font::synthetic;
    use crate::font::synthetic::Recipe;

    /// The width of glyph 1 in the file that is embedded, as its outline and as its advance, and in the
    /// table of widths, all of an em of 256.
    fn embedded(axes: &[([u8; 4], f32)]) -> (f32, f32, i64) {
        let file = synthetic::file(&Recipe { varies: true, ..Recipe::default() });
        let data = std::fs::read(file.path()).unwrap();
        let file = FontFile { data: &data, index: 0, postscript_name: "Varies", axes };
        let cut = subset(FaceId(0), &file, [(GlyphId(1), Text::default())].into_iter()).unwrap();
        let font = FontRef::new(&cut.program).unwrap();
        assert!(font.axes().is_empty(), "what is embedded does not vary");
        let location = Location::default();
        let metrics = font.glyph_metrics(Size::unscaled(), &location);
        let code = u32::from(cut.codes.get(GlyphId(1)).unwrap());
        let ink = metrics.bounds(code.into()).unwrap();
        (ink.x_max - ink.x_min, metrics.advance_width(code.into()).unwrap(), cut.widths[1] * 256 / 1_000_000)
    }

    #[test]
    fn the_instance_that_is_measured_is_embedded() {
        assert_eq!(embedded(&[(*b"wght", 700.0)]), (384.0, 384.0, 384));
        assert_eq!(embedded(&[(*b"wght", 550.0)]), (320.0, 320.0, 320));
        assert_eq!(embedded(&[(*b"wght", 400.0)]), (256.0, 256.0, 256));
    }
}
