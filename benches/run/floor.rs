//! The floor: what no generator gets around for one sheet, each step alone and as plain as it can be.

use std::error::Error;
use std::hint::black_box;
use std::io::Write;

use flate2::{Compress, Compression, FlushCompress};
use lopdf::Document;
use serde::de::IgnoredAny;
use shikaku::engine::Engine;
use shikaku::record::Record;

use crate::library::row;

/// Sheets whose content is taken for a sample.
const SAMPLE: usize = 100;

/// Times that each sheet is gone through.
const TIMES: u64 = 200;

/// Prints a row for each step, of the JSON Lines and the sheets that these records become.
pub fn measure(engine: &Engine, lines: &[u8], taken: &[Record]) -> Result<(), Box<dyn Error>> {
    let lines: Vec<&[u8]> = lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).take(SAMPLE).collect();
    let pages: Vec<Vec<u8>> =
        taken.iter().take(SAMPLE).map(|record| content(engine, record)).collect::<Result<_, _>>()?;
    let each = |all: usize| all / SAMPLE.min(taken.len()).max(1);
    let bytes = each(lines.iter().map(|line| line.len()).sum());
    over(&lines, &format!("read a record of {bytes} bytes as JSON, keep nothing"), |line| {
        serde_json::from_slice::<IgnoredAny>(black_box(line)).map(drop).map_err(Into::into)
    })?;
    let mut buffer = Vec::with_capacity(1 << 16);
    let bytes = each(pages.iter().map(Vec::len).sum());
    over(&pages, &format!("copy the {bytes} bytes of its page's content"), |page| {
        buffer.clear();
        buffer.extend_from_slice(black_box(page));
        Ok(())
    })?;
    let mut packed = 0;
    let mut deflate = Compress::new(Compression::fast(), true);
    over(&pages, "deflate them, level 1", |page| {
        buffer.clear();
        deflate.reset();
        deflate.compress_vec(black_box(page), &mut buffer, FlushCompress::Finish)?;
        packed += buffer.len();
        Ok(())
    })?;
    let bytes = packed / (pages.len().max(1) * TIMES as usize);
    buffer.resize(bytes, 0);
    let mut file = std::io::BufWriter::new(tempfile::tempfile()?);
    over(&pages, &format!("write {bytes} bytes to a file"), |_| file.write_all(black_box(&buffer)).map_err(Into::into))
}

/// The content of the first page that a record becomes, unpacked.
fn content(engine: &Engine, record: &Record) -> Result<Vec<u8>, Box<dyn Error>> {
    let document = Document::load_mem(&engine.pdf(record)?)?;
    let page = document.page_iter().next().ok_or("no page")?;
    Ok(document.get_page_content(page))
}

fn over<T>(
    sheets: &[T],
    step: &str,
    mut work: impl FnMut(&T) -> Result<(), Box<dyn Error>>,
) -> Result<(), Box<dyn Error>> {
    row(step, sheets.len() as u64 * TIMES, || (0..TIMES).try_for_each(|_| sheets.iter().try_for_each(&mut work)))
}
