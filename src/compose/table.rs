//! Setting a table: frame, rules, label cells and the baselines that labels and values share.

use crate::base::fit::Ladder;
use crate::base::geometry::{Point, Rect, Size};
use crate::base::length::Length;
use crate::base::stroke::Stroke;
use crate::base::tint::Tint;
use crate::compose::line::LineSlot;
use crate::compose::prepare::Build;
use crate::sheet::{Box, Line, Mark};
use crate::template::model::{Align, Cell, Condition, Empty, Row, Table, Test};

/// The part of an ideographic em box that lies above the baseline, in thousandths: the convention of
/// Japanese faces, to which the bundled ones keep.
const ASCENT: i64 = 880;

/// Air between the small line above a value and the value, in thousandths of the small line's size.
const ABOVE_GAP: i64 = 250;

/// The conditions that decide which rows are there, each once, in order of appearance.
pub fn conditions(table: &Table) -> Vec<Condition> {
    let mut conditions = Vec::new();
    for test in table.rows.iter().flat_map(|row| &row.when) {
        if !conditions.contains(&test.condition) {
            conditions.push(test.condition);
        }
    }
    conditions
}

/// Sets the table as it is when exactly the conditions of `mask` hold.
pub fn build(table: &Table, conditions: &[Condition], mask: u16, build: &mut Build<'_, '_>) {
    let holds = |test: &Test| {
        let bit = conditions.iter().position(|condition| *condition == test.condition);
        bit.is_some_and(|bit| mask & (1 << bit) != 0) != test.negated
    };
    let rows: Vec<&Row> = table.rows.iter().filter(|row| row.when.iter().all(holds)).collect();
    if rows.is_empty() {
        return;
    }
    let heights = heights(table, &rows);
    let mut y = table.at.y;
    let mut tints = Vec::new();
    let mut rules = Vec::new();
    for (row, height) in rows.iter().zip(&heights) {
        if y != table.at.y {
            rules.push([Point { x: table.at.x, y }, Point { x: table.at.x + table.width, y }]);
        }
        let band = Band { y, height: *height, baseline: baseline(row, y, *height) };
        set_row(table, row, &band, build, &mut tints, &mut rules);
        y += *height;
    }
    let frame = Rect { at: table.at, size: Size { width: table.width, height: y - table.at.y } };
    draw(table, frame, &tints, &rules, build);
}

/// Tints lie under rules, and rules under the frame.
fn draw(table: &Table, frame: Rect, tints: &[Rect], rules: &[[Point; 2]], build: &mut Build<'_, '_>) {
    for rect in tints {
        build.mark(Mark::Box(Box { rect: *rect, stroke: None, fill: Some(table.label_tint) }));
    }
    for [from, to] in rules {
        let stroke = Stroke { width: table.rule, tint: Tint::BLACK, dash: None };
        build.mark(Mark::Line(Line { from: *from, to: *to, stroke }));
    }
    let stroke = Stroke { width: table.frame, tint: Tint::BLACK, dash: None };
    build.mark(Mark::Box(Box { rect: frame, stroke: Some(stroke), fill: None }));
}

/// Where a row lies.
struct Band {
    y: Length,
    height: Length,
    baseline: Baseline,
}

/// The baselines of a row: of the small line above, and of labels and values.
struct Baseline {
    above: Length,
    value: Length,
}

/// The rows' heights, grown alike when there is room because others are left out.
fn heights(table: &Table, rows: &[&Row]) -> Vec<Length> {
    let natural: Length = rows.iter().map(|row| row.height).sum();
    let part = match table.height {
        Some(room) => room.permille_of(natural).unwrap_or(1000).clamp(1000, i64::from(table.grow).max(1000)),
        None => 1000,
    };
    rows.iter().map(|row| row.height.scale(part, 1000)).collect()
}

/// Puts the largest value of a row, and the small line above it, into the optical middle.
fn baseline(row: &Row, y: Length, height: Length) -> Baseline {
    let largest = |sizes: &mut dyn Iterator<Item = Length>| sizes.fold(Length::ZERO, Length::max);
    let value = largest(&mut row.cells.iter().map(|cell| cell.style.size));
    let above = largest(&mut row.cells.iter().filter_map(|cell| Some(cell.above.as_ref()?.style.size)));
    let gap = above.scale(ABOVE_GAP, 1000);
    let top = y + (height - value - above - gap) / 2;
    Baseline { above: top + above.scale(ASCENT, 1000), value: top + above + gap + value.scale(ASCENT, 1000) }
}

fn set_row(
    table: &Table,
    row: &Row,
    band: &Band,
    build: &mut Build<'_, '_>,
    tints: &mut Vec<Rect>,
    rules: &mut Vec<[Point; 2]>,
) {
    let mut x = table.at.x;
    let right = table.at.x + table.width;
    for (index, cell) in row.cells.iter().enumerate() {
        if index > 0 {
            rules.push(upright(x, band));
        }
        if let Some(label) = &cell.label {
            let size = Size { width: cell.label_width, height: band.height };
            tints.push(Rect { at: Point { x, y: band.y }, size });
            let line = label_line(table, cell, build.parts(label), x, band, build);
            build.line(line);
            x += cell.label_width;
            rules.push(upright(x, band));
        }
        let last = index + 1 == row.cells.len();
        let width = cell.width.filter(|_| !last).unwrap_or(right - x);
        set_value(table, cell, Span { x, width }, band, build);
        x += width;
    }
}

fn upright(x: Length, band: &Band) -> [Point; 2] {
    [Point { x, y: band.y }, Point { x, y: band.y + band.height }]
}

fn label_line(
    table: &Table,
    cell: &Cell,
    value: Vec<crate::compose::context::Part>,
    x: Length,
    band: &Band,
    build: &mut Build<'_, '_>,
) -> LineSlot {
    let inner = cell.label_width - table.padding * 2;
    let (left, width, align) = match cell.label_spread {
        Some(spread) => (x + (cell.label_width - spread) / 2, spread, Align::Justify),
        None => (x + table.padding, inner, Align::Center),
    };
    LineSlot {
        at: Point { x: left, y: band.baseline.value },
        width,
        align,
        lettering: build.lettering(&cell.label_style),
        value,
        before: None,
        after: None,
        fit: Ladder::default(),
        empty: Empty::Blank,
        rotate: 0,
        outline: None,
    }
}

/// Where a value's cell lies.
#[derive(Clone, Copy)]
struct Span {
    x: Length,
    width: Length,
}

fn set_value(table: &Table, cell: &Cell, span: Span, band: &Band, build: &mut Build<'_, '_>) {
    let (x, width) = (span.x + table.padding, span.width - table.padding * 2);
    if let Some(above) = &cell.above {
        let line = LineSlot {
            at: Point { x, y: band.baseline.above },
            width,
            align: cell.align,
            lettering: build.lettering(&above.style),
            value: build.parts(&above.pattern),
            before: None,
            after: None,
            fit: cell.fit.clone(),
            empty: Empty::Blank,
            rotate: 0,
            outline: None,
        };
        build.line(line);
    }
    let line = LineSlot {
        at: Point { x, y: band.baseline.value },
        width,
        align: cell.align,
        lettering: build.lettering(&cell.style),
        value: build.parts(&cell.value),
        before: build.affix(cell.before.as_ref()),
        after: build.affix(cell.after.as_ref()),
        fit: cell.fit.clone(),
        empty: cell.empty,
        rotate: 0,
        outline: None,
    };
    build.line(line);
}
