//! Records in, records or rejections out.
#![expect(clippy::unwrap_used, reason = "a helper that cannot go on fails the test")]

use std::io::Read;

use shikaku::base::field::Field;
use shikaku::base::field::Fields;
use shikaku::record::Record;
use shikaku::record::encoding::Encoding;
use shikaku::record::intake::Intake;
use shikaku::record::parse::parse;
use shikaku::record::problem::Rejection;
use shikaku::record::problem::Warnings;
use shikaku::record::raw::RawRecord;
use shikaku::record::reader::Format;
use shikaku::record::reader::ReadError;
use shikaku::record::reader::Reader;

mod checks;
mod files;
mod properties;

type Outcome = Result<(Record, Warnings), Rejection>;

const CSV: (Format, Encoding) = (Format::Csv, Encoding::Auto);

fn try_read(input: impl Read, kind: (Format, Encoding), intake: &Intake) -> Result<Vec<Outcome>, ReadError> {
    let mut reader = Reader::open(input, kind.0, kind.1, intake)?;
    let mut raw = RawRecord::default();
    let mut outcomes = Vec::new();
    while reader.next(&mut raw)? {
        let mut record = Record::new(&intake.fields);
        let outcome = parse(&raw, reader.layout(), intake, &mut record);
        outcomes.push(outcome.map(|warnings| (record, warnings)));
    }
    Ok(outcomes)
}

fn read(input: &[u8], kind: (Format, Encoding)) -> Vec<Outcome> {
    try_read(input, kind, &Intake::new(Fields::default())).unwrap()
}

fn json(line: &str) -> Outcome {
    read(line.as_bytes(), (Format::JsonLines, Encoding::Utf8)).remove(0)
}

fn refusal(input: &[u8], kind: (Format, Encoding)) -> ReadError {
    try_read(input, kind, &Intake::new(Fields::default())).unwrap_err()
}

/// Per record: the row and line, and the name or the first code.
fn summary(outcomes: &[Outcome]) -> Vec<String> {
    let line = |outcome: &Outcome| match outcome {
        Ok((record, _)) => format!("{}:{} {}", record.row, record.line, record.facts.text(Field::NAME).unwrap_or("-")),
        Err(rejection) => format!("{}:{} {}", rejection.row, rejection.line, rejection.problems[0].code.as_str()),
    };
    outcomes.iter().map(line).collect()
}

fn cp932(text: &str) -> Vec<u8> {
    let (bytes, _, lossy) = encoding_rs::SHIFT_JIS.encode(text);
    assert!(!lossy);
    bytes.into_owned()
}
