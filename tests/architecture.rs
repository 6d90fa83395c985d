//! Arrows go one way: reads `src/` and the tables of `docs/architecture.md`, and names every import that
//! the tables do not allow, every arrow that no code has, every crate outside its home, and every file
//! that outgrew its budget.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Lines of a file, tests left out.
const BUDGET: usize = 500;

/// Files over the budget: their lines now, and why. An entry may only shrink, and goes when it is not needed.
const LONG_FILES: &[(&str, usize, &str)] = &[];

/// Where the library lives in the tables: `src/bin` is the program.
const PROGRAM: &str = "program";

type Table = BTreeMap<String, BTreeSet<String>>;

/// A source file: its path below the repository, its module, its lines without comments.
struct Source {
    path: String,
    module: String,
    is_root_of_module: bool,
    lines: Vec<String>,
    lines_without_tests: usize,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(files(&path)),
            false => found.push(path),
        }
    }
    found.retain(|path| path.extension().is_some_and(|extension| extension == "rs"));
    found.sort();
    found
}

fn sources() -> Vec<Source> {
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap();
        let below = path.strip_prefix(root().join("src")).unwrap().to_str().unwrap().replace('\\', "/");
        let parts: Vec<&str> = below.trim_end_matches(".rs").split('/').collect();
        let module = if parts[0] == "bin" { PROGRAM } else { parts[0] };
        let is_test = parts.contains(&"tests") || parts.contains(&"synthetic");
        let code = text.find("#[cfg(test)]\nmod tests").map_or(text.as_str(), |end| &text[..end]);
        Source {
            path: format!("src/{below}"),
            module: module.to_owned(),
            is_root_of_module: parts.len() == 1 || parts.len() == 2 && parts[1] == "mod",
            lines: text.lines().map(|line| line.split("//").next().unwrap().to_owned()).collect(),
            lines_without_tests: if is_test { 0 } else { code.lines().count() },
        }
    };
    files(&root().join("src")).into_iter().map(read).collect()
}

/// The table below a heading: the names in backticks of the first cell, each with those of the second.
fn table(heading: &str) -> Table {
    let text = fs::read_to_string(root().join("docs/architecture.md")).unwrap();
    let section = text.split_once(&format!("\n## {heading}\n")).expect("the heading is there").1;
    let section = section.split("\n## ").next().unwrap();
    let names = |cell: &str| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect::<BTreeSet<_>>();
    let mut table = Table::new();
    for row in section.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = row.split('|').collect();
        for name in names(cells[1]) {
            assert!(table.insert(name.clone(), names(cells[2])).is_none(), "{heading}: `{name}` has two rows");
        }
    }
    table
}

/// What follows each `prefix` that begins a path: a name, or a sign.
fn after<'l>(line: &'l str, prefix: &str) -> Vec<&'l str> {
    let in_path = |end: usize| line[..end].ends_with(|c: char| c.is_alphanumeric() || "_:$".contains(c));
    let starts = line.match_indices(prefix).filter(|(at, _)| !in_path(*at));
    let rest = starts.map(|(at, _)| &line[at + prefix.len()..]);
    rest.map(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap()).collect()
}

#[test]
fn imports_go_one_way() {
    let allowed = table("Who may import whom");
    let mut used = Table::new();
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|source| source.module != PROGRAM && source.module != "lib") {
        let own = used.entry(source.module.clone()).or_default();
        let may = allowed.get(&source.module);
        let mut test_began = false;
        for (index, line) in source.lines.iter().enumerate() {
            test_began |= line.trim() == "#[cfg(test)]";
            let mut say = |what: &str| wrong.push(format!("{}:{}: {what}", source.path, index + 1));
            for name in after(line, "crate::").into_iter().filter(|name| *name != source.module) {
                own.insert(name.to_owned());
                match may {
                    _ if !name.starts_with(|c: char| c.is_ascii_lowercase()) => {
                        say("imports from the crate's root; name the owner, one `use crate::module::…` a line");
                    }
                    Some(may) if may.contains(name) => {}
                    Some(_) | None => say(&format!("{} may not import {name}", source.module)),
                }
            }
            if line.contains("super::super") || source.is_root_of_module && !test_began && line.contains("super::") {
                say("`super` leaves the module; write `crate::module::…`");
            }
            if line.contains("::*;") && !line.contains("use super::*;") && !line.contains("prelude::*;") {
                say("imports everything; name what is needed");
            }
        }
    }
    for (module, names) in &allowed {
        let own = used.get(module).unwrap_or_else(|| panic!("docs/architecture.md: there is no module `{module}`"));
        let unused = names.difference(own).map(|name| format!("docs/architecture.md: {module} does not import {name}"));
        wrong.extend(unused);
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn crates_stay_at_home() {
    let homes = table("Which crate lives where");
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let section = manifest.split_once("\n[dependencies]\n").unwrap().1.split("\n[").next().unwrap();
    let crates: BTreeSet<&str> = section.lines().filter_map(|line| Some(line.split_once(" =")?.0)).collect();
    let listed: BTreeSet<&str> = homes.keys().map(String::as_str).collect();
    assert_eq!(crates, listed, "docs/architecture.md lists the [dependencies] of Cargo.toml");
    let mut wrong = Vec::new();
    for source in sources() {
        for (index, line) in source.lines.iter().enumerate() {
            for (name, _) in homes.iter().filter(|(_, home)| !home.is_empty() && !home.contains(&source.module)) {
                if !after(line, &format!("{}::", name.replace('-', "_"))).is_empty() {
                    wrong.push(format!("{}:{}: {} may not use {name}", source.path, index + 1, source.module));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn files_stay_small() {
    let mut wrong = Vec::new();
    for source in sources() {
        let (path, lines) = (&source.path, source.lines_without_tests);
        match LONG_FILES.iter().find(|(long, _, _)| long == path) {
            None if lines > BUDGET => wrong.push(format!("{path}: {lines} lines, {BUDGET} are the budget: divide it")),
            Some((_, most, _)) if lines > *most => wrong.push(format!("{path}: grew from {most} to {lines} lines")),
            Some((_, most, _)) if lines < *most => {
                wrong.push(format!("{path}: write {lines} for {most}, or take it out"))
            }
            Some(_) | None => {}
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
