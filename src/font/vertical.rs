//! The forms that glyphs take in vertical setting: the single substitutions of the feature `vert` (OpenType, GSUB).

use skrifa::FontRef;
use skrifa::Tag;
use skrifa::raw::ReadError;
use skrifa::raw::TableProvider;
use skrifa::raw::tables::gsub::SingleSubst;
use skrifa::raw::tables::gsub::SubstitutionSubtables;

use crate::font::GlyphId;

/// What stands for what, in the order of what is replaced. Empty for a face that has no vertical forms.
pub(super) type Forms = Box<[(GlyphId, GlyphId)]>;

/// The forms of a face. Of two that replace one glyph, the first of the face holds.
pub(super) fn forms(data: &[u8]) -> Forms {
    let mut forms = Vec::new();
    // A table that breaks off has the forms in front of the break; the others are missed where they are needed.
    let _ = collect(data, &mut forms);
    forms.sort_by_key(|(from, _)| *from);
    forms.dedup_by_key(|(from, _)| *from);
    forms.into_boxed_slice()
}

/// The form of a glyph.
pub(super) fn form(forms: &Forms, glyph: GlyphId) -> Option<GlyphId> {
    let found = forms.binary_search_by_key(&glyph, |(from, _)| *from).ok()?;
    forms.get(found).map(|(_, to)| *to)
}

fn collect(data: &[u8], forms: &mut Vec<(GlyphId, GlyphId)>) -> Result<(), ReadError> {
    let gsub = FontRef::new(data)?.gsub()?;
    let features = gsub.feature_list()?;
    let lookups = gsub.lookup_list()?;
    let mut seen = Vec::new();
    for record in features.feature_records().iter().filter(|record| record.feature_tag() == Tag::new(b"vert")) {
        for index in record.feature(features.offset_data())?.lookup_list_indices() {
            let index = usize::from(index.get());
            if seen.contains(&index) {
                continue;
            }
            seen.push(index);
            if let SubstitutionSubtables::Single(tables) = lookups.lookups().get(index)?.subtables()? {
                tables.iter().try_for_each(|table| single(&table?, forms))?;
            }
        }
    }
    Ok(())
}

fn single(table: &SingleSubst<'_>, forms: &mut Vec<(GlyphId, GlyphId)>) -> Result<(), ReadError> {
    match table {
        SingleSubst::Format1(table) => {
            let delta = table.delta_glyph_id();
            let moved = |from: u16| (GlyphId(from), GlyphId(from.wrapping_add_signed(delta)));
            forms.extend(table.coverage()?.iter().map(|from| moved(from.to_u32() as u16)));
        }
        SingleSubst::Format2(table) => {
            let to = table.substitute_glyph_ids().iter().map(|to| GlyphId(to.get().to_u16()));
            forms.extend(table.coverage()?.iter().map(|from| GlyphId(from.to_u32() as u16)).zip(to));
        }
        // For faces of more than 65 536 glyphs, which are none of ours.
        SingleSubst::Format3(_) | SingleSubst::Format4(_) => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::font::FaceId;
    use crate::font::faces::Faces;

    #[test]
    fn brackets_marks_and_small_kana_have_forms() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fonts");
        let files = [
            "biz-udgothic/BIZUDGothic-Regular.ttf",
            "ipamj-mincho/ipamjm.ttf",
            "haranoaji/HaranoAjiMincho-Regular.otf",
            "noto-latin/NotoSans-Regular.ttf",
        ];
        let faces = Faces::open(&files.map(|file| root.join(file))).unwrap();
        for number in 0..3 {
            let face = faces.get(FaceId(number));
            let form = |character| face.vertical(face.glyph(character).unwrap());
            let missing: String =
                "、。，．ー（）「」『』〔〕…ぁっゃァッャュョヵヶ".chars().filter(|it| form(*it).is_none()).collect();
            assert_eq!(missing, "", "{}", face.name());
            assert!(form('山').is_none() && form('あ').is_none());
            let bracket = face.ink(form('「').unwrap()).unwrap();
            assert!(bracket.bottom < 500 * i32::from(face.units_per_em()) / 1000);
        }
        let latin = faces.get(FaceId(3));
        assert_eq!(latin.vertical(latin.glyph('A').unwrap()), None);
    }
}
