//! `shikaku glyphs`: before a job, which characters it needs and which are missing.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::path::Path;

use shikaku::engine::{Engine, GlyphKind, GlyphUse, Glyphs, ProofError};

use crate::Ending;
use crate::args::GlyphsArgs;
use crate::common::{Listener, Report, Voice, cancel_flag, input, keep_apart, open, options};
use shikaku::job::output::OutputFile;

/// So many rows of a missing character are named on stdout; the report has more.
const MOST_ROWS: usize = 10;

/// Runs the command.
pub fn run(args: &GlyphsArgs) -> Ending {
    let mut voice = Voice::new(&args.pack);
    match glyphs(args, &mut voice) {
        Ok(ending) | Err(ending) => ending,
    }
}

fn glyphs(args: &GlyphsArgs, voice: &mut Voice) -> Result<Ending, Ending> {
    let Some(file) = &args.input else { return stock(args, voice) };
    let outputs = [args.records.report.as_deref(), args.proof.as_deref()];
    keep_apart(file, outputs.into_iter().flatten(), voice)?;
    let engine = open(&args.pack, voice)?;
    let input = input(file, voice)?;
    let cancel = cancel_flag();
    let options = options(&args.records, file, &cancel, voice)?;
    let nothing = Report::begin(None, voice)?;
    let mut listener = Listener::new(&mut *voice, &input, nothing, None);
    let found = engine.glyphs(&input, &options, &mut |event| listener.hear(event));
    listener.finish()?;
    let found = found.map_err(|error| voice.failure(&error))?;
    if let Some(path) = &args.records.report {
        write(path, |file| report(&found, file)).map_err(|error| failed(voice, path, &error))?;
    }
    if let Some(path) = &args.proof {
        proof((file, &engine, &found), path, voice)?;
    }
    print(&table(&engine, &found), voice)?;
    Ok(if found.is_complete() { Ending::Clean } else { Ending::Incomplete })
}

/// Without records: every 外字 of the pack.
fn stock(args: &GlyphsArgs, voice: &mut Voice) -> Result<Ending, Ending> {
    if args.records.report.is_some() {
        voice.error("--report tells what records need: give them with --input");
        return Err(Ending::Usage);
    }
    let engine = open(&args.pack, voice)?;
    if let Some(path) = &args.proof {
        save(engine.gaiji_proof(), path, voice)?;
    }
    print(&stocks(&engine), voice)?;
    Ok(Ending::Clean)
}

fn print(text: &str, voice: &Voice) -> Result<(), Ending> {
    match io::stdout().lock().write_all(text.as_bytes()) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Err(error) => {
            voice.error(&format!("cannot write: {error}"));
            Err(Ending::Failed)
        }
    }
}

fn failed(voice: &Voice, path: &Path, error: &io::Error) -> Ending {
    voice.error(&format!("cannot write {}: {error}", path.display()));
    Ending::Failed
}

/// A whole file or none.
fn write(path: &Path, fill: impl FnOnce(&mut OutputFile) -> io::Result<()>) -> io::Result<()> {
    let mut file = OutputFile::create(path)?;
    fill(&mut file)?;
    file.finish()
}

/// One line of JSON for each character.
fn report(found: &Glyphs, file: &mut OutputFile) -> io::Result<()> {
    for one in &found.uses {
        serde_json::to_writer(&mut *file, one)?;
        file.write_all(b"\n")?;
    }
    Ok(())
}

fn proof((input, engine, found): (&Path, &Engine, &Glyphs), path: &Path, voice: &Voice) -> Result<(), Ending> {
    let name = input.file_name().unwrap_or_default().to_string_lossy();
    // The name of a file may have characters that no font has, and a reader of the sheet knows the plain ones.
    let name: String = name.chars().map(|letter| if letter.is_ascii_graphic() { letter } else { '_' }).collect();
    save(engine.proof(found, &name), path, voice)
}

/// Writes a proof, or says why there is none.
fn save(proof: Result<Vec<u8>, ProofError>, path: &Path, voice: &Voice) -> Result<(), Ending> {
    match proof {
        Ok(pdf) => write(path, |file| file.write_all(&pdf)).map_err(|error| failed(voice, path, &error)),
        Err(ProofError::Nothing) => {
            voice.warning("no character needs a proof, so no proof was made");
            Ok(())
        }
        Err(error @ (ProofError::NoGaiji | ProofError::Compose(_) | ProofError::Render(_) | ProofError::Font(_))) => {
            voice.error(&error.to_string());
            Err(Ending::Usage)
        }
    }
}

/// What a person reads.
fn table(engine: &Engine, found: &Glyphs) -> String {
    let mut text = String::new();
    // Writing into a String cannot fail.
    let _ = writeln!(
        text,
        "{} records checked; {} without paper, {} that cannot be read or decided",
        found.checked, found.without_paper, found.unreadable
    );
    text.push_str(&stocks(engine));
    let mut fonts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for one in &found.uses {
        if let Some(font) = &one.font {
            *fonts.entry((&one.chain, font)).or_default() += 1;
        }
    }
    for ((chain, font), count) in fonts {
        let _ = writeln!(text, "chain {chain}: {count} characters in {font}");
    }
    let groups = [
        (GlyphKind::Missing, "missing"),
        (GlyphKind::Substituted, "replaced as the pack says"),
        (GlyphKind::Gaiji, "外字 of the insurer"),
        (GlyphKind::Sequence, "with a variation selector"),
        (GlyphKind::Placeholder, "placeholders, which may stand for a missing character"),
        (GlyphKind::Other, "outside the first font of the chain"),
    ];
    for (kind, title) in groups {
        let all: Vec<&GlyphUse> = found.uses.iter().filter(|one| one.kind == kind).collect();
        if !all.is_empty() {
            let _ = writeln!(text, "\n{title}: {}", all.len());
            all.iter().for_each(|one| line(one, &mut text));
        }
    }
    text
}

/// What the insurer's own fonts have.
fn stocks(engine: &Engine) -> String {
    let mut text = String::new();
    for (file, sum, stock) in engine.gaiji().unwrap_or_default() {
        let (drawn, blank, ignored) = (stock.characters.len(), stock.blank.len(), stock.ignored);
        let _ = writeln!(
            text,
            "外字 {file}: {drawn} characters, {blank} blank, {ignored} outside private use ignored; SHA-256 {sum}"
        );
    }
    text
}

fn line(one: &GlyphUse, text: &mut String) {
    let _ = write!(text, "  {}  {}", one.characters, one.chain);
    if let Some(font) = &one.font {
        let _ = write!(text, "  {font}");
    }
    if let Some(substitute) = &one.substitute {
        let _ = write!(text, "  → {substitute}");
    }
    let _ = write!(text, "  {} in {} records", one.fields.join(" "), one.rows);
    if let Some(message) = &one.message {
        let _ = write!(text, ": {message}");
    }
    text.push('\n');
    if one.kind != GlyphKind::Missing {
        return;
    }
    for record in one.records.iter().take(MOST_ROWS) {
        let id = record.record_id.as_deref().map_or_else(String::new, |id| format!(" ({id})"));
        let _ = writeln!(text, "    row {}{id}", record.row);
    }
    if one.rows > MOST_ROWS as u64 {
        text.push_str("    … and more; --report FILE lists them\n");
    }
}
