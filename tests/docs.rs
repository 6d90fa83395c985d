//! The documents say what is true: their commands run, their examples are read, their lists are complete.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[allow(dead_code, reason = "the tests of the policy engine use the rest")]
mod policy_support;
mod shelf;

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use shikaku::base::diagnostic::{Diagnostic, Severity};
use shikaku::base::field::Fields;
use shikaku::policy::codes;
use shikaku::record::problem::Code;
use shikaku::{Engine, OpenOptions};
use tempfile::TempDir;

use crate::policy_support::{cases, columns, facts_with};
use crate::shelf::Shelf;

/// The documents with commands, besides the README of each pack.
const WITH_COMMANDS: [&str; 6] =
    ["README.md", "docs/cli.md", "docs/names.md", "docs/pack.md", "docs/policy.md", "docs/reports.md"];

/// A fence of a document: what stands behind the language, and the text.
struct Fence {
    info: String,
    text: String,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn document(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The folders under `templates/`, by name.
fn packs() -> Vec<String> {
    let entries = fs::read_dir(root().join("templates")).unwrap();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names.into_iter().map(|name| format!("templates/{name}")).collect()
}

/// The fences of a language, in order.
fn fences(name: &str, language: &str) -> Vec<Fence> {
    let mut fences = all_fences(name);
    fences.retain(|fence| fence.info.split(' ').next() == Some(language));
    fences
}

/// All fences, in order.
fn all_fences(name: &str) -> Vec<Fence> {
    let document = document(name);
    let mut fences = Vec::new();
    let mut open: Option<Fence> = None;
    for line in document.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(info)) => open = Some(Fence { info: info.to_owned(), text: String::new() }),
            (Some(_), Some("")) => fences.extend(open.take()),
            (Some(fence), _) => fence.text.push_str(&format!("{line}\n")),
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "{name}: a fence has no end");
    fences
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &target),
            false => drop(fs::copy(entry.path(), target).unwrap()),
        }
    }
}

/// A copy of what a stranger works on: packs, examples, and the program under its name.
fn desk() -> TempDir {
    let desk = tempfile::tempdir().unwrap();
    copy(&root().join("templates"), &desk.path().join("templates"));
    copy(&root().join("examples"), &desk.path().join("examples"));
    symlink(root().join("fonts"), desk.path().join("fonts")).unwrap();
    let program = desk.path().join("bin/shikaku");
    fs::create_dir(desk.path().join("bin")).unwrap();
    symlink(env!("CARGO_BIN_EXE_shikaku"), program).unwrap();
    desk
}

/// ```` ```sh ```` fences run as they stand; `status=N` behind the language names another status than 0.
#[test]
fn every_command_runs() {
    let mut count = 0;
    let packs = packs().into_iter().map(|pack| format!("{pack}/README.md"));
    for name in &WITH_COMMANDS.map(str::to_owned).into_iter().chain(packs).collect::<Vec<_>>() {
        let desk = desk();
        let path = format!("{}:{}", desk.path().join("bin").display(), std::env::var("PATH").unwrap());
        for fence in fences(name, "sh") {
            let script = fence.text.replace("cargo run --release -- ", "shikaku ");
            if script.contains("cargo ") {
                continue;
            }
            let expected: i32 = fence.info.rsplit_once("status=").map_or(0, |(_, status)| status.parse().unwrap());
            let run = Command::new("sh").args(["-ec", &script]).current_dir(desk.path()).env("PATH", &path).output();
            let run = run.unwrap();
            let said = String::from_utf8_lossy(&run.stderr);
            assert_eq!(run.status.code(), Some(expected), "{name}:\n{}\n{said}", fence.text);
            count += 1;
        }
    }
    assert!(count >= 20, "only {count} commands were found");
}

/// The messages in the guide to names are the program's: each line of a ```` ```text ```` fence, but those of the
/// example of a pack, is part of a line that its commands print.
#[test]
fn every_message_about_names_is_real() {
    let desk = desk();
    let path = format!("{}:{}", desk.path().join("bin").display(), std::env::var("PATH").unwrap());
    let mut said = String::new();
    for fence in fences("docs/names.md", "sh") {
        let run = Command::new("sh").args(["-c", &fence.text]).current_dir(desk.path()).env("PATH", &path).output();
        let run = run.unwrap();
        said.push_str(&String::from_utf8(run.stdout).unwrap());
        said.push_str(&String::from_utf8(run.stderr).unwrap());
    }
    let mut count = 0;
    for fence in fences("docs/names.md", "text").iter().filter(|fence| !fence.text.starts_with("[gaiji]")) {
        for line in fence.text.lines() {
            assert!(said.contains(line), "docs/names.md: nothing prints\n{line}\n\n{said}");
            count += 1;
        }
    }
    assert!(count >= 10, "only {count} messages were found");
}

/// ```` ```toml pack ````, ```` ```toml versions ```` and ```` ```toml policy ```` fences are read as files of a pack
/// that inherits from `yokogawa`, or of a copy of it where they name their own parent.
#[test]
fn every_example_of_a_pack_opens() {
    let desk = desk();
    let mut count = 0;
    for (name, fence) in ["docs/pack.md", "docs/policy.md"]
        .into_iter()
        .flat_map(|name| fences(name, "toml").into_iter().map(move |it| (name, it)))
    {
        let pack: PathBuf = desk.path().join("templates/example");
        fs::create_dir(&pack).unwrap();
        let own = "inherit = \"yokogawa\"\nname = \"example\"\n";
        let (settings, policy) = match fence.info.as_str() {
            // A copy of `yokogawa`, as the guide begins with: its rules are beside it.
            "toml pack" if fence.text.contains("inherit =") => {
                (fence.text.clone(), Some(document("templates/yokogawa/policy.toml")))
            }
            "toml pack" => (format!("{own}{}", fence.text), None),
            // The versions are copies of one policy.
            "toml versions" => {
                for line in fence.text.lines().filter_map(|line| line.strip_prefix("file = \"")) {
                    fs::write(pack.join(line.trim_end_matches('"')), document("templates/yokogawa/policy.toml"))
                        .unwrap();
                }
                (format!("{own}{}", fence.text), None)
            }
            "toml policy" => (own.to_owned(), Some(fence.text.clone())),
            other => panic!("{name}: ```{other}: say `pack`, `versions` or `policy`"),
        };
        fs::write(pack.join("pack.toml"), settings).unwrap();
        if let Some(policy) = policy {
            fs::write(pack.join("policy.toml"), policy).unwrap();
        }
        if let Err(error) = Engine::open(&pack, &OpenOptions::default()) {
            panic!("{name}:\n{}\n{error}", fence.text);
        }
        fs::remove_dir_all(&pack).unwrap();
        count += 1;
    }
    assert!(count >= 10, "only {count} examples were found");
}

/// A ```` ```tsv cases ```` fence is the `cases.tsv` of the policy before it, in a pack that inherits from `base`: every
/// case holds. Where it says `complete`, check has nothing to say of the pack at all.
#[test]
fn every_case_of_the_documents_holds() {
    let shelf = Shelf::new();
    let mut count = 0;
    for (number, name) in ["docs/pack.md", "docs/policy.md"].into_iter().enumerate() {
        let mut policy = None;
        for (place, fence) in all_fences(name).into_iter().enumerate() {
            match fence.info.as_str() {
                "toml policy" => policy = Some(fence.text),
                "tsv cases" | "tsv cases complete" => {
                    let pack = shelf.pack(&format!("example{number}-{place}"), "");
                    let policy = policy.take().unwrap_or_else(|| panic!("{name}: cases without a policy before them"));
                    fs::write(pack.join("policy.toml"), policy).unwrap();
                    fs::write(pack.join("cases.tsv"), &fence.text).unwrap();
                    let checked = Engine::open(&pack, &OpenOptions::default()).unwrap().check();
                    let complete = fence.info.ends_with("complete");
                    let severe = |found: &&Diagnostic| complete || found.severity == Severity::Error;
                    let found: Vec<String> = checked.found.iter().filter(severe).map(ToString::to_string).collect();
                    assert!(found.is_empty(), "{name}:\n{}\n{}", fence.text, found.join("\n"));
                    assert_eq!(checked.cases + 1, fence.text.lines().count(), "{name}:\n{}", fence.text);
                    count += checked.cases;
                }
                _ => {}
            }
        }
    }
    assert!(count >= 12, "only {count} cases were found");
}

/// The guide: other fields take no default.
#[test]
fn a_default_for_another_field_is_an_error() {
    let desk = desk();
    let pack = desk.path().join("templates/example");
    fs::create_dir(&pack).unwrap();
    for field in ["name", "sample", "requested"] {
        let settings = format!("inherit = \"yokogawa\"\nname = \"example\"\n[defaults]\n{field} = \"notice\"\n");
        fs::write(pack.join("pack.toml"), settings).unwrap();
        let error = Engine::open(&pack, &OpenOptions::default()).unwrap_err().to_string();
        assert!(error.contains("pack.toml:4:1: error: a pack gives no default"), "{error}");
    }
}

/// The cases beside each pack hold, whoever adds one, and check finds nothing wrong.
#[test]
fn every_case_beside_a_pack_holds() {
    let mut count = 0;
    for entry in fs::read_dir(root().join("templates")).unwrap() {
        let folder = entry.unwrap().path();
        if !folder.join("cases.tsv").is_file() {
            continue;
        }
        let name = folder.file_name().unwrap().to_str().unwrap();
        let pack = shikaku::pack::load(&folder, None).unwrap_or_else(|errors| panic!("{name}: {errors:?}"));
        let checked = Engine::open(&folder, &OpenOptions::default()).unwrap_or_else(|error| panic!("{error}")).check();
        let wrong: Vec<String> =
            checked.found.iter().filter(|found| found.severity == Severity::Error).map(ToString::to_string).collect();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        for case in cases(&format!("templates/{name}/cases.tsv"), Some(name)) {
            let facts = facts_with(&case.inputs, &pack.fields);
            let decision = pack.policies.decide(&facts);
            let decision = decision.unwrap_or_else(|error| panic!("{name}, {}: {error}", case.id));
            let expected = [&case.document, &case.expiry, &case.last4, &case.reasons].map(String::clone);
            assert_eq!(columns(&decision), expected, "{name}, {}", case.id);
            count += 1;
        }
    }
    assert!(count >= 270, "only {count} cases were found");
}

#[test]
fn every_code_is_explained() {
    let reports = document("docs/reports.md");
    let is_code = |word: &&str| {
        word.chars().all(|letter| letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == '_')
    };
    let cells = reports.lines().filter_map(|line| line.strip_prefix("| ")?.split(" | ").next());
    let explained: BTreeSet<&str> = cells.flat_map(|cell| cell.split('`').skip(1).step_by(2)).filter(is_code).collect();
    let read = Code::ALL.iter().map(|code| code.as_str());
    let paper = shikaku::engine::codes::ALL.iter().map(|code| code.code);
    let decided = codes::all().map(|reason| reason.code.as_ref()).chain([codes::REISSUE_APPLICATION_REQUIRED]);
    let known: BTreeSet<&str> = read.chain(paper).chain(decided).collect();
    let missing: Vec<_> = known.difference(&explained).collect();
    assert!(missing.is_empty(), "docs/reports.md does not explain {missing:?}");
    let unknown: Vec<_> = explained.difference(&known).collect();
    assert!(unknown.is_empty(), "docs/reports.md explains {unknown:?}, which nothing says");
}

#[test]
fn every_label_is_in_the_glossary() {
    let glossary = document("docs/glossary.md");
    let fields = Fields::default();
    let missing: Vec<&str> = fields
        .iter()
        .filter(|field| !glossary.contains(&format!("`{}`", fields.name(*field))))
        .map(|field| fields.name(field))
        .collect();
    assert!(missing.is_empty(), "docs/glossary.md lacks {missing:?}");
}

/// A link to a file of the repository leads to one. Pictures are drawn by `examples/pictures.rs`.
#[test]
fn every_link_leads_somewhere() {
    let mut documents = vec!["README.md".into(), "CHANGELOG.md".into(), "fonts/README.md".into()];
    for folder in ["docs", "docs/decisions"].map(str::to_owned).into_iter().chain(packs()) {
        for entry in fs::read_dir(root().join(&folder)).unwrap() {
            let path = Path::new(&folder).join(entry.unwrap().file_name());
            if path.extension().is_some_and(|extension| extension == "md") {
                documents.push(path.to_str().unwrap().to_owned());
            }
        }
    }
    for name in documents {
        let text = document(&name);
        for link in text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(link, _)| link) {
            let file = link.split('#').next().unwrap();
            let drawn = file.contains("pictures/") && !root().join("docs/pictures").exists();
            if file.is_empty() || file.contains("://") || drawn {
                continue;
            }
            let target = root().join(&name).parent().unwrap().join(file);
            assert!(target.exists(), "{name}: there is no {link}");
        }
    }
}

#[test]
fn an_engine_is_shared_between_threads() {
    fn shared<T: Send + Sync + 'static>() {}
    shared::<Engine>();
    shared::<shikaku::Input>();
    shared::<shikaku::RecordReport>();
    shared::<shikaku::PackError>();
    shared::<shikaku::RenderError>();
    shared::<shikaku::OneError>();
}
