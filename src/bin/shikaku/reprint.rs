//! `shikaku reprint`: some sheets of a job again.

use std::path::Path;

use chrono::NaiveDate;
use serde_json::json;
use shikaku::engine::{Engine, OpenOptions, Options};
use shikaku::job::reprint::{Reprint as Request, Wanted, ranges, reprint as again};
use shikaku::job::ticket::{self, Asked};
use shikaku::pdf::shell::Compression;
use shikaku::record::encoding::Encoding;
use shikaku::record::reader::Format;

use crate::Ending;
use crate::args::Reprint;
use crate::common::{Voice, cancel_flag, input, keep_apart, threads};
use crate::job::{failure, now};

/// Runs the command.
pub fn run(args: &Reprint) -> Ending {
    let voice = Voice::of(args.message_format, args.quiet);
    match reprint(args, &voice) {
        Ok(ending) | Err(ending) => ending,
    }
}

fn reprint(args: &Reprint, voice: &Voice) -> Result<Ending, Ending> {
    keep_apart(&args.input, [args.out.as_path()].into_iter(), voice)?;
    let ticket = ticket::read(&args.job).map_err(|error| failure(&error, &args.job, voice))?;
    let asked = &ticket.origin.options;
    let wanted = match &args.seq {
        Some(text) => Wanted::Seq(ranges(text).map_err(|message| {
            voice.error(&message);
            Ending::Usage
        })?),
        None => Wanted::Ids(args.id.clone()),
    };
    let pack = args.pack.as_deref().unwrap_or(Path::new(&ticket.origin.pack_path));
    let issue_date = asked.issue_date.as_deref().and_then(|date| date.parse::<NaiveDate>().ok());
    let open = OpenOptions { fonts: args.fonts.clone(), issue_date };
    let engine = Engine::open(pack, &open).map_err(|error| {
        voice.diagnostics(&error.0);
        voice.error("the pack of the job cannot be opened; say where it is with --pack");
        Ending::Usage
    })?;
    let input = input(&args.input, voice)?;
    let cancel = cancel_flag();
    let options = Options { threads: threads(args.threads), cancel: Some(&cancel), ..options(asked) };
    let at = now();
    let request = Request {
        folder: &args.job,
        ticket: &ticket,
        wanted,
        out: &args.out,
        options,
        at: &at,
        by: args.by.as_deref(),
        why: args.why.as_deref(),
    };
    let done = again(&engine, &input, &request).map_err(|error| failure(&error, &args.out, voice))?;
    let event = json!({ "event": "reprinted", "job": ticket.job, "sheets": done.sheets, "pages": done.pages });
    let sentence = format!("job {}: {} sheets on {} pages printed again", ticket.job, done.sheets, done.pages);
    voice.event(&sentence, &event);
    Ok(Ending::Clean)
}

/// How the records of the job were read, and its pages packed.
fn options(asked: &Asked) -> Options<'static> {
    Options {
        format: if asked.format == "jsonl" { Format::JsonLines } else { Format::Csv },
        encoding: match asked.encoding.as_str() {
            "utf-8" => Encoding::Utf8,
            "cp932" => Encoding::Cp932,
            _ => Encoding::Auto,
        },
        compression: match asked.compress.as_str() {
            "none" => Compression::None,
            "small" => Compression::Small,
            _ => Compression::Fast,
        },
        from: asked.from,
        limit: asked.limit,
        ..Options::default()
    }
}
