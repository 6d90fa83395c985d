//! Giving the values of one record their types.

use crate::base::facts::Facts;
use crate::base::facts::Value;
use crate::base::field::Field;
use crate::base::field::Fields;
use crate::base::field::Kind;
use crate::base::wareki;
use crate::base::wareki::ParseError;
use crate::record::jsonl::Item;
use crate::record::mynumber;
use crate::record::problem::Code;
use crate::record::problem::Findings;
use crate::record::problem::Problem;

/// Where the values of one record go.
pub(crate) struct Intray<'a> {
    pub fields: &'a Fields,
    pub facts: &'a mut Facts,
    pub found: &'a mut Findings,
}

impl Intray<'_> {
    /// A cell of a CSV file; an empty one is absent.
    pub fn cell(&mut self, field: Field, text: &str) {
        if text.is_empty() || self.refuse_number(field, text) {
            return;
        }
        match self.fields.kind(field) {
            Kind::Text => self.text(field, text),
            Kind::Date => self.date(field, text),
            Kind::Choice(words) => self.choice(field, words, text),
            Kind::Flag => match text {
                "true" | "1" | "有" => self.facts.set(field, Value::Flag(true)),
                "false" | "0" | "無" => self.facts.set(field, Value::Flag(false)),
                _ => self.error(Code::NotAFlag, field, "neither yes nor no", "write true or false, 1 or 0, 有 or 無"),
            },
            Kind::Integer => {
                let digits = text.bytes().all(|byte| byte.is_ascii_digit());
                match text.parse() {
                    Ok(number) if digits => self.facts.set(field, Value::Integer(number)),
                    Ok(_) | Err(_) => self.not_an_integer(field),
                }
            }
        }
    }

    /// A value of a JSON object; null and the empty text are absent.
    pub fn item(&mut self, field: Field, item: &Item<'_>) {
        if let Item::Text(text) = item {
            if !text.is_empty() && !self.refuse_number(field, text) {
                self.json_text(field, text);
            }
            return;
        }
        if hides_number(item) {
            return self.refuse(field);
        }
        match (self.fields.kind(field), item) {
            (_, Item::Null) => {}
            (Kind::Flag, Item::Flag(flag)) => self.facts.set(field, Value::Flag(*flag)),
            (Kind::Integer, Item::Integer(number)) => match u32::try_from(*number) {
                Ok(number) => self.facts.set(field, Value::Integer(number)),
                Err(_) => self.not_an_integer(field),
            },
            (Kind::Integer, Item::OtherNumber) => self.not_an_integer(field),
            (kind, _) => self.wrong_type(field, kind),
        }
    }

    fn json_text(&mut self, field: Field, text: &str) {
        match self.fields.kind(field) {
            Kind::Text => self.text(field, text),
            Kind::Date => self.date(field, text),
            Kind::Choice(words) => self.choice(field, words, text),
            kind @ (Kind::Flag | Kind::Integer) => self.wrong_type(field, kind),
        }
    }

    fn text(&mut self, field: Field, text: &str) {
        // Printable ASCII, and what begins with E3 to E9: U+3000 to U+9FFF.
        let such = |byte: u8| matches!(byte, b' '..=b'~' | 0x80..=0xbf | 0xe3..=0xe9);
        // To the end whatever is found, so that many bytes are looked at in one go.
        let is_plain = text.bytes().fold(true, |plain, byte| plain & such(byte));
        let faults: Vec<char> = match is_plain {
            true => Vec::new(),
            false => text.chars().filter(|character| is_fault(field, *character)).collect(),
        };
        if !faults.is_empty() {
            return self.faulty_characters(field, &faults);
        }
        if field == Field::LAST4 && !(text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit())) {
            let hint = "give the last four digits of the My Number as text, 0001 for example";
            return self.error(Code::Last4Form, field, "not four digits", hint);
        }
        self.facts.set(field, Value::Text(text));
    }

    fn date(&mut self, field: Field, text: &str) {
        match wareki::parse(text) {
            Ok(date) => self.facts.set(field, Value::Date(date)),
            Err(error) => {
                let code = match error {
                    ParseError::Form => Code::NotADate,
                    ParseError::NoSuchDay => Code::NoSuchDay,
                    ParseError::OutsideEra => Code::OutsideEra,
                    ParseError::Lunisolar => Code::Lunisolar,
                };
                self.error(
                    code,
                    field,
                    &error.to_string(),
                    "write 2024-12-02, 20241202, 2024/12/2, 令和6年12月2日 or R6.12.2",
                );
            }
        }
    }

    fn choice(&mut self, field: Field, words: &[&'static str], text: &str) {
        let text = match (field, text) {
            (Field::SPECIFIC_DISEASE, "1") => "A",
            (Field::SPECIFIC_DISEASE, "2") => "B",
            (Field::SPECIFIC_DISEASE, "3") => "C",
            (_, text) => text,
        };
        match words.iter().find(|word| **word == text) {
            Some(word) => self.facts.set(field, Value::Choice(word)),
            None => {
                let message = format!("none of the words {}", words.join(", "));
                self.found.error(Problem::of(Code::NotAChoice, field, self.fields, &message));
            }
        }
    }

    /// Refuses what may be a whole My Number; says whether it did.
    fn refuse_number(&mut self, field: Field, text: &str) -> bool {
        let refused = match field {
            Field::LAST4 => mynumber::has_twelve_digits(text),
            // Seven digits of the post code and five of the address are lawful: see `parse`.
            Field::CUSTOMER_BARCODE => false,
            _ => mynumber::is_suspect(text),
        };
        if refused {
            self.refuse(field);
        }
        refused
    }

    /// The problem of a field that may hold a whole My Number.
    pub fn refuse(&mut self, field: Field) {
        self.error(Code::TwelveDigits, field, "may be a whole My Number (12 digits)", TWELVE_DIGITS_HINT);
    }

    fn faulty_characters(&mut self, field: Field, faults: &[char]) {
        let lost = faults.contains(&char::REPLACEMENT_CHARACTER);
        let (code, message, hint) = if lost {
            let hint = "export the record again in an encoding that has all its characters";
            (Code::ReplacementCharacter, "a character was lost before the record arrived", hint)
        } else {
            (Code::ControlCharacter, "holds characters that do not print", "remove the characters")
        };
        let mut codepoints = faults.to_vec();
        codepoints.sort_unstable();
        codepoints.dedup();
        let list: Vec<String> = codepoints.iter().map(|fault| format!("U+{:04X}", u32::from(*fault))).collect();
        let message = format!("{message}: {}", list.join(", "));
        let problem = Problem::of(code, field, self.fields, &message).hint(hint);
        self.found.error(Problem { codepoints, ..problem });
    }

    fn not_an_integer(&mut self, field: Field) {
        self.error(Code::NotAnInteger, field, "not a whole number from 0", "write digits only");
    }

    fn wrong_type(&mut self, field: Field, kind: Kind) {
        let (message, hint) = match kind {
            Kind::Text => ("must be a text", "put the value in quotes; a number loses its leading zeros"),
            Kind::Date => ("must be a date in quotes", "write \"2024-12-02\""),
            Kind::Choice(_) => ("must be a word in quotes", "put the value in quotes"),
            Kind::Flag => ("must be true or false", "write true or false without quotes"),
            Kind::Integer => ("must be a whole number", "write the number without quotes"),
        };
        self.error(Code::WrongType, field, message, hint);
    }

    fn error(&mut self, code: Code, field: Field, message: &str, hint: &'static str) {
        self.found.error(Problem::of(code, field, self.fields, message).hint(hint));
    }
}

/// What to do about twelve digits.
pub(crate) const TWELVE_DIGITS_HINT: &str =
    "never export whole My Numbers; give the last four digits in last4, or leave the column out";

/// Whether an item that no field takes may hold a whole My Number.
pub(crate) fn hides_number(item: &Item<'_>) -> bool {
    match item {
        Item::Null | Item::Flag(_) | Item::OtherNumber => false,
        Item::Integer(number) => (100_000_000_000..1_000_000_000_000).contains(number),
        Item::Text(text) => mynumber::is_suspect(text),
        Item::List(items) => items.iter().any(hides_number),
        Item::Object(members) => members.iter().any(|(key, item)| mynumber::is_suspect(key) || hides_number(item)),
    }
}

/// Characters that never belong on paper: controls, marks that turn the direction of text or cannot
/// be seen, and what stands for a lost character. Line feeds are at home where lines are.
fn is_fault(field: Field, character: char) -> bool {
    match character {
        '\n' => !matches!(field, Field::ADDRESS | Field::INSURER_ADDRESS | Field::REMARKS_BACK),
        ' '..='~' | '\u{3000}'..='\u{9fff}' => false,
        char::REPLACEMENT_CHARACTER | '\u{feff}' | '\u{ad}' => true,
        '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' => true,
        '\u{fdd0}'..='\u{fdef}' => true,
        other => other.is_control() || u32::from(other) & 0xfffe == 0xfffe,
    }
}
