//! A template after reading: nothing left to look up, no part left to fetch.
//!
//! Promises, each kept by [`read`](crate::template::read): every item lies at its place on the sheet
//! (offsets of parts and slips are added); the conditions of a part or a slip stand on each of its
//! items; styles are resolved; every placeholder and format is known and the format fits the field;
//! the last four digits stand only behind `digits-in-body` outside a slip and `digits-on-slip` inside; an item with
//! a value of the job has no conditions and reads no field of the record.

use std::path::PathBuf;
use std::sync::Arc;

use crate::base::diagnostic::Place;
use crate::base::field::Field;
use crate::base::fit::{Figures, Ladder};
use crate::base::geometry::{Point, Rect, Size};
use crate::base::length::Length;
use crate::base::row::{baselines, below};
use crate::base::stroke::Stroke;
use crate::base::tint::Tint;
use crate::template::code::{Code128, DataMatrix, JobValue, Qr};

/// One side of one sheet.
#[derive(Clone, Debug)]
pub struct Template {
    /// The file's name, for messages.
    pub name: String,
    /// The size of the paper.
    pub size: Size,
    /// Where slips are cut off.
    pub slips: Vec<Rect>,
    /// What stands on the side, in the order of drawing.
    pub items: Vec<Item>,
}

/// Something on the sheet, and when.
#[derive(Clone, Debug)]
pub struct Item {
    /// All must hold; empty: always.
    pub when: Vec<Test>,
    /// What it is.
    pub shape: Shape,
    /// Where it was written, for messages.
    pub place: Place,
}

/// A condition of the closed list, or its opposite.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Test {
    /// The condition.
    pub condition: Condition,
    /// Written `not:` in front.
    pub negated: bool,
}

/// The closed list of conditions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Condition {
    /// `notice`: the paper is a 資格情報のお知らせ.
    Notice,
    /// `certificate`: the paper is a 資格確認書.
    Certificate,
    /// `insured`: 本人（被保険者）.
    Insured,
    /// `dependant`: 家族（被扶養者）.
    Dependant,
    /// `digits-shown`: the last four digits are printed somewhere.
    DigitsShown,
    /// `digits-in-body`: they are printed on the sheet outside the slip.
    DigitsInBody,
    /// `digits-on-slip`: they are printed on the slip.
    DigitsOnSlip,
    /// `has:FIELD`: the record has the field.
    Has(Field),
    /// `over-70`: 70 is attained on the first day of validity.
    Over70,
    /// `sample`: the record is a 見本.
    Sample,
    /// `see-back`: the front says 裏面参照 instead of the sex.
    SeeBack,
    /// `address-front`: the paper prints 住所, and nothing forbids it.
    AddressFront,
    /// `address-back`: the person writes 住所 into a field on the back.
    AddressBack,
    /// `plastic`: the medium is plastic.
    Plastic,
    /// `paper`: the medium is paper.
    Paper,
    /// `expires`: the paper carries a 有効期限.
    Expires,
    /// `special-expense`: 特別療養費 is paid instead of benefits in kind.
    SpecialExpense,
    /// `protected`: 自己情報閲覧制限, so that nothing may lead to the person.
    Protected,
    /// `starts-later`: 有効開始年月日 lies after 交付年月日.
    StartsLater,
    /// `organ-donation`: the back has the column for 臓器提供の意思表示.
    OrganDonation,
}

/// The kinds of item.
#[derive(Clone, Debug)]
pub enum Shape {
    /// One line of text.
    Text(Text),
    /// One column of vertical text.
    Column(Column),
    /// Running text over several lines.
    Paragraph(Paragraph),
    /// Rows of labels and values.
    Table(Table),
    /// A straight line.
    Line(Line),
    /// A rectangle, stroked, filled or both.
    Box(Box),
    /// A PNG or JPEG picture.
    Image(Image),
    /// A QR code.
    Qr(Qr),
    /// A Data Matrix.
    DataMatrix(DataMatrix),
    /// A Code 128 bar code.
    Code128(Code128),
}

/// How letters look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Style {
    /// The chain of fonts, by the name that the pack gives it.
    pub chain: String,
    /// The size of the em box.
    pub size: Length,
    /// Added between letters. *Default*: none.
    pub tracking: Length,
    /// From baseline to baseline. *Default*: 1.65 times the size.
    pub leading: Length,
    /// *Default*: black.
    pub tint: Tint,
    /// Added between Japanese and Latin letters (四分アキ is 250), in thousandths of the size. *Default*: none.
    pub mixed_space: u16,
    /// Whether brackets, and 、 and 。 behind, lose their white half at the ends of lines. *Default*: no.
    pub trim: bool,
}

/// Where a line stands in its width.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Align {
    /// At the left.
    #[default]
    Left,
    /// In the middle.
    Center,
    /// At the right.
    Right,
    /// 均等割付: the letters spread over the width; for a paragraph, justified lines.
    Justify,
}

/// Words with placeholders.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pattern {
    /// In order.
    pub pieces: Vec<Piece>,
}

impl Pattern {
    /// Whether the job puts something in.
    pub fn has_job(&self) -> bool {
        self.pieces.iter().any(|piece| matches!(piece, Piece::Job(_)))
    }
}

/// A stretch of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Words as they are.
    Literal(String),
    /// A value put in.
    Placeholder(Reference, Format),
    /// A value that the job puts in: the item is an imprint.
    Job(JobValue),
}

/// What a placeholder names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reference {
    /// A field of the record. `expiry` is the decision's, `last4` what the decision lets through.
    Field(Field),
    /// `title`: the title of the paper.
    Title,
    /// `title_legal`: its present legal name.
    TitleLegal,
    /// `title_slip`: the title on the slip.
    TitleSlip,
    /// `pack.NAME`: a text of the pack's `[text]`.
    Pack(String),
}

/// The closed list of formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// As the record has it; dates in kanji 和暦. *Default*.
    Plain,
    /// `wareki`: 令和7年12月1日.
    Wareki,
    /// `wareki-padded`: 令和7年12月 1日, with a space where a digit is missing.
    WarekiPadded,
    /// `wareki-short`: R7.12.1.
    WarekiShort,
    /// `wareki-compact`: R071201.
    WarekiCompact,
    /// `iso`: 2025-12-01.
    Iso,
    /// `compact`: 20251201.
    Compact,
    /// `symbol`: as the record's `symbol_display` says, stored or significant digits.
    Symbol,
    /// `significant`: without leading zeros.
    Significant,
    /// `postal`: 180-8750.
    Postal,
    /// `postal-area`: 180.
    PostalArea,
    /// `postal-town`: 8750.
    PostalTown,
    /// `masked`: ＊＊＊＊　＊＊＊＊　1234.
    Masked,
    /// `wide`: ASCII digits, letters and signs in full width.
    Wide,
    /// `registered`: 氏名 and 性別 as they are registered, on a front too.
    Registered,
}

/// What stands where a value is empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Empty {
    /// The record is refused: the sheet needs the field.
    #[default]
    Refuse,
    /// An em dash in 40 % black.
    Dash,
    /// Nothing.
    Blank,
}

/// Words in a style, before or after a value.
#[derive(Clone, Debug)]
pub struct Affix {
    /// The words.
    pub pattern: Pattern,
    /// How they look.
    pub style: Arc<Style>,
}

/// One line of text. `before`, the value and `after` stand on one baseline without a gap.
#[derive(Clone, Debug)]
pub struct Text {
    /// The left end of the baseline.
    pub at: Point,
    /// The room that it has.
    pub width: Length,
    /// Where it stands in that room.
    pub align: Align,
    /// How it looks.
    pub style: Arc<Style>,
    /// What it says.
    pub value: Pattern,
    /// Words in front, in their own style.
    pub before: Option<Affix>,
    /// Words behind, in their own style.
    pub after: Option<Affix>,
    /// Kana above the value.
    pub ruby: Option<Ruby>,
    /// How it may be made to fit.
    pub fit: Ladder,
    /// What stands where the value is empty.
    pub empty: Empty,
    /// Degrees, counter-clockwise, around `at`. *Default*: 0.
    pub rotate: i16,
    /// Only the outline of the letters, this wide; `None`: filled.
    pub outline: Option<Length>,
}

/// Kana above a value, spread over it.
#[derive(Clone, Debug)]
pub struct Ruby {
    /// What they say.
    pub value: Pattern,
    /// How they look.
    pub style: Arc<Style>,
    /// How they may be made to fit, on one line.
    pub fit: Ladder,
    /// What stands where there are none: nothing, or the record is refused. *Default*: nothing.
    pub empty: Empty,
}

/// One column of vertical text (縦書き), or two side by side.
#[derive(Clone, Debug)]
pub struct Column {
    /// The middle of its upper end.
    pub at: Point,
    /// The room downwards.
    pub height: Length,
    /// Where it stands in that room: left is at the top.
    pub align: Align,
    /// How it looks.
    pub style: Arc<Style>,
    /// What it says.
    pub value: Pattern,
    /// Words below, in their own style.
    pub after: Option<Affix>,
    /// How it may be made to fit: by narrower spaces, smaller letters and two columns only.
    pub fit: Ladder,
    /// What stands where the value is empty.
    pub empty: Empty,
    /// How figures stand. *Default*: upright.
    pub figures: Figures,
}

/// Running text, broken into lines by the rules of Japanese typesetting. A line feed starts a new
/// paragraph.
#[derive(Clone, Debug)]
pub struct Paragraph {
    /// The upper left corner.
    pub at: Point,
    /// The measure.
    pub width: Length,
    /// The room downwards; more lines are an error. `None`: to the end of the sheet.
    pub height: Option<Length>,
    /// How the lines stand.
    pub align: Align,
    /// How it looks.
    pub style: Arc<Style>,
    /// What it says.
    pub value: Pattern,
    /// A bold opening or a number in front.
    pub before: Option<Affix>,
    /// Indent of the first line of each paragraph.
    pub indent: Length,
    /// Indent of the other lines.
    pub hang: Length,
    /// Whether 、。 may hang behind a line.
    pub hanging: bool,
}

/// Rows of labels and values.
#[derive(Clone, Debug)]
pub struct Table {
    /// The upper left corner.
    pub at: Point,
    /// From the left edge of the frame to the right one.
    pub width: Length,
    /// Space between the edge of a cell and its words. *Default*: 1.5 mm.
    pub padding: Length,
    /// Stroke of the frame. *Default*: 0.5 pt.
    pub frame: Length,
    /// Stroke of the inner rules. *Default*: 0.25 pt.
    pub rule: Length,
    /// Tint of the label cells. *Default*: 8 %.
    pub label_tint: Tint,
    /// The height that the rows together may grow to, when rows are left out.
    pub height: Option<Length>,
    /// What one row may grow to for that, as thousandths of its height. *Default*: 1133 (7.5 → 8.5 mm).
    pub grow: u16,
    /// From the top.
    pub rows: Vec<Row>,
}

/// A row of a table.
#[derive(Clone, Debug)]
pub struct Row {
    /// All must hold, or the row is left out and the next one moves up.
    pub when: Vec<Test>,
    /// Its height.
    pub height: Length,
    /// From the left; the last one takes what is left of the width.
    pub cells: Vec<Cell>,
}

impl Row {
    /// The sizes of its largest value, and of the largest small line above one; zero where there is none.
    pub fn sizes(&self) -> [Length; 2] {
        let largest = |sizes: &mut dyn Iterator<Item = Length>| sizes.fold(Length::ZERO, Length::max);
        let value = largest(&mut self.cells.iter().map(|cell| cell.style.size));
        [value, largest(&mut self.cells.iter().filter_map(|cell| Some(cell.above.as_ref()?.style.size)))]
    }

    /// From the upper edge of the row, grown to a height, to where two lines of a cell's value may begin: under the
    /// small line above it.
    pub fn under(&self, cell: &Cell, height: Length) -> Length {
        let [value, above] = self.sizes();
        let Some(line) = &cell.above else { return Length::ZERO };
        baselines(height, value, above).above + below(line.style.size)
    }
}

/// A label and its value, side by side.
#[derive(Clone, Debug)]
pub struct Cell {
    /// The label; `None`: the value alone.
    pub label: Option<Pattern>,
    /// How the label looks.
    pub label_style: Arc<Style>,
    /// The width of the label's cell, its padding included.
    pub label_width: Length,
    /// 均等割付 of the label over this width; `None`: the label is centred as it is.
    pub label_spread: Option<Length>,
    /// The width of the value's cell; `None`: what is left.
    pub width: Option<Length>,
    /// The value.
    pub value: Pattern,
    /// How the value looks.
    pub style: Arc<Style>,
    /// Words in front of the value.
    pub before: Option<Affix>,
    /// Words behind the value.
    pub after: Option<Affix>,
    /// A small line above the value, such as the フリガナ above a name.
    pub above: Option<Affix>,
    /// Where the value stands.
    pub align: Align,
    /// How it may be made to fit.
    pub fit: Ladder,
    /// What stands where it is empty.
    pub empty: Empty,
}

/// A straight line.
#[derive(Clone, Debug)]
pub struct Line {
    /// One end.
    pub from: Point,
    /// The other end.
    pub to: Point,
    /// How it is drawn.
    pub stroke: Stroke,
}

/// A rectangle; its edges are the middle of the stroke.
#[derive(Clone, Debug)]
pub struct Box {
    /// Where.
    pub rect: Rect,
    /// The stroke; `None`: none.
    pub stroke: Option<Stroke>,
    /// The tint inside; `None`: empty.
    pub fill: Option<Tint>,
}

/// A picture of the pack.
#[derive(Clone, Debug)]
pub struct Image {
    /// Where; the picture is scaled to it, its proportions must agree within 1 %.
    pub rect: Rect,
    /// The file.
    pub file: PathBuf,
}
