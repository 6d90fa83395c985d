//! Rules that no record can reach are mistakes: an earlier rule of the list always wins.

use std::ops::Range;
use std::sync::Arc;

use crate::base::diagnostic::Diagnostic;
use crate::base::diagnostic::Place;
use crate::base::diagnostic::Source;
use crate::policy::condition::Condition;
use crate::policy::model::Rule;

/// A rule and the bytes of its `when`.
pub(in crate::policy) struct Placed<T> {
    pub rule: Rule<T>,
    pub when: Range<usize>,
}

/// Reports each rule that an earlier one of the same list hides.
pub(in crate::policy) fn check<T>(rules: &[Placed<T>], source: &Arc<Source>, errors: &mut Vec<Diagnostic>) {
    for (index, later) in rules.iter().enumerate() {
        let earlier = rules.iter().take(index).find(|earlier| hides(&earlier.rule.when, &later.rule.when));
        let Some(earlier) = earlier else { continue };
        let place = Place { source: Arc::clone(source), span: earlier.when.clone() };
        let (line, _) = place.line_and_column();
        let message = format!("no record reaches this rule: the one in line {line} holds whenever this one does");
        let found = Diagnostic::error(message).at(source, later.when.clone());
        errors.push(found.hint("move it before that one, or remove it"));
    }
}

/// Whether the earlier conditions hold for every record for which the later ones hold.
pub(in crate::policy) fn hides(earlier: &[Condition], later: &[Condition]) -> bool {
    earlier.iter().all(|general| later.iter().any(|special| special.implies(general)))
}
