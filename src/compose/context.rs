//! What a template's words and conditions are read from.

use std::collections::BTreeMap;

use crate::base::facts::{Facts, Value};
use crate::base::field::Field;
use crate::compose::format::write_value;
use crate::compose::imprint::Stretch;
use crate::policy::decision::{Decision, Digits, DigitsPlace, Document, Expiry, Titles};
use crate::template::model::{Condition, Format, Pattern, Piece, Reference, Test};

/// What is the same on every sheet of a paper.
#[derive(Clone, Debug, Default)]
pub struct Constants {
    /// The title of this paper; `None`: the policy has none.
    pub title: Option<String>,
    /// The titles of the pack.
    pub titles: Titles,
    /// The pack's texts.
    pub texts: BTreeMap<String, String>,
    /// Fields whose value the pack supplies.
    pub fields: BTreeMap<Field, String>,
}

/// A record with its decision.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The values of the record, defaults filled in.
    pub facts: &'a Facts,
    /// What the policy says of it.
    pub decision: &'a Decision<'a>,
    /// Whether 70 is attained on the first day of validity.
    pub over_70: bool,
    /// Whether the side is a back.
    pub back: bool,
}

/// A stretch of words: fixed, or a value of the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// The same on every sheet.
    Words(String),
    /// A field of the record.
    Value(Field, Format),
}

/// What became of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filled {
    /// Every value was there.
    Whole,
    /// No value was there.
    Empty,
    /// This one was not, though others were.
    Missing(Field),
    /// This one cannot be written in its format.
    Unwritable(Field),
}

impl Constants {
    /// A pattern with everything put in that does not depend on the record.
    ///
    /// # Errors
    /// What the pattern names and the pack has not.
    pub fn resolve(&self, pattern: &Pattern) -> Result<Vec<Part>, String> {
        let mut parts: Vec<Part> = Vec::with_capacity(pattern.pieces.len());
        for piece in &pattern.pieces {
            let words = match piece {
                Piece::Literal(words) => words.clone(),
                // What a job puts in is an imprint's: see `imprint`.
                Piece::Job(_) => continue,
                Piece::Placeholder(reference, format) => match self.constant(reference, *format)? {
                    Constant::Words(words) => words,
                    Constant::Of(field) => {
                        parts.push(Part::Value(field, *format));
                        continue;
                    }
                },
            };
            match parts.last_mut() {
                Some(Part::Words(before)) => before.push_str(&words),
                Some(Part::Value(..)) | None => parts.push(Part::Words(words)),
            }
        }
        Ok(parts)
    }

    /// The same for what a job fills.
    ///
    /// # Errors
    /// As [`resolve`](Constants::resolve).
    pub fn resolve_imprint(&self, pattern: &Pattern) -> Result<Vec<Stretch>, String> {
        let mut stretches = Vec::with_capacity(pattern.pieces.len());
        for piece in &pattern.pieces {
            stretches.push(match piece {
                Piece::Literal(words) => Stretch::Words(words.clone()),
                Piece::Job(value) => Stretch::Job(*value),
                Piece::Placeholder(reference, format) => match self.constant(reference, *format)? {
                    Constant::Words(words) => Stretch::Words(words),
                    Constant::Of(_) => return Err("a job knows no field of the record".to_owned()),
                },
            });
        }
        Ok(stretches)
    }

    fn constant(&self, reference: &Reference, format: Format) -> Result<Constant, String> {
        let words = match reference {
            Reference::Title => self.title.as_ref(),
            Reference::TitleLegal => self.titles.notice_legal.as_ref(),
            Reference::TitleSlip => self.titles.slip.as_ref().or(self.title.as_ref()),
            Reference::Pack(name) => self.texts.get(name),
            Reference::Field(field) => {
                let Some(words) = self.fields.get(field) else { return Ok(Constant::Of(*field)) };
                let mut written = String::new();
                let wrong = || "the pack's value cannot be written in this format".to_owned();
                write_value(Value::Text(words), format, &mut written).map_err(|_| wrong())?;
                return Ok(Constant::Words(written));
            }
        };
        match words {
            Some(words) if !words.is_empty() => Ok(Constant::Words(words.clone())),
            Some(_) | None => Err(match reference {
                Reference::Title | Reference::TitleSlip => "the policy has no title for this paper".to_owned(),
                Reference::TitleLegal => "the policy has no `notice_legal` in its titles".to_owned(),
                Reference::Pack(name) => format!("the pack's text `{name}` is empty"),
                Reference::Field(_) => "there is no such value".to_owned(),
            }),
        }
    }
}

/// What a placeholder comes to before there is a record.
enum Constant {
    Words(String),
    Of(Field),
}

impl Context<'_> {
    /// Whether all tests hold.
    pub fn all_hold(&self, tests: &[Test]) -> bool {
        tests.iter().all(|test| self.holds(test.condition) != test.negated)
    }

    /// Whether a condition holds.
    pub fn holds(&self, condition: Condition) -> bool {
        let is = |field, word| self.facts.text(field) == Some(word);
        let place = match self.decision.digits {
            Digits::Shown(place) => Some(place),
            Digits::Hidden | Digits::NotApplicable => None,
        };
        match condition {
            Condition::Notice => self.decision.document == Document::Notice,
            Condition::Certificate => self.decision.document == Document::Certificate,
            Condition::Insured => is(Field::MEMBER_KIND, "本人"),
            Condition::Dependant => is(Field::MEMBER_KIND, "家族"),
            Condition::DigitsShown => place.is_some(),
            Condition::DigitsInBody => matches!(place, Some(DigitsPlace::Body | DigitsPlace::Both)),
            Condition::DigitsOnSlip => matches!(place, Some(DigitsPlace::Slip | DigitsPlace::Both)),
            Condition::Has(field) => self.value(field).is_some(),
            Condition::Over70 => self.over_70,
            Condition::Sample => self.facts.flag(Field::SAMPLE) == Some(true),
            Condition::SeeBack => is(Field::SEX_FRONT_MODE, "see_back"),
            Condition::StartsLater => self.facts.date(Field::VALID_FROM) > self.facts.date(Field::ISSUE_DATE),
            Condition::Protected => self.facts.flag(Field::VIEW_RESTRICTED) == Some(true),
            Condition::AddressFront => is(Field::ADDRESS_MODE, "front") && !self.address_hidden(),
            Condition::AddressBack => is(Field::ADDRESS_MODE, "back_blank"),
            Condition::Plastic => is(Field::MEDIUM, "plastic"),
            Condition::Paper => is(Field::MEDIUM, "paper"),
            Condition::Expires => matches!(self.decision.expiry, Expiry::On(_)),
            Condition::SpecialExpense => self.facts.flag(Field::SPECIAL_EXPENSE) == Some(true),
            // A wish about the layout: the column is what the national design has, so only a no takes it away.
            Condition::OrganDonation => self.facts.flag(Field::ORGAN_DONATION) != Some(false),
        }
    }

    /// A field as it may be printed: the expiry is the decision's, the digits only where they show, a
    /// protected person's address never. On a front, 通称名 stands for the name, and the sex stands as
    /// `sex_front_mode` says; a back shows what is registered. Source: 全国健康保険協会, 資格確認書
    /// (通称名・旧姓・性別の記載).
    pub fn value(&self, field: Field) -> Option<Value<'_>> {
        if field == Field::EXPIRY {
            return match self.decision.expiry {
                Expiry::On(date) => Some(Value::Date(date)),
                Expiry::Never | Expiry::NotApplicable | Expiry::Unspecified => None,
            };
        }
        if field == Field::LAST4 && !matches!(self.decision.digits, Digits::Shown(_)) {
            return None;
        }
        let address = matches!(field, Field::ADDRESS | Field::POSTAL_CODE | Field::CUSTOMER_BARCODE);
        if address && self.address_hidden() {
            return None;
        }
        if self.back {
            return self.facts.get(field);
        }
        if field == Field::NAME {
            return self.facts.get(Field::NAME_ALIAS).or_else(|| self.facts.get(Field::NAME));
        }
        if field == Field::SEX {
            return match (self.facts.text(Field::SEX_FRONT_MODE), self.decision.document) {
                (Some("see_back"), Document::Certificate) => Some(Value::Text("裏面参照")),
                (Some("see_back" | "blank"), _) => None,
                (Some(_) | None, _) => self.facts.get(field),
            };
        }
        self.facts.get(field)
    }

    /// Whether the person is protected, so that no address may be printed.
    fn address_hidden(&self) -> bool {
        self.facts.flag(Field::VIEW_RESTRICTED) == Some(true)
    }

    /// 氏（旧姓）名, where a front names a former family name: it stands behind the family name, which a
    /// space ends. `None`: there is none to name, or no space that tells where.
    fn with_former_name(&self) -> Option<Result<String, ()>> {
        let former = self.facts.text(Field::NAME_FORMER).filter(|_| !self.back)?;
        let name = self.facts.text(Field::NAME_ALIAS).or_else(|| self.facts.text(Field::NAME))?;
        let split = name.split_once(['\u{3000}', ' ']);
        Some(split.map(|(family, given)| format!("{family}（{former}）{given}")).ok_or(()))
    }

    /// Writes the words of a pattern.
    pub fn fill(&self, parts: &[Part], out: &mut String) -> Filled {
        let mut missing = None;
        let (mut values, mut present) = (0, 0);
        for part in parts {
            let (field, format) = match part {
                Part::Words(words) => {
                    out.push_str(words);
                    continue;
                }
                Part::Value(field, format) => (*field, *format),
            };
            values += 1;
            let registered = format == Format::Registered;
            let former = if field == Field::NAME && !registered { self.with_former_name() } else { None };
            if let Some(name) = former {
                let Ok(name) = name else { return Filled::Unwritable(field) };
                present += 1;
                out.push_str(&name);
                continue;
            }
            match if registered { self.facts.get(field) } else { self.value(field) } {
                Some(value) => {
                    present += 1;
                    if write_value(value, self.display(format), out).is_err() {
                        return Filled::Unwritable(field);
                    }
                }
                None => missing = missing.or(Some(field)),
            }
        }
        match missing {
            None => Filled::Whole,
            Some(_) if present == 0 && values > 0 => Filled::Empty,
            Some(field) => Filled::Missing(field),
        }
    }

    /// `symbol` means what the record's `symbol_display` says.
    fn display(&self, format: Format) -> Format {
        match format {
            Format::Symbol if self.facts.text(Field::SYMBOL_DISPLAY) == Some("significant") => Format::Significant,
            Format::Symbol => Format::Plain,
            Format::Plain
            | Format::Wareki
            | Format::WarekiPadded
            | Format::WarekiShort
            | Format::WarekiCompact
            | Format::Iso
            | Format::Compact
            | Format::Significant
            | Format::Postal
            | Format::PostalArea
            | Format::PostalTown
            | Format::Masked
            | Format::Wide
            | Format::Registered => format,
        }
    }
}

/// The first field that a pattern reads, for messages.
pub fn first_field(parts: &[Part]) -> Option<Field> {
    parts.iter().find_map(|part| match part {
        Part::Value(field, _) => Some(*field),
        Part::Words(_) => None,
    })
}
