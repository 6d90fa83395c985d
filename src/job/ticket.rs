//! `job.json`: what a job is, what it came to, and what it was made from.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::engine::spool::Entry;
use crate::engine::{Summary, hexadecimal};
use crate::job::error::JobError;
use crate::job::folder::text;
use crate::job::order::Order;

/// The name of the file.
pub const FILE: &str = "job.json";

/// Everything that a person or a program wants to know of a job, and nothing about the people in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ticket {
    /// The job's number: follows from `origin`.
    pub job: String,
    /// What it was made from.
    pub origin: Origin,
    /// Its papers, those of the first sheet first.
    pub papers: Vec<Product>,
    /// What became of the records.
    pub counts: Counts,
    /// Its files for the press, in the order of the sequence.
    pub parts: Vec<PartRecord>,
    /// The pages of `proof.pdf`, and why each is there.
    pub proof: Vec<Specimen>,
}

/// What a job was made from. Another origin gives another job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// Name and version of the program.
    pub program: String,
    /// The pack's name.
    pub pack: String,
    /// The pack's folder, as it was given; only its name where an absolute one was.
    pub pack_path: String,
    /// SHA-256 of everything that the pack consists of.
    pub pack_sha256: String,
    /// SHA-256 of the font files, by name.
    pub fonts_sha256: BTreeMap<String, String>,
    /// SHA-256 of the records.
    pub input_sha256: String,
    /// How it was asked for.
    pub options: Asked,
}

/// How a job was asked for: whatever changes its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// `csv` or `jsonl`.
    pub format: String,
    /// `utf-8`, `cp932` or `auto`.
    pub encoding: String,
    /// 交付年月日 of records that carry none.
    pub issue_date: Option<String>,
    /// The first record.
    pub from: u64,
    /// The most records.
    pub limit: Option<u64>,
    /// The order of the sheets.
    pub order: Order,
    /// The most sheets of a part.
    pub part_sheets: u64,
    /// The most bytes of the pages of a part.
    pub part_bytes: u64,
    /// Whether groups that lack a paper are held as a whole.
    pub hold_incomplete_groups: bool,
    /// `none`, `fast` or `small`.
    pub compress: String,
}

/// A paper of the job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// Its title.
    pub title: Option<String>,
    /// `notice` or `certificate`.
    pub document: String,
    /// What it is printed on: `A4`, `postcard`, `card` …
    pub stock: String,
    /// `paper` or `plastic`; `None`: any.
    pub medium: Option<String>,
    /// Width and height in thousandths of a millimetre, so that 85.60 mm stays exact.
    pub size_micrometres: [i64; 2],
    /// Whether it has a back.
    pub duplex: bool,
    /// Inks: `Black` only.
    pub colours: Vec<String>,
    /// Its sheets.
    pub sheets: u64,
    /// Its pages, blank backs not counted.
    pub pages: u64,
}

/// What became of the records: `records` is the sum of the next five.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    /// Records of the input that were looked at.
    pub records: u64,
    /// Printed for the mail.
    pub printed: u64,
    /// Printed and pulled out of the mail (引抜き).
    pub pulled: u64,
    /// Lawfully without a paper.
    pub none: u64,
    /// Waiting for a person.
    pub held: u64,
    /// Refused.
    pub rejected: u64,
    /// Of those printed: with a text that was made to fit.
    pub fitted: u64,
    /// Of those printed: with something to look at.
    pub warned: u64,
    /// Pages of all parts.
    pub pages: u64,
    /// Blank backs among them.
    pub blank_backs: u64,
}

/// A part that was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartRecord {
    /// Its file below the folder of the job.
    pub file: String,
    /// What it is printed on.
    pub stock: String,
    /// Whether it is printed on both sides.
    pub duplex: bool,
    /// Whether its sheets are those pulled out of the mail (引抜き).
    pub pulled: bool,
    /// The sequence number of its first sheet.
    pub first_seq: u64,
    /// Its sheets.
    pub sheets: u64,
    /// Its pages.
    pub pages: u64,
    /// The length of the file.
    pub bytes: u64,
    /// Its SHA-256.
    pub sha256: String,
}

/// A sheet of the proof.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Specimen {
    /// Its first page in `proof.pdf`.
    pub page: u64,
    /// Its sequence number in the job.
    pub seq: u64,
    /// Why it is there.
    pub why: Vec<String>,
}

impl Counts {
    /// Those of a run, of whose printed records so many were pulled.
    pub(super) fn of(summary: &Summary, pulled: u64) -> Counts {
        let Summary { records, printed, none, held, rejected, fitted, warned, .. } = *summary;
        let (pages, blank_backs) = (0, 0);
        Counts { records, printed: printed - pulled, pulled, none, held, rejected, fitted, warned, pages, blank_backs }
    }

    /// A printable record is held after all.
    pub(super) fn hold(&mut self, entry: &Entry) {
        *(if entry.pulled { &mut self.pulled } else { &mut self.printed }) -= 1;
        self.held += 1;
        self.fitted -= u64::from(entry.fitted);
        self.warned -= u64::from(entry.warned);
    }

    /// Whether every record is accounted for.
    pub fn reconcile(&self) -> bool {
        let Counts { records, printed, pulled, none, held, rejected, .. } = self;
        *records == printed + pulled + none + held + rejected
    }
}

impl Origin {
    /// The number of the job: `J` and ten characters without those that are taken for others.
    ///
    /// # Errors
    /// Never for an origin that was made here: serialising plain data.
    pub fn job(&self) -> Result<String, serde_json::Error> {
        const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        // Where the pack lies changes nothing on the paper.
        let origin = Origin { pack_path: String::new(), ..self.clone() };
        let sum = sha256(&serde_json::to_vec(&origin)?);
        let letters = sum.iter().take(10).map(|byte| char::from(LETTERS[usize::from(byte % 32)]));
        Ok(std::iter::once('J').chain(letters).collect())
    }

    /// What differs between two origins, in words for a person; empty: nothing that changes a page.
    pub fn differences(&self, now: &Origin) -> Vec<String> {
        let mut found = Vec::new();
        if self.program != now.program {
            found.push(format!("the program: {} then, {} now", self.program, now.program));
        }
        if self.pack != now.pack || self.pack_sha256 != now.pack_sha256 {
            found.push(format!("the pack {}: a file of it is not as it was", now.pack));
        }
        let names = self.fonts_sha256.keys().chain(now.fonts_sha256.keys());
        let mut fonts: Vec<&str> = names
            .filter(|name| self.fonts_sha256.get(*name) != now.fonts_sha256.get(*name))
            .map(String::as_str)
            .collect();
        fonts.sort_unstable();
        fonts.dedup();
        found.extend(fonts.into_iter().map(|name| format!("the font {name}: it is not the file that it was")));
        if self.input_sha256 != now.input_sha256 {
            found.push("the records: the input is not the one that it was".to_owned());
        }
        if self.options != now.options {
            found.push("the options: they are not those that the job was started with".to_owned());
        }
        found
    }
}

/// Reads the ticket of the job in `folder`.
///
/// # Errors
/// When there is none, or it is not one of this version.
pub fn read(folder: &Path) -> Result<Ticket, JobError> {
    let text = text(&folder.join(FILE))?.ok_or(JobError::NoJob)?;
    serde_json::from_str(&text).map_err(|error| JobError::Ticket(error.to_string()))
}

/// SHA-256 of bytes in memory.
pub(super) fn sha256(bytes: &[u8]) -> [u8; 32] {
    use sha2::Digest;
    sha2::Sha256::digest(bytes).into()
}

/// The same in hexadecimal digits.
pub(super) fn sha256_text(bytes: &[u8]) -> String {
    hexadecimal(&sha256(bytes))
}
