//! What is said of a record that is not printed, or printed with something to say.

use serde::Serialize;

use crate::base::diagnostic;
use crate::base::field::Fields;
use crate::base::fit::Split;
use crate::base::length::Length;
use crate::compose::problem::{Note, NoteKind, Problem, ProblemKind, Taken};
use crate::engine::codes;
use crate::record::problem as reading;

/// What became of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Printed, nothing to say.
    Printed,
    /// Printed; a text was made to fit: narrowed, made smaller or broken into two lines.
    Fitted,
    /// Printed; a person should look.
    Warned,
    /// Lawfully not printed.
    None,
    /// Not printed until a person has decided.
    Held,
    /// Not printed, because something is wrong.
    Rejected,
}

/// What a run came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Records in the input.
    pub records: u64,
    /// Records printed.
    pub printed: u64,
    /// Pages written.
    pub pages: u64,
    /// Records lawfully not printed.
    pub none: u64,
    /// Records that wait for a person.
    pub held: u64,
    /// Records with something wrong.
    pub rejected: u64,
    /// Printed records in which a text was made to fit.
    pub fitted: u64,
    /// Printed records that a person should look at.
    pub warned: u64,
}

impl Summary {
    /// Whether every record was printed, or lawfully not.
    pub fn is_clean(&self) -> bool {
        self.held == 0 && self.rejected == 0
    }

    pub(super) fn count(&mut self, status: Status) {
        self.records += 1;
        let printed = match status {
            Status::Printed => &mut self.printed,
            Status::Fitted => {
                self.fitted += 1;
                &mut self.printed
            }
            Status::Warned => {
                self.warned += 1;
                &mut self.printed
            }
            Status::None => &mut self.none,
            Status::Held => &mut self.held,
            Status::Rejected => &mut self.rejected,
        };
        *printed += 1;
    }
}

/// One line of a report. Holds no value of the record but its id.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RecordReport {
    /// Number of the record in the input, from 1.
    pub row: u64,
    /// Its `record_id`; `None` when it has none that can be relied on.
    pub record_id: Option<String>,
    /// What became of it.
    pub status: Status,
    /// Codes: of the decision for `none` and `held`, of the problems for `rejected`, of the notes else.
    pub reasons: Vec<String>,
    /// The field of the first finding.
    pub field: Option<String>,
    /// The code points of the first finding, as `U+845B`.
    pub codepoints: Vec<String>,
    /// How the tightest text was made to fit.
    pub fit: Option<Fit>,
    /// Everything that was found.
    pub findings: Vec<Finding>,
    /// Its `enclosure_group`: the others of the group lack it in their envelope. Not told.
    #[serde(skip)]
    pub(crate) group: Option<String>,
}

/// One line of a report that is about the run, not about a record. It has the keys of [`RecordReport`], so that a
/// program reads all lines alike; `row` is null and `status` is `run`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RunReport {
    row: Option<u64>,
    record_id: Option<String>,
    status: &'static str,
    /// The code of the finding.
    pub reasons: Vec<String>,
    field: Option<String>,
    codepoints: Vec<String>,
    fit: Option<Fit>,
    /// What was found.
    pub findings: Vec<Finding>,
}

impl RunReport {
    pub(crate) fn new(finding: Finding) -> RunReport {
        RunReport {
            row: None,
            record_id: None,
            status: "run",
            reasons: vec![finding.code.clone()],
            field: None,
            codepoints: Vec::new(),
            fit: None,
            findings: vec![finding],
        }
    }
}

/// `CODE: message (hint)`, one line.
impl std::fmt::Display for RunReport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for finding in &self.findings {
            write!(f, "{}: {}", finding.code, finding.message)?;
            if let Some(hint) = &finding.hint {
                write!(f, " ({hint})")?;
            }
        }
        Ok(())
    }
}

/// One thing that was found on a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// For programs.
    pub code: String,
    /// The field's name in the input.
    pub field: Option<String>,
    /// One sentence for people.
    pub message: String,
    /// What to do next.
    pub hint: Option<String>,
    /// The code points at fault, as `U+845B`.
    pub codepoints: Vec<String>,
}

/// How a text was made to fit.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Fit {
    /// The field.
    pub field: Option<String>,
    /// The step that changed it most: `two-lines`, `shrink`, `condense` or `tighten`.
    pub step: &'static str,
    /// The width of the letters in percent of the natural one, before shrinking.
    pub percent: f64,
    /// The size in points.
    pub size: f64,
    /// The width of the spaces in percent of the natural one, before condensing and shrinking.
    pub spaces: f64,
    /// The lines that it stands on: 1 or 2.
    pub lines: u8,
    /// The width of a letter on the paper in percent of what the style asks for: condensed and shrunk.
    pub letters: f64,
}

impl Fit {
    fn new(field: Option<String>, taken: &Taken) -> Fit {
        let Taken { spaces, stretch, size, natural, split } = *taken;
        let percent = |permille: u16| f64::from(permille) / 10.0;
        let letters = size.scale(i64::from(stretch), 1000).permille_of(natural).unwrap_or_default();
        let step = match (split, size < natural, stretch < 1000) {
            (Some(_), _, _) => "two-lines",
            (None, true, _) => "shrink",
            (None, false, true) => "condense",
            (None, false, false) => "tighten",
        };
        Fit {
            field,
            step,
            percent: percent(stretch),
            size: points(size),
            spaces: percent(spaces),
            lines: if split.is_some() { 2 } else { 1 },
            letters: letters as f64 / 10.0,
        }
    }

    /// Whether it is harder to read than another one: its letters are narrower on the paper, or as narrow and
    /// its spaces are narrower.
    pub(crate) fn is_tighter(&self, other: &Fit) -> bool {
        let order = self.letters.total_cmp(&other.letters).then(self.spaces.total_cmp(&other.spaces));
        order.is_lt()
    }
}

impl RecordReport {
    /// A report without findings.
    pub(crate) fn new(row: u64, record_id: Option<&str>, status: Status) -> RecordReport {
        let record_id = record_id.map(str::to_owned);
        let (reasons, codepoints, findings) = (Vec::new(), Vec::new(), Vec::new());
        RecordReport { row, record_id, status, reasons, field: None, codepoints, fit: None, findings, group: None }
    }

    /// Its 封入グループ, as far as it is known: the others of the group lack it in their envelope.
    pub fn group(&self) -> Option<&str> {
        self.group.as_deref()
    }

    /// Adds a finding; the first one fills the short columns, and its code is a reason.
    pub(crate) fn add(&mut self, finding: Finding) {
        if self.findings.is_empty() {
            self.field.clone_from(&finding.field);
            self.codepoints.clone_from(&finding.codepoints);
        }
        if !self.reasons.contains(&finding.code) {
            self.reasons.push(finding.code.clone());
        }
        self.findings.push(finding);
    }

    /// Adds what composing noted.
    pub(crate) fn note(&mut self, note: &Note, fields: &Fields) {
        if let NoteKind::Fitted(taken) = &note.kind {
            let fit = Fit::new(note.field.map(|field| fields.name(field).to_owned()), taken);
            if self.fit.as_ref().is_none_or(|old| fit.is_tighter(old)) {
                self.fit = Some(fit);
            }
        }
        self.add(Finding::of_note(note, fields));
    }
}

/// `row 12 (Y00012) rejected: …; …`, one line.
impl std::fmt::Display for RecordReport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let status = match self.status {
            Status::Printed | Status::Fitted | Status::Warned => "printed",
            Status::None => "not printed",
            Status::Held => "held",
            Status::Rejected => "rejected",
        };
        write!(f, "row {}", self.row)?;
        if let Some(id) = &self.record_id {
            write!(f, " ({id})")?;
        }
        write!(f, " {status}: ")?;
        if self.findings.is_empty() {
            return f.write_str(&self.reasons.join(", "));
        }
        for (index, finding) in self.findings.iter().enumerate() {
            if index > 0 {
                f.write_str("; ")?;
            }
            write!(f, "{}: {}", finding.code, finding.message)?;
            if let Some(hint) = &finding.hint {
                write!(f, " ({hint})")?;
            }
        }
        Ok(())
    }
}

impl std::error::Error for RecordReport {}

impl Finding {
    /// A finding without a field.
    pub(crate) fn plain(code: &str, message: impl Into<String>, hint: &str) -> Finding {
        let hint = Some(hint.to_owned()).filter(|hint| !hint.is_empty());
        Finding { code: code.to_owned(), field: None, message: message.into(), hint, codepoints: Vec::new() }
    }

    /// A finding of the reader.
    pub(crate) fn of_reading(problem: &reading::Problem, fields: &Fields) -> Finding {
        Finding {
            code: problem.code.as_str().to_owned(),
            field: problem.field.map(|field| fields.name(field).to_owned()),
            message: problem.message.clone(),
            hint: problem.hint.map(str::to_owned),
            codepoints: problem.codepoints.iter().map(|point| code_point(*point as u32)).collect(),
        }
    }

    /// A problem of composing.
    pub(crate) fn of_problem(problem: &Problem, fields: &Fields) -> Finding {
        let (code, message, hint) = describe(&problem.kind);
        let codepoints = match &problem.kind {
            ProblemKind::Glyph { codepoints, .. } | ProblemKind::Placeholder { codepoints } => code_points(codepoints),
            ProblemKind::Missing
            | ProblemKind::TooLong { .. }
            | ProblemKind::TooManyLines { .. }
            | ProblemKind::Format
            | ProblemKind::Code { .. }
            | ProblemKind::NoTemplate => Vec::new(),
        };
        let message = titled(problem.field.map(|field| fields.title(field)), &message);
        let field = problem.field.map(|field| fields.name(field).to_owned());
        Finding { code: code.to_owned(), field, message, hint: Some(hint.to_owned()), codepoints }
    }

    fn of_note(note: &Note, fields: &Fields) -> Finding {
        let (code, message, codepoints) = match &note.kind {
            NoteKind::Fitted(taken) => (codes::FITTED.code, fitted(taken), Vec::new()),
            NoteKind::MixedFonts { fonts } => {
                (codes::MIXED_FONTS.code, format!("no font has all of it; set in {}", fonts.join(" and ")), Vec::new())
            }
            NoteKind::Placeholder { codepoints } => {
                let message = "holds a character that may stand for a missing one".to_owned();
                (codes::PLACEHOLDER.code, message, code_points(codepoints))
            }
            NoteKind::Gaiji { codepoints } => {
                let message = "printed with the insurer's own font (外字); compare it with the signed proof";
                (codes::GAIJI.code, message.to_owned(), code_points(codepoints))
            }
            NoteKind::Substituted { from, to } => {
                let [from, to] = [from, to].map(|points| code_points(points));
                let message = format!("{} is printed as {}, as the pack says", from.join(" "), to.join(" "));
                (codes::SUBSTITUTED.code, message, from)
            }
        };
        let message = titled(note.field.map(|field| fields.title(field)), &message);
        let field = note.field.map(|field| fields.name(field).to_owned());
        Finding { code: code.to_owned(), field, message, hint: None, codepoints }
    }
}

/// `spaces narrowed to 50 %, condensed to 74.7 %, made smaller from 10.5 pt to 9 pt`: only what was done.
fn fitted(taken: &Taken) -> String {
    let Taken { spaces, stretch, size, natural, split } = *taken;
    let percent = |permille: u16| f64::from(permille) / 10.0;
    let narrowed = (spaces < 1000).then(|| format!("spaces narrowed to {} %", percent(spaces)));
    let condensed = (stretch < 1000).then(|| format!("condensed to {} %", percent(stretch)));
    let smaller = (size < natural).then(|| format!("made smaller from {} pt to {} pt", points(natural), points(size)));
    let broken = split.map(|split| match split {
        Split::Place => "set in two lines".to_owned(),
        Split::Letters => "set in two lines, broken between two letters".to_owned(),
    });
    [narrowed, condensed, smaller, broken].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn points(length: Length) -> f64 {
    length.to_millipoints() as f64 / 1000.0
}

fn titled(title: Option<String>, message: &str) -> String {
    match title {
        Some(title) => format!("{title}: {message}"),
        None => message.to_owned(),
    }
}

fn code_point(point: u32) -> String {
    format!("U+{point:04X}")
}

fn code_points(points: &[u32]) -> Vec<String> {
    points.iter().map(|point| code_point(*point)).collect()
}

/// Code, sentence and hint of a problem.
fn describe(kind: &ProblemKind) -> (&'static str, String, &'static str) {
    match kind {
        ProblemKind::Missing => (reading::Code::Missing.as_str(), "the paper needs it".to_owned(), "fill in the field"),
        ProblemKind::Glyph { message, hint, .. } => (codes::GLYPH.code, message.clone(), *hint),
        ProblemKind::Placeholder { .. } => (
            codes::PLACEHOLDER.code,
            "holds a character that stands for a missing one, and the pack refuses those".to_owned(),
            "find out the registered character; `placeholders = \"warn\"` in [gaiji] prints it all the same",
        ),
        ProblemKind::TooLong { needed, available } => (
            codes::TOO_LONG.code,
            format!("needs {needed} at its tightest, and there is room for {available}"),
            "agree a shorter form with the person, or let the template give it more room",
        ),
        ProblemKind::TooManyLines { needed, available } => (
            codes::TOO_MANY_LINES.code,
            format!("takes {needed} lines, and there is room for {available}"),
            "agree a shorter form with the person, or let the template give it more room",
        ),
        ProblemKind::Format => (
            codes::FORMAT.code,
            "cannot be written in the form that the template asks for".to_owned(),
            "a 旧姓 needs a space between family name and given name in 氏名; a date must lie in an era",
        ),
        ProblemKind::Code { message } => (codes::CODE.code, message.clone(), "shorten the value"),
        ProblemKind::NoTemplate => (
            codes::NO_TEMPLATE.code,
            "the pack has no template for this paper in this size and medium".to_owned(),
            "check the fields `sheet` and `medium`, or add a [[document]] to the pack",
        ),
    }
}

/// Everything that is wrong with a pack, as one error.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct PackError(
    /// What is wrong, with places.
    pub Vec<diagnostic::Diagnostic>,
);
