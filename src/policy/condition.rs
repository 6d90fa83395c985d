//! One `field = …` of a rule's `when`, compiled to a set of values.

use crate::base::Date;
use crate::base::field::Field;
use crate::policy::given::DecideError;
use crate::policy::given::Given;

/// A condition of a rule. Compares without parsing and without memory.
#[derive(Clone, Debug)]
pub(in crate::policy) struct Condition {
    pub subject: Subject,
    pub test: Test,
}

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::policy) enum Subject {
    Field(Field),
    /// The age on the first day of validity.
    Age,
}

/// The values that it may have.
#[derive(Clone, Debug)]
pub(in crate::policy) enum Test {
    Absent,
    Present,
    Flag(bool),
    /// The words of `known` whose bit is set.
    Words {
        known: &'static [&'static str],
        set: u64,
    },
    Texts(Vec<String>),
    /// Days, sorted, never touching.
    Days(Vec<Span>),
    /// Whole numbers, sorted, never touching.
    Numbers(Vec<Span>),
}

/// A stretch of days or numbers, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::policy) struct Span {
    pub first: i64,
    pub last: i64,
}

impl Condition {
    /// Whether it holds.
    ///
    /// # Errors
    /// When it reads the age without a birth date, or compares an issue date that is absent.
    pub fn holds(&self, given: &Given<'_>) -> Result<bool, DecideError> {
        let field = match self.subject {
            Subject::Field(field) => field,
            Subject::Age => return given.age().map(|age| self.test.includes(age)),
        };
        match &self.test {
            Test::Absent => Ok(given.value(field).is_none()),
            Test::Present => Ok(given.value(field).is_some()),
            Test::Flag(flag) => Ok(given.flag(field) == Some(*flag)),
            Test::Words { known, set } => Ok(given.text(field).is_some_and(|word| bit_of(known, word) & set != 0)),
            Test::Texts(texts) => Ok(given.text(field).is_some_and(|text| texts.iter().any(|known| known == text))),
            Test::Days(_) | Test::Numbers(_) => {
                Ok(given.number(field)?.is_some_and(|number| self.test.includes(number)))
            }
        }
    }

    /// Whether every value that passes this one passes `other`.
    pub fn implies(&self, other: &Condition) -> bool {
        self.subject == other.subject && self.test.within(&other.test)
    }

    /// The fields that it reads.
    pub fn fields(&self) -> Vec<Field> {
        match self.subject {
            Subject::Field(field) => vec![field],
            Subject::Age => vec![Field::BIRTH_DATE, Field::VALID_FROM, Field::ISSUE_DATE],
        }
    }

    /// The days that it compares a field with.
    pub fn thresholds(&self) -> Vec<(Field, Date)> {
        match (&self.subject, &self.test) {
            (Subject::Field(field), Test::Days(spans)) => {
                let ends = spans.iter().flat_map(|span| [span.first, span.last]);
                let days = ends.filter_map(|end| Date::from_num_days_from_ce_opt(i32::try_from(end).ok()?));
                days.map(|day| (*field, day)).collect()
            }
            (Subject::Field(_) | Subject::Age, _) => Vec::new(),
        }
    }
}

impl Test {
    fn includes(&self, number: i64) -> bool {
        match self {
            Test::Days(spans) | Test::Numbers(spans) => {
                spans.iter().any(|span| span.first <= number && number <= span.last)
            }
            Test::Absent | Test::Present | Test::Flag(_) | Test::Words { .. } | Test::Texts(_) => false,
        }
    }

    fn within(&self, other: &Test) -> bool {
        match (self, other) {
            (Test::Absent, Test::Absent) => true,
            (Test::Absent, _) | (_, Test::Absent) => false,
            (_, Test::Present) => true,
            (Test::Flag(left), Test::Flag(right)) => left == right,
            (Test::Words { set: left, .. }, Test::Words { set: right, .. }) => left & !right == 0,
            (Test::Texts(left), Test::Texts(right)) => left.iter().all(|text| right.contains(text)),
            (Test::Days(left), Test::Days(right)) | (Test::Numbers(left), Test::Numbers(right)) => left
                .iter()
                .all(|inner| right.iter().any(|outer| outer.first <= inner.first && inner.last <= outer.last)),
            (
                Test::Present | Test::Flag(_) | Test::Words { .. } | Test::Texts(_) | Test::Days(_) | Test::Numbers(_),
                _,
            ) => false,
        }
    }
}

/// The bit of a word in its list; 0 when it is not in it.
pub(in crate::policy) fn bit_of(known: &[&str], word: &str) -> u64 {
    known.iter().position(|candidate| *candidate == word).map_or(0, |place| 1 << (place % 64))
}

/// Sorted, and merged where they touch.
pub(in crate::policy) fn merged(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    let mut merged: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match merged.last_mut() {
            Some(last) if span.first <= last.last.saturating_add(1) => last.last = last.last.max(span.last),
            Some(_) | None => merged.push(span),
        }
    }
    merged
}
