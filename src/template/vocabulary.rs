//! The closed lists of the template language, and the names that a pack adds to it.
//!
//! The guide and `shikaku schema` print these tables; the reader reads by them.

use std::collections::BTreeSet;

use crate::base::diagnostic::nearest;
use crate::base::field::Field;
use crate::base::field::Fields;
use crate::base::field::Kind;
use crate::base::geometry::Size;
use crate::base::length::Length;
use crate::template::code::JobValue;
use crate::template::model::Condition;
use crate::template::model::Format;
use crate::template::model::Test;

/// The names that a pack gives to a template.
#[derive(Clone, Copy, Debug)]
pub struct Vocabulary<'a> {
    /// All fields of a record.
    pub fields: &'a Fields,
    /// The names of the pack's `[text]`.
    pub texts: &'a BTreeSet<String>,
    /// The names of the pack's chains of fonts.
    pub chains: &'a BTreeSet<String>,
}

/// What a format can be put behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fits {
    /// All fields but flags.
    Values,
    /// Dates.
    Dates,
    /// 記号 and 番号.
    Symbols,
    /// 記号, 番号 and text fields that a pack declares.
    Numbers,
    /// 郵便番号 and text fields that a pack declares.
    PostalCodes,
    /// The last four digits.
    LastFour,
    /// Text, words and numbers, but not the last four digits.
    Words,
    /// 氏名 and 性別.
    Registered,
}

/// A row of the table of formats.
#[derive(Clone, Copy, Debug)]
pub struct FormatEntry {
    /// As written behind the `|`.
    pub name: &'static str,
    /// What it is in the model.
    pub format: Format,
    /// What it does.
    pub meaning: &'static str,
    /// What it can be put behind.
    pub fits: Fits,
    /// What comes out.
    pub example: &'static str,
}

/// A row of the table of conditions.
#[derive(Clone, Copy, Debug)]
pub struct ConditionEntry {
    /// As written in `when`.
    pub name: &'static str,
    /// What it is in the model; `None` for `has:FIELD`, which names a field.
    pub condition: Option<Condition>,
    /// When it holds.
    pub meaning: &'static str,
}

/// A row of the table of what a job puts in.
#[derive(Clone, Copy, Debug)]
pub struct JobEntry {
    /// As written behind `job.`.
    pub name: &'static str,
    /// What it is in the model.
    pub value: JobValue,
    /// What it says.
    pub meaning: &'static str,
    /// What comes out.
    pub example: &'static str,
}

/// A row of the table of papers.
#[derive(Clone, Copy, Debug)]
pub struct SheetEntry {
    /// As written in `sheet`.
    pub name: &'static str,
    /// Its size.
    pub size: Size,
    /// Where the size comes from.
    pub meaning: &'static str,
}

/// The formats of placeholders.
pub const FORMATS: &[FormatEntry] = &[
    format(
        "plain",
        Format::Plain,
        "as the record has it; dates as `wareki`; what no format means",
        Fits::Values,
        "令和7年12月1日",
    ),
    format("wareki", Format::Wareki, "和暦 in kanji", Fits::Dates, "令和7年12月1日"),
    format(
        "wareki-padded",
        Format::WarekiPadded,
        "和暦 in kanji, a space where a digit is missing",
        Fits::Dates,
        "令和 7年12月 1日",
    ),
    format("wareki-short", Format::WarekiShort, "和暦 with the letter of the era", Fits::Dates, "R7.12.1"),
    format("wareki-compact", Format::WarekiCompact, "和暦 as a letter and six digits", Fits::Dates, "R071201"),
    format("iso", Format::Iso, "year, month and day of the western calendar", Fits::Dates, "2025-12-01"),
    format("compact", Format::Compact, "the same in eight digits", Fits::Dates, "20251201"),
    format(
        "symbol",
        Format::Symbol,
        "as the record's `symbol_display` says: `stored` or `significant`",
        Fits::Symbols,
        "0123",
    ),
    format("significant", Format::Significant, "without leading zeros", Fits::Numbers, "123"),
    format("postal", Format::Postal, "with the hyphen of a postcode", Fits::PostalCodes, "180-8750"),
    format("postal-area", Format::PostalArea, "its first three digits", Fits::PostalCodes, "180"),
    format("postal-town", Format::PostalTown, "its last four digits", Fits::PostalCodes, "8750"),
    format(
        "masked",
        Format::Masked,
        "the last four digits behind eight stars",
        Fits::LastFour,
        "＊＊＊＊　＊＊＊＊　1234",
    ),
    format("wide", Format::Wide, "ASCII digits, letters and signs in full width", Fits::Words, "１２３"),
    format(
        "registered",
        Format::Registered,
        "as registered, where a front shows 通称名, 旧姓 or 裏面参照",
        Fits::Registered,
        "見本　太郎",
    ),
];

/// The conditions of `when`.
pub const CONDITIONS: &[ConditionEntry] = &[
    condition("notice", Condition::Notice, "the paper is a 資格情報のお知らせ"),
    condition("certificate", Condition::Certificate, "the paper is a 資格確認書"),
    condition("insured", Condition::Insured, "the person is 本人（被保険者）"),
    condition("dependant", Condition::Dependant, "the person is 家族（被扶養者）"),
    condition("digits-shown", Condition::DigitsShown, "the last four digits are printed somewhere"),
    condition("digits-in-body", Condition::DigitsInBody, "they are printed on the sheet outside the slip"),
    condition("digits-on-slip", Condition::DigitsOnSlip, "they are printed on the slip"),
    ConditionEntry { name: "has:FIELD", condition: None, meaning: "the record has the field of that name" },
    condition("over-70", Condition::Over70, "70 is attained on the first day of validity"),
    condition("sample", Condition::Sample, "the record is a 見本"),
    condition("see-back", Condition::SeeBack, "the front says 裏面参照 instead of the sex"),
    condition(
        "address-front",
        Condition::AddressFront,
        "`address_mode` says that the paper prints 住所, and `view_restricted` does not forbid it",
    ),
    condition("address-back", Condition::AddressBack, "`address_mode` says that the back has a field for 住所"),
    condition("plastic", Condition::Plastic, "the medium is plastic"),
    condition("paper", Condition::Paper, "the medium is paper"),
    condition("expires", Condition::Expires, "the paper carries a 有効期限"),
    condition("special-expense", Condition::SpecialExpense, "the record says that 特別療養費 is paid"),
    condition("protected", Condition::Protected, "the record says 自己情報閲覧制限: the address is printed nowhere"),
    condition("starts-later", Condition::StartsLater, "the paper is valid from a later day than 交付年月日 on"),
    condition("organ-donation", Condition::OrganDonation, "the record does not say no to the column for 臓器提供"),
];

/// What a job puts into its imprints.
pub const JOB: &[JobEntry] = &[
    job("id", JobValue::Id, "the name of the job: `A` to `Z`, digits and `-`, 12 at most", "K26-03"),
    job("sequence", JobValue::Sequence(None), "the number of the record in the run, from 1", "4711"),
    job("page", JobValue::Page(None), "the number of the page among those of the record, from 1", "1"),
    job("pages", JobValue::Pages(None), "how many pages the record has", "2"),
    job(
        "group_end",
        JobValue::GroupEnd,
        "`1` on the last record of an enclosure group (封入グループ) and on one without a group, `0` on the others",
        "1",
    ),
];

/// The papers that have a name.
pub const SHEETS: &[SheetEntry] = &[
    sheet("A4", 210, 297, "ISO 216"),
    sheet("A4-landscape", 297, 210, "ISO 216"),
    sheet("B5", 182, 257, "JIS P 0138"),
    sheet("postcard", 100, 148, "通常はがき"),
    SheetEntry {
        name: "card",
        size: Size { width: Length::units(85_600 * 360), height: Length::units(53_980 * 360) },
        meaning: "ISO/IEC 7810 ID-1",
    },
];

/// The units: as written, and what one is.
pub const UNITS: &[[&str; 3]] = &[
    ["`mm`", "a millimetre", "`\"12.5mm\"`"],
    ["`pt`", "a 72nd of an inch", "`\"9pt\"`"],
    ["`Q`", "a quarter of a millimetre (級)", "`\"13Q\"`"],
    ["`em`", "the size of the style; only in `tracking`, `indent` and `hang`", "`\"1em\"`"],
    ["`%`", "a hundredth: tints, `fit`, `grow` and `mixed_space`", "`\"8%\"`"],
];

const fn format(
    name: &'static str,
    format: Format,
    meaning: &'static str,
    fits: Fits,
    example: &'static str,
) -> FormatEntry {
    FormatEntry { name, format, meaning, fits, example }
}

const fn condition(name: &'static str, condition: Condition, meaning: &'static str) -> ConditionEntry {
    ConditionEntry { name, condition: Some(condition), meaning }
}

const fn job(name: &'static str, value: JobValue, meaning: &'static str, example: &'static str) -> JobEntry {
    JobEntry { name, value, meaning, example }
}

const fn sheet(name: &'static str, width: i64, height: i64, meaning: &'static str) -> SheetEntry {
    SheetEntry { name, size: Size { width: Length::mm(width), height: Length::mm(height) }, meaning }
}

impl Fits {
    /// What it can be put behind, in words.
    pub fn describe(self) -> &'static str {
        match self {
            Fits::Values => "every field but flags",
            Fits::Dates => "dates",
            Fits::Symbols => "`symbol`, `number`",
            Fits::Numbers => "`symbol`, `number`, text fields of the pack",
            Fits::PostalCodes => "`postal_code`, text fields of the pack",
            Fits::LastFour => "`last4`",
            Fits::Words => "text, words and numbers, not `last4`",
            Fits::Registered => "`name`, `sex`",
        }
    }

    /// Whether a format with this reach can be put behind a field.
    pub fn includes(self, fields: &Fields, field: Field) -> bool {
        let kind = fields.kind(field);
        let own_text = Field::all().all(|known| known != field) && kind == Kind::Text;
        let symbol = field == Field::SYMBOL || field == Field::NUMBER;
        match self {
            Fits::Values => kind != Kind::Flag,
            Fits::Dates => kind == Kind::Date,
            Fits::Symbols => symbol,
            Fits::Numbers => symbol || own_text,
            Fits::PostalCodes => field == Field::POSTAL_CODE || own_text,
            Fits::LastFour => field == Field::LAST4,
            Fits::Registered => field == Field::NAME || field == Field::SEX,
            Fits::Words => field != Field::LAST4 && matches!(kind, Kind::Text | Kind::Choice(_) | Kind::Integer),
        }
    }
}

/// The table of formats: name, meaning, what it fits, example.
pub fn format_rows() -> Vec<[String; 4]> {
    let row = |entry: &FormatEntry| {
        [format!("`{}`", entry.name), entry.meaning.into(), entry.fits.describe().into(), entry.example.into()]
    };
    FORMATS.iter().map(row).collect()
}

/// The table of conditions: name, meaning.
pub fn condition_rows() -> Vec<[String; 2]> {
    CONDITIONS.iter().map(|entry| [format!("`{}`", entry.name), entry.meaning.into()]).collect()
}

/// The table of what a job puts in: name, meaning, example.
pub fn job_rows() -> Vec<[String; 3]> {
    JOB.iter().map(|entry| [format!("`job.{}`", entry.name), entry.meaning.into(), entry.example.into()]).collect()
}

/// The table of papers: name, width × height, source.
pub fn sheet_rows() -> Vec<[String; 3]> {
    let row = |entry: &SheetEntry| {
        let size = format!("{} × {}", entry.size.width, entry.size.height);
        [format!("`{}`", entry.name), size, entry.meaning.into()]
    };
    SHEETS.iter().map(row).collect()
}

/// The table of units: name, meaning, example.
pub fn unit_rows() -> Vec<[String; 3]> {
    UNITS.iter().map(|row| row.map(String::from)).collect()
}

/// Reads a condition of `when`.
///
/// # Errors
/// What is wrong, and a hint.
pub fn read_test(word: &str, fields: &Fields) -> Result<Test, (String, Option<String>)> {
    let (negated, name) = match word.strip_prefix("not:") {
        Some(rest) => (true, rest),
        None => (false, word),
    };
    if let Some(field) = name.strip_prefix("has:") {
        return match fields.find(field) {
            Some(field) => Ok(Test { condition: Condition::Has(field), negated }),
            None => Err(unknown_field(field, fields)),
        };
    }
    let found = CONDITIONS.iter().find(|entry| entry.name == name).and_then(|entry| entry.condition);
    found.map(|condition| Test { condition, negated }).ok_or_else(|| {
        let names = || CONDITIONS.iter().map(|entry| entry.name);
        let hint = match nearest(name, names()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the conditions are {}", names().collect::<Vec<_>>().join(", ")),
        };
        (format!("unknown condition `{name}`"), Some(hint))
    })
}

/// What to say when no field has a name; the hint knows Japanese labels too.
pub fn unknown_field(name: &str, fields: &Fields) -> (String, Option<String>) {
    let labelled = fields.iter().find(|field| fields.label(*field) == name).map(|field| fields.name(field));
    let near = || nearest(name, fields.iter().map(|field| fields.name(field)));
    let near_label = || {
        let label = nearest(name, fields.iter().map(|field| fields.label(field)))?;
        fields.iter().find(|field| fields.label(*field) == label).map(|field| fields.name(field))
    };
    let hint = match (labelled, near().or_else(near_label)) {
        (Some(field), _) => Some(format!("fields go by their names: write `{field}`")),
        (None, Some(field)) => Some(format!("did you mean `{field}`?")),
        (None, None) => Some("`shikaku schema` lists the fields".to_owned()),
    };
    (format!("unknown field `{name}`"), hint)
}

/// Whether all of these can hold together: nothing and its opposite, no two papers, persons or media
/// at once, no digits in a place without digits at all.
pub fn can_hold(tests: &[Test]) -> bool {
    let holds = |condition, negated| tests.contains(&Test { condition, negated });
    let both = |left, right, negated| holds(left, negated) && holds(right, negated);
    let opposite = tests.iter().any(|test| holds(test.condition, !test.negated));
    let exclusive = both(Condition::Notice, Condition::Certificate, false)
        || both(Condition::Notice, Condition::Certificate, true)
        || both(Condition::Insured, Condition::Dependant, false)
        || both(Condition::AddressFront, Condition::AddressBack, false)
        || both(Condition::Plastic, Condition::Paper, false)
        || both(Condition::Plastic, Condition::Paper, true);
    let somewhere = holds(Condition::DigitsInBody, false) || holds(Condition::DigitsOnSlip, false);
    let nowhere = both(Condition::DigitsInBody, Condition::DigitsOnSlip, true);
    let digits =
        (somewhere && holds(Condition::DigitsShown, true)) || (nowhere && holds(Condition::DigitsShown, false));
    !(opposite || exclusive || digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tests(words: &[&str]) -> Vec<Test> {
        words.iter().map(|word| read_test(word, &Fields::default()).unwrap()).collect()
    }

    #[test]
    fn conditions_are_read_with_their_opposite() {
        assert_eq!(
            tests(&["not:has:name_kana"]),
            [Test { condition: Condition::Has(Field::NAME_KANA), negated: true }]
        );
        let wrong = read_test("not:digit-in-body", &Fields::default()).unwrap_err();
        assert_eq!(wrong.1.as_deref(), Some("did you mean `digits-in-body`?"));
        assert!(read_test("has:FIELD", &Fields::default()).is_err());
    }

    #[test]
    fn what_cannot_hold_is_known() {
        for words in [
            &["sample", "not:sample"][..],
            &["notice", "certificate"],
            &["not:paper", "not:plastic"],
            &["digits-on-slip", "not:digits-shown"],
            &["digits-shown", "not:digits-in-body", "not:digits-on-slip"],
        ] {
            assert!(!can_hold(&tests(words)), "{words:?}");
        }
        assert!(can_hold(&tests(&["notice", "insured", "digits-shown", "not:digits-on-slip"])));
    }

    #[test]
    fn formats_and_fields_agree() {
        let fields = Fields::default();
        for entry in FORMATS {
            assert!(fields.iter().any(|field| entry.fits.includes(&fields, field)), "{} fits nothing", entry.name);
            if entry.fits.includes(&fields, Field::LAST4) {
                assert!(matches!(entry.format, Format::Plain | Format::Masked), "{} on last4", entry.name);
            }
            assert!(!entry.fits.includes(&fields, Field::SAMPLE), "{} on a flag", entry.name);
        }
    }
}
