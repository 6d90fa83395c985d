//! What is read of a font file once, at opening: places of tables, and metrics.

use std::ops::Range;

use skrifa::FontRef;
use skrifa::MetadataProvider;
use skrifa::charmap::MappingIndex;
use skrifa::instance::LocationRef;
use skrifa::instance::Size;
use skrifa::metrics::Metrics;
use skrifa::raw::FileRef;
use skrifa::raw::TableProvider;
use skrifa::raw::types::Tag;
use skrifa::string::StringId;

use crate::font::error::FontProblem;
use crate::font::face::Ink;
use crate::font::face::Outlines;

/// `fsType`: the lowest four bits are the usage permission, and 2 is "restricted".
const USAGE: u16 = 0x000F;
const RESTRICTED: u16 = 0x0002;
const NO_SUBSETTING: u16 = 0x0100;
const BITMAP_ONLY: u16 = 0x0200;

/// What a face knows without reading again.
pub(super) struct Tables {
    pub(super) name: String,
    pub(super) units_per_em: u16,
    pub(super) glyphs: u32,
    pub(super) outlines: Outlines,
    pub(super) metrics: FaceMetrics,
    pub(super) mapping: MappingIndex,
    pub(super) hmtx: Range<usize>,
    pub(super) full_advances: u16,
    /// `loca` and whether its offsets are long; `None` for CFF.
    pub(super) loca: Option<(Range<usize>, bool)>,
}

/// Vertical metrics of a face, in font units.
pub(super) struct FaceMetrics {
    pub(super) ascent: i32,
    pub(super) descent: i32,
    pub(super) cap_height: Option<i32>,
    pub(super) bounds: Ink,
    pub(super) italic_angle: i32,
}

/// Reads and checks the tables.
pub(super) fn read(data: &[u8], stem: &str) -> Result<Tables, FontProblem> {
    let font = match FileRef::new(data) {
        Ok(FileRef::Font(font)) => font,
        Ok(FileRef::Collection(_)) => return Err(FontProblem::Collection),
        Err(_) => return Err(FontProblem::NotAFont),
    };
    whole(&font, data)?;
    permitted(&font)?;
    let head = font.head().map_err(|_| FontProblem::Table("head"))?;
    let units_per_em = head.units_per_em();
    if !(16..=16384).contains(&units_per_em) {
        return Err(FontProblem::UnitsPerEm(units_per_em));
    }
    let glyphs = u32::from(font.maxp().map_err(|_| FontProblem::Table("maxp"))?.num_glyphs());
    let hhea = font.hhea().map_err(|_| FontProblem::Table("hhea"))?;
    let hmtx = range(&font, b"hmtx").ok_or(FontProblem::Table("hmtx"))?;
    let full_advances = hhea.number_of_h_metrics();
    if full_advances == 0 || hmtx.len() < usize::from(full_advances) * 4 {
        return Err(FontProblem::Table("hmtx"));
    }
    if !font.charmap().has_map() {
        return Err(FontProblem::Table("cmap"));
    }
    let (outlines, loca) = match (range(&font, b"glyf"), range(&font, b"loca"), range(&font, b"CFF ")) {
        (Some(_), Some(loca), _) => (Outlines::Glyf, Some((loca, head.index_to_loc_format() == 1))),
        (None, _, Some(_)) => (Outlines::Cff, None),
        (Some(_), None, _) => return Err(FontProblem::Table("loca")),
        (None, _, None) => return Err(FontProblem::Table("glyf")),
    };
    Ok(Tables {
        name: name(&font).unwrap_or_else(|| plain_name(stem)),
        units_per_em,
        glyphs,
        outlines,
        metrics: metrics(&font),
        mapping: MappingIndex::new(&font),
        hmtx,
        full_advances,
        loca,
    })
}

/// Every table lies inside the file: a font that was cut off opens in every parser and then has gaps.
fn whole(font: &FontRef<'_>, data: &[u8]) -> Result<(), FontProblem> {
    for record in font.table_directory().table_records() {
        let end = u64::from(record.offset()) + u64::from(record.length());
        if end > data.len() as u64 {
            return Err(FontProblem::Truncated(record.tag().to_string()));
        }
    }
    Ok(())
}

/// Embedding of a subset is allowed. A font without `OS/2`, such as an issuer's 外字 file, says nothing
/// against it.
fn permitted(font: &FontRef<'_>) -> Result<(), FontProblem> {
    let permission = font.os2().map_or(0, |os2| os2.fs_type());
    if permission & USAGE == RESTRICTED || permission & (NO_SUBSETTING | BITMAP_ONLY) != 0 {
        return Err(FontProblem::Restricted(permission));
    }
    Ok(())
}

fn range(font: &FontRef<'_>, tag: &[u8; 4]) -> Option<Range<usize>> {
    let tag = Tag::new(tag);
    let record = font.table_directory().table_records().iter().find(|record| record.tag() == tag)?;
    let start = record.offset() as usize;
    (record.length() > 0).then(|| start..start + record.length() as usize)
}

fn name(font: &FontRef<'_>) -> Option<String> {
    let found: String = font.localized_strings(StringId::POSTSCRIPT_NAME).english_or_first()?.chars().collect();
    let usable =
        !found.is_empty() && found.bytes().all(|byte| byte.is_ascii_graphic() && !b"[](){}<>/%#".contains(&byte));
    usable.then_some(found)
}

/// The file's name as a PostScript name, for files without one.
fn plain_name(stem: &str) -> String {
    let name: String = stem.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    if name.is_empty() { "Gaiji".to_owned() } else { name }
}

fn metrics(font: &FontRef<'_>) -> FaceMetrics {
    let metrics = Metrics::new(font, Size::unscaled(), LocationRef::default());
    let whole = |value: f32| value.round() as i32;
    let bounds = metrics.bounds.unwrap_or_default();
    FaceMetrics {
        ascent: whole(metrics.ascent),
        descent: whole(metrics.descent),
        cap_height: metrics.cap_height.map(whole).filter(|height| *height > 0),
        bounds: Ink {
            left: whole(bounds.x_min),
            bottom: whole(bounds.y_min),
            right: whole(bounds.x_max),
            top: whole(bounds.y_max),
        },
        italic_angle: whole(metrics.italic_angle * 1000.0),
    }
}
