//! The policy file, key by key.
//!
//! At the top level stand `title`, `system_start`, `max_certificate_years`, `reissue`, `caps`, `last4` and the
//! ordered lists `eligibility`, `expiry_notice` and `expiry_certificate`; `last4` holds the list `rule`. Every
//! rule has `when` (read in `when.rs`), `reason`, `src` and exactly one outcome. Unknown keys are errors.

use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

/// The keys of the top level.
pub const TOP_LEVEL: &[&str] = &[
    "title",
    "system_start",
    "max_certificate_years",
    "reissue",
    "eligibility",
    "expiry_notice",
    "expiry_certificate",
    "caps",
    "last4",
];

/// `title`: the printed titles. Each may be left out.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Title {
    /// Of the notice.
    pub notice: Option<Spanned<String>>,
    /// The present legal name of the notice.
    pub notice_legal: Option<Spanned<String>>,
    /// On the slip.
    pub slip: Option<Spanned<String>>,
    /// Of the certificate.
    pub certificate: Option<Spanned<String>>,
}

/// `reissue`: what a second paper needs. Without a table the normal rules decide.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReissueTable {
    /// Where a notice is asked for.
    pub notice: Option<Spanned<Reissue>>,
    /// Where a certificate is asked for.
    pub certificate: Option<Spanned<Reissue>>,
}

/// One entry of `reissue`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reissue {
    /// Whether there is a second paper.
    pub allowed: Spanned<Allowed>,
    /// Whether it needs an application. Absent: not stated, none is asked for. Only with `allowed = true`.
    pub needs_application: Option<Spanned<bool>>,
    /// 手数料 in yen. Absent: not stated. Only with `allowed = true`.
    pub fee_yen: Option<Spanned<u32>>,
    /// The code.
    pub reason: Spanned<String>,
    /// Publisher, date and place.
    pub src: Spanned<String>,
}

/// `allowed`: yes, no, or not decided by the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged, expecting = "`allowed` is true, false or \"undetermined\"")]
pub enum Allowed {
    /// `true` or `false`.
    Stated(bool),
    /// `"undetermined"`: the record waits for a person.
    Open(Undetermined),
}

/// The word of [`Allowed::Open`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Undetermined {
    /// `"undetermined"`.
    Undetermined,
}

/// A rule of `eligibility`, without its `when`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Eligibility {
    /// The paper.
    pub document: Document,
    /// Whether the paper is applied for. Informs a counter; the conditions themselves ask `applied`. Absent: not
    /// stated.
    pub needs_application: Option<bool>,
    /// 手数料 in yen, which a counter charges. Absent: not stated.
    pub fee_yen: Option<u32>,
    /// The code.
    pub reason: Spanned<String>,
    /// Publisher, date and place.
    pub src: Spanned<String>,
}

/// `document`.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Document {
    /// 資格情報のお知らせ.
    Notice,
    /// 資格確認書.
    Certificate,
    /// Nothing.
    None,
    /// Nothing until a person has decided.
    Hold,
}

/// A rule of `expiry_notice` or `expiry_certificate`, without its `when`. Exactly one of the first six keys.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expiry {
    /// This day for everybody.
    pub fixed: Option<Spanned<Datetime>>,
    /// The next of these days of the year.
    pub anchors: Option<Spanned<Anchors>>,
    /// A number of years and months.
    pub period: Option<Spanned<Period>>,
    /// A day that returns every so many years.
    pub annual: Option<Spanned<Annual>>,
    /// `true`: the paper has no expiry. Notices only.
    pub none: Option<Spanned<bool>>,
    /// `true`: the source names no date; nothing is printed.
    pub unspecified: Option<Spanned<bool>>,
    /// With `none`: a cap gives the paper an expiry all the same. Default: false.
    pub caps_apply: Option<Spanned<bool>>,
    /// With `caps_apply`: only a cap on or before the next such day counts. Absent: every cap counts.
    pub caps_within: Option<Spanned<Annual>>,
    /// The code.
    pub reason: Spanned<String>,
    /// Publisher, date and place.
    pub src: Spanned<String>,
}

/// `anchors`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Anchors {
    /// Days of every year, such as `"06-01"`; at least one.
    pub month_day: Spanned<Vec<Spanned<String>>>,
    /// Whether the first day of validity may be the anchor itself.
    pub inclusive: bool,
}

/// `period`, counted from the first day of validity, which counts. Years and months add up.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// Years, from 1.
    pub years: Option<Spanned<u32>>,
    /// Months, from 1.
    pub months: Option<Spanned<u32>>,
    /// The whole-number field that holds the months; alone.
    pub months_from: Option<Spanned<String>>,
    /// How the end is cut back: `"month_end"`, to the last month end that is not after it, or a day of every year such
    /// as `"12-31"`, to the last such day that is not after it. Absent: it is not.
    pub floor: Option<Spanned<String>>,
}

/// `annual` and `caps_within`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Annual {
    /// A day of every year, such as `"07-31"`.
    pub month_day: Spanned<String>,
    /// Every how many years, from 1.
    pub cycle_years: Spanned<u16>,
    /// One of the years; needed where the cycle is longer than a year.
    pub epoch_year: Option<u16>,
}

/// `caps`: all that are true apply, the earliest wins. Default of each: false.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Caps {
    /// The end of the month in which 70 is attained.
    #[serde(default)]
    pub age70_month_end: bool,
    /// The eve of the 75th birthday.
    #[serde(default)]
    pub age75_prev_day: bool,
    /// The same day in the words of 日本私立学校振興・共済事業団.
    #[serde(default)]
    pub age75_as_printed: bool,
    /// The day after `residence_until`.
    #[serde(default)]
    pub residence_plus_one: bool,
    /// Beside `residence_plus_one`: while `residence_pending`, so many months from the day after `residence_until`
    /// instead, 1 to 12. Absent: an application changes nothing.
    pub residence_pending_months: Option<Spanned<u32>>,
    /// `student_until`.
    #[serde(default)]
    pub student_end: bool,
    /// `voluntary_until`.
    #[serde(default)]
    pub voluntary_end: bool,
    /// `disability_until`.
    #[serde(default)]
    pub disability_book: bool,
}

/// `last4` without its list `rule`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Last4 {
    /// Where the digits stand when they show. Default, where no ancestor says otherwise: both.
    pub place: Option<Place>,
    /// The papers that never carry them; `certificate` is always among them. Default, where no ancestor says
    /// otherwise: the certificate.
    pub never_on: Option<Spanned<Vec<Paper>>>,
}

/// `last4.place`.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// On the sheet, not on the slip.
    Body,
    /// On the slip only.
    Slip,
    /// On both.
    Both,
}

/// A word of `last4.never_on`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Paper {
    /// 資格情報のお知らせ.
    Notice,
    /// 資格確認書.
    Certificate,
}

/// A rule of `last4.rule`, without its `when`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Digits {
    /// Whether the digits show.
    pub show: bool,
    /// The code.
    pub reason: Spanned<String>,
    /// Publisher, date and place.
    pub src: Spanned<String>,
}
