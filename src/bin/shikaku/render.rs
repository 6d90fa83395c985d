//! `shikaku render`: records in, paper out.

use std::io::{self, Write};
use std::path::Path;

use shikaku::engine::{Engine, Input, OneError, Options, RenderError, Summary};
use shikaku::job::output::{OutputFile, OutputFolder, folder};

use crate::Ending;
use crate::args::{Render, SplitBy};
use crate::common::{Listener, Report, Voice, begin, printing};

/// Runs the command.
pub fn run(args: &Render) -> Ending {
    let mut voice = Voice::new(&args.print.pack);
    match render(args, &mut voice) {
        Ok(ending) | Err(ending) => ending,
    }
}

fn render(args: &Render, voice: &mut Voice) -> Result<Ending, Ending> {
    let (engine, input, cancel) = begin(&args.print, &args.out, voice)?;
    let mut options = printing(&args.print, &cancel, voice)?;
    options.scratch = Some(folder(&args.out));
    let report = Report::begin(args.print.records.report.as_deref(), voice)?;
    let mut listener = Listener::new(voice, &input, report, args.tightest);
    let printed = match args.split_by {
        _ if args.print.stretch.dry_run => rehearse(&engine, &input, &options, &mut listener),
        None => whole(&engine, &input, &options, &args.out, &mut listener),
        Some(SplitBy::Record) => apart(&engine, &input, &options, &args.out, &mut listener),
    };
    // The report is worth having even when the paper could not be written.
    let reported = match &printed {
        Err(Failure::Run(RenderError::Cancelled)) => {
            listener.progress.finish();
            Ok(())
        }
        Ok(_) | Err(_) => listener.finish(),
    };
    match printed {
        Ok(summary) => {
            voice.summary(&summary);
            reported?;
            Ok(ending(&summary, args, voice))
        }
        Err(Failure::Run(error)) => Err(voice.failure(&error)),
        Err(Failure::Output(error)) => {
            voice.error(&format!("cannot write {}: {error}", args.out.display()));
            Err(Ending::Failed)
        }
    }
}

/// Why nothing was printed.
enum Failure {
    Run(RenderError),
    Output(io::Error),
}

impl From<RenderError> for Failure {
    fn from(error: RenderError) -> Failure {
        Failure::Run(error)
    }
}

fn ending(summary: &Summary, args: &Render, voice: &Voice) -> Ending {
    if args.print.stretch.dry_run {
        voice.warning("--dry-run: all records were checked, and nothing was written");
    } else if args.print.strict && !summary.is_clean() {
        voice.warning("--strict: records were rejected or held, so no file was made");
    } else if summary.printed == 0 {
        voice.warning("there was nothing to print, so no file was made");
    }
    if summary.printed > 0 && summary.is_clean() { Ending::Clean } else { Ending::Incomplete }
}

/// All checks and counts, without a PDF.
fn rehearse(
    engine: &Engine,
    input: &Input,
    options: &Options<'_>,
    listener: &mut Listener<'_>,
) -> Result<Summary, Failure> {
    Ok(engine.survey(input, options, &mut |event| listener.hear(event))?.summary)
}

/// All sheets in one PDF.
fn whole(
    engine: &Engine,
    input: &Input,
    options: &Options<'_>,
    out: &Path,
    listener: &mut Listener<'_>,
) -> Result<Summary, Failure> {
    // Before the long work: a folder that cannot be written to is found out now.
    let mut file = OutputFile::create(out).map_err(Failure::Output)?;
    let summary = engine.render(input, &mut file, options, &mut |event| listener.hear(event))?;
    if summary.printed > 0 {
        file.finish().map_err(Failure::Output)?;
    }
    Ok(summary)
}

/// One PDF for each record, in a folder that takes its name when all are there.
fn apart(
    engine: &Engine,
    input: &Input,
    options: &Options<'_>,
    out: &Path,
    listener: &mut Listener<'_>,
) -> Result<Summary, Failure> {
    if out.exists() {
        let message = "it exists already; with --split-by record, --out names a new folder";
        return Err(Failure::Output(io::Error::new(io::ErrorKind::AlreadyExists, message)));
    }
    let survey = engine.survey(input, options, &mut |event| listener.hear(event))?;
    let mut summary = survey.summary.clone();
    if summary.printed == 0 || (options.strict && !summary.is_clean()) {
        summary.printed = 0;
        return Ok(summary);
    }
    let folder = OutputFolder::create(out).map_err(Failure::Output)?;
    let mut done = 0;
    engine.visit(input, options, |record| {
        let Ok(record) = record else { return Ok(()) };
        if survey.is_repeated(record.row) {
            return Ok(());
        }
        let (pdf, pages) = match engine.pdf_packed(record, options.compression) {
            Ok(made) => made,
            Err(OneError::NotPrinted(_)) => return Ok(()),
            Err(OneError::Render(error)) => return Err(Failure::Run(error)),
        };
        let path = folder.path().join(format!("{:07}.pdf", record.row));
        let mut file = OutputFile::create(&path).map_err(Failure::Output)?;
        file.write_all(&pdf).and_then(|()| file.finish()).map_err(Failure::Output)?;
        done += 1;
        summary.pages += pages;
        listener.hear(shikaku::engine::Event::Printed { done, all: summary.printed });
        Ok(())
    })?;
    if done != summary.printed {
        return Err(Failure::Run(RenderError::InputChanged));
    }
    folder.finish().map_err(Failure::Output)?;
    Ok(summary)
}
