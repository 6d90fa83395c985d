//! What a policy says of one record.

use std::borrow::Cow;

use crate::base::Date;
use crate::base::diagnostic::Place;

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

impl Document {
    /// The word of the policy file and of `decide`: `notice`, `certificate`, `none` or `hold`.
    pub fn name(self) -> &'static str {
        match self {
            Document::Notice => "notice",
            Document::Certificate => "certificate",
            Document::None => "none",
            Document::Hold => "hold",
        }
    }

    /// Whether it is a paper.
    pub fn is_paper(self) -> bool {
        match self {
            Document::Notice | Document::Certificate => true,
            Document::None | Document::Hold => false,
        }
    }
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

impl Expiry {
    /// The text that `decide` gives: an ISO day, `none`, `unspecified`; `None` without a paper.
    pub fn text(self) -> Option<Cow<'static, str>> {
        match self {
            Expiry::NotApplicable => None,
            Expiry::Never => Some(Cow::Borrowed("none")),
            Expiry::On(date) => Some(Cow::Owned(date.to_string())),
            Expiry::Unspecified => Some(Cow::Borrowed("unspecified")),
        }
    }
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

impl Digits {
    /// The word that `decide` gives: `shown` or `hidden`; `None` without a paper.
    pub fn name(self) -> Option<&'static str> {
        match self {
            Digits::NotApplicable => None,
            Digits::Hidden => Some("hidden"),
            Digits::Shown(DigitsPlace::Body | DigitsPlace::Slip | DigitsPlace::Both) => Some("shown"),
        }
    }
}

/// Why: a code for programs and the published source for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The code, such as `EXP_HALFYEAR_ANCHOR`.
    pub code: Cow<'static, str>,
    /// Publisher, date and place of the rule, or `derived: why`.
    pub source: Cow<'static, str>,
    /// The rule in the policy's file; `None` for what holds in every policy.
    pub place: Option<Place>,
}

impl Reason {
    /// Whether it means that something is wrong with the record or the policy.
    pub fn rejects(&self) -> bool {
        self.code == "NO_RULE" || self.code == "NO_POLICY_VERSION" || self.code.starts_with("ERR_")
    }
}

/// How a run must treat the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// It gets a sheet.
    Printed,
    /// It gets none, lawfully; not a failure.
    None,
    /// A person or a rule of the pack must decide first: `hold`, or an expiry that is unspecified.
    Held,
    /// Something is wrong with the record or the policy: `NO_RULE`, `NO_POLICY_VERSION` or a code that begins with
    /// `ERR_`.
    Rejected,
}

impl Outcome {
    /// The word of the report: `printed`, `none`, `held` or `rejected`.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Printed => "printed",
            Outcome::None => "none",
            Outcome::Held => "held",
            Outcome::Rejected => "rejected",
        }
    }
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

impl Titles {
    /// Whether the notice still has its old name and says nowhere that it is 資格情報通知書 now.
    ///
    /// 厚生労働省, 保発0830第1号 (2024-08-30), as reported by 横河電機健康保険組合 (令和6年10月).
    pub fn are_old(&self) -> bool {
        const PRESENT: &str = "資格情報通知書";
        self.notice_legal.is_none() && self.notice.as_ref().is_some_and(|title| !title.contains(PRESENT))
    }
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
    /// Whether the paper is applied for; `None` where the policy does not state it. For a reissue the reissue table
    /// speaks before the rule of eligibility.
    pub needs_application: Option<bool>,
    /// 手数料 in yen; `None` where the policy states none. For a reissue the reissue table speaks first.
    pub fee_yen: Option<u32>,
}

impl Decision<'_> {
    /// How a run must treat the record.
    pub fn outcome(&self) -> Outcome {
        match self.document {
            Document::Hold => Outcome::Held,
            Document::None if self.reasons.iter().any(|reason| reason.rejects()) => Outcome::Rejected,
            Document::None => Outcome::None,
            Document::Notice | Document::Certificate => match self.expiry {
                Expiry::Unspecified => Outcome::Held,
                Expiry::NotApplicable | Expiry::Never | Expiry::On(_) => Outcome::Printed,
            },
        }
    }

    /// The codes of the reasons, joined by `+` as in the decision tables.
    pub fn codes(&self) -> String {
        let codes: Vec<&str> = self.reasons.iter().map(|reason| reason.code.as_ref()).collect();
        codes.join("+")
    }
}
