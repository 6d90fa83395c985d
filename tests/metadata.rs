//! What a PDF says outside its pages: nothing of a person.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod product;

use std::path::Path;

use shikaku::engine::{Engine, Input, OpenOptions, Options};

use crate::product::{PACK, sample, to_csv};

#[test]
fn nothing_outside_the_pages_tells_of_a_person() {
    let engine = Engine::open(Path::new(PACK), &OpenOptions::default()).unwrap();
    let mut pdf = Vec::new();
    let input = Input::bytes(to_csv(&sample()).into_bytes());
    engine.render(&input, &mut pdf, &Options::default(), &mut |_| {}).unwrap();
    let document = lopdf::Document::load_mem(&pdf).unwrap();
    let mut texts = vec![document.trailer.iter().map(|(_, value)| strings(value)).collect::<String>()];
    for object in document.objects.values() {
        texts.push(strings(object));
        if let lopdf::Object::Stream(stream) = object
            && stream.dict.get(b"Type").and_then(lopdf::Object::as_name).is_ok_and(|name| name == b"Metadata")
        {
            texts.push(String::from_utf8(stream.content.clone()).unwrap());
        }
    }
    let all = texts.concat();
    assert!(all.contains("資格情報のお知らせ"), "the title is there, so the test sees what it must see");
    for row in sample() {
        for header in ["整理番号", "氏名", "フリガナ", "通称名", "被保険者氏名", "番号", "住所"]
        {
            let cell = row.get(header);
            assert!(cell.is_empty() || !all.contains(cell), "{header} of {}", row.id());
        }
    }
    // Names in the open: in any encoding that a PDF may use for text.
    for row in sample() {
        let name = row.get("氏名");
        let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let hexadecimal: String = wide.iter().map(|byte| format!("{byte:02X}")).collect();
        for needle in [name.as_bytes(), &wide, hexadecimal.as_bytes(), hexadecimal.to_lowercase().as_bytes()] {
            assert!(!pdf.windows(needle.len()).any(|window| window == needle), "{}", row.id());
        }
    }
}

/// All strings and names within an object that are not in a stream, decoded.
fn strings(object: &lopdf::Object) -> String {
    use lopdf::Object;
    match object {
        Object::String(bytes, _) => match bytes.strip_prefix(&[0xFE, 0xFF]) {
            Some(wide) => {
                let units: Vec<u16> = wide.chunks(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
                String::from_utf16_lossy(&units) + "\n"
            }
            None => String::from_utf8_lossy(bytes).into_owned() + "\n",
        },
        Object::Name(name) => String::from_utf8_lossy(name).into_owned() + "\n",
        Object::Array(items) => items.iter().map(strings).collect(),
        Object::Dictionary(dictionary) => dictionary.iter().map(|(_, value)| strings(value)).collect(),
        Object::Stream(stream) => stream.dict.iter().map(|(_, value)| strings(value)).collect(),
        Object::Null | Object::Boolean(_) | Object::Integer(_) | Object::Real(_) | Object::Reference(_) => {
            String::new()
        }
    }
}
