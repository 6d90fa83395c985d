//! Printing some sheets of a job again, byte for byte.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::engine::{Engine, Hash, Input, Options, RenderError, hexadecimal};
use crate::job::audit::{self, Act};
use crate::job::error::JobError;
use crate::job::order::Place;
use crate::job::output::OutputFile;
use crate::job::part::{Press, Summing, Turn};
use crate::job::run::{origin, stop_if};
use crate::job::ticket::Ticket;
use crate::job::verify::{Line, manifest};
use crate::record::seen::digest;

/// Which sheets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// By their numbers in the job: ranges from 1, both ends included.
    Seq(Vec<(u64, u64)>),
    /// By レコードID.
    Ids(Vec<String>),
}

/// A reprint.
#[derive(Debug)]
pub struct Reprint<'r> {
    /// The folder of the job.
    pub folder: &'r Path,
    /// What [`ticket::read`](crate::job::ticket::read) said of it.
    pub ticket: &'r Ticket,
    /// Which sheets.
    pub wanted: Wanted,
    /// The PDF.
    pub out: &'r Path,
    /// How the records are read; format, encoding, stretch and compression must be those of the ticket.
    pub options: Options<'r>,
    /// The time for the log, in UTC.
    pub at: &'r str,
    /// Who asks for it, for the log.
    pub by: Option<&'r str>,
    /// Why, for the log.
    pub why: Option<&'r str>,
}

/// What a reprint came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reprinted {
    /// Sheets.
    pub sheets: u64,
    /// Pages.
    pub pages: u64,
}

/// A sheet of the manifest that is wanted.
struct Sheet {
    seq: u64,
    duplex: bool,
    group_end: bool,
}

/// Reads `1200-1250,4711`.
///
/// # Errors
/// What is wrong with it.
pub fn ranges(text: &str) -> Result<Vec<(u64, u64)>, String> {
    let range = |part: &str| {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let number = |text: &str| text.trim().parse::<u64>().ok().filter(|number| *number > 0);
        number(first)
            .zip(number(last))
            .filter(|(first, last)| first <= last)
            .ok_or_else(|| format!("`{}` is no range of sheets; write numbers from 1 as 1200-1250,4711", part.trim()))
    };
    text.split(',').map(range).collect()
}

/// Prints sheets of a job again. The content of their pages is that of the job, byte for byte; the reprint is
/// entered in the job's log before the file gets its name.
///
/// # Errors
/// When records, pack, fonts or program are not those of the job, with what changed; when a sheet is not in the job;
/// when reading or writing fails, the log included. No file is left then.
pub fn reprint(engine: &Engine, input: &Input, request: &Reprint<'_>) -> Result<Reprinted, JobError> {
    let ticket = request.ticket;
    // A log that was changed is not written on.
    audit::check(request.folder)?;
    let then = &ticket.origin;
    let now = |input: String| origin(engine, then.options.clone(), Path::new(&then.pack_path), input);
    let differences = then.differences(&now(then.input_sha256.clone())?);
    if !differences.is_empty() {
        return Err(JobError::Changed(differences));
    }
    let sheets = request.sheets()?;
    let only: BTreeSet<u128> = sheets.keys().map(|id| digest(id)).collect();
    let hash = Hash::default();
    let options = Options { hash: Some(&hash), only: Some(&only), drafts: true, ..request.options };
    let encoder = engine.encoder(options.compression)?;
    let mut turns: Vec<Turn> = Vec::with_capacity(sheets.len());
    let spool = engine.spool(
        input,
        (&options, &encoder),
        &mut |entry, kept| {
            if let Some(Sheet { seq, duplex, group_end }) = sheets.get(&kept.record_id) {
                let (seq, duplex, group_end) = (*seq, *duplex, *group_end);
                turns.push(Turn { place: Place::alone(entry), seq, duplex, group_end });
            }
        },
        &mut |_| {},
    )?;
    let differences = then.differences(&now(hexadecimal(&hash.value()))?);
    if !differences.is_empty() {
        return Err(JobError::Changed(differences));
    }
    if turns.len() != sheets.len() {
        return Err(JobError::Run(RenderError::InputChanged));
    }
    turns.sort_by_key(|turn| turn.seq);
    let shell = engine.shell_of(&spool, &encoder)?;
    let threads = options.threads;
    let press = Press { engine, encoder: &encoder, shell: &shell, spool: &spool, job: &ticket.job, threads };
    let seq = listed(&turns);
    let mut next = || stop_if(request.options.cancel);
    let sink = Summing::new(OutputFile::create(request.out)?);
    let (sink, pages) = press.print(turns.into_iter(), sink, &mut next)?;
    let (mut out, sum, _) = sink.finish();
    out.sync()?;
    let done = Reprinted { sheets: sheets.len() as u64, pages };
    let act = Act {
        action: "reprinted".to_owned(),
        at: request.at.to_owned(),
        by: request.by.map(str::to_owned),
        why: request.why.map(str::to_owned),
        seq: Some(seq),
        sheets: done.sheets,
        pages,
        sha256: Some(sum),
    };
    audit::add(request.folder, &act)?;
    out.finish()?;
    Ok(done)
}

impl Reprint<'_> {
    /// The wanted sheets, by レコードID.
    fn sheets(&self) -> Result<BTreeMap<String, Sheet>, JobError> {
        let duplex: BTreeMap<&str, bool> =
            self.ticket.parts.iter().map(|part| (part.file.as_str(), part.duplex)).collect();
        let mut sheets = BTreeMap::new();
        let mut count = 0;
        let mut lines = manifest(self.folder)?.peekable();
        while let Some(line) = lines.next().transpose()? {
            count = line.seq;
            let wanted = match &self.wanted {
                Wanted::Seq(ranges) => ranges.iter().any(|(first, last)| (*first..=*last).contains(&line.seq)),
                Wanted::Ids(ids) => ids.contains(&line.record_id),
            };
            if wanted {
                let goes_on =
                    |next: &Line| !line.group.is_empty() && next.group == line.group && next.part == line.part;
                let group_end = !matches!(lines.peek(), Some(Ok(next)) if goes_on(next));
                let duplex = duplex.get(line.part.as_str()).copied().unwrap_or(false);
                sheets.insert(line.record_id, Sheet { seq: line.seq, duplex, group_end });
            }
        }
        let unknown = match &self.wanted {
            Wanted::Seq(ranges) => {
                let beyond = ranges.iter().filter(|(_, last)| *last > count);
                beyond.map(|(first, last)| range(*first, *last)).collect::<Vec<_>>()
            }
            Wanted::Ids(ids) => ids.iter().filter(|id| !sheets.contains_key(*id)).cloned().collect(),
        };
        match unknown.is_empty() {
            true => Ok(sheets),
            false => Err(JobError::NoSuchSheet(unknown.join(", "), count)),
        }
    }
}

/// Numbers as ranges: `1200-1250,4711`.
fn listed(turns: &[Turn]) -> String {
    let mut ranges: Vec<(u64, u64)> = Vec::new();
    for turn in turns {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == turn.seq => *last = turn.seq,
            Some(_) | None => ranges.push((turn.seq, turn.seq)),
        }
    }
    ranges.into_iter().map(|(first, last)| range(first, last)).collect::<Vec<_>>().join(",")
}

fn range(first: u64, last: u64) -> String {
    if first == last { first.to_string() } else { format!("{first}-{last}") }
}
