//! Files that are longer than four and ten gigabytes, and files with as many pages as there can be: every place in
//! the table is where the object is. The pages are large and empty of sense, and the sinks keep no more of them than
//! where they start.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::FileExt;

use flate2::read::ZlibDecoder;
use shikaku::base::geometry::Size;
use shikaku::base::length::Length;
use shikaku::font::faces::Faces;
use shikaku::pdf::encoder::{Encoder, Kit};
use shikaku::pdf::metadata::Metadata;
use shikaku::pdf::page::PageDigest;
use shikaku::pdf::shell::{Compression, Plan, build};
use shikaku::pdf::stamp::{StampError, Stamper};
use shikaku::pdf::usage::Usage;

const A4: Size = Size { width: Length::mm(210), height: Length::mm(297) };

/// What is written at once and is longer than this, is a page.
const LARGE: usize = 8 << 20;

/// Stamps pages of `length` bytes each until there are `count` or one is refused; then ends the file.
fn stamp<W: Write>(
    compression: Compression,
    length: usize,
    count: u64,
    sink: W,
) -> (Result<W, StampError>, u64, Option<StampError>) {
    let faces = Faces::default();
    let encoder = Encoder::new(Kit { faces: &faces, pictures: &[], compression }, []).unwrap();
    let plan = Plan { encoder: &encoder, usage: &Usage::new(), metadata: &Metadata::default() };
    let shell = build(&plan).unwrap();
    let mut body = format!("<</Length {length}>>\nstream\n").into_bytes();
    body.resize(body.len() + length, b' ');
    body.extend_from_slice(b"\nendstream");
    let page = encoder.page(A4, body, PageDigest::default());
    let mut stamper = Stamper::new(sink, &shell).unwrap();
    let refused = (0..count).find_map(|_| stamper.page(&page).err());
    let pages = stamper.pages();
    (stamper.finish(), pages, refused)
}

/// Keeps what is short, with its place.
#[derive(Default)]
struct Sparse {
    kept: Vec<(u64, Vec<u8>)>,
    length: u64,
}

impl Write for Sparse {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let kept = if bytes.len() < LARGE { bytes } else { &bytes[..64] };
        self.kept.push((self.length, kept.to_vec()));
        self.length += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Sparse {
    /// What was written from `place` on, as far as it was kept.
    fn look(&self, place: u64, length: usize) -> Vec<u8> {
        let mut found = Vec::new();
        for (start, kept) in &self.kept {
            let end = start + kept.len() as u64;
            let next = place + found.len() as u64;
            if (*start..end).contains(&next) {
                found.extend_from_slice(&kept[(next - start) as usize..]);
            }
        }
        found.truncate(length);
        found
    }
}

/// Leaves holes where pages are.
struct Holes(File);

impl Write for Holes {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.len() < LARGE {
            return self.0.write(bytes);
        }
        self.0.seek(SeekFrom::Current(bytes.len() as i64))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// The dictionary of a stream and what it unpacks to.
fn unpacked(object: &[u8]) -> (String, Vec<u8>) {
    let start = object.windows(8).position(|window| window == b"\nstream\n").unwrap() + 8;
    let mut data = Vec::new();
    ZlibDecoder::new(&object[start..]).read_to_end(&mut data).unwrap();
    (String::from_utf8_lossy(&object[..start]).into_owned(), data)
}

fn number_behind(text: &str, key: &str) -> u64 {
    let rest = text.split_once(key).unwrap_or_else(|| panic!("{key} in {text}")).1.trim_start();
    rest.chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap()
}

/// Looks up every object of a file in its table. Returns their number and the last place.
fn check(length: u64, look: &dyn Fn(u64, usize) -> Vec<u8>) -> (u64, u64) {
    let tail = String::from_utf8_lossy(&look(length - 64, 64)).into_owned();
    let start = number_behind(&tail, "startxref");
    let table = look(start, (length - start) as usize);
    let is_at = |number: u64, place: u64| {
        let head = format!("{number} 0 obj\n");
        assert_eq!(String::from_utf8_lossy(&look(place, head.len())), head);
    };
    if let Some(lines) = table.strip_prefix(b"xref\n0 ") {
        let lines = String::from_utf8_lossy(lines);
        let size = number_behind(&lines, "");
        for (number, line) in (0..size).zip(lines.lines().skip(1)) {
            assert_eq!(line.len(), 19, "{line:?}");
            if number > 0 {
                is_at(number, line[..10].parse().unwrap());
            }
        }
        return (size, start);
    }
    let (dictionary, rows) = unpacked(&table);
    let size = number_behind(&dictionary, "/Size ");
    assert!(dictionary.contains("/W[1 5 1]") && dictionary.contains("/Predictor 12/Columns 7"), "{dictionary}");
    assert_eq!(rows.len() as u64, 8 * size);
    let mut places = Vec::new();
    let mut row = [0_u8; 7];
    for filtered in rows.chunks(8) {
        assert_eq!(filtered[0], 2);
        row.iter_mut().zip(&filtered[1..]).for_each(|(cell, more)| *cell = cell.wrapping_add(*more));
        let place = row[1..6].iter().fold(0, |place, byte| place << 8 | u64::from(*byte));
        places.push((row[0], place, usize::from(row[6])));
    }
    let mut numbers = (0, Vec::new());
    for (number, (kind, place, index)) in (0..).zip(&places) {
        match kind {
            0 => assert_eq!(number, 0),
            1 => is_at(number, *place),
            2 => {
                if numbers.0 != *place {
                    let (dictionary, bundle) = unpacked(&look(places[*place as usize].1, 1 << 20));
                    assert!(dictionary.contains("/Type/ObjStm"), "{dictionary}");
                    let heads =
                        String::from_utf8_lossy(&bundle[..number_behind(&dictionary, "/First ") as usize]).into_owned();
                    let heads = heads.split_ascii_whitespace().step_by(2).map(|number| number.parse::<u64>().unwrap());
                    numbers = (*place, heads.collect());
                    assert_eq!(numbers.1.len() as u64, number_behind(&dictionary, "/N "));
                }
                assert_eq!(numbers.1[*index], number);
            }
            kind => panic!("{kind}"),
        }
    }
    (size, start)
}

#[test]
fn patch_20_every_place_is_right_beyond_four_gigabytes() {
    for compression in [Compression::None, Compression::Small] {
        let (file, pages, refused) = stamp(compression, 16 << 20, 300, Sparse::default());
        let file = file.unwrap();
        assert!(refused.is_none() && pages == 300 && file.length > 5_000_000_000);
        let (size, start) = check(file.length, &|place, length| file.look(place, length));
        assert!(size > 600 && start > 5_000_000_000, "{size} {start}");
    }
}

#[test]
fn patch_20_ten_gigabytes_are_too_long_for_ten_digits_and_not_for_five_bytes() {
    let (ended, pages, refused) = stamp(Compression::None, 16 << 20, 700, Sparse::default());
    assert!(matches!(refused, Some(StampError::TooLong)) && matches!(ended, Err(StampError::TooLong)));
    assert_eq!(pages, 10_000_000_000 / (16 << 20) + 1, "the last page that starts within ten digits");
    let (file, pages, refused) = stamp(Compression::Small, 16 << 20, 700, Sparse::default());
    let file = file.unwrap();
    assert!(refused.is_none() && pages == 700);
    let (_, start) = check(file.length, &|place, length| file.look(place, length));
    assert!(start > 11_000_000_000, "{start}");
}

#[test]
fn patch_20_a_file_with_holes_is_read_where_its_table_says() {
    for compression in [Compression::Fast, Compression::Small] {
        let file = Holes(tempfile::tempfile().unwrap());
        let (file, _, _) = stamp(compression, 16 << 20, 300, file);
        let Holes(file) = file.unwrap();
        let length = file.metadata().unwrap().len();
        let look = |place: u64, length: usize| {
            let mut bytes = vec![0; length];
            let read = file.read_at(&mut bytes, place).unwrap();
            bytes.truncate(read);
            bytes
        };
        assert!(check(length, &look).1 > 5_000_000_000);
    }
}

/// ISO 32000-1, annex C: a reader takes 8,388,607 objects.
#[test]
fn patch_20_more_objects_than_readers_take_are_refused() {
    /// Keeps the end.
    struct End(Vec<u8>);
    impl Write for End {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.clear();
            self.0.extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let (file, pages, refused) = stamp(Compression::None, 1, 5_000_000, End(Vec::new()));
    assert!(matches!(refused, Some(StampError::TooManyPages)), "{refused:?}");
    assert!(pages > 4_170_000, "{pages}");
    // What was written before is a whole file.
    let tail = String::from_utf8_lossy(&file.unwrap().0).into_owned();
    let size = number_behind(&tail[tail.rfind("/Size").unwrap()..], "/Size ");
    assert!((2 * pages..=8_388_608).contains(&size), "{size}");
}
