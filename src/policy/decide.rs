//! Applying a policy to the facts of one record.

use crate::base::Date;
use crate::base::facts::Facts;
use crate::base::field::Field;
use crate::policy::codes;
use crate::policy::decision::Decision;
use crate::policy::decision::Digits;
use crate::policy::decision::Document;
use crate::policy::decision::Expiry;
use crate::policy::decision::Reason;
use crate::policy::expiry;
use crate::policy::given::Given;
use crate::policy::model::Annual;
use crate::policy::model::Cap;
use crate::policy::model::Eligible;
use crate::policy::model::Floor;
use crate::policy::model::Months;
use crate::policy::model::NeverCaps;
use crate::policy::model::Policy;
use crate::policy::model::Reissue;
use crate::policy::model::Rule;
use crate::policy::model::Shape;
use crate::policy::model::Terms;
use crate::policy::model::Verdict;

pub use crate::policy::given::DecideError;

/// What the policy says of the record. The same facts always give the same decision; it reads no clock.
///
/// Steps, each of which may end it: start gate, reissue table, eligibility (and the gate once more), expiry rule,
/// caps, five-year limit and order of the dates, last four digits.
///
/// # Errors
/// When a rule that is asked reads a field that is absent and has no meaning then, or when the days of the record
/// cannot be counted with.
pub fn decide<'p>(policy: &'p Policy, facts: &Facts) -> Result<Decision<'p>, DecideError> {
    let given = Given::new(facts)?;
    let requested = given.text(Field::REQUESTED);
    if requested == Some("certificate") && given.issue_date()? < policy.system_start {
        return Ok(nothing(Document::None, &codes::BEFORE_SYSTEM_START));
    }
    let reissue = match (given.text(Field::ISSUE_KIND), requested) {
        (Some("reissue"), Some("notice")) => policy.reissue.notice.as_ref(),
        (Some("reissue"), Some("certificate")) => policy.reissue.certificate.as_ref(),
        (_, _) => None,
    };
    if let Some((document, reason)) = reissue.and_then(|reissue| refused(reissue, &given)) {
        return Ok(stated(nothing(document, reason), reissue.map(|reissue| reissue.terms), None));
    }
    let Some(eligible) = first(&policy.eligibility, &given)? else {
        return Ok(nothing(Document::None, &codes::NO_RULE));
    };
    let (document, second) = (eligible.then.document, reissue.map(|reissue| reissue.terms));
    if !document.is_paper() {
        return Ok(stated(nothing(document, &eligible.reason), second, Some(eligible.then.terms)));
    }
    if document == Document::Certificate && given.issue_date()? < policy.system_start {
        return Ok(nothing(Document::None, &codes::BEFORE_SYSTEM_START));
    }
    paper(policy, &given, eligible).map(|decision| stated(decision, second, Some(eligible.then.terms)))
}

/// The reissue table where it ends the matter.
fn refused<'p>(reissue: &'p Reissue, given: &Given<'_>) -> Option<(Document, &'p Reason)> {
    match &reissue.verdict {
        Verdict::Never(reason) => Some((Document::None, reason)),
        Verdict::Undetermined(reason) => Some((Document::Hold, reason)),
        Verdict::Allowed(missing) => {
            let waits = reissue.terms.needs_application == Some(true) && given.flag(Field::APPLIED) != Some(true);
            waits.then_some((Document::None, missing))
        }
    }
}

/// What the policy states beside the paper: the reissue table first, the rule of eligibility where that is silent.
/// A decision that an error replaced states nothing.
fn stated(mut decision: Decision<'_>, second: Option<Terms>, first: Option<Terms>) -> Decision<'_> {
    if !decision.reasons.iter().any(|reason| reason.rejects()) {
        let (second, first) = (second.unwrap_or_default(), first.unwrap_or_default());
        decision.needs_application = second.needs_application.or(first.needs_application);
        decision.fee_yen = second.fee_yen.or(first.fee_yen);
    }
    decision
}

/// A paper is due: its expiry, its limits, its digits.
fn paper<'p>(policy: &'p Policy, given: &Given<'_>, eligible: &'p Rule<Eligible>) -> Result<Decision<'p>, DecideError> {
    let document = eligible.then.document;
    // At most: eligibility, expiry, cap, warning, two for the digits.
    let mut reasons = Vec::with_capacity(6);
    reasons.push(&eligible.reason);
    let Some(expiry) = last_day(policy, given, document, &mut reasons)? else {
        return Ok(nothing(Document::None, &codes::ERR_NO_EXPIRY_RULE));
    };
    if let Expiry::On(last) = expiry {
        if let Some(error) = out_of_bounds(policy, given, document, last)? {
            return Ok(nothing(Document::None, error));
        }
        if document == Document::Certificate && last == given.issue_date()? {
            reasons.push(&codes::WARN_EXPIRES_ON_ISSUE_DAY);
        }
    }
    let digits = digits(policy, given, document, &mut reasons)?;
    let title = match document {
        Document::Notice => policy.titles.notice.as_deref(),
        Document::Certificate => policy.titles.certificate.as_deref(),
        Document::None | Document::Hold => None,
    };
    Ok(Decision { document, expiry, digits, title, reasons, needs_application: None, fee_yen: None })
}

/// The expiry by rule and caps; `None` for a certificate without a rule.
fn last_day<'p>(
    policy: &'p Policy,
    given: &Given<'_>,
    document: Document,
    reasons: &mut Vec<&'p Reason>,
) -> Result<Option<Expiry>, DecideError> {
    let certificate = document == Document::Certificate;
    let rules = if certificate { &policy.expiry_certificate } else { &policy.expiry_notice };
    let Some(rule) = first(rules, given)? else {
        if certificate {
            return Ok(None);
        }
        reasons.push(&codes::EXP_NONE_NOTICE);
        return Ok(Some(Expiry::Never));
    };
    reasons.push(&rule.reason);
    // A cap counts up to `bound`: where there is a computed day, only before it.
    let (computed, bound) = match &rule.then {
        Shape::Unspecified => return Ok(Some(Expiry::Unspecified)),
        Shape::Never(NeverCaps::Ignored) => return Ok(Some(Expiry::Never)),
        Shape::Never(NeverCaps::All) => (Expiry::Never, None),
        Shape::Never(NeverCaps::Within(annual)) => (Expiry::Never, Some(next_annual(given.start()?, annual)?)),
        Shape::Fixed(_) | Shape::Anchors { .. } | Shape::Period { .. } | Shape::Annual(_) => {
            let last = computed(&rule.then, given)?.ok_or(DecideError::BeyondCalendar)?;
            (Expiry::On(last), last.pred_opt())
        }
    };
    let cap = earliest_cap(policy, given)?.filter(|(last, _)| bound.is_none_or(|bound| *last <= bound));
    Ok(Some(match cap {
        Some((last, reason)) => {
            reasons.push(reason);
            Expiry::On(last)
        }
        None => computed,
    }))
}

/// The day that a shape gives before caps and limits; `None` for one without a day, and beyond the calendar.
pub(in crate::policy) fn computed(shape: &Shape, given: &Given<'_>) -> Result<Option<Date>, DecideError> {
    match shape {
        Shape::Fixed(last) => Ok(Some(*last)),
        Shape::Anchors { month_days, inclusive } => Ok(expiry::next_anchor(given.start()?, month_days, *inclusive)),
        Shape::Period { months, floor } => period(given, *months, *floor),
        Shape::Annual(annual) => next_annual(given.start()?, annual).map(Some),
        Shape::Never(_) | Shape::Unspecified => Ok(None),
    }
}

fn next_annual(start: Date, annual: &Annual) -> Result<Date, DecideError> {
    expiry::next_annual(start, annual.month_day, annual.cycle_years, annual.epoch_year)
        .ok_or(DecideError::BeyondCalendar)
}

fn period(given: &Given<'_>, months: Months, floor: Option<Floor>) -> Result<Option<Date>, DecideError> {
    let months = match months {
        Months::Stated(months) => months,
        Months::From(field) => given.integer(field).ok_or(DecideError::Needs(field))?,
    };
    let last = expiry::period(given.start()?, months);
    Ok(match floor {
        Some(Floor::MonthEnd) => last.and_then(expiry::floor_to_month_end),
        Some(Floor::MonthDay(day)) => last.and_then(|last| expiry::floor_to_month_day(last, day)),
        None => last,
    })
}

/// The earliest cap; on the same day the one whose code sorts first.
fn earliest_cap(policy: &Policy, given: &Given<'_>) -> Result<Option<(Date, &'static Reason)>, DecideError> {
    let mut earliest: Option<(Date, &'static Reason)> = None;
    for cap in &policy.caps {
        let Some(found) = cap_day(*cap, given)? else { continue };
        let sooner = |(day, other): (Date, &Reason)| (found.0, &found.1.code) < (day, &other.code);
        if earliest.is_none_or(sooner) {
            earliest = Some(found);
        }
    }
    Ok(earliest)
}

/// The last day that a cap allows, and the cap's code; `None` where it has no object.
fn cap_day(cap: Cap, given: &Given<'_>) -> Result<Option<(Date, &'static Reason)>, DecideError> {
    let day = match cap {
        Cap::Age70MonthEnd => {
            let attained = expiry::attains(given.birth_date()?, 70).and_then(expiry::month_end);
            let last = attained.ok_or(DecideError::BeyondCalendar)?;
            let start = given.start()?;
            Some(last).filter(|last| start <= *last)
        }
        Cap::Age75 => Some(expiry::attains(given.birth_date()?, 75).ok_or(DecideError::BeyondCalendar)?),
        Cap::Residence { pending_months } => return residence(pending_months, given),
        Cap::Student => given.date(Field::STUDENT_UNTIL),
        Cap::Voluntary => given.date(Field::VOLUNTARY_UNTIL),
        Cap::DisabilityBook => given.date(Field::DISABILITY_UNTIL),
    };
    Ok(day.map(|day| (day, cap.reason())))
}

/// The cap of 在留期間. While an application runs, there must be a day to count its months from.
fn residence(pending_months: Option<u32>, given: &Given<'_>) -> Result<Option<(Date, &'static Reason)>, DecideError> {
    let until = given.date(Field::RESIDENCE_UNTIL);
    let (last, reason) = match pending_months.filter(|_| given.flag(Field::RESIDENCE_PENDING) == Some(true)) {
        Some(months) => {
            let until = until.ok_or(DecideError::Needs(Field::RESIDENCE_UNTIL))?;
            (expiry::extended(until, months), &codes::CAP_RESIDENCE_PENDING)
        }
        None => match until {
            Some(until) => (until.succ_opt(), &codes::CAP_RESIDENCE),
            None => return Ok(None),
        },
    };
    last.map(|last| Some((last, reason))).ok_or(DecideError::BeyondCalendar)
}

/// The error of a day that is too late for a certificate, or before the first day of validity.
fn out_of_bounds(
    policy: &Policy,
    given: &Given<'_>,
    document: Document,
    last: Date,
) -> Result<Option<&'static Reason>, DecideError> {
    let start = given.start()?;
    if document == Document::Certificate {
        let limit = expiry::period(start, policy.max_certificate_years * 12).ok_or(DecideError::BeyondCalendar)?;
        if last > limit {
            return Ok(Some(&codes::ERR_OVER_5_YEARS));
        }
    }
    Ok((last < start).then_some(&codes::ERR_EXPIRY_BEFORE_ISSUE))
}

fn digits<'p>(
    policy: &'p Policy,
    given: &Given<'_>,
    document: Document,
    reasons: &mut Vec<&'p Reason>,
) -> Result<Digits, DecideError> {
    let last4 = &policy.last4;
    if document == Document::Certificate {
        reasons.push(&codes::L4_NEVER_ON_CERTIFICATE);
        return Ok(Digits::Hidden);
    }
    if last4.never_on.contains(&document) {
        reasons.push(&codes::L4_NEVER_ON_NOTICE);
        return Ok(Digits::Hidden);
    }
    let rule = match first(&last4.rules, given)? {
        Some(rule) => Some(rule),
        None => first(&last4.fallback, given)?,
    };
    let Some(rule) = rule else {
        reasons.push(&codes::L4_NOT_STATED);
        return Ok(Digits::Hidden);
    };
    reasons.push(&rule.reason);
    if !rule.then {
        return Ok(Digits::Hidden);
    }
    if given.text(Field::LAST4).is_none() {
        reasons.push(&codes::L4_NOT_REGISTERED);
        return Ok(Digits::Hidden);
    }
    if given.flag(Field::LAST4_VERIFIED) == Some(false) {
        reasons.push(&codes::L4_UNVERIFIED);
        return Ok(Digits::Hidden);
    }
    Ok(Digits::Shown(last4.place))
}

/// The first rule of which every condition holds.
fn first<'p, T>(rules: &'p [Rule<T>], given: &Given<'_>) -> Result<Option<&'p Rule<T>>, DecideError> {
    'rules: for rule in rules {
        for condition in &rule.when {
            if !condition.holds(given)? {
                continue 'rules;
            }
        }
        return Ok(Some(rule));
    }
    Ok(None)
}

/// A decision without a paper.
pub(in crate::policy) fn nothing(document: Document, reason: &Reason) -> Decision<'_> {
    Decision {
        document,
        expiry: Expiry::NotApplicable,
        digits: Digits::NotApplicable,
        title: None,
        reasons: vec![reason],
        needs_application: None,
        fee_yen: None,
    }
}
