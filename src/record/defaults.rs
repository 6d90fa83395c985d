//! The values that a pack and the command line supply.

use crate::base::Date;
use crate::base::facts::Facts;
use crate::base::facts::Value;
use crate::base::field::Field;
use crate::base::field::Fields;
use crate::record::checks::insurer;
use crate::record::problem::Code;
use crate::record::problem::Findings;
use crate::record::problem::Problem;

/// A value that a pack holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OwnedValue {
    /// Text.
    Text(String),
    /// A day.
    Date(Date),
    /// Yes or no.
    Flag(bool),
    /// A whole number.
    Integer(u32),
    /// A word of the field's list.
    Choice(&'static str),
}

impl OwnedValue {
    /// The value as facts take it.
    pub fn as_value(&self) -> Value<'_> {
        match self {
            OwnedValue::Text(text) => Value::Text(text),
            OwnedValue::Date(date) => Value::Date(*date),
            OwnedValue::Flag(flag) => Value::Flag(*flag),
            OwnedValue::Integer(number) => Value::Integer(*number),
            OwnedValue::Choice(word) => Value::Choice(word),
        }
    }
}

/// The values that a pack and the command line supply.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Defaults {
    /// Where the record has no value of its own: `medium`, `sheet`, `symbol_display`, `address_mode`,
    /// and the issue date of the run.
    pub values: Vec<(Field, OwnedValue)>,
    /// Where the record has no value of its own; if it has one, it must be the same: `policy_id` (the
    /// pack's name), `insurer_number`, `insurer_name`, `insurer_address`, `insurer_phone`.
    pub fixed: Vec<(Field, String)>,
}

impl Defaults {
    /// Fills in what the record leaves out, and names what contradicts the pack.
    pub(crate) fn apply(&self, facts: &mut Facts, fields: &Fields, found: &mut Findings) {
        for (field, value) in &self.values {
            if !facts.has(*field) {
                facts.set(*field, value.as_value());
            }
        }
        for (field, value) in &self.fixed {
            match facts.text(*field) {
                None => facts.set(*field, Value::Text(value)),
                Some(own) if is_same(*field, own, value) => {}
                Some(_) => {
                    let message = "differs from the value of the pack";
                    let hint = "use the pack of this insurer, leave the column out, or correct the pack";
                    found.error(Problem::of(Code::DiffersFromPack, *field, fields, message).hint(hint));
                }
            }
        }
    }
}

/// Insurer numbers are the same with and without their padding; anything else character by character.
fn is_same(field: Field, own: &str, pack: &str) -> bool {
    own == pack
        || (field == Field::INSURER_NUMBER
            && insurer::digits(own) == insurer::digits(pack)
            && insurer::digits(own).is_some())
}
