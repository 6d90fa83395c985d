//! What printing costs: the whole program on made-up records, and the library from inside.
//!
//! `cargo bench` prints the tables of `docs/performance.md`. Nothing is asserted: a figure is for a person
//! to judge, on a machine that they know. Arguments behind `--`, or the variable `SHIKAKU_BENCH` with the
//! same words:
//!
//! - numbers: how many notices the runs of the program print. *Default*: 1 1000 10000 100000;
//! - `program` or `library`: only that half;
//! - `steps PACK FONTS FILE`: the steps of one record of another pack, with a folder of fonts and a file of JSON Lines;
//! - `records N FILE`: writes N records of the kind that is measured into FILE, and measures nothing.

mod floor;
mod library;
mod program;
mod records;

use std::error::Error;
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

/// The pack that is measured.
fn pack() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/templates/yokogawa"))
}

fn main() -> Result<(), Box<dyn Error>> {
    let typed: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let words: Vec<String> = match std::env::var("SHIKAKU_BENCH") {
        Ok(words) if typed.is_empty() => words.split_whitespace().map(str::to_owned).collect(),
        Ok(_) | Err(_) => typed,
    };
    match words.first().map(String::as_str) {
        Some(program::CHILD) => return program::child(&words[1..]),
        Some("steps") => {
            let [_, pack, fonts, file] = words.as_slice() else { return Err("steps PACK FONTS FILE".into()) };
            return library::steps(Path::new(pack), Path::new(fonts), Path::new(file));
        }
        Some("records") => {
            let (Some(count), Some(file)) = (words.get(1), words.get(2)) else { return Err("records N FILE".into()) };
            records::write(count.parse()?, BufWriter::new(File::create(file)?))?;
            return Ok(());
        }
        Some(_) | None => {}
    }
    let only = |half: &str| words.iter().any(|word| word == half);
    let counts: Vec<u64> = words.iter().filter_map(|word| word.parse().ok()).collect();
    if !only("library") {
        program::measure(if counts.is_empty() { &[1, 1_000, 10_000, 100_000] } else { &counts })?;
    }
    if !only("program") {
        library::measure()?;
    }
    Ok(())
}
