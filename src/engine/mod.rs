//! The only wiring: a pack opened once, then decisions, sheets and PDFs for records.

mod cases;
mod check;
pub mod codes;
mod examine;
mod fonts;
mod gallery;
mod glyphs;
mod input;
mod origin;
pub(crate) mod pipeline;
mod report;
mod run;
mod shelf;
pub mod spool;
mod tightest;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::base::Date;
use crate::base::facts::Facts;
use crate::base::field::{Field, Kind};
use crate::base::geometry::{Rect, Size};
use crate::compose::Art;
use crate::compose::context::{Constants, Context};
use crate::compose::galley::Galley;
use crate::compose::prepare::{Workshop, prepare};
use crate::compose::problem::{Note, Problem, ProblemKind};
use crate::engine::gallery::Gallery;
use crate::engine::shelf::Shelf;
use crate::pack;
use crate::pack::{Pack, Paper};
use crate::pdf::picture::Picture;
use crate::policy::choice::Conditions;
use crate::policy::decide::DecideError;
use crate::policy::decision::{Decision, Document, Expiry, Outcome, Reason, Titles};
use crate::policy::expiry::age_on;
use crate::record::Record;
use crate::record::columns::{Columns, Layout};
use crate::record::defaults::{Defaults, OwnedValue};
use crate::record::encoding::Encoding;
use crate::record::intake::Intake;
use crate::record::parse::parse;
use crate::record::raw::RawRecord;
use crate::record::reader::{Format, Reader};
use crate::sheet::{Sheet, Side};

pub use crate::compose::imprint::Imprint;
pub use check::Checked;
pub use glyphs::{GlyphKind, GlyphUse, Glyphs, ProofError};
pub use input::{Hash, Input};
pub use origin::hexadecimal;
pub use report::{Finding, Fit, PackError, RecordReport, RunReport, Status, Summary};
pub use run::{Event, OneError, Options, RenderError, Survey};
pub use tightest::{TightSheet, Tightest};

/// How a pack is opened.
#[derive(Clone, Debug, Default)]
pub struct OpenOptions {
    /// A folder of fonts instead of the one that the pack names.
    pub fonts: Option<PathBuf>,
    /// 交付年月日 of records that carry none.
    pub issue_date: Option<Date>,
}

/// A pack made ready: rules compiled, fonts open, fixed artwork set. Share it between threads.
#[derive(Debug)]
pub struct Engine {
    pack: Pack,
    intake: Intake,
    art: Art,
    served: Vec<Served>,
    pictures: Vec<Picture>,
    shelf: Shelf,
}

/// The boards that serve a paper, under the titles of some versions of the policy.
#[derive(Debug)]
pub struct Served {
    /// Notice or certificate.
    pub document: Document,
    /// The size that a record asks for in `sheet`.
    pub sheet: String,
    /// The medium that a record asks for in `medium`; `None`: any.
    pub medium: Option<String>,
    when: Conditions,
    /// Numbers of the versions whose titles the boards have.
    versions: Vec<usize>,
    /// The title of the paper; `None` where the policy has none.
    pub title: Option<String>,
    /// The size of its sides.
    pub size: Size,
    /// Whether it is a notice under its old name.
    old_title: bool,
    boards: Vec<u16>,
}

/// What is used again from record to record.
#[derive(Debug, Default)]
pub struct Work {
    /// The sheet that was composed last.
    pub sheet: Sheet,
    /// Number of its paper, as [`Engine::paper`] takes it.
    pub paper: u16,
    galley: Galley,
}

impl Engine {
    /// Opens a pack and everything that it inherits and uses.
    ///
    /// # Errors
    /// All that is wrong with the pack, with places and hints.
    pub fn open(folder: &Path, options: &OpenOptions) -> Result<Engine, PackError> {
        let pack = pack::load(folder, options.fonts.as_deref()).map_err(PackError)?;
        let setter = fonts::typesetter(&pack).map_err(PackError)?;
        let intake = intake(&pack, options.issue_date);
        let mut gallery = Gallery::default();
        let (mut boards, mut served, mut errors) = (Vec::new(), Vec::new(), Vec::new());
        let titles = titles(&pack);
        for (paper, (titles, versions)) in
            pack.papers.iter().flat_map(|paper| titles.iter().map(move |set| (paper, set)))
        {
            let constants = constants(&pack, paper, titles);
            let mut numbers = Vec::with_capacity(paper.sides.len());
            for side in &paper.sides {
                let mut picture = |file: &Path, rect: Rect| gallery.number(file, rect);
                let mut workshop = Workshop { setter: &setter, constants: &constants, picture: &mut picture };
                match prepare(side, boards.len() as u16, &mut workshop) {
                    Ok(board) => {
                        numbers.push(boards.len() as u16);
                        boards.push(board);
                    }
                    Err(found) => found.into_iter().for_each(|error| {
                        if !errors.contains(&error) {
                            errors.push(error);
                        }
                    }),
                }
            }
            let (sheet, medium, when) = (paper.sheet.clone(), paper.medium.clone(), paper.when.clone());
            let (document, title, versions) = (paper.document, constants.title, versions.clone());
            let old_title = document == Document::Notice && titles.are_old();
            let size = paper.sides.first().map(|side| side.size).unwrap_or_default();
            served.push(Served { document, sheet, medium, when, versions, title, size, old_title, boards: numbers });
        }
        if !errors.is_empty() {
            return Err(PackError(errors));
        }
        Ok(Engine {
            pack,
            intake,
            art: Art { setter, boards },
            served,
            pictures: gallery.pictures,
            shelf: Shelf::default(),
        })
    }

    /// The pack.
    pub fn pack(&self) -> &Pack {
        &self.pack
    }

    /// Sets what a job adds to a side of a paper, sides counted from 0: the marks of it only.
    ///
    /// # Errors
    /// When a number has more digits than the template gives it.
    pub fn imprint(
        &self,
        (paper, side): (u16, usize),
        imprint: &Imprint<'_>,
        out: &mut Side,
        galley: &mut Galley,
    ) -> Result<(), Vec<Problem>> {
        match self.board(paper, side) {
            Some(board) => self.art.imprint(board, imprint, out, galley),
            None => Ok(()),
        }
    }

    /// What the control code on a side of a paper says in a job. `None`: it has none.
    pub fn control_code(&self, (paper, side): (u16, usize), imprint: &Imprint<'_>) -> Option<String> {
        self.art.control_code(self.board(paper, side)?, imprint)
    }

    fn board(&self, paper: u16, side: usize) -> Option<u16> {
        self.paper(paper)?.boards.get(side).copied()
    }

    /// A paper, by the number that [`Work::paper`] has.
    pub fn paper(&self, number: u16) -> Option<&Served> {
        self.served.get(usize::from(number))
    }

    /// Reads one record from a JSON object.
    ///
    /// # Errors
    /// All that is wrong with the record.
    pub fn read_json(&self, json: &str) -> Result<Record, RecordReport> {
        let broken = |message: String| {
            let mut report = RecordReport::new(1, None, Status::Rejected);
            report.add(Finding::plain("NOT_JSON", message, "give one JSON object on one line"));
            report
        };
        let line = json.replace(['\n', '\r'], " ");
        let mut reader = Reader::open(line.as_bytes(), Format::JsonLines, Encoding::Utf8, &self.intake)
            .map_err(|error| broken(error.to_string()))?;
        let mut raw = RawRecord::default();
        match reader.next(&mut raw) {
            Ok(true) => {}
            Ok(false) => return Err(broken("there is no record".to_owned())),
            Err(error) => return Err(broken(error.to_string())),
        }
        let mut record = Record::new(&self.pack.fields);
        self.read(&raw, reader.layout(), &mut record, &mut Vec::new()).map(|_| record)
    }

    /// Parses and checks a raw record; the report has what a person should look at all the same, and
    /// `unknown` gets the names that no field takes.
    pub(crate) fn read(
        &self,
        raw: &RawRecord,
        layout: &Layout,
        record: &mut Record,
        unknown: &mut Vec<String>,
    ) -> Result<Option<RecordReport>, RecordReport> {
        let (status, row, id, problems, group) = match parse(raw, layout, &self.intake, record) {
            Ok(warnings) => {
                unknown.extend(warnings.unknown);
                if warnings.problems.is_empty() {
                    return Ok(None);
                }
                (Status::Warned, record.row, record.id().map(str::to_owned), warnings.problems, None)
            }
            Err(rejection) => {
                (Status::Rejected, rejection.row, rejection.record_id, rejection.problems, rejection.group)
            }
        };
        let mut report = RecordReport { group, ..RecordReport::new(row, id.as_deref(), status) };
        problems.iter().for_each(|problem| report.add(Finding::of_reading(problem, &self.pack.fields)));
        if status == Status::Rejected { Err(report) } else { Ok(Some(report)) }
    }

    /// What the policy says of a record. Needs only the fields that the policy reads.
    ///
    /// # Errors
    /// When a field is absent without which the policy cannot decide.
    pub fn decide(&self, record: &Record) -> Result<Decision<'_>, RecordReport> {
        self.pack.policies.decide(&record.facts).map_err(|error| self.undecidable(record, error))
    }

    /// Why nothing can be decided of a record.
    fn undecidable(&self, record: &Record, error: DecideError) -> RecordReport {
        let mut report = RecordReport::new(record.row, record.id(), Status::Rejected);
        let title = error.field().map(|field| self.pack.fields.title(field));
        let message = match title {
            Some(title) => format!("{title}: the policy cannot decide without it, or as it is"),
            None => error.to_string(),
        };
        let mut finding = Finding::plain(codes::UNDECIDABLE.code, message, "fill in or correct the field");
        finding.field = error.field().map(|field| self.pack.fields.name(field).to_owned());
        report.add(finding);
        report
    }

    /// Composes a record's sheet into `work`.
    ///
    /// The report says what was done to make it fit, or what a person should look at; `None`: nothing
    /// to say.
    ///
    /// # Errors
    /// Why the record is not printed: lawfully (`none`), held, or rejected.
    pub fn compose(&self, record: &Record, work: &mut Work) -> Result<Option<RecordReport>, RecordReport> {
        self.try_compose(record, work).map_err(|report| {
            let group = record.facts.text(Field::ENCLOSURE_GROUP).map(str::to_owned);
            RecordReport { group, ..report }
        })
    }

    fn try_compose(&self, record: &Record, work: &mut Work) -> Result<Option<RecordReport>, RecordReport> {
        let decision = self.decide(record)?;
        self.may_print(record, &decision)?;
        let facts = &record.facts;
        let context = Context { facts, decision: &decision, over_70: over_70(facts), back: false };
        let served = self.serving(facts, decision.document).map_err(|error| self.undecidable(record, error))?;
        work.galley.notes.clear();
        let composed = match served {
            Some((number, served)) => {
                work.paper = number;
                self.art.compose(&served.boards, &context, &mut work.sheet, &mut work.galley)
            }
            None => Err(vec![Problem { kind: ProblemKind::NoTemplate, field: None }]),
        };
        if let Err(problems) = composed {
            let mut report = RecordReport::new(record.row, record.id(), Status::Rejected);
            problems.iter().for_each(|problem| report.add(Finding::of_problem(problem, &self.pack.fields)));
            return Err(report);
        }
        Ok(self.remarks(record, &decision, &mut work.galley.notes))
    }

    /// What is to be said of a sheet that is printed.
    fn remarks(&self, record: &Record, decision: &Decision<'_>, notes: &mut Vec<Note>) -> Option<RecordReport> {
        let warning = decision.reasons.iter().find(|reason| reason.code.starts_with("WARN_"));
        if notes.is_empty() && warning.is_none() {
            return None;
        }
        notes.dedup();
        let only_fitted = notes.iter().all(|note| matches!(note.kind, crate::compose::problem::NoteKind::Fitted(_)));
        let status = if only_fitted && warning.is_none() { Status::Fitted } else { Status::Warned };
        let mut report = RecordReport::new(record.row, record.id(), status);
        if let Some(warning) = warning {
            report.add(Finding::plain(&warning.code, "the last valid day is the day of issue", ""));
        }
        notes.iter().for_each(|note| report.note(note, &self.pack.fields));
        Some(report)
    }

    /// Why a decision gives no paper, with what to do next; `None` where it gives one.
    pub fn refusal(&self, record: &Record, decision: &Decision<'_>) -> Option<RecordReport> {
        match decision.outcome() {
            Outcome::Printed => None,
            Outcome::None | Outcome::Held | Outcome::Rejected => self.may_print(record, decision).err(),
        }
    }

    /// Whether a decision may become paper.
    fn may_print(&self, record: &Record, decision: &Decision<'_>) -> Result<(), RecordReport> {
        let status = match decision.outcome() {
            Outcome::Printed => return self.may_print_paper(record, decision),
            Outcome::None => Status::None,
            Outcome::Held => Status::Held,
            Outcome::Rejected => Status::Rejected,
        };
        let mut report = RecordReport::new(record.row, record.id(), status);
        report.reasons = decision.reasons.iter().map(|reason| reason.code.to_string()).collect();
        decision.reasons.iter().for_each(|reason| report.add(self.finding_of(reason, record)));
        Err(report)
    }

    /// Why a decision gives no paper, and what to do about it.
    fn finding_of(&self, reason: &Reason, record: &Record) -> Finding {
        let mut finding = Finding::plain(&reason.code, format!("decided by: {}", reason.source), "");
        let (field, hint) = match reason.code.as_ref() {
            "NO_POLICY_VERSION" => {
                (Some(Field::ISSUE_DATE), "add a [[policy]] for this issue date to pack.toml".to_owned())
            }
            "NO_RULE" => self.asked_in_vain(record),
            _ => return finding,
        };
        finding.field = field.map(|field| self.pack.fields.name(field).to_owned());
        finding.hint = Some(hint);
        finding
    }

    /// The first field that eligibility asks and the record does not answer, and what to do then.
    fn asked_in_vain(&self, record: &Record) -> (Option<Field>, String) {
        let version = self.pack.policies.pick(&record.facts).ok().flatten();
        let needed = version.map(|(_, version)| version.policy().eligibility_needs()).unwrap_or_default();
        let open = |field: Field| match field {
            Field::REQUESTED => record.facts.text(field).is_none_or(|word| word == "auto"),
            _ => !record.facts.has(field),
        };
        let Some(field) = needed.into_iter().find(|field| open(*field)) else {
            return (None, "add a rule to `eligibility` that says which paper such a record gets".to_owned());
        };
        let title = self.pack.fields.title(field);
        let hint = match field {
            Field::REQUESTED => format!(
                "{title} is empty or `auto`, and no rule of this pack chooses the paper then: write notice or certificate"
            ),
            _ => format!("{title} is empty, and the rules of eligibility ask it: fill it in"),
        };
        (Some(field), hint)
    }

    fn may_print_paper(&self, record: &Record, decision: &Decision<'_>) -> Result<(), RecordReport> {
        let reject = |finding: Finding| {
            let mut report = RecordReport::new(record.row, record.id(), Status::Rejected);
            report.add(finding);
            Err(report)
        };
        let facts = &record.facts;
        if self.pack.insurer.placeholder_number && facts.flag(Field::SAMPLE) != Some(true) {
            let message = "the pack has a placeholder for the insurer number, so it prints samples only";
            let hint = "put the insurer's own number into pack.toml and take `placeholder_number` away";
            return reject(Finding::plain(codes::PLACEHOLDER_INSURER.code, message, hint));
        }
        let computed = match decision.expiry {
            Expiry::On(date) => Some(date),
            Expiry::Never | Expiry::NotApplicable | Expiry::Unspecified => None,
        };
        if facts.date(Field::EXPIRY).is_some_and(|given| Some(given) != computed) {
            let title = self.pack.fields.title(Field::EXPIRY);
            let message = format!("{title}: differs from the one that the policy computes");
            let mut finding =
                Finding::plain(codes::EXPIRY_DIFFERS.code, message, "leave the field out: the policy computes it");
            finding.field = Some("expiry".to_owned());
            return reject(finding);
        }
        Ok(())
    }

    /// The first paper that fits the record: size, medium and conditions, with the titles of the version that
    /// decided; and its number.
    fn serving(&self, facts: &Facts, document: Document) -> Result<Option<(u16, &Served)>, DecideError> {
        let Some((version, _)) = self.pack.policies.pick(facts)? else { return Ok(None) };
        for (number, served) in (0..).zip(&self.served) {
            let medium = served.medium.as_deref();
            if served.document == document
                && served.versions.contains(&version)
                && facts.text(Field::SHEET) == Some(served.sheet.as_str())
                && (medium.is_none() || medium == facts.text(Field::MEDIUM))
                && served.when.hold(facts)?
            {
                return Ok(Some((number, served)));
            }
        }
        Ok(None)
    }
}

/// Whether 70 is attained on the first day of validity.
fn over_70(facts: &Facts) -> bool {
    let start = facts.date(Field::VALID_FROM).or_else(|| facts.date(Field::ISSUE_DATE));
    let age = facts.date(Field::BIRTH_DATE).zip(start).and_then(|(birth, start)| age_on(birth, start));
    age.is_some_and(|age| age >= 70)
}

/// What the pack says about the records that it takes in.
fn intake(pack: &Pack, issue_date: Option<Date>) -> Intake {
    let headers: Vec<(String, Field)> = pack.columns.iter().map(|(header, field)| (header.clone(), *field)).collect();
    let choice = |field: Field, word: &str| match pack.fields.kind(field) {
        Kind::Choice(words) => words.iter().find(|known| **known == word).map(|known| OwnedValue::Choice(known)),
        Kind::Text | Kind::Date | Kind::Flag | Kind::Integer => None,
    };
    let mut values: Vec<(Field, OwnedValue)> =
        pack.defaults.iter().filter_map(|(field, word)| Some((*field, choice(*field, word)?))).collect();
    values.extend(issue_date.map(|date| (Field::ISSUE_DATE, OwnedValue::Date(date))));
    let mut fixed: Vec<(Field, String)> = insurer_fields(pack).into_iter().collect();
    fixed.push((Field::POLICY_ID, pack.name.clone()));
    Intake {
        columns: Columns::new(&pack.fields, &headers),
        fields: pack.fields.clone(),
        defaults: Defaults { values, fixed },
    }
}

/// The insurer's fields that the pack supplies.
fn insurer_fields(pack: &Pack) -> BTreeMap<Field, String> {
    let insurer = &pack.insurer;
    [
        (Field::INSURER_NUMBER, &insurer.number),
        (Field::INSURER_NAME, &insurer.name),
        (Field::INSURER_ADDRESS, &insurer.address),
        (Field::INSURER_PHONE, &insurer.phone),
    ]
    .into_iter()
    .filter_map(|(field, value)| Some((field, value.clone()?)))
    .collect()
}

/// What is the same on every sheet of a paper.
fn constants(pack: &Pack, paper: &Paper, titles: &Titles) -> Constants {
    let title = match paper.document {
        Document::Notice => titles.notice.clone(),
        Document::Certificate => titles.certificate.clone(),
        Document::None | Document::Hold => None,
    };
    Constants { title, titles: titles.clone(), texts: pack.texts.clone(), fields: insurer_fields(pack) }
}

/// The titles of the policy, each set once, with the numbers of the versions that have it.
fn titles(pack: &Pack) -> Vec<(Titles, Vec<usize>)> {
    let mut sets: Vec<(Titles, Vec<usize>)> = Vec::new();
    for (number, version) in pack.policies.versions().iter().enumerate() {
        let titles = version.policy().titles();
        match sets.iter_mut().find(|(known, _)| known == titles) {
            Some((_, versions)) => versions.push(number),
            None => sets.push((titles.clone(), vec![number])),
        }
    }
    sets
}
