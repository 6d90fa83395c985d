//! Brackets at the ends of lines (行頭・行末の約物): half of their square is white, and falls away where a style asks.

use crate::font::faces::Faces;
use crate::font::resolve::Cluster;
use crate::text::measure::Extent;

/// Full-width marks whose left half is white (始め括弧類).
const OPENING: &str = "（「『【〔〈《［｛〘〖｟〝“‘";

/// Full-width marks whose right half is white (終わり括弧類, 読点類, 句点類).
const CLOSING: &str = "）」』】〕〉》］｝〙〗｠〟”’、。，．";

/// What falls away at most. *Unit*: thousandths of the em.
const HALF: i32 = 500;

/// At which ends of a text brackets lose their white half.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Trim {
    /// An opening bracket at the beginning.
    pub start: bool,
    /// A closing bracket, 、 or 。 at the end.
    pub end: bool,
}

impl Trim {
    /// Whether a mark that loses its white half stands at one of these ends.
    pub fn concerns(self, words: &str) -> bool {
        self.start && words.starts_with(|mark| OPENING.contains(mark))
            || self.end && words.ends_with(|mark| CLOSING.contains(mark))
    }

    /// The room of a text without the white halves at its ends.
    pub fn apply(self, faces: &Faces, words: &str, clusters: &[Cluster], extent: Extent) -> Extent {
        let white = |at_end: bool, cluster: Option<&Cluster>| -> i64 {
            let found = cluster.map_or([0, 0], |cluster| white(faces, words, cluster));
            i64::from(found[usize::from(at_end)])
        };
        let left = if self.start { white(false, clusters.first()) } else { 0 };
        // A mark of its own stands on the last letter, and the letter is no bracket.
        let right = if self.end { white(true, clusters.last()) } else { 0 };
        Extent { left: extent.left - left, right: extent.right - right, ..extent }
    }
}

/// The white that a mark may lose on its left and on its right, in thousandths of the em: half an em, or less where its
/// drawing begins earlier. Nothing for letters, and for marks that are narrower than an em already.
pub(super) fn white(faces: &Faces, words: &str, cluster: &Cluster) -> [i32; 2] {
    let text = words.get(cluster.text.start as usize..cluster.text.end as usize).unwrap_or_default();
    let mut characters = text.chars();
    let (Some(mark), None) = (characters.next(), characters.next()) else { return [0, 0] };
    let (opening, closing) = (OPENING.contains(mark), CLOSING.contains(mark));
    if !(opening || closing) || cluster.width < 2 * HALF {
        return [0, 0];
    }
    let face = faces.get(cluster.face);
    let Some(ink) = face.ink(cluster.glyph) else { return [0, 0] };
    let em = i64::from(face.units_per_em());
    let left = (i64::from(ink.left) * 1000).div_euclid(em) as i32;
    let right = cluster.width + (-i64::from(ink.right) * 1000).div_euclid(em) as i32;
    let part = |asked: bool, white: i32| if asked { white.clamp(0, HALF) } else { 0 };
    [part(opening, left), part(closing, right)]
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::font::Chain;
    use crate::font::FaceId;
    use crate::font::resolve::resolve;

    #[test]
    fn only_the_white_half_of_a_bracket_falls_away() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fonts");
        let files = [
            "biz-udgothic/BIZUDGothic-Regular.ttf",
            "haranoaji/HaranoAjiMincho-Regular.otf",
            "ipamj-mincho/ipamjm.ttf",
        ];
        let faces = Faces::open(&files.map(|file| root.join(file))).unwrap();
        for id in (0..3).map(FaceId) {
            let words = "（」。山(";
            let mut clusters = Vec::new();
            resolve(&faces, &Chain::new(vec![id]), words, &mut clusters).unwrap();
            let found: Vec<[i32; 2]> = clusters.iter().map(|cluster| white(&faces, words, cluster)).collect();
            assert_eq!(found[3..], [[0, 0], [0, 0]]);
            for (number, (white, cluster)) in found.iter().zip(&clusters).enumerate().take(3) {
                let (side, other) = if number == 0 { (white[0], white[1]) } else { (white[1], white[0]) };
                assert!((400..=HALF).contains(&side) && other == 0, "{white:?} of face {}", id.0);
                let (face, ink) = (faces.get(id), faces.get(id).ink(cluster.glyph).unwrap());
                let em = i32::from(face.units_per_em());
                let free = if number == 0 { ink.left } else { cluster.width * em / 1000 - ink.right };
                assert!(free * 1000 >= side * em, "the drawing stays");
            }
        }
    }
}
