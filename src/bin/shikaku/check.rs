//! `shikaku check`: everything that would be refused, and nothing written.

use std::path::Path;

use shikaku::base::diagnostic::Severity;
use shikaku::engine::{Checked, Engine};

use crate::Ending;
use crate::args::Check;
use crate::common::{Listener, Report, Voice, cancel_flag, input, keep_apart, open, options};

/// Runs the command.
pub fn run(args: &Check) -> Ending {
    let mut voice = Voice::new(&args.pack);
    match check(args, &mut voice) {
        Ok(ending) | Err(ending) => ending,
    }
}

fn check(args: &Check, voice: &mut Voice) -> Result<Ending, Ending> {
    let engine = open(&args.pack, voice)?;
    let checked = engine.check();
    voice.diagnostics(&checked.found);
    if checked.found.iter().any(|found| found.severity == Severity::Error) {
        return Err(Ending::Usage);
    }
    if !args.pack.quiet {
        describe(&engine, &checked);
    }
    match &args.input {
        Some(path) => check_records(args, path, &engine, voice),
        None => Ok(Ending::Clean),
    }
}

/// What the pack holds, for a person who wonders.
fn describe(engine: &Engine, checked: &Checked) {
    let pack = engine.pack();
    match checked.found.len() {
        0 => println!("pack {}: good", pack.name),
        1 => println!("pack {}: good, with a warning", pack.name),
        warnings => println!("pack {}: good, with {warnings} warnings", pack.name),
    }
    if checked.cases > 0 {
        println!("  {} cases of cases.tsv hold", checked.cases);
    }
    for paper in &pack.papers {
        let sides: Vec<&str> = paper.sides.iter().map(|side| side.name.as_str()).collect();
        let medium = paper.medium.as_deref().unwrap_or("any medium");
        let when = if paper.when.always() { "" } else { ", where its conditions hold" };
        println!("  {} on {}, {medium}{when}: {}", paper.document.name(), paper.sheet, sides.join(", "));
    }
    for (file, sum, stock) in engine.gaiji().unwrap_or_default() {
        let (drawn, blank, ignored) = (stock.characters.len(), stock.blank.len(), stock.ignored);
        println!(
            "  外字 {file}: {drawn} characters, {blank} blank, {ignored} outside private use ignored; SHA-256 {sum}"
        );
    }
    if pack.insurer.placeholder_number {
        println!("  the insurer number is a placeholder: only records with sample = true print");
    }
}

fn check_records(args: &Check, path: &Path, engine: &Engine, voice: &mut Voice) -> Result<Ending, Ending> {
    keep_apart(path, args.records.report.as_deref().into_iter(), voice)?;
    let input = input(path, voice)?;
    let cancel = cancel_flag();
    let options = options(&args.records, path, &cancel, voice)?;
    let report = Report::begin(args.records.report.as_deref(), voice)?;
    let mut listener = Listener::new(voice, &input, report, args.tightest);
    let survey = engine.survey(&input, &options, &mut |event| listener.hear(event));
    let reported = listener.finish();
    let survey = survey.map_err(|error| voice.failure(&error))?;
    reported?;
    voice.summary(&survey.summary);
    Ok(if survey.summary.is_clean() { Ending::Clean } else { Ending::Incomplete })
}
