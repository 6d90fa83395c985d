//! A policy as the decision reads it: nothing left to look up or to parse.

use std::collections::BTreeSet;

use crate::base::Date;
use crate::base::diagnostic::Place;
use crate::base::field::Field;
use crate::policy::codes;
use crate::policy::condition::Condition;
use crate::policy::decision::DigitsPlace;
use crate::policy::decision::Document;
use crate::policy::decision::Reason;
use crate::policy::decision::Titles;
use crate::policy::expiry::MonthDay;
use crate::policy::given::absent_means;

/// The rules of one insurer, inheritance resolved. In every list the first rule that holds wins.
#[derive(Clone, Debug)]
pub struct Policy {
    pub(in crate::policy) titles: Titles,
    /// `title`; `None` where no file has it.
    pub(in crate::policy) titles_place: Option<Place>,
    /// No certificate has an earlier issue date.
    pub(in crate::policy) system_start: Date,
    /// A certificate ends at most so many years after its first day.
    pub(in crate::policy) max_certificate_years: u32,
    pub(in crate::policy) reissue: ReissueTable,
    pub(in crate::policy) eligibility: Vec<Rule<Eligible>>,
    pub(in crate::policy) expiry_notice: Vec<Rule<Shape>>,
    pub(in crate::policy) expiry_certificate: Vec<Rule<Shape>>,
    pub(in crate::policy) caps: Vec<Cap>,
    pub(in crate::policy) last4: Last4,
}

/// What follows when all conditions hold.
#[derive(Clone, Debug)]
pub(in crate::policy) struct Rule<T> {
    pub when: Vec<Condition>,
    pub then: T,
    pub reason: Reason,
    /// Its `when`.
    pub place: Place,
}

/// Which paper a record gets, and what a counter asks for it.
#[derive(Clone, Copy, Debug)]
pub(in crate::policy) struct Eligible {
    pub document: Document,
    pub terms: Terms,
}

/// What a paper costs and whether it is applied for; `None` where the source is silent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::policy) struct Terms {
    pub needs_application: Option<bool>,
    pub fee_yen: Option<u32>,
}

/// How 有効期限 is computed.
#[derive(Clone, Debug)]
pub(in crate::policy) enum Shape {
    Fixed(Date),
    Anchors { month_days: Vec<MonthDay>, inclusive: bool },
    Period { months: Months, floor: Option<Floor> },
    Annual(Annual),
    Never(NeverCaps),
    Unspecified,
}

/// The length of a period.
#[derive(Clone, Copy, Debug)]
pub(in crate::policy) enum Months {
    Stated(u32),
    From(Field),
}

/// How the end of a period is cut back.
#[derive(Clone, Copy, Debug)]
pub(in crate::policy) enum Floor {
    MonthEnd,
    MonthDay(MonthDay),
}

/// A day that returns every `cycle_years`, in the years that `epoch_year` belongs to.
#[derive(Clone, Copy, Debug)]
pub(in crate::policy) struct Annual {
    pub month_day: MonthDay,
    pub cycle_years: u16,
    pub epoch_year: i32,
}

/// Which caps give a paper without an expiry one all the same.
#[derive(Clone, Copy, Debug)]
pub(in crate::policy) enum NeverCaps {
    Ignored,
    All,
    Within(Annual),
}

/// A date of the record that an expiry may not pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::policy) enum Cap {
    Age70MonthEnd,
    Age75,
    /// `pending_months`: how long the paper goes on while a residence application runs; `None`: not at all.
    Residence {
        pending_months: Option<u32>,
    },
    Student,
    Voluntary,
    DisabilityBook,
}

/// The last four digits of the My Number.
#[derive(Clone, Debug)]
pub(in crate::policy) struct Last4 {
    pub place: DigitsPlace,
    pub never_on: Vec<Document>,
    /// Whether they show.
    pub rules: Vec<Rule<bool>>,
    /// The rules of the oldest ancestor, asked when none of the policy's own holds.
    pub fallback: Vec<Rule<bool>>,
}

/// What a second paper needs, by the paper that is asked for.
#[derive(Clone, Debug, Default)]
pub(in crate::policy) struct ReissueTable {
    pub notice: Option<Reissue>,
    pub certificate: Option<Reissue>,
}

/// What a second paper needs.
#[derive(Clone, Debug)]
pub(in crate::policy) struct Reissue {
    pub verdict: Verdict,
    pub terms: Terms,
}

/// Whether there is a second paper.
#[derive(Clone, Debug)]
pub(in crate::policy) enum Verdict {
    /// Yes; the reason is for a record whose application is missing.
    Allowed(Reason),
    Never(Reason),
    Undetermined(Reason),
}

impl Cap {
    /// Its code and source; of [`Cap::Residence`] where no application runs.
    pub(in crate::policy) fn reason(self) -> &'static Reason {
        match self {
            Cap::Age70MonthEnd => &codes::CAP_AGE70_MONTH_END,
            Cap::Age75 => &codes::CAP_AGE75,
            Cap::Residence { .. } => &codes::CAP_RESIDENCE,
            Cap::Student => &codes::CAP_STUDENT,
            Cap::Voluntary => &codes::CAP_VOLUNTARY_2Y,
            Cap::DisabilityBook => &codes::CAP_DISABILITY_BOOK,
        }
    }

    /// The fields that it reads.
    pub(in crate::policy) fn fields(self) -> &'static [Field] {
        match self {
            Cap::Age70MonthEnd | Cap::Age75 => &[Field::BIRTH_DATE],
            Cap::Residence { pending_months: None } => &[Field::RESIDENCE_UNTIL],
            Cap::Residence { pending_months: Some(_) } => &[Field::RESIDENCE_UNTIL, Field::RESIDENCE_PENDING],
            Cap::Student => &[Field::STUDENT_UNTIL],
            Cap::Voluntary => &[Field::VOLUNTARY_UNTIL],
            Cap::DisabilityBook => &[Field::DISABILITY_UNTIL],
        }
    }
}

/// What every rule has, whatever follows from it.
#[derive(Clone, Copy)]
pub(in crate::policy) struct RuleHead<'p> {
    pub when: &'p [Condition],
    pub reason: &'p Reason,
    pub place: &'p Place,
}

impl Policy {
    /// The printed titles of its papers.
    pub fn titles(&self) -> &Titles {
        &self.titles
    }

    /// Where the titles stand; `None` where no file has any.
    pub fn titles_place(&self) -> Option<&Place> {
        self.titles_place.as_ref()
    }

    /// The fields that a decision may read, in the order of the field table.
    pub fn fields_read(&self) -> BTreeSet<Field> {
        let always = [Field::REQUESTED, Field::ISSUE_KIND, Field::ISSUE_DATE, Field::VALID_FROM];
        let mut fields = BTreeSet::from(always);
        fields.extend(self.heads().flat_map(|head| head.when).flat_map(|condition| condition.fields()));
        fields.extend(self.caps.iter().flat_map(|cap| cap.fields()));
        for rule in self.expiry_notice.iter().chain(&self.expiry_certificate) {
            if let Shape::Period { months: Months::From(field), .. } = rule.then {
                fields.insert(field);
            }
        }
        if self.reissue.iter().any(|reissue| reissue.terms.needs_application == Some(true)) {
            fields.insert(Field::APPLIED);
        }
        if self.last4.rules.iter().chain(&self.last4.fallback).any(|rule| rule.then) {
            fields.extend([Field::LAST4, Field::LAST4_VERIFIED]);
        }
        fields
    }

    /// Whether some record's paper of this kind gets a last valid day.
    pub fn gives_expiry(&self, document: Document) -> bool {
        let rules = match document {
            Document::Notice => &self.expiry_notice,
            Document::Certificate => &self.expiry_certificate,
            Document::None | Document::Hold => return false,
        };
        rules.iter().any(|rule| match rule.then {
            Shape::Never(NeverCaps::Ignored) | Shape::Unspecified => false,
            Shape::Never(NeverCaps::All | NeverCaps::Within(_)) => !self.caps.is_empty(),
            Shape::Fixed(_) | Shape::Anchors { .. } | Shape::Period { .. } | Shape::Annual(_) => true,
        })
    }

    /// The fields that its rules of eligibility ask and whose absence stands for nothing, in the order of the field
    /// table.
    pub fn eligibility_needs(&self) -> BTreeSet<Field> {
        let asked = self.eligibility.iter().flat_map(|rule| &rule.when).flat_map(|condition| condition.fields());
        asked.filter(|field| absent_means(*field).is_none() && *field != Field::VALID_FROM).collect()
    }

    /// The reasons of all its rules, list by list in their order: eligibility, expiry of the notice, expiry of
    /// the certificate, digits, digits of the oldest ancestor. A decision holds these very references.
    pub fn reasons(&self) -> impl Iterator<Item = &Reason> {
        self.heads().map(|head| head.reason)
    }

    /// The reasons that a decision can give because of the reissue table.
    pub fn reissue_reasons(&self) -> impl Iterator<Item = &Reason> {
        self.reissue.reasons()
    }

    /// The days that its conditions compare a field with: the first and the last day of each stretch.
    pub fn thresholds(&self) -> BTreeSet<(Field, Date)> {
        self.heads().flat_map(|head| head.when).flat_map(|condition| condition.thresholds()).collect()
    }

    /// Every rule of every list, in the order of [`Policy::reasons`].
    pub(in crate::policy) fn heads(&self) -> impl Iterator<Item = RuleHead<'_>> {
        let expiry = self.expiry_notice.iter().chain(&self.expiry_certificate);
        let digits = self.last4.rules.iter().chain(&self.last4.fallback);
        self.eligibility.iter().map(Rule::head).chain(expiry.map(Rule::head)).chain(digits.map(Rule::head))
    }
}

impl<T> Rule<T> {
    /// The rule without what follows from it.
    pub(in crate::policy) fn head(&self) -> RuleHead<'_> {
        RuleHead { when: &self.when, reason: &self.reason, place: &self.place }
    }
}

impl ReissueTable {
    /// The reasons that a decision can give because of the table.
    pub(in crate::policy) fn reasons(&self) -> impl Iterator<Item = &Reason> {
        self.iter().filter_map(|reissue| match &reissue.verdict {
            Verdict::Never(reason) | Verdict::Undetermined(reason) => Some(reason),
            Verdict::Allowed(missing) => Some(missing).filter(|_| reissue.terms.needs_application == Some(true)),
        })
    }

    fn iter(&self) -> impl Iterator<Item = &Reissue> {
        self.notice.iter().chain(&self.certificate)
    }
}
