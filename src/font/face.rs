//! One face: its metrics, and which glyph a character or a sequence has in it.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::AtomicU8;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::Relaxed;

use memmap2::Mmap;
use skrifa::FontRef;
use skrifa::MetadataProvider;
use skrifa::charmap::Charmap;
use skrifa::charmap::MapVariant;
use skrifa::instance::Location;
use skrifa::instance::Size;
use skrifa::metrics::GlyphMetrics;

use crate::font::GlyphId;
use crate::font::error::FontError;
use crate::font::error::FontProblem;
use crate::font::map;
use crate::font::overhang::Overhang;
use crate::font::overhang::Overhangs;
use crate::font::scan;
use crate::font::source::FontSource;
use crate::font::tables;
use crate::font::tables::Glyf;
use crate::font::tables::Tables;
use crate::font::texts::Texts;
use crate::font::vertical;

/// How the outlines are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outlines {
    /// TrueType, `glyf`.
    Glyf,
    /// PostScript, `CFF`.
    Cff,
    /// PostScript that varies, `CFF2`; embedded as TrueType.
    Cff2,
}

/// The box around a drawing. *Unit*: font units, y upwards from the baseline.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ink {
    /// The left edge.
    pub left: i32,
    /// The lower edge.
    pub bottom: i32,
    /// The right edge.
    pub right: i32,
    /// The upper edge.
    pub top: i32,
}

/// What a face knows of a variation sequence (character and selector).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variant {
    /// The sequence is listed as the character's own glyph.
    Default(GlyphId),
    /// The sequence has a glyph of its own.
    Own(GlyphId),
    /// The face does not know the sequence, whether or not it has the character.
    None,
}

/// A mapped font file. Cheap to open: tables are read where they lie, when they are needed.
pub struct Face {
    data: Arc<Mmap>,
    file: FontSource,
    tables: Tables,
    basic: OnceLock<Box<[AtomicU32]>>,
    drawn: OnceLock<Box<[AtomicU8]>>,
    vietnamese: OnceLock<bool>,
    overhangs: Overhangs,
    vertical: OnceLock<vertical::Forms>,
    texts: OnceLock<Texts>,
}

/// For each character of the basic plane that was asked for: the glyph, above it the width, above that what is known.
/// Four bytes, so that the characters of a run stay near the processor.
const BASIC: u32 = 1 << 16;
const WIDTH_SHIFT: u32 = 16;
const WIDTH_BITS: u32 = 14;
/// The character was looked up.
const KNOWN: u32 = 1 << 30;
/// The face has it, it stands for itself in every text (see [`scan::is_unremarkable`]), and its glyph stands for it
/// and for nothing else (see [`Face::texts`]).
const UNREMARKABLE: u32 = 1 << 31;
const BLANK: u8 = 1;
const DRAWN: u8 = 2;

/// The letters that Vietnamese has to itself: all of them or the face is not for Vietnamese.
const VIETNAMESE: std::ops::RangeInclusive<char> = '\u{1EA0}'..='\u{1EF9}';

impl Face {
    /// Maps a file and checks it: all tables inside the file, a character map, outlines, units per em,
    /// and the permission to embed.
    pub(super) fn open(file: &FontSource) -> Result<Face, FontError> {
        let wrong = |problem| FontError { file: file.clone(), problem };
        let data = map::map(&file.path).map_err(|error| wrong(FontProblem::Read(error)))?;
        let tables = tables::read(&data, file).map_err(wrong)?;
        Ok(Face {
            data: Arc::new(data),
            file: file.clone(),
            tables,
            basic: OnceLock::new(),
            drawn: OnceLock::new(),
            vietnamese: OnceLock::new(),
            overhangs: Overhangs::new(),
            vertical: OnceLock::new(),
            texts: OnceLock::new(),
        })
    }

    /// The PostScript name; for a file without one, the ASCII letters and digits of its file name.
    pub fn name(&self) -> &str {
        &self.tables.name
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.file.path
    }

    /// The file, and which face of it this is.
    pub fn source(&self) -> &FontSource {
        &self.file
    }

    /// The whole file, mapped.
    pub fn data(&self) -> &[u8] {
        &self.data
    }

    /// The number of the face within its file; 0 for a file of one face.
    pub fn index(&self) -> u32 {
        self.file.index.unwrap_or(0)
    }

    /// The axes of a variable font and where this instance stands on them; empty for other fonts.
    pub fn axes(&self) -> &[([u8; 4], f32)] {
        &self.tables.instance.axes
    }

    /// The font as its reader sees it. It was readable when the face was opened.
    pub(super) fn font(&self) -> Option<FontRef<'_>> {
        FontRef::from_index(&self.data, self.index()).ok()
    }

    /// Metrics of glyphs, of this instance.
    fn glyph_metrics(&self) -> Option<GlyphMetrics<'_>> {
        Some(self.font()?.glyph_metrics(Size::unscaled(), &self.tables.instance.location))
    }

    /// The outlines, of this instance.
    pub(super) fn location(&self) -> &Location {
        &self.tables.instance.location
    }

    /// The mapping itself, for readers that keep it.
    pub(super) fn shared(&self) -> Arc<Mmap> {
        Arc::clone(&self.data)
    }

    /// Font units to the em, 16 to 16384.
    pub fn units_per_em(&self) -> u16 {
        self.tables.units_per_em
    }

    /// How many glyphs the face has, the missing glyph included.
    pub fn glyph_count(&self) -> u32 {
        self.tables.glyphs
    }

    /// How the outlines are stored.
    pub fn outlines(&self) -> Outlines {
        self.tables.outlines
    }

    /// The top of the face above the baseline. *Unit*: font units.
    pub fn ascent(&self) -> i32 {
        self.tables.metrics.ascent
    }

    /// The bottom of the face, negative below the baseline. *Unit*: font units.
    pub fn descent(&self) -> i32 {
        self.tables.metrics.descent
    }

    /// The height of capital letters and figures. *Unit*: font units. Of a face that does not state it,
    /// the height of its H; of one without H, seven tenths of the em.
    pub fn cap_height(&self) -> i32 {
        self.tables
            .metrics
            .cap_height
            .or_else(|| Some(self.ink(self.glyph('H')?)?.top))
            .unwrap_or(i32::from(self.tables.units_per_em) * 7 / 10)
    }

    /// The box around all glyphs together.
    pub fn bounds(&self) -> Ink {
        self.tables.metrics.bounds
    }

    /// The slope. *Unit*: thousandths of a degree, counter-clockwise; 0 is upright.
    pub fn italic_angle(&self) -> i32 {
        self.tables.metrics.italic_angle
    }

    /// The glyph of a character: from the character map, never glyph 0, and never a blank one for a
    /// character that is not white space.
    pub fn glyph(&self, character: char) -> Option<GlyphId> {
        let Some(entry) = self.entry(character) else { return self.look_up(character) };
        Some(GlyphId(entry as u16)).filter(|glyph| glyph.0 != 0)
    }

    /// The glyph of a character with its width, for what most texts consist of: characters that stand for
    /// themselves whatever their neighbours, in which there is nothing to look at, and whose glyphs' own text
    /// they are. `None`: the character is another one, or the face does not have it.
    #[inline]
    pub(crate) fn unremarkable(&self, character: char) -> Option<(GlyphId, i32)> {
        let entry = self.entry(character).filter(|entry| entry & UNREMARKABLE != 0)?;
        Some((GlyphId(entry as u16), (entry >> WIDTH_SHIFT & ((1 << WIDTH_BITS) - 1)) as i32))
    }

    /// What is remembered of a character of the basic plane; `None` for the others.
    #[inline]
    fn entry(&self, character: char) -> Option<u32> {
        let cells = self.basic.get_or_init(|| (0..BASIC).map(|_| AtomicU32::new(0)).collect());
        let cell = cells.get(character as usize)?;
        match cell.load(Relaxed) {
            0 => {
                let entry = self.new_entry(character);
                cell.store(entry, Relaxed);
                Some(entry)
            }
            entry => Some(entry),
        }
    }

    #[cold]
    fn new_entry(&self, character: char) -> u32 {
        let Some(glyph) = self.look_up(character) else { return KNOWN };
        let known = KNOWN | u32::from(glyph.0);
        match u32::try_from(self.width(glyph)) {
            Ok(width) if width >> WIDTH_BITS == 0 && self.is_unremarkable(character, glyph) => {
                known | UNREMARKABLE | width << WIDTH_SHIFT
            }
            Ok(_) | Err(_) => known,
        }
    }

    fn is_unremarkable(&self, character: char, glyph: GlyphId) -> bool {
        scan::is_unremarkable(character) && self.texts().get(glyph).is_character(character)
    }

    fn look_up(&self, character: char) -> Option<GlyphId> {
        let map = self.charmap()?;
        // For a symbol font a reader of fonts takes the sign U+F041 where the letter A was asked for.
        if map.is_symbol() && character <= '\u{FF}' {
            return None;
        }
        let glyph = self.number(map.map(character)?)?;
        (character.is_whitespace() || self.has_outline(glyph)).then_some(glyph)
    }

    /// The glyph of a variation sequence, from `cmap` format 14.
    pub fn variant(&self, character: char, selector: char) -> Variant {
        let Some(found) = self.charmap().and_then(|map| map.map_variant(character, selector)) else {
            return Variant::None;
        };
        match found {
            MapVariant::UseDefault => self.glyph(character).map_or(Variant::None, Variant::Default),
            MapVariant::Variant(glyph) => {
                self.number(glyph).filter(|glyph| self.has_outline(*glyph)).map_or(Variant::None, Variant::Own)
            }
        }
    }

    /// Whether the face has every letter that Vietnamese has to itself (U+1EA0–1EF9).
    pub fn is_for_vietnamese(&self) -> bool {
        *self.vietnamese.get_or_init(|| VIETNAMESE.into_iter().all(|letter| self.glyph(letter).is_some()))
    }

    /// The advance width. *Unit*: font units.
    pub fn advance(&self, glyph: GlyphId) -> u16 {
        if !self.axes().is_empty() {
            let advance = self.glyph_metrics().and_then(|metrics| metrics.advance_width(wide(glyph)));
            return advance.unwrap_or_default().round() as u16;
        }
        let record = glyph.0.min(self.tables.full_advances - 1);
        let at = self.tables.hmtx.start + usize::from(record) * 4;
        self.data.get(at..at + 2).map_or(0, |bytes| u16::from_be_bytes([bytes[0], bytes[1]]))
    }

    /// The advance width in thousandths of the em, rounded to the nearest. These are the widths that a
    /// PDF states for the glyph (ISO 32000-1, 9.7.4.3, `W`) and those that lengths of texts are summed
    /// from, so that both agree exactly.
    pub fn width(&self, glyph: GlyphId) -> i32 {
        self.to_thousandths(i32::from(self.advance(glyph)))
    }

    /// Font units as thousandths of the em, rounded to the nearest.
    pub fn to_thousandths(&self, units: i32) -> i32 {
        let em = i64::from(self.tables.units_per_em);
        ((i64::from(units) * 2000 + em).div_euclid(2 * em)) as i32
    }

    /// The box around what the glyph draws; `None` when it draws nothing.
    pub fn ink(&self, glyph: GlyphId) -> Option<Ink> {
        if !self.has_outline(glyph) {
            return None;
        }
        let bounds = self.glyph_metrics()?.bounds(wide(glyph))?;
        Some(Ink {
            left: bounds.x_min.floor() as i32,
            bottom: bounds.y_min.floor() as i32,
            right: bounds.x_max.ceil() as i32,
            top: bounds.y_max.ceil() as i32,
        })
    }

    /// The form that a glyph takes in vertical setting; `None`: the face has none of its own for it.
    pub fn vertical(&self, glyph: GlyphId) -> Option<GlyphId> {
        vertical::form(self.vertical.get_or_init(|| vertical::forms(self.data())), glyph)
    }

    /// The text that each glyph stands for by itself; read from the character map when it is first asked for.
    pub fn texts(&self) -> &Texts {
        self.texts.get_or_init(|| Texts::new(self.charmap().as_ref(), self.tables.glyphs))
    }

    /// How far the drawing of the glyph reaches beyond its advance.
    #[inline]
    pub fn overhang(&self, glyph: GlyphId) -> Overhang {
        self.overhangs.get(self, glyph)
    }

    /// Whether the glyph draws anything.
    pub fn has_outline(&self, glyph: GlyphId) -> bool {
        if u32::from(glyph.0) >= self.tables.glyphs {
            return false;
        }
        match &self.tables.glyf {
            Some(tables) => self.has_contours(tables, glyph).unwrap_or(false),
            None => self.is_drawn(glyph),
        }
    }

    /// TrueType: the glyph's entry in `loca` is not empty, and what it leads to has contours or is made of
    /// other glyphs.
    fn has_contours(&self, tables: &Glyf, glyph: GlyphId) -> Option<bool> {
        let number = |from: usize, width: usize| {
            let bytes = self.data.get(from..from + width)?;
            Some(bytes.iter().fold(0, |sum, byte| (sum << 8) | usize::from(*byte)))
        };
        let (width, unit) = if tables.long { (4, 1) } else { (2, 2) };
        let at = tables.loca.start + usize::from(glyph.0) * width;
        let (start, end) = (number(at, width)? * unit, number(at + width, width)? * unit);
        if end <= start || end > tables.glyf.len() {
            return Some(false);
        }
        Some(number(tables.glyf.start + start, 2)? != 0)
    }

    /// CFF: the program of the glyph draws; asked once for each glyph.
    fn is_drawn(&self, glyph: GlyphId) -> bool {
        let states = self.drawn.get_or_init(|| (0..self.tables.glyphs).map(|_| AtomicU8::new(0)).collect());
        let Some(state) = states.get(usize::from(glyph.0)) else { return false };
        match state.load(Relaxed) {
            BLANK => false,
            DRAWN => true,
            _ => {
                let bounds = self.glyph_metrics().and_then(|metrics| metrics.bounds(wide(glyph)));
                let drawn = bounds.is_some_and(|ink| ink.x_max > ink.x_min || ink.y_max > ink.y_min);
                state.store(if drawn { DRAWN } else { BLANK }, Relaxed);
                drawn
            }
        }
    }

    pub(super) fn charmap(&self) -> Option<Charmap<'_>> {
        Some(self.tables.mapping.charmap(&self.font()?))
    }

    /// A glyph number that the face has, and that is not the missing glyph.
    fn number(&self, glyph: skrifa::GlyphId) -> Option<GlyphId> {
        let number = glyph.to_u32();
        (number != 0 && number < self.tables.glyphs).then_some(())?;
        u16::try_from(number).ok().map(GlyphId)
    }
}

fn wide(glyph: GlyphId) -> skrifa::GlyphId {
    skrifa::GlyphId::new(u32::from(glyph.0))
}

impl fmt::Debug for Face {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Face").field("name", &self.tables.name).field("file", &self.file).finish_non_exhaustive()
    }
}
