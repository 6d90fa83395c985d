//! Vertical setting (縦書き): the glyphs of a text as things that stand one below the other.
//!
//! Each takes an em of height but Latin words, which are turned, and spaces. Two figures may stand side by side
//! (縦中横). A column that is too long may become two.

use std::ops::Range;

use crate::base::fit::Figures;
use crate::base::fit::Ladder;
use crate::base::fit::Split;
use crate::base::fit::Step;
use crate::base::length::Length;
use crate::font::faces::Faces;
use crate::font::resolve::Cluster;
use crate::text::fit::TooLong;
use crate::text::measure::FINE;
use crate::text::measure::NATURAL;
use crate::text::measure::Setting;
use crate::text::measure::thousandths;
use crate::text::split::Place;
use crate::text::split::places as breaks;

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

/// A character that the face has no vertical form for: the number of its cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoForm(pub usize);

/// The most figures of a number that stands upright, where longer ones are turned.
const UPRIGHT: usize = 3;

/// Wide characters that stand otherwise in a column than in a line.
const NEED_FORM: &str = "、。，．：；ー〜～…‥―（）「」『』【】〔〕〈〉《》［］｛｝\
    ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶ";

/// Wide signs that are turned where the face has no form of them: drawn so, they are that form. Addresses are full of
/// them, and few faces have it.
const TURN: &str = "－−‐–—＝“”‘’";

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
        let long = figures == Figures::Mixed && digits(words, clusters, number) > UPRIGHT;
        let standing = if long { Figures::Turned } else { figures };
        let Some(cluster) = clusters.get_mut(number) else { break };
        let text = words.get(cluster.text.start as usize..cluster.text.end as usize).unwrap_or_default();
        let (Some(first), false) = (text.chars().next(), cluster.follows()) else {
            // A mark stands with its base.
            if let Some(last) = stones.last_mut() {
                last.clusters.end = number + 1;
            }
            continue;
        };
        let mut posture = posture(first, cluster, standing);
        if posture == Posture::Upright && text.len() == first.len_utf8() {
            let face = faces.get(cluster.face);
            match face.vertical(cluster.glyph) {
                Some(form) => {
                    let width = face.width(form);
                    (cluster.glyph, cluster.advance, cluster.width) = (form, width, width);
                }
                None if TURN.contains(first) => posture = Posture::Turned,
                None if NEED_FORM.contains(first) => return Err(NoForm(number)),
                None => {}
            }
        }
        match stones.last_mut() {
            Some(last) if posture == Posture::Turned && last.posture == posture => last.clusters.end = number + 1,
            Some(_) | None => stones.push(Stone { clusters: number..number + 1, posture, height: 1000 }),
        }
    }
    if figures != Figures::Turned {
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
        '0'..='9' if figures != Figures::Turned => Posture::Upright,
        _ if latin || narrow => Posture::Turned,
        _ => Posture::Upright,
    }
}

/// How many half-width figures the longest group has of the number that this cluster is part of: 4 for each figure of
/// `000-0000`, 3 for those of `2-3-101`.
fn digits(words: &str, clusters: &[Cluster], number: usize) -> usize {
    let sign = |cluster: &Cluster| match words.get(cluster.text.start as usize..cluster.text.end as usize) {
        Some("-") => Some(false),
        Some(text) if text.len() == 1 && text.bytes().all(|byte| byte.is_ascii_digit()) => Some(true),
        Some(_) | None => None,
    };
    let start = clusters.iter().take(number).rposition(|cluster| sign(cluster).is_none()).map_or(0, |last| last + 1);
    let (mut group, mut longest) = (0, 0);
    for digit in clusters.iter().skip(start).map_while(sign) {
        group = if digit { group + 1 } else { 0 };
        longest = longest.max(group);
    }
    longest
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
    /// The stone that the second column begins with, and how the text was broken there; `None`: there is one column.
    pub split: Option<(usize, Split)>,
}

/// A column that is to be fitted.
#[derive(Clone, Copy, Debug)]
pub struct Pile<'p> {
    /// The words.
    pub words: &'p str,
    /// Their clusters.
    pub clusters: &'p [Cluster],
    /// What stands in the column.
    pub stones: &'p [Stone],
}

impl<'p> Pile<'p> {
    /// The stones of the column, or of the two; spaces at the break stand at the end of the first.
    pub fn columns(&self, split: Option<(usize, Split)>) -> [&'p [Stone]; 2] {
        let Some((at, _)) = split else { return [self.stones, &[]] };
        let (first, second) = self.stones.split_at(at.min(self.stones.len()));
        [first, second]
    }

    /// The same without spaces at the break: what takes room.
    fn seen(&self, split: Option<(usize, Split)>) -> [&'p [Stone]; 2] {
        let [first, second] = self.columns(split);
        if split.is_some() { [without_blanks(first), second] } else { [first, second] }
    }

    /// The thousandths of the longer column.
    fn longest(&self, fitted: &FittedColumn) -> i64 {
        let heights = self.seen(fitted.split).map(|stones| height(stones, fitted.setting.space, fitted.tight));
        heights.into_iter().max().unwrap_or(0)
    }

    /// The stones that a second column may begin with.
    fn places(&self) -> Vec<(usize, Place)> {
        let stone = |cluster: usize| self.stones.iter().position(|stone| stone.clusters.start == cluster);
        breaks(self.words, self.clusters).into_iter().filter_map(|(at, place)| Some((stone(at)?, place))).collect()
    }

    /// Two columns of a size: broken at a space if they then fit, else so that the longer one is as short as can be.
    fn broken(&self, setting: Setting, room: i128, least: Place) -> Option<FittedColumn> {
        let places = self.places();
        let best = |least: Place| {
            let fits = places.iter().filter(|(_, place)| *place >= least).map(|(at, place)| {
                let split = if *place == Place::Letters { Split::Letters } else { Split::Place };
                let fitted = FittedColumn { setting, tight: NATURAL, split: Some((*at, split)) };
                (self.longest(&fitted), fitted)
            });
            // The later of two equals, so that the first column is the longer one.
            fits.reduce(|best, next| if next.0 <= best.0 { next } else { best })
        };
        let at_space = best(Place::Space).filter(|(longest, _)| setting.fine(*longest) <= room);
        at_space.or_else(|| best(least)).map(|(_, fitted)| fitted)
    }

    /// Takes steps until it fits; whether it does.
    fn climb<'s>(
        &self,
        fitted: &mut FittedColumn,
        (natural, room): (Setting, i128),
        steps: impl Iterator<Item = &'s Step>,
    ) -> bool {
        for step in steps {
            if fitted.setting.fine(self.longest(fitted)) <= room {
                return true;
            }
            match *step {
                Step::Tighten(limit) => self.tighten(fitted, room, limit),
                Step::Shrink(limit) => {
                    let needs = natural.fine(self.longest(fitted)).max(1);
                    let part = (room * 1000).div_euclid(needs).clamp(i128::from(limit), 1000) as i64;
                    fitted.setting.size = natural.size.scale(part, 1000).min(fitted.setting.size);
                }
                Step::Condense(_) | Step::TwoLines { .. } => {}
            }
        }
        fitted.setting.fine(self.longest(fitted)) <= room
    }

    /// Narrows the spaces of both columns as far as the one that needs it most.
    fn tighten(&self, fitted: &mut FittedColumn, room: i128, limit: u16) {
        let (space, one) = (fitted.setting.space, fitted.setting.fine(1).max(1));
        let has = room.div_euclid(one) as i64;
        let mut part = i64::from(fitted.tight);
        for stones in self.seen(fitted.split) {
            let letters = height(stones, space, 0);
            let blank = height(stones, space, NATURAL) - letters;
            if blank > 0 {
                part = part.min((has - letters).saturating_mul(1000).div_euclid(blank));
            }
        }
        fitted.tight = part.clamp(i64::from(limit.min(fitted.tight)), i64::from(fitted.tight)) as u16;
    }
}

/// Stones without the spaces behind the last that is seen.
pub fn without_blanks(stones: &[Stone]) -> &[Stone] {
    let last = stones.iter().rposition(|stone| stone.posture != Posture::Blank);
    stones.get(..last.map_or(0, |last| last + 1)).unwrap_or_default()
}

/// Fits a column into a height by narrowing its spaces, making it smaller and breaking it into two columns; narrower
/// letters do nothing to a column. Two columns begin anew, as two lines do: see [`fit`](crate::text::fit::fit).
///
/// # Errors
/// When it is too long even with all steps at their limits.
pub fn fit(pile: Pile<'_>, natural: Setting, available: Length, ladder: &Ladder) -> Result<FittedColumn, TooLong> {
    let room = i128::from(available.to_units()) * FINE;
    let is_break = |step: &Step| matches!(step, Step::TwoLines { .. });
    let end = ladder.steps.iter().position(is_break).unwrap_or(ladder.steps.len());
    let (before, after) = ladder.steps.split_at(end);
    let mut one = FittedColumn { setting: natural, tight: NATURAL, split: None };
    if pile.climb(&mut one, (natural, room), before.iter()) {
        return Ok(one);
    }
    let mut needed = one.setting.length(pile.longest(&one));
    if let Some((Step::TwoLines { size, anywhere }, after)) = after.split_first() {
        let setting = Setting { size: natural.size.scale(i64::from(*size), 1000), ..natural };
        let least = if *anywhere { [Place::Joint, Place::Letters].as_slice() } else { &[Place::Joint] };
        for least in least {
            let Some(mut two) = pile.broken(setting, room, *least) else { continue };
            let steps = before.iter().filter(|step| !matches!(step, Step::Shrink(_))).chain(after);
            if pile.climb(&mut two, (natural, room), steps) {
                return Ok(two);
            }
            needed = needed.min(two.setting.length(pile.longest(&two)));
        }
    }
    Err(TooLong { needed, available })
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
        let (_, signs) = set("２－３−４", Figures::Upright);
        assert_eq!(
            signs.iter().map(|(_, posture, _)| *posture).collect::<Vec<_>>(),
            [Upright, Turned, Upright, Turned, Upright]
        );
        let (_, turned) = set("12番-3", Figures::Turned);
        assert_eq!(turned.iter().map(|(text, ..)| text.as_str()).collect::<Vec<_>>(), ["12", "番", "-3"]);
        // Numbers of an address: up to three figures upright, longer ones turned, postcodes as a whole.
        let (_, mixed) = set("2-13-101 〒000-0000 1234番", Figures::Mixed);
        let stood: Vec<(&str, Posture)> = mixed.iter().map(|(text, posture, _)| (text.as_str(), *posture)).collect();
        let expected = [
            ("2", Upright),
            ("-", Turned),
            ("13", Across),
            ("-", Turned),
            ("1", Upright),
            ("0", Upright),
            ("1", Upright),
            (" ", Blank),
            ("〒", Upright),
            ("000-0000", Turned),
            (" ", Blank),
            ("1234", Turned),
            ("番", Upright),
        ];
        assert_eq!(stood, expected);
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
        let pile = Pile { words: "", clusters: &[], stones: &stones };
        let ten = Setting::new(Length::pt(10), Length::ZERO);
        let ladder = Ladder { steps: vec![Step::Tighten(500), Step::Shrink(800)] };
        let fitted = |points| fit(pile, ten, Length::pt(points), &ladder);
        assert_eq!(fitted(30).unwrap(), FittedColumn { setting: ten, tight: 1000, split: None });
        assert_eq!(fitted(27).unwrap(), FittedColumn { setting: ten, tight: 700, split: None });
        let small = fitted(20).unwrap();
        assert_eq!((small.tight, small.setting.size), (500, Length::pt(8)));
        assert_eq!(fitted(19).unwrap_err().needed, Length::pt(20));
        assert_eq!(places(&stones, 0, 500, 100).collect::<Vec<_>>(), [0, 1050, 1600]);
    }

    /// The columns of a text fitted into so many points at ten points.
    fn columns(words: &str, points: i64, steps: Vec<Step>) -> Result<Vec<String>, TooLong> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fonts/biz-udgothic/BIZUDGothic-Regular.ttf");
        let faces = Faces::open(&[root]).unwrap();
        let mut clusters = Vec::new();
        resolve(&faces, &Chain::new(vec![FaceId(0)]), words, &mut clusters).unwrap();
        let stones = stones(&faces, words, &mut clusters, (Figures::Mixed, 0)).unwrap();
        let pile = Pile { words, clusters: &clusters, stones: &stones };
        let fitted = fit(pile, Setting::new(Length::pt(10), Length::ZERO), Length::pt(points), &Ladder { steps })?;
        let text = |stones: &[Stone]| -> String {
            let clusters = stones.iter().flat_map(|stone| &clusters[stone.clusters.clone()]);
            clusters.map(|cluster| &words[cluster.text.start as usize..cluster.text.end as usize]).collect()
        };
        Ok(pile.columns(fitted.split).into_iter().map(text).filter(|text| !text.is_empty()).collect())
    }

    #[test]
    fn a_long_column_becomes_two() {
        let two = |anywhere| Step::TwoLines { size: 1000, anywhere };
        let address = "東京都見本市見本町2-13 見本ハイツ101";
        assert_eq!(columns(address, 200, vec![two(false)]).unwrap(), [address]);
        assert_eq!(columns(address, 130, vec![two(false)]).unwrap(), ["東京都見本市見本町2-13 ", "見本ハイツ101"]);
        // No place is good enough, or only between letters; and a number stays whole.
        assert!(columns("東京都見本市見本町", 50, vec![two(false)]).is_err());
        assert_eq!(columns("東京都見本市見本町", 50, vec![two(true)]).unwrap(), ["東京都見本", "市見本町"]);
        assert_eq!(columns("都府県１２３４－５６番", 80, vec![two(true)]).unwrap(), ["都府県", "１２３４－５６番"]);
    }
}
