//! The simple kinds of item.

use std::path::PathBuf;

use toml::Spanned;

use crate::base::fit::{middle, two_lines_height};
use crate::base::geometry::Point;
use crate::base::geometry::Rect;
use crate::base::geometry::Size;
use crate::base::length::Length;
use crate::base::tint::Tint;
use crate::template::code;
use crate::template::code::QrLevel;
use crate::template::column::column;
use crate::template::measure;
use crate::template::measure::Wrong;
use crate::template::model;
use crate::template::model::Align;
use crate::template::model::Empty;
use crate::template::model::Pattern;
use crate::template::model::Piece;
use crate::template::model::Shape;
use crate::template::path::beside;
use crate::template::placeholder::has_digits;
use crate::template::ruby;
use crate::template::ruby::ruby;
use crate::template::schema;
use crate::template::values::Lines;
use crate::template::values::Surface;
use crate::template::values::Values;

/// How far a box or a picture may run over the edge of the sheet, so that no white shows when the
/// stack is cut.
const BLEED: Length = Length::mm(3);

/// An item and the room that it takes.
pub(in crate::template) struct Drawn {
    /// The item.
    pub shape: Shape,
    /// The room; `None` for turned text.
    pub extent: Option<Rect>,
}

/// One line of text.
pub(in crate::template) fn text(values: &mut Values<'_, '_>, text: &schema::Text) -> Option<Drawn> {
    match text.direction.unwrap_or_default() {
        schema::Direction::Horizontal => horizontal(values, text),
        schema::Direction::Vertical => column(values, text),
    }
}

fn horizontal(values: &mut Values<'_, '_>, text: &schema::Text) -> Option<Drawn> {
    let strays = [text.height.as_ref().map(schema::Measure::span), text.digits.as_ref().map(Spanned::span)];
    for span in strays.into_iter().flatten() {
        let wrong = Wrong::new("only a vertical text has this");
        values.fail(span, wrong.hint("write `direction = \"vertical\"`, or leave this out"));
    }
    let at = values.point(&text.at);
    let Some(width) = &text.width else {
        values.fail(text.at.span(), Wrong::new("the text has no width").hint("write `width`, the room that it has"));
        return None;
    };
    let width = values.positive(width);
    let style = values.style(&text.style);
    let value = values.pattern(&text.value, Lines::One);
    let before = values.affix(text.before.as_ref(), style.as_ref());
    let after = values.affix(text.after.as_ref(), style.as_ref());
    let fit = values.ladder(text.fit.as_ref());
    let rotate = turn(values, text.rotate.as_ref());
    let ruby = ruby(values, text);
    let outline = text.outline.as_ref().map(|outline| values.positive(outline));
    let align = align(text.align.unwrap_or_default());
    let whole = values.one_line_if_spread(text.fit.as_ref(), align);
    let (at, width, style, rotate, fit, ruby) = (at?, width?, style?, rotate?, fit?, ruby?);
    whole?;
    let extent = under(line_of_text(at, width, style.size, fit.two_lines()), ruby::height(ruby.as_ref()));
    let checked = if rotate == 0 { extent } else { Rect { at, size: Size::default() } };
    values.inside(checked, Length::ZERO, text.at.span())?;
    let (value, before, after) = (value?, before?, after?);
    let printed = |affix: &Option<model::Affix>| affix.as_ref().is_some_and(|affix| has_digits(&affix.pattern));
    if rotate != 0 && (has_digits(&value) || printed(&before) || printed(&after)) {
        values.fail(
            text.at.span(),
            Wrong::new("the last four digits do not stand in turned text").hint("leave `rotate` out"),
        );
        return None;
    }
    let shape = Shape::Text(model::Text {
        at,
        width,
        align,
        style,
        value,
        before,
        after,
        ruby,
        fit,
        empty: empty(text.empty.unwrap_or_default()),
        rotate,
        outline: match outline {
            None => None,
            Some(outline) => Some(outline?),
        },
    });
    Some(Drawn { shape, extent: (rotate == 0).then_some(extent) })
}

/// The em boxes of a line: 88 % of the size above the baseline, 12 % below; or the room of two lines of so many
/// thousandths of the size, where that is more.
fn line_of_text(at: Point, width: Length, size: Length, two_lines: Option<u16>) -> Rect {
    let one = [size.scale(88, 100), size - size.scale(88, 100)];
    let half = |part| two_lines_height(size.scale(i64::from(part), 1000)) / 2;
    let two = two_lines.map_or(one, |part| [half(part) - middle(size), half(part) + middle(size)]);
    let [above, below] = [one[0].max(two[0]), one[1].max(two[1])];
    Rect { at: Point { x: at.x, y: at.y - above }, size: Size { width, height: above + below } }
}

/// The same with something above it.
fn under(rect: Rect, above: Length) -> Rect {
    let at = Point { x: rect.at.x, y: rect.at.y - above };
    Rect { at, size: Size { width: rect.size.width, height: rect.size.height + above } }
}

/// Degrees of a full turn at most.
fn turn(values: &mut Values<'_, '_>, rotate: Option<&Spanned<i64>>) -> Option<i16> {
    let Some(rotate) = rotate else { return Some(0) };
    let degrees = i16::try_from(*rotate.get_ref()).ok().filter(|degrees| (-359..=359).contains(degrees));
    if degrees.is_none() {
        values.fail(rotate.span(), Wrong::new("text is turned by -359 to 359 degrees"));
    }
    degrees
}

/// Running text.
pub(in crate::template) fn paragraph(values: &mut Values<'_, '_>, paragraph: &schema::Paragraph) -> Option<Drawn> {
    let at = values.point(&paragraph.at);
    let width = values.positive(&paragraph.width);
    let height = paragraph.height.as_ref().map(|height| values.positive(height));
    let style = values.style(&paragraph.style);
    let value = values.pattern(&paragraph.value, Lines::Many);
    let before = values.affix(paragraph.before.as_ref(), style.as_ref());
    let (at, width, style) = (at?, width?, style?);
    let mut indent = |found: &Option<schema::Measure>| match found {
        None => Some(Length::ZERO),
        Some(found) => values.get(found, |scalar| match measure::relative(scalar, style.size)? {
            length if length < Length::ZERO || length >= width => {
                Err(Wrong::new("an indent goes from 0 to less than the width"))
            }
            length => Ok(length),
        }),
    };
    let (first, others) = (indent(&paragraph.indent), indent(&paragraph.hang));
    let height = match (height, values.scope.surface) {
        (Some(height), _) => Some(height?),
        (None, Surface::Slip(_)) => Some(values.scope.area.bottom() - at.y),
        (None, Surface::Body) => None,
    };
    let extent = Rect { at, size: Size { width, height: paragraph_height(paragraph, height, style.size) } };
    values.inside(extent, Length::ZERO, paragraph.at.span())?;
    let shape = Shape::Paragraph(model::Paragraph {
        at,
        width,
        height,
        align: align(paragraph.align.unwrap_or(schema::Align::Justify)),
        style,
        value: value?,
        before: before?,
        indent: first?,
        hang: others?,
        hanging: paragraph.hanging.unwrap_or(true),
    });
    Some(Drawn { shape, extent: Some(extent) })
}

/// The room that a paragraph is known to take: what it says itself, or one line.
fn paragraph_height(paragraph: &schema::Paragraph, height: Option<Length>, size: Length) -> Length {
    match (&paragraph.height, height) {
        (Some(_), Some(height)) => height,
        (Some(_) | None, _) => size,
    }
}

/// A straight line.
pub(in crate::template) fn line(values: &mut Values<'_, '_>, line: &schema::Line) -> Option<Drawn> {
    let from = values.point(&line.from);
    let to = values.point(&line.to);
    let stroke = values.stroke(&line.stroke);
    let (from, to) = (from?, to?);
    if from == to {
        values.fail(line.to.span(), Wrong::new("the line ends where it starts"));
        return None;
    }
    let at = Point { x: from.x.min(to.x), y: from.y.min(to.y) };
    let size = Size { width: from.x.max(to.x) - at.x, height: from.y.max(to.y) - at.y };
    let extent = Rect { at, size };
    values.inside(extent, Length::ZERO, line.from.span())?;
    Some(Drawn { shape: Shape::Line(model::Line { from, to, stroke: stroke? }), extent: Some(extent) })
}

/// A rectangle.
pub(in crate::template) fn frame(values: &mut Values<'_, '_>, frame: &Spanned<schema::Frame>) -> Option<Drawn> {
    let span = frame.span();
    let frame = frame.get_ref();
    let extent = rect(values, &frame.at, &frame.size, BLEED);
    let stroke = frame.stroke.as_ref().map(|stroke| values.stroke(stroke));
    let fill = frame.fill.as_ref().map(|fill| values.tint(Some(fill), Tint::BLACK));
    if stroke.is_none() && fill.is_none() {
        values.fail(span, Wrong::new("the box would not be seen").hint("give it a `stroke`, a `fill` or both"));
        return None;
    }
    let rect = extent?;
    let stroke = match stroke {
        None => None,
        Some(stroke) => Some(stroke?),
    };
    let fill = match fill {
        None => None,
        Some(fill) => Some(fill?),
    };
    Some(Drawn { shape: Shape::Box(model::Box { rect, stroke, fill }), extent: Some(rect) })
}

/// A picture.
pub(in crate::template) fn image(values: &mut Values<'_, '_>, image: &schema::Image) -> Option<Drawn> {
    let extent = rect(values, &image.at, &image.size, BLEED);
    let name = image.file.get_ref().to_ascii_lowercase();
    let known = [".png", ".jpg", ".jpeg"].iter().any(|ending| name.ends_with(ending));
    let file = match beside(&values.scope.source.name, image.file.get_ref()) {
        Ok(_) if !known => {
            Err(Wrong::new("a picture is a PNG or JPEG file").hint("its name ends in .png, .jpg or .jpeg"))
        }
        joined => joined,
    };
    let file = file.map_err(|wrong| values.fail(image.file.span(), wrong)).ok();
    let rect = extent?;
    Some(Drawn { shape: Shape::Image(model::Image { rect, file: PathBuf::from(file?) }), extent: Some(rect) })
}

/// A QR code.
pub(in crate::template) fn qr(values: &mut Values<'_, '_>, qr: &schema::Qr) -> Option<Drawn> {
    let at = values.point(&qr.at);
    let side = values.positive(&qr.side);
    let value = content(values, &qr.value);
    let version = qr.version.as_ref().map(|found| {
        let version = u8::try_from(*found.get_ref()).ok().filter(|version| (1..=40).contains(version));
        if version.is_none() {
            values.fail(found.span(), Wrong::new("a QR code has a version from 1 to 40"));
        }
        version
    });
    let (at, side) = (at?, side?);
    let extent = Rect { at, size: Size { width: side, height: side } };
    values.inside(extent, Length::ZERO, qr.at.span())?;
    let level = match qr.level.unwrap_or_default() {
        schema::Level::L => QrLevel::L,
        schema::Level::M => QrLevel::M,
        schema::Level::Q => QrLevel::Q,
        schema::Level::H => QrLevel::H,
    };
    let version = match version {
        None => None,
        Some(version) => Some(version?),
    };
    Some(Drawn { shape: Shape::Qr(code::Qr { at, side, value: value?, level, version }), extent: Some(extent) })
}

/// A Data Matrix.
pub(in crate::template) fn data_matrix(values: &mut Values<'_, '_>, matrix: &schema::DataMatrix) -> Option<Drawn> {
    let at = values.point(&matrix.at);
    let side = values.positive(&matrix.side);
    let value = ascii_code(values, &matrix.value, "Data Matrix");
    let (at, side) = (at?, side?);
    let extent = Rect { at, size: Size { width: side, height: side } };
    values.inside(extent, Length::ZERO, matrix.at.span())?;
    Some(Drawn { shape: Shape::DataMatrix(code::DataMatrix { at, side, value: value? }), extent: Some(extent) })
}

/// A Code 128 bar code.
pub(in crate::template) fn code128(values: &mut Values<'_, '_>, bars: &schema::Code128) -> Option<Drawn> {
    let extent = rect(values, &bars.at, &bars.size, Length::ZERO);
    let value = ascii_code(values, &bars.value, "Code 128 bar code");
    let rect = extent?;
    Some(Drawn { shape: Shape::Code128(code::Code128 { rect, value: value? }), extent: Some(rect) })
}

/// What a code says that holds ASCII only.
fn ascii_code(values: &mut Values<'_, '_>, found: &Spanned<String>, kind: &str) -> Option<Pattern> {
    let value = content(values, found)?;
    let plain = |piece: &Piece| match piece {
        Piece::Literal(words) => words.is_ascii(),
        Piece::Placeholder(..) | Piece::Job(_) => true,
    };
    if !value.pieces.iter().all(plain) {
        values.fail(found.span(), Wrong::new(format!("a {kind} holds ASCII only")));
        return None;
    }
    Some(value)
}

/// What a code says; never digits of the My Number, which nobody could see in it.
fn content(values: &mut Values<'_, '_>, found: &Spanned<String>) -> Option<Pattern> {
    let value = values.pattern(found, Lines::One)?;
    if has_digits(&value) {
        let hint = "print them in a text or a table, where the holder sees them";
        values.fail(found.span(), Wrong::new("the last four digits do not stand in codes").hint(hint));
        return None;
    }
    Some(value)
}

/// A rectangle in the sheet or the slip.
fn rect(values: &mut Values<'_, '_>, at: &schema::Pair, size: &schema::Pair, bleed: Length) -> Option<Rect> {
    let (corner, extent) = (values.point(at), values.size(size));
    let rect = Rect { at: corner?, size: extent? };
    let bleed = match values.scope.surface {
        Surface::Body => bleed,
        Surface::Slip(_) => Length::ZERO,
    };
    values.inside(rect, bleed, at.span())?;
    Some(rect)
}

/// Where a line stands in its width.
pub(in crate::template) fn align(align: schema::Align) -> Align {
    match align {
        schema::Align::Left => Align::Left,
        schema::Align::Center => Align::Center,
        schema::Align::Right => Align::Right,
        schema::Align::Justify => Align::Justify,
    }
}

/// What stands where a value is empty.
pub(in crate::template) fn empty(empty: schema::Empty) -> Empty {
    match empty {
        schema::Empty::Refuse => Empty::Refuse,
        schema::Empty::Dash => Empty::Dash,
        schema::Empty::Blank => Empty::Blank,
    }
}
