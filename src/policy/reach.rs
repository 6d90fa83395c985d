//! Rules that no record can reach are mistakes: an earlier rule of the list always wins.
//!
//! Here each rule is held against one earlier rule at a time, which costs nothing when a pack is opened; `check`
//! finds the ones that several earlier rules hide together.

use crate::base::diagnostic::Diagnostic;
use crate::policy::condition::Condition;
use crate::policy::model::Rule;

/// Reports each rule that an earlier one of the same list hides.
pub(in crate::policy) fn check<T>(rules: &[Rule<T>], errors: &mut Vec<Diagnostic>) {
    for (index, later) in rules.iter().enumerate() {
        let earlier = rules.iter().take(index).find(|earlier| hides(&earlier.when, &later.when));
        let Some(earlier) = earlier else { continue };
        let (line, _) = earlier.place.line_and_column();
        let message = format!("no record reaches this rule: the one in line {line} holds whenever this one does");
        let found = Diagnostic::error(message).at(&later.place.source, later.place.span.clone());
        errors.push(found.hint("move it before that one, or remove it"));
    }
}

/// Whether the earlier conditions hold for every record for which the later ones hold.
pub(in crate::policy) fn hides(earlier: &[Condition], later: &[Condition]) -> bool {
    earlier.iter().all(|general| later.iter().any(|special| special.implies(general)))
}
