//! Vertical text (縦書き).

use toml::Spanned;

use crate::base::fit::Figures;
use crate::base::fit::Step;
use crate::base::geometry::Point;
use crate::base::geometry::Rect;
use crate::base::geometry::Size;
use crate::base::length::Length;
use crate::template::measure;
use crate::template::measure::Wrong;
use crate::template::model;
use crate::template::model::Shape;
use crate::template::placeholder::has_digits;
use crate::template::schema;
use crate::template::shape::Drawn;
use crate::template::shape::align;
use crate::template::shape::empty;
use crate::template::values::Lines;
use crate::template::values::Values;

/// One column of vertical text.
pub(in crate::template) fn column(values: &mut Values<'_, '_>, text: &schema::Text) -> Option<Drawn> {
    let strays = stray(values, text);
    let at = values.point(&text.at);
    let Some(height) = &text.height else {
        let wrong = Wrong::new("the vertical text has no height");
        values.fail(text.at.span(), wrong.hint("write `height`, the room downwards"));
        return None;
    };
    let height = values.positive(height);
    let style = values.style(&text.style);
    let value = values.pattern(&text.value, Lines::One);
    let after = values.affix(text.after.as_ref(), style.as_ref());
    let fit = values.ladder(text.fit.as_ref());
    let align = align(text.align.unwrap_or_default());
    let whole = values.one_line_if_spread(text.fit.as_ref(), align);
    let (at, height, style, value, after, fit) = (at?, height?, style?, value?, after?, fit?);
    whole?;
    let one = after.as_ref().map_or(style.size, |after| style.size.max(after.style.size));
    let width = fit.two_lines().map_or(one, |part| one.max((style.leading + style.size).scale(i64::from(part), 1000)));
    let corner = Point { x: at.x - width / 2, y: at.y };
    let extent = Rect { at: corner, size: Size { width, height } };
    values.inside(extent, Length::ZERO, text.at.span())?;
    if has_digits(&value) || after.as_ref().is_some_and(|after| has_digits(&after.pattern)) {
        let wrong = Wrong::new("the last four digits do not stand in vertical text");
        values.fail(text.value.span(), wrong.hint("print them in a horizontal text or a table"));
        return None;
    }
    strays?;
    let shape = Shape::Column(model::Column {
        at,
        height,
        align,
        style,
        value,
        after,
        fit,
        empty: empty(text.empty.unwrap_or_default()),
        figures: figures(text),
    });
    Some(Drawn { shape, extent: Some(extent) })
}

fn figures(text: &schema::Text) -> Figures {
    match text.digits.as_ref().map(|digits| *digits.get_ref()).unwrap_or_default() {
        schema::Digits::Upright => Figures::Upright,
        schema::Digits::Mixed => Figures::Mixed,
        schema::Digits::Rotated => Figures::Turned,
    }
}

/// Reports what a vertical text does not have.
fn stray(values: &mut Values<'_, '_>, text: &schema::Text) -> Option<()> {
    let words = [text.before.as_ref().map(|before| before.value.span()), text.ruby.as_ref().map(Spanned::span)];
    let keys = [text.width.as_ref(), text.outline.as_ref()].map(|key| key.map(schema::Measure::span));
    let turned = text.rotate.as_ref().map(Spanned::span);
    let mut right = true;
    for span in words.into_iter().chain(keys).chain([turned]).flatten() {
        let wrong = Wrong::new("a vertical text does not have this");
        values.fail(span, wrong.hint("its room is `height`; it has no `before`, `ruby`, `rotate` and `outline`"));
        right = false;
    }
    for found in text.fit.iter().flatten() {
        let Ok(step) = measure::step(found.get_ref()) else { continue };
        match step {
            Step::Tighten(_) | Step::Shrink(_) | Step::TwoLines { .. } => {}
            Step::Condense(_) => {
                let wrong = Wrong::new("a vertical text is made to fit by `tighten`, `shrink` and `two-lines` only");
                values.fail(found.span(), wrong.hint("leave this step out"));
                right = false;
            }
        }
    }
    right.then_some(())
}
