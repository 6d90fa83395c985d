//! Draws the pictures of the documents from the PDFs themselves.
//!
//! `cargo run --release --example pictures` writes `docs/pictures/`: both papers of the pack `yokogawa`, for each pack
//! all its papers as `pack-NAME.png`, and for each named example of `docs/template.md` the template `NAME` as
//! `template-NAME.png`. With names behind `--`, only the packs of those names.

use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_interpret::hayro_syntax::Pdf;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings};
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::imageops::{crop_imm, overlay};
use image::{ExtendedColorType, GrayImage, ImageEncoder, Luma};
use shikaku::base::field::Field;
use shikaku::base::geometry::Rect;
use shikaku::base::length::Length;
use shikaku::pdf::shell::Compression;
use shikaku::policy::decision::{Digits, Outcome};
use shikaku::{Engine, Input, OpenOptions, Options, RenderError};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Dots per inch of one paper on its own, of papers side by side, and of the template guide.
const PAPER: i64 = 105;
const PAIR: i64 = 78;
const GUIDE: i64 = 110;

/// Dots per inch of the contact sheets: A4 and postcards, and cards, whose letters are smaller.
const SHEET: i64 = 44;
const CARD: i64 = 88;
/// Width of a contact sheet in pixels.
const CONTACT: u32 = 1500;

/// The records of the sample that the papers show.
const NOTICE: &str = "Y00001";
const CERTIFICATE: &str = "Y00021";

/// The record that fills in the examples of the guide.
const RECORD: &str = r#"{
    "record_id": "Y00001", "requested": "notice", "issue_kind": "campaign", "issue_date": "2024-10-25",
    "name": "見本　太郎", "name_kana": "ミホン　タロウ", "sex": "男", "birth_date": "1953-01-15",
    "member_kind": "本人", "acquired_on": "2010-04-01", "registered_on": "2010-04-10",
    "symbol": "0012", "number": "0345601", "branch": "00",
    "ratio": "2割", "ratio_from": "2023-02-01", "ratio_until": "2025-07-31",
    "postal_code": "180-0000", "address": "東京都見本市見本町二丁目6番3号", "last4": "1234",
    "remarks_back": "この欄には、保険者が必要と認めた事項を記載します。", "sample": true
}"#;

/// What a job would put into the examples, as without one nothing stands there.
const JOB: [(&str, &str); 7] = [
    ("{{ job.id }}", "K26-03"),
    ("{{ job.sequence | digits:7 }}", "0004711"),
    ("{{ job.page | digits:2 }}", "01"),
    ("{{ job.pages | digits:2 }}", "02"),
    ("{{ job.page }}", "1"),
    ("{{ job.pages }}", "2"),
    ("{{ job.group_end }}", "1"),
];

/// The pack that the examples of the guide stand in. `{template}` is the example's file.
const PACK: &str = r#"
inherit = "base"
name = "guide"

[insurer]
number = "06139992"
placeholder_number = true
name = "見本健康保険組合"

[text]
phone = "00-0000-0000"
portal = "https://myna.go.jp/"

[[document]]
document = "notice"
sheet = "A4"
sides = ["{template}"]
"#;

/// Everybody gets a notice with the digits on it.
const POLICY: &str = r#"
title = { notice = "資格情報のお知らせ", slip = "資格情報のお知らせ" }

[[eligibility]]
when = {}
document = "notice"
reason = "NOTICE_EXAMPLE"
src = "derived: an example"

[[last4.rule]]
when = {}
show = true
reason = "L4_EXAMPLE"
src = "derived: an example"
"#;

fn main() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let pictures = root.join("docs/pictures");
    fs::create_dir_all(&pictures)?;
    let only: Vec<String> = std::env::args().skip(1).collect();
    for pack in packs(root)? {
        if only.is_empty() || only.contains(&pack) {
            contact(root, &pack, &pictures)?;
        }
    }
    if !only.is_empty() {
        return Ok(());
    }
    papers(root, &pictures)?;
    let guide = root.join("docs/template.md");
    if guide.exists() {
        examples(root, &fs::read_to_string(guide)?, &pictures)?;
    }
    Ok(())
}

/// The packs with a sample, by name.
fn packs(root: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(root.join("templates"))? {
        let entry = entry?;
        if entry.path().join("sample.csv").is_file() {
            names.extend(entry.file_name().to_str().map(str::to_owned));
        }
    }
    names.sort();
    Ok(names)
}

/// Every paper of a pack: for each kind of paper, size, medium and person the first record of the sample.
fn contact(root: &Path, pack: &str, pictures: &Path) -> Result<()> {
    let folder = root.join("templates").join(pack);
    let engine = Engine::open(&folder, &OpenOptions::default())?;
    let (mut seen, mut records) = (BTreeSet::new(), Vec::new());
    engine.visit(&Input::file(&folder.join("sample.csv")), &Options::default(), |record| {
        let Ok(record) = record else { return Ok(()) };
        let Ok(decision) = engine.decide(record) else { return Ok(()) };
        let words = [Field::SHEET, Field::MEDIUM, Field::MEMBER_KIND].map(|field| record.facts.text(field));
        let own = engine.pack().fields.find("layout").and_then(|field| record.facts.text(field));
        let digits = matches!(decision.digits, Digits::Shown(_));
        let kind = format!("{:?} {words:?} {own:?} {digits}", decision.document);
        if decision.outcome() == Outcome::Printed && seen.insert(kind) {
            records.push(record.clone());
        }
        Ok::<(), RenderError>(())
    })?;
    let mut pages = Vec::new();
    for record in &records {
        let dpi = if record.facts.text(Field::SHEET) == Some("card") { CARD } else { SHEET };
        let (pdf, count) = engine.pdf_packed(record, Compression::Fast)?;
        for number in 0..usize::try_from(count)? {
            pages.push(framed(page(&pdf, number, dpi)?));
        }
    }
    save(&in_rows(&pages), &pictures.join(format!("pack-{pack}.png")))
}

/// Both papers of the pack, the slip, and the papers side by side.
fn papers(root: &Path, pictures: &Path) -> Result<()> {
    let engine = Engine::open(&root.join("templates/yokogawa"), &OpenOptions::default())?;
    let input = Input::file(&root.join("templates/yokogawa/sample.csv"));
    let (mut notice, mut certificate) = (None, None);
    engine.visit(&input, &Options::default(), |record| {
        match record.as_ref().ok().and_then(|record| record.id()) {
            Some(NOTICE) => notice = record.ok().cloned(),
            Some(CERTIFICATE) => certificate = record.ok().cloned(),
            Some(_) | None => {}
        }
        Ok::<(), RenderError>(())
    })?;
    let notice = engine.pdf(&notice.ok_or("the sample has no such notice")?)?;
    let certificate = engine.pdf(&certificate.ok_or("the sample has no such certificate")?)?;

    let front = page(&notice, 0, PAPER)?;
    let slips = engine.pack().papers.iter().flat_map(|paper| &paper.sides).flat_map(|side| &side.slips);
    let slip = slips.copied().next().ok_or("the notice has no slip")?;
    save(&cut(&page(&notice, 0, 2 * PAPER)?, slip, 2 * PAPER), &pictures.join("slip.png"))?;
    save(&framed(front), &pictures.join("notice.png"))?;
    save(&framed(page(&certificate, 0, PAPER)?), &pictures.join("certificate.png"))?;
    save(&framed(page(&certificate, 1, PAPER)?), &pictures.join("certificate-back.png"))?;
    let pair = [page(&notice, 0, PAIR)?, page(&certificate, 0, PAIR)?];
    save(&side_by_side(&pair.map(framed)), &pictures.join("papers.png"))
}

/// The examples of the guide, each as the only template of a pack beside copies of `base`.
fn examples(root: &Path, guide: &str, pictures: &Path) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let pack = folder.path().join("guide");
    copy(&root.join("templates/base"), &folder.path().join("base"))?;
    // Examples name parts and styles as a pack of its own would have them.
    copy(&root.join("templates/base"), &pack)?;
    fs::write(pack.join("policy.toml"), POLICY)?;
    for (name, template) in named(guide) {
        let file = format!("{name}.toml");
        let printed = JOB.iter().fold(template.to_owned(), |text, (name, value)| text.replace(name, value));
        fs::write(pack.join(&file), printed)?;
        fs::write(pack.join("pack.toml"), PACK.replace("{template}", &file))?;
        let options = OpenOptions { fonts: Some(root.join("fonts")), issue_date: None };
        let engine = Engine::open(&pack, &options).map_err(|error| format!("example {name}: {error}"))?;
        let record = engine.read_json(RECORD)?;
        let pdf = engine.pdf(&record).map_err(|error| format!("example {name}: {error}"))?;
        save(&framed(page(&pdf, 0, GUIDE)?), &pictures.join(format!("template-{name}.png")))?;
    }
    Ok(())
}

/// The fences ```` ```toml name=NAME ```` of a document.
fn named(document: &str) -> Vec<(&str, &str)> {
    let fences = document.split("\n```toml name=").skip(1);
    fences.filter_map(|rest| rest.split_once('\n')).map(|(name, rest)| (name.trim(), body(rest))).collect()
}

/// What stands before the end of a fence.
fn body(rest: &str) -> &str {
    rest.find("\n```").map_or(rest, |end| &rest[..=end])
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target: PathBuf = to.join(entry.file_name());
        match entry.file_type()?.is_dir() {
            true => copy(&entry.path(), &target)?,
            false => fs::copy(entry.path(), target).map(|_| ())?,
        }
    }
    Ok(())
}

/// A page in 16 greys.
fn page(pdf: &[u8], number: usize, dpi: i64) -> Result<GrayImage> {
    let pdf = Pdf::new(pdf.to_vec()).map_err(|_| "the PDF does not open")?;
    let page = pdf.pages().get(number).ok_or("the PDF has no such page")?;
    let scale = dpi as f32 / 72.0;
    let settings = PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE };
    let cache = RenderCache::new();
    let drawn = hayro::render(page, &cache, &InterpreterSettings::default(), &RenderSettings::default(), &settings);
    let sixteenth = |grey: &u8| grey.saturating_add(8) / 17 * 17;
    let greys = drawn.data_as_u8_slice().chunks(4).map(|pixel| pixel.first().map_or(255, sixteenth));
    let (width, height) = (drawn.width().into(), drawn.height().into());
    GrayImage::from_raw(width, height, greys.collect()).ok_or_else(|| "the picture has another size".into())
}

/// The stretch of a page that a rectangle of the sheet covers.
fn cut(page: &GrayImage, rect: Rect, dpi: i64) -> GrayImage {
    let pixels = |length: Length| (length.to_millipoints() * dpi / 72_000) as u32;
    // Half a millimetre: the cut line, and nothing of what stands around it.
    let margin = (dpi / 50) as u32;
    let (x, y) = (pixels(rect.at.x).saturating_sub(margin), pixels(rect.at.y).saturating_sub(margin));
    crop_imm(page, x, y, pixels(rect.size.width) + 2 * margin, pixels(rect.size.height) + 2 * margin).to_image()
}

/// A page with a thin line around it, so that its edge shows on white.
fn framed(page: GrayImage) -> GrayImage {
    let mut framed = GrayImage::from_pixel(page.width() + 2, page.height() + 2, Luma([187]));
    overlay(&mut framed, &page, 1, 1);
    framed
}

/// Pages beside each other on white.
fn side_by_side(pages: &[GrayImage]) -> GrayImage {
    const GAP: u32 = 24;
    let width = pages.iter().map(|page| page.width() + GAP).sum::<u32>().saturating_sub(GAP);
    let height = pages.iter().map(GrayImage::height).max().unwrap_or(0);
    let mut together = GrayImage::from_pixel(width, height, Luma([255]));
    let mut x = 0;
    for page in pages {
        overlay(&mut together, page, x, 0);
        x += i64::from(page.width() + GAP);
    }
    together
}

/// Pages beside each other, in as many rows as they need.
fn in_rows(pages: &[GrayImage]) -> GrayImage {
    const GAP: u32 = 16;
    let (mut places, mut x, mut y, mut high) = (Vec::new(), 0, 0, 0);
    for page in pages {
        if x > 0 && x + page.width() > CONTACT {
            (x, y, high) = (0, y + high + GAP, 0);
        }
        places.push((x, y));
        x += page.width() + GAP;
        high = high.max(page.height());
    }
    let width = places.iter().zip(pages).map(|((x, _), page)| x + page.width()).max().unwrap_or(1);
    let mut together = GrayImage::from_pixel(width, (y + high).max(1), Luma([255]));
    for ((x, y), page) in places.into_iter().zip(pages) {
        overlay(&mut together, page, x.into(), y.into());
    }
    together
}

fn save(picture: &GrayImage, path: &Path) -> Result<()> {
    let mut bytes = Vec::new();
    let encoder = PngEncoder::new_with_quality(&mut bytes, CompressionType::Best, FilterType::Adaptive);
    encoder.write_image(picture.as_raw(), picture.width(), picture.height(), ExtendedColorType::L8)?;
    println!("{} ({}×{}, {} kB)", path.display(), picture.width(), picture.height(), bytes.len().div_ceil(1000));
    Ok(fs::write(path, bytes)?)
}
