//! A run: all records of an input, checked first and printed then, in one PDF.

use std::collections::BTreeSet;
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::engine::check::OLD_TITLE_HINT;
use crate::engine::codes::OLD_TITLE;
use crate::engine::input::{Hash, Input};
use crate::engine::pipeline;
use crate::engine::report::{Finding, RecordReport, RunReport, Status};
use crate::engine::{Engine, Served, Work};
use crate::pdf::encoder::{Encoder, Kit};
use crate::pdf::metadata::Metadata;
use crate::pdf::page::{EncodedPage, Scratch};
use crate::pdf::shell::{Compression, Plan, Shell, ShellError};
use crate::pdf::stamp::{StampError, Stamper};
use crate::pdf::usage::Usage;
use crate::record::Record;
use crate::record::columns::Layout;
use crate::record::encoding::Encoding;
use crate::record::raw::RawRecord;
use crate::record::reader::{Format, ReadError, Reader};
use crate::record::seen::SeenIds;
use crate::sheet::Plate;

/// How a run goes.
#[derive(Clone, Copy, Debug)]
pub struct Options<'o> {
    /// How the records are written down.
    pub format: Format,
    /// In which encoding.
    pub encoding: Encoding,
    /// Threads that compose and deflate. The bytes of the PDF do not depend on it. *Default*: 1.
    pub threads: usize,
    /// Write nothing if any record is rejected or held. *Default*: no.
    pub strict: bool,
    /// How pages are packed. *Default*: [`Compression::Fast`].
    pub compression: Compression,
    /// Set from outside to end the run. *Default*: never.
    pub cancel: Option<&'o AtomicBool>,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Options {
            format: Format::Csv,
            encoding: Encoding::Auto,
            threads: 1,
            strict: false,
            compression: Compression::Fast,
            cancel: None,
        }
    }
}

/// What a run tells while it goes.
#[derive(Debug)]
pub enum Event<'e> {
    /// A column or name of the input that no field takes; once for each.
    UnknownColumn(&'e str),
    /// A record with something to say of it, in the order of the input.
    Record(&'e RecordReport),
    /// Something to say of the run as a whole; once, when all records have been checked.
    Run(&'e RunReport),
    /// So many records have been checked.
    Checked(u64),
    /// So many records of those to be printed have been printed.
    Printed {
        /// Printed so far.
        done: u64,
        /// To be printed.
        all: u64,
    },
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

    fn count(&mut self, status: Status) {
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

/// Why a run ended before its end.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The input cannot be read.
    #[error("{0}")]
    Read(#[from] ReadError),
    /// The input was another one at the second reading.
    #[error("the input changed while it was read; run again when nobody writes to it")]
    InputChanged,
    /// The shared part of the PDF cannot be made.
    #[error("{0}")]
    Shell(#[from] ShellError),
    /// The PDF cannot be written.
    #[error("{0}")]
    Stamp(#[from] StampError),
    /// A page cannot be encoded.
    #[error("{0}")]
    Page(#[from] crate::pdf::content::EncodeError),
    /// The run was ended from outside.
    #[error("stopped before the end; nothing was written")]
    Cancelled,
}

impl From<std::io::Error> for RenderError {
    fn from(error: std::io::Error) -> RenderError {
        RenderError::Read(ReadError::Io(error))
    }
}

/// What the first pass found out.
#[derive(Debug)]
pub struct Survey {
    /// The counts.
    pub summary: Summary,
    usage: Usage,
    repeated: BTreeSet<u64>,
    hash: [u8; 32],
}

impl Survey {
    /// Whether the record in this row is left out because an earlier one has its `record_id`.
    pub fn is_repeated(&self, row: u64) -> bool {
        self.repeated.contains(&row)
    }
}

/// One worker's tools.
struct Bench {
    record: Record,
    work: Work,
    usage: Usage,
    scratch: Scratch,
}

/// What a worker says of a record in the first pass.
struct Checked {
    row: u64,
    id: Option<String>,
    status: Status,
    report: Option<RecordReport>,
    unknown: Vec<String>,
}

impl Engine {
    /// Prints every record of `input` that may be printed into `sink`, in order.
    ///
    /// Two passes: the first checks all records and collects what they use, the second prints. Nothing
    /// is written before every record has been checked, and nothing at all when no record is printed or,
    /// with [`Options::strict`], when one is rejected or held. Memory does not grow with the number of
    /// records but for 8 bytes each for the places of its page, and 16 for its `record_id`.
    ///
    /// # Errors
    /// When reading or writing fails. What `sink` has then is no PDF. Records that are not printed are no
    /// error: `observe` hears of them, and the summary counts them.
    pub fn render(
        &self,
        input: &Input,
        sink: impl Write,
        options: &Options<'_>,
        observe: &mut dyn FnMut(Event<'_>),
    ) -> Result<Summary, RenderError> {
        let survey = self.survey(input, options, observe)?;
        self.print(input, &survey, sink, options, observe)
    }

    /// The first pass: checks every record as if it were printed, and writes nothing.
    ///
    /// # Errors
    /// When reading fails.
    pub fn survey(
        &self,
        input: &Input,
        options: &Options<'_>,
        observe: &mut dyn FnMut(Event<'_>),
    ) -> Result<Survey, RenderError> {
        let hash = Hash::default();
        let (mut reader, layout) = self.reader(input, &hash, options)?;
        layout.unknown().for_each(|name| observe(Event::UnknownColumn(name)));
        let mut ids = SeenIds::default();
        let mut named: BTreeSet<String> = BTreeSet::new();
        let mut summary = Summary::default();
        let mut repeated = BTreeSet::new();
        let benches = pipeline::run(
            options.threads,
            move |raw| reader.next(raw).map_err(RenderError::from),
            || self.bench(),
            |bench, raw| self.examine(bench, raw, &layout),
            |mut checked: Checked| {
                stop_if(options.cancel)?;
                for name in checked.unknown.drain(..) {
                    if !named.contains(&name) {
                        observe(Event::UnknownColumn(&name));
                        named.insert(name);
                    }
                }
                if checked.id.as_deref().is_some_and(|id| !ids.insert(id)) && checked.status != Status::Rejected {
                    repeated.insert(checked.row);
                    checked.status = Status::Rejected;
                    checked.report = Some(repeated_id(&checked));
                }
                summary.count(checked.status);
                if let Some(report) = &checked.report {
                    observe(Event::Record(report));
                }
                observe(Event::Checked(summary.records));
                Ok::<(), RenderError>(())
            },
        )?;
        let mut usage = Usage::new();
        benches.into_iter().for_each(|bench| usage.merge(bench.usage));
        if self.used(&usage).any(|served| served.old_title) {
            let finding = Finding::plain(OLD_TITLE.code, OLD_TITLE.meaning, OLD_TITLE_HINT);
            observe(Event::Run(&RunReport::new(finding)));
        }
        Ok(Survey { summary, usage, repeated, hash: hash.value() })
    }

    /// The second pass: prints what the first one let through.
    ///
    /// # Errors
    /// When reading or writing fails, or the input is not the one that was surveyed.
    #[expect(clippy::too_many_arguments, reason = "what `render` takes, and the survey")]
    pub fn print(
        &self,
        input: &Input,
        survey: &Survey,
        sink: impl Write,
        options: &Options<'_>,
        observe: &mut dyn FnMut(Event<'_>),
    ) -> Result<Summary, RenderError> {
        let mut summary = survey.summary.clone();
        if summary.printed == 0 || (options.strict && !summary.is_clean()) {
            summary.printed = 0;
            return Ok(summary);
        }
        let plates: Vec<_> = self.art.plates().collect();
        let encoder = self.encoder(&plates, options.compression)?;
        let shell = self.shell(&encoder, &survey.usage)?;
        let hash = Hash::default();
        let (mut reader, layout) = self.reader(input, &hash, options)?;
        let mut stamper = Stamper::new(sink, &shell)?;
        let (mut done, all) = (0, summary.printed);
        pipeline::run(
            options.threads,
            move |raw| reader.next(raw).map_err(RenderError::from),
            || self.bench(),
            |bench, raw| self.encode(bench, raw, &layout, (survey, &encoder)),
            |pages: Result<Option<Vec<EncodedPage>>, RenderError>| {
                stop_if(options.cancel)?;
                if let Some(pages) = pages? {
                    done += 1;
                    pages.iter().try_for_each(|page| stamper.page(page))?;
                    observe(Event::Printed { done, all });
                }
                Ok(())
            },
        )?;
        if done != all || hash.value() != survey.hash {
            return Err(RenderError::InputChanged);
        }
        summary.pages = stamper.pages();
        stamper.finish()?;
        Ok(summary)
    }

    /// Makes the PDF of one record. Nothing is read from disk again, and artwork that an earlier call made is
    /// used again.
    ///
    /// # Errors
    /// Why the record is not printed, or why the PDF cannot be made.
    pub fn pdf(&self, record: &Record) -> Result<Vec<u8>, OneError> {
        self.pdf_with_pages(record).map(|(pdf, _)| pdf)
    }

    /// The same, with the number of its pages.
    ///
    /// # Errors
    /// As [`Engine::pdf`].
    pub fn pdf_with_pages(&self, record: &Record) -> Result<(Vec<u8>, u64), OneError> {
        let mut work = Work::default();
        self.compose(record, &mut work)?;
        let mut usage = Usage::new();
        work.sheet.sides.iter().for_each(|side| usage.add_side(side));
        let plates: Vec<_> = self.art.plates().collect();
        let encoder = self.encoder(&plates, Compression::Fast).map_err(RenderError::from)?;
        let shell = self.shell(&encoder, &usage).map_err(RenderError::from)?;
        let mut stamper = Stamper::new(Vec::new(), &shell).map_err(RenderError::from)?;
        let mut scratch = Scratch::default();
        for side in &work.sheet.sides {
            let page = encoder.encode(side, &mut scratch).map_err(RenderError::from)?;
            stamper.page(&page).map_err(RenderError::from)?;
        }
        let pages = stamper.pages();
        Ok((stamper.finish().map_err(RenderError::from)?, pages))
    }

    /// Goes through the records one after another, as `decide` and others need them.
    ///
    /// # Errors
    /// When reading fails, or what `visit` returns.
    pub fn visit<E: From<RenderError>>(
        &self,
        input: &Input,
        options: &Options<'_>,
        mut visit: impl FnMut(Result<&Record, RecordReport>) -> Result<(), E>,
    ) -> Result<(), E> {
        let hash = Hash::default();
        let (mut reader, layout) = self.reader(input, &hash, options)?;
        let mut record = Record::new(&self.pack.fields);
        let mut raw = RawRecord::default();
        while reader.next(&mut raw).map_err(RenderError::from)? {
            stop_if(options.cancel)?;
            match self.read(&raw, &layout, &mut record, &mut Vec::new()) {
                Ok(_) => visit(Ok(&record))?,
                Err(report) => visit(Err(report))?,
            }
        }
        Ok(())
    }

    fn bench(&self) -> Bench {
        let record = Record::new(&self.pack.fields);
        Bench { record, work: Work::default(), usage: Usage::new(), scratch: Scratch::default() }
    }

    fn reader(
        &self,
        input: &Input,
        hash: &Hash,
        options: &Options<'_>,
    ) -> Result<(Reader<impl std::io::Read + Send + use<>>, Layout), RenderError> {
        let reader = Reader::open(hash.over(input.open()?), options.format, options.encoding, &self.intake)?;
        let layout = reader.layout().clone();
        Ok((reader, layout))
    }

    fn encoder<'a>(&'a self, plates: &'a [&'a Plate], compression: Compression) -> Result<Encoder<'a>, ShellError> {
        Encoder::new(Kit { faces: self.art.setter.faces(), plates, pictures: &self.pictures, compression })
    }

    fn shell(&self, encoder: &Encoder<'_>, usage: &Usage) -> Result<Shell, ShellError> {
        let metadata = Metadata { title: self.title(usage), language: "ja-JP".to_owned(), date: None };
        self.shelf.shell(&Plan { encoder, usage, metadata: &metadata })
    }

    /// The titles of the papers that are used, each once.
    fn title(&self, usage: &Usage) -> String {
        let mut titles: Vec<&str> = Vec::new();
        for title in self.used(usage).filter_map(|served| served.title.as_deref()) {
            if !titles.contains(&title) {
                titles.push(title);
            }
        }
        titles.join("・")
    }

    /// What served the papers that are used.
    fn used(&self, usage: &Usage) -> impl Iterator<Item = &Served> {
        let used: BTreeSet<u16> = usage.plates().map(|plate| plate.template).collect();
        self.served.iter().filter(move |served| served.boards.iter().any(|board| used.contains(board)))
    }

    fn examine(&self, bench: &mut Bench, raw: &RawRecord, layout: &Layout) -> Checked {
        let mut unknown = Vec::new();
        let outcome = match self.read(raw, layout, &mut bench.record, &mut unknown) {
            Ok(warned) => self.compose(&bench.record, &mut bench.work).map(|said| join(warned, said)),
            Err(report) => Err(report),
        };
        match outcome {
            Ok(report) => {
                let id = bench.record.id().map(str::to_owned);
                bench.work.sheet.sides.iter().for_each(|side| bench.usage.add_side(side));
                let status = report.as_ref().map_or(Status::Printed, |report| report.status);
                Checked { row: raw.row, id, status, report, unknown }
            }
            // A record that was refused at reading has no values any more; its report has the id.
            Err(report) => {
                let id = report.record_id.clone();
                Checked { row: raw.row, id, status: report.status, report: Some(report), unknown }
            }
        }
    }

    fn encode(
        &self,
        bench: &mut Bench,
        raw: &RawRecord,
        layout: &Layout,
        (survey, encoder): (&Survey, &Encoder<'_>),
    ) -> Result<Option<Vec<EncodedPage>>, RenderError> {
        let read = self.read(raw, layout, &mut bench.record, &mut Vec::new());
        if survey.repeated.contains(&raw.row) || read.is_err() {
            return Ok(None);
        }
        if self.compose(&bench.record, &mut bench.work).is_err() {
            return Ok(None);
        }
        let sides = bench.work.sheet.sides.iter();
        Ok(Some(sides.map(|side| encoder.encode(side, &mut bench.scratch)).collect::<Result<_, _>>()?))
    }
}

/// Why one record has no PDF.
#[derive(Debug, thiserror::Error)]
pub enum OneError {
    /// It is not printed: lawfully, because a person must decide, or because something is wrong.
    #[error("{0}")]
    NotPrinted(Box<RecordReport>),
    /// The PDF cannot be made.
    #[error("{0}")]
    Render(#[from] RenderError),
}

impl From<RecordReport> for OneError {
    fn from(report: RecordReport) -> OneError {
        OneError::NotPrinted(Box::new(report))
    }
}

fn stop_if(cancel: Option<&AtomicBool>) -> Result<(), RenderError> {
    match cancel {
        Some(flag) if flag.load(Ordering::Relaxed) => Err(RenderError::Cancelled),
        Some(_) | None => Ok(()),
    }
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

fn repeated_id(checked: &Checked) -> RecordReport {
    let mut report = RecordReport::new(checked.row, checked.id.as_deref(), Status::Rejected);
    let mut finding = Finding::plain(
        "REPEATED_RECORD_ID",
        "レコードID (record_id): an earlier record of the input has the same one",
        "each record needs its own; if the person stands there twice, take one record out",
    );
    finding.field = Some("record_id".to_owned());
    report.add(finding);
    report
}
