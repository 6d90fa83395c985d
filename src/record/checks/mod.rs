//! What every field must hold, beyond its type.

pub mod dates;
pub mod insured;
pub mod insurer;
pub mod post;
pub mod share;
pub mod states;

use crate::base::facts::Facts;
use crate::base::facts::Value;
use crate::base::field::Field;
use crate::base::field::Fields;
use crate::record::problem::Code;
use crate::record::problem::Findings;
use crate::record::problem::Problem;

/// Sets what follows from another field: `view_restricted = true` and `myna = view_restricted` imply
/// each other where the other is absent or `myna` is unknown (鎌ケ谷市, 資格確認書の交付 (2025-08-07),
/// 自己情報の閲覧制限; derived).
pub fn complete(facts: &mut Facts) {
    let restricted = facts.flag(Field::VIEW_RESTRICTED);
    match facts.text(Field::MYNA) {
        None | Some(states::UNKNOWN) if restricted == Some(true) => {
            facts.set(Field::MYNA, Value::Choice(states::RESTRICTED));
        }
        Some(states::RESTRICTED) if restricted.is_none() => facts.set(Field::VIEW_RESTRICTED, Value::Flag(true)),
        Some(_) | None => {}
    }
}

/// Checks all fields of a record. An absent field is checked only where another one requires it.
pub fn check(facts: &Facts, fields: &Fields, found: &mut Findings) {
    let mut desk = Desk { facts, fields, found };
    let insurer = insurer::check(&mut desk);
    insured::check(&mut desk, insurer);
    dates::check(&mut desk);
    share::check(&mut desk, insurer);
    states::check(&mut desk);
    post::check(&mut desk);
}

/// One record under examination.
pub(crate) struct Desk<'a> {
    pub facts: &'a Facts,
    pub fields: &'a Fields,
    pub found: &'a mut Findings,
}

impl Desk<'_> {
    /// A field that is wrong.
    pub fn error(&mut self, code: Code, field: Field, message: &str, hint: &'static str) {
        self.found.error(Problem::of(code, field, self.fields, message).hint(hint));
    }

    /// A field that is absent although another one requires it.
    pub fn missing(&mut self, field: Field, because_of: Field) {
        let message = format!("absent, but {} requires it", self.fields.title(because_of));
        self.error(Code::Missing, field, &message, "add the field, or leave out the one that requires it");
    }

    /// Requires a field where another one is there.
    pub fn require(&mut self, field: Field, because_of: Field) {
        if self.facts.has(because_of) && !self.facts.has(field) {
            self.missing(field, because_of);
        }
    }
}
