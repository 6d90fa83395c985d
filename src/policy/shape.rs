//! Reading the outcome of an expiry rule: exactly one shape, with values that make sense.

use std::ops::Range;

use toml::Spanned;

use crate::base::diagnostic::Diagnostic;
use crate::base::field::Field;
use crate::base::field::Kind;
use crate::policy::expiry::MonthDay;
use crate::policy::model::Annual;
use crate::policy::model::Floor;
use crate::policy::model::Months;
use crate::policy::model::NeverCaps;
use crate::policy::model::Shape;
use crate::policy::schema;
use crate::policy::when::Reader;

/// The shape of a rule; `None` when it was wrong, which `errors` then tells.
pub(in crate::policy) fn read(
    reader: &Reader<'_>,
    rule: &schema::Expiry,
    span: Range<usize>,
    errors: &mut Vec<Diagnostic>,
) -> Option<Shape> {
    if let Err(found) = one_outcome(reader, rule, span) {
        errors.push(found);
        return None;
    }
    shape(reader, rule).map_err(|found| errors.push(found)).ok().flatten()
}

fn one_outcome(reader: &Reader<'_>, rule: &schema::Expiry, span: Range<usize>) -> Result<(), Diagnostic> {
    let outcomes = [
        ("fixed", rule.fixed.as_ref().map(Spanned::span)),
        ("anchors", rule.anchors.as_ref().map(Spanned::span)),
        ("period", rule.period.as_ref().map(Spanned::span)),
        ("annual", rule.annual.as_ref().map(Spanned::span)),
        ("none", rule.none.as_ref().map(Spanned::span)),
        ("unspecified", rule.unspecified.as_ref().map(Spanned::span)),
    ];
    let mut given = outcomes.iter().filter_map(|(name, place)| place.clone().map(|place| (*name, place)));
    let Some((first, _)) = given.next() else {
        let found = Diagnostic::error("the rule names no expiry").at(reader.source, span);
        return Err(found.hint("give it one of fixed, anchors, period, annual, none, unspecified"));
    };
    if let Some((second, place)) = given.next() {
        let message = format!("`{first}` and `{second}` in one rule");
        return Err(Diagnostic::error(message).at(reader.source, place).hint("a rule has exactly one outcome"));
    }
    for (name, switch) in [("none", &rule.none), ("unspecified", &rule.unspecified)] {
        if let Some(switch) = switch.as_ref().filter(|switch| !*switch.get_ref()) {
            let found = Diagnostic::error(format!("`{name}` is only ever true")).at(reader.source, switch.span());
            return Err(found.hint("name the expiry instead"));
        }
    }
    let for_none = [rule.caps_apply.as_ref().map(Spanned::span), rule.caps_within.as_ref().map(Spanned::span)];
    match for_none.into_iter().flatten().next() {
        Some(place) if rule.none.is_none() => {
            let found = Diagnostic::error("`caps_apply` and `caps_within` belong to `none`").at(reader.source, place);
            Err(found.hint("caps always apply to a rule with a date"))
        }
        Some(_) | None => Ok(()),
    }
}

fn shape(reader: &Reader<'_>, rule: &schema::Expiry) -> Result<Option<Shape>, Diagnostic> {
    if let Some(fixed) = &rule.fixed {
        return reader.day(fixed, fixed.get_ref()).map(|day| Some(Shape::Fixed(day)));
    }
    if let Some(anchors) = &rule.anchors {
        return self::anchors(reader, anchors.get_ref()).map(Some);
    }
    if let Some(period) = &rule.period {
        return self::period(reader, period).map(Some);
    }
    if let Some(annual) = &rule.annual {
        return self::annual(reader, annual).map(|annual| Some(Shape::Annual(annual)));
    }
    if rule.unspecified.is_some() {
        return Ok(Some(Shape::Unspecified));
    }
    never(reader, rule).map(|caps| Some(Shape::Never(caps)))
}

fn never(reader: &Reader<'_>, rule: &schema::Expiry) -> Result<NeverCaps, Diagnostic> {
    let apply = rule.caps_apply.as_ref().is_some_and(|apply| *apply.get_ref());
    match (&rule.caps_within, apply) {
        (Some(within), true) => annual(reader, within).map(NeverCaps::Within),
        (Some(within), false) => {
            let found = Diagnostic::error("`caps_within` needs `caps_apply = true`").at(reader.source, within.span());
            Err(found.hint("say that caps apply, or remove it"))
        }
        (None, true) => Ok(NeverCaps::All),
        (None, false) => Ok(NeverCaps::Ignored),
    }
}

fn anchors(reader: &Reader<'_>, anchors: &schema::Anchors) -> Result<Shape, Diagnostic> {
    if anchors.month_day.get_ref().is_empty() {
        let found = Diagnostic::error("no day of the year").at(reader.source, anchors.month_day.span());
        return Err(found.hint("name at least one, such as \"06-01\""));
    }
    let month_days: Result<_, _> = anchors.month_day.get_ref().iter().map(|text| month_day(reader, text)).collect();
    Ok(Shape::Anchors { month_days: month_days?, inclusive: anchors.inclusive })
}

fn period(reader: &Reader<'_>, period: &Spanned<schema::Period>) -> Result<Shape, Diagnostic> {
    let wrong = |message: &str| Diagnostic::error(message).at(reader.source, period.span());
    let schema::Period { years, months, months_from, floor } = period.get_ref();
    let months = match (years, months, months_from) {
        (None, None, None) => {
            return Err(wrong("a period without a length").hint("give it years, months or months_from"));
        }
        (None, None, Some(name)) => Months::From(months_field(reader, name)?),
        (_, _, Some(_)) => return Err(wrong("`months_from` stands alone").hint("remove years and months")),
        (years, months, None) => {
            let years = stated(reader, years.as_ref())?;
            Months::Stated(years * 12 + stated(reader, months.as_ref())?)
        }
    };
    let floor = floor.as_ref().map(|text| self::floor(reader, text)).transpose()?;
    Ok(Shape::Period { months, floor })
}

fn floor(reader: &Reader<'_>, text: &Spanned<String>) -> Result<Floor, Diagnostic> {
    if text.get_ref() == "month_end" {
        return Ok(Floor::MonthEnd);
    }
    MonthDay::parse(text.get_ref()).map(Floor::MonthDay).ok_or_else(|| {
        let found = Diagnostic::error("neither `month_end` nor a day of every year").at(reader.source, text.span());
        found.hint("write \"month_end\", or month and day with two digits, such as \"12-31\"")
    })
}

fn months_field(reader: &Reader<'_>, name: &Spanned<String>) -> Result<Field, Diagnostic> {
    let field = reader.fields.find(name.get_ref()).ok_or_else(|| reader.unknown_field(name.get_ref(), name))?;
    match reader.fields.kind(field) {
        Kind::Integer => Ok(field),
        Kind::Text | Kind::Date | Kind::Flag | Kind::Choice(_) => {
            let message = format!("{} is no whole number", reader.fields.title(field));
            Err(Diagnostic::error(message).at(reader.source, name.span()).hint("such as `paper_months`"))
        }
    }
}

/// Years or months of a period; 0 when absent.
fn stated(reader: &Reader<'_>, number: Option<&Spanned<u32>>) -> Result<u32, Diagnostic> {
    match number {
        None => Ok(0),
        Some(number) if (1..=1200).contains(number.get_ref()) => Ok(*number.get_ref()),
        Some(number) => {
            let found = Diagnostic::error("a length from 1 to 1200 is expected here").at(reader.source, number.span());
            Err(found.hint("leave the key out instead of 0"))
        }
    }
}

fn annual(reader: &Reader<'_>, annual: &Spanned<schema::Annual>) -> Result<Annual, Diagnostic> {
    let schema::Annual { month_day: text, cycle_years, epoch_year } = annual.get_ref();
    let cycle = *cycle_years.get_ref();
    if cycle == 0 {
        return Err(Diagnostic::error("a cycle has at least one year").at(reader.source, cycle_years.span()));
    }
    let epoch_year = match (cycle, epoch_year) {
        (1, None) => 0,
        (_, Some(year)) => i32::from(*year),
        (_, None) => {
            let found = Diagnostic::error("`epoch_year` is missing").at(reader.source, annual.span());
            return Err(found.hint("name one year of the cycle, such as epoch_year = 2025"));
        }
    };
    Ok(Annual { month_day: month_day(reader, text)?, cycle_years: cycle, epoch_year })
}

fn month_day(reader: &Reader<'_>, text: &Spanned<String>) -> Result<MonthDay, Diagnostic> {
    MonthDay::parse(text.get_ref()).ok_or_else(|| {
        let found = Diagnostic::error("no day of every year").at(reader.source, text.span());
        found.hint("write month and day with two digits, such as \"07-31\"; 02-29 is not in every year")
    })
}
