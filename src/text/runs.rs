//! From clusters to runs: glyphs of one face on one baseline, as a sheet holds them.

use std::ops::Range;

use crate::base::length::Length;
use crate::font::FaceId;
use crate::font::GlyphId;
use crate::font::resolve::Cluster;
use crate::text::measure::Setting;

/// Glyphs of one face on one baseline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaceRun {
    /// The face.
    pub face: FaceId,
    /// From the left end of the whole text to the left end of this run.
    pub x: Length,
    /// How far the baseline is above that of the text. Zero but for marks that a face attaches.
    pub up: Length,
    /// The bytes of the text that the run stands for.
    pub text: Range<u32>,
}

/// A glyph of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunGlyph {
    /// Its number in the face.
    pub id: GlyphId,
    /// The bytes that it stands for, counted from the start of the **run's** text. Empty for the second
    /// and later glyphs of a cluster.
    pub text: Range<u32>,
    /// Added to the glyph's own advance, before the stretch. *Unit*: thousandths of the em.
    pub space: i32,
}

/// A text that is split where the face or the baseline changes.
pub struct Runs<'c> {
    clusters: &'c [Cluster],
    setting: Setting,
    extra: &'c [i32],
    /// Whether all of it is one run without added space.
    even: bool,
    /// The cluster that comes next.
    at: usize,
    /// Where it stands. *Unit*: thousandths of the em.
    pen: i64,
}

impl<'c> Runs<'c> {
    /// `extra` is added after each cluster, beside the tracking of the setting, in thousandths of the em;
    /// shorter than the clusters or empty: nothing.
    ///
    /// The tracking stands after every cluster but the last. The runs cover the text without gaps.
    pub fn new(clusters: &'c [Cluster], setting: Setting, extra: &'c [i32]) -> Runs<'c> {
        let even = setting.space == 0 && extra.is_empty() && is_even(clusters);
        Runs { clusters, setting, extra, even, at: 0, pen: 0 }
    }

    /// The next run, whose glyphs are added to `glyphs` in the order of drawing, each as `glyph` makes it;
    /// `None` when there is none.
    #[inline]
    pub fn next<G>(&mut self, glyphs: &mut Vec<G>, glyph: impl Fn(RunGlyph) -> G) -> Option<FaceRun> {
        let mut cluster = self.clusters.get(self.at)?;
        if self.even {
            return self.whole(glyphs, glyph);
        }
        let first = cluster.text.start;
        let mut run = FaceRun {
            face: cluster.face,
            x: self.setting.rounded(self.pen + i64::from(cluster.right)),
            up: rise(self.setting, cluster.up),
            text: cluster.text.clone(),
        };
        loop {
            let drawn = self.pen + i64::from(cluster.right) + i64::from(cluster.width);
            self.pen += i64::from(cluster.advance) + i64::from(self.extra.get(self.at).copied().unwrap_or(0));
            self.at += 1;
            let next = self.clusters.get(self.at);
            if next.is_some_and(|next| !next.follows()) {
                self.pen += i64::from(self.setting.space);
            }
            let next = next.filter(|next| next.face == run.face && rise(self.setting, next.up) == run.up);
            glyphs.push(glyph(RunGlyph {
                id: cluster.glyph,
                text: cluster.text.start - first..cluster.text.end - first,
                space: next.map_or(0, |next| (self.pen + i64::from(next.right) - drawn) as i32),
            }));
            run.text.end = cluster.text.end;
            match next {
                Some(next) => cluster = next,
                None => return Some(run),
            }
        }
    }

    /// The only run of an even text, which is what most texts are.
    fn whole<G>(&mut self, glyphs: &mut Vec<G>, glyph: impl Fn(RunGlyph) -> G) -> Option<FaceRun> {
        let (first, last) = (self.clusters.first()?, self.clusters.last()?);
        let start = first.text.start;
        glyphs.extend(self.clusters.iter().map(|cluster| {
            let text = cluster.text.start - start..cluster.text.end - start;
            glyph(RunGlyph { id: cluster.glyph, text, space: 0 })
        }));
        self.at = self.clusters.len();
        let text = start..last.text.end;
        Some(FaceRun { face: first.face, x: Length::ZERO, up: Length::ZERO, text })
    }
}

/// Whether glyphs of one face stand one behind the other as their advances say.
fn is_even(clusters: &[Cluster]) -> bool {
    let face = clusters.first().map(|first| first.face);
    clusters.iter().all(|cluster| {
        Some(cluster.face) == face && cluster.advance == cluster.width && cluster.right == 0 && cluster.up == 0
    })
}

fn rise(setting: Setting, up: i32) -> Length {
    if up == 0 { Length::ZERO } else { setting.size.scale(i64::from(up), 1000) }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::font::Chain;
    use crate::font::faces::Faces;
    use crate::font::resolve::resolve;

    fn run_of(text: &str, setting: Setting, extra: &[i32]) -> Vec<(FaceRun, Vec<RunGlyph>)> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fonts");
        let files = ["biz-udgothic/BIZUDGothic-Regular.ttf", "noto-latin/NotoSans-Regular.ttf"];
        let faces = Faces::open(&files.map(|file| root.join(file))).unwrap();
        let chain = Chain::new(vec![FaceId(0), FaceId(1)]);
        let mut clusters = Vec::new();
        resolve(&faces, &chain, text, &mut clusters).unwrap();
        let mut runs = Runs::new(&clusters, setting, extra);
        let mut found = Vec::new();
        loop {
            let mut glyphs = Vec::new();
            let Some(run) = runs.next(&mut glyphs, |glyph| glyph) else { return found };
            found.push((run, glyphs));
        }
    }

    #[test]
    fn a_run_has_one_face_and_text_of_its_own() {
        let setting = Setting::new(Length::pt(10), Length::pt(1));
        let found = run_of("山a\u{1EBF}b", setting, &[50, 0, 0, 0]);
        let [(first, letters), (second, _), (third, last)] = found.as_slice() else { panic!("{}", found.len()) };
        assert_eq!(letters[0].space, 150);
        assert_eq!(letters.len(), 2);
        assert_eq!(first.text, 0..4);
        assert_eq!(letters[1].text, 3..4);
        assert_eq!(second.text, 4..7);
        assert_eq!(second.x, Length::units(Length::pt(10).to_units() * 1750 / 1000));
        assert_eq!(third.text, 7..8);
        assert_eq!(last[0], RunGlyph { id: last[0].id, text: 0..1, space: 0 });
    }

    #[test]
    fn attached_marks_have_a_place_but_no_text() {
        let setting = Setting::new(Length::pt(10), Length::ZERO);
        let found = run_of("m\u{308}x", setting, &[]);
        let glyphs: Vec<&RunGlyph> = found.iter().flat_map(|(_, glyphs)| glyphs).collect();
        assert_eq!(glyphs.len(), 3);
        assert_eq!(glyphs.iter().filter(|glyph| glyph.text.is_empty()).count(), 1);
        assert_eq!(found.last().unwrap().0.text.end, 4);
    }
}
