//! Whether a face says where a mark stands on what is before it.
//!
//! A shaper sets a mark for which the face has no anchor at the origin, upon the letter or beside it, and
//! reports no error. So the anchors are looked up in the table itself (OpenType, `GPOS`, lookups 4 to 6).

use skrifa::FontRef;
use skrifa::raw::TableProvider;
use skrifa::raw::tables::gpos::MarkBasePos;
use skrifa::raw::tables::gpos::MarkLigPos;
use skrifa::raw::tables::gpos::MarkMarkPos;
use skrifa::raw::tables::gpos::PositionSubtables;

use crate::font::GlyphId;

/// Whether the face has an anchor for `mark` on one of the glyphs `before` it, the base first.
pub(super) fn is_attached(font: &FontRef<'_>, before: &[GlyphId], mark: GlyphId) -> bool {
    let Ok(lookups) = font.gpos().and_then(|gpos| gpos.lookup_list()) else { return false };
    lookups.lookups().iter().flatten().any(|lookup| match lookup.subtables() {
        Ok(PositionSubtables::MarkToBase(tables)) => {
            let mut tables = tables.iter().flatten();
            tables.any(|table| before.first().is_some_and(|base| on_base(&table, *base, mark).is_some()))
        }
        Ok(PositionSubtables::MarkToLig(tables)) => {
            let mut tables = tables.iter().flatten();
            tables.any(|table| before.first().is_some_and(|base| on_ligature(&table, *base, mark).is_some()))
        }
        Ok(PositionSubtables::MarkToMark(tables)) => {
            let mut tables = tables.iter().flatten();
            tables.any(|table| before.iter().skip(1).any(|other| on_mark(&table, *other, mark).is_some()))
        }
        Ok(
            PositionSubtables::Single(_)
            | PositionSubtables::Pair(_)
            | PositionSubtables::Cursive(_)
            | PositionSubtables::Contextual(_)
            | PositionSubtables::ChainContextual(_)
            | PositionSubtables::EmptyExtension,
        )
        | Err(_) => false,
    })
}

fn on_base(table: &MarkBasePos<'_>, base: GlyphId, mark: GlyphId) -> Option<()> {
    // The wide form serves fonts of more than 65,535 glyphs, which a face cannot be.
    let MarkBasePos::Format1(table) = table else { return None };
    let class = table.mark_coverage().ok()?.get(wide(mark))?;
    let class = table.mark_array().ok()?.mark_records().get(class as usize)?.mark_class();
    let row = table.base_coverage().ok()?.get(wide(base))?;
    let record = table.base_array().ok()?.base_records().get(row as usize).ok()?;
    (!record.base_anchor_offsets().get(usize::from(class))?.get().is_null()).then_some(())
}

fn on_ligature(table: &MarkLigPos<'_>, base: GlyphId, mark: GlyphId) -> Option<()> {
    let MarkLigPos::Format1(table) = table else { return None };
    let class = table.mark_coverage().ok()?.get(wide(mark))?;
    let class = table.mark_array().ok()?.mark_records().get(class as usize)?.mark_class();
    let row = table.ligature_coverage().ok()?.get(wide(base))?;
    let ligature = table.ligature_array().ok()?.ligature_attaches().get(row as usize).ok()?;
    let mut components = ligature.component_records().iter().flatten();
    let anchored = components.any(|component| {
        component.ligature_anchor_offsets().get(usize::from(class)).is_some_and(|offset| !offset.get().is_null())
    });
    anchored.then_some(())
}

fn on_mark(table: &MarkMarkPos<'_>, other: GlyphId, mark: GlyphId) -> Option<()> {
    let MarkMarkPos::Format1(table) = table else { return None };
    let class = table.mark1_coverage().ok()?.get(wide(mark))?;
    let class = table.mark1_array().ok()?.mark_records().get(class as usize)?.mark_class();
    let row = table.mark2_coverage().ok()?.get(wide(other))?;
    let record = table.mark2_array().ok()?.mark2_records().get(row as usize).ok()?;
    (!record.mark2_anchor_offsets().get(usize::from(class))?.get().is_null()).then_some(())
}

fn wide(glyph: GlyphId) -> skrifa::GlyphId {
    skrifa::GlyphId::new(u32::from(glyph.0))
}
