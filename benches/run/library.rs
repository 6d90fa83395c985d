//! The library from inside: what each step of one record costs.

use std::error::Error;
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use nix::sys::resource::UsageWho;
use nix::sys::resource::getrusage;
use shikaku::engine::Engine;
use shikaku::engine::Input;
use shikaku::engine::OpenOptions;
use shikaku::engine::Options;
use shikaku::engine::RenderError;
use shikaku::engine::Work;
use shikaku::font::Chain;
use shikaku::font::FaceId;
use shikaku::font::faces::Faces;
use shikaku::font::resolve::resolve;
use shikaku::pdf::encoder::Encoder;
use shikaku::pdf::encoder::Kit;
use shikaku::pdf::metadata::Metadata;
use shikaku::pdf::shell;
use shikaku::pdf::shell::Compression;
use shikaku::pdf::shell::Plan;
use shikaku::pdf::usage::Usage;
use shikaku::record::Record;
use shikaku::record::columns::Columns;
use shikaku::record::defaults::Defaults;
use shikaku::record::encoding::Encoding;
use shikaku::record::intake::Intake;
use shikaku::record::parse::parse;
use shikaku::record::raw::RawRecord;
use shikaku::record::reader::Format;
use shikaku::record::reader::Reader;
use shikaku::sheet::Glyph;
use shikaku::sheet::Mark;
use shikaku::sheet::Run;

use crate::floor;
use crate::pack;
use crate::records;

/// Records that are gone through.
const RECORDS: u64 = 20_000;

/// The time that the process has used, user and system: what others do on the machine is not in it.
fn used() -> Result<Duration, nix::Error> {
    let usage = getrusage(UsageWho::RUSAGE_SELF)?;
    let time = [usage.user_time(), usage.system_time()].map(|time| time.tv_sec() * 1_000_000 + time.tv_usec());
    Ok(Duration::from_micros((time[0] + time[1]).unsigned_abs()))
}

/// Prints one row: the CPU time of `work`, by the times that it did its step.
pub fn row<E: Into<Box<dyn Error>>>(
    step: &str,
    times: u64,
    work: impl FnOnce() -> Result<(), E>,
) -> Result<(), Box<dyn Error>> {
    let before = used()?;
    work().map_err(Into::into)?;
    let each = (used()? - before).as_nanos() as f64 / times as f64;
    match each {
        ..10_000.0 => println!("| {step} | {times} | {each:.0} ns |"),
        ..1_000_000.0 => println!("| {step} | {times} | {:.1} µs |", each / 1e3),
        _ => println!("| {step} | {times} | {:.2} ms |", each / 1e6),
    }
    Ok(())
}

/// Prints a row for each step.
pub fn measure() -> Result<(), Box<dyn Error>> {
    println!("The library, one thread (CPU time)\n");
    println!("| step | times | each |");
    println!("|------|------:|-----:|");
    mapped()?;
    let mut csv = Vec::new();
    records::write(RECORDS, &mut csv)?;
    let csv: Arc<[u8]> = csv.into();
    row("open the pack", 20, || (0..20).try_for_each(|_| Engine::open(pack(), &OpenOptions::default()).map(drop)))?;
    let engine = Engine::open(pack(), &OpenOptions::default())?;
    reading(&engine, &csv, Format::Csv)?;
    names()?;
    cutting()?;
    let taken = taken(&engine, &Input::bytes(Arc::clone(&csv)), &Options::default())?;
    deciding(&engine, &taken)?;
    passes(&engine, csv)?;
    let warm = taken.first().ok_or("no record")?;
    engine.pdf(warm)?;
    row("a PDF of one record, the engine warm", 200, || {
        taken.iter().take(200).try_for_each(|record| engine.pdf(black_box(record)).map(drop))
    })
}

/// Prints a row for each step of one record, the floor first: of a pack, a folder of fonts and a file of JSON Lines.
pub fn steps(pack: &Path, fonts: &Path, file: &Path) -> Result<(), Box<dyn Error>> {
    println!("| step | times | each |");
    println!("|------|------:|-----:|");
    let engine = Engine::open(pack, &OpenOptions { fonts: Some(fonts.to_path_buf()), ..OpenOptions::default() })?;
    let lines = std::fs::read(file)?;
    let input = Input::bytes(lines.clone());
    let options = Options { format: Format::JsonLines, ..Options::default() };
    let taken = taken(&engine, &input, &options)?;
    floor::measure(&engine, &lines, &taken)?;
    reading(&engine, &lines, Format::JsonLines)?;
    deciding(&engine, &taken)?;
    for (step, compression) in [("unpacked", Compression::None), ("packed", Compression::Fast)] {
        let options = Options { compression, ..options };
        row(&format!("all of it, {step}, written to nowhere"), taken.len() as u64, || {
            engine.render(&input, std::io::sink(), &options, &mut |_| {}).map(drop)
        })?;
    }
    Ok(())
}

/// The records of an input that are good.
fn taken(engine: &Engine, input: &Input, options: &Options<'_>) -> Result<Vec<Record>, RenderError> {
    let mut taken = Vec::new();
    engine.visit(input, options, |record| {
        taken.extend(record.ok().cloned());
        Ok::<(), RenderError>(())
    })?;
    Ok(taken)
}

/// Cutting and parsing.
fn reading(engine: &Engine, bytes: &[u8], format: Format) -> Result<(), Box<dyn Error>> {
    let fields = engine.pack().fields.clone();
    let headers: Vec<_> = engine.pack().columns.iter().map(|(header, field)| (header.clone(), *field)).collect();
    let columns = Columns::new(&fields, &headers);
    let intake = Intake { fields, columns, defaults: Defaults::default() };
    let mut raw = RawRecord::default();
    let mut reader = Reader::open(bytes, format, Encoding::Auto, &intake)?;
    let layout = reader.layout().clone();
    row("cut one record off the file", bytes.iter().filter(|byte| **byte == b'\n').count() as u64, || {
        while reader.next(&mut raw)? {}
        Ok::<(), shikaku::record::reader::ReadError>(())
    })?;
    let mut reader = Reader::open(bytes, format, Encoding::Auto, &intake)?;
    reader.next(&mut raw)?;
    let mut record = Record::new(&intake.fields);
    row("parse and check one record", RECORDS, || {
        let mut parsed = || parse(&raw, &layout, &intake, &mut record).map(drop).map_err(|_| "a record was refused");
        (0..RECORDS).try_for_each(|_| parsed())
    })
}

/// Finding glyphs.
fn names() -> Result<(), Box<dyn Error>> {
    let fonts = Path::new(env!("CARGO_MANIFEST_DIR")).join("fonts");
    let files =
        ["ipamj-mincho/ipamjm.ttf", "haranoaji/HaranoAjiMincho-Regular.otf", "noto-latin/NotoSerif-Regular.ttf"];
    let faces = Faces::open(&files.map(|file| fonts.join(file)))?;
    let chain = Chain::new((0..3).map(FaceId).collect());
    let mut clusters = Vec::new();
    for (step, name) in [
        ("find the glyphs of an ordinary name", "長谷川　由美子"),
        ("find the glyphs of a name with a variation sequence", "渡邉\u{E0102}　票輔"),
        ("find the glyphs of a name with a mark that needs shaping", "鈴木　か\u{309A}"),
        ("find the glyphs of a long name", "マリアテレサアレハンドラデロスアンヘレスゴンサレスフェルナンデス"),
    ] {
        row(step, 100_000, || {
            for _ in 0..100_000 {
                clusters.clear();
                resolve(&faces, &chain, black_box(name), &mut clusters).map_err(|_| "no glyphs")?;
            }
            Ok::<(), &str>(())
        })?;
    }
    Ok(())
}

/// Cutting 3,000 glyphs out of each large font, as a run of many records needs them, into the shell of a PDF.
fn cutting() -> Result<(), Box<dyn Error>> {
    let fonts = Path::new(env!("CARGO_MANIFEST_DIR")).join("fonts");
    for file in
        ["ipamj-mincho/ipamjm.ttf", "haranoaji/HaranoAjiMincho-Regular.otf", "biz-udgothic/BIZUDGothic-Regular.ttf"]
    {
        let faces = Faces::open(&[fonts.join(file)])?;
        let face = faces.get(FaceId(0));
        let common = ('\u{4E00}'..='\u{9FFF}').filter_map(|character| face.glyph(character)).take(3000);
        let glyphs = common.map(|id| Glyph { id, text: 0..0, space: 0 }).collect();
        let mut usage = Usage::new();
        usage.add_marks(&[Mark::Run(Run { glyphs, ..Run::default() })]);
        let metadata = Metadata { title: "3,000".to_owned(), language: "ja-JP".to_owned(), date: None };
        let kit = Kit { faces: &faces, pictures: &[], compression: Compression::None };
        let encoder = Encoder::new(kit, [])?;
        let plan = Plan { encoder: &encoder, usage: &usage, metadata: &metadata };
        row(&format!("cut 3,000 glyphs out of {}", face.name()), 5, || {
            (0..5).try_for_each(|_| shell::build(black_box(&plan)).map(drop))
        })?;
    }
    Ok(())
}

/// How much of the largest font is in memory: it is mapped, and only what is asked for is read.
fn mapped() -> Result<(), Box<dyn Error>> {
    let engine = Engine::open(pack(), &OpenOptions::default())?;
    println!("| kB of ipamjm.ttf (46 MB) in memory, the pack open | 1 | {} |", resident("ipamjm.ttf")?);
    let mut csv = Vec::new();
    records::write(1, &mut csv)?;
    let input = Input::bytes(csv);
    engine.render(&input, std::io::sink(), &Options::default(), &mut |_| {})?;
    println!("| the same, one record printed | 1 | {} |", resident("ipamjm.ttf")?);
    Ok(())
}

/// What Linux tells of the pages of a mapped file that this process has touched, in kB.
fn resident(file: &str) -> Result<u64, Box<dyn Error>> {
    let maps = std::fs::read_to_string("/proc/self/smaps")?;
    let mut of_file = false;
    let mut sum = 0;
    for line in maps.lines() {
        let first = line.split_whitespace().next().unwrap_or_default();
        if !first.ends_with(':') {
            of_file = line.ends_with(file);
        } else if of_file && first == "Rss:" {
            sum += line.split_whitespace().nth(1).unwrap_or_default().parse::<u64>()?;
        }
    }
    Ok(sum)
}

/// Deciding and composing.
fn deciding(engine: &Engine, taken: &[Record]) -> Result<(), Box<dyn Error>> {
    let failed = |_| "a record was refused";
    row("decide", taken.len() as u64, || {
        taken.iter().try_for_each(|record| engine.decide(black_box(record)).map(drop).map_err(failed))
    })?;
    let mut work = Work::default();
    row("decide and compose", taken.len() as u64, || {
        taken.iter().try_for_each(|record| engine.compose(black_box(record), &mut work).map(drop).map_err(failed))
    })
}

/// A run: what is done while records are read, and what is left when all are checked.
fn passes(engine: &Engine, csv: Arc<[u8]>) -> Result<(), Box<dyn Error>> {
    let (input, options) = (Input::bytes(csv), Options::default());
    row("check: all of these, and collecting glyphs", RECORDS, || {
        engine.survey(&input, &options, &mut |_| {}).map(drop)
    })?;
    let encoder = engine.encoder(options.compression)?;
    let mut spool = None;
    row("spool: the same, encoding, packing and keeping the pages", RECORDS, || {
        spool = Some(engine.spool(&input, (&options, &encoder), &mut |_, _| {}, &mut |_| {})?);
        Ok::<(), RenderError>(())
    })?;
    let spool = spool.ok_or("no spool")?;
    row("print: the shell, and copying the pages", RECORDS, || {
        engine.print(&spool, std::io::sink(), (&options, &encoder), &mut |_| {}).map(drop)
    })
}
