//! Cutting a run into parts: files that a press takes one after another.

use std::io;

use crate::engine::spool::{Entry, Spool};
use crate::job::order::{Ordered, Place};

/// How large a part may grow. A 封入グループ is never cut: a part that begins with one larger than this holds all of
/// it, and nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Sheets. *Default*: 10,000.
    pub sheets: u64,
    /// Bytes of its pages, fonts and artwork not counted. *Default*: 2,000,000,000.
    pub bytes: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { sheets: 10_000, bytes: 2_000_000_000 }
    }
}

/// A part, as it is to be written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// Index of its first sheet among the places of the run.
    pub first: usize,
    /// Its sheets.
    pub sheets: usize,
    /// Its pages, blank backs among them.
    pub pages: u64,
    /// Whether it is printed on both sides: a sheet with one page gets a blank back then, or the next sheet would
    /// stand on it.
    pub duplex: bool,
    /// Blank backs.
    pub blanks: u64,
    /// Whether its sheets are those pulled out of the mail (引抜き).
    pub pulled: bool,
    /// Number of the paper of its first sheet.
    pub paper: u16,
}

/// What is summed up of sheets that stay together.
#[derive(Default)]
struct Bundle {
    sheets: usize,
    bytes: u64,
    single: u64,
    pages: u64,
}

/// Cuts the run.
///
/// # Errors
/// When the spool cannot be read.
pub fn plan(spool: &Spool, ordered: &Ordered, limits: Limits) -> io::Result<Vec<Part>> {
    let places = ordered.places();
    let (mut reader, mut entry) = (spool.reader(), Entry::default());
    let mut parts: Vec<Part> = Vec::new();
    let (mut filled, mut first): (Bundle, usize) = (Bundle::default(), 0);
    while let Some(leader) = places.get(first) {
        let mut bundle = Bundle::default();
        let mut head = (false, 0);
        for place in together(places, first) {
            let body = reader.entry(place.entry, &mut entry)?;
            if bundle.sheets == 0 {
                head = (entry.pulled, entry.paper);
            }
            bundle.add(&entry, body.length());
        }
        let before = first.checked_sub(1).and_then(|before| places.get(before));
        let fits = before.is_some_and(|before| before.is_like(leader))
            && filled.sheets as u64 + bundle.sheets as u64 <= limits.sheets
            && filled.bytes + bundle.bytes <= limits.bytes;
        if !fits {
            filled = Bundle::default();
            let ((pulled, paper), duplex) = (head, leader.is_duplex());
            parts.push(Part { first, pulled, paper, duplex, ..Part::default() });
        }
        first += bundle.sheets;
        filled.join(&bundle);
        if let Some(part) = parts.last_mut() {
            filled.finish(part);
        }
    }
    Ok(parts)
}

/// The sheets from `first` on that lie in one envelope.
fn together(places: &[Place], first: usize) -> impl Iterator<Item = &Place> {
    let rest = places.get(first..).unwrap_or_default();
    rest.iter().enumerate().take_while(|(index, place)| *index == 0 || rest[0].is_with(place)).map(|(_, place)| place)
}

/// Whether the sheet at `index` is the last one of its envelope.
pub fn is_group_end(places: &[Place], index: usize) -> bool {
    match (places.get(index), places.get(index + 1)) {
        (Some(this), Some(next)) => !this.is_with(next),
        (Some(_) | None, None) | (None, Some(_)) => true,
    }
}

impl Bundle {
    fn add(&mut self, entry: &Entry, bytes: u64) {
        self.sheets += 1;
        self.bytes += bytes;
        self.pages += u64::from(entry.pages);
        self.single += u64::from(entry.pages == 1);
    }

    fn join(&mut self, other: &Bundle) {
        self.sheets += other.sheets;
        self.bytes += other.bytes;
        self.pages += other.pages;
        self.single += other.single;
    }

    fn finish(&self, part: &mut Part) {
        part.sheets = self.sheets;
        part.blanks = if part.duplex { self.single } else { 0 };
        part.pages = self.pages + part.blanks;
    }
}
