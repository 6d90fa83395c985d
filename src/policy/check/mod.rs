//! What is wrong with a policy that could be read, before the first record: for `shikaku check`.
//!
//! [`rules`] looks at the rules alone; [`tried`] holds them against the cases that a pack has beside them.

mod boundary;
mod grid;
mod terms;
pub mod tried;

use crate::base::diagnostic::Diagnostic;
use crate::policy::model::Policy;
use crate::policy::model::Rule;
use crate::policy::model::RuleHead;
use crate::policy::versions::Version;

/// Rules that no record reaches, conditions that no record fulfils, and certificates that would be valid for too long.
pub fn rules(version: &Version) -> Vec<Diagnostic> {
    let policy = version.policy();
    let mut found = Vec::new();
    for (rules, first_issue) in lists(policy) {
        found.extend(grid::unreached(&rules, first_issue));
    }
    found.extend(terms::too_long(version));
    found
}

/// The lists of a policy, each with the day before which none of its rules is asked.
fn lists(policy: &Policy) -> [(Vec<RuleHead<'_>>, Option<crate::base::Date>); 4] {
    [
        (heads(&policy.eligibility), None),
        (heads(&policy.expiry_notice), None),
        (heads(&policy.expiry_certificate), Some(policy.system_start)),
        (heads(&policy.last4.rules), None),
    ]
}

fn heads<T>(rules: &[Rule<T>]) -> Vec<RuleHead<'_>> {
    rules.iter().map(Rule::head).collect()
}
