//! `shikaku schema`: what records, templates and reports may hold.

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::Path;

use shikaku::base::field::Fields;
use shikaku::engine;
use shikaku::pack::{self, Pack};
use shikaku::policy::codes;
use shikaku::record::problem::Code;
use shikaku::record::schema::{json_schema, list};
use shikaku::template::vocabulary::{condition_rows, format_rows};

use crate::Ending;
use crate::args::{List, Schema};
use crate::diagnostics;

/// Runs the command.
pub fn run(args: &Schema) -> Ending {
    let pack = match args.pack.as_deref().map(open).transpose() {
        Ok(pack) => pack,
        Err(ending) => return ending,
    };
    let fields = pack.as_ref().map_or_else(Fields::default, |pack| pack.fields.clone());
    let text =
        match args.list {
            None => format!("{:#}\n", json_schema(&fields)),
            Some(List::Fields) => rows(list(&fields).iter().map(|entry| {
                vec![entry.name.clone(), entry.label.clone(), entry.kind.clone(), entry.check.to_owned()]
            })),
            Some(List::Formats) => rows(format_rows().into_iter().map(|row| row.to_vec())),
            Some(List::Conditions) => rows(condition_rows().into_iter().map(|row| row.to_vec())),
            Some(List::Reasons) => rows(reasons(pack.as_ref()).into_iter()),
        };
    match io::stdout().lock().write_all(text.as_bytes()) {
        Ok(()) => Ending::Clean,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ending::Clean,
        Err(error) => {
            eprintln!("error: cannot write: {error}");
            Ending::Failed
        }
    }
}

fn open(folder: &Path) -> Result<Pack, Ending> {
    pack::load(folder, None).map_err(|found| {
        found.iter().for_each(|diagnostic| eprintln!("{}\n", diagnostics::render(diagnostic, false)));
        Ending::Usage
    })
}

/// Every code that a report or a decision can carry, each once: of the reader, of the paper, of decisions, and those of
/// the pack's own rules.
fn reasons(pack: Option<&Pack>) -> Vec<Vec<String>> {
    let missing_application = "a second paper needs an application, which was not made";
    let reader = Code::ALL.iter().map(|code| (code.as_str().to_owned(), code.meaning().to_owned()));
    let paper = engine::codes::ALL.iter().map(|code| (code.code.to_owned(), code.meaning.to_owned()));
    let decided = codes::all().map(|reason| (reason.code.to_string(), reason.source.to_string()));
    let reissue = [(codes::REISSUE_APPLICATION_REQUIRED.to_owned(), missing_application.to_owned())];
    let versions = pack.map(|pack| pack.policies.versions()).unwrap_or_default();
    let own = versions.iter().map(|version| version.policy()).flat_map(|policy| {
        let all = policy.reasons().chain(policy.reissue_reasons());
        all.map(|reason| (reason.code.to_string(), reason.source.to_string()))
    });
    let mut listed: Vec<Vec<String>> = Vec::new();
    for (code, meaning) in reader.chain(paper).chain(decided).chain(reissue).chain(own) {
        if !listed.iter().any(|row| row[0] == code) {
            listed.push(vec![code, meaning]);
        }
    }
    listed
}

/// Tab-separated rows.
fn rows(rows: impl Iterator<Item = Vec<String>>) -> String {
    rows.fold(String::new(), |mut text, row| {
        // Writing into a String cannot fail.
        let _ = writeln!(text, "{}", row.join("\t"));
        text
    })
}
