//! Every paper of every pack, read back by somebody else's reader: all that must stand on it does, and nothing else.
//! What a sheet must say is taken from the sample's CSV without the library's reader.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod product;
mod reader;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use shikaku::base::field::{Field, Fields};
use shikaku::engine::{Engine, Input, OpenOptions, Options, RenderError};
use shikaku::policy::decision::{Digits, Document, Expiry};
use shikaku::record::Record;

use crate::product::expected::{wareki, wareki_of};
use crate::product::{names, rows};
use crate::reader::Page;

/// The packs that print; the other folders are what packs share.
const PACKS: [&str; 12] = [
    "casio",
    "kamagaya",
    "kenpo-2024",
    "kokuho-annual",
    "kokuho-biennial",
    "kouki",
    "meltec-a",
    "meltec-b",
    "number-confirmation",
    "shigaku",
    "sri",
    "yokogawa",
];

/// Width and height in millimetres.
const SHEETS: [(&str, (f64, f64)); 3] = [("A4", (210.0, 297.0)), ("postcard", (100.0, 148.0)), ("card", (85.6, 53.98))];

/// The slip at the lower right of a notice: left, top, right, bottom in millimetres.
const SLIP: [f64; 4] = [114.4, 233.02, 200.0, 287.0];

/// Whose insurance it is: it says which items a paper has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family {
    Kenpo,
    Kokuho,
    Kouki,
}

/// A pack with the records of its sample.
struct Pack {
    name: &'static str,
    engine: Engine,
    family: Family,
    samples: Vec<Sample>,
    /// What stands on papers whatever the record: words of templates and packs.
    fixed: String,
    /// What the pack puts into placeholders.
    constants: Vec<String>,
}

/// A record as its file has it, by field, and as the library reads it.
struct Sample {
    cells: BTreeMap<String, String>,
    record: Record,
}

impl Sample {
    fn get(&self, field: &str) -> &str {
        self.cells.get(field).map_or("", String::as_str)
    }

    fn day(&self, field: &str) -> String {
        wareki_of(self.get(field))
    }

    fn is(&self, field: &str, word: &str) -> bool {
        let fields = Fields::default();
        fields.find(field).is_some_and(|field| self.record.facts.text(field) == Some(word))
    }

    fn flag(&self, field: &str) -> bool {
        matches!(self.get(field), "1" | "有" | "true" | "TRUE")
    }

    fn id(&self) -> &str {
        self.get("record_id")
    }

    /// The name as a front shows it.
    fn name(&self) -> String {
        let name = if self.get("name_alias").is_empty() { self.get("name") } else { self.get("name_alias") };
        match self.get("name_former") {
            "" => name.to_owned(),
            former => {
                let (family, given) = name.split_once(['　', ' ']).unwrap();
                format!("{family}（{former}）{given}")
            }
        }
    }
}

/// The folders of a pack and its ancestors, itself first.
fn ancestry(name: &str) -> Vec<PathBuf> {
    let mut folders = vec![Path::new("templates").join(name)];
    loop {
        let file: toml::Table = toml(folders.last().unwrap());
        match file.get("inherit") {
            Some(parent) => folders.push(Path::new("templates").join(parent.as_str().unwrap())),
            None => return folders,
        }
    }
}

fn toml(folder: &Path) -> toml::Table {
    fs::read_to_string(folder.join("pack.toml")).unwrap().parse().unwrap()
}

/// Header of the CSV and field, the pack's own before those of its ancestors.
fn columns(folders: &[PathBuf]) -> BTreeMap<String, String> {
    let mut columns = BTreeMap::new();
    for folder in folders.iter().rev() {
        if let Some(own) = toml(folder).get("columns") {
            for (header, field) in own.as_table().unwrap() {
                columns.insert(header.clone(), field.as_str().unwrap().to_owned());
            }
        }
    }
    columns
}

/// Words of all templates and packs that may stand on a paper.
fn fixed(folders: &[PathBuf]) -> String {
    let mut words = String::new();
    let mut open: Vec<PathBuf> = folders.to_vec();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.extension() {
                _ if path.is_dir() => open.push(path),
                Some(extension) if extension == "toml" => words.push_str(&fs::read_to_string(path).unwrap()),
                Some(_) | None => {}
            }
        }
    }
    words
}

fn open(name: &'static str) -> Pack {
    let folders = ancestry(name);
    let engine = Engine::open(&folders[0], &OpenOptions::default()).unwrap();
    let columns = columns(&folders);
    let text = fs::read_to_string(folders[0].join("sample.csv")).unwrap();
    let mut samples = Vec::new();
    let mut of_file = rows(&text).into_iter();
    let read = |record: Result<&Record, _>| {
        let row = of_file.next().unwrap();
        let cells = row.cells().map(|(header, cell)| {
            let field = columns.get(header).map_or(header, String::as_str);
            (field.to_owned(), cell.to_owned())
        });
        samples.push(Sample { cells: cells.collect(), record: record.unwrap().clone() });
        Ok::<(), RenderError>(())
    };
    engine.visit(&Input::bytes(text.as_bytes()), &Options::default(), read).unwrap();
    let pack = engine.pack();
    let insurer = &pack.insurer;
    let number = insurer.number.clone().unwrap_or_default();
    let family = match number.len() {
        6 => Family::Kokuho,
        _ if number.starts_with("39") => Family::Kouki,
        _ => Family::Kenpo,
    };
    let mut constants: Vec<String> = pack.texts.values().cloned().collect();
    let of_insurer = [Some(number), insurer.name.clone(), insurer.address.clone(), insurer.phone.clone()];
    constants.extend(of_insurer.into_iter().flatten());
    for folder in &folders {
        let policy = fs::read_to_string(folder.join("policy.toml")).unwrap_or_default();
        let policy: toml::Table = policy.parse().unwrap();
        let titles = policy.get("title").and_then(|titles| titles.as_table());
        constants.extend(titles.into_iter().flatten().map(|(_, title)| title.as_str().unwrap().to_owned()));
    }
    Pack { name, family, samples, fixed: fixed(&folders), constants, engine }
}

/// The values that may stand on the papers of a record, written as they stand there; the longest first.
fn values(pack: &Pack, sample: &Sample, expiry: Option<&str>) -> Vec<String> {
    let mut values: Vec<String> = sample.cells.values().filter(|cell| !cell.is_empty()).cloned().collect();
    let dates =
        ["issue_date", "birth_date", "acquired_on", "ratio_from", "ratio_until", "limit_from", "long_stay_from"];
    values.extend(dates.iter().map(|field| sample.day(field)));
    values.push(sample.name());
    values.push(sample.get("name").to_owned());
    values.extend(["symbol", "number"].map(|field| sample.get(field).trim_start_matches('0').to_owned()));
    let digits = sample.get("postal_code").replace('-', "");
    values.extend(digits.split_at_checked(3).map(|(area, town)| format!("{area}-{town}")));
    values.extend(digits.chars().map(String::from));
    values.extend(expiry.map(str::to_owned));
    // Written by conditions and modes.
    values.extend(["裏面参照", "—", "男", "女", "本人", "家族", "＊＊＊＊　＊＊＊＊　"].map(str::to_owned));
    values.extend(pack.constants.iter().cloned());
    values.retain(|value| !value.is_empty());
    values.sort_by_key(|value| std::cmp::Reverse(value.len()));
    values
}

/// What must stand on the papers of a record.
fn required(pack: &Pack, sample: &Sample, document: Document, expiry: Option<&str>) -> Vec<(&'static str, String)> {
    let text = |field: &'static str| (field, sample.get(field).to_owned());
    let day = |field: &'static str| (field, sample.day(field));
    // `0012` may stand as `12`.
    let number = |field: &'static str| match sample.is("symbol_display", "significant") {
        true => (field, sample.get(field).trim_start_matches('0').to_owned()),
        false => text(field),
    };
    let insurer = &pack.engine.pack().insurer;
    let mut wanted = vec![
        ("name", sample.name()),
        number("number"),
        ("insurer_number", insurer.number.clone().unwrap()),
        ("insurer_name", insurer.name.clone().unwrap()),
    ];
    if pack.family != Family::Kouki {
        wanted.extend([number("symbol"), text("branch")]);
    }
    if sample.get("layout") == "portal" {
        wanted.extend([text("ratio"), day("ratio_until")]);
        return wanted;
    }
    wanted.extend([day("birth_date"), day("acquired_on"), day("issue_date"), text("name_kana")]);
    wanted.extend([text("ratio"), day("ratio_from"), day("ratio_until")]);
    wanted.extend(expiry.map(|expiry| ("expiry", expiry.to_owned())));
    match pack.family {
        Family::Kenpo => {
            wanted.push(text("member_kind"));
            if sample.get("member_kind") == "家族" {
                wanted.push(text("insured_name"));
            }
        }
        Family::Kokuho => wanted.push(text("household_head")),
        Family::Kouki => {}
    }
    if document == Document::Certificate {
        wanted.extend([text("limit_category"), day("limit_from"), day("long_stay_from"), text("specific_disease")]);
        wanted.push(text("remarks_back"));
        wanted.push(("special_expense", if sample.flag("special_expense") { "特別療養費" } else { "" }.to_owned()));
        if !sample.get("name_alias").is_empty() {
            wanted.push(text("name"));
        }
        if sample.is("sex_front_mode", "print") {
            wanted.push(text("sex"));
        }
    }
    wanted.retain(|(_, value)| !value.is_empty());
    wanted
}

/// A record's sheets read back.
struct Printed {
    document: Document,
    expiry: Option<String>,
    digits: bool,
    pages: Vec<Page>,
}

fn printed(pack: &Pack, sample: &Sample) -> Option<Printed> {
    let decision = pack.engine.decide(&sample.record).unwrap();
    if !matches!(decision.document, Document::Notice | Document::Certificate) {
        return None;
    }
    let expiry = match decision.expiry {
        Expiry::On(date) => {
            use chrono::Datelike;
            Some(wareki((date.year(), date.month(), date.day())))
        }
        Expiry::Never | Expiry::NotApplicable | Expiry::Unspecified => None,
    };
    let pdf = pack.engine.pdf(&sample.record).unwrap_or_else(|error| panic!("{} {}: {error}", pack.name, sample.id()));
    let digits = matches!(decision.digits, Digits::Shown(_));
    Some(Printed { document: decision.document, expiry, digits, pages: reader::pages(&pdf) })
}

/// Calls `check` for every paper of every sample.
fn each_paper(mut check: impl FnMut(&Pack, &Sample, &Printed)) {
    for name in PACKS {
        let pack = open(name);
        let mut papers = 0;
        for sample in &pack.samples {
            if let Some(printed) = printed(&pack, sample) {
                check(&pack, sample, &printed);
                papers += 1;
            }
        }
        assert!(papers >= 4, "{name}: the sample has {papers} papers");
    }
}

/// The text of all pages, run behind run as drawn.
fn all_text(pages: &[Page]) -> String {
    pages.iter().flat_map(|page| &page.runs).filter(|run| !run.outlined).map(|run| run.text.as_str()).collect()
}

#[test]
fn all_packs_are_known() {
    let mut found = names(Path::new("templates"));
    found.retain(|name| Path::new("templates").join(name).join("sample.csv").is_file());
    assert_eq!(found, PACKS);
    for name in PACKS {
        for file in ["pack.toml", "policy.toml", "cases.tsv", "README.md"] {
            assert!(Path::new("templates").join(name).join(file).is_file(), "{name} has no {file}");
        }
    }
}

#[test]
fn every_required_item_stands_on_its_paper() {
    each_paper(|pack, sample, printed| {
        let text = all_text(&printed.pages);
        let runs: BTreeSet<&str> =
            printed.pages.iter().flat_map(|page| &page.runs).map(|run| run.text.as_str()).collect();
        for (field, value) in required(pack, sample, printed.document, printed.expiry.as_deref()) {
            let found = runs.iter().any(|run| run.contains(&value) && (value.chars().count() > 2 || **run == value));
            // A long value may stand on several lines; a short one must be a text of its own, or part of one.
            let found = found || text.contains(&value);
            assert!(found, "{} {}: {field} is not on the paper: {runs:?}", pack.name, sample.id());
        }
    });
}

#[test]
fn nothing_else_stands_on_a_paper() {
    each_paper(|pack, sample, printed| {
        let values = values(pack, sample, printed.expiry.as_deref());
        for run in printed.pages.iter().flat_map(|page| &page.runs) {
            // A line of a longer text, or values among fixed words.
            let known = values.iter().any(|value| value.contains(&run.text)) || pack.fixed.contains(&run.text);
            if known {
                continue;
            }
            let mut rest = run.text.clone();
            for value in &values {
                rest = rest.replace(value.as_str(), "\u{1}");
            }
            for piece in rest.split('\u{1}') {
                let id = sample.id();
                assert!(pack.fixed.contains(piece), "{} {id}: whose is {:?}, {piece:?}?", pack.name, run.text);
            }
        }
    });
}

#[test]
fn sheets_have_the_size_that_was_asked_for() {
    each_paper(|pack, sample, printed| {
        let (name, size) = SHEETS.into_iter().find(|(name, _)| sample.is("sheet", name)).unwrap();
        for page in &printed.pages {
            let off = (page.size.0 - size.0).abs().max((page.size.1 - size.1).abs());
            assert!(off < 0.2, "{} {}: {:?} is no {name}", pack.name, sample.id(), page.size);
        }
    });
}

#[test]
fn the_mark_of_a_sample_lies_on_every_side() {
    each_paper(|pack, sample, printed| {
        for page in &printed.pages {
            let marks = page.runs.iter().filter(|run| run.outlined && run.text == "見本").count();
            assert!(marks >= 1, "{} {}", pack.name, sample.id());
        }
    });
}

#[test]
fn digits_show_on_notices_that_say_so_and_nowhere_else() {
    each_paper(|pack, sample, printed| {
        let digits = sample.get("last4");
        if digits.is_empty() {
            assert!(!printed.digits);
            return;
        }
        let id = sample.id();
        let runs = || printed.pages.iter().flat_map(|page| &page.runs);
        if printed.digits && sample.get("layout") != "portal" {
            let within = |x: f64, y: f64| (SLIP[0]..=SLIP[2]).contains(&x) && (SLIP[1]..=SLIP[3]).contains(&y);
            let found =
                |on_slip: bool| runs().filter(|run| run.text == digits && within(run.x, run.y) == on_slip).count();
            assert_eq!([found(true), found(false)], [1, 1], "{} {id}", pack.name);
        } else {
            let own = ["symbol", "number", "postal_code", "address"].map(|field| sample.get(field));
            let is_own =
                |text: &str| own.iter().any(|own| !own.is_empty() && (text.contains(own) || own.contains(text)));
            let strange = runs().filter(|run| run.text.contains(digits) && !is_own(&run.text));
            assert_eq!(strange.filter(|run| !pack.fixed.contains(&run.text)).count(), 0, "{} {id}", pack.name);
        }
        assert!(printed.document == Document::Notice || !printed.digits, "{} {id}", pack.name);
    });
}

/// A paper without one of these would be wrong, however it is laid out: such a record is refused.
#[test]
fn a_record_without_what_its_paper_must_have_is_refused() {
    let fields = Fields::default();
    let mut tried = BTreeSet::new();
    each_paper(|pack, sample, printed| {
        let mut needed = vec!["name", "number"];
        if sample.get("layout") != "portal" {
            needed.extend(["birth_date", "acquired_on"]);
            if pack.family != Family::Kouki {
                needed.extend(["symbol", "branch"]);
            }
            if pack.family == Family::Kenpo {
                needed.push("member_kind");
            }
            if printed.document == Document::Certificate {
                needed.push("issue_date");
            }
        }
        // Once for each kind of paper: records of one kind go the same way.
        let kind = ["A4", "postcard", "card"].map(|sheet| sample.is("sheet", sheet));
        if !tried.insert((pack.name, printed.document == Document::Notice, kind, sample.get("layout").to_owned())) {
            return;
        }
        for name in needed {
            // 通称名 would stand in for the name.
            let mut record = sample.record.clone();
            record.facts.remove(Field::NAME_ALIAS);
            record.facts.remove(fields.find(name).unwrap());
            let made = pack.engine.pdf(&record);
            assert!(made.is_err(), "{} {}: printed without {name}", pack.name, sample.id());
        }
    });
    assert!(tried.len() >= 20, "{tried:?}");
}
