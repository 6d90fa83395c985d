//! The faces of a pack.

use std::path::PathBuf;

use crate::font::FaceId;
use crate::font::GlyphId;
use crate::font::error::FontError;
use crate::font::error::FontProblem;
use crate::font::face::Face;
use crate::font::overhang::Overhang;
use crate::font::source::FontSource;

/// The faces of a pack, by number. `Send` and `Sync`; what they look up they remember.
#[derive(Debug, Default)]
pub struct Faces {
    faces: Vec<Face>,
}

impl Faces {
    /// Maps plain files: the first becomes [`FaceId`]`(0)`, and so on.
    ///
    /// # Errors
    /// The first file that cannot be used, why, and what to do.
    pub fn open(files: &[PathBuf]) -> Result<Faces, FontError> {
        let sources: Vec<FontSource> = files.iter().map(FontSource::file).collect();
        Faces::open_all(&sources).map_err(|(_, error)| error)
    }

    /// The same for files of which a face or an instance is named.
    ///
    /// # Errors
    /// The number of the first file that cannot be used, why, and what to do.
    pub fn open_all(files: &[FontSource]) -> Result<Faces, (usize, FontError)> {
        let most = usize::from(u16::MAX);
        if let Some(file) = files.get(most) {
            return Err((most, FontError { file: file.clone(), problem: FontProblem::TooMany }));
        }
        let open = |(number, file)| Face::open(file).map_err(|error| (number, error));
        let faces = files.iter().enumerate().map(open).collect::<Result<_, _>>()?;
        Ok(Faces { faces })
    }

    /// A face.
    ///
    /// # Panics
    /// When the number was not given by these `Faces`.
    pub fn get(&self, id: FaceId) -> &Face {
        &self.faces[usize::from(id.0)]
    }

    /// A face; `None` when the number was not given by these `Faces`.
    #[inline]
    pub fn find(&self, id: FaceId) -> Option<&Face> {
        self.faces.get(usize::from(id.0))
    }

    /// How far the drawing of a glyph reaches beyond its advance; of a face that is not one of these, not at all.
    #[inline]
    pub fn overhang(&self, id: FaceId, glyph: GlyphId) -> Overhang {
        self.find(id).map_or_else(Overhang::default, |face| face.overhang(glyph))
    }

    /// All faces with their numbers, in order.
    pub fn iter(&self) -> impl Iterator<Item = (FaceId, &Face)> {
        self.faces.iter().enumerate().map(|(number, face)| (FaceId(number as u16), face))
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::font::face::Ink;
    use crate::font::face::Outlines;
    use crate::font::face::Variant;
    use crate::font::synthetic;
    use crate::font::synthetic::Recipe;

    fn bundled(file: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("fonts").join(file)
    }

    fn problem(recipe: &Recipe) -> FontProblem {
        let file = synthetic::file(recipe);
        Faces::open(&[file.path().to_owned()]).unwrap_err().problem
    }

    #[test]
    fn bundled_faces_tell_their_metrics() {
        let files = [
            "ipamj-mincho/ipamjm.ttf",
            "haranoaji/HaranoAjiMincho-Regular.otf",
            "biz-udgothic/BIZUDPGothic-Regular.ttf",
        ];
        let faces = Faces::open(&files.map(bundled)).unwrap();
        let found: Vec<_> = faces
            .iter()
            .map(|(_, face)| (face.name(), face.units_per_em(), face.glyph_count(), face.outlines()))
            .collect();
        assert_eq!(
            found,
            [
                ("IPAmjMincho", 2048, 61_179, Outlines::Glyf),
                ("HaranoAjiMincho-Regular", 1000, 23_060, Outlines::Cff),
                ("BIZUDPGothic-Regular", 2048, 13_932, Outlines::Glyf),
            ]
        );
        for (_, face) in faces.iter() {
            let han = face.glyph('\u{5C71}').unwrap();
            assert_eq!(face.width(han), 1000);
            let ink = face.ink(han).unwrap();
            assert!(ink.left >= 0 && ink.right <= i32::from(face.advance(han)) && ink.top > ink.bottom);
            let space = face.glyph(' ').unwrap();
            assert_eq!(face.ink(space), None);
            assert!(face.cap_height() > 0 && face.ascent() > 0 && face.descent() < 0);
        }
        let proportional = faces.get(FaceId(2));
        let advances = ['0', '1'].map(|figure| proportional.width(proportional.glyph(figure).unwrap()));
        assert!(advances.contains(&630) || advances.contains(&760), "{advances:?}");
    }

    #[test]
    fn figures_are_tabular() {
        let files = [
            "biz-udgothic/BIZUDGothic-Regular.ttf",
            "biz-udgothic/BIZUDGothic-Bold.ttf",
            "ipamj-mincho/ipamjm.ttf",
            "haranoaji/HaranoAjiGothic-Regular.otf",
        ];
        let faces = Faces::open(&files.map(bundled)).unwrap();
        for (_, face) in faces.iter() {
            let widths: Vec<i32> = ('0'..='9').map(|figure| face.width(face.glyph(figure).unwrap())).collect();
            assert!(widths.iter().all(|width| *width == widths[0]), "{}: {widths:?}", face.name());
        }
    }

    #[test]
    fn sequences_are_default_own_or_unknown() {
        let files = ["ipamj-mincho/ipamjm.ttf", "haranoaji/HaranoAjiMincho-Regular.otf"];
        let faces = Faces::open(&files.map(bundled)).unwrap();
        let [moji, adobe] = [0, 1].map(|id| faces.get(FaceId(id)));
        assert!(matches!(moji.variant('\u{845B}', '\u{E0103}'), Variant::Default(_) | Variant::Own(_)));
        assert!(matches!(moji.variant('\u{9089}', '\u{E011F}'), Variant::Own(_)));
        assert_eq!(moji.variant('\u{9089}', '\u{E0102}'), Variant::None);
        assert!(matches!(adobe.variant('\u{9089}', '\u{E0102}'), Variant::Own(_)));
        assert_eq!(adobe.variant('\u{9089}', '\u{E011F}'), Variant::None);
        assert_eq!(Variant::Default(adobe.glyph('\u{5409}').unwrap()), adobe.variant('\u{5409}', '\u{E0100}'));
    }

    #[test]
    fn a_bare_gaiji_file_opens() {
        let file = synthetic::file(&Recipe::default());
        let faces = Faces::open(&[file.path().to_owned()]).unwrap();
        let face = faces.get(FaceId(0));
        assert!(face.name().starts_with("gaiji"));
        assert_eq!(face.glyph('\u{E000}'), Some(GlyphId(1)));
        assert_eq!(face.ink(GlyphId(1)), Some(Ink { left: 0, bottom: 0, right: 256, top: 256 }));
        let file = synthetic::file(&Recipe { drawn: false, ..Recipe::default() });
        let faces = Faces::open(&[file.path().to_owned()]).unwrap();
        assert_eq!(faces.get(FaceId(0)).glyph('\u{E000}'), None, "a blank outline counts as missing");
    }

    #[test]
    fn a_collection_is_asked_for_one_of_its_faces() {
        let recipes = [0xE000, 0xE001].map(|character| Recipe { character, ..Recipe::default() });
        let file = synthetic::collection(&recipes);
        let open = |index| {
            let source = FontSource { index, ..FontSource::file(file.path()) };
            Faces::open_all(&[source]).map_err(|(_, error)| error.problem)
        };
        for (index, character) in [(0, '\u{E000}'), (1, '\u{E001}')] {
            let faces = open(Some(index)).unwrap();
            let face = faces.get(FaceId(0));
            assert_eq!((face.index(), face.glyph(character)), (index, Some(GlyphId(1))));
            assert_eq!(face.ink(GlyphId(1)), Some(Ink { left: 0, bottom: 0, right: 256, top: 256 }));
            assert_eq!(face.advance(GlyphId(1)), 256);
        }
        assert!(matches!(open(None).unwrap_err(), FontProblem::Collection(names) if names == "#0, #1"));
        assert!(matches!(open(Some(2)).unwrap_err(), FontProblem::NoSuchFace { asked: 2, holds: 2 }));
        let plain = synthetic::file(&Recipe::default());
        let source = FontSource { index: Some(1), ..FontSource::file(plain.path()) };
        assert!(matches!(Faces::open_all(&[source]).unwrap_err().1.problem, FontProblem::NoSuchFace { .. }));
    }

    #[test]
    fn a_variable_font_is_asked_for_an_instance() {
        let file = synthetic::file(&Recipe { varies: true, ..Recipe::default() });
        let open = |instance: Option<&str>| {
            let instance = instance.map(str::to_owned);
            Faces::open_all(&[FontSource { instance, ..FontSource::file(file.path()) }])
                .map_err(|(_, error)| error.problem)
        };
        for (asked, width) in [("Bold", 384), ("wght=700", 384), ("wght=550", 320), ("wght=400", 256)] {
            let faces = open(Some(asked)).unwrap();
            let face = faces.get(FaceId(0));
            assert_eq!(face.advance(GlyphId(1)), width as u16, "{asked}");
            assert_eq!(face.ink(GlyphId(1)), Some(Ink { left: 0, bottom: 0, right: width, top: 256 }), "{asked}");
            assert_eq!(face.width(GlyphId(1)), width * 1000 / 256, "{asked}");
        }
        assert!(open(Some("Bold")).unwrap().get(FaceId(0)).name().ends_with("-Bold"));
        assert!(matches!(open(None), Err(FontProblem::Variable(has)) if has == "@Bold, @wght=400 to 700"));
        for wrong in ["Light", "bold", "", "wght=701", "wdth=100", "wght=", "wght=NaN", "wght=500,wght=500"] {
            assert!(matches!(open(Some(wrong)), Err(FontProblem::UnknownInstance(_))), "{wrong}");
        }
        let plain = synthetic::file(&Recipe::default());
        let source = FontSource { instance: Some("Bold".to_owned()), ..FontSource::file(plain.path()) };
        assert!(matches!(Faces::open_all(&[source]).unwrap_err().1.problem, FontProblem::NotVariable));
    }

    #[test]
    fn unusable_files_are_refused_with_a_hint() {
        assert!(matches!(problem(&Recipe { cut: 20, ..Recipe::default() }), FontProblem::Truncated(_)));
        let permission = |permission| problem(&Recipe { permission: Some(permission), ..Recipe::default() });
        assert!(matches!(permission(0x0002), FontProblem::Restricted(2)));
        assert!(matches!(permission(0x0108), FontProblem::NoSubsetting(0x0108)));
        assert!(matches!(permission(0x0200), FontProblem::BitmapsOnly(0x0200)));
        assert!(permission(0x0100).to_string().contains("0x0100, no subsetting"));
        let file = synthetic::file(&Recipe { permission: Some(0), ..Recipe::default() });
        assert!(Faces::open(&[file.path().to_owned()]).is_ok());
        let missing = Faces::open(&[bundled("none.ttf")]).unwrap_err();
        assert!(missing.to_string().contains("check the path"), "{missing}");
        assert!(matches!(Faces::open(&[bundled("README.md")]).unwrap_err().problem, FontProblem::NotAFont));
        assert!(matches!(Faces::open(&[bundled("haranoaji")]).unwrap_err().problem, FontProblem::Read(_)));
    }

    #[test]
    fn a_symbol_font_has_its_own_signs_and_no_letters() {
        let file = synthetic::file(&Recipe { character: 0xF041, symbol: true, ..Recipe::default() });
        let faces = Faces::open(&[file.path().to_owned()]).unwrap();
        let face = faces.get(FaceId(0));
        assert_eq!((face.glyph('A'), face.glyph('\u{F041}')), (None, Some(GlyphId(1))));
    }
}
