//! What is read of a font file once, at opening: places of tables, and metrics.

use std::ops::Range;

use skrifa::FontRef;
use skrifa::MetadataProvider;
use skrifa::charmap::MappingIndex;
use skrifa::instance::Size;
use skrifa::metrics::Metrics;
use skrifa::raw::FileRef;
use skrifa::raw::TableProvider;
use skrifa::raw::types::Tag;
use skrifa::string::StringId;

use crate::font::error::FontProblem;
use crate::font::face::Ink;
use crate::font::face::Outlines;
use crate::font::instance;
use crate::font::instance::Instance;
use crate::font::source::FontSource;

/// `fsType`: the lowest four bits are the usage permission, and 2 is "restricted".
const USAGE: u16 = 0x000F;
const RESTRICTED: u16 = 0x0002;
const NO_SUBSETTING: u16 = 0x0100;
const BITMAP_ONLY: u16 = 0x0200;
/// So many fonts of a collection are named in a hint.
const MOST_NAMED: usize = 16;

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
    /// Where TrueType outlines lie; `None` for CFF.
    pub(super) glyf: Option<Glyf>,
    pub(super) instance: Instance,
}

/// Where TrueType outlines lie.
pub(super) struct Glyf {
    pub(super) loca: Range<usize>,
    /// Whether the offsets in `loca` have four bytes.
    pub(super) long: bool,
    pub(super) glyf: Range<usize>,
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
pub(super) fn read(data: &[u8], source: &FontSource) -> Result<Tables, FontProblem> {
    let font = font(data, source.index)?;
    whole(&font, data)?;
    permitted(&font)?;
    let instance = instance::find(&font, source.instance.as_deref())?;
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
    let long = head.index_to_loc_format() == 1;
    let (outlines, glyf) = match (range(&font, b"glyf"), range(&font, b"loca")) {
        (Some(glyf), Some(loca)) => (Outlines::Glyf, Some(Glyf { loca, long, glyf })),
        (Some(_), None) => return Err(FontProblem::Table("loca")),
        (None, _) if range(&font, b"CFF ").is_some() => (Outlines::Cff, None),
        (None, _) if range(&font, b"CFF2").is_some() => (Outlines::Cff2, None),
        (None, _) => return Err(FontProblem::Table("glyf")),
    };
    Ok(Tables {
        name: full_name(&font, source, &instance),
        units_per_em,
        glyphs,
        outlines,
        metrics: metrics(&font, &instance),
        mapping: MappingIndex::new(&font),
        hmtx,
        full_advances,
        glyf,
        instance,
    })
}

/// The face of the file that is meant.
fn font(data: &[u8], asked: Option<u32>) -> Result<FontRef<'_>, FontProblem> {
    match (FileRef::new(data), asked) {
        (Ok(FileRef::Font(font)), None | Some(0)) => Ok(font),
        (Ok(FileRef::Font(_)), Some(asked)) => Err(FontProblem::NoSuchFace { asked, holds: 1 }),
        (Ok(FileRef::Collection(fonts)), Some(asked)) if asked < fonts.len() => {
            fonts.get(asked).map_err(|_| FontProblem::NotAFont)
        }
        (Ok(FileRef::Collection(fonts)), Some(asked)) => Err(FontProblem::NoSuchFace { asked, holds: fonts.len() }),
        (Ok(FileRef::Collection(fonts)), None) => {
            let names = fonts.iter().take(MOST_NAMED).enumerate().filter_map(|(number, font)| {
                let name = name(&font.ok()?).unwrap_or_default();
                Some(format!("#{number} {name}").trim_end().to_owned())
            });
            Err(FontProblem::Collection(names.collect::<Vec<_>>().join(", ")))
        }
        (Err(_), _) => Err(FontProblem::NotAFont),
    }
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
    if permission & USAGE == RESTRICTED {
        return Err(FontProblem::Restricted(permission));
    }
    if permission & NO_SUBSETTING != 0 {
        return Err(FontProblem::NoSubsetting(permission));
    }
    if permission & BITMAP_ONLY != 0 {
        return Err(FontProblem::BitmapsOnly(permission));
    }
    Ok(())
}

fn range(font: &FontRef<'_>, tag: &[u8; 4]) -> Option<Range<usize>> {
    let tag = Tag::new(tag);
    let record = font.table_directory().table_records().iter().find(|record| record.tag() == tag)?;
    let start = record.offset() as usize;
    (record.length() > 0).then(|| start..start + record.length() as usize)
}

/// The PostScript name, of an instance with its own behind it.
fn full_name(font: &FontRef<'_>, source: &FontSource, instance: &Instance) -> String {
    let stem = || plain_name(&source.path.file_stem().unwrap_or_default().to_string_lossy());
    let base = name(font).unwrap_or_else(stem);
    match &instance.suffix {
        Some(suffix) => format!("{}-{suffix}", base.split('-').next().unwrap_or(&base)),
        None => base,
    }
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

fn metrics(font: &FontRef<'_>, instance: &Instance) -> FaceMetrics {
    let metrics = Metrics::new(font, Size::unscaled(), &instance.location);
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
