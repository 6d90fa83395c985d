//! The template language against whole files: good ones, wrong ones, mutilated ones, and the guide.

#![allow(clippy::unwrap_used, reason = "a helper of tests may stop the test")]

use std::collections::BTreeSet;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use proptest::prelude::*;
use shikaku::base::diagnostic::Diagnostic;
use shikaku::base::diagnostic::Source;
use shikaku::base::field::Extra;
use shikaku::base::field::Fields;
use shikaku::base::field::Kind;
use shikaku::template::model::Template;
use shikaku::template::read;
use shikaku::template::vocabulary;
use shikaku::template::vocabulary::Vocabulary;

/// The pack that the files are written for.
struct Pack {
    fields: Fields,
    texts: BTreeSet<String>,
    chains: BTreeSet<String>,
}

impl Pack {
    fn new() -> Pack {
        let set = |words: &[&str]| words.iter().map(|word| word.to_string()).collect();
        let own = Extra { name: "section".into(), label: "所属".into(), kind: Kind::Text };
        Pack {
            fields: Fields::new(vec![own]),
            texts: set(&["phone", "portal", "address"]),
            chains: set(&["gothic", "gothic-bold", "mincho"]),
        }
    }

    fn read(&self, source: &Arc<Source>, folder: &Path) -> Result<Template, Vec<Diagnostic>> {
        let vocabulary = Vocabulary { fields: &self.fields, texts: &self.texts, chains: &self.chains };
        let fetch = |path: &str| match std::fs::read_to_string(folder.join(path)) {
            Ok(text) => Ok(Arc::new(Source { name: path.to_owned(), text })),
            Err(_) => Err(Diagnostic::error(format!("there is no file \"{path}\""))),
        };
        read::read(source, &vocabulary, &fetch)
    }
}

fn data(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/templates").join(folder)
}

/// The templates directly in a folder; parts and styles lie in folders below.
fn templates(folder: &Path) -> Vec<Arc<Source>> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "toml"));
    paths.sort();
    assert!(!paths.is_empty());
    let source = |path: PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        Arc::new(Source { name, text: std::fs::read_to_string(path).unwrap() })
    };
    paths.into_iter().map(source).collect()
}

fn shown(errors: &[Diagnostic]) -> String {
    errors.iter().map(|error| format!("{error}\n")).collect()
}

#[test]
fn good_templates_are_read() {
    let pack = Pack::new();
    for source in templates(&data("ok")) {
        let read = pack.read(&source, &data("ok"));
        assert!(read.is_ok(), "{}", shown(&read.unwrap_err()));
    }
}

/// `# error COLUMN message (hint)` at the end of the line that is meant, several of them for several
/// errors; `FILE:LINE:COLUMN` for a place in another file.
fn expected(source: &Source) -> Vec<String> {
    let mut expected = Vec::new();
    for (index, line) in source.text.lines().enumerate() {
        for note in line.split("# error ").skip(1) {
            let (place, message) = note.trim_end().split_once(' ').unwrap();
            let place = match place.contains(':') {
                true => place.to_owned(),
                false => format!("{}:{}:{place}", source.name, index + 1),
            };
            expected.push(format!("{place}: error: {message}"));
        }
    }
    expected.sort();
    expected
}

#[test]
fn wrong_templates_are_answered_at_the_place() {
    let pack = Pack::new();
    let mut differing = String::new();
    for source in templates(&data("wrong")) {
        let errors = pack.read(&source, &data("wrong")).err().unwrap_or_default();
        let mut found: Vec<String> = errors.iter().map(ToString::to_string).collect();
        found.sort();
        assert!(!found.is_empty(), "{} is not wrong", source.name);
        let expected = expected(&source);
        let missing = expected.iter().filter(|line| !found.contains(line)).map(|line| format!("- {line}\n"));
        let surplus = found.iter().filter(|line| !expected.contains(line)).map(|line| format!("+ {line}\n"));
        differing.extend(missing.chain(surplus));
    }
    assert!(differing.is_empty(), "expected (-) and found (+):\n{differing}");
}

#[test]
fn errors_come_in_the_order_of_the_file() {
    let source = Arc::new(Source {
        name: "t.toml".into(),
        text: "sheet = \"A5\"\n[style.a]\nsize = 9\n[[item]]\nline = 1\n[[item]]\n".into(),
    });
    let errors = Pack::new().read(&source, &data("ok")).unwrap_err();
    let lines: Vec<usize> = errors.iter().map(|error| error.place.as_ref().unwrap().line_and_column().0).collect();
    assert_eq!(lines, [1, 2, 3, 5, 6], "{}", shown(&errors));
}

/// The promises of the model that positions carry.
#[test]
fn parts_and_slips_are_moved_to_their_place() {
    use shikaku::base::length::Length;
    use shikaku::template::model::Condition;
    use shikaku::template::model::Shape;
    let pack = Pack::new();
    let source = templates(&data("ok")).into_iter().find(|source| source.name == "notice.toml").unwrap();
    let template = pack.read(&source, &data("ok")).unwrap();
    let slip = template.slips[0];
    assert_eq!((slip.at.x.to_string(), slip.at.y.to_string()), ("114.4mm".into(), "233.02mm".into()));
    let digits: Vec<_> = template
        .items
        .iter()
        .filter(|item| item.when.iter().any(|test| test.condition == Condition::DigitsOnSlip))
        .collect();
    assert_eq!(digits.len(), 1);
    let Shape::Text(text) = &digits[0].shape else { panic!("the digits on the slip are a text") };
    assert_eq!(text.at.x, slip.at.x + Length::mm(60));
    let qr = template.items.iter().find_map(|item| match &item.shape {
        Shape::Qr(qr) => Some((qr.at, item.when.clone(), item.place.source.name.clone())),
        _ => None,
    });
    let (at, when, file) = qr.unwrap();
    assert_eq!((at.x, at.y), (Length::mm(20), Length::mm(240)));
    assert_eq!(when.len(), 2, "the condition of the part and that of the item");
    assert_eq!(file, "parts/portal.toml");
}

#[test]
fn a_paragraph_without_a_height_ends_above_a_slip() {
    use shikaku::template::model::Shape;
    let pack = Pack::new();
    let text = "
        sheet = \"A4\"
        [style.body]
        chain = \"gothic\"
        size = \"9pt\"
        [[item]]
        paragraph = { at = [\"20mm\", \"200mm\"], width = \"170mm\", style = \"body\", value = \"上\" }
        [[item]]
        paragraph = { at = [\"20mm\", \"200mm\"], width = \"50mm\", style = \"body\", value = \"横\" }
        [[item]]
        slip = { corner = \"lower-right\", margin = \"10mm\", size = [\"85mm\", \"50mm\"] }";
    let source = Arc::new(Source { name: "t.toml".into(), text: text.into() });
    let template = pack.read(&source, &data("ok")).unwrap();
    let heights: Vec<Option<String>> = template
        .items
        .iter()
        .filter_map(|item| match &item.shape {
            Shape::Paragraph(paragraph) => Some(paragraph.height.map(|height| height.to_string())),
            _ => None,
        })
        .collect();
    assert_eq!(heights, [Some("37mm".into()), None]);
}

/// A complete example of the guide: the name that its picture goes by, and its text.
fn examples(guide: &str) -> Vec<(String, String)> {
    let mut examples = Vec::new();
    for fence in guide.split("\n```toml").skip(1) {
        let (name, rest) = fence.split_once('\n').unwrap();
        let text = rest.split("\n```").next().unwrap();
        examples.push((name.trim().trim_start_matches("name=").to_owned(), format!("{text}\n")));
    }
    examples
}

fn guide() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/template.md")).unwrap()
}

#[test]
fn every_example_of_the_guide_is_a_template() {
    let pack = Pack::new();
    let guide = guide();
    let examples = examples(&guide);
    assert!(examples.len() > 9);
    for (name, text) in examples {
        assert!(!name.is_empty(), "an example has no name:\n{text}");
        assert!(guide.contains(&format!("](pictures/template-{name}.png)")), "{name} has no picture");
        let source = Arc::new(Source { name: format!("{name}.toml"), text });
        let read = pack.read(&source, &data("ok"));
        assert!(read.is_ok(), "{}", shown(&read.unwrap_err()));
    }
}

/// A table in Markdown.
fn table<const N: usize>(heads: [&str; N], rows: Vec<[String; N]>) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let heads = line(&heads.map(String::from)) + &line(&[(); N].map(|()| "---".to_owned()));
    rows.iter().fold(heads, |table, row| table + &line(row))
}

/// The tables of the guide are those of the code. When they differ, the message holds what belongs there.
#[test]
fn the_guide_prints_the_tables_of_the_code() {
    let guide = guide();
    for (name, table) in [
        ("formats", table(["Format", "Meaning", "Goes behind", "Example"], vocabulary::format_rows())),
        ("conditions", table(["Condition", "Holds when"], vocabulary::condition_rows())),
        ("job", table(["Placeholder", "Says", "Example"], vocabulary::job_rows())),
        ("sheets", table(["Name", "Width × height", "Source"], vocabulary::sheet_rows())),
        ("units", table(["Unit", "Is", "Example"], vocabulary::unit_rows())),
    ] {
        let section = format!("<!-- generated: {name} -->\n{table}<!-- end -->");
        assert!(guide.contains(&section), "docs/template.md should hold:\n{section}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_or_answered(text in "\\PC{0,200}") {
        let source = Arc::new(Source { name: "any.toml".into(), text });
        let _ = Pack::new().read(&source, &data("ok"));
    }

    #[test]
    fn any_mutilated_template_is_read_or_answered(
        which in 0_usize..100,
        cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<Option<u8>>()), 1..4),
    ) {
        let sources = templates(&data("ok"));
        let source = &sources[which % sources.len()];
        let mut bytes = source.text.clone().into_bytes();
        for (index, insert) in cuts {
            let at = index.index(bytes.len());
            match insert {
                Some(byte) => bytes.insert(at, byte),
                None => drop(bytes.remove(at)),
            }
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let source = Arc::new(Source { name: source.name.clone(), text });
        match Pack::new().read(&source, &data("ok")) {
            Ok(template) => prop_assert!(template.size.width.to_units() > 0),
            Err(errors) => {
                prop_assert!(!errors.is_empty());
                for error in errors {
                    let place = error.place.as_ref();
                    prop_assert!(place.is_none_or(|it| it.source.text.get(it.span.clone()).is_some()), "{error}");
                }
            }
        }
    }
}
