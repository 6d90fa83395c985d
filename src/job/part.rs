//! Writing sheets of the spool into one PDF, in any order.

use std::io::{self, Write};

use sha2::{Digest, Sha256};

use crate::compose::galley::Galley;
use crate::engine::spool::{Entry, Kept, Spool};
use crate::engine::{Engine, Imprint, RenderError, hexadecimal, pipeline};
use crate::job::error::JobError;
use crate::job::order::Place;
use crate::pdf::encoder::Encoder;
use crate::pdf::page::{EncodedPage, Scratch};
use crate::pdf::shell::Shell;
use crate::pdf::stamp::Stamper;
use crate::sheet::Side;

/// What writes parts.
pub(super) struct Press<'p> {
    pub(super) engine: &'p Engine,
    pub(super) encoder: &'p Encoder<'p>,
    pub(super) shell: &'p Shell,
    pub(super) spool: &'p Spool,
    /// The number of the job.
    pub(super) job: &'p str,
    pub(super) threads: usize,
}

/// A sheet that is to be written.
#[derive(Clone, Copy, Default)]
pub(super) struct Turn {
    /// Where it lies in the spool.
    pub(super) place: Place,
    /// Its number in the job.
    pub(super) seq: u64,
    /// Whether it is the last one of its envelope.
    pub(super) group_end: bool,
    /// Whether it gets a blank back when it has only a front.
    pub(super) duplex: bool,
}

/// A sheet on its way from the spool to the file.
#[derive(Clone, Default)]
struct Loaded {
    turn: Turn,
    entry: Entry,
    sides: Vec<Kept>,
}

/// One worker's tools.
#[derive(Default)]
struct Bench {
    scratch: Scratch,
    side: Side,
    galley: Galley,
}

impl Press<'_> {
    /// Writes sheets into a sink; `written` hears of each.
    ///
    /// # Errors
    /// When reading the spool or writing fails, or `written` stops it.
    pub(super) fn print<W: Write>(
        &self,
        mut turns: impl Iterator<Item = Turn> + Send,
        sink: W,
        written: &mut dyn FnMut() -> Result<(), JobError>,
    ) -> Result<(W, u64), JobError> {
        let mut stamper = Stamper::new(sink, self.shell)?;
        let mut reader = self.spool.reader();
        pipeline::run(
            self.threads,
            move |loaded: &mut Loaded| {
                let Some(turn) = turns.next() else { return Ok(false) };
                loaded.turn = turn;
                let body = reader.entry(turn.place.entry, &mut loaded.entry).map_err(JobError::spool)?;
                reader.pages(body, self.encoder, &mut loaded.sides).map_err(JobError::spool)?;
                Ok(true)
            },
            Bench::default,
            |bench, loaded| self.complete(bench, loaded),
            |pages: Result<Vec<EncodedPage>, JobError>| {
                pages?.iter().try_for_each(|page| stamper.page(page))?;
                written()
            },
        )?;
        let count = stamper.pages();
        Ok((stamper.finish()?, count))
    }

    /// The pages of a sheet, with what the job adds to them.
    fn complete(&self, bench: &mut Bench, loaded: &Loaded) -> Result<Vec<EncodedPage>, JobError> {
        let Loaded { turn, entry, sides } = loaded;
        let mut pages = Vec::with_capacity(2);
        for (number, side) in sides.iter().enumerate() {
            pages.push(match side {
                Kept::Page(page) => page.clone(),
                Kept::Draft(draft) => {
                    self.imprint(*turn, (entry, number), bench)?;
                    self.encoder.complete(draft, &bench.side, &mut bench.scratch).map_err(RenderError::from)?
                }
            });
        }
        if let ([front], true) = (pages.as_slice(), turn.duplex) {
            let back = Side { size: front.size(), ..Side::default() };
            pages.push(self.encoder.encode(&back, &mut bench.scratch).map_err(RenderError::from)?);
        }
        Ok(pages)
    }
}

impl Press<'_> {
    /// Whether the numbers of a sheet have room on it.
    ///
    /// # Errors
    /// When they have not.
    pub(super) fn try_imprint(&self, turn: Turn, entry: &Entry) -> Result<(), JobError> {
        let mut bench = Bench::default();
        (0..usize::from(entry.pages)).try_for_each(|side| self.imprint(turn, (entry, side), &mut bench))
    }

    /// Sets what the job adds to a side.
    fn imprint(&self, turn: Turn, (entry, side): (&Entry, usize), bench: &mut Bench) -> Result<(), JobError> {
        let imprint = turn.imprint(self.job, entry.pages, side);
        self.engine
            .imprint((entry.paper, side), &imprint, &mut bench.side, &mut bench.galley)
            .map_err(|_| JobError::Imprint(turn.seq))
    }
}

impl Turn {
    /// What the job adds to a side of this sheet.
    pub(super) fn imprint<'j>(&self, job: &'j str, pages: u16, side: usize) -> Imprint<'j> {
        Imprint { job, sequence: self.seq, page: side as u32 + 1, pages: pages.into(), group_end: self.group_end }
    }
}

/// Hashes and counts what is written through it.
pub(super) struct Summing<W> {
    inner: W,
    sum: Sha256,
    length: u64,
}

impl<W> Summing<W> {
    /// Nothing yet.
    pub(super) fn new(inner: W) -> Summing<W> {
        Summing { inner, sum: Sha256::new(), length: 0 }
    }

    /// The sink, the SHA-256 and the length of what was written.
    pub(super) fn finish(self) -> (W, String, u64) {
        (self.inner, hexadecimal(&self.sum.finalize()), self.length)
    }
}

impl<W: Write> Write for Summing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.inner.write(bytes)?;
        self.sum.update(bytes.get(..count).unwrap_or_default());
        self.length += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
