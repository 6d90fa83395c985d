//! What a policy says of one record.

use crate::base::Date;

/// The paper that a record gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Document {
    /// 資格情報のお知らせ.
    Notice,
    /// 資格確認書.
    Certificate,
    /// Nothing is printed, lawfully.
    None,
    /// Nothing is printed until a person has decided.
    Hold,
}

/// 有効期限 of a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expiry {
    /// There is no paper, so there is no expiry.
    NotApplicable,
    /// The paper carries no expiry.
    Never,
    /// The last valid day.
    On(Date),
    /// The sources name no date that can be computed; nothing is printed.
    Unspecified,
}

/// Where the last four digits of the My Number stand when they show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DigitsPlace {
    /// On the sheet, not on the slip.
    Body,
    /// On the slip only.
    Slip,
    /// On both.
    Both,
}

/// Whether the last four digits of the My Number are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Digits {
    /// There is no paper.
    NotApplicable,
    /// They stay away.
    Hidden,
    /// They are printed there.
    Shown(DigitsPlace),
}

/// Why: a code for programs and the published source for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The code, such as `EXP_HALFYEAR_ANCHOR`.
    pub code: String,
    /// Publisher, date and place of the rule, or `derived: why`.
    pub source: String,
}

/// The printed titles of a pack's papers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Titles {
    /// Of the notice.
    pub notice: Option<String>,
    /// The present legal name of the notice, where an older one is printed.
    pub notice_legal: Option<String>,
    /// On the slip; `None`: that of the notice.
    pub slip: Option<String>,
    /// Of the certificate.
    pub certificate: Option<String>,
}

/// What a policy says of one record. Borrows its words from the policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision<'p> {
    /// The paper.
    pub document: Document,
    /// Its 有効期限.
    pub expiry: Expiry,
    /// Whether and where the last four digits are printed.
    pub digits: Digits,
    /// The title of the paper; `None` without a paper or where the pack has none.
    pub title: Option<&'p str>,
    /// Why, in the order eligibility, expiry, cap, warning, digits.
    pub reasons: Vec<&'p Reason>,
    /// 手数料 in yen, where the policy states one.
    pub fee_yen: Option<u32>,
    /// Whether an application is needed, where the policy states it.
    pub needs_application: Option<bool>,
}
