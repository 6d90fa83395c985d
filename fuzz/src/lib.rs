//! One function for each parser: it takes any bytes and panics when the parser breaks a promise.
//!
//! The fuzz targets call them with what libFuzzer thinks of; `tests/any_input.rs` includes this file and calls
//! them with what proptest thinks of.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use shikaku::base::Date;
use shikaku::base::diagnostic::{Diagnostic, Source};
use shikaku::base::facts::{Facts, Value};
use shikaku::base::field::{Field, Fields};
use shikaku::base::geometry::{Point, Rect, Size};
use shikaku::base::length::Length;
use shikaku::base::wareki;
use shikaku::code::code128::code128;
use shikaku::code::datamatrix::data_matrix;
use shikaku::code::qr::{Level, Symbols, VERSIONS};
use shikaku::font::faces::Faces;
use shikaku::font::gaiji::stock;
use shikaku::font::resolve::resolve;
use shikaku::font::source::FontSource;
use shikaku::font::{Chain, FaceId};
use shikaku::pdf::encoder::{Encoder, Kit};
use shikaku::pdf::metadata::Metadata;
use shikaku::pdf::picture::{Picture, Pixels};
use shikaku::pdf::shell;
use shikaku::pdf::shell::{Compression, Plan};
use shikaku::pdf::usage::Usage;
use shikaku::policy::check::rules;
use shikaku::policy::decide::decide;
use shikaku::policy::versions::Version;
use shikaku::record::Record;
use shikaku::record::encoding::Encoding;
use shikaku::record::intake::Intake;
use shikaku::record::parse::parse;
use shikaku::record::raw::RawRecord;
use shikaku::record::reader::{Format, Reader};
use shikaku::sheet::{Glyph, Mark, Run};
use shikaku::template::vocabulary::Vocabulary;

/// Files of records. The first byte chooses format and encoding.
pub fn records(data: &[u8]) {
    let Some((choice, file)) = data.split_first() else { return };
    let format = if choice & 1 == 0 { Format::Csv } else { Format::JsonLines };
    let encoding = [Encoding::Auto, Encoding::Utf8, Encoding::Cp932][usize::from(choice >> 1) % 3];
    let intake = Intake::new(Fields::default());
    let Ok(mut reader) = Reader::open(file, format, encoding, &intake) else { return };
    let layout = reader.layout().clone();
    let (mut raw, mut record, mut row) = (RawRecord::default(), Record::new(&intake.fields), 0);
    while reader.next(&mut raw).expect("memory can be read") {
        row += 1;
        let found = parse(&raw, &layout, &intake, &mut record);
        assert_eq!((raw.row, record.row), (row, row));
        match found {
            Ok(_) => {
                let four = |digits: &str| digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit());
                assert!(record.facts.text(Field::LAST4).is_none_or(four), "more than the last four digits got in");
            }
            Err(rejection) => {
                assert!(!rejection.problems.is_empty());
                assert!(intake.fields.iter().all(|field| !record.facts.has(field)), "a rejected record has values");
            }
        }
    }
}

/// Dates: whatever is read can be written and read again.
pub fn dates(data: &[u8]) {
    let Ok(date) = wareki::parse(&String::from_utf8_lossy(data)) else { return };
    for form in [wareki::Form::Kanji, wareki::Form::KanjiPadded, wareki::Form::Short, wareki::Form::Compact] {
        let mut written = String::new();
        if wareki::write(date, form, &mut written).is_ok() {
            assert!(wareki::parse(&written).is_ok_and(|again| again == date) || !is_gregorian(date), "{form:?}");
        }
    }
}

/// Dates in eras are read from this day on.
fn is_gregorian(date: Date) -> bool {
    Date::from_ymd_opt(1873, 1, 1).is_some_and(|first| date >= first)
}

/// Lengths.
pub fn lengths(data: &[u8]) {
    if let Err(message) = Length::parse(&String::from_utf8_lossy(data)) {
        assert!(!message.is_empty());
    }
}

/// Templates. Every part is the bundled slip, every file of styles the bundled one.
pub fn template(data: &[u8]) {
    read_template(&String::from_utf8_lossy(data));
}

/// Placeholders in a template that is good otherwise.
pub fn placeholder(data: &[u8]) {
    let escaped: String =
        String::from_utf8_lossy(data).chars().map(|letter| format!("\\U{:08X}", u32::from(letter))).collect();
    read_template(&format!(
        "sheet = \"A4\"\nuse = [\"styles.toml\"]\n[[item]]\n\
         text = {{ at = [\"20mm\", \"20mm\"], width = \"100mm\", style = \"body\", value = \"{escaped}\" }}\n"
    ));
}

fn read_template(text: &str) {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let (texts, chains) = (names(&["portal_url", "myna_dial"]), names(&["gothic", "gothic-bold", "bold", "mincho"]));
    let vocabulary = Vocabulary { fields: &Fields::default(), texts: &texts, chains: &chains };
    let fetch = |name: &str| {
        let text = match name.ends_with("styles.toml") {
            true => include_str!("../../templates/base/styles.toml"),
            false => include_str!("../../templates/base/parts/slip.toml"),
        };
        Ok(source(name, text))
    };
    if let Err(errors) = shikaku::template::read::read(&source("any.toml", text), &vocabulary, &fetch) {
        check(&errors);
    }
}

/// Policies, and decisions of those that are good.
pub fn policy(data: &[u8]) {
    let fields = Fields::default();
    match shikaku::policy::read::read(&[source("policy.toml", &String::from_utf8_lossy(data))], &fields) {
        Err(errors) => check(&errors),
        Ok(policy) => {
            let mut facts = Facts::new(&fields);
            for issue in [(2024, 12, 1), (2024, 12, 2), (2028, 2, 29)] {
                let (year, month, day) = issue;
                let issue = Date::from_ymd_opt(year, month, day).expect("a day of the calendar");
                facts.set(Field::ISSUE_DATE, Value::Date(issue));
                let _ = decide(&policy, &facts);
            }
            let found = rules(&Version::new(None, None, policy));
            if !found.is_empty() {
                check(&found);
            }
        }
    }
}

/// The `pack.toml` of a pack that inherits the bundled policy, in a folder of its own.
pub fn pack(data: &[u8]) {
    let home = tempfile::tempdir().expect("a folder can be made");
    let write = |path: &str, text: &[u8]| {
        let path = home.path().join(path);
        fs::create_dir_all(path.parent().expect("it lies in the folder")).expect("a folder can be made");
        fs::write(path, text).expect("a file can be written");
    };
    write("any/pack.toml", data);
    write("base/pack.toml", include_bytes!("../../templates/base/pack.toml"));
    write("base/policy.toml", include_bytes!("../../templates/base/policy.toml"));
    if let Err(errors) = shikaku::pack::load(&home.path().join("any"), Some(&bundled(""))) {
        check(&errors);
    }
}

/// Font files: what opens can be asked for any glyph.
pub fn font(data: &[u8]) {
    let mut file = tempfile::NamedTempFile::new().expect("a file can be made");
    file.write_all(data).expect("a file can be written");
    // Whatever a pack may name: the file itself, a face of it, an instance.
    let plain = FontSource::file(file.path());
    for (index, instance) in [(None, None), (Some(0), None), (None, Some("Bold")), (Some(1), Some("wght=550"))] {
        let source = FontSource { index, instance: instance.map(str::to_owned), ..plain.clone() };
        if let Ok(faces) = Faces::open_all(&[source]) {
            face(&faces);
        }
    }
}

/// What opens can be asked, measured and cut down.
fn face(faces: &Faces) {
    let face = faces.get(FaceId(0));
    let _ = (face.name(), face.bounds(), face.ascent(), face.descent(), face.cap_height(), face.italic_angle());
    let mut chain = Chain::new(vec![FaceId(0)]);
    chain.gaiji = vec![FaceId(0)];
    let _ = stock(face);
    for text in ["山田　太郎", "葛\u{E0103}", "\u{E000}", "A\u{301}Ế", "0123"] {
        if let Ok(Some(cluster)) = clusters(faces, &chain, text).map(|clusters| clusters.first().cloned()) {
            let _ = (face.ink(cluster.glyph), face.width(cluster.glyph));
            let glyph = Glyph { id: cluster.glyph, text: 0..0, space: 0 };
            embed(faces, Mark::Run(Run { glyphs: vec![glyph], ..Run::default() }));
        }
    }
}

/// A glyph of a face that opens goes into a PDF, or there is an error.
fn embed(faces: &Faces, mark: Mark) {
    let mut usage = Usage::new();
    usage.add_marks(&[mark]);
    let encoder = Encoder::new(Kit { faces, pictures: &[], compression: Compression::Fast }, []);
    let encoder = encoder.expect("no plate comes twice");
    let metadata = Metadata { title: "any".to_owned(), language: "ja-JP".to_owned(), date: None };
    let _ = shell::build(&Plan { encoder: &encoder, usage: &usage, metadata: &metadata });
}

/// Any text through the bundled chains.
pub fn text(data: &[u8]) {
    static BUNDLED: OnceLock<(Faces, Vec<Chain>)> = OnceLock::new();
    let (faces, chains) = BUNDLED.get_or_init(|| {
        let chain = |files: [&str; 3]| files.map(bundled);
        let gothic = [
            "biz-udgothic/BIZUDGothic-Regular.ttf",
            "haranoaji/HaranoAjiGothic-Regular.otf",
            "noto-latin/NotoSans-Regular.ttf",
        ];
        let mincho =
            ["ipamj-mincho/ipamjm.ttf", "haranoaji/HaranoAjiMincho-Regular.otf", "noto-latin/NotoSerif-Regular.ttf"];
        let faces = Faces::open(&[chain(gothic), chain(mincho)].concat()).expect("the bundled fonts open");
        (faces, [[0, 1, 2], [3, 4, 5]].map(|ids| Chain::new(ids.map(FaceId).to_vec())).to_vec())
    });
    for chain in chains {
        let _ = clusters(faces, chain, &String::from_utf8_lossy(data));
    }
}

/// The glyphs of a text, checked: they cover it without gaps, and none is the missing one.
fn clusters(faces: &Faces, chain: &Chain, text: &str) -> Result<Vec<shikaku::font::resolve::Cluster>, ()> {
    let mut found = Vec::new();
    match resolve(faces, chain, text, &mut found) {
        Err(problems) => {
            assert!(found.is_empty() && !problems.is_empty());
            assert!(problems.iter().all(|problem| !problem.code_points.is_empty()));
            Err(())
        }
        Ok(_) => {
            let mut end = 0;
            for cluster in &found {
                assert_ne!(cluster.glyph.0, 0, "the missing glyph");
                assert_eq!(cluster.text.start, end, "a gap");
                end = cluster.text.end;
            }
            assert_eq!(end as usize, text.len(), "the end is lost");
            Ok(found)
        }
    }
}

/// Pictures.
pub fn picture(data: &[u8]) {
    let Ok(picture) = Picture::read(data) else { return };
    let (width, height) = (picture.width as usize, picture.height as usize);
    match picture.pixels {
        Pixels::Gray(bytes) => assert_eq!(bytes.len(), width * height),
        Pixels::Bilevel(bytes) => assert_eq!(bytes.len(), width.div_ceil(8) * height),
    }
}

/// What QR codes, Data Matrix and Code 128 are made of. The first byte asks for a version of the QR code, or none.
pub fn codes(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let version = data.first().copied().filter(|version| (1..=VERSIONS).contains(version));
    let qr = [Level::L, Level::M, Level::Q, Level::H].map(|level| Symbols::new(level, version).quick(&text));
    let size = Size { width: Length::mm(50), height: Length::mm(10) };
    let place = Rect { at: Point { x: Length::mm(10), y: Length::mm(10) }, size };
    for modules in qr.into_iter().chain([data_matrix(&text), code128(&text)]).flatten() {
        assert!(modules.width() > 0 && modules.height() > 0, "a code without modules");
        assert!(modules.rects(place).iter().all(|bar| place.contains(*bar)), "a bar outside its place");
    }
}

fn source(name: &str, text: &str) -> Arc<Source> {
    Arc::new(Source { name: name.to_owned(), text: text.to_owned() })
}

/// Errors can be shown: there is one, and its place lies in its file.
fn check(errors: &[Diagnostic]) {
    assert!(!errors.is_empty(), "refused without a reason");
    for error in errors {
        assert!(!error.message.is_empty());
        assert!(!error.to_string().is_empty());
        if let Some(place) = &error.place {
            assert!(place.source.text.get(place.span.clone()).is_some(), "a place outside the file: {error}");
        }
    }
}

fn bundled(file: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = if root.join("fonts").is_dir() { root } else { root.parent().unwrap_or(root) };
    root.join("fonts").join(file)
}
