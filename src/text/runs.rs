//! From clusters to runs: glyphs of one face on one baseline, as a sheet holds them.

use std::ops::Range;

use crate::base::length::Length;
use crate::font::FaceId;
use crate::font::GlyphId;
use crate::font::faces::Faces;
use crate::font::resolve::Cluster;
use crate::text::measure::FINE;
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
    /// In the order of drawing.
    pub glyphs: Vec<RunGlyph>,
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

/// Splits a text where the face or the baseline changes. `extra` is added after each cluster, beside
/// the tracking of the setting, in thousandths of the em; shorter than the clusters or empty: nothing.
///
/// The tracking stands after every cluster but the last. The runs cover the text without gaps.
pub fn runs(faces: &Faces, clusters: &[Cluster], setting: Setting, extra: &[i32]) -> Vec<FaceRun> {
    let mut runs: Vec<FaceRun> = Vec::new();
    let mut pen = 0_i64;
    let mut drawn = 0_i64;
    for (number, cluster) in clusters.iter().enumerate() {
        let start = pen + i64::from(cluster.right);
        let up = cluster.up;
        match runs.last_mut() {
            Some(run) if run.face == cluster.face && run.up == rise(setting, up) => {
                if let Some(last) = run.glyphs.last_mut() {
                    last.space += (start - drawn) as i32;
                }
            }
            Some(_) | None => runs.push(start_run(cluster, setting, start)),
        }
        if let Some(run) = runs.last_mut() {
            let first = run.text.start;
            run.glyphs.push(RunGlyph {
                id: cluster.glyph,
                text: cluster.text.start - first..cluster.text.end - first,
                space: 0,
            });
            run.text.end = cluster.text.end;
        }
        drawn = start + i64::from(faces.get(cluster.face).width(cluster.glyph));
        pen += i64::from(cluster.advance) + i64::from(extra.get(number).copied().unwrap_or(0));
        if clusters.get(number + 1).is_some_and(|next| !next.follows()) {
            pen += i64::from(setting.space);
        }
    }
    runs
}

fn start_run(cluster: &Cluster, setting: Setting, start: i64) -> FaceRun {
    FaceRun {
        face: cluster.face,
        x: Length::units((setting.fine(start) + FINE / 2).div_euclid(FINE) as i64),
        up: rise(setting, cluster.up),
        text: cluster.text.start..cluster.text.start,
        glyphs: Vec::new(),
    }
}

fn rise(setting: Setting, up: i32) -> Length {
    setting.size.scale(i64::from(up), 1000)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::font::Chain;
    use crate::font::resolve::resolve;

    fn run_of(text: &str, setting: Setting, extra: &[i32]) -> Vec<FaceRun> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fonts");
        let files = ["biz-udgothic/BIZUDGothic-Regular.ttf", "noto-latin/NotoSans-Regular.ttf"];
        let faces = Faces::open(&files.map(|file| root.join(file))).unwrap();
        let chain = Chain::new(vec![FaceId(0), FaceId(1)]);
        let mut clusters = Vec::new();
        resolve(&faces, &chain, text, &mut clusters).unwrap();
        runs(&faces, &clusters, setting, extra)
    }

    #[test]
    fn a_run_has_one_face_and_text_of_its_own() {
        let setting = Setting::new(Length::pt(10), Length::pt(1));
        let found = run_of("山a\u{1EBF}b", setting, &[50, 0, 0, 0]);
        assert_eq!(found.len(), 3);
        assert_eq!(found[0].glyphs[0].space, 150);
        assert_eq!(found[0].glyphs.len(), 2);
        assert_eq!(found[0].text, 0..4);
        assert_eq!(found[0].glyphs[1].text, 3..4);
        assert_eq!(found[1].text, 4..7);
        assert_eq!(found[1].x, Length::units(Length::pt(10).to_units() * 1750 / 1000));
        assert_eq!(found[2].text, 7..8);
        assert_eq!(found[2].glyphs[0], RunGlyph { id: found[2].glyphs[0].id, text: 0..1, space: 0 });
    }

    #[test]
    fn attached_marks_have_a_place_but_no_text() {
        let setting = Setting::new(Length::pt(10), Length::ZERO);
        let found = run_of("m\u{308}x", setting, &[]);
        let glyphs: usize = found.iter().map(|run| run.glyphs.len()).sum();
        assert_eq!(glyphs, 3);
        let marks: Vec<&RunGlyph> =
            found.iter().flat_map(|run| &run.glyphs).filter(|glyph| glyph.text.is_empty()).collect();
        assert_eq!(marks.len(), 1);
        assert_eq!(found.last().unwrap().text.end, 4);
    }
}
