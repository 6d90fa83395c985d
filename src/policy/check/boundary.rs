//! The limits that conditions draw.

use std::collections::BTreeSet;

use crate::base::Date;
use crate::policy::condition::Span;
use crate::policy::condition::Test;

/// The limits of a test: each is the last day or number before a change, so that it and the next one differ.
pub(super) fn limits(test: &Test) -> BTreeSet<i64> {
    let spans: &[Span] = match test {
        Test::Days(spans) | Test::Numbers(spans) => spans,
        Test::Absent | Test::Present | Test::Flag(_) | Test::Words { .. } | Test::Texts(_) => &[],
    };
    let first = spans.iter().filter(|span| span.first != i64::MIN).map(|span| span.first - 1);
    let last = spans.iter().filter(|span| span.last != i64::MAX).map(|span| span.last);
    first.chain(last).collect()
}

/// A number on each side of each limit of these tests, and next to them.
pub(super) fn numbers(tests: &[&Test]) -> BTreeSet<i64> {
    let around = |limit: i64| [limit.saturating_sub(1), limit, limit.saturating_add(1), limit.saturating_add(2)];
    tests.iter().flat_map(|test| limits(test)).flat_map(around).collect()
}

/// The same as days.
pub(super) fn days(tests: &[&Test]) -> BTreeSet<Date> {
    numbers(tests).into_iter().filter_map(day).collect()
}

/// The day behind a number that compares like it.
pub(super) fn day(number: i64) -> Option<Date> {
    Date::from_num_days_from_ce_opt(i32::try_from(number).ok()?)
}
