//! An insurer's own characters (外字), substitutes and placeholders, from the pack to the paper and its report.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

#[path = "../src/font/synthetic.rs"]
mod synthetic;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use shikaku::engine::{Event, Finding, RecordReport, Status};
use shikaku::{Engine, Input, OpenOptions, Options, PackError};
use tempfile::TempDir;

use crate::synthetic::Recipe;

/// A folder with the bundled packs and one more, `own`, that inherits from `yokogawa`.
struct Desk {
    home: TempDir,
}

impl Desk {
    fn new() -> Desk {
        let home = tempfile::tempdir().unwrap();
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        std::os::unix::fs::symlink(root.join("fonts"), home.path().join("fonts")).unwrap();
        fs::create_dir_all(home.path().join("templates/own")).unwrap();
        for pack in ["base", "yokogawa"] {
            let link = home.path().join("templates").join(pack);
            std::os::unix::fs::symlink(root.join("templates").join(pack), link).unwrap();
        }
        Desk { home }
    }

    fn pack(&self) -> PathBuf {
        self.home.path().join("templates/own")
    }

    fn font(&self, name: &str, recipe: &Recipe) -> &Desk {
        fs::copy(synthetic::file(recipe).path(), self.pack().join(name)).unwrap();
        self
    }

    fn settings(&self, gaiji: &str) -> &Desk {
        let text = format!("inherit = \"yokogawa\"\nname = \"own\"\n{gaiji}");
        fs::write(self.pack().join("pack.toml"), text).unwrap();
        self
    }

    fn open(&self) -> Result<Engine, PackError> {
        Engine::open(&self.pack(), &OpenOptions { fonts: None, issue_date: None })
    }

    fn refused(&self) -> String {
        self.open().unwrap_err().to_string()
    }

    /// The bundled sample with other names in its first records.
    fn records(&self, names: &[&str]) -> PathBuf {
        let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/yokogawa/sample.csv");
        let text = fs::read_to_string(sample).unwrap();
        let mut lines = text.trim_start_matches('\u{feff}').lines();
        let header = lines.next().unwrap();
        let column = header.split(',').position(|name| name == "氏名").unwrap();
        let mut out = format!("{header}\n");
        for (line, name) in lines.zip(names) {
            let mut cells: Vec<&str> = line.split(',').collect();
            cells[column] = name;
            out.push_str(&cells.join(","));
            out.push('\n');
        }
        let file = self.home.path().join("records.csv");
        fs::write(&file, out).unwrap();
        file
    }
}

fn pack_font(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fonts").join(name)
}

/// The PDF of the records and what the report says of each.
fn render(engine: &Engine, records: &Path) -> (Vec<u8>, Vec<RecordReport>) {
    let (mut pdf, mut reports) = (Vec::new(), Vec::new());
    let mut observe = |event: Event<'_>| {
        if let Event::Record(report) = event {
            reports.push(report.clone());
        }
    };
    engine.render(&Input::file(records), &mut pdf, &Options::default(), &mut observe).unwrap();
    (pdf, reports)
}

fn finding<'r>(reports: &'r [RecordReport], row: u64, code: &str) -> Option<&'r Finding> {
    let report = reports.iter().find(|report| report.row == row)?;
    report.findings.iter().find(|finding| finding.code == code && finding.field.as_deref() == Some("name"))
}

/// What a foreign reader extracts.
fn extracted(pdf: &[u8], desk: &Desk) -> String {
    let file = desk.home.path().join("out.pdf");
    fs::write(&file, pdf).unwrap();
    let out = Command::new("pdftotext").arg(&file).arg("-").output().unwrap();
    String::from_utf8(out.stdout).unwrap()
}

#[test]
fn a_private_character_prints_from_the_insurers_font_and_is_reported() {
    let desk = Desk::new();
    desk.font("own.tte", &Recipe::default()).settings("[gaiji]\nfont = \"own.tte\"\n");
    let engine = desk.open().unwrap();
    let records = desk.records(&["渡\u{E000}　見本", "渡\u{E001}　見本", "見本　太郎"]);
    let (pdf, reports) = render(&engine, &records);
    let told = finding(&reports, 1, "GAIJI").unwrap();
    assert_eq!(told.codepoints, ["U+E000"]);
    assert!(finding(&reports, 1, "MIXED_FONTS").is_none(), "外字 are no mixture that a person must look at");
    let refused = finding(&reports, 2, "GLYPH").unwrap();
    assert_eq!(refused.codepoints, ["U+E001"]);
    assert!(extracted(&pdf, &desk).contains("渡\u{E000}"), "the reader gets what the record has");
}

#[test]
fn a_face_of_a_collection_and_an_instance_are_named_in_the_pack() {
    let desk = Desk::new();
    let varies = Recipe { varies: true, ..Recipe::default() };
    let both = synthetic::collection(&[Recipe { character: 0xE001, ..Recipe::default() }, varies]);
    fs::copy(both.path(), desk.pack().join("own.ttc")).unwrap();
    desk.settings("[gaiji]\nfont = [\"own.ttc#0\", \"own.ttc#1@Bold\"]\n");
    let (pdf, reports) = render(&desk.open().unwrap(), &desk.records(&["渡\u{E000}\u{E001}　見本"]));
    assert_eq!(finding(&reports, 1, "GAIJI").unwrap().codepoints, ["U+E000", "U+E001"]);
    assert!(extracted(&pdf, &desk).contains("渡\u{E000}\u{E001}"));
    let names = |name: &[u8]| pdf.windows(name.len()).any(|found| found == name);
    assert!(names(b"+own-Bold") && names(b"+own"));
    for (font, words) in [
        ("own.ttc", "is a collection of fonts (name one of them behind the file: #0, #1)"),
        ("own.ttc#2", "holds 2 fonts and none of the number 2"),
        ("own.ttc#1", "is a variable font (name the instance to be printed behind the file: @Bold, @wght=400 to 700)"),
        ("own.ttc#1@Light", "has no such instance (it has @Bold"),
        ("own.ttc#0@Bold", "is not a variable font"),
    ] {
        let message = desk.settings(&format!("[gaiji]\nfont = \"{font}\"\n")).refused();
        assert!(message.contains("pack.toml:4") && message.contains(words), "{font}: {message}");
    }
    // The fonts of a chain tell their line too.
    fs::copy(pack_font("noto-latin/NotoSans-Regular.ttf"), desk.pack().join("sans.ttf")).unwrap();
    let chain = "[fonts]\nfolder = \".\"\n[fonts.chain]\nmincho = [\"sans.ttf@Bold\"]\n";
    let message = desk.settings(chain).refused();
    assert!(message.contains("pack.toml:6:11") && message.contains("is not a variable font"), "{message}");
}

#[test]
fn what_no_font_has_is_replaced_as_the_pack_says_and_logged() {
    let desk = Desk::new();
    desk.font("own.tte", &Recipe::default()).settings(
        "[gaiji]\nfont = [\"own.tte\"]\n[gaiji.substitute]\n\"U+E001\" = \"U+9089 U+E010F\"\n\
         \"\u{845B}\u{E01EF}\" = \"\u{845B}\"\n",
    );
    let engine = desk.open().unwrap();
    let records =
        desk.records(&["渡\u{E001}　見本", "\u{845B}\u{E01EF}西　見本", "渡\u{E000}　\u{E002}", "\u{E001}\u{E002}"]);
    let (pdf, reports) = render(&engine, &records);
    let told = finding(&reports, 1, "SUBSTITUTED").unwrap();
    assert_eq!(told.codepoints, ["U+E001"]);
    assert!(told.message.contains("U+E001 is printed as U+9089 U+E010F"), "{}", told.message);
    assert_eq!(reports.iter().find(|report| report.row == 1).unwrap().status, Status::Warned);
    assert_eq!(finding(&reports, 2, "SUBSTITUTED").unwrap().codepoints, ["U+845B", "U+E01EF"]);
    // One character without a substitute: nothing is replaced, the record is refused.
    for row in [3, 4] {
        assert!(finding(&reports, row, "SUBSTITUTED").is_none());
        assert!(finding(&reports, row, "GLYPH").is_some());
    }
    let text = extracted(&pdf, &desk);
    assert!(text.contains("渡\u{9089}\u{E010F}"), "what is printed is what is extracted");
    assert!(!text.contains('\u{E001}') && !text.contains('\u{E01EF}'));
}

#[test]
fn placeholders_warn_or_reject_as_the_pack_says() {
    let names = ["佐●木　見本", "山〓　見本", "見本　？", "佐\u{FFFD}木　見本"];
    let desk = Desk::new();
    desk.settings("");
    let (_, reports) = render(&desk.open().unwrap(), &desk.records(&names));
    let status = |reports: &[RecordReport], row| reports.iter().find(|report| report.row == row).unwrap().status;
    for row in 1..=3 {
        assert_eq!(status(&reports, row), Status::Warned);
        assert!(finding(&reports, row, "PLACEHOLDER").is_some());
    }
    assert_eq!(status(&reports, 4), Status::Rejected);
    desk.settings("[gaiji]\nplaceholders = \"reject\"\n");
    let (_, reports) = render(&desk.open().unwrap(), &desk.records(&names));
    for (row, code) in [(1, "U+25CF"), (2, "U+3013"), (3, "U+FF1F")] {
        assert_eq!(status(&reports, row), Status::Rejected);
        assert_eq!(finding(&reports, row, "PLACEHOLDER").unwrap().codepoints, [code]);
    }
}

/// What a pack must not say: the fonts, the rest of `[gaiji]`, and words of the message.
type Wrong<'w> = (Vec<Recipe>, &'w str, &'w [&'w str]);

#[test]
fn wrong_fonts_and_substitutes_are_refused_at_their_line() {
    let private = Recipe::default;
    let table: Vec<Wrong<'_>> = vec![
        (vec![Recipe { cut: 40, ..private() }], "", &["pack.toml:4", "cut off", "copy the file again"]),
        (vec![Recipe { permission: Some(2), ..private() }], "", &["pack.toml:4", "may not be embedded", "licence"]),
        (vec![Recipe { drawn: false, ..private() }], "", &["pack.toml:4", "no drawn character for private use"]),
        (vec![Recipe { character: 0x5C71, ..private() }], "", &["pack.toml:4", "no drawn character"]),
        (vec![Recipe { points: 0x0400, ..private() }], "", &["pack.toml:4", "cannot draw U+E000"]),
        (vec![private(), private()], "", &["pack.toml:4", "1.tte", "0.tte", "both have U+E000"]),
        (vec![private()], "[gaiji.substitute]\n\"U+E000\" = \"山\"", &["pack.toml:6", "in the fonts of every chain"]),
        (
            vec![private()],
            "[gaiji.substitute]\n\"U+9AD9\" = \"高\"",
            &["pack.toml:6:1", "only a private-use character"],
        ),
        (vec![private()], "[gaiji.substitute]\n\"U+FFFD\" = \"高\"", &["pack.toml:6:1", "a replacement character"]),
        (vec![private()], "[gaiji.substitute]\n\"U+E001 U+E002\" = \"山\"", &["stands for one character"]),
        (vec![private()], "[gaiji.substitute]\n\"U+E001\" = \"U+31F00\"", &["no chain can print"]),
        (vec![private()], "[gaiji.substitute]\n\"U+E001\" = \"\"", &["no code points"]),
        (vec![private()], "[gaiji.substitute]\n\"U+E001\" = \"U+200B\"", &["invisible"]),
        (vec![private()], "[gaiji.substitute]\n\"U+E001\" = \"山\"\n\"\u{E001}\" = \"川\"", &["already"]),
        (vec![], "font = 7", &["pack.toml:5", "the name of a font file"]),
        (vec![private()], "placeholders = \"ignore\"", &["pack.toml:5", "unknown variant"]),
        (vec![private()], "substitutes = {}", &["pack.toml:5", "did you mean `substitute`"]),
    ];
    for (fonts, rest, words) in table {
        let desk = Desk::new();
        let names: Vec<String> = (0..fonts.len()).map(|number| format!("{number}.tte")).collect();
        for (recipe, name) in fonts.iter().zip(&names) {
            desk.font(name, recipe);
        }
        let font = if names.is_empty() { String::new() } else { format!("font = {names:?}") };
        desk.settings(&format!("[gaiji]\n{font}\n{rest}\n"));
        let message = desk.refused();
        for word in words {
            assert!(message.contains(word), "{rest}: {word}\n{message}");
        }
    }
    let desk = Desk::new();
    desk.settings("[gaiji]\nfont = \"none.tte\"\n");
    assert!(desk.refused().contains("there is no font file"));
}

/// `shikaku glyphs` with a report and a proof: its status, and what it says.
fn glyphs(desk: &Desk, pack: &Path, records: &Path) -> (Option<i32>, String, String) {
    let out = Command::new(env!("CARGO_BIN_EXE_shikaku"))
        .args(["glyphs", "--pack"])
        .arg(pack)
        .arg("--input")
        .arg(records)
        .arg("--report")
        .arg(desk.home.path().join("glyphs.jsonl"))
        .arg("--proof")
        .arg(desk.home.path().join("proof.pdf"))
        .output()
        .unwrap();
    (out.status.code(), String::from_utf8(out.stdout).unwrap(), String::from_utf8(out.stderr).unwrap())
}

#[test]
fn glyphs_tells_before_a_job_and_draws_a_proof() {
    let desk = Desk::new();
    desk.font("own.tte", &Recipe::default())
        .settings("[gaiji]\nfont = \"own.tte\"\n[gaiji.substitute]\n\"U+E001\" = \"U+9089 U+E010F\"\n");
    let records = desk.records(&["渡\u{E000}　見本", "\u{845B}\u{E0103}\u{E001}", "陳　\u{8BD5}例", "𠮷\u{E002}"]);
    let path = |name: &str| desk.home.path().join(name);
    let (status, text, said) = glyphs(&desk, &desk.pack(), &records);
    assert_eq!(status, Some(1), "{text}{said}");
    assert!(text.contains("missing: 2\n"), "{text}");
    assert!(
        text.contains(
            "  U+8BD5  mincho  name in 1 records: no font of the chain has this character\n    row 3 (Y00003)"
        ),
        "{text}"
    );
    assert!(text.contains("  U+E001  mincho  → U+9089 U+E010F  name in 1 records"), "{text}");
    assert!(text.contains("own.tte: 1 characters, 0 blank, 0 outside private use ignored; SHA-256 "), "{text}");
    assert!(!text.contains('渡') && !said.contains('渡'), "no name is told");
    let report = fs::read_to_string(path("glyphs.jsonl")).unwrap();
    assert!(
        report.contains(
            "{\"kind\":\"missing\",\"chain\":\"mincho\",\"characters\":\"U+E002\",\"font\":null,\"substitute\":null,\
         \"message\":\"a private-use character (外字), and no font of the insurer has it\",\"fields\":[\"name\"],\"rows\":1,\
         \"records\":[{\"row\":4,\"record_id\":\"Y00004\"}]}"
        ),
        "{report}"
    );
    assert!(
        report.contains("{\"kind\":\"gaiji\",\"chain\":\"mincho\",\"characters\":\"U+E000\",\"font\":\"own\""),
        "{report}"
    );
    let shown = extracted(&fs::read(path("proof.pdf")).unwrap(), &desk);
    for word in [
        "文字確認票",
        "\u{E000}",
        "U+E000",
        "\u{845B}\u{E0103}",
        "U+E001 → U+9089 U+E010F",
        "\u{9089}\u{E010F}",
        "確認者 氏名",
    ] {
        assert!(shown.contains(word), "{word}\n{shown}");
    }
    assert!(!shown.contains('\u{8BD5}'));
}

#[test]
fn glyphs_counts_a_refused_placeholder_as_missing() {
    let desk = Desk::new();
    desk.settings("");
    let records = desk.records(&["佐●木　見本"]);
    let (status, text, _) = glyphs(&desk, &desk.pack(), &records);
    assert_eq!(status, Some(0), "{text}");
    desk.settings("[gaiji]\nplaceholders = \"reject\"\n");
    let (status, text, _) = glyphs(&desk, &desk.pack(), &records);
    assert_eq!(status, Some(1), "{text}");
    assert!(text.contains("missing: 1\n  U+25CF") && text.contains("a placeholder, which the pack refuses"), "{text}");

    let bundled = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/yokogawa");
    let (status, text, said) = glyphs(&desk, &bundled, &bundled.join("sample.csv"));
    assert_eq!(status, Some(0), "{text}{said}");
}

#[test]
fn a_symbol_font_has_its_own_code_points() {
    let desk = Desk::new();
    let symbol = |character| Recipe { character, symbol: true, ..Recipe::default() };
    desk.font("own.tte", &symbol(0xE000)).settings("[gaiji]\nfont = \"own.tte\"\n");
    let (pdf, reports) = render(&desk.open().unwrap(), &desk.records(&["渡\u{E000}　見本"]));
    assert_eq!(finding(&reports, 1, "GAIJI").unwrap().codepoints, ["U+E000"]);
    assert!(extracted(&pdf, &desk).contains("渡\u{E000}"));
    desk.font("own.tte", &symbol(0xF041));
    let (_, reports) = render(&desk.open().unwrap(), &desk.records(&["渡\u{E000}　見本"]));
    assert_eq!(finding(&reports, 1, "GLYPH").unwrap().codepoints, ["U+E000"]);
}

#[test]
fn a_problem_of_a_name_is_told_once_however_often_the_name_stands_on_the_paper() {
    let desk = Desk::new();
    desk.settings("");
    let (_, reports) = render(&desk.open().unwrap(), &desk.records(&["渡\u{E000}\u{E001}　見本"]));
    let report = reports.iter().find(|report| report.row == 1).unwrap();
    let told: Vec<&str> = report.findings.iter().flat_map(|it| &it.codepoints).map(String::as_str).collect();
    assert_eq!(told, ["U+E000", "U+E001"]);
}

/// Without records: every 外字 of the pack, on as many pages as it takes, each to be signed.
#[test]
fn the_proof_of_a_pack_shows_every_gaiji() {
    let desk = Desk::new();
    let path = |name: &str| desk.home.path().join(name);
    let glyphs = |more: &[&str]| {
        let mut program = Command::new(env!("CARGO_BIN_EXE_shikaku"));
        program.args(["glyphs", "--pack"]).arg(desk.pack()).args(more);
        let out = program.arg("--proof").arg(path("proof.pdf")).output().unwrap();
        (out.status.code(), String::from_utf8(out.stdout).unwrap(), String::from_utf8(out.stderr).unwrap())
    };
    desk.settings("");
    let (status, _, said) = glyphs(&[]);
    assert_eq!(status, Some(2), "{said}");
    assert!(said.contains("the pack has no 外字"), "{said}");
    let fonts: Vec<String> = (0..25).map(|number| format!("{number}.tte")).collect();
    for (name, character) in fonts.iter().zip(0xE000..) {
        desk.font(name, &Recipe { character, ..Recipe::default() });
    }
    desk.settings(&format!("[gaiji]\nfont = {fonts:?}\n"));
    let (status, text, said) = glyphs(&[]);
    assert_eq!(status, Some(0), "{said}");
    assert_eq!(text.lines().count(), 25, "{text}");
    let shown = extracted(&fs::read(path("proof.pdf")).unwrap(), &desk);
    for character in '\u{E000}'..='\u{E018}' {
        assert!(shown.contains(character) && shown.contains(&format!("U+{:04X}", u32::from(character))), "{shown}");
    }
    assert_eq!(shown.matches("確認者 氏名").count(), 2);
    for words in ["1 / 2", "2 / 2", "外字 全 25 字"] {
        assert!(shown.contains(words), "{words}\n{shown}");
    }
    let (status, _, said) = glyphs(&["--report", "glyphs.jsonl"]);
    assert_eq!(status, Some(2));
    assert!(said.contains("--input"), "{said}");
}
