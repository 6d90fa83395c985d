//! Vertical setting (縦書き): the glyphs of a text as things that stand one below the other.
//!
//! Each takes an em of height but Latin words, which are turned, and spaces. Two figures may stand side by side
//! (縦中横).

use std::ops::Range;

use crate::base::fit::Ladder;
use crate::base::fit::Step;
use crate::base::length::Length;
use crate::font::faces::Faces;
use crate::font::resolve::Cluster;
use crate::text::fit::TooLong;
use crate::text::measure::FINE;
use crate::text::measure::NATURAL;
use crate::text::measure::Setting;
use crate::text::measure::thousandths;

/// How something stands in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Posture {
    /// As it is.
    Upright,
    /// Turned clockwise, the word reading downwards.
    Turned,
    /// Side by side in the square of one letter (縦中横).
    Across,
    /// A space.
    Blank,
}

/// Something that stands in a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stone {
    /// Its clusters.
    pub clusters: Range<usize>,
    /// How it stands.
    pub posture: Posture,
    /// Its height. *Unit*: thousandths of the em.
    pub height: i32,
}

/// How figures stand in a column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Figures {
    /// Upright: two side by side, one or more than two one below the other.
    #[default]
    Upright,
    /// Turned like Latin words.
    Turned,
}

/// A character that the face has no vertical form for: the number of its cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoForm(pub usize);

/// Wide characters that stand otherwise in a column than in a line.
const NEED_FORM: &str = "、。，．：；ー〜～…‥―—＝－（）「」『』【】〔〕〈〉《》［］｛｝\
    ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶ";

/// Cuts a text into what stands in a column, and replaces its glyphs by their vertical forms.
///
/// # Errors
/// The first character that must have such a form and has none in its face.
pub fn stones(
    faces: &Faces,
    words: &str,
    clusters: &mut [Cluster],
    (figures, space): (Figures, i32),
) -> Result<Vec<Stone>, NoForm> {
    let mut stones: Vec<Stone> = Vec::with_capacity(clusters.len());
    for number in 0..clusters.len() {
        let Some(cluster) = clusters.get_mut(number) else { break };
        let text = words.get(cluster.text.start as usize..cluster.text.end as usize).unwrap_or_default();
        let (Some(first), false) = (text.chars().next(), cluster.follows()) else {
            // A mark stands with its base.
            if let Some(last) = stones.last_mut() {
                last.clusters.end = number + 1;
            }
            continue;
        };
        let posture = posture(first, cluster, figures);
        if posture == Posture::Upright && text.len() == first.len_utf8() {
            let face = faces.get(cluster.face);
            match face.vertical(cluster.glyph) {
                Some(form) => {
                    let width = face.width(form);
                    (cluster.glyph, cluster.advance, cluster.width) = (form, width, width);
                }
                None if NEED_FORM.contains(first) => return Err(NoForm(number)),
                None => {}
            }
        }
        match stones.last_mut() {
            Some(last) if posture == Posture::Turned && last.posture == posture => last.clusters.end = number + 1,
            Some(_) | None => stones.push(Stone { clusters: number..number + 1, posture, height: 1000 }),
        }
    }
    if figures == Figures::Upright {
        pair_figures(words, clusters, &mut stones);
    }
    for stone in &mut stones {
        let clusters = clusters.get(stone.clusters.clone()).unwrap_or_default();
        stone.height = match stone.posture {
            Posture::Upright | Posture::Across => 1000,
            Posture::Turned | Posture::Blank => thousandths(clusters, space) as i32,
        };
    }
    Ok(stones)
}

fn posture(first: char, cluster: &Cluster, figures: Figures) -> Posture {
    let latin = matches!(first, '!'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}' | '\u{FF61}'..='\u{FFDC}');
    // Signs and letters of other scripts are as wide as an em where they belong to Japanese writing.
    let narrow = first < '\u{2E80}' && cluster.advance < 1000;
    match first {
        ' ' | '\u{3000}' => Posture::Blank,
        '0'..='9' if figures == Figures::Upright => Posture::Upright,
        _ if latin || narrow => Posture::Turned,
        _ => Posture::Upright,
    }
}

/// Puts two figures side by side where neither a third one nor a Latin letter touches them.
fn pair_figures(words: &str, clusters: &[Cluster], stones: &mut Vec<Stone>) {
    let figure = |stone: &Stone| {
        let cluster = clusters.get(stone.clusters.start);
        let text = cluster.and_then(|it| words.get(it.text.start as usize..it.text.end as usize));
        stone.posture == Posture::Upright && text.is_some_and(|text| text.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let mut at = 0;
    while at < stones.len() {
        let count = stones.iter().skip(at).take_while(|stone| figure(stone)).count();
        if count == 2
            && let Some(end) = stones.get(at + 1).map(|second| second.clusters.end)
            && let Some(first) = stones.get_mut(at)
        {
            first.clusters.end = end;
            first.posture = Posture::Across;
            stones.remove(at + 1);
        }
        at += count.max(1);
    }
}

/// The narrowed height of a stone, in thousandths of the em.
fn narrowed(stone: &Stone, tight: u16) -> i32 {
    match stone.posture {
        Posture::Blank => (stone.height * i32::from(tight)).div_euclid(1000),
        Posture::Upright | Posture::Turned | Posture::Across => stone.height,
    }
}

/// The height of a column, in thousandths of the em: of its stones, and `space` after each but the last.
pub fn height(stones: &[Stone], space: i32, tight: u16) -> i64 {
    let heights: i64 = stones.iter().map(|stone| i64::from(narrowed(stone, tight))).sum();
    heights + i64::from(space) * stones.len().saturating_sub(1) as i64
}

/// Where each stone begins below the upper end of the column, in thousandths of the em. `extra` is spread evenly
/// between the stones, beside `space`.
pub fn places(stones: &[Stone], space: i32, tight: u16, extra: i64) -> impl Iterator<Item = i64> {
    let gaps = stones.len().saturating_sub(1).max(1) as i64;
    let mut pen = 0;
    stones.iter().zip(0_i64..).map(move |(stone, number)| {
        let place = pen + extra * number / gaps;
        pen += i64::from(narrowed(stone, tight)) + i64::from(space);
        place
    })
}

/// A column that has found its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FittedColumn {
    /// Size and tracking.
    pub setting: Setting,
    /// The height of spaces, in thousandths of their natural one.
    pub tight: u16,
}

/// Fits a column into a height by narrowing its spaces and making it smaller; the other steps of a ladder do
/// nothing to a column.
///
/// # Errors
/// When it is too long even with all steps at their limits.
pub fn fit(stones: &[Stone], natural: Setting, available: Length, ladder: &Ladder) -> Result<FittedColumn, TooLong> {
    let room = i128::from(available.to_units()) * FINE;
    let mut fitted = FittedColumn { setting: natural, tight: NATURAL };
    let full = |fitted: &FittedColumn| height(stones, natural.space, fitted.tight);
    for step in &ladder.steps {
        if fitted.setting.fine(full(&fitted)) <= room {
            break;
        }
        match *step {
            Step::Tighten(limit) => {
                let blank = height(stones, natural.space, NATURAL) - height(stones, natural.space, 0);
                let has = room.div_euclid(fitted.setting.fine(1).max(1)) as i64 - height(stones, natural.space, 0);
                if blank > 0 {
                    let part = (has.saturating_mul(1000)).div_euclid(blank);
                    fitted.tight = part.clamp(i64::from(limit), i64::from(fitted.tight.max(limit))) as u16;
                }
            }
            Step::Shrink(limit) => {
                let needs = natural.fine(full(&fitted)).max(1);
                let part = (room * 1000).div_euclid(needs).clamp(i128::from(limit), 1000) as i64;
                let size = natural.size.scale(part, 1000);
                fitted.setting.size = size.min(fitted.setting.size);
            }
            Step::Condense(_) | Step::TwoLines { .. } => {}
        }
    }
    match fitted.setting.fine(full(&fitted)) <= room {
        true => Ok(fitted),
        false => Err(TooLong { needed: fitted.setting.length(full(&fitted)), available }),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::font::Chain;
    use crate::font::FaceId;
    use crate::font::resolve::resolve;

    fn set(words: &str, figures: Figures) -> (Vec<Cluster>, Vec<(String, Posture, i32)>) {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fonts/biz-udgothic/BIZUDGothic-Regular.ttf");
        let faces = Faces::open(&[root]).unwrap();
        let mut clusters = Vec::new();
        resolve(&faces, &Chain::new(vec![FaceId(0)]), words, &mut clusters).unwrap();
        let stones = stones(&faces, words, &mut clusters, (figures, 0)).unwrap();
        let text = |stone: &Stone| {
            let [first, last] = [stone.clusters.start, stone.clusters.end - 1].map(|at| &clusters[at]);
            words[first.text.start as usize..last.text.end as usize].to_owned()
        };
        let found = stones.iter().map(|stone| (text(stone), stone.posture, stone.height)).collect();
        (clusters, found)
    }

    #[test]
    fn letters_stand_words_are_turned_and_two_figures_share_a_square() {
        let (_, found) = set("一丁目12番3号 ABビル101", Figures::Upright);
        let stood: Vec<(&str, Posture)> = found.iter().map(|(text, posture, _)| (text.as_str(), *posture)).collect();
        use Posture::{Across, Blank, Turned, Upright};
        let expected = [
            ("一", Upright),
            ("丁", Upright),
            ("目", Upright),
            ("12", Across),
            ("番", Upright),
            ("3", Upright),
            ("号", Upright),
            (" ", Blank),
            ("AB", Turned),
            ("ビ", Upright),
            ("ル", Upright),
            ("1", Upright),
            ("0", Upright),
            ("1", Upright),
        ];
        assert_eq!(stood, expected);
        assert_eq!(found.iter().map(|(_, _, height)| height).sum::<i32>(), 12 * 1000 + 500 + 1000);
        let (_, turned) = set("12番-3", Figures::Turned);
        assert_eq!(turned.iter().map(|(text, ..)| text.as_str()).collect::<Vec<_>>(), ["12", "番", "-3"]);
    }

    #[test]
    fn forms_are_those_of_the_face() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fonts/biz-udgothic/BIZUDGothic-Regular.ttf");
        let faces = Faces::open(&[root]).unwrap();
        let face = faces.get(FaceId(0));
        let (clusters, _) = set("ー山、", Figures::Upright);
        assert_ne!(clusters[0].glyph, face.glyph('ー').unwrap());
        assert_eq!(clusters[1].glyph, face.glyph('山').unwrap());
        assert_eq!(Some(clusters[2].glyph), face.vertical(face.glyph('、').unwrap()));
    }

    #[test]
    fn a_column_fits_by_its_spaces_and_its_size() {
        let stone = |posture, height| Stone { clusters: 0..1, posture, height };
        let stones = [stone(Posture::Upright, 1000), stone(Posture::Blank, 1000), stone(Posture::Upright, 1000)];
        let ten = Setting::new(Length::pt(10), Length::ZERO);
        let ladder = Ladder { steps: vec![Step::Tighten(500), Step::Shrink(800)] };
        let fitted = |points| fit(&stones, ten, Length::pt(points), &ladder);
        assert_eq!(fitted(30).unwrap(), FittedColumn { setting: ten, tight: 1000 });
        assert_eq!(fitted(27).unwrap(), FittedColumn { setting: ten, tight: 700 });
        let small = fitted(20).unwrap();
        assert_eq!((small.tight, small.setting.size), (500, Length::pt(8)));
        assert_eq!(fitted(19).unwrap_err().needed, Length::pt(20));
        assert_eq!(places(&stones, 0, 500, 100).collect::<Vec<_>>(), [0, 1050, 1600]);
    }
}
