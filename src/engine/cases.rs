//! The cases beside a pack: records with the decision that the published rules demand.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use crate::base::diagnostic::{Diagnostic, Source, nearest};
use crate::policy::decision::Decision;

/// The columns, all required, in any order.
const COLUMNS: [&str; 7] =
    ["id", "inputs", "expected_document", "expected_expiry", "expected_last4", "expected_reasons", "source"];

/// A cell with its place in the file.
#[derive(Clone, Debug)]
pub(crate) struct Cell<'s> {
    pub text: &'s str,
    pub span: Range<usize>,
}

/// A line of `cases.tsv`.
#[derive(Debug)]
pub(crate) struct Case<'s> {
    pub id: &'s str,
    /// The record, as JSON.
    pub inputs: Cell<'s>,
    /// The columns `expected_…`, in the order of their names above.
    expected: [(&'static str, Cell<'s>); 4],
}

/// Reads the file. What is wrong with it goes to `errors`; the other lines are given.
pub(crate) fn read<'s>(source: &'s Arc<Source>, errors: &mut Vec<Diagnostic>) -> Vec<Case<'s>> {
    let mut lines = lines(&source.text);
    let Some(header) = lines.next() else {
        let error = Diagnostic::error("the file is empty").at(source, 0..0);
        errors.push(error.hint(format!("begin with the columns {}, separated by tabs", COLUMNS.join(", "))));
        return Vec::new();
    };
    let columns = cells(&header);
    let Some(order) = order(source, &columns, &header, errors) else { return Vec::new() };
    let mut ids = BTreeSet::new();
    let mut cases = Vec::new();
    for line in lines.filter(|line| !line.text.is_empty()) {
        let cells = cells(&line);
        if cells.len() != columns.len() {
            let message = format!("{} cells, and the header has {}", cells.len(), columns.len());
            errors.push(Diagnostic::error(message).at(source, line.span).hint("cells are separated by single tabs"));
            continue;
        }
        let [id, inputs, document, expiry, last4, reasons, from] = order.map(|at| cells[at].clone());
        if id.text.is_empty() || !ids.insert(id.text) {
            let error = Diagnostic::error("a case needs an id of its own").at(source, id.span.clone());
            errors.push(error.hint("number them: M001, M002, …"));
        }
        if from.text.trim().is_empty() {
            let error = Diagnostic::error(format!("case {}: no source", id.text)).at(source, from.span);
            errors.push(error.hint("name publisher, date and place, or `derived: why`"));
        }
        let [document, expiry, last4, reasons] =
            [(2, document), (3, expiry), (4, last4), (5, reasons)].map(|(name, cell)| (COLUMNS[name], cell));
        cases.push(Case { id: id.text, inputs, expected: [document, expiry, last4, reasons] });
    }
    cases
}

/// Where each of the columns stands; `None` when one is missing or unknown.
fn order(
    source: &Arc<Source>,
    columns: &[Cell<'_>],
    header: &Cell<'_>,
    errors: &mut Vec<Diagnostic>,
) -> Option<[usize; COLUMNS.len()]> {
    let before = errors.len();
    for column in columns.iter().filter(|column| !COLUMNS.contains(&column.text)) {
        let error = Diagnostic::error(format!("unknown column `{}`", column.text)).at(source, column.span.clone());
        errors.push(match nearest(column.text, COLUMNS) {
            Some(near) => error.hint(format!("did you mean `{near}`?")),
            None => error.hint(format!("the columns are {}", COLUMNS.join(", "))),
        });
    }
    let mut order = [0; COLUMNS.len()];
    for (name, at) in COLUMNS.iter().zip(&mut order) {
        match columns.iter().position(|column| column.text == *name) {
            Some(place) => *at = place,
            None => {
                let error =
                    Diagnostic::error(format!("the column `{name}` is missing")).at(source, header.span.clone());
                errors.push(error.hint("columns are separated by single tabs"));
            }
        }
    }
    (errors.len() == before).then_some(order)
}

impl Case<'_> {
    /// What differs from the decision: an error at the first cell that does.
    pub fn compare(&self, source: &Arc<Source>, decision: &Decision<'_>) -> Option<Diagnostic> {
        let expiry = decision.expiry.text().map_or("-".to_owned(), |text| match text.as_ref() {
            "unspecified" => "UNSPECIFIED".to_owned(),
            other => other.to_owned(),
        });
        let last4 = decision.digits.name().unwrap_or("-").to_owned();
        let found = [decision.document.name().to_owned(), expiry, last4, decision.codes()];
        let ((name, cell), found) = self.expected.iter().zip(found).find(|((_, cell), found)| cell.text != *found)?;
        let mut message = format!("case {}: {name} is `{}`, the policy gives `{found}`", self.id, cell.text);
        if *name != "expected_reasons" {
            message += &format!(" ({})", decision.codes());
        }
        let error = Diagnostic::error(message).at(source, cell.span.clone());
        Some(error.hint("read the source again, then correct the rule or the case; `decide --explain` names the rule"))
    }

    /// A record that cannot be decided.
    pub fn refused(&self, source: &Arc<Source>, why: &str) -> Diagnostic {
        let error = Diagnostic::error(format!("case {}: {why}", self.id)).at(source, self.inputs.span.clone());
        error.hint("`inputs` is a record as a JSON object, with the fields' own names")
    }
}

/// The lines of a text, without their ends.
fn lines(text: &str) -> impl Iterator<Item = Cell<'_>> {
    let mut at = 0;
    text.split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        let text = line.trim_end_matches(['\n', '\r']);
        Cell { text, span: start..start + text.len() }
    })
}

fn cells<'s>(line: &Cell<'s>) -> Vec<Cell<'s>> {
    let mut at = line.span.start;
    let cell = |text: &'s str| {
        let start = at;
        at += text.len() + 1;
        Cell { text, span: start..start + text.len() }
    };
    line.text.split('\t').map(cell).collect()
}
