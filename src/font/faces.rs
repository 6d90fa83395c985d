//! The faces of a pack.

use std::path::PathBuf;

use crate::font::FaceId;
use crate::font::GlyphId;
use crate::font::error::FontError;
use crate::font::error::FontProblem;
use crate::font::face::Face;
use crate::font::overhang::Overhang;

/// The faces of a pack, by number. `Send` and `Sync`; what they look up they remember.
#[derive(Debug, Default)]
pub struct Faces {
    faces: Vec<Face>,
}

impl Faces {
    /// Maps the files: the first becomes [`FaceId`]`(0)`, and so on.
    ///
    /// # Errors
    /// The first file that cannot be used, why, and what to do.
    pub fn open(files: &[PathBuf]) -> Result<Faces, FontError> {
        if let Some(path) = files.get(usize::from(u16::MAX)) {
            return Err(FontError { path: path.clone(), problem: FontProblem::TooMany });
        }
        let faces = files.iter().map(|path| Face::open(path)).collect::<Result<_, _>>()?;
        Ok(Faces { faces })
    }

    /// A face.
    ///
    /// # Panics
    /// When the number was not given by these `Faces`.
    pub fn get(&self, id: FaceId) -> &Face {
        &self.faces[usize::from(id.0)]
    }

    /// How far the drawing of a glyph reaches beyond its advance; of a face that is not one of these, not at all.
    #[inline]
    pub fn overhang(&self, id: FaceId, glyph: GlyphId) -> Overhang {
        self.faces.get(usize::from(id.0)).map_or_else(Overhang::default, |face| face.overhang(glyph))
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
    fn unusable_files_are_refused_with_a_hint() {
        assert!(matches!(problem(&Recipe { cut: 20, ..Recipe::default() }), FontProblem::Truncated(_)));
        for permission in [0x0002, 0x0100, 0x0200] {
            let recipe = Recipe { permission: Some(permission), ..Recipe::default() };
            assert!(matches!(problem(&recipe), FontProblem::Restricted(_)));
        }
        let file = synthetic::file(&Recipe { permission: Some(0), ..Recipe::default() });
        assert!(Faces::open(&[file.path().to_owned()]).is_ok());
        let missing = Faces::open(&[bundled("none.ttf")]).unwrap_err();
        assert!(missing.to_string().contains("check the path"), "{missing}");
        assert!(matches!(Faces::open(&[bundled("README.md")]).unwrap_err().problem, FontProblem::NotAFont));
        assert!(matches!(Faces::open(&[bundled("haranoaji")]).unwrap_err().problem, FontProblem::Read(_)));
    }
}
