//! Nothing of where a protected person lives gets into a PDF, neither as text nor as bytes nor as a glyph.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod certificate_support;
mod product;
mod reader;

use std::path::Path;

use serde_json::{Value, json};
use shikaku::engine::{Engine, OpenOptions};

use crate::certificate_support::{FAMILIES, Family, pdf, with};
use crate::product::PACK;

/// An address of characters that stand nowhere else on a paper.
const ADDRESS: &str = "蛸壺県鯖鮪市鰯鯨町九丁目八番七号";
/// Those characters.
const RARE: &str = "蛸壺鯖鮪鰯鯨";
/// Digits that stand nowhere else either.
const POSTAL_CODE: &str = "9876543";
/// With another postcode, so that each is looked for by itself.
const BARCODE: &str = "97531468-246-ZX";

fn whereabouts() -> Value {
    json!({"postal_code": POSTAL_CODE, "address": ADDRESS, "customer_barcode": BARCODE})
}

/// Everything that the PDF could give away: its bytes, and its streams unpacked.
fn haystacks(pdf: &[u8]) -> Vec<Vec<u8>> {
    let document = lopdf::Document::load_mem(pdf).unwrap();
    let streams = document.objects.values().filter_map(|object| object.as_stream().ok());
    let unpacked = streams.map(|stream| stream.decompressed_content().unwrap_or_else(|_| stream.content.clone()));
    std::iter::once(pdf.to_vec()).chain(unpacked).collect()
}

/// A text in every form that a PDF may use for it: UTF-8, UTF-16 in both orders, hexadecimal, Shift_JIS.
fn forms(text: &str) -> Vec<Vec<u8>> {
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let hexadecimal: String = big.iter().map(|byte| format!("{byte:02X}")).collect();
    let sjis = encoding_rs::SHIFT_JIS.encode(text).0.into_owned();
    let forms = vec![big, little, hexadecimal.to_lowercase().into_bytes(), hexadecimal.into_bytes(), sjis];
    std::iter::once(text.as_bytes().to_vec()).chain(forms).collect()
}

/// What of the whereabouts is found in a PDF, and how.
fn found(pdf: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    let shown: String = reader::texts(pdf).concat().concat();
    let dashed = format!("{}-{}", &POSTAL_CODE[..3], &POSTAL_CODE[3..]);
    let pairs: Vec<String> = ADDRESS.chars().zip(ADDRESS.chars().skip(1)).map(|(a, b)| format!("{a}{b}")).collect();
    // 丁目 and the like may stand in the insurer's own address; each pair here has a rare character or a rare order.
    let pairs = pairs.into_iter().filter(|pair| pair.chars().any(|letter| RARE.contains(letter)));
    for text in pairs.chain([dashed.clone(), POSTAL_CODE.to_owned(), BARCODE.to_owned()]) {
        if shown.contains(&text) {
            found.push(format!("{text} is shown"));
        }
    }
    let haystacks = haystacks(pdf);
    let holds = |hay: &Vec<u8>, form: &[u8]| hay.windows(form.len()).any(|window| window == form);
    for text in [ADDRESS.to_owned(), dashed, POSTAL_CODE.to_owned(), BARCODE.to_owned()] {
        for form in forms(&text) {
            if haystacks.iter().any(|hay| holds(hay, &form)) {
                found.push(format!("{text} as {form:02X?}"));
            }
        }
    }
    // A single character is too short to look for among the bytes of a font; but each glyph says in hexadecimal what it
    // stands for.
    for letter in RARE.chars() {
        let glyph = format!("<{:04X}>", u32::from(letter)).into_bytes();
        if haystacks.iter().any(|hay| holds(hay, b"beginbfchar") && holds(&hay.to_ascii_uppercase(), &glyph)) {
            found.push(format!("{letter} as a glyph"));
        }
    }
    found
}

#[test]
fn a_certificate_says_nothing_of_where_a_protected_person_lives() {
    for family in &FAMILIES {
        let folder = product::folder();
        let engine = family.engine(folder.path());
        for mode in ["front", "back_blank", "none"] {
            let record = with(family.record(), whereabouts());
            let record = with(record, json!({"address_mode": mode, "myna": null, "household_head": "見本　一郎"}));
            for told in [json!({"view_restricted": true}), json!({"myna": "view_restricted"})] {
                let pdf = pdf(&engine, with(record.clone(), told));
                assert_eq!(found(&pdf), [""; 0], "{}: {mode}", family.template);
            }
            let open = found(&pdf(&engine, record));
            for text in [&ADDRESS[..6], "987-6543", "鯨 as a glyph"] {
                assert!(open.iter().any(|found| found.starts_with(text)), "the test would not see {text}: {open:?}");
            }
        }
    }
}

#[test]
fn neither_does_a_notice() {
    let engine = Engine::open(Path::new(PACK), &OpenOptions::default()).unwrap();
    for requested in ["notice", "certificate"] {
        let record = with(FAMILIES[0].record(), whereabouts());
        let record = with(record, json!({"requested": requested, "applied": true, "myna": null}));
        let protected = pdf(&engine, with(record.clone(), json!({"view_restricted": true})));
        assert_eq!(found(&protected), [""; 0], "{requested}");
        let open = found(&pdf(&engine, record));
        assert!(open.iter().any(|found| found.contains("is shown")), "{open:?}");
    }
}

#[test]
fn a_protected_person_gets_a_certificate_without_asking_for_it() {
    for template in ["certificate-kokuho", "certificate-kouki"] {
        let family = Family::named(template);
        let folder = product::folder();
        let engine = family.engine(folder.path());
        let record = json!({"requested": "auto", "myna": null, "view_restricted": true, "issue_date": "2026-08-10"});
        let shown = reader::texts(&pdf(&engine, with(family.record(), record))).concat();
        assert!(shown.iter().any(|text| text.ends_with("資格確認書")), "{template}: {shown:?}");
    }
}
