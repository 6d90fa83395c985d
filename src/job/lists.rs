//! The lists beside the pages: manifest, refused and held records, counts. None holds a name.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;
use std::path::Path;

use csv::{Terminator, Writer, WriterBuilder};

use crate::engine::spool::Entry;
use crate::engine::{RecordReport, Status};
use crate::job::output::OutputFile;
use crate::job::ticket::{Product, Ticket};

/// Which sheet stands on which pages of which part.
pub(super) const MANIFEST: &str = "manifest.csv";
/// Records that were refused.
pub(super) const REJECTS: &str = "rejects.csv";
/// Records that wait for a person.
pub(super) const HELD: &str = "held.csv";
/// The counts, for people.
pub(super) const COUNTS: &str = "counts.txt";

/// The columns of the manifest.
pub(super) const COLUMNS: [&str; 10] = [
    "seq",
    "part",
    "first_page",
    "pages",
    "group",
    "group_incomplete",
    "record_id",
    "postcode",
    "control_code",
    "status",
];

/// A list that is being written.
pub(super) struct List(Writer<OutputFile>);

impl List {
    /// Begins a list with a header.
    pub(super) fn begin(folder: &Path, name: &str, header: &[&str]) -> io::Result<List> {
        let file = OutputFile::create(&folder.join(name))?;
        let mut list = List(WriterBuilder::new().terminator(Terminator::CRLF).from_writer(file));
        list.row(header)?;
        Ok(list)
    }

    /// A list of records that are not printed.
    pub(super) fn of_records(folder: &Path, name: &str) -> io::Result<List> {
        List::begin(folder, name, &["row", "record_id", "reasons", "field"])
    }

    /// Adds a line.
    pub(super) fn row<T: AsRef<[u8]>>(&mut self, cells: &[T]) -> io::Result<()> {
        self.0.write_record(cells).map_err(io::Error::from)
    }

    /// Adds a record that is not printed.
    pub(super) fn record(&mut self, report: &RecordReport) -> io::Result<()> {
        let id = report.record_id.as_deref().unwrap_or("");
        let field = report.field.as_deref().unwrap_or("");
        self.row(&[&report.row.to_string(), id, &report.reasons.join(" "), field])
    }

    /// Adds a printable record that waits for the others of its group.
    pub(super) fn incomplete(&mut self, entry: &Entry) -> io::Result<()> {
        self.row(&[&entry.row.to_string(), &entry.record_id, "GROUP_INCOMPLETE", "enclosure_group"])
    }

    /// Gives it its name.
    pub(super) fn finish(self) -> io::Result<()> {
        let file = self.0.into_inner().map_err(|error| io::Error::new(error.error().kind(), error.to_string()))?;
        file.finish()
    }
}

/// Refused and held records, each into its list.
pub(super) struct Unprinted {
    rejects: List,
    held: List,
}

impl Unprinted {
    /// Begins both lists.
    pub(super) fn begin(folder: &Path) -> io::Result<Unprinted> {
        Ok(Unprinted { rejects: List::of_records(folder, REJECTS)?, held: List::of_records(folder, HELD)? })
    }

    /// Adds a record where it belongs.
    pub(super) fn hear(&mut self, report: &RecordReport) -> io::Result<()> {
        match report.status {
            Status::Rejected => self.rejects.record(report),
            Status::Held => self.held.record(report),
            Status::None | Status::Printed | Status::Fitted | Status::Warned => Ok(()),
        }
    }

    /// Adds a printable record that waits for the others of its group.
    pub(super) fn hold(&mut self, entry: &Entry) -> io::Result<()> {
        self.held.incomplete(entry)
    }

    /// Gives both their names.
    pub(super) fn finish(self) -> io::Result<()> {
        self.rejects.finish()?;
        self.held.finish()
    }
}

/// Sheets for each postal district: the first three digits of 郵便番号; none under an empty name.
#[derive(Default)]
pub(super) struct Districts(BTreeMap<String, u64>);

impl Districts {
    /// Counts a sheet.
    pub(super) fn count(&mut self, entry: &Entry) {
        let district = entry.postcode.get(..3).unwrap_or("");
        match self.0.get_mut(district) {
            Some(count) => *count += 1,
            None => {
                self.0.insert(district.to_owned(), 1);
            }
        }
    }
}

/// `counts.txt`: the sums that an operator compares with what came out of the machine.
pub(super) fn counts(ticket: &Ticket, districts: &Districts) -> String {
    let mut text = String::new();
    // Writing to memory cannot fail.
    let _ = write_counts(ticket, districts, &mut text);
    text
}

fn write_counts(ticket: &Ticket, districts: &Districts, out: &mut String) -> std::fmt::Result {
    let Ticket { job, origin, counts, parts, papers, .. } = ticket;
    writeln!(out, "job {job}    pack {}    {}\n", origin.pack, origin.program)?;
    writeln!(out, "records in the input     {:>10}", counts.records)?;
    for (what, count) in [
        ("printed", counts.printed),
        ("pulled (引抜き)", counts.pulled),
        ("lawfully not printed", counts.none),
        ("held", counts.held),
        ("rejected", counts.rejected),
    ] {
        // Full-width letters take two columns.
        let width = 22 - what.chars().filter(|letter| *letter > '\u{2E80}').count();
        writeln!(out, "  {what:<width$} {count:>10}")?;
    }
    let sum = counts.printed + counts.pulled + counts.none + counts.held + counts.rejected;
    let verdict = if counts.reconcile() { "equal" } else { "NOT EQUAL: do not use this job" };
    writeln!(out, "sum of these             {sum:>10}  {verdict}")?;
    writeln!(out, "\nof those printed: {} made to fit, {} to look at", counts.fitted, counts.warned)?;
    writeln!(out, "\npapers")?;
    for paper in papers {
        let (title, sides) = (paper.title.as_deref().unwrap_or("-"), if paper.duplex { 2 } else { 1 });
        let Product { stock, sheets, pages, .. } = paper;
        writeln!(out, "  {title}  {stock}, sides: {sides}, sheets: {sheets}, pages: {pages}")?;
    }
    writeln!(out, "\npart                                 sheets     pages  sequence             stock")?;
    for part in parts {
        let last = part.first_seq + part.sheets.saturating_sub(1);
        let range = format!("{}–{last}", part.first_seq);
        let print = if part.duplex { ", both sides" } else { "" };
        write!(out, "{:<34} {:>8} {:>9}  {range:<20} {}{print}", part.file, part.sheets, part.pages, part.stock)?;
        writeln!(out, "{}", if part.pulled { ", 引抜き" } else { "" })?;
    }
    let sheets: u64 = parts.iter().map(|part| part.sheets).sum();
    writeln!(out, "{:<34} {sheets:>8} {:>9}", "in all", counts.pages)?;
    writeln!(out, "blank backs among the pages: {}", counts.blank_backs)?;
    writeln!(out, "\nsheets by postal district (first three digits of 郵便番号), pulled ones left out")?;
    for (district, count) in &districts.0 {
        writeln!(out, "  {:<6} {count:>10}", if district.is_empty() { "none" } else { district })?;
    }
    Ok(())
}
