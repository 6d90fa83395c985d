//! The codes that hold in every policy, with their sources.

use std::borrow::Cow;

use crate::policy::decision::Reason;

macro_rules! built_in {
    ($($constant:ident = $source:literal;)*) => {
        $(#[doc = concat!("`", stringify!($constant), "`: ", $source, ".")]
        pub static $constant: Reason = Reason {
            code: Cow::Borrowed(stringify!($constant)),
            source: Cow::Borrowed($source),
            place: None,
        };)*

        static ALL: &[&Reason] = &[$(&$constant),*];
    };
}

built_in! {
BEFORE_SYSTEM_START = "横河電機健康保険組合, マイナ保険証について (令和6年10月), 制度改正後の受診方法: 資格確認書 exist from 2024-12-02; derived: none has an earlier issue date";
NO_RULE = "derived: no eligibility rule of the policy holds, so no paper is given";
NO_POLICY_VERSION = "derived: no version of the pack's policy serves the issue date, so no paper is given";
ERR_NO_EXPIRY_RULE = "横河電機健康保険組合, マイナ保険証について (令和6年10月), 資格確認書②: a certificate always has an expiry; derived: without a rule that holds it is refused";
ERR_OVER_5_YEARS = "厚生労働省 (2025-03-13; wic-net.com 19109/169): the insurer sets a term of at most five years";
ERR_EXPIRY_BEFORE_ISSUE = "derived: a paper that ends before its first day is never valid";
EXP_NONE_NOTICE = "横河電機健康保険組合, マイナ保険証について (令和6年10月), 資格情報のお知らせ②; カシオ健康保険組合 (令和6年11月), 交付物の表: a notice has no expiry";
WARN_EXPIRES_ON_ISSUE_DAY = "derived: valid for its issue day only, which a person should see";
CAP_AGE70_MONTH_END = "相模原市 (city.sagamihara, page 1007842): to the end of the month in which 70 is attained";
CAP_AGE75 = "相模原市 (city.sagamihara, page 1007842); 日本私立学校振興・共済事業団 (pmac.shigaku.go.jp, shohaishi_02): to the eve of the 75th birthday";
CAP_RESIDENCE = "相模原市 (city.sagamihara, page 1007842): to the day after the end of the residence period";
CAP_RESIDENCE_PENDING = "中野区 (FAQ 976140002) and 港区 (2025-01-31, page 157272): two months more while an application for residence runs; derived: they count from the day after the end of the residence period";
CAP_STUDENT = "飯山市 (city.iiyama, kokuhoshikakusyorui): to the end of the special case for students";
CAP_VOLUNTARY_2Y = "日本私立学校振興・共済事業団 (pmac.shigaku.go.jp, shohaishi_02): to the end of the voluntary continuation";
CAP_DISABILITY_BOOK = "阿久比町 (town.agui, page 0000007589): to the date of the disability book";
L4_NEVER_ON_CERTIFICATE = "derived: no source prints the digits on a certificate";
L4_NEVER_ON_NOTICE = "derived: the policy never prints the digits on its notice";
L4_NOT_STATED = "derived: a source that does not say that the digits are printed must not cause them to be printed";
L4_NOT_REGISTERED = "協会けんぽ (office-mori.biz/9124-2): the form of the notice without digits; derived: there is nothing to print";
L4_UNVERIFIED = "健康保険組合連合会 (kenporen.com 240103_08): a number in doubt gets another form of notice";
}

/// The code of a reissue that needs an application which was not made; its source is that of the reissue table.
pub const REISSUE_APPLICATION_REQUIRED: &str = "REISSUE_APPLICATION_REQUIRED";

/// All of them that have their own source, that is without [`REISSUE_APPLICATION_REQUIRED`].
pub fn all() -> impl Iterator<Item = &'static Reason> {
    ALL.iter().copied()
}

/// Whether a rule of a policy may not use the code, because a run would take it for one of these.
/// `L4_NOT_STATED` is free: the base policy states it as its rule.
pub fn is_reserved(code: &str) -> bool {
    let taken = ALL.iter().any(|reason| reason.code == code && code != L4_NOT_STATED.code);
    taken
        || code == REISSUE_APPLICATION_REQUIRED
        || ["ERR_", "WARN_", "CAP_"].iter().any(|start| code.starts_with(start))
}
