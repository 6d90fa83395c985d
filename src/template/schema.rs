//! The files of a template as they are written: one struct per table, one field per key.
//!
//! Nothing is looked up or computed here; [`read`](crate::template::read::read) does that. Keys are
//! required unless they are an `Option`, and unknown keys are errors.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::Deserializer;
use serde::de::Error;
use serde::de::MapAccess;
use serde::de::Visitor;
use serde::de::value::MapAccessDeserializer;
use toml::Spanned;

pub use crate::template::choice::{Align, Corner, Digits, Direction, Empty, Level};

/// A word, or what was written where a word belongs. Numbers are kept so that the message can show
/// them with a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scalar {
    /// In quotes.
    Text(String),
    /// A bare number, as written in TOML.
    Number(String),
}

/// A quantity with its unit: a length, a percentage or a factor.
pub type Measure = Spanned<Scalar>;

/// A place or a size: two lengths.
pub type Pair = Spanned<[Measure; 2]>;

/// A list of conditions.
pub type When = Option<Vec<Spanned<String>>>;

/// A file: a template, a part or a file of styles. Which keys it may have depends on what it is.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// The size of the paper. *Required* in a template, an error elsewhere.
    pub sheet: Option<Spanned<Sheet>>,
    /// Files of styles. *Default*: none.
    pub r#use: Option<Vec<Spanned<String>>>,
    /// Where the paper is folded, from the top. *Default*: nowhere.
    pub folds: Option<Vec<Measure>>,
    /// Styles by name.
    #[serde(default)]
    pub style: BTreeMap<String, Spanned<Style>>,
    /// In the order of drawing.
    #[serde(default)]
    pub item: Vec<Spanned<Item>>,
}

/// The size of the paper.
#[derive(Debug)]
pub enum Sheet {
    /// A known name, such as `A4`.
    Named(String),
    /// Width and height.
    Measured(SheetSize),
}

/// A paper without a name.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SheetSize {
    /// From left to right.
    pub width: Measure,
    /// From top to bottom.
    pub height: Measure,
}

/// How letters look.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Style {
    /// The style from which this one takes what it does not say.
    pub like: Option<Spanned<String>>,
    /// The chain of fonts. *Required* here or in `like`.
    pub chain: Option<Spanned<String>>,
    /// The size of the letters. *Required* here or in `like`.
    pub size: Option<Measure>,
    /// Added between letters. *Default*: none.
    pub tracking: Option<Measure>,
    /// From baseline to baseline, a length or a factor. *Default*: `"1.65"`.
    pub leading: Option<Measure>,
    /// *Default*: `"100%"`.
    pub tint: Option<Measure>,
    /// Added between Japanese and Latin letters, in percent of the size. *Default*: `"0%"`.
    pub mixed_space: Option<Measure>,
    /// Whether brackets lose their white half at the ends of lines. *Default*: `false`.
    pub trim: Option<bool>,
}

/// Something on the sheet: exactly one kind.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// All must hold. *Default*: always.
    pub when: When,
    /// One line of text.
    pub text: Option<Spanned<Text>>,
    /// Running text.
    pub paragraph: Option<Spanned<Paragraph>>,
    /// Rows of labels and values.
    pub table: Option<Spanned<Table>>,
    /// A straight line.
    pub line: Option<Spanned<Line>>,
    /// A rectangle.
    pub r#box: Option<Spanned<Frame>>,
    /// A picture.
    pub image: Option<Spanned<Image>>,
    /// A QR code.
    pub qr: Option<Spanned<Qr>>,
    /// A Data Matrix.
    pub datamatrix: Option<Spanned<DataMatrix>>,
    /// A Code 128 bar code.
    pub code128: Option<Spanned<Code128>>,
    /// A card to cut out.
    pub slip: Option<Spanned<Slip>>,
    /// The items of another file.
    pub part: Option<Spanned<Part>>,
}

/// Words before, after or above a value.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Affix {
    /// The words.
    pub value: Spanned<String>,
    /// *Default*: the value's style.
    pub style: Option<Spanned<String>>,
}

/// One line of text.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// The left end of the baseline; of a vertical text the middle of its upper end.
    pub at: Pair,
    /// The room that it has. *Required* in a horizontal text, an error in a vertical one.
    pub width: Option<Measure>,
    /// The room downwards. *Required* in a vertical text, an error in a horizontal one.
    pub height: Option<Measure>,
    /// *Default*: `horizontal`.
    pub direction: Option<Direction>,
    /// Figures of a vertical text. *Default*: `upright`.
    pub digits: Option<Spanned<Digits>>,
    /// Where it stands in that room. *Default*: `left`.
    pub align: Option<Align>,
    /// A style's name.
    pub style: Spanned<String>,
    /// What it says.
    pub value: Spanned<String>,
    /// Words in front. *Default*: none.
    pub before: Option<Affix>,
    /// Words behind; of a vertical text below. *Default*: none.
    pub after: Option<Affix>,
    /// Kana above the value. *Default*: none.
    pub ruby: Option<Spanned<Ruby>>,
    /// How it may be made to fit. *Default*: not at all.
    pub fit: Option<Vec<Measure>>,
    /// What stands where the value is empty. *Default*: `refuse`.
    pub empty: Option<Empty>,
    /// Degrees, counter-clockwise, around `at`. *Default*: 0.
    pub rotate: Option<Spanned<i64>>,
    /// Only the outline of the letters, this wide. *Default*: filled letters.
    pub outline: Option<Measure>,
}

/// Kana above the value of a text.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ruby {
    /// What they say.
    pub value: Spanned<String>,
    /// A style's name.
    pub style: Spanned<String>,
    /// How they may be made to fit. *Default*: not at all.
    pub fit: Option<Vec<Measure>>,
    /// What stands where there are none, `blank` or `refuse`. *Default*: `blank`.
    pub empty: Option<Spanned<Empty>>,
}

/// Running text.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paragraph {
    /// The upper left corner.
    pub at: Pair,
    /// The measure.
    pub width: Measure,
    /// The room downwards. *Default*: to the end of the sheet or slip.
    pub height: Option<Measure>,
    /// How the lines stand. *Default*: `justify`.
    pub align: Option<Align>,
    /// A style's name.
    pub style: Spanned<String>,
    /// What it says.
    pub value: Spanned<String>,
    /// A bold opening or a number in front. *Default*: none.
    pub before: Option<Affix>,
    /// Indent of the first line of each paragraph. *Default*: none.
    pub indent: Option<Measure>,
    /// Indent of the other lines. *Default*: none.
    pub hang: Option<Measure>,
    /// Whether 、。 may hang behind a line (ぶら下げ). *Default*: yes.
    pub hanging: Option<bool>,
}

/// Rows of labels and values.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// The upper left corner.
    pub at: Pair,
    /// From the left edge of the frame to the right one.
    pub width: Measure,
    /// Space between the edge of a cell and its words. *Default*: `1.5mm`.
    pub padding: Option<Measure>,
    /// Stroke of the frame. *Default*: `0.5pt`.
    pub frame: Option<Measure>,
    /// Stroke of the inner rules. *Default*: `0.25pt`.
    pub rule: Option<Measure>,
    /// Tint of the label cells. *Default*: `8%`.
    pub label_tint: Option<Measure>,
    /// The height that the rows may grow to together when some are left out. *Default*: they keep theirs.
    pub height: Option<Measure>,
    /// What one row may grow to for that. *Default*: `113.3%`.
    pub grow: Option<Measure>,
    /// Height of rows that give none.
    pub row_height: Option<Measure>,
    /// Style of values whose cell gives none.
    pub style: Option<Spanned<String>>,
    /// Style of labels whose cell gives none. *Default*: the value's.
    pub label_style: Option<Spanned<String>>,
    /// Width of labels whose cell gives none.
    pub label_width: Option<Measure>,
    /// 均等割付 of labels of two to four characters over this width. *Default*: none.
    pub label_spread: Option<Measure>,
    /// From the top.
    #[serde(default)]
    pub row: Vec<Spanned<Row>>,
}

/// A row of a table.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// All must hold, or the row is left out. *Default*: always.
    pub when: When,
    /// *Default*: the table's `row_height`.
    pub height: Option<Measure>,
    /// From the left.
    pub cells: Vec<Spanned<Cell>>,
}

/// A label and its value.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cell {
    /// *Default*: the value alone.
    pub label: Option<Spanned<String>>,
    /// *Default*: the table's.
    pub label_style: Option<Spanned<String>>,
    /// *Default*: the table's.
    pub label_width: Option<Measure>,
    /// 均等割付 of this label, `none` for none. *Default*: the table's.
    pub label_spread: Option<Measure>,
    /// Width of the value's cell. The last cell takes what is left and gives none.
    pub width: Option<Measure>,
    /// What it says.
    pub value: Spanned<String>,
    /// *Default*: the table's.
    pub style: Option<Spanned<String>>,
    /// Words in front of the value. *Default*: none.
    pub before: Option<Affix>,
    /// Words behind the value. *Default*: none.
    pub after: Option<Affix>,
    /// A small line above the value. *Default*: none.
    pub above: Option<Affix>,
    /// Where the value stands. *Default*: `left`.
    pub align: Option<Align>,
    /// How it may be made to fit. *Default*: not at all.
    pub fit: Option<Vec<Measure>>,
    /// What stands where it is empty. *Default*: `refuse`.
    pub empty: Option<Empty>,
}

/// How a line is drawn.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stroke {
    /// Its width.
    pub width: Measure,
    /// *Default*: `100%`.
    pub tint: Option<Measure>,
    /// Lengths on and off. *Default*: solid.
    pub dash: Option<Pair>,
}

/// A straight line.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// One end.
    pub from: Pair,
    /// The other end.
    pub to: Pair,
    /// How it is drawn.
    pub stroke: Stroke,
}

/// A rectangle; `stroke`, `fill` or both.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Frame {
    /// The upper left corner.
    pub at: Pair,
    /// Width and height.
    pub size: Pair,
    /// *Default*: none.
    pub stroke: Option<Stroke>,
    /// A tint. *Default*: none.
    pub fill: Option<Measure>,
}

/// A picture.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Image {
    /// The upper left corner.
    pub at: Pair,
    /// Width and height.
    pub size: Pair,
    /// A PNG or JPEG file, relative to this file.
    pub file: Spanned<String>,
}

/// A QR code.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Qr {
    /// The upper left corner of the symbol.
    pub at: Pair,
    /// The side of the symbol.
    pub side: Measure,
    /// What it says.
    pub value: Spanned<String>,
    /// Error correction. *Default*: `M`.
    pub level: Option<Level>,
    /// How large the symbol is, 1 to 40. *Default*: the smallest that holds the value.
    pub version: Option<Spanned<i64>>,
}

/// A Data Matrix.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataMatrix {
    /// The upper left corner of the symbol.
    pub at: Pair,
    /// The side of the symbol.
    pub side: Measure,
    /// What it says.
    pub value: Spanned<String>,
}

/// A Code 128 bar code.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Code128 {
    /// The upper left corner of the bars.
    pub at: Pair,
    /// Width and height of the bars.
    pub size: Pair,
    /// What it says.
    pub value: Spanned<String>,
}

/// A card to cut out of a corner of the sheet.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Slip {
    /// The corner of the sheet.
    pub corner: Corner,
    /// Between the slip and the two edges of that corner.
    pub margin: Measure,
    /// Width and height.
    pub size: Pair,
    /// The line to cut along. *Default*: none.
    pub cut: Option<Stroke>,
    /// Places count from the upper left corner of the slip.
    #[serde(default)]
    pub item: Vec<Spanned<Item>>,
}

/// The items of another file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// A part file, relative to this file.
    pub file: Spanned<String>,
    /// Where its upper left corner lies. *Default*: that of the sheet or slip.
    pub at: Option<Pair>,
}

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Scalar, D::Error> {
        deserializer.deserialize_any(ScalarVisitor)
    }
}

struct ScalarVisitor;

impl Visitor<'_> for ScalarVisitor {
    type Value = Scalar;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a quantity with its unit, in quotes")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Scalar, E> {
        Ok(Scalar::Text(text.to_owned()))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Scalar, E> {
        Ok(Scalar::Number(number.to_string()))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Scalar, E> {
        Ok(Scalar::Number(number.to_string()))
    }
}

impl<'de> Deserialize<'de> for Sheet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Sheet, D::Error> {
        deserializer.deserialize_any(SheetVisitor)
    }
}

struct SheetVisitor;

impl<'de> Visitor<'de> for SheetVisitor {
    type Value = Sheet;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name such as \"A4\", or { width = \"…\", height = \"…\" }")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Sheet, E> {
        Ok(Sheet::Named(name.to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Sheet, A::Error> {
        SheetSize::deserialize(MapAccessDeserializer::new(map)).map(Sheet::Measured)
    }
}
