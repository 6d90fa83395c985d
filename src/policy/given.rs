//! The facts of a record as a policy sees them: what is absent has its meaning.

use chrono::Datelike;

use crate::base::Date;
use crate::base::facts::Facts;
use crate::base::facts::Value;
use crate::base::field::Field;
use crate::policy::expiry;

/// Why a policy gives no decision. Never tells a value of the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecideError {
    /// A rule that is asked reads this field, and it is absent.
    #[error("the policy needs the field {0:?}, which is absent")]
    Needs(Field),
    /// The first day of validity is before the day of issue.
    #[error("the field valid_from is before issue_date")]
    StartBeforeIssue,
    /// The expiry is beyond the years that the calendar can name.
    #[error("the expiry is beyond the calendar")]
    BeyondCalendar,
}

impl DecideError {
    /// The field that is meant; `None` when it is no single one.
    pub fn field(self) -> Option<Field> {
        match self {
            DecideError::Needs(field) => Some(field),
            DecideError::StartBeforeIssue => Some(Field::VALID_FROM),
            DecideError::BeyondCalendar => None,
        }
    }
}

/// The value that an absent field stands for; `None`: it stays absent.
pub(in crate::policy) fn absent_means(field: Field) -> Option<Value<'static>> {
    match field {
        Field::ISSUE_KIND => Some(Value::Choice("regular")),
        Field::MYNA => Some(Value::Choice("unknown")),
        Field::APPLIED
        | Field::REVIEWED
        | Field::IN_EXTRACT
        | Field::PRIOR_ASSISTANCE
        | Field::HAS_OLD_CARD
        | Field::RESIDENCE_PENDING => Some(Value::Flag(false)),
        _ => None,
    }
}

/// A day as a number that compares like it.
pub(in crate::policy) fn number_of(date: Date) -> i64 {
    i64::from(date.num_days_from_ce())
}

/// The facts of a record with the meaning of what is absent.
pub(in crate::policy) struct Given<'f> {
    facts: &'f Facts,
    issue_date: Option<Date>,
    start: Option<Date>,
}

impl<'f> Given<'f> {
    /// # Errors
    /// When the first day of validity is before the day of issue.
    pub fn new(facts: &'f Facts) -> Result<Given<'f>, DecideError> {
        let issue_date = facts.date(Field::ISSUE_DATE);
        let start = facts.date(Field::VALID_FROM).or(issue_date);
        match (issue_date, start) {
            (Some(issue), Some(start)) if start < issue => Err(DecideError::StartBeforeIssue),
            (_, _) => Ok(Given { facts, issue_date, start }),
        }
    }

    /// The day of issue.
    pub fn issue_date(&self) -> Result<Date, DecideError> {
        self.issue_date.ok_or(DecideError::Needs(Field::ISSUE_DATE))
    }

    /// The first day of validity.
    pub fn start(&self) -> Result<Date, DecideError> {
        self.start.ok_or(DecideError::Needs(Field::ISSUE_DATE))
    }

    /// The day of birth.
    pub fn birth_date(&self) -> Result<Date, DecideError> {
        self.facts.date(Field::BIRTH_DATE).ok_or(DecideError::Needs(Field::BIRTH_DATE))
    }

    /// The age on the first day of validity.
    pub fn age(&self) -> Result<i64, DecideError> {
        let age = expiry::age_on(self.birth_date()?, self.start()?);
        age.map(i64::from).ok_or(DecideError::BeyondCalendar)
    }

    /// A field's value, or what its absence means; `None` when it is absent.
    pub fn value(&self, field: Field) -> Option<Value<'f>> {
        match field {
            Field::VALID_FROM => self.start.map(Value::Date),
            _ => self.facts.get(field).or_else(|| absent_means(field)),
        }
    }

    /// A field's word or text; `None` when it is absent.
    pub fn text(&self, field: Field) -> Option<&'f str> {
        match self.value(field)? {
            Value::Text(text) | Value::Choice(text) => Some(text),
            Value::Date(_) | Value::Flag(_) | Value::Integer(_) => None,
        }
    }

    /// A field's yes or no; `None` when it is absent.
    pub fn flag(&self, field: Field) -> Option<bool> {
        match self.value(field)? {
            Value::Flag(flag) => Some(flag),
            Value::Text(_) | Value::Date(_) | Value::Integer(_) | Value::Choice(_) => None,
        }
    }

    /// A field's day; `None` when it is absent.
    pub fn date(&self, field: Field) -> Option<Date> {
        match self.value(field)? {
            Value::Date(date) => Some(date),
            Value::Text(_) | Value::Flag(_) | Value::Integer(_) | Value::Choice(_) => None,
        }
    }

    /// A field's whole number; `None` when it is absent.
    pub fn integer(&self, field: Field) -> Option<u32> {
        match self.value(field)? {
            Value::Integer(number) => Some(number),
            Value::Text(_) | Value::Flag(_) | Value::Date(_) | Value::Choice(_) => None,
        }
    }

    /// A day or a whole number as a number that compares like it; `None` when it is absent.
    ///
    /// # Errors
    /// The two days that every decision counts from may not be absent where a rule compares them.
    pub fn number(&self, field: Field) -> Result<Option<i64>, DecideError> {
        match field {
            Field::ISSUE_DATE => self.issue_date().map(|date| Some(number_of(date))),
            Field::VALID_FROM => self.start().map(|date| Some(number_of(date))),
            _ => Ok(match self.value(field) {
                Some(Value::Date(date)) => Some(number_of(date)),
                Some(Value::Integer(number)) => Some(i64::from(number)),
                Some(Value::Text(_) | Value::Flag(_) | Value::Choice(_)) | None => None,
            }),
        }
    }
}
