//! Jobs by the program: the folder, its lists and sums, reprints, and what is left when a run is stopped.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod product;
mod reader;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::product::{
    PACK, REFUSED, Ran, Row, SAMPLE, copy_of_pack, folder, json_lines, run, sample, text, to_csv, write,
};

/// Records with groups: of every five the first two share one, and every eleventh is pulled.
fn records(count: usize) -> String {
    let sample: Vec<Row> = sample().into_iter().filter(|row| row.get("要求帳票") == "notice").collect();
    let copies = (0..count).map(|index| {
        let row = sample[index % sample.len()].clone();
        let group = if index % 5 < 2 { format!("H{:05}", index / 5) } else { String::new() };
        let postcode = format!("{:07}", (index * 7919) % 9_999_999);
        let row = row.with("整理番号", &format!("M{index:06}")).with("封入グループ", &group);
        row.with("郵便番号", &postcode).with("引抜き", if index % 11 == 10 { "1" } else { "" })
    });
    to_csv(&copies.collect::<Vec<_>>())
}

fn job(input: &Path, out: &Path, more: &[&str]) -> Ran {
    let mut arguments = vec!["job", "--pack", PACK, "--input", text(input), "--out", text(out)];
    arguments.extend(more);
    run(&arguments)
}

/// Every file of a folder with its bytes, the log left out: it has times.
fn content(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for below in ["", "print"] {
        for entry in fs::read_dir(folder.join(below)).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() && !path.ends_with("audit.jsonl") {
                found.insert(path.strip_prefix(folder).unwrap().display().to_string(), fs::read(path).unwrap());
            }
        }
    }
    found
}

/// The lines of a list, by column.
fn list(path: &Path) -> Vec<BTreeMap<String, String>> {
    csv::Reader::from_path(path).unwrap().into_deserialize().map(|line| line.unwrap()).collect()
}

fn column<'l>(lines: &'l [BTreeMap<String, String>], name: &str) -> Vec<&'l str> {
    lines.iter().map(|line| line[name].as_str()).collect()
}

/// The content of every page, unpacked, by a reader that is not ours.
fn pages(pdf: &Path) -> Vec<Vec<u8>> {
    let document = lopdf::Document::load(pdf).unwrap();
    document.get_pages().values().map(|page| document.get_page_content(*page)).collect()
}

fn parts(folder: &Path) -> Vec<PathBuf> {
    let mut parts: Vec<PathBuf> =
        fs::read_dir(folder.join("print")).unwrap().map(|entry| entry.unwrap().path()).collect();
    parts.sort();
    parts
}

#[test]
fn a_folder_has_everything_and_every_count_adds_up() {
    let folder = folder();
    let both = format!("{}{}", fs::read_to_string(SAMPLE).unwrap(), {
        let refused = fs::read_to_string(REFUSED).unwrap();
        refused.split_once('\n').unwrap().1.to_owned()
    });
    let input = write(folder.path(), "in.csv", both);
    let out = folder.path().join("job");
    let ran = job(&input, &out, &["--part-sheets", "7"]);
    assert_eq!(ran.status, Some(1), "{}", ran.stderr);
    let ticket: serde_json::Value = serde_json::from_slice(&fs::read(out.join("job.json")).unwrap()).unwrap();
    let counts = &ticket["counts"];
    let count = |name: &str| counts[name].as_u64().unwrap();
    assert_eq!(
        count("records"),
        count("printed") + count("pulled") + count("none") + count("held") + count("rejected")
    );
    assert!(count("rejected") > 0 && count("none") > 0);
    assert_eq!(list(&out.join("rejects.csv")).len() as u64, count("rejected"));
    assert_eq!(list(&out.join("held.csv")).len() as u64, count("held"));
    let manifest = list(&out.join("manifest.csv"));
    assert_eq!(manifest.len() as u64, count("printed"));
    // What the manifest says of each sheet is what the parts have.
    for part in parts(&out) {
        let name = format!("print/{}", part.file_name().unwrap().to_str().unwrap());
        let lines: Vec<_> = manifest.iter().filter(|line| line["part"] == name).collect();
        assert!((1..=7).contains(&lines.len()));
        let mut page = 1;
        for line in &lines {
            assert_eq!(line["first_page"], page.to_string());
            page += line["pages"].parse::<u64>().unwrap();
        }
        assert_eq!(pages(&part).len() as u64, page - 1);
    }
    let written: u64 = parts(&out).iter().map(|part| pages(part).len() as u64).sum();
    assert_eq!(written, count("pages"));
    let proof = ticket["proof"].as_array().unwrap();
    assert!(proof.len() >= 4 && pages(&out.join("proof.pdf")).len() >= proof.len());
    let said = fs::read_to_string(out.join("counts.txt")).unwrap();
    assert!(said.contains("equal") && !said.contains("NOT EQUAL"), "{said}");
    // Nothing but the pages tells who the people are.
    for name in ["manifest.csv", "rejects.csv", "held.csv", "counts.txt", "job.json", "audit.jsonl"] {
        let text = fs::read_to_string(out.join(name)).unwrap();
        assert!(!sample().iter().any(|row| text.contains(row.get("氏名"))), "{name}");
        assert_eq!(fs::metadata(out.join(name)).unwrap().permissions().mode() & 0o777, 0o600, "{name}");
    }
    assert_eq!(fs::metadata(&out).unwrap().permissions().mode() & 0o777, 0o700);
    let ran = run(&["verify", text(&out)]);
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    // Somebody else's tool agrees with the sums.
    let sums = Command::new("sha256sum").args(["--check", "--quiet", "SHA256SUMS"]).current_dir(&out).status().unwrap();
    assert!(sums.success());
}

#[test]
fn an_envelope_that_mixes_one_side_and_two_gets_blank_backs() {
    let folder = folder();
    let count = |out: &Path| {
        let ticket: serde_json::Value = serde_json::from_slice(&fs::read(out.join("job.json")).unwrap()).unwrap();
        ticket["counts"]["blank_backs"].as_u64().unwrap()
    };
    let out = folder.path().join("apart");
    assert_eq!(job(Path::new(SAMPLE), &out, &[]).status, Some(0));
    assert_eq!((parts(&out).len(), count(&out)), (2, 0), "notices and certificates stand apart");
    // A notice and a certificate in one envelope.
    let group = |row: Row| match row.id() {
        "Y00003" | "Y00019" => row.with("封入グループ", "H1"),
        _ => row.with("封入グループ", ""),
    };
    let input = write(folder.path(), "in.csv", to_csv(&sample().into_iter().map(group).collect::<Vec<_>>()));
    let out = folder.path().join("together");
    assert_eq!(job(&input, &out, &[]).status, Some(0));
    let manifest = list(&out.join("manifest.csv"));
    let members: Vec<_> = manifest.iter().filter(|line| line["group"] == "H1").collect();
    let [notice, certificate] = members[..] else { panic!("two members") };
    assert_eq!((notice["record_id"].as_str(), certificate["record_id"].as_str()), ("Y00003", "Y00019"));
    assert_eq!((notice["pages"].as_str(), certificate["pages"].as_str()), ("2", "2"));
    let number = |line: &BTreeMap<String, String>, name: &str| line[name].parse::<usize>().unwrap();
    assert_eq!(number(notice, "seq") + 1, number(certificate, "seq"));
    assert_eq!(number(notice, "first_page") + 2, number(certificate, "first_page"));
    assert_eq!(number(notice, "first_page") % 2, 1);
    let part = pages(&out.join(&notice["part"]));
    let is_blank = |page: &Vec<u8>| page.iter().all(u8::is_ascii_whitespace);
    assert!(is_blank(&part[number(notice, "first_page")]), "the back of the notice");
    assert_eq!((count(&out), part.iter().filter(|page| is_blank(page)).count()), (1, 1));
}

#[test]
fn the_order_is_the_one_asked_for_and_groups_are_never_cut() {
    let folder = folder();
    let input = write(folder.path(), "in.csv", records(60));
    let order = |name: &str| {
        let out = folder.path().join(name);
        let ran = job(&input, &out, &["--order", name, "--part-sheets", "3"]);
        assert_eq!(ran.status, Some(0), "{}", ran.stderr);
        let manifest = list(&out.join("manifest.csv"));
        let mut part_of: BTreeMap<&str, &str> = BTreeMap::new();
        for line in manifest.iter().filter(|line| !line["group"].is_empty() && line["status"] == "printed") {
            assert_eq!(*part_of.entry(&line["group"]).or_insert(&line["part"]), line["part"], "a group was cut");
        }
        assert_eq!(column(&manifest, "seq"), (1..=60).map(|seq| seq.to_string()).collect::<Vec<_>>());
        let printed: Vec<_> = manifest.iter().filter(|line| line["status"] == "printed").cloned().collect();
        let pulled: Vec<_> = manifest.iter().filter(|line| line["status"] == "pulled").cloned().collect();
        assert!(!pulled.is_empty() && pulled.iter().all(|line| line["part"].contains("_pulled_")));
        assert!(printed.iter().all(|line| !line["part"].contains("_pulled_")));
        assert_eq!(manifest[printed.len()..], pulled, "pulled sheets come last");
        printed
    };
    let by_input = order("input");
    let mut ids = column(&by_input, "record_id");
    assert!(ids.is_sorted());
    let by_postcode = order("postcode");
    let alone: Vec<&str> =
        by_postcode.iter().filter(|line| line["group"].is_empty()).map(|line| line["postcode"].as_str()).collect();
    assert!(alone.is_sorted() && alone.len() > 20);
    let by_group = order("group");
    let groups: Vec<&str> = column(&by_group, "group").into_iter().take_while(|group| !group.is_empty()).collect();
    assert!(groups.is_sorted() && groups.len() > 15);
    for other in [by_postcode, by_group] {
        let mut others = column(&other, "record_id").into_iter().map(str::to_owned).collect::<Vec<_>>();
        others.sort();
        ids.sort_unstable();
        assert_eq!(others, ids);
    }
}

#[test]
fn a_group_that_lacks_a_paper_is_marked_or_held() {
    let folder = folder();
    let mut rows: Vec<Row> = product::rows(&records(10));
    rows[1] = rows[1].clone().with("氏名", "壊\u{FFFD}れ");
    let input = write(folder.path(), "in.csv", to_csv(&rows));
    let out = folder.path().join("print");
    assert_eq!(job(&input, &out, &[]).status, Some(1));
    let manifest = list(&out.join("manifest.csv"));
    let marked: Vec<&str> =
        manifest.iter().filter(|line| line["group_incomplete"] == "1").map(|line| line["record_id"].as_str()).collect();
    assert_eq!(marked, ["M000000"]);
    let out = folder.path().join("hold");
    assert_eq!(job(&input, &out, &["--incomplete-groups", "hold"]).status, Some(1));
    assert!(!column(&list(&out.join("manifest.csv")), "record_id").contains(&"M000000"));
    let held = list(&out.join("held.csv"));
    assert_eq!((held[0]["record_id"].as_str(), held[0]["reasons"].as_str()), ("M000000", "GROUP_INCOMPLETE"));
    assert_eq!(run(&["verify", text(&out)]).status, Some(0));
}

#[test]
fn threads_and_the_name_of_the_folder_change_no_byte() {
    let folder = folder();
    let input = write(folder.path(), "in.csv", records(150));
    let made: Vec<_> = ["1", "2", "5"]
        .iter()
        .map(|threads| {
            let out = folder.path().join(format!("job{threads}"));
            assert_eq!(job(&input, &out, &["--threads", threads, "--part-sheets", "40"]).status, Some(0));
            content(&out)
        })
        .collect();
    assert_eq!(made[0], made[1]);
    assert_eq!(made[0], made[2]);
}

#[test]
fn a_reprint_has_the_pages_of_the_run_and_is_logged() {
    let folder = folder();
    let input = write(folder.path(), "in.csv", records(80));
    let out = folder.path().join("job");
    assert_eq!(job(&input, &out, &["--part-sheets", "25", "--order", "postcode"]).status, Some(0));
    let all: Vec<Vec<u8>> =
        parts(&out).iter().filter(|part| !text(part).contains("pulled")).flat_map(|part| pages(part)).collect();
    let again = folder.path().join("again.pdf");
    let reprint = |which: &[&str]| {
        let mut arguments = vec!["reprint", "--job", text(&out), "--input", text(&input), "--out", text(&again)];
        arguments.extend(which);
        run(&arguments)
    };
    let ran = reprint(&["--seq", "12-14,47", "--by", "印刷 一郎", "--why", "紙詰まり"]);
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    assert_eq!(pages(&again), [&all[11..14], &all[46..47]].concat());
    let id = list(&out.join("manifest.csv"))[46]["record_id"].clone();
    assert_eq!(reprint(&["--id", &id]).status, Some(0));
    assert_eq!(pages(&again), all[46..47]);
    let log = json_lines(&fs::read_to_string(out.join("audit.jsonl")).unwrap());
    assert_eq!(log.len(), 3);
    assert_eq!(log[1]["seq"], "12-14,47");
    assert_eq!((&log[1]["by"], &log[1]["why"]), (&"印刷 一郎".into(), &"紙詰まり".into()));
    assert_eq!((&log[1]["sheets"], &log[2]["sheets"]), (&4.into(), &1.into()));
    assert_eq!(run(&["verify", text(&out)]).status, Some(0));
    // A sheet that is not there, and a range that is none.
    fs::remove_file(&again).unwrap();
    let ran = reprint(&["--seq", "79-81"]);
    assert_eq!(ran.status, Some(2));
    assert!(ran.stderr.contains("no sheet 79-81; its sheets are 1 to 80"), "{}", ran.stderr);
    assert_eq!(reprint(&["--seq", "5-3"]).status, Some(2));
    assert_eq!(reprint(&["--seq", "0"]).status, Some(2));
    assert_eq!(reprint(&["--id", "M999999"]).status, Some(2));
    assert!(!again.exists());
    // A log that was changed is noticed, and not written on.
    let log = fs::read_to_string(out.join("audit.jsonl")).unwrap();
    fs::write(out.join("audit.jsonl"), log.replace("紙詰まり", "紙づまり")).unwrap();
    assert_eq!(run(&["verify", text(&out)]).status, Some(1));
    assert_eq!(reprint(&["--seq", "1"]).status, Some(3));
    assert!(!again.exists());
}

#[test]
fn control_codes_say_what_the_manifest_says_at_300_and_600_dpi() {
    let folder = folder();
    let pack = copy_of_pack(folder.path());
    // On every side of the notice, where nothing else stands; in its own fonts.
    let notice = pack.join("../base/notice.toml");
    let marks = r#"
[style.control]
chain = "mincho"
size = "7pt"

[[item]]
qr = { at = ["4mm", "4mm"], side = "12mm", level = "M", version = 3, value = "{{ job.id }} {{ job.sequence | digits:7 }} {{ job.page }}/{{ job.pages }} {{ job.group_end }}" }

[[item]]
text = { at = ["20mm", "8mm"], width = "40mm", style = "control", value = "{{ job.sequence | digits:7 }}" }
"#;
    let before = fs::read_to_string(&notice).unwrap();
    fs::write(&notice, format!("{before}\n{marks}")).unwrap();
    let input = write(folder.path(), "in.csv", records(15));
    let (out, again) = (folder.path().join("job"), folder.path().join("again.pdf"));
    let ran = run(&["job", "--pack", text(&pack), "--fonts", "fonts", "--input", text(&input), "--out", text(&out)]);
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    let manifest = list(&out.join("manifest.csv"));
    let job = json_lines(&fs::read_to_string(out.join("job.json")).unwrap().replace('\n', " "))[0]["job"].clone();
    let bytes = fs::read(out.join(&manifest[0]["part"])).unwrap();
    let texts = reader::texts(&bytes);
    for (index, line) in manifest.iter().filter(|line| line["status"] == "printed").enumerate() {
        let end = if line["group"].is_empty() || manifest[index + 1]["group"] != line["group"] { "1" } else { "0" };
        let seq: usize = line["seq"].parse().unwrap();
        assert_eq!(line["control_code"], format!("{} {seq:07} 1/1 {end}", job.as_str().unwrap()));
        assert!(texts[index].contains(&format!("{seq:07}")), "the number for people");
    }
    for (index, dpi) in [(0, 300.0), (6, 600.0)] {
        let page = reader::render(&bytes, index, dpi);
        let corner = image::imageops::crop_imm(&page, 0, 0, (dpi * 0.9) as u32, (dpi * 0.9) as u32).to_image();
        let mut found = rqrr::PreparedImage::prepare(corner);
        let codes: Vec<String> = found.detect_grids().iter().map(|grid| grid.decode().unwrap().1).collect();
        assert_eq!(codes, [manifest[index]["control_code"].as_str()]);
    }
    let arguments = ["reprint", "--job", text(&out), "--pack", text(&pack), "--fonts", "fonts", "--seq", "7"];
    let ran = run(&[&arguments[..], &["--input", text(&input), "--out", text(&again)]].concat());
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    assert_eq!(pages(&again), pages(&out.join(&manifest[0]["part"]))[6..7]);
    // Outside a job nobody knows the number: nothing stands there.
    let plain = folder.path().join("plain.pdf");
    let arguments =
        ["render", "--pack", text(&pack), "--fonts", "fonts", "--input", text(&input), "--out", text(&plain)];
    assert_eq!(run(&arguments).status, Some(0));
    assert!(!reader::texts(&fs::read(&plain).unwrap())[0].contains(&"0000001".to_owned()));
}

#[test]
fn the_number_of_a_sheet_is_in_the_fonts_where_no_other_art_is_fixed() {
    let folder = folder();
    let pack = copy_of_pack(folder.path()).join("../bare");
    let (codes, input) = (Path::new("tests/data/codes"), "tests/data/codes/records.jsonl");
    fs::create_dir(&pack).unwrap();
    for file in ["pack.toml", "policy.toml"] {
        fs::copy(codes.join(file), pack.join(file)).unwrap();
    }
    let paper = r#"
sheet = { width = "150mm", height = "80mm" }

[style.name]
chain = "mincho"
size = "10pt"

[[item]]
text = { at = ["20mm", "20mm"], width = "80mm", style = "name", value = "{{ record_id }}" }

[[item]]
text = { at = ["20mm", "60mm"], width = "80mm", style = "name", value = "第{{ job.sequence | digits:7 }}葉" }
"#;
    write(&pack, "codes.toml", paper);
    let out = folder.path().join("job");
    let ran = run(&["job", "--pack", text(&pack), "--fonts", "fonts", "--input", input, "--out", text(&out)]);
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    let bytes = fs::read(&parts(&out)[0]).unwrap();
    let texts = reader::texts(&bytes);
    assert!(
        texts.len() > 1 && (1..).zip(&texts).all(|(seq, page)| page.contains(&format!("第{seq:07}葉"))),
        "{texts:?}"
    );
    // Its letters are drawn, too.
    let page = reader::render(&bytes, 0, 100.0);
    let band = image::imageops::crop_imm(&page, 70, 220, 150, 30).to_image();
    assert!(band.pixels().filter(|pixel| pixel.0[0] < 128).count() > 50);
}

#[test]
fn a_reprint_from_something_else_is_refused_with_what_changed() {
    let folder = folder();
    let pack = copy_of_pack(folder.path());
    let fonts = folder.path().join("fonts");
    fs::create_dir(&fonts).unwrap();
    copy_fonts(Path::new("fonts"), &fonts);
    let input = write(folder.path(), "in.csv", records(20));
    let (out, again) = (folder.path().join("job"), folder.path().join("again.pdf"));
    let ran =
        run(&["job", "--pack", text(&pack), "--fonts", text(&fonts), "--input", text(&input), "--out", text(&out)]);
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    let reprint = |input: &Path| {
        let arguments = ["reprint", "--job", text(&out), "--pack", text(&pack), "--fonts", text(&fonts), "--seq", "2"];
        run(&[&arguments[..], &["--input", text(input), "--out", text(&again)]].concat())
    };
    assert_eq!(reprint(&input).status, Some(0));
    let refused = |ran: &Ran, what: &str| {
        assert_eq!(ran.status, Some(2), "{}", ran.stderr);
        assert!(ran.stderr.contains(what), "{}", ran.stderr);
    };
    fs::remove_file(&again).unwrap();
    let other = write(folder.path(), "other.csv", records(20).replace("M000019", "M000099"));
    refused(&reprint(&other), "the input is not the one that it was");
    let policy = pack.join("policy.toml");
    let before = fs::read_to_string(&policy).unwrap();
    fs::write(&policy, format!("{before}\n# changed\n")).unwrap();
    refused(&reprint(&input), "the pack yokogawa");
    fs::write(&policy, before).unwrap();
    let font = fonts.join("noto-latin/NotoSans-Regular.ttf");
    let mut bytes = fs::read(&font).unwrap();
    bytes.push(0);
    fs::write(&font, bytes).unwrap();
    refused(&reprint(&input), "NotoSans-Regular.ttf");
    assert!(!again.exists());
    assert_eq!(json_lines(&fs::read_to_string(out.join("audit.jsonl")).unwrap()).len(), 2);
}

fn copy_fonts(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            fs::create_dir(&target).unwrap();
            copy_fonts(&entry.path(), &target);
        } else if fs::hard_link(entry.path(), &target).is_err() || target.ends_with("NotoSans-Regular.ttf") {
            // The one that the test changes must not be the repository's own.
            let _ = fs::remove_file(&target);
            fs::copy(entry.path(), &target).unwrap();
        }
    }
}

#[test]
fn verify_finds_what_was_changed_lost_or_added() {
    let folder = folder();
    let input = write(folder.path(), "in.csv", records(20));
    let out = folder.path().join("job");
    assert_eq!(job(&input, &out, &["--part-sheets", "8"]).status, Some(0));
    let verify = |said: &str| {
        let ran = run(&["verify", text(&out)]);
        assert_eq!(ran.status, Some(1), "{}", ran.stderr);
        assert!(ran.stderr.contains(said), "{said} is not in: {}", ran.stderr);
    };
    let part = &parts(&out)[1];
    let whole = fs::read(part).unwrap();
    let mut wrong = whole.clone();
    wrong[5000] ^= 1;
    fs::write(part, &wrong).unwrap();
    verify("is not as it was made");
    fs::remove_file(part).unwrap();
    verify("is missing");
    fs::write(part, &whole).unwrap();
    write(&out, "more.pdf", "");
    verify("more.pdf does not belong to the job");
    fs::remove_file(out.join("more.pdf")).unwrap();
    assert_eq!(run(&["verify", text(&out)]).status, Some(0));
    assert_eq!(run(&["verify", text(folder.path())]).status, Some(2));
}

#[test]
fn a_dry_run_and_a_stretch_of_the_records() {
    let folder = folder();
    let input = write(folder.path(), "in.csv", records(50));
    let out = folder.path().join("job");
    let ran = job(&input, &out, &["--dry-run"]);
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    assert!(ran.stderr.contains("50 records: 50 printed"), "{}", ran.stderr);
    assert!(!out.exists() && !folder.path().join("job.unfinished").exists());
    assert_eq!(job(&input, &out, &["--from", "11", "--limit", "5"]).status, Some(0));
    let ids = list(&out.join("manifest.csv"));
    let mut ids = column(&ids, "record_id");
    ids.sort_unstable();
    assert_eq!(ids, ["M000010", "M000011", "M000012", "M000013", "M000014"]);
    let again = folder.path().join("again.pdf");
    let ran = run(&["reprint", "--job", text(&out), "--input", text(&input), "--seq", "3", "--out", text(&again)]);
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    let whole = folder.path().join("whole.pdf");
    let ran = product::render(&input, &whole, &["--dry-run"]);
    assert_eq!((ran.status, whole.exists()), (Some(0), false), "{}", ran.stderr);
    let ran = product::render(&input, &whole, &["--from", "50"]);
    assert_eq!((ran.status, pages(&whole).len()), (Some(0), 1), "{}", ran.stderr);
}

#[test]
fn nothing_to_print_and_strict_leave_no_folder() {
    let folder = folder();
    let out = folder.path().join("job");
    let ran = job(Path::new(REFUSED), &out, &["--strict"]);
    assert_eq!(ran.status, Some(1));
    assert!(ran.stderr.contains("no job was made"), "{}", ran.stderr);
    let empty = write(folder.path(), "in.csv", records(3).lines().next().unwrap().to_owned() + "\n");
    assert_eq!(job(&empty, &out, &[]).status, Some(1));
    assert_eq!(product::names(folder.path()), ["in.csv"]);
}

#[test]
fn programs_hear_of_parts_and_of_the_end() {
    let folder = folder();
    let input = write(folder.path(), "in.csv", records(30));
    let out = folder.path().join("job");
    let ran = job(&input, &out, &["--part-sheets", "10", "--message-format", "json"]);
    let events = json_lines(&ran.stderr);
    let of = |kind: &str| events.iter().filter(|event| event["event"] == kind).collect::<Vec<_>>();
    assert_eq!(of("part").len(), parts(&out).len());
    assert_eq!(of("summary")[0]["records"], 30);
    assert!(of("job")[0]["job"].as_str().unwrap().starts_with('J'));
}

// ---- Stopped on the way

/// An undisturbed run, and the arguments for one more.
struct Course {
    folder: tempfile::TempDir,
    input: PathBuf,
    expected: BTreeMap<String, Vec<u8>>,
}

const CUT: [&str; 4] = ["--part-sheets", "100", "--threads", "1"];

fn course(count: usize) -> Course {
    let folder = folder();
    let input = write(folder.path(), "in.csv", records(count));
    let out = folder.path().join("undisturbed");
    assert_eq!(job(&input, &out, &CUT).status, Some(0));
    Course { expected: content(&out), folder, input }
}

impl Course {
    /// Goes on with what is left, and compares.
    fn resume(&self, out: &Path) {
        let ran = job(&self.input, out, &[&CUT[..], &["--resume"]].concat());
        assert_eq!(ran.status, Some(0), "{}", ran.stderr);
        assert!(content(out) == self.expected, "the resumed job differs");
        assert_eq!(run(&["verify", text(out)]).status, Some(0));
        assert!(!out.with_file_name("job.unfinished").exists());
    }
}

#[test]
fn a_job_that_was_killed_anywhere_is_finished_with_the_same_bytes() {
    let course = course(1000);
    // While records are composed; then with so many parts on disk; then with some list there.
    for point in ["", "1", "2", "5", "9", "proof.pdf", "counts.txt", "job.json", "SHA256SUMS"] {
        let out = course.folder.path().join("job");
        let work = course.folder.path().join("job.unfinished");
        let mut command = Command::new(env!("CARGO_BIN_EXE_shikaku"));
        command.args(["job", "--pack", PACK, "--input", text(&course.input), "--out", text(&out)]).args(CUT);
        let mut child = command.stdin(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let begun = Instant::now();
        let is_reached = || match point.parse::<usize>() {
            Ok(count) => fs::read_to_string(work.join(".parts.jsonl")).is_ok_and(|text| text.lines().count() >= count),
            Err(_) => work.join(point).exists(),
        };
        while !is_reached() && child.try_wait().unwrap().is_none() {
            assert!(begun.elapsed() < Duration::from_secs(120), "never reached {point}");
            std::thread::sleep(Duration::from_micros(200));
        }
        kill(Pid::from_raw(i32::try_from(child.id()).unwrap()), Signal::SIGKILL).unwrap();
        let status = child.wait().unwrap();
        if status.code() == Some(0) {
            // It was quicker than the test: then it is whole.
            assert!(content(&out) == course.expected);
        } else {
            assert!(!out.exists(), "killed at {point:?}, and the folder looks finished");
            course.resume(&out);
        }
        fs::remove_dir_all(&out).unwrap();
    }
}

#[test]
fn a_full_disk_and_a_part_that_cannot_be_written_stop_the_job_and_are_gone_on_with() {
    let course = course(150);
    let out = course.folder.path().join("job");
    let work = course.folder.path().join("job.unfinished");
    // No file may pass a size: writing a part (about 300 kB) fails as it does on a full disk.
    let script = format!(
        "trap '' XFSZ; ulimit -f 200; exec \"$0\" job --pack \"$1\" --input \"$2\" --out \"$3\" --resume {}",
        CUT.join(" ")
    );
    let mut shell = Command::new("bash");
    shell.args(["-c", &script, env!("CARGO_BIN_EXE_shikaku"), PACK, text(&course.input), text(&out)]);
    let ran: Ran = shell.output().unwrap().into();
    assert_eq!(ran.status, Some(3), "{}", ran.stderr);
    assert!(!out.exists());
    // A folder stands where the second part should go.
    let blocked = work
        .join("print")
        .join(course.expected.keys().find(|name| name.ends_with("_0002.pdf")).unwrap().strip_prefix("print/").unwrap());
    fs::create_dir_all(&blocked).unwrap();
    let ran = job(&course.input, &out, &[&CUT[..], &["--resume"]].concat());
    assert_eq!(ran.status, Some(3), "{}", ran.stderr);
    assert!(!out.exists());
    fs::remove_dir(&blocked).unwrap();
    course.resume(&out);
    // A finished job is left alone.
    let before = content(&out);
    let ran = job(&course.input, &out, &[&CUT[..], &["--resume"]].concat());
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    assert!(ran.stderr.contains("was finished before"), "{}", ran.stderr);
    assert!(content(&out) == before);
}

#[test]
fn what_stands_in_the_way_is_told() {
    let folder = folder();
    let input = write(folder.path(), "in.csv", records(30));
    let out = folder.path().join("job");
    let refused = |more: &[&str], status: i32, said: &str| {
        let ran = job(&input, &out, more);
        assert_eq!(ran.status, Some(status), "{}", ran.stderr);
        assert!(ran.stderr.contains(said), "{}", ran.stderr);
    };
    fs::create_dir(&out).unwrap();
    refused(&[], 2, "exists already");
    refused(&["--resume"], 2, "is no job");
    fs::remove_dir(&out).unwrap();
    // An unfinished job of other options, then one that somebody works on.
    let work = folder.path().join("job.unfinished");
    assert_eq!(job(&input, &out, &["--order", "postcode"]).status, Some(0));
    let ticket: serde_json::Value = serde_json::from_slice(&fs::read(out.join("job.json")).unwrap()).unwrap();
    fs::rename(&out, &work).unwrap();
    write(&work, ".origin.json", ticket["origin"].to_string());
    refused(&[], 2, "go on with --resume");
    refused(&["--resume"], 2, "the options");
    let lock = File::create(work.join(".lock")).unwrap();
    lock.lock().unwrap();
    refused(&["--resume"], 3, "another process");
}
