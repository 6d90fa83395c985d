//! The fields for people and for other programs.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::base::field::Field;
use crate::base::field::Fields;
use crate::base::field::Kind;

/// A field as people look it up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The name in the input.
    pub name: String,
    /// The Japanese label.
    pub label: String,
    /// The type, in words.
    pub kind: String,
    /// What is checked; empty where any value of the type is taken.
    pub check: &'static str,
}

/// What is checked of a field beyond its type.
const CHECKS: &[(Field, &str)] = &[
    (Field::RECORD_ID, "unique in a run; never made from a My Number"),
    (Field::POLICY_ID, "the name of the pack; may be left out"),
    (Field::REISSUE_CAUSE, "only with issue_kind = reissue"),
    (Field::ISSUE_DATE, "that of the run where it is absent"),
    (Field::VALID_FROM, "not before issue_date; absent: issue_date"),
    (Field::NAME_KANA, "katakana, ー, ・ and spaces"),
    (Field::BIRTH_DATE, "from 1873-01-01 to issue_date"),
    (Field::MEMBER_KIND, "家族 requires insured_name, except for 国保"),
    (Field::ACQUIRED_ON, "not before birth_date"),
    (Field::LOST_ON, "a warning if before issue_date"),
    (
        Field::INSURER_NUMBER,
        "8 digits, or 6 for 国保 (padded with 00 or two spaces to 8); check digit; 法別番号 and 都道府県番号 assigned; a warning only if sample = true; equal to the pack's",
    ),
    (Field::INSURER_NAME, "equal to the pack's; may be left out"),
    (Field::INSURER_ADDRESS, "equal to the pack's; may be left out"),
    (Field::INSURER_PHONE, "equal to the pack's; may be left out"),
    (Field::SYMBOL, "digits for 健康保険, leading zeros kept; none for 後期"),
    (Field::NUMBER, "digits for 健康保険, leading zeros kept; 8 digits for 後期"),
    (Field::BRANCH, "two digits; none for 後期"),
    (Field::RATIO, "1割 2割 3割 from 70 on or for 後期, 1割 for 後期 only; 法定負担割合のとおり below 70"),
    (Field::RATIO_FROM, "requires ratio"),
    (Field::EXPIRY, "computed; if given, equal to the computed date"),
    (Field::LIMIT_CATEGORY, "A01 to A06, B01 to B10, or the printed label"),
    (Field::LIMIT_FROM, "requires limit_category"),
    (Field::LONG_STAY_FROM, "only with 区分Ⅱ (オ, 低所得Ⅱ, A05, B05)"),
    (Field::SPECIFIC_DISEASE, "1, 2, 3 are read as A, B, C"),
    (Field::LAST4, "four digits; twelve digits refuse the record"),
    (Field::MYNA, "view_restricted goes with view_restricted = true"),
    (Field::VIEW_RESTRICTED, "true goes with myna = view_restricted"),
    (Field::RESIDENCE_PENDING, "requires residence_until where the policy's cap reads it; absent: false"),
    (Field::PAPER_MONTHS, "1 or more"),
    (Field::POSTAL_CODE, "NNN-NNNN or NNNNNNN"),
    (Field::CUSTOMER_BARCODE, "up to 20 characters of 0-9, A-Z, -"),
];

/// What is checked of a field beyond its type; empty where nothing is.
pub fn check_of(field: Field) -> &'static str {
    CHECKS.iter().find(|(known, _)| *known == field).map_or("", |(_, check)| check)
}

/// All fields, in the order of the table, then the pack's own.
pub fn list(fields: &Fields) -> Vec<Entry> {
    let entry = |field| Entry {
        name: fields.name(field).to_owned(),
        label: fields.label(field).to_owned(),
        kind: words_for(fields.kind(field)),
        check: check_of(field),
    };
    fields.iter().map(entry).collect()
}

fn words_for(kind: Kind) -> String {
    match kind {
        Kind::Text => "text".to_owned(),
        Kind::Date => "date".to_owned(),
        Kind::Flag => "yes or no".to_owned(),
        Kind::Integer => "whole number".to_owned(),
        Kind::Choice(words) => words.join(" | "),
    }
}

/// JSON Schema (draft 2020-12) of one line of JSON Lines. Every field may be absent or null: which
/// ones a paper needs is said by policy and template.
pub fn json_schema(fields: &Fields) -> Value {
    let properties: Map<String, Value> =
        fields.iter().map(|field| (fields.name(field).to_owned(), property(fields, field))).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "shikaku record",
        "description": "One insured person. Text stays as it comes. Never give a whole My Number in any field.",
        "type": "object",
        "properties": properties,
        "additionalProperties": true,
    })
}

fn property(fields: &Fields, field: Field) -> Value {
    let check = check_of(field);
    let label = fields.label(field);
    let description = if check.is_empty() { label.to_owned() } else { format!("{label}: {check}") };
    let mut property = match fields.kind(field) {
        Kind::Text => json!({ "type": ["string", "null"] }),
        Kind::Date => json!({ "type": ["string", "null"], "examples": ["2024-12-02", "令和6年12月2日", "R6.12.2"] }),
        Kind::Flag => json!({ "type": ["boolean", "null"] }),
        Kind::Integer => json!({ "type": ["integer", "null"], "minimum": 0, "maximum": u32::MAX }),
        Kind::Choice(words) => {
            let more: &[&str] = if field == Field::SPECIFIC_DISEASE { &["1", "2", "3"] } else { &[] };
            let words = words.iter().chain(more).map(|word| json!(word)).chain([Value::Null]);
            json!({ "enum": words.collect::<Vec<Value>>() })
        }
    };
    property["description"] = json!(description);
    if let Some((_, pattern)) = PATTERNS.iter().find(|(known, _)| *known == field) {
        property["pattern"] = json!(pattern);
    }
    property
}

/// Forms that a schema can say.
const PATTERNS: &[(Field, &str)] = &[
    (Field::LAST4, "^([0-9]{4})?$"),
    (Field::BRANCH, "^([0-9]{2})?$"),
    (Field::POSTAL_CODE, "^([0-9]{3}-?[0-9]{4})?$"),
    (Field::CUSTOMER_BARCODE, "^[0-9A-Z-]{0,20}$"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_in_the_schema() {
        let fields = Fields::default();
        let schema = json_schema(&fields);
        for entry in list(&fields) {
            let description = schema["properties"][&entry.name]["description"].as_str().unwrap();
            assert!(description.starts_with(&entry.label), "{description}");
        }
        assert_eq!(schema["properties"]["last4"]["pattern"], "^([0-9]{4})?$");
        assert_eq!(schema["properties"]["sex"]["enum"], json!(["男", "女", null]));
    }
}
