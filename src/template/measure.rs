//! Quantities: what is written in quotes, as lengths, tints and steps.

use crate::base::fit::Ladder;
use crate::base::fit::Step;
use crate::base::length::Length;
use crate::base::tint::Tint;
use crate::template::schema::Scalar;

/// What is wrong with a value, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::template) struct Wrong {
    /// One sentence.
    pub message: String,
    /// The next action.
    pub hint: Option<String>,
}

impl Wrong {
    /// A wrong value without a hint.
    pub fn new(message: impl Into<String>) -> Wrong {
        Wrong { message: message.into(), hint: None }
    }

    /// The same with a hint.
    pub fn hint(self, hint: impl Into<String>) -> Wrong {
        Wrong { hint: Some(hint.into()), ..self }
    }
}

/// The distance between lines as a style gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::template) enum Leading {
    /// So many thousandths of the size.
    Factor(u16),
    /// As it is.
    Fixed(Length),
}

/// A length in mm, pt or Q.
pub(in crate::template) fn length(scalar: &Scalar) -> Result<Length, Wrong> {
    Length::parse(quoted(scalar, "mm")?).map_err(Wrong::new)
}

/// A length in mm, pt, Q or em, the size of a style.
pub(in crate::template) fn relative(scalar: &Scalar, em: Length) -> Result<Length, Wrong> {
    let text = quoted(scalar, "mm")?;
    match text.strip_suffix("em") {
        None => Length::parse(text).map_err(|message| Wrong::new(format!("{message}, or em"))),
        Some(number) => {
            let (sign, digits) = number.strip_prefix('-').map_or((1, number), |rest| (-1, rest));
            thousandths(digits, 1000)
                .filter(|factor| *factor <= 100_000)
                .map(|factor| em.scale(sign * factor, 1000))
                .ok_or_else(|| {
                    Wrong::new(format!("\"{text}\" is not a length: write up to 100em, with at most three decimals"))
                })
        }
    }
}

/// A percentage in thousandths, from and up to these.
pub(in crate::template) fn percentage(scalar: &Scalar, from: u16, to: u16) -> Result<u16, Wrong> {
    let text = quoted(scalar, "%")?;
    text.strip_suffix('%')
        .and_then(|number| thousandths(number.trim_end(), 10))
        .and_then(|found| u16::try_from(found).ok())
        .filter(|found| (from..=to).contains(found))
        .ok_or_else(|| {
            let range = format!("\"{}%\" to \"{}%\"", decimal(from), decimal(to));
            Wrong::new(format!("\"{text}\" is not a percentage of {range}"))
                .hint("at most one decimal, such as \"12.5%\"")
        })
}

/// A tint of black.
pub(in crate::template) fn tint(scalar: &Scalar) -> Result<Tint, Wrong> {
    percentage(scalar, 0, 1000).map(|found| Tint::permille(found).unwrap_or_default())
}

/// A length, or a factor of the size without a unit.
pub(in crate::template) fn leading(scalar: &Scalar) -> Result<Leading, Wrong> {
    let text = match scalar {
        Scalar::Text(text) => text,
        Scalar::Number(number) => {
            return Err(Wrong::new(format!("the leading {number} is a bare number"))
                .hint(format!("write \"{number}\" for a factor of the size, or a length such as \"14pt\"")));
        }
    };
    if let Some(factor) = thousandths(text, 1000) {
        return u16::try_from(factor)
            .ok()
            .filter(|factor| (1000..=4000).contains(factor))
            .map(Leading::Factor)
            .ok_or_else(|| Wrong::new(format!("the factor \"{text}\" of a leading is not from 1 to 4")));
    }
    Length::parse(text)
        .map(Leading::Fixed)
        .map_err(|message| Wrong::new(message).hint("or a factor of the size without a unit, such as \"1.65\""))
}

/// The narrowest that spaces and letters get, and the smallest that letters get, in thousandths.
const TIGHTEST_SPACES: u16 = 250;
const LEAST: u16 = 300;

/// One step of a ladder.
pub(in crate::template) fn step(scalar: &Scalar) -> Result<Step, Wrong> {
    let text = quoted(scalar, "%")?;
    let wrong = || {
        Wrong::new(format!("\"{text}\" is not a way to fit")).hint(
            "write \"tighten 50%\" for narrower spaces, \"condense 70%\" for narrower letters, \"shrink 80%\" for \
             smaller ones, \"two-lines 60%\" or \"two-lines 60% anywhere\" for two lines",
        )
    };
    let (name, rest) = text.split_once(' ').ok_or_else(wrong)?;
    let limit = |words: &str, from, to| percentage(&Scalar::Text(words.to_owned()), from, to);
    match name {
        "tighten" => limit(rest, TIGHTEST_SPACES, 999).map(Step::Tighten),
        "condense" => limit(rest, LEAST, 999).map(Step::Condense),
        "shrink" => limit(rest, LEAST, 999).map(Step::Shrink),
        "two-lines" => {
            let (words, anywhere) = rest.strip_suffix(" anywhere").map_or((rest, false), |words| (words, true));
            limit(words, LEAST, 1000).map(|size| Step::TwoLines { size, anywhere })
        }
        _ => Err(wrong()),
    }
}

/// Adds a step to a ladder. Each step of a kind goes further than the one before, the letters only get smaller, and
/// a text is broken once.
pub(in crate::template) fn climb(ladder: &mut Ladder, next: Step) -> Result<(), Wrong> {
    let further = "each step of a kind must go further than the one before";
    let same = |step: &Step| match (step, next) {
        (Step::Tighten(before), Step::Tighten(limit))
        | (Step::Condense(before), Step::Condense(limit))
        | (Step::Shrink(before), Step::Shrink(limit)) => (*before <= limit)
            .then(|| Wrong::new(format!("an earlier step already goes down to {}%", decimal(*before))).hint(further)),
        (Step::TwoLines { size, .. }, Step::Shrink(limit)) => (*size <= limit).then(|| {
            Wrong::new(format!("the two lines have {}% of the size already", decimal(*size)))
                .hint("write less behind `two-lines`, or put this step in front of it")
        }),
        (Step::Shrink(before), Step::TwoLines { size, .. }) => (*before < size).then(|| {
            Wrong::new(format!("the two lines would be larger than one line, which goes down to {}%", decimal(*before)))
                .hint("put `two-lines` in front of `shrink`, or make the two lines smaller")
        }),
        (Step::TwoLines { .. }, Step::TwoLines { .. }) => {
            Some(Wrong::new("the text is broken into two lines already").hint("write `two-lines` once"))
        }
        (Step::Tighten(_) | Step::Condense(_) | Step::Shrink(_) | Step::TwoLines { .. }, _) => None,
    };
    if let Some(wrong) = ladder.steps.iter().rev().find_map(same) {
        return Err(wrong);
    }
    ladder.steps.push(next);
    Ok(())
}

/// The words of a quantity; a bare number is answered with the unit it may have meant.
fn quoted<'a>(scalar: &'a Scalar, unit: &str) -> Result<&'a str, Wrong> {
    match scalar {
        Scalar::Text(text) => Ok(text),
        Scalar::Number(number) => {
            Err(Wrong::new(format!("{number} has no unit")).hint(format!("write \"{number}{unit}\", in quotes")))
        }
    }
}

/// A plain decimal number as so many parts of one: with 10 for tenths, with 1000 for thousandths.
fn thousandths(text: &str, parts: i64) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let places = if parts == 10 { 1 } else { 3 };
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 6 || fraction.len() > places || !digits(whole) || !digits(fraction) {
        return None;
    }
    if text.ends_with('.') {
        return None;
    }
    let padded = format!("{fraction:0<places$}");
    Some(whole.parse::<i64>().ok()? * parts + padded.parse::<i64>().ok()?)
}

/// Thousandths as a percentage.
fn decimal(permille: u16) -> String {
    match permille % 10 {
        0 => (permille / 10).to_string(),
        tenth => format!("{}.{tenth}", permille / 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(words: &str) -> Scalar {
        Scalar::Text(words.into())
    }

    #[test]
    fn a_bare_number_is_answered_with_its_unit() {
        let wrong = length(&Scalar::Number("20".into())).unwrap_err();
        assert_eq!(
            (wrong.message.as_str(), wrong.hint.as_deref()),
            ("20 has no unit", Some("write \"20mm\", in quotes"))
        );
        assert_eq!(tint(&Scalar::Number("8".into())).unwrap_err().hint.as_deref(), Some("write \"8%\", in quotes"));
        assert!(leading(&Scalar::Number("1.65".into())).is_err());
    }

    #[test]
    fn quantities_are_exact() {
        assert_eq!(tint(&text("12.5%")).map(Tint::to_permille), Ok(125));
        assert_eq!(tint(&text("100%")).map(Tint::to_permille), Ok(1000));
        assert_eq!(leading(&text("1.65")), Ok(Leading::Factor(1650)));
        assert_eq!(leading(&text("14pt")), Ok(Leading::Fixed(Length::pt(14))));
        assert_eq!(relative(&text("1.5em"), Length::pt(8)), Ok(Length::pt(12)));
        assert_eq!(relative(&text("-1em"), Length::pt(8)), Ok(Length::pt(-8)));
        assert_eq!(step(&text("condense 70%")), Ok(Step::Condense(700)));
    }

    #[test]
    fn what_is_out_of_range_is_refused() {
        for words in ["101%", "8", "%", "8.55%", "-1%", "8.%"] {
            assert!(tint(&text(words)).is_err(), "{words}");
        }
        assert_eq!(step(&text("two-lines 60% anywhere")), Ok(Step::TwoLines { size: 600, anywhere: true }));
        assert_eq!(step(&text("two-lines 100%")), Ok(Step::TwoLines { size: 1000, anywhere: false }));
        let wrong = ["condense 100%", "shrink 29%", "squeeze 70%", "condense", "condense  70%", "tighten 24%"];
        for words in wrong.into_iter().chain(["two-lines", "two-lines 101%", "tighten 50% anywhere"]) {
            assert!(step(&text(words)).is_err(), "{words}");
        }
        for words in ["0.9", "5", "", "1.", "1,5"] {
            assert!(leading(&text(words)).is_err(), "{words}");
        }
    }

    #[test]
    fn limits_fall() {
        let mut ladder = Ladder::default();
        assert!(climb(&mut ladder, Step::Condense(850)).is_ok());
        assert!(climb(&mut ladder, Step::Shrink(900)).is_ok());
        assert!(climb(&mut ladder, Step::Condense(850)).is_err());
        assert!(climb(&mut ladder, Step::Condense(700)).is_ok());
        assert!(climb(&mut ladder, Step::Tighten(500)).is_ok());
        let two = |size| Step::TwoLines { size, anywhere: false };
        assert!(climb(&mut ladder, two(950)).is_err(), "larger than one line");
        assert!(climb(&mut ladder, two(900)).is_ok());
        assert!(climb(&mut ladder, two(600)).is_err(), "broken already");
        assert!(climb(&mut ladder, Step::Shrink(900)).is_err());
        assert!(climb(&mut ladder, Step::Shrink(800)).is_ok());
        assert_eq!(ladder.steps.len(), 6);
    }
}
