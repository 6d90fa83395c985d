//! `shikaku job`: records in, a folder for a print shop out.

use std::path::Path;

use chrono::{DateTime, Utc};
use serde_json::json;
use shikaku::engine::Summary;
use shikaku::job::error::JobError;
use shikaku::job::order::Order;
use shikaku::job::run::{Outcome, Request, Step, rehearse, run as make};
use shikaku::job::ticket::{Asked, Counts, Ticket};

use crate::Ending;
use crate::args::{Compress, IncompleteGroups, InputEncoding, Job, OrderBy};
use crate::common::{Listener, Report, Voice, begin, printing};
use shikaku::record::reader::Format;

/// Runs the command.
pub fn run(args: &Job) -> Ending {
    let mut voice = Voice::new(&args.print.pack);
    match job(args, &mut voice) {
        Ok(ending) | Err(ending) => ending,
    }
}

fn job(args: &Job, voice: &mut Voice) -> Result<Ending, Ending> {
    let (engine, input, cancel) = begin(&args.print, &args.out, voice)?;
    let options = printing(&args.print, &cancel, voice)?;
    let report = Report::begin(args.print.records.report.as_deref(), voice)?;
    let mut listener = Listener::new(voice, &input, report, None);
    let at = now();
    let request = Request {
        out: &args.out,
        options,
        resume: args.resume,
        asked: asked(args, options.format),
        at: &at,
        by: args.by.as_deref(),
    };
    let mut hear = |step: Step<'_>| match step {
        Step::Run(event) => listener.hear(event),
        Step::Part { file, number, of, kept } => {
            let how = if kept { "was there already" } else { "is on disk" };
            let event = json!({ "event": "part", "file": file, "number": number, "of": of, "kept": kept });
            listener.progress.hidden(|| listener.voice.event(&format!("part {number} of {of}: {file} {how}"), &event));
        }
    };
    let made = match args.print.stretch.dry_run {
        true => rehearse(&engine, &input, &request, &mut hear).map(Outcome::Nothing),
        false => make(&engine, &input, &request, &mut hear),
    };
    let reported = match &made {
        Err(_) => {
            listener.progress.finish();
            Ok(())
        }
        Ok(_) => listener.finish(),
    };
    let made = made.map_err(|error| failure(&error, &args.out, voice))?;
    reported?;
    Ok(ending(&made, args, voice))
}

/// Says what became of the job.
fn ending(made: &Outcome, args: &Job, voice: &Voice) -> Ending {
    let out = args.out.display();
    let counts = match made {
        Outcome::Made(ticket) => {
            say(ticket, &format!("job {} is in {out}; `shikaku verify {out}` proves it", ticket.job), voice);
            &ticket.counts
        }
        Outcome::Finished(ticket) => {
            say(ticket, &format!("job {} was finished before; nothing was done", ticket.job), voice);
            &ticket.counts
        }
        Outcome::Nothing(counts) => {
            tell(counts, voice);
            match args.print.stretch.dry_run {
                true => voice.warning("--dry-run: all records were checked, and nothing was written"),
                false if args.print.strict && counts.held + counts.rejected > 0 => {
                    voice.warning("--strict: records were rejected or held, so no job was made");
                    return Ending::Incomplete;
                }
                false => voice.warning("there was nothing to print, so no job was made"),
            }
            counts
        }
    };
    match counts.held + counts.rejected == 0 && counts.printed + counts.pulled > 0 {
        true => Ending::Clean,
        false => Ending::Incomplete,
    }
}

fn say(ticket: &Ticket, sentence: &str, voice: &Voice) {
    tell(&ticket.counts, voice);
    let event = json!({ "event": "job", "job": ticket.job, "parts": ticket.parts.len(), "pages": ticket.counts.pages });
    voice.event(sentence, &event);
}

fn tell(counts: &Counts, voice: &Voice) {
    let Counts { records, printed, pulled, none, held, rejected, fitted, warned, pages, .. } = *counts;
    voice.summary(&Summary { records, printed: printed + pulled, pages, none, held, rejected, fitted, warned });
    if pulled > 0 {
        let event = json!({ "event": "pulled", "pulled": pulled });
        voice.event(&format!("{pulled} of those printed are pulled out of the mail (引抜き)"), &event);
    }
}

/// How the job is asked for, as its ticket tells.
fn asked(args: &Job, format: Format) -> Asked {
    let text = |text: &str| text.to_owned();
    Asked {
        format: text(match format {
            Format::Csv => "csv",
            Format::JsonLines => "jsonl",
        }),
        encoding: text(match args.print.records.encoding {
            InputEncoding::Utf8 => "utf-8",
            InputEncoding::Cp932 => "cp932",
            InputEncoding::Auto => "auto",
        }),
        issue_date: args.print.pack.issue_date.map(|date| date.to_string()),
        from: args.print.stretch.from,
        limit: args.print.stretch.limit,
        order: match args.order {
            OrderBy::Input => Order::Input,
            OrderBy::Postcode => Order::Postcode,
            OrderBy::Group => Order::Group,
        },
        part_sheets: args.part_sheets,
        part_bytes: args.part_megabytes * 1_000_000,
        hold_incomplete_groups: args.incomplete_groups == IncompleteGroups::Hold,
        compress: text(match args.print.compress {
            Compress::None => "none",
            Compress::Fast => "fast",
            Compress::Small => "small",
        }),
    }
}

/// The time for a log, in UTC.
pub fn now() -> String {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    let time: DateTime<Utc> = DateTime::from_timestamp(since.as_secs() as i64, 0).unwrap_or_default();
    time.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Says why there is no job, or no reprint; `path` is the folder or file that was to be made or read.
pub fn failure(error: &JobError, path: &Path, voice: &Voice) -> Ending {
    match error {
        JobError::Run(error) => {
            let ending = voice.failure(error);
            if ending == Ending::Stopped {
                voice
                    .warning("what was written stays in the folder that ends in .unfinished; --resume goes on with it");
            }
            ending
        }
        JobError::Io(_) | JobError::Stamp(_) | JobError::Audit(_) | JobError::Busy => {
            voice.error(&format!("{}: {error}", path.display()));
            Ending::Failed
        }
        JobError::Shell(_)
        | JobError::Exists
        | JobError::BadName
        | JobError::Unfinished
        | JobError::NoJob
        | JobError::Changed(_)
        | JobError::NoSuchSheet(..)
        | JobError::Imprint(_)
        | JobError::Ticket(_)
        | JobError::Other(_) => {
            voice.error(&format!("{}: {error}", path.display()));
            Ending::Usage
        }
    }
}
