//! One record of a run, taken from its raw bytes to encoded pages: what a worker does.

use std::collections::BTreeSet;

use crate::base::field::Field;
use crate::engine::report::{Finding, RecordReport, Status};
use crate::engine::run::{Options, RenderError};
use crate::engine::spool::{Entry, Kept};
use crate::engine::{Engine, Work};
use crate::pdf::encoder::Encoder;
use crate::pdf::page::Scratch;
use crate::pdf::usage::Usage;
use crate::record::Record;
use crate::record::columns::Layout;
use crate::record::raw::RawRecord;
use crate::record::seen::digest;

/// One worker's tools.
pub(super) struct Bench {
    record: Record,
    work: Work,
    /// What all sheets that it composed use.
    pub(super) usage: Usage,
    scratch: Scratch,
    pages: Vec<Kept>,
}

/// What a worker says of a record.
pub(super) struct Checked {
    pub(super) row: u64,
    id: Option<String>,
    /// Of the id.
    pub(super) digest: Option<u128>,
    /// Whether an earlier record has the same id.
    pub(super) repeated: bool,
    pub(super) status: Status,
    pub(super) report: Option<RecordReport>,
    pub(super) unknown: Vec<String>,
    /// What is kept of it, and its pages with it as the spool takes them.
    pub(super) kept: Option<(Entry, Vec<u8>)>,
}

impl Engine {
    /// A worker's tools.
    pub(super) fn bench(&self) -> Bench {
        let record = Record::new(&self.pack.fields);
        let (work, usage, scratch) = (Work::default(), Usage::new(), Scratch::default());
        Bench { record, work, usage, scratch, pages: Vec::new() }
    }

    /// Reads, checks and composes a record; with an encoder it encodes its pages, too.
    pub(super) fn examine(
        &self,
        bench: &mut Bench,
        raw: &RawRecord,
        layout: &Layout,
        (options, encoder): (&Options<'_>, Option<&Encoder<'_>>),
    ) -> Result<Checked, RenderError> {
        let mut unknown = Vec::new();
        let outcome = match self.read(raw, layout, &mut bench.record, &mut unknown) {
            Ok(_) if !is_wanted(bench.record.id(), options.only) => {
                return Ok(Checked::new((raw.row, bench.record.id()), Status::None, (None, unknown), None));
            }
            Ok(warned) => self.compose(&bench.record, &mut bench.work).map(|said| join(warned, said)),
            Err(report) => Err(report),
        };
        let row = raw.row;
        match outcome {
            Ok(report) => {
                bench.work.sheet.sides.iter().for_each(|side| bench.usage.add_side(side));
                let status = report.as_ref().map_or(Status::Printed, |report| report.status);
                let kept = encoder.map(|encoder| self.keep(bench, status, (options, encoder))).transpose()?;
                Ok(Checked::new((row, bench.record.id()), status, (report, unknown), kept))
            }
            // A record that was refused at reading has no values any more; its report has the id.
            Err(report) => {
                let (id, status) = (report.record_id.clone(), report.status);
                Ok(Checked::new((row, id.as_deref()), status, (Some(report), unknown), None))
            }
        }
    }

    /// Encodes what was composed, and what is to be known of it later.
    fn keep(
        &self,
        bench: &mut Bench,
        status: Status,
        (options, encoder): (&Options<'_>, &Encoder<'_>),
    ) -> Result<(Entry, Vec<u8>), RenderError> {
        let Bench { record, work, scratch, pages, .. } = bench;
        pages.clear();
        let boards = self.paper(work.paper).map_or(&[][..], |served| &served.boards);
        for (side, board) in work.sheet.sides.iter().zip(boards) {
            pages.push(match options.drafts && self.art.has_imprint(*board) {
                true => Kept::Draft(encoder.draft(side, scratch)?),
                false => Kept::Page(encoder.encode(side, scratch)?),
            });
        }
        let text = |field: Field| record.facts.text(field).unwrap_or_default();
        let length = |text: &str| u16::try_from(text.chars().count()).unwrap_or(u16::MAX);
        let name = text(Field::NAME);
        let entry = Entry {
            row: record.row,
            paper: work.paper,
            pages: pages.len() as u16,
            pulled: record.facts.flag(Field::PULL_FLAG) == Some(true),
            fitted: status == Status::Fitted,
            warned: status == Status::Warned,
            name_length: length(name),
            address_length: length(text(Field::ADDRESS)),
            rare: name.chars().filter(|character| is_rare(*character)).count() as u16,
            record_id: text(Field::RECORD_ID).to_owned(),
            postcode: text(Field::POSTAL_CODE).chars().filter(char::is_ascii_digit).collect(),
            group: text(Field::ENCLOSURE_GROUP).to_owned(),
        };
        let mut bytes = Vec::with_capacity(1024);
        entry.write(pages, &mut bytes);
        Ok((entry, bytes))
    }
}

impl Checked {
    fn new(
        (row, id): (u64, Option<&str>),
        status: Status,
        (report, unknown): (Option<RecordReport>, Vec<String>),
        kept: Option<(Entry, Vec<u8>)>,
    ) -> Checked {
        let (digest, id) = (id.map(digest), id.map(str::to_owned));
        Checked { row, id, digest, repeated: false, status, report, unknown, kept }
    }

    /// Makes it a record that has the `record_id` of an earlier one. What was refused anyway stays so.
    pub(super) fn repeat(&mut self) {
        if self.status != Status::Rejected {
            let group = self.kept.take().map(|(entry, _)| entry.group);
            self.repeated = true;
            self.status = Status::Rejected;
            self.report = Some(RecordReport { group, ..repeated_id(self.row, self.id.as_deref()) });
        }
    }
}

/// Characters that a person should see on the proof.
fn is_rare(character: char) -> bool {
    matches!(character,
        '\u{3400}'..='\u{4DBF}' | '\u{E000}'..='\u{FAFF}' | '\u{FE00}'..='\u{FE0F}' | '\u{10000}'.. )
}

/// Whether a record is among the only ones that are wanted.
fn is_wanted(id: Option<&str>, only: Option<&BTreeSet<u128>>) -> bool {
    only.is_none_or(|only| id.is_some_and(|id| only.contains(&digest(id))))
}

/// One report of what the reader and what the composer said.
fn join(read: Option<RecordReport>, composed: Option<RecordReport>) -> Option<RecordReport> {
    match (read, composed) {
        (Some(mut read), Some(composed)) => {
            composed.findings.into_iter().for_each(|finding| read.add(finding));
            read.fit = composed.fit;
            Some(read)
        }
        (only, None) | (None, only) => only,
    }
}

fn repeated_id(row: u64, id: Option<&str>) -> RecordReport {
    let mut report = RecordReport::new(row, id, Status::Rejected);
    let mut finding = Finding::plain(
        "REPEATED_RECORD_ID",
        "レコードID (record_id): an earlier record of the input has the same one",
        "each record needs its own; if the person stands there twice, take one record out",
    );
    finding.field = Some("record_id".to_owned());
    report.add(finding);
    report
}
