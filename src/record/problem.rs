//! What is wrong with a record.

use crate::base::field::Field;
use crate::base::field::Fields;

macro_rules! codes {
    ($($variant:ident = $code:literal, $meaning:literal;)*) => {
        /// Why a record is rejected or warned of, for programs. A word is never given a new meaning.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = concat!("`", $code, "`: ", $meaning, ".")] $variant,)*
        }

        impl Code {
            /// Every code, in the order of the list.
            pub const ALL: &'static [Code] = &[$(Code::$variant),*];

            /// The code as reports carry it.
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$variant => $code),* }
            }

            /// What it means, for the list of codes.
            pub fn meaning(self) -> &'static str {
                match self { $(Code::$variant => $meaning),* }
            }
        }
    };
}

codes! {
UnclosedQuote = "UNCLOSED_QUOTE", "a quoted CSV field has no end";
TextAfterQuote = "TEXT_AFTER_QUOTE", "text follows the closing quote of a CSV field";
TooLong = "RECORD_TOO_LONG", "a record is longer than any real one";
ColumnCount = "COLUMN_COUNT", "a CSV row has more or fewer cells than the header";
EmptyRecord = "EMPTY_RECORD", "every cell of a row is empty";
Encoding = "ENCODING", "the bytes are not text in the encoding of the file";
NotJson = "NOT_JSON", "a line is not a JSON object";
RepeatedField = "REPEATED_FIELD", "a JSON object has a field twice";
WrongType = "WRONG_TYPE", "a JSON value has another type than its field";
NotADate = "NOT_A_DATE", "a date is in no known form";
NoSuchDay = "NO_SUCH_DAY", "a date does not exist";
OutsideEra = "OUTSIDE_ERA", "a date lies outside the era that it names";
Lunisolar = "LUNISOLAR_DATE", "an era date before 1873";
NotAFlag = "NOT_A_FLAG", "a yes or no is written in another way";
NotAnInteger = "NOT_AN_INTEGER", "a whole number is written in another way";
NotAChoice = "NOT_A_CHOICE", "a word is none of those that the field takes";
TwelveDigits = "TWELVE_DIGITS", "a value may be a whole My Number (個人番号)";
Last4Form = "LAST4_FORM", "the last four digits are not four digits";
ReplacementCharacter = "REPLACEMENT_CHARACTER", "a character was lost before the record arrived";
ControlCharacter = "CONTROL_CHARACTER", "a control, direction or invisible character, or no character at all";
DiffersFromPack = "DIFFERS_FROM_PACK", "the record contradicts a fixed value of the pack";
Missing = "MISSING_FIELD", "a field that another value requires is absent";
InsurerNumberForm = "INSURER_NUMBER_FORM", "the insurer number has neither 8 nor 6 digits";
InsurerCheckDigit = "INSURER_CHECK_DIGIT", "the check digit of the insurer number is wrong";
InsurerUnassigned = "INSURER_NUMBER_UNASSIGNED", "the insurer number begins with a 法別番号 or 都道府県番号 that is not assigned";
NotDigits = "NOT_DIGITS", "記号 or 番号 of a 健康保険 has other characters than digits";
BranchForm = "BRANCH_FORM", "枝番 is not two digits";
NumberForm = "NUMBER_FORM", "被保険者番号 of 後期高齢者医療 has not 8 digits";
NotForKouki = "NOT_FOR_KOUKI", "後期高齢者医療 has no 記号 and no 枝番";
KanaForm = "KANA_FORM", "フリガナ has other characters than katakana";
BirthTooEarly = "BIRTH_TOO_EARLY", "born before 1873-01-01";
BirthAfterIssue = "BIRTH_AFTER_ISSUE", "born after the issue date";
StartBeforeIssue = "START_BEFORE_ISSUE", "valid before the issue date";
AcquiredBeforeBirth = "ACQUIRED_BEFORE_BIRTH", "insured before birth";
LostBeforeIssue = "LOST_BEFORE_ISSUE", "資格 was lost before the issue date";
RatioForAge = "RATIO_FOR_AGE", "負担割合 does not go with the age";
RatioForInsurer = "RATIO_FOR_INSURER", "1割 is a ratio of 後期高齢者医療 only";
LimitCategory = "LIMIT_CATEGORY", "limit_category looks like a code, but is none";
LongStayCategory = "LONG_STAY_CATEGORY", "長期入院 goes with 区分Ⅱ only";
PaperMonths = "PAPER_MONTHS", "a paper is valid for at least one month";
PostalCode = "POSTAL_CODE", "郵便番号 is not NNN-NNNN or NNNNNNN";
CustomerBarcode = "CUSTOMER_BARCODE", "カスタマバーコード has more than 20 characters or one outside 0-9 A-Z -";
ReissueCause = "REISSUE_CAUSE", "a cause of reissue without a reissue";
ViewRestricted = "VIEW_RESTRICTED", "view_restricted and myna contradict each other";
RepeatedRecordId = "REPEATED_RECORD_ID", "two records of a run have the same record_id";
}

/// One finding on a record. Holds no value of the record, except code points where the character
/// itself is the fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What kind of problem, for programs.
    pub code: Code,
    /// The field; `None` for the record as a whole or for a column that no field takes.
    pub field: Option<Field>,
    /// What is wrong, one sentence that names the field.
    pub message: String,
    /// What to do next.
    pub hint: Option<&'static str>,
    /// The characters that are the fault, by code point; empty for every other fault.
    pub codepoints: Vec<char>,
}

impl Problem {
    /// A problem of the record as a whole.
    pub fn whole(code: Code, message: impl Into<String>) -> Problem {
        Problem { code, field: None, message: message.into(), hint: None, codepoints: Vec::new() }
    }

    /// A problem of a field; the message begins with the field's title.
    pub fn of(code: Code, field: Field, fields: &Fields, message: &str) -> Problem {
        let message = format!("{}: {message}", fields.title(field));
        Problem { field: Some(field), ..Problem::whole(code, message) }
    }

    /// The same with a hint.
    pub fn hint(mut self, hint: &'static str) -> Problem {
        self.hint = Some(hint);
        self
    }
}

/// A record that is not used, with all that is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// Number of the data record in the file, from 1.
    pub row: u64,
    /// Line of the file on which the record starts, from 1.
    pub line: u64,
    /// Its `record_id`; `None` when it has none, or when what stands there cannot be relied on or
    /// may be a My Number.
    pub record_id: Option<String>,
    /// Its `enclosure_group`, as far as it could be read: the others of the group should know.
    pub group: Option<String>,
    /// All problems, in the order in which they were found; never empty.
    pub problems: Vec<Problem>,
}

/// What a person should look at, beside a record that is good.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Warnings {
    /// Findings that do not stop the record.
    pub problems: Vec<Problem>,
    /// Names in the record that no field takes (JSON Lines only; the columns of a CSV file are known
    /// from its header). Report each once per run.
    pub unknown: Vec<String>,
}

/// What was found on a record so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// These reject the record.
    pub errors: Vec<Problem>,
    /// These do not.
    pub warnings: Vec<Problem>,
}

impl Findings {
    /// Adds an error, unless it says that a field is missing of which the value was refused.
    pub fn error(&mut self, problem: Problem) {
        let refused = problem.code == Code::Missing && self.errors.iter().any(|known| known.field == problem.field);
        if !refused {
            self.errors.push(problem);
        }
    }

    /// Adds a warning.
    pub fn warning(&mut self, problem: Problem) {
        self.warnings.push(problem);
    }
}
