//! One face cut down to the glyphs that a file uses, and the dictionaries that describe it.

use lopdf::{Dictionary, Document, Object, ObjectId, Stream};
use sha2::{Digest, Sha256};
use skrifa::instance::{Location, Size};
use skrifa::raw::TableProvider;
use skrifa::raw::types::Tag;
use skrifa::{FontRef, MetadataProvider};
use subsetter::GlyphRemapper;

use crate::font::face::Face;
use crate::font::{FaceId, GlyphId};
use crate::pdf::object::{hexadecimal_string, integer, utf16};
use crate::pdf::reach::{FARTHEST, reach};
use crate::pdf::shell::ShellError;

/// The width that /W need not name: a full-width character.
const USUAL_WIDTH: i64 = 1_000_000;

/// What the codes in a content stream are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Codes {
    /// Glyph numbers of the whole face: pages do not depend on what is cut, and a table leads from codes to the
    /// glyphs of the cut-down font.
    OfFace,
    /// Glyph numbers of the cut-down font: all that printpdf can write, for plates.
    OfSubset,
}

/// A cut-down face.
pub(super) struct Subset<'a> {
    pub(super) face: &'a Face,
    codes: Codes,
    /// Its glyphs, ascending; in the cut-down font they are numbered 1, 2, 3 …
    pub(super) glyphs: Vec<GlyphId>,
    /// The cut-down font file.
    pub(super) program: Vec<u8>,
    /// `ABCDEF+Name`; the letters follow from the content.
    name: String,
    /// Thousandths of a thousandth of the em, by number in the cut-down font.
    widths: Vec<i64>,
    descriptor: Descriptor,
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

impl Subset<'_> {
    /// The number of a glyph in the cut-down font; `None`: it was not asked for.
    pub(super) fn number(&self, glyph: GlyphId) -> Option<u16> {
        let index = self.glyphs.binary_search(&glyph).ok()?;
        u16::try_from(index + 1).ok()
    }
}

/// Cuts `face` down to `glyphs`, which ascend.
pub(super) fn subset<'a>(
    (id, face): (FaceId, &'a Face),
    glyphs: impl Iterator<Item = GlyphId>,
    codes: Codes,
) -> Result<Subset<'a>, ShellError> {
    let broken = |message: String| ShellError::Font { face: id, message };
    let font = FontRef::from_index(face.data(), face.index()).map_err(|error| broken(error.to_string()))?;
    let location = font.axes().location(face.axes().iter().map(|(tag, value)| (Tag::new(tag), *value)));
    let metrics = font.metrics(Size::unscaled(), &location);
    let advances = font.glyph_metrics(Size::unscaled(), &location);
    let units = i64::from(metrics.units_per_em);
    if units == 0 {
        return Err(broken("it has no units per em".into()));
    }
    let mut remapper = GlyphRemapper::new();
    let glyphs: Vec<GlyphId> = glyphs.collect();
    let mut widths = vec![USUAL_WIDTH];
    for glyph in &glyphs {
        if glyph.0 == 0 {
            return Err(ShellError::MissingGlyph { face: id });
        }
        let number = u32::from(glyph.0).into();
        // An instance is drawn anew for embedding, by a writer that trusts its outlines.
        if !face.axes().is_empty() && reach(&font, number, &location).is_none_or(|far| far > FARTHEST) {
            return Err(broken("the outline of a glyph is broken or too large".into()));
        }
        let advance = advances.advance_width(number).ok_or(ShellError::NoSuchGlyph { face: id })?;
        remapper.remap(glyph.0);
        widths.push((advance.round() as i64 * 1_000_000 + units / 2).div_euclid(units));
    }
    let program = cut(face, &remapper).map_err(|error| broken(format!("it cannot be cut down: {error}")))?;
    let name = format!("{}+{}", tag(&program, face), face.name());
    Ok(Subset { face, codes, glyphs, program, name, widths, descriptor: descriptor(&font, &location) })
}

/// The glyphs of a file; of a variable font, at its place on the axes.
fn cut(face: &Face, remapper: &GlyphRemapper) -> Result<Vec<u8>, subsetter::Error> {
    if face.axes().is_empty() {
        return subsetter::subset(face.data(), face.index(), remapper);
    }
    let axes: Vec<_> = face.axes().iter().map(|(tag, value)| (subsetter::Tag::new(tag), *value)).collect();
    subsetter::subset_with_variations(face.data(), face.index(), &axes, remapper)
}

/// Six letters that follow from the content.
fn tag(program: &[u8], face: &Face) -> String {
    let digest = Sha256::new().chain_update(program).chain_update(face.name()).finalize();
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
    let to_unicode = document.add_object(Stream::new(Dictionary::new(), to_unicode(subset)));
    let encoding = match subset.codes {
        Codes::OfFace => Object::Reference(document.add_object(encoding(subset))),
        Codes::OfSubset => Object::Name(b"Identity-H".to_vec()),
    };
    let font = document.get_dictionary_mut(id)?;
    font.set("BaseFont", name());
    font.set("Encoding", encoding);
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

/// Adobe, Technical Note 5014, CMap and CIDFont Files Specification: at most 100 lines in a block.
const BLOCK: usize = 100;

/// The table that leads from codes to the glyphs of the cut-down font. Its character collection is that of the
/// font beneath, and it refers to no other table, as ISO 19005-2 (6.2.11.3) asks.
fn encoding(subset: &Subset) -> Stream {
    let name = format!("{}-H", subset.name);
    let literal = |text: &str| Object::string_literal(text);
    let collection =
        [("Registry", literal("Adobe")), ("Ordering", literal("Identity")), ("Supplement", Object::Integer(0))];
    let dictionary = [
        ("Type", Object::Name(b"CMap".to_vec())),
        ("CMapName", Object::Name(name.clone().into_bytes())),
        ("CIDSystemInfo", Object::Dictionary(Dictionary::from_iter(collection))),
        ("WMode", Object::Integer(0)),
    ];
    let mut out = format!(
        "/CIDInit/ProcSet findresource begin\n12 dict begin\nbegincmap\n\
         /CIDSystemInfo 3 dict dup begin\n/Registry(Adobe)def\n/Ordering(Identity)def\n/Supplement 0 def\nend def\n\
         /CMapName/{name} def\n/CMapType 1 def\n/WMode 0 def\n\
         1 begincodespacerange\n<0000><FFFF>\nendcodespacerange\n"
    )
    .into_bytes();
    let (ranges, single): (Vec<_>, Vec<_>) =
        stretches(&subset.glyphs).into_iter().partition(|(first, last, _)| first < last);
    block_by_block(&mut out, "cidrange", &ranges, |out, (first, last, number)| {
        hexadecimal_string(out, &first.to_be_bytes());
        hexadecimal_string(out, &last.to_be_bytes());
        integer(out, (*number).into());
    });
    block_by_block(&mut out, "cidchar", &single, |out, (code, _, number)| {
        hexadecimal_string(out, &code.to_be_bytes());
        integer(out, (*number).into());
    });
    out.extend_from_slice(END_OF_TABLE);
    Stream::new(Dictionary::from_iter(dictionary), out)
}

/// The glyphs as stretches without a gap: first and last code, and the number of the first in the cut-down font.
/// Within a stretch only the last byte of the code changes, as such tables ask.
fn stretches(glyphs: &[GlyphId]) -> Vec<(u16, u16, u16)> {
    let mut stretches: Vec<(u16, u16, u16)> = Vec::new();
    for (number, glyph) in (1..).zip(glyphs) {
        match stretches.last_mut() {
            Some((_, last, _)) if *last + 1 == glyph.0 && *last >> 8 == glyph.0 >> 8 => *last = glyph.0,
            Some(_) | None => stretches.push((glyph.0, glyph.0, number)),
        }
    }
    stretches
}

/// The ToUnicode table: one line for every code that has a text, selectors included.
fn to_unicode(subset: &Subset) -> Vec<u8> {
    let mut out = Vec::from(
        "/CIDInit/ProcSet findresource begin\n12 dict begin\nbegincmap\n\
         /CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def\n\
         /CMapName/Adobe-Identity-UCS def\n/CMapType 2 def\n\
         1 begincodespacerange\n<0000><FFFF>\nendcodespacerange\n",
    );
    let texts = subset.face.texts();
    let told = (1..).zip(&subset.glyphs).filter_map(|(number, glyph)| {
        let code = match subset.codes {
            Codes::OfFace => glyph.0,
            Codes::OfSubset => number,
        };
        let text = texts.get(*glyph);
        Some((code, text.character()?, text.selector()))
    });
    let told: Vec<(u16, char, Option<char>)> = told.collect();
    block_by_block(&mut out, "bfchar", &told, |out, (code, character, selector)| {
        hexadecimal_string(out, &code.to_be_bytes());
        hexadecimal_string(out, &utf16([*character].into_iter().chain(*selector)));
    });
    out.extend_from_slice(END_OF_TABLE);
    out
}

const END_OF_TABLE: &[u8] = b"endcmap\nCMapName currentdict/CMap defineresource pop\nend\nend";

/// Writes the lines of a table, a hundred at a time.
fn block_by_block<T>(out: &mut Vec<u8>, kind: &str, lines: &[T], line: impl Fn(&mut Vec<u8>, &T)) {
    for block in lines.chunks(BLOCK) {
        out.extend_from_slice(format!("{} begin{kind}\n", block.len()).as_bytes());
        for one in block {
            line(out, one);
            out.push(b'\n');
        }
        out.extend_from_slice(format!("end{kind}\n").as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::font::faces::Faces;
    use crate::font::source::FontSource;
    use crate::font::synthetic;
    use crate::font::synthetic::Recipe;

    /// The width of glyph 1 in the file that is embedded, as its outline and as its advance, and in the
    /// table of widths, all of an em of 256.
    fn embedded(instance: &str) -> (f32, f32, i64) {
        let file = synthetic::file(&Recipe { varies: true, ..Recipe::default() });
        let source = FontSource { instance: Some(instance.to_owned()), ..FontSource::file(file.path()) };
        let faces = Faces::open_all(&[source]).unwrap();
        let face = (FaceId(0), faces.get(FaceId(0)));
        let cut = subset(face, [GlyphId(1)].into_iter(), Codes::OfFace).unwrap();
        let font = FontRef::new(&cut.program).unwrap();
        assert!(font.axes().is_empty(), "what is embedded does not vary");
        let location = Location::default();
        let metrics = font.glyph_metrics(Size::unscaled(), &location);
        let ink = metrics.bounds(1_u32.into()).unwrap();
        (ink.x_max - ink.x_min, metrics.advance_width(1_u32.into()).unwrap(), cut.widths[1] * 256 / 1_000_000)
    }

    #[test]
    fn the_instance_that_is_measured_is_embedded() {
        assert_eq!(embedded("wght=700"), (384.0, 384.0, 384));
        assert_eq!(embedded("wght=550"), (320.0, 320.0, 320));
        assert_eq!(embedded("wght=400"), (256.0, 256.0, 256));
    }
    #[test]
    fn stretches_end_with_the_last_byte() {
        let glyphs = [1, 2, 3, 7, 0xFE, 0xFF, 0x100, 0x101, 0xFFFF].map(GlyphId);
        let expected = [(1, 3, 1), (7, 7, 4), (0xFE, 0xFF, 5), (0x100, 0x101, 7), (0xFFFF, 0xFFFF, 9)];
        assert_eq!(stretches(&glyphs), expected);
        assert_eq!(stretches(&[]), []);
    }
}
