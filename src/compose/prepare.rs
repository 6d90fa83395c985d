//! From a template to plates and slots: everything that does not depend on the record is set once.
//!
//! The items of a template fall into groups: those that always stand there, those behind each list of
//! conditions, and each table whose rows come and go. A group has one variant for each combination of
//! its own conditions; a variant is a plate and the slots that a record fills.

use std::path::Path;
use std::sync::Arc;

use crate::base::diagnostic::{Diagnostic, Place};
use crate::base::fit::middle;
use crate::base::geometry::Rect;
use crate::base::geometry::Size;
use crate::compose::code::CodeSlot;
use crate::compose::column::ColumnSlot;
use crate::compose::context::{Constants, Context, Part, first_field};
use crate::compose::galley::Galley;
use crate::compose::imprint;
use crate::compose::imprint::ImprintSlot;
use crate::compose::line::{AffixSlot, LineSlot};
use crate::compose::paragraph::ParagraphSlot;
use crate::compose::problem::{Problem, ProblemKind};
use crate::compose::ruby::RubySlot;
use crate::compose::table;
use crate::compose::typeset::{Lettering, Typesetter};
use crate::sheet;
use crate::sheet::{Mark, Plate, PlateId};
use crate::template::model::{Affix, Column, Condition, Item, Paragraph, Pattern, Shape, Style, Template, Test, Text};

/// A template made ready.
#[derive(Debug)]
pub struct Board {
    /// The size of the paper.
    pub size: Size,
    /// In the order of drawing.
    pub groups: Vec<Group>,
    /// What a job adds on top; nothing of it is drawn without one.
    pub imprint: Vec<ImprintSlot>,
}

/// Items that come and go together.
#[derive(Debug)]
pub struct Group {
    /// All must hold for any of it to be drawn.
    pub when: Vec<Test>,
    /// The conditions whose combination picks the variant; bit 0 first.
    pub conditions: Vec<Condition>,
    /// One for each combination.
    pub variants: Vec<Variant>,
}

/// A group under one combination of its conditions.
#[derive(Debug, Default)]
pub struct Variant {
    /// What does not depend on the record; `None`: nothing.
    pub plate: Option<Plate>,
    /// What the record fills.
    pub slots: Vec<Slot>,
}

/// A place that the record fills.
#[derive(Debug)]
pub enum Slot {
    /// One line.
    Line(LineSlot),
    /// One column of vertical text.
    Column(ColumnSlot),
    /// Running text.
    Paragraph(ParagraphSlot),
    /// A code for machines.
    Code(CodeSlot),
}

/// What preparing needs to know.
pub struct Workshop<'w> {
    /// Fonts and chains.
    pub setter: &'w Typesetter,
    /// What is the same on every sheet.
    pub constants: &'w Constants,
    /// Gives a picture's number, and checks that it can be printed in that rectangle.
    pub picture: &'w mut dyn FnMut(&Path, Rect) -> Result<usize, String>,
}

/// Prepares a template as number `index` of the pack's.
///
/// # Errors
/// What the template itself makes impossible: a fixed text without a glyph, or too long for its place.
pub fn prepare(template: &Template, index: u16, workshop: &mut Workshop<'_>) -> Result<Board, Vec<Diagnostic>> {
    let mut errors = Vec::new();
    let mut groups: Vec<Group> = Vec::new();
    let mut plain: Vec<(Vec<Test>, usize)> = Vec::new();
    let mut imprint = Vec::new();
    for item in &template.items {
        if let Some(pattern) = imprinted(&item.shape) {
            imprint.extend(Build::new(workshop, &item.place, &mut errors).imprint(&item.shape, pattern));
            continue;
        }
        if let Shape::Table(shape) = &item.shape {
            let conditions = table::conditions(shape);
            let mut variants = Vec::with_capacity(1 << conditions.len());
            for mask in 0..1_u16 << conditions.len() {
                let mut build = Build::new(workshop, &item.place, &mut errors);
                table::build(shape, &conditions, mask, &mut build);
                variants.push(build.variant);
            }
            groups.push(Group { when: item.when.clone(), conditions, variants });
            continue;
        }
        let group = match plain.iter().find(|(when, _)| *when == item.when) {
            Some((_, group)) => *group,
            None => {
                plain.push((item.when.clone(), groups.len()));
                groups.push(Group {
                    when: item.when.clone(),
                    conditions: Vec::new(),
                    variants: vec![Variant::default()],
                });
                groups.len() - 1
            }
        };
        let mut build = Build::new(workshop, &item.place, &mut errors);
        build.variant = std::mem::take(&mut groups[group].variants[0]);
        build.item(item);
        groups[group].variants[0] = build.variant;
    }
    number(&mut groups, index, template.size);
    if errors.is_empty() { Ok(Board { size: template.size, groups, imprint }) } else { Err(errors) }
}

/// What a job fills of an item; `None`: the item is not a job's.
fn imprinted(shape: &Shape) -> Option<&Pattern> {
    let value = match shape {
        Shape::Text(text) => &text.value,
        Shape::Column(column) => &column.value,
        Shape::Qr(qr) => &qr.value,
        Shape::DataMatrix(matrix) => &matrix.value,
        Shape::Code128(bars) => &bars.value,
        Shape::Paragraph(_) | Shape::Table(_) | Shape::Line(_) | Shape::Box(_) | Shape::Image(_) => return None,
    };
    Some(value).filter(|value| value.has_job())
}

/// Gives each plate its name, and takes away the empty ones.
fn number(groups: &mut [Group], template: u16, size: Size) {
    for (group, entry) in groups.iter_mut().enumerate() {
        for (mask, variant) in entry.variants.iter_mut().enumerate() {
            if let Some(plate) = &mut variant.plate {
                plate.id = PlateId { template, group: group as u16, mask: mask as u16 };
                plate.size = size;
            }
            variant.plate = variant.plate.take().filter(|plate| !plate.marks.is_empty());
        }
    }
}

/// Fills one variant.
pub struct Build<'b, 'w> {
    workshop: &'b mut Workshop<'w>,
    place: &'b Place,
    errors: &'b mut Vec<Diagnostic>,
    variant: Variant,
}

impl<'b, 'w> Build<'b, 'w> {
    fn new(workshop: &'b mut Workshop<'w>, place: &'b Place, errors: &'b mut Vec<Diagnostic>) -> Build<'b, 'w> {
        Build { workshop, place, errors, variant: Variant::default() }
    }

    /// Adds a mark that is the same on every sheet.
    pub fn mark(&mut self, mark: Mark) {
        self.variant.plate.get_or_insert_with(empty_plate).marks.push(mark);
    }

    /// The pattern with the constants put in.
    pub fn parts(&mut self, pattern: &Pattern) -> Vec<Part> {
        self.workshop.constants.resolve(pattern).unwrap_or_else(|message| {
            self.absent(message);
            Vec::new()
        })
    }

    fn absent(&mut self, message: String) {
        let hint = "add it to the policy's [title] or the pack's [text], or take the placeholder away";
        self.errors.push(Diagnostic::error(message).at(&self.place.source, self.place.span.clone()).hint(hint));
    }

    /// A style with its fonts.
    pub fn lettering(&mut self, style: &Arc<Style>) -> Lettering {
        self.workshop.setter.lettering(style)
    }

    /// An affix with its constants and fonts.
    pub fn affix(&mut self, affix: Option<&Affix>) -> Option<AffixSlot> {
        let affix = affix?;
        Some(AffixSlot { parts: self.parts(&affix.pattern), lettering: self.lettering(&affix.style) })
    }

    /// Adds a line: to the plate if it is fixed, else as a slot.
    pub fn line(&mut self, line: LineSlot) {
        if line.fields().next().is_some() {
            self.variant.slots.push(Slot::Line(line));
            return;
        }
        let mut galley = Galley::default();
        let outcome = line.set(self.workshop.setter, None, &mut galley);
        self.fixed(outcome, galley.marks);
    }

    fn column(&mut self, column: ColumnSlot) {
        if column.fields().next().is_some() {
            self.variant.slots.push(Slot::Column(column));
            return;
        }
        let mut galley = Galley::default();
        let outcome = column.set(self.workshop.setter, None, &mut galley);
        self.fixed(outcome, galley.marks);
    }

    fn paragraph(&mut self, paragraph: ParagraphSlot) {
        if paragraph.fields().next().is_some() {
            self.variant.slots.push(Slot::Paragraph(paragraph));
            return;
        }
        let mut galley = Galley::default();
        let outcome = paragraph.set(self.workshop.setter, None, &mut galley);
        self.fixed(outcome, galley.marks);
    }

    fn fixed(&mut self, outcome: Result<(), Vec<Problem>>, marks: Vec<Mark>) {
        match outcome {
            Ok(()) => marks.into_iter().for_each(|mark| self.mark(mark)),
            Err(problems) => problems.iter().for_each(|problem| self.error(&problem.kind)),
        }
    }

    fn error(&mut self, kind: &ProblemKind) {
        let (message, hint) = describe(kind);
        self.errors.push(Diagnostic::error(message).at(&self.place.source, self.place.span.clone()).hint(hint));
    }

    fn item(&mut self, item: &Item) {
        match &item.shape {
            Shape::Text(text) => {
                let line = self.text(text);
                self.line(line);
            }
            Shape::Column(column) => {
                let slot = self.vertical(column);
                self.column(slot);
            }
            Shape::Paragraph(paragraph) => {
                let slot = self.running(paragraph);
                self.paragraph(slot);
            }
            Shape::Line(line) => {
                self.mark(Mark::Line(sheet::Line { from: line.from, to: line.to, stroke: line.stroke.clone() }))
            }
            Shape::Box(shape) => {
                self.mark(Mark::Box(sheet::Box { rect: shape.rect, stroke: shape.stroke.clone(), fill: shape.fill }))
            }
            Shape::Image(image) => match (self.workshop.picture)(&image.file, image.rect) {
                Ok(index) => self.mark(Mark::Image(sheet::Image { rect: image.rect, index })),
                Err(message) => {
                    self.errors.push(Diagnostic::error(message).at(&self.place.source, self.place.span.clone()));
                }
            },
            Shape::Qr(qr) => {
                let value = self.parts(&qr.value);
                self.code(CodeSlot::qr(qr, value));
            }
            Shape::DataMatrix(matrix) => {
                let value = self.parts(&matrix.value);
                self.code(CodeSlot::data_matrix(matrix, value));
            }
            Shape::Code128(bars) => {
                let value = self.parts(&bars.value);
                self.code(CodeSlot::code128(bars, value));
            }
            Shape::Table(_) => {}
        }
    }

    /// What a job fills, checked with the longest that it may put in.
    fn imprint(&mut self, shape: &Shape, pattern: &Pattern) -> Option<ImprintSlot> {
        let place = match shape {
            Shape::Text(text) => imprint::Place::Line(self.text(text)),
            Shape::Column(column) => imprint::Place::Column(self.vertical(column)),
            Shape::Qr(qr) => imprint::Place::Code(CodeSlot::qr(qr, Vec::new())),
            Shape::DataMatrix(matrix) => imprint::Place::Code(CodeSlot::data_matrix(matrix, Vec::new())),
            Shape::Code128(bars) => imprint::Place::Code(CodeSlot::code128(bars, Vec::new())),
            Shape::Paragraph(_) | Shape::Table(_) | Shape::Line(_) | Shape::Box(_) | Shape::Image(_) => return None,
        };
        let value = self.workshop.constants.resolve_imprint(pattern);
        let value = value.map_err(|message| self.absent(message)).ok()?;
        let slot = ImprintSlot { place, value };
        let checked = slot.check(self.workshop.setter, &mut Galley::default());
        let checked = checked.map_err(|problems| problems.iter().for_each(|problem| self.error(&problem.kind)));
        checked.is_ok().then_some(slot)
    }

    fn text(&mut self, text: &Text) -> LineSlot {
        LineSlot {
            at: text.at,
            width: text.width,
            align: text.align,
            lettering: self.lettering(&text.style),
            value: self.parts(&text.value),
            before: self.affix(text.before.as_ref()),
            after: self.affix(text.after.as_ref()),
            ruby: text.ruby.as_ref().map(|ruby| RubySlot {
                value: self.parts(&ruby.value),
                lettering: self.lettering(&ruby.style),
                fit: ruby.fit.clone(),
                empty: ruby.empty,
            }),
            fit: text.fit.clone(),
            middle: middle(text.style.size),
            empty: text.empty,
            rotate: text.rotate,
            outline: text.outline,
        }
    }

    fn vertical(&mut self, column: &Column) -> ColumnSlot {
        ColumnSlot {
            at: column.at,
            height: column.height,
            align: column.align,
            lettering: self.lettering(&column.style),
            value: self.parts(&column.value),
            after: self.affix(column.after.as_ref()),
            fit: column.fit.clone(),
            empty: column.empty,
            figures: column.figures,
        }
    }

    fn running(&mut self, paragraph: &Paragraph) -> ParagraphSlot {
        ParagraphSlot {
            at: paragraph.at,
            width: paragraph.width,
            height: paragraph.height,
            align: paragraph.align,
            lettering: self.lettering(&paragraph.style),
            value: self.parts(&paragraph.value),
            before: self.affix(paragraph.before.as_ref()),
            indent: paragraph.indent,
            hang: paragraph.hang,
            hanging: paragraph.hanging,
        }
    }

    fn code(&mut self, slot: CodeSlot) {
        if first_field(&slot.value).is_some() {
            self.variant.slots.push(Slot::Code(slot));
            return;
        }
        let mut marks = Vec::new();
        let outcome = slot.set(None, &mut marks);
        self.fixed(outcome, marks);
    }
}

impl Slot {
    /// Fills the slot for a record.
    ///
    /// # Errors
    /// Why it cannot be filled.
    pub fn set(&self, setter: &Typesetter, context: &Context<'_>, galley: &mut Galley) -> Result<(), Vec<Problem>> {
        match self {
            Slot::Line(line) => line.set(setter, Some(context), galley),
            Slot::Column(column) => column.set(setter, Some(context), galley),
            Slot::Paragraph(paragraph) => paragraph.set(setter, Some(context), galley),
            Slot::Code(code) => code.set(Some(context), &mut galley.marks),
        }
    }
}

fn empty_plate() -> Plate {
    Plate { id: PlateId { template: 0, group: 0, mask: 0 }, size: Size::default(), marks: Vec::new() }
}

/// A problem of fixed text in a designer's words.
fn describe(kind: &ProblemKind) -> (String, &'static str) {
    match kind {
        ProblemKind::Missing => ("this value is not there".to_owned(), "give the pack the text or title"),
        ProblemKind::Glyph { message, .. } => (message.clone(), "use another character, or add a font to the chain"),
        ProblemKind::Placeholder { .. } => {
            ("this is a placeholder, which the pack refuses".to_owned(), "use another character")
        }
        ProblemKind::TooLong { needed, available } => (
            format!("the text is {needed} wide, and there is room for {available}"),
            "shorten it, widen its place, or allow it to be condensed with `fit`",
        ),
        ProblemKind::TooManyLines { needed, available } => (
            format!("the text takes {needed} lines, and there is room for {available}"),
            "shorten it, or give it more height",
        ),
        ProblemKind::Format => ("this format cannot write this text".to_owned(), "use another format"),
        ProblemKind::Code { message } => (message.clone(), "shorten the text of the code"),
        ProblemKind::NoTemplate => ("there is no template".to_owned(), "add one to pack.toml"),
    }
}
