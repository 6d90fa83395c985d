//! Running text: filled, broken into lines and put at its place.

use crate::base::field::Field;
use crate::base::geometry::Point;
use crate::base::length::Length;
use crate::compose::context::{Context, Filled, Part, first_field};
use crate::compose::galley::{Galley, SetText};
use crate::compose::line::{AffixSlot, fill, fill_whole, missing_field};
use crate::compose::problem::{Problem, ProblemKind};
use crate::compose::typeset::{How, Lettering, Typesetter};
use crate::template::model::Align;
use crate::text::paragraph;
use crate::text::paragraph::{Line, Measure, Span, lines};
use crate::text::place::first_baseline;

/// A paragraph that a record fills, or that is the same on every sheet.
#[derive(Debug)]
pub struct ParagraphSlot {
    /// The upper left corner.
    pub at: Point,
    /// The measure.
    pub width: Length,
    /// The room downwards; `None`: whatever it takes.
    pub height: Option<Length>,
    /// How the lines stand.
    pub align: Align,
    /// How it looks.
    pub lettering: Lettering,
    /// What it says.
    pub value: Vec<Part>,
    /// A bold opening or a number in front.
    pub before: Option<AffixSlot>,
    /// Indent of the first line of each paragraph.
    pub indent: Length,
    /// Indent of the other lines.
    pub hang: Length,
    /// Whether 、。 may hang behind a line.
    pub hanging: bool,
}

/// A stretch of one line of the text with its glyphs.
struct Stretch {
    text: SetText,
    lettering: Lettering,
}

impl ParagraphSlot {
    /// The fields that it reads.
    pub fn fields(&self) -> impl Iterator<Item = Field> {
        let before = self.before.iter().flat_map(|affix| &affix.parts);
        self.value.iter().chain(before).filter_map(|part| match part {
            Part::Value(field, _) => Some(*field),
            Part::Words(_) => None,
        })
    }

    /// Sets the paragraph; `context` is `None` for fixed text. Of an empty value nothing is set.
    ///
    /// # Errors
    /// A missing value, characters without a glyph, or more than fits.
    pub fn set(
        &self,
        setter: &Typesetter,
        context: Option<&Context<'_>>,
        galley: &mut Galley,
    ) -> Result<(), Vec<Problem>> {
        let field = first_field(&self.value);
        let mut whole = galley.text();
        match fill(&self.value, context, &mut whole.words) {
            Filled::Whole => {}
            Filled::Empty => return field.map_or(Ok(()), |field| Err(vec![missing_field(field)])),
            Filled::Missing(missing) => return Err(vec![missing_field(missing)]),
            Filled::Unwritable(field) => return Err(vec![Problem { kind: ProblemKind::Format, field: Some(field) }]),
        }
        let mut baseline = first_baseline(self.lettering.size, self.at.y);
        let mut count = 0;
        for (number, text) in whole.words.split('\n').map(|line| line.trim_end_matches('\r')).enumerate() {
            let mut stretches = Vec::with_capacity(2);
            if let Some(before) = self.before.as_ref().filter(|_| number == 0) {
                let mut opening = galley.text();
                fill_whole(&before.parts, context, &mut opening.words)?;
                stretches.push(self.stretch(setter, opening, before.lettering, galley)?);
            }
            let mut line = galley.text();
            line.words.push_str(text);
            stretches.push(self.stretch(setter, line, self.lettering, galley)?);
            let broken = self.broken(setter, &stretches)?;
            // An empty line of the text is an empty line of the paragraph.
            count += broken.len().max(1);
            for line in &broken {
                self.place(setter, &stretches, (line, baseline), galley);
                baseline += self.lettering.leading;
            }
            if broken.is_empty() {
                baseline += self.lettering.leading;
            }
            stretches.into_iter().for_each(|stretch| galley.take_back(stretch.text));
        }
        galley.take_back(whole);
        self.check_height(count)
    }

    fn stretch(
        &self,
        setter: &Typesetter,
        mut text: SetText,
        lettering: Lettering,
        galley: &mut Galley,
    ) -> Result<Stretch, Vec<Problem>> {
        setter.resolve(&lettering, first_field(&self.value), &mut text, &mut galley.notes)?;
        Ok(Stretch { text, lettering })
    }

    fn broken(&self, setter: &Typesetter, stretches: &[Stretch]) -> Result<Vec<Line>, Vec<Problem>> {
        let setting = |stretch: &Stretch| stretch.lettering.setting();
        let spans: Vec<Span<'_>> = stretches
            .iter()
            .map(|stretch| Span {
                text: &stretch.text.words,
                clusters: &stretch.text.clusters,
                extra: &stretch.text.extra,
                setting: setting(stretch),
                faces: setter.faces(),
                trim: stretch.lettering.trim,
            })
            .collect();
        let align = match self.align {
            Align::Left => paragraph::Align::Left,
            Align::Center => paragraph::Align::Center,
            Align::Right => paragraph::Align::Right,
            Align::Justify => paragraph::Align::Justify,
        };
        let Self { width, indent: first, hang: other, hanging, .. } = *self;
        let measure = Measure { width, first, other, align, hanging };
        lines(&spans, &measure).map_err(|error| {
            let kind = ProblemKind::TooLong { needed: error.needed, available: error.available };
            vec![Problem { kind, field: first_field(&self.value) }]
        })
    }

    fn place(&self, setter: &Typesetter, stretches: &[Stretch], line: (&Line, Length), galley: &mut Galley) {
        let (line, baseline) = line;
        for segment in &line.segments {
            let Some(stretch) = stretches.get(segment.span) else { continue };
            let clusters = stretch.text.clusters.get(segment.clusters.clone()).unwrap_or_default();
            let (setting, tint) = (stretch.lettering.setting(), stretch.lettering.tint);
            let how = How { setting, spaces: segment.space.as_slice(), tint };
            setter.runs(&stretch.text.words, clusters, how, galley, |run| {
                run.at = Point { x: self.at.x + segment.x + run.at.x, y: baseline + run.at.y };
            });
        }
    }

    /// The last line's em box must end within the height.
    fn check_height(&self, count: usize) -> Result<(), Vec<Problem>> {
        let Some(height) = self.height else { return Ok(()) };
        let more = (height - self.lettering.size).to_units() / self.lettering.leading.to_units().max(1);
        let available = usize::try_from(more + 1).unwrap_or(0);
        if count <= available {
            return Ok(());
        }
        let kind = ProblemKind::TooManyLines { needed: count, available };
        Err(vec![Problem { kind, field: first_field(&self.value) }])
    }
}
