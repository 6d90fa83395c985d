//! Making a job: from records to a folder that is handed over.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::base::length::Length;
use crate::engine::spool::{Entry, Spool};
use crate::engine::{Engine, Event, Hash, Input, Options, RecordReport, RenderError, Status, hexadecimal};
use crate::job::audit::{self, Act};
use crate::job::error::JobError;
use crate::job::folder::{self, Ground, Workplace};
use crate::job::lists::{self, Districts, List, Unprinted};
use crate::job::order::{Ordered, Sorter};
use crate::job::output::OutputFile;
use crate::job::part::{Press, Summing, Turn};
use crate::job::plan::{self, Limits, Part};
use crate::job::proof::Selection;
use crate::job::ticket::{self, Asked, Counts, Origin, PartRecord, Product, Specimen, Ticket};
use crate::pdf::encoder::Encoder;

/// The proof.
pub(super) const PROOF: &str = "proof.pdf";
/// The sums over everything else but the log.
pub(super) const SUMS: &str = "SHA256SUMS";
/// What an unfinished job was made from; goes when it is finished.
const ORIGIN: &str = ".origin.json";
/// The parts that an unfinished job has; goes when it is finished.
const JOURNAL: &str = ".parts.jsonl";

/// What a job is to be.
#[derive(Clone, Debug)]
pub struct Request<'r> {
    /// The folder, which must not exist yet.
    pub out: &'r Path,
    /// How the records are read and the pages are made.
    pub options: Options<'r>,
    /// Go on with what a stopped run left; a finished job is left as it is. *Default*: no.
    pub resume: bool,
    /// How it is asked for, as its ticket tells.
    pub asked: Asked,
    /// The time for the log, in UTC: `2026-04-01T09:30:00Z`.
    pub at: &'r str,
    /// Who makes it, for the log.
    pub by: Option<&'r str>,
}

/// What a job tells while it is made.
#[derive(Debug)]
pub enum Step<'e> {
    /// As a run does.
    Run(Event<'e>),
    /// A part is on disk.
    Part {
        /// Its file.
        file: &'e str,
        /// Its number, from 1.
        number: usize,
        /// The number of parts.
        of: usize,
        /// Whether an earlier run had written it.
        kept: bool,
    },
}

/// How a job ended.
#[derive(Debug)]
pub enum Outcome {
    /// It is there.
    Made(Box<Ticket>),
    /// It had been there already.
    Finished(Box<Ticket>),
    /// Nothing was to be printed, or a record was refused and the options are strict: no folder is left.
    Nothing(Counts),
}

/// Makes a job.
///
/// # Errors
/// When reading or writing fails, or the folder cannot be used. What was written until then stays in a folder whose
/// name ends in `.unfinished`, and [`Request::resume`] goes on with it.
pub fn run(
    engine: &Engine,
    input: &Input,
    request: &Request<'_>,
    observe: &mut dyn FnMut(Step<'_>),
) -> Result<Outcome, JobError> {
    let place = match Workplace::open(request.out, request.resume)? {
        Ground::Finished => return Ok(Outcome::Finished(Box::new(ticket::read(request.out)?))),
        Ground::Open(place) => place,
    };
    match fill(engine, input, (request, &place), observe) {
        Ok(Ok(ticket)) => place.finish().map(|()| Outcome::Made(Box::new(ticket))),
        Ok(Err(counts)) => {
            place.discard()?;
            Ok(Outcome::Nothing(counts))
        }
        Err(error) => {
            // Where nothing is worth to be gone on with, nothing stands in the way of the next try.
            if folder::text(&place.path().join(ORIGIN)).is_ok_and(|origin| origin.is_none()) {
                place.discard()?;
            }
            Err(error)
        }
    }
}

/// Fills the folder of a job; the counts alone where there is nothing to make.
fn fill(
    engine: &Engine,
    input: &Input,
    (request, place): (&Request<'_>, &Workplace),
    observe: &mut dyn FnMut(Step<'_>),
) -> Result<Result<Ticket, Counts>, JobError> {
    let hash = Hash::default();
    let options = Options { scratch: Some(place.path()), hash: Some(&hash), drafts: true, ..request.options };
    let encoder = engine.encoder(options.compression)?;
    let unprinted = Unprinted::begin(place.path())?;
    let gathered = gather(engine, input, (request, &options, &encoder), Some(unprinted), observe)?;
    let Gathered { spool, ordered, counts, unprinted } = gathered;
    if ordered.places().is_empty() || (options.strict && counts.held + counts.rejected > 0) {
        return Ok(Err(counts));
    }
    unprinted.map_or(Ok(()), Unprinted::finish)?;
    let origin = origin(engine, request.asked.clone(), &engine.pack().folder, hexadecimal(&hash.value()))?;
    let job = origin.job().map_err(io::Error::from)?;
    let shell = engine.shell_of(&spool, &encoder)?;
    let threads = options.threads;
    let press = Press { engine, encoder: &encoder, shell: &shell, spool: &spool, job: &job, threads };
    let limits = Limits { sheets: request.asked.part_sheets, bytes: request.asked.part_bytes };
    let parts = plan::plan(&spool, &ordered, limits).map_err(JobError::spool)?;
    let ticket = Ticket { job: job.clone(), origin, papers: Vec::new(), counts, parts: Vec::new(), proof: Vec::new() };
    let districts = Districts::default();
    let mut make = Make { request, place, ordered: &ordered, parts, press, ticket, districts };
    make.all(observe)?;
    Ok(Ok(make.ticket))
}

/// The counts of a job that would be made; nothing is written.
///
/// # Errors
/// When reading fails.
pub fn rehearse(
    engine: &Engine,
    input: &Input,
    request: &Request<'_>,
    observe: &mut dyn FnMut(Step<'_>),
) -> Result<Counts, JobError> {
    let encoder = engine.encoder(request.options.compression)?;
    gather(engine, input, (request, &request.options, &encoder), None, observe).map(|gathered| gathered.counts)
}

/// A run that was composed and put in order.
struct Gathered {
    spool: Spool,
    ordered: Ordered,
    counts: Counts,
    unprinted: Option<Unprinted>,
}

/// What hears of records while they are composed.
struct Ear {
    sorter: Sorter,
    /// Size and medium of each paper that no machine prints in one run with the others.
    stocks: Vec<(String, bool)>,
    pulled: u64,
    unprinted: Option<Unprinted>,
    failed: Option<io::Error>,
}

/// Composes all records, and puts the sheets in order.
fn gather(
    engine: &Engine,
    input: &Input,
    (request, options, encoder): (&Request<'_>, &Options<'_>, &Encoder<'_>),
    unprinted: Option<Unprinted>,
    observe: &mut dyn FnMut(Step<'_>),
) -> Result<Gathered, JobError> {
    let sorter = Sorter::new(request.asked.order);
    let ear = RefCell::new(Ear { sorter, stocks: Vec::new(), pulled: 0, unprinted, failed: None });
    let spool = engine.spool(
        input,
        (options, encoder),
        &mut |entry, sheet| ear.borrow_mut().sheet(engine, entry, sheet),
        &mut |event| {
            if let Event::Record(report) = &event {
                ear.borrow_mut().report(report);
            }
            observe(Step::Run(event));
        },
    )?;
    let Ear { sorter, pulled, mut unprinted, failed, .. } = ear.into_inner();
    failed.map_or(Ok(()), Err)?;
    let mut counts = Counts::of(&spool.summary, pulled);
    let mut ordered = sorter.finish();
    if request.asked.hold_incomplete_groups {
        let (mut reader, mut entry) = (spool.reader(), Entry::default());
        for place in ordered.hold_incomplete() {
            reader.entry(place.entry, &mut entry).map_err(JobError::spool)?;
            counts.hold(&entry);
            unprinted.as_mut().map_or(Ok(()), |lists| lists.hold(&entry))?;
        }
    }
    Ok(Gathered { spool, ordered, counts, unprinted })
}

impl Ear {
    fn sheet(&mut self, engine: &Engine, entry: u64, sheet: &Entry) {
        let paper = engine.paper(sheet.paper);
        let (stock, plastic) =
            paper.map_or(("", false), |paper| (paper.sheet.as_str(), paper.medium.as_deref() == Some("plastic")));
        let known = self.stocks.iter().position(|known| known.0 == stock && known.1 == plastic);
        let number = known.unwrap_or_else(|| {
            self.stocks.push((stock.to_owned(), plastic));
            self.stocks.len() - 1
        });
        self.pulled += u64::from(sheet.pulled);
        self.sorter.add(entry, sheet, number as u8);
    }

    fn report(&mut self, report: &RecordReport) {
        match report.status {
            Status::Rejected | Status::Held => report.group().into_iter().for_each(|group| self.sorter.lacks(group)),
            Status::None | Status::Printed | Status::Fitted | Status::Warned => {}
        }
        if let Some(Err(error)) = self.unprinted.as_mut().map(|lists| lists.hear(report)) {
            self.failed.get_or_insert(error);
        }
    }
}

/// What the job is made from.
pub(super) fn origin(engine: &Engine, asked: Asked, path: &Path, input: String) -> io::Result<Origin> {
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(Origin {
        program: concat!("shikaku ", env!("CARGO_PKG_VERSION")).to_owned(),
        pack: engine.pack().name.clone(),
        pack_path: if path.is_absolute() { name(path) } else { path.display().to_string().replace('\\', "/") },
        pack_sha256: engine.pack_digest()?,
        fonts_sha256: engine.font_digests()?,
        input_sha256: input,
        options: asked,
    })
}

/// A job under way.
struct Make<'m> {
    place: &'m Workplace,
    ordered: &'m Ordered,
    parts: Vec<Part>,
    press: Press<'m>,
    ticket: Ticket,
    districts: Districts,
    request: &'m Request<'m>,
}

impl Make<'_> {
    /// Everything, in the order in which it must be on disk.
    fn all(&mut self, observe: &mut dyn FnMut(Step<'_>)) -> Result<(), JobError> {
        let done = self.begin()?;
        let selection = self.manifest()?;
        self.print(&done, observe)?;
        self.proof(selection)?;
        let ticket = serde_json::to_string_pretty(&self.ticket).map_err(io::Error::from)? + "\n";
        self.write(ticket::FILE, ticket.as_bytes())?;
        self.place.remove(ORIGIN)?;
        self.place.remove(JOURNAL)?;
        self.place.remove(audit::FILE)?;
        let mut sums = String::new();
        for file in folder::files(self.place.path())?.iter().filter(|file| !file.starts_with('.') && *file != SUMS) {
            let (sum, _) =
                folder::sum(&self.place.path().join(file))?.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
            sums += &format!("{sum}  {file}\n");
        }
        self.write(SUMS, sums.as_bytes())?;
        let Counts { printed, pulled, pages, .. } = self.ticket.counts;
        let act = Act {
            action: "generated".to_owned(),
            at: self.request.at.to_owned(),
            by: self.request.by.map(str::to_owned),
            why: None,
            seq: None,
            sheets: printed + pulled,
            pages,
            sha256: None,
        };
        Ok(audit::begin(self.place.path(), ticket.as_bytes(), &act)?)
    }

    /// Compares with what an earlier run left, and gives its parts.
    fn begin(&self) -> Result<Vec<PartRecord>, JobError> {
        let path = self.place.path();
        let here = &self.ticket.origin;
        if let Some(text) = folder::text(&path.join(ORIGIN))? {
            let before: Origin = serde_json::from_str(&text).map_err(|_| JobError::NoJob)?;
            let differences = before.differences(here);
            if !differences.is_empty() {
                return Err(JobError::Other(differences));
            }
        } else {
            self.write(ORIGIN, serde_json::to_string(here).map_err(io::Error::from)?.as_bytes())?;
        }
        // A line that was cut off stands for a part that is written again.
        let journal = folder::text(&path.join(JOURNAL))?.unwrap_or_default();
        Ok(journal.lines().filter_map(|line| serde_json::from_str(line).ok()).collect())
    }

    /// Writes the manifest, counts papers and districts, and finds the sheets for the proof.
    fn manifest(&mut self) -> Result<Vec<(usize, Vec<String>)>, JobError> {
        let mut list = List::begin(self.place.path(), lists::MANIFEST, &lists::COLUMNS)?;
        let mut selection = Selection::default();
        let (mut reader, mut entry) = (self.press.spool.reader(), Entry::default());
        let mut papers: BTreeMap<u16, (usize, Product)> = BTreeMap::new();
        for (number, part) in self.parts.iter().enumerate() {
            let file = self.file(number);
            let mut page = 1;
            let sheets = self.ordered.places().iter().enumerate().skip(part.first).take(part.sheets);
            for (index, place) in sheets {
                reader.entry(place.entry, &mut entry).map_err(JobError::spool)?;
                let pages = if part.duplex { entry.pages.max(2) } else { entry.pages };
                let [seq, first_page, count] = [index as u64 + 1, page, u64::from(pages)].map(|it| it.to_string());
                let turn = self.turn(index, part.duplex);
                let code = turn.and_then(|turn| {
                    let imprint = turn.imprint(self.press.job, entry.pages, 0);
                    self.press.engine.control_code((entry.paper, 0), &imprint)
                });
                let line = [
                    seq.as_str(),
                    &file,
                    &first_page,
                    &count,
                    &entry.group,
                    if self.ordered.is_incomplete(place) { "1" } else { "0" },
                    &entry.record_id,
                    &entry.postcode,
                    code.as_deref().unwrap_or(""),
                    if entry.pulled { "pulled" } else { "printed" },
                ];
                list.row(&line)?;
                page += u64::from(pages);
                selection.see(index, &entry);
                self.districts.count(&entry);
                let count = papers.len();
                let (_, product) =
                    papers.entry(entry.paper).or_insert_with(|| (count, product(self.press.engine, entry.paper)));
                product.sheets += 1;
                product.pages += u64::from(entry.pages);
                product.duplex |= entry.pages > 1;
            }
            // Its largest number: found out before the first part is written.
            if let Some(turn) = (part.first + part.sheets).checked_sub(1).and_then(|last| self.turn(last, false)) {
                self.press.try_imprint(turn, &entry)?;
            }
        }
        list.finish()?;
        let mut papers: Vec<(usize, Product)> = papers.into_values().collect();
        papers.sort_by_key(|(order, _)| *order);
        self.ticket.papers = papers.into_iter().map(|(_, product)| product).collect();
        Ok(selection.finish())
    }

    /// Writes every part that an earlier run did not finish.
    fn print(&mut self, done: &[PartRecord], observe: &mut dyn FnMut(Step<'_>)) -> Result<(), JobError> {
        let files: Vec<String> = (0..self.parts.len()).map(|number| self.file(number)).collect();
        self.place.keep_parts(&files)?;
        let all = self.ordered.places().len() as u64;
        let (mut seq, mut printed) = (1, 0);
        for (number, (part, file)) in self.parts.iter().zip(&files).enumerate() {
            let known = done.iter().find(|record| record.file == *file && record.first_seq == seq);
            let record = match known.filter(|record| self.is_whole(record)) {
                Some(record) => record.clone(),
                None => {
                    let mut count = 0;
                    let record = self.part(part, (file, seq), &mut || {
                        count += 1;
                        observe(Step::Run(Event::Printed { done: printed + count, all }));
                    })?;
                    self.place.append(JOURNAL, &serde_json::to_string(&record).map_err(io::Error::from)?)?;
                    record
                }
            };
            observe(Step::Part {
                file,
                number: number + 1,
                of: files.len(),
                kept: known.is_some_and(|it| *it == record),
            });
            (seq, printed) = (seq + record.sheets, printed + record.sheets);
            self.ticket.counts.pages += record.pages;
            self.ticket.counts.blank_backs += part.blanks;
            self.ticket.parts.push(record);
        }
        Ok(())
    }

    /// Whether a part of an earlier run is on disk as its journal says.
    fn is_whole(&self, record: &PartRecord) -> bool {
        let found = folder::sum(&self.place.path().join(&record.file));
        found.is_ok_and(|found| found == Some((record.sha256.clone(), record.bytes)))
    }

    fn part(
        &self,
        part: &Part,
        (file, first_seq): (&str, u64),
        written: &mut dyn FnMut(),
    ) -> Result<PartRecord, JobError> {
        let turns = (part.first..part.first + part.sheets).filter_map(|index| self.turn(index, part.duplex));
        let mut next = || {
            written();
            stop_if(self.request.options.cancel)
        };
        let sink = Summing::new(OutputFile::create(&self.place.path().join(file))?);
        let (sink, pages) = self.press.print(turns, sink, &mut next)?;
        let (out, sha256, bytes) = sink.finish();
        out.finish()?;
        let stock = self.press.engine.paper(part.paper).map_or(String::new(), |paper| paper.sheet.clone());
        let Part { duplex, pulled, sheets, .. } = *part;
        let (file, sheets) = (file.to_owned(), sheets as u64);
        Ok(PartRecord { file, stock, duplex, pulled, first_seq, sheets, pages, bytes, sha256 })
    }

    /// Writes the proof.
    fn proof(&mut self, selection: Vec<(usize, Vec<String>)>) -> Result<(), JobError> {
        let turns: Vec<Turn> = selection.iter().filter_map(|(index, _)| self.turn(*index, false)).collect();
        let (mut reader, mut entry, mut page) = (self.press.spool.reader(), Entry::default(), 1);
        for (turn, (_, why)) in turns.iter().zip(selection) {
            reader.entry(turn.place.entry, &mut entry).map_err(JobError::spool)?;
            self.ticket.proof.push(Specimen { page, seq: turn.seq, why });
            page += u64::from(entry.pages);
        }
        let out = OutputFile::create(&self.place.path().join(PROOF))?;
        let (out, _) = self.press.print(turns.into_iter(), out, &mut || Ok(()))?;
        out.finish()?;
        let text = lists::counts(&self.ticket, &self.districts);
        Ok(self.write(lists::COUNTS, text.as_bytes())?)
    }

    /// The sheet at an index of the order.
    fn turn(&self, index: usize, duplex: bool) -> Option<Turn> {
        let places = self.ordered.places();
        let (place, group_end) = (*places.get(index)?, plan::is_group_end(places, index));
        Some(Turn { place, seq: index as u64 + 1, group_end, duplex })
    }

    /// The file of a part.
    fn file(&self, number: usize) -> String {
        let what = if self.parts.get(number).is_some_and(|part| part.pulled) { "pulled_" } else { "" };
        format!("print/{}_{what}{:04}.pdf", self.press.job, number + 1)
    }

    fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let mut file = OutputFile::create(&self.place.path().join(name))?;
        file.write_all(bytes)?;
        file.finish()
    }
}

fn product(engine: &Engine, number: u16) -> Product {
    let micrometres = |length: Length| length.to_units() / (Length::mm(1).to_units() / 1000);
    let paper = engine.paper(number);
    Product {
        title: paper.and_then(|paper| paper.title.clone()),
        document: paper.map_or("", |paper| paper.document.name()).to_owned(),
        stock: paper.map_or(String::new(), |paper| paper.sheet.clone()),
        medium: paper.and_then(|paper| paper.medium.clone()),
        size_micrometres: paper.map_or([0, 0], |paper| [paper.size.width, paper.size.height].map(micrometres)),
        duplex: false,
        colours: vec!["Black".to_owned()],
        sheets: 0,
        pages: 0,
    }
}

pub(super) fn stop_if(cancel: Option<&AtomicBool>) -> Result<(), JobError> {
    match cancel {
        Some(flag) if flag.load(Ordering::Relaxed) => Err(JobError::Run(RenderError::Cancelled)),
        Some(_) | None => Ok(()),
    }
}
