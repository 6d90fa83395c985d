//! 文字確認票: a sheet on which a person signs that characters are drawn as they are registered.
//!
//! Built without a template, so that every pack has it. A page has five rows of four characters, each large,
//! with its code points, its font and how often it is needed, and a strip for name, day and seal.

use crate::base::fit::{Ladder, Step};
use crate::base::geometry::{Point, Rect, Size};
use crate::base::length::Length;
use crate::base::stroke::Stroke;
use crate::base::tint::Tint;
use crate::compose::galley::Galley;
use crate::compose::problem::{Problem, ProblemKind};
use crate::compose::typeset::{How, Lettering, Typesetter, problems};
use crate::font::resolve::resolve;
use crate::font::{Chain, FaceId};
use crate::sheet::{Box, Line, Mark, Side};
use crate::template::model::Align;
use crate::text::fit::TooLong;
use crate::text::measure::Setting;
use crate::text::trim::Trim;

/// A character to be looked at.
#[derive(Clone, Debug)]
pub struct ProofItem {
    /// Why it stands here: 外字, 異体字 …
    pub kind: &'static str,
    /// The character as it is printed, with its selector or marks.
    pub text: String,
    /// The faces that print it; nearly always one.
    pub faces: Vec<FaceId>,
    /// A character to compare it with: the one without selector; `None`: there is none.
    pub plain: Option<String>,
    /// What stands under it: code points, font, use.
    pub lines: [String; 3],
}

/// What stands at the head of every page.
#[derive(Clone, Debug)]
pub struct ProofHead {
    /// Who prints, and from which input.
    pub lines: [String; 2],
}

const COLUMNS: usize = 4;
const ROWS: usize = 5;
const LEFT: i64 = 15;
const TOP: i64 = 40;
const CELL: (i64, i64) = (45, 41);
/// Thousandths of the em between the middle of a full-width character and its baseline.
const MIDDLE: i64 = 380;

/// Draws the pages.
///
/// # Errors
/// When the first chain of the pack cannot set the words of the sheet.
pub fn proof(setter: &Typesetter, head: &ProofHead, items: &[ProofItem]) -> Result<Vec<Side>, Vec<Problem>> {
    let all = items.chunks(COLUMNS * ROWS).count();
    let mut sides = Vec::with_capacity(all);
    for (number, items) in items.chunks(COLUMNS * ROWS).enumerate() {
        let mut page = Page { setter, galley: Galley::default() };
        page.head(head, (number + 1, all))?;
        for (place, item) in items.iter().enumerate() {
            page.item(item, place)?;
        }
        page.foot()?;
        let size = Size { width: Length::mm(210), height: Length::mm(297) };
        sides.push(Side { size, plates: Vec::new(), marks: page.galley.marks });
    }
    Ok(sides)
}

/// Words at a place.
struct Label<'l> {
    words: &'l str,
    at: Point,
    width: Length,
    size: Length,
    align: Align,
}

struct Page<'p> {
    setter: &'p Typesetter,
    galley: Galley,
}

fn at(x: Length, y: Length) -> Point {
    Point { x, y }
}

fn tenths(millimetres: i64) -> Length {
    Length::mm(millimetres) / 10
}

impl Page<'_> {
    fn head(&mut self, head: &ProofHead, (number, all): (usize, usize)) -> Result<(), Vec<Problem>> {
        let (left, width) = (Length::mm(LEFT), Length::mm(180));
        let title = Label {
            words: "文字確認票",
            at: at(left, Length::mm(22)),
            width: Length::mm(80),
            size: Length::pt(16),
            align: Align::Left,
        };
        self.label(&title)?;
        let pages = format!("{number} / {all}");
        let right = at(left, Length::mm(22));
        self.label(&Label { words: &pages, at: right, width, size: Length::pt(9), align: Align::Right })?;
        for (line, words) in (0..).zip(&head.lines) {
            let place = at(left, Length::mm(29) + tenths(45) * line);
            self.label(&Label { words, at: place, width, size: Length::pt(8), align: Align::Left })?;
        }
        let y = Length::mm(36);
        self.rule(at(left, y), at(left + width, y), 500);
        Ok(())
    }

    fn item(&mut self, item: &ProofItem, place: usize) -> Result<(), Vec<Problem>> {
        let (column, row) = ((place % COLUMNS) as i64, (place / COLUMNS) as i64);
        let x = Length::mm(LEFT + column * CELL.0);
        let y = Length::mm(TOP + row * CELL.1);
        let inner = Rect { at: at(x, y), size: Size { width: Length::mm(CELL.0), height: Length::mm(CELL.1) } };
        self.frame(inner, 250);
        let kind = at(x + Length::mm(2), y + Length::mm(5));
        self.label(&Label {
            words: item.kind,
            at: kind,
            width: Length::mm(20),
            size: Length::pt(7),
            align: Align::Left,
        })?;
        let tick = Rect {
            at: at(x + Length::mm(CELL.0 - 7), y + Length::mm(2)),
            size: Size { width: Length::mm(5), height: Length::mm(5) },
        };
        self.frame(tick, 350);
        let middle = y + tenths(165);
        self.glyph((&item.text, &item.faces), at(x + tenths(225), middle), Length::pt(48), Tint::BLACK)?;
        if let Some(plain) = &item.plain {
            let grey = Tint::permille(550).unwrap_or_default();
            let middle = at(x + Length::mm(CELL.0 - 6), middle + Length::mm(5));
            // The face may know the sequence only; then there is nothing to compare with.
            if self.glyph((plain, &item.faces), middle, Length::pt(18), grey).is_ok() {
                let place = at(x + Length::mm(CELL.0 - 12), middle.y + Length::mm(6));
                let (width, size) = (tenths(105), Length::pt(5));
                self.label(&Label { words: "選択子なし", at: place, width, size, align: Align::Right })?;
            }
        }
        for ((words, size), baseline) in item.lines.iter().zip([8, 6, 6]).zip([320, 352, 382]) {
            let place = at(x + Length::mm(2), y + tenths(baseline));
            let width = Length::mm(CELL.0 - 4);
            self.label(&Label { words, at: place, width, size: Length::pt(size), align: Align::Left })?;
        }
        Ok(())
    }

    /// A strip to sign.
    fn foot(&mut self) -> Result<(), Vec<Problem>> {
        let (left, top) = (Length::mm(LEFT), Length::mm(256));
        let words = "上記の文字の字形が、登録されている字形と相違ないことを確認しました。";
        let place = at(left, top + Length::mm(3));
        self.label(&Label { words, at: place, width: Length::mm(180), size: Length::pt(8), align: Align::Left })?;
        let (y, height) = (top + Length::mm(7), Length::mm(14));
        for (label, x, width) in [("確認年月日", 0, 62), ("確認者 氏名", 62, 92), ("印", 154, 26)] {
            let rect = Rect { at: at(left + Length::mm(x), y), size: Size { width: Length::mm(width), height } };
            self.frame(rect, 350);
            let place = at(rect.at.x + Length::mm(2), y + Length::mm(4));
            let size = Length::pt(7);
            self.label(&Label { words: label, at: place, width: Length::mm(24), size, align: Align::Left })?;
        }
        Ok(())
    }

    /// Words in the first chain of the pack, made smaller where they are too long.
    fn label(&mut self, label: &Label<'_>) -> Result<(), Vec<Problem>> {
        let lettering = Lettering::plain(self.chain(), label.size);
        let mut text = self.galley.text();
        text.words.push_str(label.words);
        self.setter.resolve(&lettering, None, &mut text, &mut Vec::new())?;
        let ladder = Ladder { steps: vec![Step::Condense(600), Step::Shrink(500)] };
        let fitted = self.setter.fit((&text, Trim::default()), &lettering, label.width, &ladder);
        let fitted = fitted.map_err(|TooLong { needed, available }| {
            vec![Problem { kind: ProblemKind::TooLong { needed, available }, field: None }]
        })?;
        let along = match label.align {
            Align::Left | Align::Justify => Length::ZERO,
            Align::Center => (label.width - fitted.width()) / 2,
            Align::Right => label.width - fitted.width(),
        };
        let how = How { setting: fitted.setting, spaces: &[], tint: Tint::BLACK };
        let origin = at(label.at.x + along + fitted.first.left, label.at.y);
        self.setter.runs(&text.words, &text.clusters, how, &mut self.galley, |run| run.at = origin.offset(run.at));
        self.galley.take_back(text);
        Ok(())
    }

    /// The gothic chain if the pack has one by the name that `base` gives it, else the first.
    fn chain(&self) -> usize {
        self.setter.chains().iter().position(|(name, _)| name == "gothic").unwrap_or(0)
    }

    /// A character in its faces, its em box in the middle of a place.
    fn glyph(
        &mut self,
        (words, faces): (&str, &[FaceId]),
        middle: Point,
        size: Length,
        tint: Tint,
    ) -> Result<(), Vec<Problem>> {
        let chain = Chain { faces: faces.to_vec(), gaiji: faces.to_vec() };
        let mut clusters = Vec::new();
        resolve(self.setter.faces(), &chain, words, &mut clusters).map_err(|unresolved| problems(&unresolved, None))?;
        let setting = Setting::new(size, Length::ZERO);
        let width = crate::text::measure::width(&clusters, setting);
        let origin = at(middle.x - width / 2, middle.y + size.scale(MIDDLE, 1000));
        let how = How { setting, spaces: &[], tint };
        self.setter.runs(words, &clusters, how, &mut self.galley, |run| run.at = origin.offset(run.at));
        Ok(())
    }

    fn frame(&mut self, rect: Rect, thousandths_of_a_point: i64) {
        let stroke = Some(stroke(thousandths_of_a_point));
        self.galley.marks.push(Mark::Box(Box { rect, stroke, fill: None }));
    }

    fn rule(&mut self, from: Point, to: Point, thousandths_of_a_point: i64) {
        self.galley.marks.push(Mark::Line(Line { from, to, stroke: stroke(thousandths_of_a_point) }));
    }
}

fn stroke(thousandths_of_a_point: i64) -> Stroke {
    Stroke { width: Length::pt(1).scale(thousandths_of_a_point, 1000), tint: Tint::BLACK, dash: None }
}
