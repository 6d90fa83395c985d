//! What holds for any file.

use crate::try_read;
use proptest::prelude::*;
use shikaku::base::field::Field;
use shikaku::base::field::Fields;
use shikaku::record::encoding::Encoding;
use shikaku::record::intake::Intake;
use shikaku::record::problem::Code;
use shikaku::record::reader::Format;

fn any_file() -> impl Strategy<Value = Vec<u8>> {
    let scraps: &[&[u8]] = &[
        b"\"",
        b"\"\"",
        b",",
        b"\n",
        b"\r\n",
        b"\r",
        b"1",
        b"123456789018",
        b"\x83\x5c",
        b"\xe5\xb1\xb1",
        b"\xff",
        b"\xc4\xb0",
        b"{\"name\":\"",
        b"\"}",
        b"{",
        b"}",
        b"[",
        b":",
        b"\xef\xbb\xbf",
        b"name",
        b"\\",
        b"\0",
    ];
    let scrap = prop_oneof![
        4 => prop::sample::select(scraps).prop_map(<[u8]>::to_vec),
        1 => prop::collection::vec(any::<u8>(), 0..6),
    ];
    prop::collection::vec(scrap, 0..40).prop_map(|scraps| scraps.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_or_rejected(body in any_file(), header in prop::bool::ANY) {
        let file = if header { [b"record_id,name,last4\n".to_vec(), body].concat() } else { body };
        for format in [Format::Csv, Format::JsonLines] {
            for encoding in [Encoding::Auto, Encoding::Utf8, Encoding::Cp932] {
                let Ok(outcomes) = try_read(file.as_slice(), (format, encoding), &Intake::new(Fields::default())) else { continue };
                for (index, outcome) in outcomes.iter().enumerate() {
                    let row = match outcome {
                        Ok((record, _)) => {
                            let last4 = record.facts.text(Field::LAST4);
                            prop_assert!(last4.is_none_or(|digits| digits.len() == 4));
                            record.row
                        }
                        Err(rejection) => {
                            prop_assert!(!rejection.problems.is_empty());
                            let told = format!("{rejection:?}");
                            prop_assert!(!told.contains("123456789018"));
                            rejection.row
                        }
                    };
                    prop_assert_eq!(row, index as u64 + 1);
                }
            }
        }
    }

    #[test]
    fn text_comes_back_code_point_by_code_point(rows in prop::collection::vec(("[^\\p{C}\u{fffd}0-9]{1,20}", "[ -~あ-ん\n\u{10000}-\u{2ffff}]{0,20}"), 1..8)) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["name", "remarks_back"]).unwrap();
        for (name, remarks) in &rows {
            writer.write_record([name, remarks]).unwrap();
        }
        let file = writer.into_inner().unwrap();
        let outcomes = try_read(file.as_slice(), (Format::Csv, Encoding::Utf8), &Intake::new(Fields::default())).unwrap();
        prop_assert_eq!(outcomes.len(), rows.len());
        for (outcome, (name, remarks)) in outcomes.iter().zip(&rows) {
            match outcome {
                Ok((record, _)) => {
                    prop_assert_eq!(record.facts.text(Field::NAME), Some(name.as_str()));
                    prop_assert_eq!(record.facts.text(Field::REMARKS_BACK).unwrap_or(""), remarks);
                }
                // Noncharacters and line separators are refused by name, nothing else is.
                Err(rejection) => prop_assert!(rejection.problems.iter().all(|problem| problem.code == Code::ControlCharacter)),
            }
        }
    }
}
