//! Policies, facts and decision tables for the tests of the policy engine.

use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use shikaku::base::diagnostic::Source;
use shikaku::base::facts::Facts;
use shikaku::base::facts::Value;
use shikaku::base::field::Field;
use shikaku::base::field::Fields;
use shikaku::base::field::Kind;
use shikaku::policy::decision::Decision;
use shikaku::policy::model::Policy;
use shikaku::policy::read::read;

/// Every policy of the tests.
pub const SYSTEMS: &[&str] = &[
    "yokogawa",
    "kenpo-2024",
    "number-confirmation",
    "casio",
    "kamagaya",
    "kokuho-annual",
    "kokuho-biennial",
    "kouki",
    "shigaku",
    "meltec-a",
    "meltec-b",
    "sri",
];

/// A row of a decision table.
pub struct Case {
    pub id: String,
    pub system: String,
    pub inputs: serde_json::Value,
    pub document: String,
    pub expiry: String,
    pub last4: String,
    pub reasons: String,
}

pub fn source(path: &str) -> Arc<Source> {
    let full = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let text = std::fs::read_to_string(&full).unwrap_or_else(|error| panic!("{path}: {error}"));
    Arc::new(Source { name: path.to_owned(), text })
}

/// The files of a policy, from its own to the oldest ancestor's. A pack may have none of its own.
pub fn chain(system: &str) -> Vec<Arc<Source>> {
    let (mut sources, mut next) = (Vec::new(), Some(system.to_owned()));
    while let Some(name) = next {
        let pack: toml::Table = source(&format!("templates/{name}/pack.toml")).text.parse().expect("a pack");
        let policy = format!("templates/{name}/policy.toml");
        if Path::new(env!("CARGO_MANIFEST_DIR")).join(&policy).is_file() {
            sources.push(source(&policy));
        }
        next = pack.get("inherit").map(|parent| parent.as_str().expect("a name").to_owned());
    }
    sources
}

pub fn policy(system: &str) -> Policy {
    let fields = shikaku::pack::load(&Path::new("templates").join(system), None).expect("a pack").fields;
    read(&chain(system), &fields).unwrap_or_else(|errors| {
        let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
        panic!("{system}:\n{}", lines.join("\n"))
    })
}

/// The facts of a case, typed by the field table. A wrong case is a wrong test: it panics.
pub fn facts(inputs: &serde_json::Value) -> Facts {
    facts_with(inputs, &Fields::default())
}

/// The same where a pack adds fields of its own.
pub fn facts_with(inputs: &serde_json::Value, fields: &Fields) -> Facts {
    let mut facts = Facts::new(fields);
    for (name, value) in inputs.as_object().expect("inputs are an object") {
        let field = fields.find(name).unwrap_or_else(|| panic!("no field {name}"));
        set(&mut facts, field, fields.kind(field), value);
    }
    facts
}

fn set(facts: &mut Facts, field: Field, kind: Kind, value: &serde_json::Value) {
    let text = || value.as_str().unwrap_or_else(|| panic!("{field:?} is a string"));
    match kind {
        Kind::Text => facts.set(field, Value::Text(text())),
        Kind::Date => facts.set(field, Value::Date(text().parse().expect("a date"))),
        Kind::Flag => facts.set(field, Value::Flag(value.as_bool().expect("true or false"))),
        Kind::Integer => {
            let number = value.as_u64().and_then(|number| u32::try_from(number).ok());
            facts.set(field, Value::Integer(number.expect("a whole number")));
        }
        Kind::Choice(words) => {
            let word = words.iter().find(|word| **word == text());
            facts.set(field, Value::Choice(word.unwrap_or_else(|| panic!("{field:?} has no such word"))));
        }
    }
}

/// The cases of a table; `system` is that of the column, or the given one where there is no such column.
pub fn cases(path: &str, system: Option<&str>) -> Vec<Case> {
    let table = source(path);
    let mut lines = table.text.lines();
    let header: Vec<&str> = lines.next().expect("a header").split('\t').collect();
    let mut cases = Vec::new();
    for line in lines {
        let cells: Vec<&str> = line.split('\t').collect();
        assert_eq!(cells.len(), header.len(), "{path}: {line}");
        let cell = |name: &str| header.iter().position(|column| *column == name).map(|at| cells[at].to_owned());
        let need = |name: &str| cell(name).unwrap_or_else(|| panic!("{path}: no column {name}"));
        assert!(!need("source").is_empty(), "{path}: {line}");
        cases.push(Case {
            id: need("id"),
            system: system.map_or_else(|| need("system"), str::to_owned),
            inputs: serde_json::from_str(&need("inputs")).unwrap_or_else(|error| panic!("{line}: {error}")),
            document: need("expected_document"),
            expiry: need("expected_expiry"),
            last4: need("expected_last4"),
            reasons: need("expected_reasons"),
        });
    }
    cases
}

/// The four columns of a decision as the tables write them.
pub fn columns(decision: &Decision<'_>) -> [String; 4] {
    let expiry = decision.expiry.text().map_or("-".to_owned(), |text| match text.as_ref() {
        "unspecified" => "UNSPECIFIED".to_owned(),
        other => other.to_owned(),
    });
    let last4 = decision.digits.name().unwrap_or("-").to_owned();
    [decision.document.name().to_owned(), expiry, last4, decision.codes()]
}

/// The files of a folder of test data, by name.
pub fn files(folder: &str) -> Vec<String> {
    let full = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(folder);
    let entries = std::fs::read_dir(&full).unwrap_or_else(|error| panic!("{folder}: {error}"));
    let mut names: Vec<String> =
        entries.map(|entry| format!("{folder}/{}", entry.expect("an entry").file_name().to_string_lossy())).collect();
    names.sort();
    names
}
