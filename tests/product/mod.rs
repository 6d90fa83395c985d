//! What the tests of the whole product share: the sample read in a way of its own, the program, packs to change.

#![allow(dead_code, reason = "each test file uses its part of this")]

pub mod expected;

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The pack under test.
pub const PACK: &str = "templates/yokogawa";
/// Its sample, all printable or lawfully not.
pub const SAMPLE: &str = "templates/yokogawa/sample.csv";
/// Its records that are refused.
pub const REFUSED: &str = "templates/yokogawa/refused.csv";

/// A record as its file has it, by header.
#[derive(Clone, Debug)]
pub struct Row(BTreeMap<String, String>);

impl Row {
    /// What stands under a header; empty where there is no such column.
    pub fn get(&self, header: &str) -> &str {
        self.0.get(header).map_or("", String::as_str)
    }

    /// Every header with what stands under it.
    pub fn cells(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(header, cell)| (header.as_str(), cell.as_str()))
    }

    /// 整理番号.
    pub fn id(&self) -> &str {
        self.get("整理番号")
    }

    /// The same record with one cell changed.
    pub fn with(mut self, header: &str, cell: &str) -> Row {
        self.0.insert(header.to_owned(), cell.to_owned());
        self
    }
}

/// The records of a CSV text, by a reader that is not ours.
pub fn rows(text: &str) -> Vec<Row> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let headers = reader.headers().unwrap().clone();
    let row = |record: csv::StringRecord| {
        Row(headers.iter().map(str::to_owned).zip(record.iter().map(str::to_owned)).collect())
    };
    reader.records().map(|record| row(record.unwrap())).collect()
}

/// The records of the sample.
pub fn sample() -> Vec<Row> {
    rows(&fs::read_to_string(SAMPLE).unwrap())
}

/// The record of the sample with this 整理番号.
pub fn sample_row(id: &str) -> Row {
    sample().into_iter().find(|row| row.id() == id).unwrap()
}

/// CSV text from records, with the columns of the first.
pub fn to_csv(rows: &[Row]) -> String {
    let headers: Vec<&str> = rows[0].cells().map(|(header, _)| header).collect();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&headers).unwrap();
    for row in rows {
        writer.write_record(headers.iter().map(|header| row.get(header))).unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

/// JSON Lines from records: yes and no become true and false, empty cells are left out.
pub fn to_json_lines(rows: &[Row]) -> String {
    let flags = ["番号突合済み", "有効な保険証の有無", "交付申請の有無", "見本"];
    let line = |row: &Row| {
        let member = |(header, cell): (&str, &str)| {
            let value = match flags.contains(&header) {
                true => serde_json::Value::Bool(matches!(cell, "1" | "有" | "true")),
                false => serde_json::Value::String(cell.to_owned()),
            };
            (header.to_owned(), value)
        };
        let members: serde_json::Map<_, _> = row.cells().filter(|(_, cell)| !cell.is_empty()).map(member).collect();
        serde_json::Value::Object(members).to_string() + "\n"
    };
    rows.iter().map(line).collect()
}

/// A folder that vanishes with the test.
pub fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

/// Copies the packs into a folder, so that one of them can be changed; gives the copy of the pack under test.
/// Its fonts are given with `--fonts fonts`.
pub fn copy_of_pack(folder: &Path) -> PathBuf {
    let copy = folder.join("templates");
    copy_folder(Path::new("templates"), &copy);
    copy.join("yokogawa")
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// What a run of the program came to.
#[derive(Debug)]
pub struct Ran {
    /// The exit status; `None` when a signal ended it.
    pub status: Option<i32>,
    /// What it wrote on stdout.
    pub stdout: String,
    /// What it wrote on stderr.
    pub stderr: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Ran {
        Ran {
            status: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// The program with arguments.
pub fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shikaku"));
    command.args(arguments).stdin(Stdio::null());
    command
}

/// Runs the program to its end.
pub fn run(arguments: &[&str]) -> Ran {
    program(arguments).output().unwrap().into()
}

/// Runs the program with something on its stdin.
pub fn run_with(arguments: &[&str], stdin: &[u8]) -> Ran {
    let mut child =
        program(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut pipe = child.stdin.take().unwrap();
    let stdin = stdin.to_vec();
    // A program that ends before it has read everything closes the pipe: no fault of the test.
    let writer = std::thread::spawn(move || pipe.write_all(&stdin).is_ok());
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    output.into()
}

/// `shikaku render` of an input with the pack under test and more arguments.
pub fn render(input: &Path, out: &Path, more: &[&str]) -> Ran {
    let mut arguments = vec!["render", "--pack", PACK, "--input", text(input), "--out", text(out)];
    arguments.extend(more);
    run(&arguments)
}

/// A path as an argument.
pub fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Writes a file into a folder.
pub fn write(folder: &Path, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, content).unwrap();
    path
}

/// The names in a folder, sorted.
pub fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// The lines of a report or of JSON messages.
pub fn json_lines(text: &str) -> Vec<serde_json::Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect()
}

/// Many records, so that there is time to stop.
pub fn many(count: usize) -> String {
    let sample = sample();
    let copies = (0..count).map(|index| sample[index % sample.len()].clone().with("整理番号", &format!("M{index:06}")));
    to_csv(&copies.collect::<Vec<_>>())
}

/// Asserts that a run ended so, said that, and left nothing in the folder but these.
pub fn assert_ended(ran: &Ran, status: i32, said: &str, folder: &Path, left: &[&str]) {
    assert_eq!(ran.status, Some(status), "{}", ran.stderr);
    assert!(ran.stderr.contains(said), "{said:?} is not in: {}", ran.stderr);
    assert_eq!(names(folder), left);
}
