//! shikaku inside another program: one paper at once, then many as a stream.
//!
//! `cargo run --example embed` writes `notice.pdf` and `all.pdf` into the folder for temporary files.

use std::error::Error;
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use shikaku::{Engine, Event, Input, OpenOptions, Options};

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = std::env::temp_dir();

    // Once per process: rules, templates and fonts are read and checked here. Share it between threads.
    let engine = Engine::open(&root.join("templates/yokogawa"), &OpenOptions::default())?;

    // One record, as a web service would do it. The error says why a record is not printed.
    let record = engine.read_json(&std::fs::read_to_string(root.join("examples/record.jsonl"))?)?;
    std::fs::write(folder.join("notice.pdf"), engine.pdf(&record)?)?;

    // Many records into any writer. A program of its own would write to a temporary file and rename it.
    let input = Input::file(&root.join("templates/yokogawa/sample.csv"));
    let out = BufWriter::new(File::create(folder.join("all.pdf"))?);
    let options = Options { threads: 2, ..Options::default() };
    let summary = engine.render(&input, out, &options, &mut |event| match event {
        Event::Record(report) => println!("{report}"),
        Event::UnknownColumn(name) => println!("no field takes the column {name}"),
        Event::Run(report) => println!("{report}"),
        Event::Checked(_) | Event::Printed { .. } => {}
    })?;
    println!("{} records, {} printed on {} pages", summary.records, summary.printed, summary.pages);
    println!("see {} for notice.pdf and all.pdf", folder.display());
    Ok(())
}
