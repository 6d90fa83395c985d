//! View restriction and reissue.

use crate::base::field::Field;
use crate::record::checks::Desk;
use crate::record::problem::Code;

/// `myna` where nothing is known.
pub(crate) const UNKNOWN: &str = "unknown";
/// `myna` of a person whose data must not be viewed.
pub(crate) const RESTRICTED: &str = "view_restricted";

pub(crate) fn check(desk: &mut Desk<'_>) {
    let contradiction = match (desk.facts.flag(Field::VIEW_RESTRICTED), desk.facts.text(Field::MYNA)) {
        (Some(true), Some(myna)) => myna != RESTRICTED,
        (Some(false), Some(myna)) => myna == RESTRICTED,
        (Some(_) | None, _) => false,
    };
    if contradiction {
        let hint = "a person may be endangered: find out which of the two is right";
        desk.error(Code::ViewRestricted, Field::VIEW_RESTRICTED, "contradicts myna", hint);
    }
    if desk.facts.has(Field::REISSUE_CAUSE) && desk.facts.text(Field::ISSUE_KIND) != Some("reissue") {
        let hint = "write issue_kind = reissue, or leave the field empty";
        desk.error(Code::ReissueCause, Field::REISSUE_CAUSE, "only with issue_kind = reissue", hint);
    }
}
