//! Lengths as whole numbers, so that millimetres, points and Q are all exact.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub, SubAssign};

/// A length on paper.
///
/// *Unit*: 1/360 000 mm. One millimetre is 360 000 units, one point (1/72 inch) 127 000, one Q
/// (級, a quarter of a millimetre) 90 000: all are whole numbers, so lengths can be compared, hashed
/// and repeated on any machine.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Length(i64);

const MM: i64 = 360_000;
const PT: i64 = 127_000;
const Q: i64 = 90_000;

/// Longest text of a length that is read; longer ones cannot be exact.
const MOST_DIGITS: usize = 12;

impl Length {
    /// No length at all.
    pub const ZERO: Length = Length(0);

    /// `n` whole millimetres.
    pub const fn mm(n: i64) -> Length {
        Length(n * MM)
    }

    /// `n` whole points.
    pub const fn pt(n: i64) -> Length {
        Length(n * PT)
    }

    /// `n` whole Q.
    pub const fn q(n: i64) -> Length {
        Length(n * Q)
    }

    /// A length from its own unit, 1/360 000 mm.
    pub const fn units(n: i64) -> Length {
        Length(n)
    }

    /// The length in its own unit, 1/360 000 mm.
    pub const fn to_units(self) -> i64 {
        self.0
    }

    /// The length in thousandths of a point, rounded to the nearest: what a PDF number carries.
    pub const fn to_millipoints(self) -> i64 {
        let half = if self.0 < 0 { -63 } else { 63 };
        (self.0 + half) / 127
    }

    /// The length times `part / whole`, rounded towards zero.
    ///
    /// # Panics
    /// When `whole` is zero.
    pub const fn scale(self, part: i64, whole: i64) -> Length {
        Length((self.0 as i128 * part as i128 / whole as i128) as i64)
    }

    /// How many thousandths of `whole` this length is, rounded to the nearest; `None` when `whole`
    /// is zero.
    pub const fn permille_of(self, whole: Length) -> Option<i64> {
        if whole.0 == 0 {
            return None;
        }
        let twice = 2000 * self.0 as i128 / whole.0 as i128;
        Some(((twice + if twice < 0 { -1 } else { 1 }) / 2) as i64)
    }

    /// The longer of two lengths.
    pub fn max(self, other: Length) -> Length {
        Ord::max(self, other)
    }

    /// The shorter of two lengths.
    pub fn min(self, other: Length) -> Length {
        Ord::min(self, other)
    }

    /// Reads `12.5mm`, `9pt` or `13Q`.
    ///
    /// # Errors
    /// A sentence for the reader when there is no number, no unit, or a number that is not a whole
    /// number of units.
    pub fn parse(text: &str) -> Result<Length, String> {
        let wrong = || format!("\"{text}\" is not a length: write a number with mm, pt or Q");
        let (number, unit) = [("mm", MM), ("pt", PT), ("Q", Q)]
            .into_iter()
            .find_map(|(suffix, unit)| Some((text.strip_suffix(suffix)?.trim_end(), unit)))
            .ok_or_else(wrong)?;
        let (sign, digits) = match number.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, number),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty()
            || whole.len() + fraction.len() > MOST_DIGITS
            || !all_digits(whole)
            || !all_digits(fraction)
            || digits.ends_with('.')
        {
            return Err(wrong());
        }
        let value: i128 = format!("{whole}{fraction}").parse().map_err(|_| wrong())?;
        let scale = 10_i128.pow(fraction.len() as u32);
        let units = value * i128::from(unit);
        if units % scale != 0 {
            return Err(format!("\"{text}\" is finer than a 360 000th of a millimetre: use fewer decimals"));
        }
        i64::try_from(units / scale)
            .ok()
            .filter(|units| *units < 100_000 * MM)
            .map(|units| Length(sign * units))
            .ok_or_else(|| format!("\"{text}\" is longer than any paper"))
    }
}

impl fmt::Debug for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Millimetres with at most three decimals, for people and dumps.
impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let micrometres = (self.0 + if self.0 < 0 { -180 } else { 180 }) / 360;
        let sign = if micrometres < 0 { "-" } else { "" };
        let (whole, rest) = (micrometres.abs() / 1000, micrometres.abs() % 1000);
        if rest == 0 {
            return write!(f, "{sign}{whole}mm");
        }
        let decimals = format!("{rest:03}");
        write!(f, "{sign}{whole}.{}mm", decimals.trim_end_matches('0'))
    }
}

impl Add for Length {
    type Output = Length;
    fn add(self, other: Length) -> Length {
        Length(self.0 + other.0)
    }
}

impl AddAssign for Length {
    fn add_assign(&mut self, other: Length) {
        self.0 += other.0;
    }
}

impl Sub for Length {
    type Output = Length;
    fn sub(self, other: Length) -> Length {
        Length(self.0 - other.0)
    }
}

impl SubAssign for Length {
    fn sub_assign(&mut self, other: Length) {
        self.0 -= other.0;
    }
}

impl Neg for Length {
    type Output = Length;
    fn neg(self) -> Length {
        Length(-self.0)
    }
}

impl Mul<i64> for Length {
    type Output = Length;
    fn mul(self, factor: i64) -> Length {
        Length(self.0 * factor)
    }
}

impl Div<i64> for Length {
    type Output = Length;
    fn div(self, divisor: i64) -> Length {
        Length(self.0 / divisor)
    }
}

impl Sum for Length {
    fn sum<I: Iterator<Item = Length>>(lengths: I) -> Length {
        lengths.fold(Length::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::Length;

    #[test]
    fn units_are_exact() {
        assert_eq!(Length::mm(1), Length::q(4));
        assert_eq!(Length::parse("25.4mm").unwrap(), Length::pt(72));
        assert_eq!(Length::parse("85.60mm").unwrap(), Length::units(30_816_000));
        assert_eq!(Length::parse("-0.5pt").unwrap(), Length::units(-63_500));
        assert_eq!(Length::parse("13Q").unwrap(), Length::parse("3.25mm").unwrap());
    }

    #[test]
    fn what_is_not_a_length_is_refused() {
        for text in
            ["", "mm", "12", "1.mm", ".5mm", "1e3mm", "1 2mm", "１mm", "1.2.3mm", "0.0000001mm", "9999999mm", "--1mm"]
        {
            assert!(Length::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn points_are_rounded_to_thousandths() {
        assert_eq!(Length::pt(9).to_millipoints(), 9000);
        assert_eq!(Length::mm(210).to_millipoints(), 595_276);
        assert_eq!((-Length::mm(210)).to_millipoints(), -595_276);
        assert_eq!(Length::mm(1).permille_of(Length::mm(3)), Some(333));
        assert_eq!(Length::mm(2).permille_of(Length::mm(3)), Some(667));
        assert_eq!(Length::mm(2).permille_of(Length::ZERO), None);
    }

    #[test]
    fn people_read_millimetres() {
        assert_eq!(Length::parse("85.60mm").unwrap().to_string(), "85.6mm");
        assert_eq!((-Length::mm(3)).to_string(), "-3mm");
    }
}
