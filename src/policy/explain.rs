//! A decision in words for people: which rule gave it, where it stands and which source says so.

use crate::base::field::Fields;
use crate::policy::decision::Decision;
use crate::policy::decision::Digits;
use crate::policy::decision::DigitsPlace;
use crate::policy::decision::Document;
use crate::policy::decision::Expiry;
use crate::policy::decision::Reason;
use crate::policy::model::Policy;
use crate::policy::versions::Version;

/// Plain text, one line per statement, each ended by a line feed. Of the record it names the fields that a rule
/// has asked, and no value beyond what the decision itself says. `version` is the one that gave the decision; `None`:
/// there is none for the record.
pub fn explain(version: Option<&Version>, decision: &Decision<'_>, fields: &Fields) -> String {
    let mut lines: Vec<String> = version.filter(|version| !version.is_always()).map(days).into_iter().collect();
    lines.extend([
        format!("document: {}", document(decision.document)),
        format!("expiry (有効期限): {}", expiry(decision.expiry)),
        format!("last four digits (個人番号の下4桁): {}", digits(decision.digits)),
    ]);
    lines.extend(decision.title.map(|title| format!("title: {title}")));
    lines.push(format!("application (申請): {}", application(decision.needs_application)));
    lines
        .push(decision.fee_yen.map_or("fee (手数料): not stated".to_owned(), |yen| format!("fee (手数料): {yen} yen")));
    lines.push(format!("outcome: {}", decision.outcome().name()));
    for reason in &decision.reasons {
        lines.push(match &reason.place {
            Some(place) => {
                format!("{}: rule in {}, line {}", reason.code, place.source.name, place.line_and_column().0)
            }
            None => format!("{}: holds in every policy", reason.code),
        });
        let asked = version.and_then(|version| asked(version.policy(), reason, fields));
        lines.extend(asked.map(|asked| format!("  asks: {asked}")));
        lines.push(format!("  source: {}", reason.source));
    }
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// The issue dates that a version serves.
fn days(version: &Version) -> String {
    let from = version.first().map(|day| format!(" from {day}"));
    let until = version.last().map(|day| format!(" to {day}"));
    format!("version: issue dates{}{}", from.unwrap_or_default(), until.unwrap_or_default())
}

/// The fields that a rule's conditions read; `None` where the reason is no rule of a list.
fn asked(policy: &Policy, reason: &Reason, fields: &Fields) -> Option<String> {
    let head = policy.heads().find(|head| std::ptr::eq(head.reason, reason))?;
    let mut read: Vec<_> = head.when.iter().flat_map(|condition| condition.fields()).collect();
    read.sort_unstable();
    read.dedup();
    if read.is_empty() {
        return Some("nothing, it always holds".to_owned());
    }
    let titles: Vec<String> = read.into_iter().map(|field| fields.title(field)).collect();
    Some(titles.join(", "))
}

fn document(document: Document) -> &'static str {
    match document {
        Document::Notice => "notice (資格情報のお知らせ)",
        Document::Certificate => "certificate (資格確認書)",
        Document::None => "none, nothing is printed",
        Document::Hold => "hold, a person decides first (保留)",
    }
}

fn expiry(expiry: Expiry) -> String {
    match expiry {
        Expiry::NotApplicable => "- (there is no paper)".to_owned(),
        Expiry::Never => "none is printed (記載なし)".to_owned(),
        Expiry::On(date) => format!("{date}, the last valid day"),
        Expiry::Unspecified => "unspecified: the policy names no date, so nothing is printed".to_owned(),
    }
}

fn application(needed: Option<bool>) -> &'static str {
    match needed {
        Some(true) => "needed",
        Some(false) => "not needed",
        None => "not stated",
    }
}

fn digits(digits: Digits) -> &'static str {
    match digits {
        Digits::NotApplicable => "- (there is no paper)",
        Digits::Hidden => "hidden (記載なし)",
        Digits::Shown(DigitsPlace::Body) => "shown on the sheet, not on the slip (記載あり)",
        Digits::Shown(DigitsPlace::Slip) => "shown on the slip only (記載あり)",
        Digits::Shown(DigitsPlace::Both) => "shown on the sheet and on the slip (記載あり)",
    }
}
