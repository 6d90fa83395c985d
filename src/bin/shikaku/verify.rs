//! `shikaku verify`: proves a job's folder against its sums and counts.

use serde_json::json;
use shikaku::job::verify::{Verdict, verify};

use crate::Ending;
use crate::args::Verify;
use crate::common::Voice;
use crate::job::failure;

/// Runs the command.
pub fn run(args: &Verify) -> Ending {
    let voice = Voice::of(args.message_format, args.quiet);
    let verdict = match verify(&args.job) {
        Ok(verdict) => verdict,
        Err(error) => return failure(&error, &args.job, &voice),
    };
    let Verdict { job, files, sheets, pages, acts, problems } = &verdict;
    problems.iter().for_each(|problem| voice.error(problem));
    let event = json!({ "event": "verified", "job": job, "files": files, "sheets": sheets, "pages": pages,
                        "acts": acts, "problems": problems.len() });
    let sentence = match problems.len() {
        0 => {
            format!("job {job} is as it was made: {files} files, {sheets} sheets on {pages} pages, {acts} log entries")
        }
        count => format!("job {job} is NOT as it was made: {count} problems"),
    };
    voice.event(&sentence, &event);
    if problems.is_empty() { Ending::Clean } else { Ending::Incomplete }
}
