//! The values inside an item: each is checked on its own and reported at its own place.

use std::ops::Range;
use std::sync::Arc;

use toml::Spanned;

use crate::base::diagnostic::Diagnostic;
use crate::base::diagnostic::Source;
use crate::base::fit::Ladder;
use crate::base::fit::Step;
use crate::base::geometry::Point;
use crate::base::geometry::Rect;
use crate::base::geometry::Size;
use crate::base::length::Length;
use crate::base::stroke::Stroke;
use crate::base::tint::Tint;
use crate::template::measure;
use crate::template::measure::Wrong;
use crate::template::model::Affix;
use crate::template::model::Align;
use crate::template::model::Condition;
use crate::template::model::Pattern;
use crate::template::model::Style;
use crate::template::model::Test;
use crate::template::placeholder;
use crate::template::placeholder::Words;
use crate::template::schema;
use crate::template::schema::Measure;
use crate::template::schema::Pair;
use crate::template::schema::Scalar;
use crate::template::style::Styles;
use crate::template::vocabulary::Vocabulary;
use crate::template::vocabulary::can_hold;
use crate::template::vocabulary::read_test;

/// What the digits rule asks for where something is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::template) enum Surface {
    /// The sheet outside its slips.
    Body,
    /// The slip of this number.
    Slip(usize),
}

/// Where items are read.
#[derive(Clone)]
pub(in crate::template) struct Scope<'a> {
    /// The file.
    pub source: &'a Arc<Source>,
    /// The styles that the file may name.
    pub styles: &'a Styles,
    /// What the items are printed on.
    pub surface: Surface,
    /// The sheet or the slip.
    pub area: Rect,
    /// Where places count from.
    pub origin: Point,
    /// The conditions that stand on all of them.
    pub when: Vec<Test>,
}

/// Whether words may hold line feeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::template) enum Lines {
    /// No.
    One,
    /// Yes.
    Many,
}

/// Reads the values of one item.
pub(in crate::template) struct Values<'a, 'e> {
    /// Where the item is read; its conditions are among the scope's.
    pub scope: Scope<'a>,
    /// The names that the pack gives.
    pub vocabulary: &'a Vocabulary<'a>,
    /// What is wrong.
    pub errors: &'e mut Vec<Diagnostic>,
    /// What the item's words read.
    pub reads: Reads,
}

/// Where the words of an item read values of the job and fields of the record.
#[derive(Default)]
pub(in crate::template) struct Reads {
    job: Vec<Range<usize>>,
    record: Vec<Range<usize>>,
}

impl<'a, 'e> Values<'a, 'e> {
    /// For the values of one item.
    pub fn new(scope: Scope<'a>, vocabulary: &'a Vocabulary<'a>, errors: &'e mut Vec<Diagnostic>) -> Values<'a, 'e> {
        Values { scope, vocabulary, errors, reads: Reads::default() }
    }
}

impl Values<'_, '_> {
    /// Reports what is wrong at a place.
    pub fn fail(&mut self, span: Range<usize>, wrong: Wrong) {
        let found = Diagnostic::error(wrong.message).at(self.scope.source, span);
        self.errors.push(match wrong.hint {
            Some(hint) => found.hint(hint),
            None => found,
        });
    }

    /// A quantity, reported when wrong.
    pub fn get<T>(&mut self, found: &Measure, read: impl Fn(&Scalar) -> Result<T, Wrong>) -> Option<T> {
        read(found.get_ref()).map_err(|wrong| self.fail(found.span(), wrong)).ok()
    }

    /// A length.
    pub fn length(&mut self, found: &Measure) -> Option<Length> {
        self.get(found, measure::length)
    }

    /// A length of more than nothing.
    pub fn positive(&mut self, found: &Measure) -> Option<Length> {
        self.get(found, |scalar| match measure::length(scalar)? {
            length if length > Length::ZERO => Ok(length),
            _ => Err(Wrong::new("a length of more than 0 is expected here")),
        })
    }

    /// A length from nothing on.
    pub fn not_negative(&mut self, found: &Measure) -> Option<Length> {
        self.get(found, |scalar| match measure::length(scalar)? {
            length if length >= Length::ZERO => Ok(length),
            _ => Err(Wrong::new("a length from 0 on is expected here")),
        })
    }

    /// A length with a default.
    pub fn or(&mut self, found: Option<&Measure>, default: Length) -> Option<Length> {
        found.map_or(Some(default), |found| self.not_negative(found))
    }

    /// A tint with a default.
    pub fn tint(&mut self, found: Option<&Measure>, default: Tint) -> Option<Tint> {
        found.map_or(Some(default), |found| self.get(found, measure::tint))
    }

    /// A place, counted from the origin.
    pub fn point(&mut self, found: &Pair) -> Option<Point> {
        let [x, y] = found.get_ref();
        let (x, y) = (self.length(x), self.length(y));
        Some(Point { x: x?, y: y? }.offset(self.scope.origin))
    }

    /// A width and a height.
    pub fn size(&mut self, found: &Pair) -> Option<Size> {
        let [width, height] = found.get_ref();
        let (width, height) = (self.positive(width), self.positive(height));
        Some(Size { width: width?, height: height? })
    }

    /// How a line is drawn.
    pub fn stroke(&mut self, found: &schema::Stroke) -> Option<Stroke> {
        let width = self.positive(&found.width);
        let tint = self.tint(found.tint.as_ref(), Tint::BLACK);
        let dash = match &found.dash {
            None => Some(None),
            Some(dash) => self.size(dash).map(|dash| Some([dash.width, dash.height])),
        };
        Some(Stroke { width: width?, tint: tint?, dash: dash? })
    }

    /// A style by its name.
    pub fn style(&mut self, name: &Spanned<String>) -> Option<Arc<Style>> {
        match self.scope.styles.find(name.get_ref()) {
            Ok(style) => style,
            Err(wrong) => {
                self.fail(name.span(), wrong);
                None
            }
        }
    }

    /// The steps of a ladder.
    pub fn ladder(&mut self, steps: Option<&Vec<Measure>>) -> Option<Ladder> {
        let mut ladder = Ladder::default();
        let mut right = true;
        for found in steps.into_iter().flatten() {
            let climbed = self.get(found, measure::step).map(|step| measure::climb(&mut ladder, step));
            if let Some(Err(wrong)) = &climbed {
                self.fail(found.span(), wrong.clone());
            }
            right &= matches!(climbed, Some(Ok(())));
        }
        right.then_some(ladder)
    }

    /// Where the step into two lines is written, if there is one.
    pub fn two_lines(&self, steps: Option<&Vec<Measure>>) -> Option<Range<usize>> {
        let is_break = |step: &Step| matches!(step, Step::TwoLines { .. });
        steps?.iter().find(|found| measure::step(found.get_ref()).is_ok_and(|step| is_break(&step))).map(Measure::span)
    }

    /// Reports two lines of a text that is spread over its width.
    pub fn one_line_if_spread(&mut self, steps: Option<&Vec<Measure>>, align: Align) -> Option<()> {
        let span = self.two_lines(steps).filter(|_| align == Align::Justify);
        let Some(span) = span else { return Some(()) };
        let wrong = Wrong::new("a text that is spread over its width stays on one line");
        self.fail(span, wrong.hint("leave `two-lines` out, or align the text in another way"));
        None
    }

    /// Words with placeholders, which must say something.
    pub fn pattern(&mut self, found: &Spanned<String>, lines: Lines) -> Option<Pattern> {
        if found.get_ref().is_empty() {
            self.fail(found.span(), Wrong::new("there are no words here").hint("write some or leave the item out"));
            return None;
        }
        self.words(found, lines)
    }

    /// Words with placeholders; `None` when something is wrong with them.
    pub fn words(&mut self, found: &Spanned<String>, lines: Lines) -> Option<Pattern> {
        let Words { pattern, faults, job, field } = placeholder::read(found.get_ref(), self.vocabulary);
        let mut right = faults.is_empty();
        self.reads.job.extend(job.map(|range| self.locate(found, range)));
        self.reads.record.extend(field.map(|range| self.locate(found, range)));
        for (range, wrong) in faults {
            let span = self.locate(found, range);
            self.fail(span, wrong);
        }
        if lines == Lines::One && found.get_ref().contains('\n') {
            let hint = "use a paragraph for more than one line";
            self.fail(found.span(), Wrong::new("one line of text holds a line feed").hint(hint));
            right = false;
        }
        if placeholder::has_digits(&pattern) && !self.digits_allowed() {
            let start = found.get_ref().find("last4").unwrap_or_default();
            let span = self.locate(found, start..start + "last4".len());
            self.fail(span, self.digits_rule());
            right = false;
        }
        right.then_some(pattern)
    }

    /// Words before, after or above a value.
    pub fn affix(&mut self, found: Option<&schema::Affix>, style: Option<&Arc<Style>>) -> Option<Option<Affix>> {
        let Some(found) = found else { return Some(None) };
        let mut pattern = self.pattern(&found.value, Lines::One);
        if pattern.as_ref().is_some_and(Pattern::has_job) {
            let wrong = Wrong::new("a value of the job stands in the `value` of an item only");
            self.fail(found.value.span(), wrong.hint("write these words into the value, or into an item of their own"));
            pattern = None;
        }
        let style = match &found.style {
            Some(name) => self.style(name),
            None => style.cloned(),
        };
        Some(Some(Affix { pattern: pattern?, style: style? }))
    }

    /// Reads conditions and adds them to the scope's.
    pub fn narrow(&mut self, when: &schema::When) -> Option<Vec<Test>> {
        let mut own = Vec::new();
        let mut right = true;
        for word in when.iter().flatten() {
            let wrong = match read_test(word.get_ref(), self.vocabulary.fields) {
                Ok(test) if own.contains(&test) => Wrong::new(format!("`{}` is written twice", word.get_ref())),
                Ok(test) => {
                    own.push(test);
                    let all: Vec<Test> = self.scope.when.iter().chain(&own).copied().collect();
                    if can_hold(&all) {
                        continue;
                    }
                    Wrong::new(format!("`{}` and the other conditions can never hold together", word.get_ref()))
                        .hint("conditions around this item count too; for either of two, write two items")
                }
                Err((message, hint)) => Wrong { message, hint },
            };
            self.fail(word.span(), wrong);
            right = false;
        }
        for test in &own {
            if !self.scope.when.contains(test) {
                self.scope.when.push(*test);
            }
        }
        right.then_some(own)
    }

    /// Checks that something lies in the sheet or the slip, `bleed` beyond the edges allowed.
    pub fn inside(&mut self, rect: Rect, bleed: Length, span: Range<usize>) -> Option<()> {
        let area = self.scope.area;
        let room = Rect {
            at: Point { x: area.at.x - bleed, y: area.at.y - bleed },
            size: Size { width: area.size.width + bleed * 2, height: area.size.height + bleed * 2 },
        };
        if room.contains(rect) {
            return Some(());
        }
        let (what, size) = match self.scope.surface {
            Surface::Body => ("sheet", area.size),
            Surface::Slip(_) => ("slip", area.size),
        };
        let left = rect.at.x - area.at.x;
        let top = rect.at.y - area.at.y;
        let hint = format!(
            "it reaches from {left} to {} across and from {top} to {} down; the {what} is {} × {}",
            left + rect.size.width,
            top + rect.size.height,
            size.width,
            size.height
        );
        self.fail(span, Wrong::new(format!("this does not lie on the {what}")).hint(hint));
        None
    }

    /// Keeps the rule of imprints: what the job adds is the same kind of thing on every sheet, and nothing about a
    /// person gets into it. `within`: the kind of item, if a job adds nothing to items of that kind.
    pub fn imprint_rule(&mut self, within: Option<&str>) -> Option<()> {
        let Some(place) = self.reads.job.first().cloned() else { return Some(()) };
        let errors = self.errors.len();
        if let Some(kind) = within {
            let wrong = Wrong::new(format!("a value of the job does not stand in a {kind}"));
            self.fail(place.clone(), wrong.hint("write it in a text, a qr, a datamatrix or a code128"));
        }
        for place in std::mem::take(&mut self.reads.record) {
            let wrong = Wrong::new("an item with a value of the job reads no field of the record");
            self.fail(place, wrong.hint("nothing about a person gets into what a job adds; write another item for it"));
        }
        if !self.scope.when.is_empty() {
            let wrong = Wrong::new("an item with a value of the job has no conditions");
            self.fail(
                place,
                wrong.hint("it stands on every sheet of a job; take `when` from it and from what it stands in"),
            );
        }
        (self.errors.len() == errors).then_some(())
    }

    /// Whether the last four digits may stand here.
    fn digits_allowed(&self) -> bool {
        self.scope.when.contains(&Test { condition: self.digits_condition(), negated: false })
    }

    fn digits_condition(&self) -> Condition {
        match self.scope.surface {
            Surface::Body => Condition::DigitsInBody,
            Surface::Slip(_) => Condition::DigitsOnSlip,
        }
    }

    fn digits_rule(&self) -> Wrong {
        let (place, condition) = match self.scope.surface {
            Surface::Body => ("outside a slip", "digits-in-body"),
            Surface::Slip(_) => ("on a slip", "digits-on-slip"),
        };
        Wrong::new(format!("the last four digits stand {place} without the condition `{condition}`"))
            .hint(format!("write when = [\"{condition}\"] on the item or the row"))
    }

    /// The place in the file of a stretch of a string's text; the whole string when it is written with
    /// escapes that hide the stretch.
    fn locate(&self, found: &Spanned<String>, range: Range<usize>) -> Range<usize> {
        let whole = found.span();
        let stretch = found.get_ref().get(range.clone()).filter(|stretch| !stretch.is_empty());
        let (Some(stretch), Some(raw)) = (stretch, self.scope.source.text.get(whole.clone())) else { return whole };
        let earlier = found.get_ref().get(..range.start).map_or(0, |before| before.matches(stretch).count());
        match raw.match_indices(stretch).nth(earlier) {
            Some((start, _)) => whole.start + start..whole.start + start + stretch.len(),
            None => whole,
        }
    }
}
