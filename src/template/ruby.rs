//! Kana above a text.

use crate::base::length::Length;
use crate::template::measure::Wrong;
use crate::template::model;
use crate::template::placeholder::has_digits;
use crate::template::schema;
use crate::template::shape::empty;
use crate::template::values::Lines;
use crate::template::values::Values;

/// Reads the kana of a horizontal text; `None` when something is wrong with them.
pub(in crate::template) fn ruby(values: &mut Values<'_, '_>, text: &schema::Text) -> Option<Option<model::Ruby>> {
    let Some(ruby) = &text.ruby else { return Some(None) };
    let span = ruby.span();
    let ruby = ruby.get_ref();
    let style = values.style(&ruby.style);
    let value = values.pattern(&ruby.value, Lines::One);
    let fit = values.ladder(ruby.fit.as_ref());
    let mut right = true;
    let mut fail = |span, wrong| {
        values.fail(span, wrong);
        right = false;
    };
    if text.align == Some(schema::Align::Justify) || text.rotate.as_ref().is_some_and(|turn| *turn.get_ref() != 0) {
        let wrong = Wrong::new("a text that is spread over its width or turned has no ruby");
        fail(span, wrong.hint("leave `ruby` out, or align the text in another way"));
    }
    if value.as_ref().is_some_and(has_digits) {
        let wrong = Wrong::new("the last four digits do not stand in ruby");
        fail(ruby.value.span(), wrong.hint("print them in a text or a table"));
    }
    if let Some(dash) = ruby.empty.as_ref().filter(|empty| *empty.get_ref() == schema::Empty::Dash) {
        let wrong = Wrong::new("a dash does not stand in ruby");
        fail(dash.span(), wrong.hint("write `blank` for nothing, or `refuse`"));
    }
    let broken = [values.two_lines(ruby.fit.as_ref()), values.two_lines(text.fit.as_ref())];
    for span in broken.into_iter().flatten() {
        let wrong = Wrong::new("ruby, and the text below it, stay on one line");
        values.fail(span, wrong.hint("leave `two-lines` out, or leave `ruby` out"));
        right = false;
    }
    let empty = ruby.empty.as_ref().map_or(schema::Empty::Blank, |found| *found.get_ref());
    let ruby = model::Ruby { value: value?, style: style?, fit: fit?, empty: self::empty(empty) };
    right.then_some(Some(ruby))
}

/// The height of the kana above the em box of their text.
pub(in crate::template) fn height(ruby: Option<&model::Ruby>) -> Length {
    ruby.map_or(Length::ZERO, |ruby| ruby.style.size)
}
