//! `shikaku schema`: what records, templates and reports may hold.

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::Path;

use shikaku::base::field::Fields;
use shikaku::pack;
use shikaku::policy::codes;
use shikaku::record::problem::Code;
use shikaku::record::schema::{json_schema, list};
use shikaku::template::vocabulary::{condition_rows, format_rows};

use crate::Ending;
use crate::args::{List, Schema};
use crate::diagnostics;

/// Runs the command.
pub fn run(args: &Schema) -> Ending {
    let fields = match &args.pack {
        None => Fields::default(),
        Some(folder) => match fields(folder) {
            Ok(fields) => fields,
            Err(ending) => return ending,
        },
    };
    let text = match args.list {
        None => format!("{:#}\n", json_schema(&fields)),
        Some(List::Fields) => rows(
            list(&fields)
                .iter()
                .map(|entry| vec![entry.name.clone(), entry.label.clone(), entry.kind.clone(), entry.check.to_owned()]),
        ),
        Some(List::Formats) => rows(format_rows().into_iter().map(|row| row.to_vec())),
        Some(List::Conditions) => rows(condition_rows().into_iter().map(|row| row.to_vec())),
        Some(List::Reasons) => {
            let decided = codes::all().map(|reason| vec![reason.code.to_string(), reason.source.to_string()]);
            rows(decided.chain(Code::ALL.iter().map(|code| vec![code.as_str().to_owned(), code.meaning().to_owned()])))
        }
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

fn fields(folder: &Path) -> Result<Fields, Ending> {
    pack::load(folder, None).map(|pack| pack.fields).map_err(|found| {
        found.iter().for_each(|diagnostic| eprintln!("{}\n", diagnostics::render(diagnostic, false)));
        Ending::Usage
    })
}

/// Tab-separated rows.
fn rows(rows: impl Iterator<Item = Vec<String>>) -> String {
    rows.fold(String::new(), |mut text, row| {
        // Writing into a String cannot fail.
        let _ = writeln!(text, "{}", row.join("\t"));
        text
    })
}
