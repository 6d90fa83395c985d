//! `shikaku decide`: what the policy says of each record.

use std::io::{self, BufWriter, Write};

use serde::Serialize;
use shikaku::engine::{Engine, RecordReport, RenderError};
use shikaku::policy::decision::{Decision, Outcome};
use shikaku::policy::explain::explain;
use shikaku::record::Record;

use crate::Ending;
use crate::args::Decide;
use crate::common::{Report, Voice, cancel_flag, input, keep_apart, open, options};

/// A decision as a line of JSON.
#[derive(Serialize)]
struct Line<'l> {
    record_id: Option<&'l str>,
    document: &'static str,
    expiry: Option<String>,
    last4: Option<&'static str>,
    title: Option<&'l str>,
    reasons: Vec<&'l str>,
    fee_yen: Option<u32>,
    needs_application: Option<bool>,
}

/// Why the command ends early.
enum Failure {
    Run(RenderError),
    Output(io::Error),
}

impl From<RenderError> for Failure {
    fn from(error: RenderError) -> Failure {
        Failure::Run(error)
    }
}

/// Runs the command.
pub fn run(args: &Decide) -> Ending {
    let mut voice = Voice::new(&args.pack);
    match decide(args, &mut voice) {
        Ok(ending) | Err(ending) => ending,
    }
}

fn decide(args: &Decide, voice: &mut Voice) -> Result<Ending, Ending> {
    let engine = open(&args.pack, voice)?;
    keep_apart(&args.input, args.records.report.as_deref().into_iter(), voice)?;
    let input = input(&args.input, voice)?;
    let cancel = cancel_flag();
    let options = options(&args.records, &args.input, &cancel, voice)?;
    let mut report = Report::begin(args.records.report.as_deref(), voice)?;
    let mut out = BufWriter::new(io::stdout().lock());
    let mut clean = true;
    let mut complain = |found: &RecordReport, voice: &mut Voice| {
        voice.record(found);
        report.add(found).map_err(Failure::Output)
    };
    let visited = engine.visit(&input, &options, |record| {
        let record = match record {
            Ok(record) => record,
            Err(found) => {
                clean = false;
                return complain(&found, voice);
            }
        };
        match engine.decide(record) {
            Ok(decision) => {
                clean &= matches!(decision.outcome(), Outcome::Printed | Outcome::None);
                write(&mut out, &engine, record, &decision, args.explain).map_err(Failure::Output)
            }
            Err(found) => {
                clean = false;
                complain(&found, voice)
            }
        }
    });
    let ended = visited
        .and_then(|()| out.flush().map_err(Failure::Output))
        .and_then(|()| report.finish().map_err(Failure::Output));
    match ended {
        Ok(()) if clean => Ok(Ending::Clean),
        Ok(()) => Ok(Ending::Incomplete),
        // Whoever reads the output has enough of it.
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Ending::Clean),
        Err(Failure::Output(error)) => {
            voice.error(&format!("cannot write: {error}"));
            Err(Ending::Failed)
        }
        Err(Failure::Run(error)) => Err(voice.failure(&error)),
    }
}

fn write(
    out: &mut impl Write,
    engine: &Engine,
    record: &Record,
    decision: &Decision<'_>,
    explained: bool,
) -> io::Result<()> {
    let line = Line {
        record_id: record.id(),
        document: decision.document.name(),
        expiry: decision.expiry.text().map(|text| text.into_owned()),
        last4: decision.digits.name(),
        title: decision.title,
        reasons: decision.reasons.iter().map(|reason| reason.code.as_ref()).collect(),
        fee_yen: decision.fee_yen,
        needs_application: decision.needs_application,
    };
    serde_json::to_writer(&mut *out, &line)?;
    out.write_all(b"\n")?;
    if explained {
        let pack = engine.pack();
        // Deciding has picked a version already, so the record has what picking needs.
        let version = pack.policies.pick(&record.facts).ok().flatten().map(|(_, version)| version);
        for line in explain(version, decision, &pack.fields).lines() {
            writeln!(out, "  {line}")?;
        }
        let refusal = engine.refusal(record, decision);
        for hint in refusal.iter().flat_map(|report| &report.findings).filter_map(|finding| finding.hint.as_ref()) {
            writeln!(out, "  next: {hint}")?;
        }
    }
    Ok(())
}
