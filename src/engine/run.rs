//! A run: all records of an input, each composed once; when all have been checked they are printed, in one PDF.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::compose::galley::Galley;
use crate::engine::check::OLD_TITLE_HINT;
use crate::engine::codes::OLD_TITLE;
use crate::engine::examine::Checked;
use crate::engine::input::{Hash, Input};
use crate::engine::pipeline;
use crate::engine::report::{Finding, RecordReport, RunReport, Summary};
use crate::engine::spool::{Entry, Kept, Spool, SpoolWriter};
use crate::engine::{Engine, Served, Work};
use crate::pdf::encoder::{Encoder, Kit};
use crate::pdf::metadata::Metadata;
use crate::pdf::page::Scratch;
use crate::pdf::shell::{Compression, Plan, Shell, ShellError};
use crate::pdf::stamp::{StampError, Stamper};
use crate::pdf::usage::Usage;
use crate::record::Record;
use crate::record::columns::Layout;
use crate::record::encoding::Encoding;
use crate::record::raw::RawRecord;
use crate::record::reader::{Format, ReadError, Reader};
use crate::record::seen::SeenIds;
use crate::sheet::Side;

/// How a run goes.
#[derive(Clone, Copy, Debug)]
pub struct Options<'o> {
    /// How the records are written down.
    pub format: Format,
    /// In which encoding.
    pub encoding: Encoding,
    /// Threads that read, compose and deflate, beside the caller's, which writes; with one, the caller's does it all. The
    /// bytes of the PDF do not depend on it. *Default*: 1.
    pub threads: usize,
    /// Write nothing if any record is rejected or held. *Default*: no.
    pub strict: bool,
    /// How pages are packed. *Default*: [`Compression::Fast`].
    pub compression: Compression,
    /// The first record, counted from 1 as it stands in the input. *Default*: 1.
    pub from: u64,
    /// The most records; those behind are not looked at. *Default*: all.
    pub limit: Option<u64>,
    /// Keep the sides that a job adds to open for it. *Default*: no; such additions are left out.
    pub drafts: bool,
    /// Only records whose `record_id` has one of these [digests](crate::record::seen::digest); the others are read
    /// and passed over. *Default*: all.
    pub only: Option<&'o BTreeSet<u128>>,
    /// Hashes the input while it is read, to its end. *Default*: not.
    pub hash: Option<&'o Hash>,
    /// The folder whose disk holds composed pages until all records are checked, in a private file without a
    /// name. *Default*: where the system keeps temporary files.
    pub scratch: Option<&'o Path>,
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
            from: 1,
            limit: None,
            drafts: false,
            only: None,
            hash: None,
            scratch: None,
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

/// Why a run ended before its end.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The input cannot be read.
    #[error("{0}")]
    Read(#[from] ReadError),
    /// The input was another one at the second reading.
    #[error("the input changed while it was read; run again when nobody writes to it")]
    InputChanged,
    /// The private file in which composed pages wait cannot be written or read.
    #[error("the file that holds the pages until all records are checked failed: {0}")]
    Spool(std::io::Error),
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

/// What was found out of all records.
#[derive(Debug)]
pub struct Survey {
    /// The counts.
    pub summary: Summary,
    repeated: BTreeSet<u64>,
}

impl Survey {
    /// Whether the record in this row is left out because an earlier one has its `record_id`.
    pub fn is_repeated(&self, row: u64) -> bool {
        self.repeated.contains(&row)
    }
}

/// What hears of the records that a spool keeps: where each starts, and what it is.
pub type Keep<'k> = dyn FnMut(u64, &Entry) + 'k;

impl Engine {
    /// Prints every record of `input` that may be printed into `sink`, in order.
    ///
    /// Each record is composed once; nothing is written to `sink` before every record has been checked, and
    /// nothing at all when no record is printed or, with [`Options::strict`], when one is rejected or held. The
    /// pages wait in a private file. Memory does not grow with the number of records but for 8 bytes each for the
    /// places of its page, and about 18 for its `record_id`.
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
        let encoder = self.encoder(options.compression)?;
        let spool = self.spool(input, (options, &encoder), &mut |_, _| {}, observe)?;
        self.print(&spool, sink, (options, &encoder), observe)
    }

    /// Checks every record as if it were printed, and writes nothing.
    ///
    /// # Errors
    /// When reading fails.
    pub fn survey(
        &self,
        input: &Input,
        options: &Options<'_>,
        observe: &mut dyn FnMut(Event<'_>),
    ) -> Result<Survey, RenderError> {
        let mut repeated = BTreeSet::new();
        let mut hear = |checked: Checked| {
            if checked.repeated {
                repeated.insert(checked.row);
            }
            Ok(())
        };
        let (summary, _) = self.examine_all(input, (options, None), &mut hear, observe)?;
        Ok(Survey { summary, repeated })
    }

    /// Checks every record, and keeps the pages of those that may be printed; `keep` hears of each of them in the
    /// order of the input.
    ///
    /// # Errors
    /// When reading fails, or the private file that keeps the pages.
    pub fn spool(
        &self,
        input: &Input,
        (options, encoder): (&Options<'_>, &Encoder<'_>),
        keep: &mut Keep<'_>,
        observe: &mut dyn FnMut(Event<'_>),
    ) -> Result<Spool, RenderError> {
        let mut writer = SpoolWriter::new(options.scratch);
        let mut hear = |checked: Checked| {
            if let Some((entry, bytes)) = &checked.kept {
                let place = writer.add(bytes).map_err(RenderError::Spool)?;
                keep(place, entry);
            }
            Ok(())
        };
        let (summary, mut usage) = self.examine_all(input, (options, Some(encoder)), &mut hear, observe)?;
        if options.drafts {
            // Of every board: one without fixed art leaves no trace of itself in the usage.
            let mut galley = Galley::default();
            for board in 0..self.art.boards.len() as u16 {
                self.art.imprint_samples(board, &mut galley, |side| usage.add_side(side));
            }
        }
        writer.finish(summary, usage).map_err(RenderError::Spool)
    }

    /// Checks all records in order; with an encoder it encodes their pages, too.
    fn examine_all(
        &self,
        input: &Input,
        (options, encoder): (&Options<'_>, Option<&Encoder<'_>>),
        hear: &mut dyn FnMut(Checked) -> Result<(), RenderError>,
        observe: &mut dyn FnMut(Event<'_>),
    ) -> Result<(Summary, Usage), RenderError> {
        let (reader, layout) = self.reader(input, options)?;
        layout.unknown().for_each(|name| observe(Event::UnknownColumn(name)));
        let mut ids = SeenIds::default();
        let mut named: BTreeSet<String> = BTreeSet::new();
        let mut summary = Summary::default();
        let benches = pipeline::run(
            options.threads,
            stretch(reader, options),
            || self.bench(),
            |bench, raw| self.examine(bench, raw, &layout, (options, encoder)),
            |checked: Result<Checked, RenderError>| {
                stop_if(options.cancel)?;
                let mut checked = checked?;
                for name in checked.unknown.drain(..) {
                    if !named.contains(&name) {
                        observe(Event::UnknownColumn(&name));
                        named.insert(name);
                    }
                }
                if checked.digest.is_some_and(|id| !ids.insert(id)) {
                    checked.repeat();
                }
                summary.count(checked.status);
                if let Some(report) = &checked.report {
                    observe(Event::Record(report));
                }
                observe(Event::Checked(summary.records));
                hear(checked)
            },
        )?;
        let mut usage = Usage::new();
        benches.into_iter().for_each(|bench| usage.merge(bench.usage));
        if self.used(&usage).any(|served| served.old_title) {
            let finding = Finding::plain(OLD_TITLE.code, OLD_TITLE.meaning, OLD_TITLE_HINT);
            observe(Event::Run(&RunReport::new(finding)));
        }
        Ok((summary, usage))
    }

    /// Prints what was kept, in the order of the input.
    ///
    /// # Errors
    /// When writing fails, or the private file that keeps the pages.
    pub fn print(
        &self,
        spool: &Spool,
        sink: impl Write,
        (options, encoder): (&Options<'_>, &Encoder<'_>),
        observe: &mut dyn FnMut(Event<'_>),
    ) -> Result<Summary, RenderError> {
        let mut summary = spool.summary.clone();
        if summary.printed == 0 || (options.strict && !summary.is_clean()) {
            summary.printed = 0;
            return Ok(summary);
        }
        let shell = self.shell_of(spool, encoder)?;
        let mut stamper = Stamper::new(sink, &shell)?;
        let (mut reader, mut scratch) = (spool.reader(), Scratch::default());
        let (mut entry, mut pages, mut place) = (Entry::default(), Vec::new(), 0);
        for done in 1..=summary.printed {
            stop_if(options.cancel)?;
            let body = reader.entry(place, &mut entry).map_err(RenderError::Spool)?;
            reader.pages(body, encoder, &mut pages).map_err(RenderError::Spool)?;
            for side in &pages {
                match side {
                    Kept::Page(page) => stamper.page(page)?,
                    Kept::Draft(draft) => stamper.page(&encoder.complete(draft, &Side::default(), &mut scratch)?)?,
                }
            }
            place = body.next();
            observe(Event::Printed { done, all: summary.printed });
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
        self.pdf_packed(record, Compression::Fast).map(|(pdf, _)| pdf)
    }

    /// The same packed as asked, with the number of its pages.
    ///
    /// # Errors
    /// As [`Engine::pdf`].
    pub fn pdf_packed(&self, record: &Record, compression: Compression) -> Result<(Vec<u8>, u64), OneError> {
        let mut work = Work::default();
        self.compose(record, &mut work)?;
        let mut usage = Usage::new();
        work.sheet.sides.iter().for_each(|side| usage.add_side(side));
        let encoder = self.encoder(compression).map_err(RenderError::from)?;
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
        let (reader, layout) = self.reader(input, options)?;
        let mut next = stretch(reader, options);
        let mut record = Record::new(&self.pack.fields);
        let mut raw = RawRecord::default();
        while next(&mut raw)? {
            stop_if(options.cancel)?;
            match self.read(&raw, &layout, &mut record, &mut Vec::new()) {
                Ok(_) => visit(Ok(&record))?,
                Err(report) => visit(Err(report))?,
            }
        }
        Ok(())
    }

    fn reader(
        &self,
        input: &Input,
        options: &Options<'_>,
    ) -> Result<(Reader<Box<dyn std::io::Read + Send>>, Layout), RenderError> {
        let bytes = match options.hash {
            Some(hash) => Box::new(hash.over(input.open()?)),
            None => input.open()?,
        };
        let reader = Reader::open(bytes, options.format, options.encoding, &self.intake)?;
        let layout = reader.layout().clone();
        Ok((reader, layout))
    }

    /// What encodes the pages of this pack.
    ///
    /// # Errors
    /// When the pack's artwork is at odds with itself.
    pub fn encoder(&self, compression: Compression) -> Result<Encoder<'_>, ShellError> {
        let kit = Kit { faces: self.art.setter.faces(), pictures: &self.pictures, compression };
        Encoder::new(kit, self.art.plates())
    }

    /// What all files of a run share.
    ///
    /// # Errors
    /// When the fonts cannot be cut down, or the artwork cannot be drawn.
    pub fn shell_of(&self, spool: &Spool, encoder: &Encoder<'_>) -> Result<Shell, ShellError> {
        self.shell(encoder, &spool.usage)
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
}

/// The records that the options ask for.
fn stretch<R: std::io::Read>(
    mut reader: Reader<R>,
    options: &Options<'_>,
) -> impl FnMut(&mut RawRecord) -> Result<bool, RenderError> + use<R> {
    let (from, mut left) = (options.from, options.limit.unwrap_or(u64::MAX));
    let to_the_end = options.hash.is_some();
    move |raw| {
        if left == 0 {
            if to_the_end {
                reader.drain()?;
            }
            return Ok(false);
        }
        while reader.next(raw)? {
            if raw.row >= from {
                left -= 1;
                return Ok(true);
            }
        }
        Ok(false)
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
