//! From a raw record to a checked one.

use std::borrow::Cow;

use crate::base::field::Field;
use crate::record::Record;
use crate::record::checks;
use crate::record::columns::Column;
use crate::record::columns::Layout;
use crate::record::encoding::DecodeError;
use crate::record::intake::Intake;
use crate::record::jsonl;
use crate::record::jsonl::Item;
use crate::record::mynumber;
use crate::record::problem::Code;
use crate::record::problem::Findings;
use crate::record::problem::Problem;
use crate::record::problem::Rejection;
use crate::record::problem::Warnings;
use crate::record::raw::RawRecord;
use crate::record::value;
use crate::record::value::Intray;

/// Reads and checks one raw record into `record`. Pure: the same bytes give the same record, on any
/// thread.
///
/// # Errors
/// All that is wrong with the record; `record` has no values then.
pub fn parse(raw: &RawRecord, layout: &Layout, intake: &Intake, record: &mut Record) -> Result<Warnings, Rejection> {
    (record.row, record.line) = (raw.row, raw.line);
    record.facts.clear();
    let mut found = Findings::default();
    let mut unknown = Vec::new();
    match read(raw, layout, intake, record, &mut found) {
        Ok(names) => {
            unknown = names;
            refuse_number_as_barcode(record, intake, &mut found);
            intake.defaults.apply(&mut record.facts, &intake.fields, &mut found);
            checks::complete(&mut record.facts);
            checks::check(&record.facts, &intake.fields, &mut found);
        }
        Err(problem) => found.error(problem),
    }
    if found.errors.is_empty() {
        return Ok(Warnings { problems: found.warnings, unknown });
    }
    let record_id = record.id().map(str::to_owned);
    let group = record.facts.text(Field::ENCLOSURE_GROUP).map(str::to_owned);
    record.facts.clear();
    Err(Rejection { row: raw.row, line: raw.line, record_id, group, problems: found.errors })
}

/// Gives the values their types; the error is one that leaves nothing to read.
fn read(
    raw: &RawRecord,
    layout: &Layout,
    intake: &Intake,
    record: &mut Record,
    found: &mut Findings,
) -> Result<Vec<String>, Problem> {
    if let Some(code) = raw.fault {
        return Err(fault(code));
    }
    if let Some(error) = raw.charset.contradiction(&raw.content) {
        return Err(undecodable(error));
    }
    let mut intray = Intray { fields: &intake.fields, facts: &mut record.facts, found };
    match layout {
        Layout::Csv(columns) => read_row(raw, columns, &mut intray).map(|()| Vec::new()),
        Layout::JsonLines => {
            let line = raw.charset.decode(&raw.content).map_err(undecodable)?;
            let members = jsonl::object(&line).ok_or_else(not_json)?;
            Ok(read_object(&members, intake, &mut intray))
        }
    }
}

fn read_row(raw: &RawRecord, columns: &[Column], intray: &mut Intray<'_>) -> Result<(), Problem> {
    if raw.ends.len() != columns.len() {
        return Err(ragged(raw, columns.len()));
    }
    if raw.content.is_empty() {
        let problem = Problem::whole(Code::EmptyRecord, "every cell of the row is empty");
        return Err(problem.hint("delete the row"));
    }
    for (index, (cell, column)) in raw.cells().zip(columns).enumerate() {
        match (raw.charset.decode(cell), column.field) {
            (Ok(text), Some(field)) => intray.cell(field, &text),
            (Ok(text), None) if mynumber::is_suspect(&text) => {
                intray.found.error(hidden_number(format!("column {}", index + 1)));
            }
            (Ok(_), None) => {}
            (Err(error), field) => {
                let mut problem = undecodable(error);
                problem.message = match field {
                    Some(field) => format!("{}: {}", intray.fields.title(field), problem.message),
                    None => format!("column {}: {}", index + 1, problem.message),
                };
                intray.found.error(Problem { field, ..problem });
            }
        }
    }
    Ok(())
}

/// Returns the keys that no field takes.
fn read_object(members: &[(Cow<'_, str>, Item<'_>)], intake: &Intake, intray: &mut Intray<'_>) -> Vec<String> {
    let mut unknown = Vec::new();
    let mut taken = vec![false; intake.fields.count()];
    for (key, item) in members {
        let Some(field) = intake.columns.find(key) else {
            let in_key = mynumber::is_suspect(key);
            if in_key || value::hides_number(item) {
                intray.found.error(hidden_number("a key that no field takes".to_owned()));
            } else if key.chars().any(char::is_control) {
                unknown.push("(a name that does not print)".to_owned());
            } else {
                unknown.push(key.to_string());
            }
            continue;
        };
        match taken.get_mut(field.index()) {
            Some(true) => {
                let problem = Problem::of(Code::RepeatedField, field, intray.fields, "stands in the object twice");
                intray.found.error(problem.hint("leave one out"));
                continue;
            }
            Some(first) => *first = true,
            None => {}
        }
        intray.item(field, item);
    }
    unknown
}

/// A customer barcode may have 12 digits: 7 of the post code and 5 of the address. It is refused
/// when it has the check digit of a My Number and does not begin with the record's own post code.
fn refuse_number_as_barcode(record: &mut Record, intake: &Intake, found: &mut Findings) {
    let Some(barcode) = record.facts.text(Field::CUSTOMER_BARCODE) else { return };
    let suspicious = mynumber::is_inside(barcode) || mynumber::is_whole_and_valid(barcode);
    let digits = |text: &str| -> String { text.chars().filter(char::is_ascii_digit).collect() };
    let post_code = record.facts.text(Field::POSTAL_CODE).map(digits).filter(|digits| digits.len() == 7);
    if suspicious && !post_code.is_some_and(|post_code| digits(barcode).starts_with(&post_code)) {
        record.facts.remove(Field::CUSTOMER_BARCODE);
        Intray { fields: &intake.fields, facts: &mut record.facts, found }.refuse(Field::CUSTOMER_BARCODE);
    }
}

fn hidden_number(place: String) -> Problem {
    let message = format!("{place}: may hold a whole My Number (12 digits)");
    Problem::whole(Code::TwelveDigits, message).hint(value::TWELVE_DIGITS_HINT)
}

fn undecodable(error: DecodeError) -> Problem {
    let hint = match error {
        DecodeError::NotUtf8 | DecodeError::NotCp932 => "export the record again; one file has one encoding",
        DecodeError::NotDetectedUtf8 | DecodeError::NotDetectedCp932 | DecodeError::Utf8InCp932 => {
            "state the encoding with --encoding if the detected one is wrong; otherwise export the record again"
        }
        DecodeError::Unknown => "state the encoding with --encoding utf-8 or --encoding cp932",
    };
    Problem::whole(Code::Encoding, error.to_string()).hint(hint)
}

fn not_json() -> Problem {
    Problem::whole(Code::NotJson, "the line is not a JSON object").hint("write one object per line: {\"name\": \"…\"}")
}

fn ragged(raw: &RawRecord, expected: usize) -> Problem {
    let mut message = format!("the row has {} cells, the header has {expected}", raw.ends.len());
    if raw.last_line > raw.line {
        message += &format!("; by its quotes the row runs from line {} to line {}", raw.line, raw.last_line);
    }
    let hint = "put a value with a comma, a quote or a line feed in quotes, and double the quotes inside";
    Problem::whole(Code::ColumnCount, message).hint(hint)
}

fn fault(code: Code) -> Problem {
    let hint = "double every quote inside a quoted value; reading went on with the next line";
    Problem::whole(code, code.meaning()).hint(hint)
}
