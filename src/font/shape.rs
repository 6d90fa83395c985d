//! Base letters with combining marks that have no code point of their own. The only user of harfrust.

use std::sync::Arc;

use harfrust::Buffer;
use harfrust::BufferFlags;
use harfrust::Feature;
use harfrust::Font;
use harfrust::ShapeOptions;
use harfrust::ShaperFont;
use harfrust::Tag;
use harfrust::shape;
use unicode_normalization::UnicodeNormalization;

use crate::font::GlyphId;
use crate::font::attach::is_attached;
use crate::font::face::Face;

/// A glyph as shaping placed it, in font units.
pub(super) struct Shaped {
    pub(super) glyph: GlyphId,
    pub(super) advance: i32,
    pub(super) right: i32,
    pub(super) up: i32,
}

/// A glyph that stands for a selector the face does not know; seen in the result, it is an error.
const UNKNOWN_SELECTOR: u32 = 0xFFFF;

/// The glyphs of a cluster of a base and combining marks: one ligature, or a base with marks that the
/// face attaches to it. `None` when the face does neither; marks that merely stand beside or are pushed
/// over the base by guesswork are not accepted.
pub(super) fn marks(face: &Face, cluster: &str) -> Option<Vec<Shaped>> {
    let data: Arc<dyn AsRef<[u8]> + Send + Sync> = face.shared();
    let mut font = Font::new(data, face.index())?;
    if !face.axes().is_empty() {
        let axes = face.axes().iter().map(|(tag, value)| (Tag::new(tag), *value));
        font = font.instance_builder().variations(axes).build();
    }
    let mut buffer = Buffer::new();
    buffer.push_str(cluster);
    buffer.guess_segment_properties();
    buffer.set_flags(BufferFlags::DO_NOT_INSERT_DOTTED_CIRCLE | BufferFlags::PRESERVE_DEFAULT_IGNORABLES);
    buffer.set_not_found_variation_selector_glyph(Some(UNKNOWN_SELECTOR));
    let off = [b"liga", b"clig", b"kern"].map(|tag| Feature::new(Tag::new(tag), 0, ..));
    shape(&ShaperFont::new(&font), &mut buffer, ShapeOptions::new().features(&off)).ok()?;
    let shaped = collect(face, &buffer)?;
    is_what_was_asked(face, cluster, &shaped).then_some(shaped)
}

fn collect(face: &Face, buffer: &Buffer) -> Option<Vec<Shaped>> {
    let infos = buffer.glyph_infos().iter();
    infos
        .zip(buffer.glyph_positions())
        .map(|(info, place)| {
            let glyph = GlyphId(u16::try_from(info.glyph_id).ok()?);
            let drawn = glyph.0 != 0 && info.glyph_id != UNKNOWN_SELECTOR && face.has_outline(glyph);
            drawn.then_some(Shaped { glyph, advance: place.x_advance, right: place.x_offset, up: place.y_offset })
        })
        .collect()
}

/// One glyph that is not the bare base, or a base followed by marks without width of their own, for each of
/// which the face has an anchor.
fn is_what_was_asked(face: &Face, cluster: &str, shaped: &[Shaped]) -> bool {
    let bare = cluster.chars().next().and_then(|base| face.glyph(base));
    match shaped {
        [] => false,
        [one] => Some(one.glyph) != bare && one.right == 0 && one.up == 0,
        [base, marks @ ..] => {
            let glyphs: Vec<GlyphId> = shaped.iter().map(|shaped| shaped.glyph).collect();
            let attached = |(number, mark): (usize, &Shaped)| {
                let font = face.font();
                mark.advance == 0 && font.is_some_and(|font| is_attached(&font, &glyphs[..=number], mark.glyph))
            };
            shaped.len() <= cluster.nfd().count() && base.advance > 0 && marks.iter().enumerate().all(attached)
        }
    }
}
