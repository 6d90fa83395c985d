//! Reading a rule's `when`: every condition is held against the field table.

use std::sync::Arc;

use toml::Spanned;
use toml::de::DeValue;
use toml::value::Datetime;

use crate::base::Date;
use crate::base::diagnostic::Diagnostic;
use crate::base::diagnostic::Source;
use crate::base::diagnostic::nearest;
use crate::base::field::Field;
use crate::base::field::Fields;
use crate::base::field::Kind;
use crate::base::toml::day_of;
use crate::policy::condition::Condition;
use crate::policy::condition::Span;
use crate::policy::condition::Subject;
use crate::policy::condition::Test;
use crate::policy::condition::bit_of;
use crate::policy::condition::merged;
use crate::policy::given::absent_means;
use crate::policy::given::number_of;

/// The name under which a rule asks for the age.
const AGE: &str = "age";

/// Reads the conditions of one file.
pub(in crate::policy) struct Reader<'a> {
    pub source: &'a Arc<Source>,
    pub fields: &'a Fields,
}

impl Reader<'_> {
    /// The conditions of one `when`, the cheap ones first: the age is asked last, because it needs a birth date.
    pub fn when(&self, when: Spanned<DeValue<'_>>, errors: &mut Vec<Diagnostic>) -> Vec<Condition> {
        let span = when.span();
        let DeValue::Table(table) = when.into_inner() else {
            let found = Diagnostic::error("`when` is a table").at(self.source, span);
            errors.push(found.hint("such as `{ requested = \"notice\" }`, or `{}` for a rule that always holds"));
            return Vec::new();
        };
        let mut conditions = Vec::with_capacity(table.len());
        for (key, value) in table {
            match self.condition(&key, &value) {
                Ok(condition) => conditions.push(condition),
                Err(error) => errors.push(error),
            }
        }
        conditions.sort_by_key(|condition| match condition.subject {
            Subject::Age => 2,
            Subject::Field(Field::ISSUE_DATE | Field::VALID_FROM) => 1,
            Subject::Field(_) => 0,
        });
        conditions
    }

    fn condition<K: AsRef<str>>(
        &self,
        key: &Spanned<K>,
        value: &Spanned<DeValue<'_>>,
    ) -> Result<Condition, Diagnostic> {
        let name = key.get_ref().as_ref();
        if name == AGE {
            let test = self.test("the age", Kind::Integer, value)?;
            return match test {
                Test::Absent | Test::Present => {
                    let found = Diagnostic::error("the age is never absent").at(self.source, value.span());
                    Err(found.hint("compare it: `age = { lt = 70 }`"))
                }
                Test::Flag(_) | Test::Words { .. } | Test::Texts(_) | Test::Days(_) | Test::Numbers(_) => {
                    Ok(Condition { subject: Subject::Age, test })
                }
            };
        }
        let Some(field) = self.fields.find(name) else {
            return Err(self.unknown_field(name, key));
        };
        let title = self.fields.title(field);
        let test = self.test(&title, self.fields.kind(field), value)?;
        self.presence_makes_sense(field, &test, value)?;
        Ok(Condition { subject: Subject::Field(field), test })
    }

    /// A field that the table or the pack knows; `months_from` names one too.
    pub fn unknown_field<T>(&self, name: &str, place: &Spanned<T>) -> Diagnostic {
        let known = self.fields.iter().map(|field| self.fields.name(field)).chain([AGE]);
        let found = Diagnostic::error(format!("unknown field `{name}`")).at(self.source, place.span());
        match nearest(name, known) {
            Some(name) => found.hint(format!("did you mean `{name}`?")),
            None => found.hint("`shikaku schema` lists the fields; a pack declares its own in pack.toml"),
        }
    }

    fn presence_makes_sense(&self, field: Field, test: &Test, value: &Spanned<DeValue<'_>>) -> Result<(), Diagnostic> {
        let asks_presence = matches!(test, Test::Absent | Test::Present);
        let title = self.fields.title(field);
        if asks_presence && (absent_means(field).is_some() || field == Field::VALID_FROM) {
            let found = Diagnostic::error(format!("{title} always has a value here")).at(self.source, value.span());
            let hint = "an absent one stands for `regular`, `unknown`, `false` or the issue date: compare it with that";
            return Err(found.hint(hint));
        }
        if field == Field::LAST4 && !asks_presence {
            let found = Diagnostic::error(format!("{title} is never compared")).at(self.source, value.span());
            return Err(found.hint("ask whether it is there: `{ is = \"set\" }` or `{ is = \"null\" }`"));
        }
        Ok(())
    }

    fn test(&self, title: &str, kind: Kind, value: &Spanned<DeValue<'_>>) -> Result<Test, Diagnostic> {
        if let DeValue::Table(table) = value.get_ref() {
            return match table.get("is") {
                Some(word) if table.len() == 1 => self.presence(word),
                Some(_) => Err(Diagnostic::error("`is` stands alone").at(self.source, value.span())),
                None => self.comparison(title, kind, value),
            };
        }
        let values: Vec<&Spanned<DeValue<'_>>> = match value.get_ref() {
            DeValue::Array(array) if array.is_empty() => {
                let found = Diagnostic::error("an empty list never holds").at(self.source, value.span());
                return Err(found.hint("name at least one value"));
            }
            DeValue::Array(array) => array.iter().collect(),
            _ => vec![value],
        };
        match kind {
            Kind::Flag => self.flag(title, value),
            Kind::Text => {
                let texts: Result<_, _> = values.iter().map(|value| self.text(title, value)).collect();
                texts.map(|texts: Vec<&str>| Test::Texts(texts.into_iter().map(String::from).collect()))
            }
            Kind::Choice(known) => {
                let mut set = 0;
                for value in values {
                    set |= self.word(title, known, value)?;
                }
                Ok(Test::Words { known, set })
            }
            Kind::Date | Kind::Integer => {
                let points: Result<Vec<Span>, Diagnostic> = values
                    .iter()
                    .map(|value| self.number(title, kind, value).map(|point| Span { first: point, last: point }))
                    .collect();
                Ok(spans_of(kind, merged(points?)))
            }
        }
    }

    fn presence(&self, word: &Spanned<DeValue<'_>>) -> Result<Test, Diagnostic> {
        match word.get_ref().as_str() {
            Some("null") => Ok(Test::Absent),
            Some("set") => Ok(Test::Present),
            Some(_) | None => Err(Diagnostic::error("`is` takes \"null\" or \"set\"").at(self.source, word.span())),
        }
    }

    fn comparison(&self, title: &str, kind: Kind, value: &Spanned<DeValue<'_>>) -> Result<Test, Diagnostic> {
        let DeValue::Table(table) = value.get_ref() else {
            return Err(Diagnostic::error("a table is expected here").at(self.source, value.span()));
        };
        match kind {
            Kind::Date | Kind::Integer => {}
            Kind::Text | Kind::Flag | Kind::Choice(_) => {
                let found = Diagnostic::error(format!("{title} has no order")).at(self.source, value.span());
                return Err(found.hint("give a value, a list of values, or `{ is = \"set\" }`"));
            }
        }
        if table.is_empty() {
            let found = Diagnostic::error("a comparison is missing").at(self.source, value.span());
            return Err(found.hint("use le, lt, ge, gt or is"));
        }
        let mut span = Span { first: i64::MIN, last: i64::MAX };
        for (key, bound) in table.iter() {
            match key.get_ref().as_ref() {
                "le" => span.last = span.last.min(self.number(title, kind, bound)?),
                "lt" => span.last = span.last.min(self.number(title, kind, bound)?.saturating_sub(1)),
                "ge" => span.first = span.first.max(self.number(title, kind, bound)?),
                "gt" => span.first = span.first.max(self.number(title, kind, bound)?.saturating_add(1)),
                other => {
                    let found = Diagnostic::error(format!("unknown comparison `{other}`")).at(self.source, key.span());
                    return Err(found.hint("use le, lt, ge, gt or is"));
                }
            }
        }
        if span.first > span.last {
            let found = Diagnostic::error(format!("{title} can never be in this range")).at(self.source, value.span());
            return Err(found.hint("its end is before its beginning"));
        }
        Ok(spans_of(kind, vec![span]))
    }

    fn flag(&self, title: &str, value: &Spanned<DeValue<'_>>) -> Result<Test, Diagnostic> {
        match value.get_ref().as_bool() {
            Some(flag) => Ok(Test::Flag(flag)),
            None => Err(self.mismatch(title, "is true or false", value)),
        }
    }

    fn text<'v>(&self, title: &str, value: &'v Spanned<DeValue<'_>>) -> Result<&'v str, Diagnostic> {
        value.get_ref().as_str().ok_or_else(|| self.mismatch(title, "is a text", value))
    }

    fn word(
        &self,
        title: &str,
        known: &'static [&'static str],
        value: &Spanned<DeValue<'_>>,
    ) -> Result<u64, Diagnostic> {
        let word = self.text(title, value)?;
        let bit = bit_of(known, word);
        if bit != 0 {
            return Ok(bit);
        }
        let found = Diagnostic::error(format!("`{word}` is no value of {title}")).at(self.source, value.span());
        Err(match nearest(word, known.iter().copied()) {
            Some(word) => found.hint(format!("did you mean `{word}`?")),
            None => found.hint(format!("one of {}", known.join(", "))),
        })
    }

    fn number(&self, title: &str, kind: Kind, value: &Spanned<DeValue<'_>>) -> Result<i64, Diagnostic> {
        match (kind, value.get_ref()) {
            (Kind::Date, DeValue::Datetime(day)) => self.day(value, day).map(number_of),
            (Kind::Date, _) => Err(self.mismatch(title, "is a day", value).hint("write it bare, such as 2025-12-01")),
            (Kind::Integer, DeValue::Integer(number)) => i64::from_str_radix(number.as_str(), number.radix())
                .map_err(|_| self.mismatch(title, "is a whole number", value)),
            (_, _) => Err(self.mismatch(title, "is a whole number", value)),
        }
    }

    /// A bare day, without a time.
    pub fn day<T>(&self, place: &Spanned<T>, day: &Datetime) -> Result<Date, Diagnostic> {
        let wrong = || Diagnostic::error("a day is expected here").at(self.source, place.span());
        day_of(day).ok_or_else(|| wrong().hint("write it bare, without a time: 2025-12-01"))
    }

    fn mismatch(&self, title: &str, expected: &str, value: &Spanned<DeValue<'_>>) -> Diagnostic {
        let kind = match value.get_ref() {
            DeValue::String(_) => "a text",
            DeValue::Integer(_) => "a whole number",
            DeValue::Float(_) => "a decimal number",
            DeValue::Boolean(_) => "true or false",
            DeValue::Datetime(_) => "a day or a time",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        Diagnostic::error(format!("{title} {expected}, this is {kind}")).at(self.source, value.span())
    }
}

fn spans_of(kind: Kind, spans: Vec<Span>) -> Test {
    match kind {
        Kind::Date => Test::Days(spans),
        Kind::Text | Kind::Flag | Kind::Integer | Kind::Choice(_) => Test::Numbers(spans),
    }
}
