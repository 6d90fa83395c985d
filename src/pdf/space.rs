//! From lengths on paper to the numbers of a PDF: the only place that turns y upwards.

use crate::base::geometry::{Point, Rect};
use crate::base::length::Length;

/// Coordinates beyond this are clamped: no paper is 27 metres long, and sums cannot overflow.
const FARTHEST: i64 = 10_000_000_000_000;

/// The page as PDF measures it: thousandths of a point from the lower left corner.
#[derive(Clone, Copy)]
pub(super) struct Space {
    height: i64,
}

impl Space {
    /// A page of this height.
    pub(super) fn new(height: Length) -> Space {
        Space { height: clamped(height) }
    }

    /// A point, in thousandths of a point.
    pub(super) fn point(self, point: Point) -> [i64; 2] {
        [millipoints(point.x), Length::units(self.height - clamped(point.y)).to_millipoints()]
    }

    /// A rectangle: left, lower edge, width, height. Edges are rounded, not extents, so neighbours
    /// stay neighbours.
    pub(super) fn rect(self, rect: Rect) -> [i64; 4] {
        let (left, top) = (clamped(rect.at.x), clamped(rect.at.y));
        let right = left + clamped(rect.size.width);
        let bottom = top + clamped(rect.size.height);
        let [left, right] = [left, right].map(|x| Length::units(x).to_millipoints());
        let [lower, upper] = [bottom, top].map(|y| Length::units(self.height - y).to_millipoints());
        [left, lower, right - left, upper - lower]
    }
}

/// A length in thousandths of a point.
pub(super) fn millipoints(length: Length) -> i64 {
    Length::units(clamped(length)).to_millipoints()
}

fn clamped(length: Length) -> i64 {
    length.to_units().clamp(-FARTHEST, FARTHEST)
}

/// Cosine and sine of whole degrees; exact for right angles.
pub(super) fn direction(degrees: i16) -> [f64; 2] {
    match degrees.rem_euclid(360) {
        0 => [1.0, 0.0],
        90 => [0.0, 1.0],
        180 => [-1.0, 0.0],
        270 => [0.0, -1.0],
        other => {
            let radians = f64::from(other).to_radians();
            // Six decimals: enough for a page, and the same on every machine.
            [radians.cos(), radians.sin()].map(|value| (value * 1e6).round() / 1e6)
        }
    }
}

/// Writes thousandths as the shortest decimal number.
pub(super) fn decimal(out: &mut Vec<u8>, thousandths: i64) {
    // A sign, twenty digits and a point are the most.
    let (mut text, mut length) = ([0; 22], 0);
    let mut put = |byte: u8| {
        text[length] = byte;
        length += 1;
    };
    if thousandths < 0 {
        put(b'-');
    }
    let magnitude = thousandths.unsigned_abs();
    let (whole, rest) = (magnitude / 1000, (magnitude % 1000) as u32);
    let digit = |number: u32| b'0' + (number % 10) as u8;
    match u32::try_from(whole) {
        Ok(0) if rest != 0 => {}
        Ok(whole @ 0..1000) => {
            if whole >= 100 {
                put(digit(whole / 100));
            }
            if whole >= 10 {
                put(digit(whole / 10));
            }
            put(digit(whole));
        }
        Ok(_) | Err(_) => itoa::Buffer::new().format(whole).bytes().for_each(&mut put),
    }
    if rest != 0 {
        put(b'.');
        put(digit(rest / 100));
        if !rest.is_multiple_of(100) {
            put(digit(rest / 10));
        }
        if !rest.is_multiple_of(10) {
            put(digit(rest));
        }
    }
    out.extend_from_slice(&text[..length]);
}

/// Writes several decimals, each followed by a space.
pub(super) fn decimals(out: &mut Vec<u8>, thousandths: &[i64]) {
    for value in thousandths {
        decimal(out, *value);
        out.push(b' ');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::geometry::Size;

    #[test]
    fn decimals_are_short() {
        let cases = [
            (0, "0"),
            (1, ".001"),
            (-500, "-.5"),
            (9000, "9"),
            (595_276, "595.276"),
            (-12_340, "-12.34"),
            (10, ".01"),
            (100, ".1"),
            (-100_000, "-100"),
            (i64::MIN, "-9223372036854775.808"),
        ];
        for (value, text) in cases {
            let mut out = Vec::new();
            decimal(&mut out, value);
            assert_eq!(String::from_utf8(out).unwrap(), text);
        }
    }

    #[test]
    fn y_points_upwards_and_neighbours_touch() {
        let space = Space::new(Length::mm(297));
        assert_eq!(space.point(Point { x: Length::mm(210), y: Length::ZERO }), [595_276, 841_890]);
        let cell = |column: i64| Rect {
            at: Point { x: Length::units(column * 123_457), y: Length::mm(1) },
            size: Size { width: Length::units(123_457), height: Length::mm(1) },
        };
        for column in 0..50 {
            let [left, _, width, _] = space.rect(cell(column));
            assert_eq!(left + width, space.rect(cell(column + 1))[0]);
        }
        let far = Point { x: Length::units(i64::MIN), y: Length::units(i64::MAX) };
        assert!(space.point(far)[1] < 0);
    }
}
