//! 保険者番号 and what it says about the insurer.

use crate::base::field::Field;
use crate::record::checks::Desk;
use crate::record::problem::Code;
use crate::record::problem::Problem;

/// The kind of insurer that a 法別番号 tells, as far as the checks need it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Insurer {
    /// 健康保険法: 協会けんぽ (01), 日雇 (03, 04), 健康保険組合 (06, 63).
    KenkoHoken,
    /// 国民健康保険: six digits, or 67 for its former 退職者.
    Kokuho,
    /// 後期高齢者医療 (39).
    Kouki,
    /// 船員保険 (02), 自衛官等 (07), 共済組合 (31 to 34, 72 to 75): their 記号 may have letters.
    Other,
}

/// The digits of an insurer number: 8, or 6 for 国保 with the padding (two spaces or `00`) taken off;
/// `None` for anything else. The text of the record stays as it is.
pub fn digits(text: &str) -> Option<&str> {
    let six = |text: &str| text.len() == 6 && is_digits(text);
    let unpadded = text
        .strip_prefix("  ")
        .or_else(|| text.strip_prefix("00").filter(|_| text.len() == 8))
        .or_else(|| text.strip_suffix("  "))
        .filter(|rest| six(rest));
    unpadded.or_else(|| (six(text) || text.len() == 8 && is_digits(text)).then_some(text))
}

/// Whether the last digit is the 検証番号 of the others: from the last of them to the left times 2, 1,
/// 2, 1, …, the digits of the products added up; the whole sum is a multiple of ten.
///
/// 保険者番号等の設定について, as explained on www5f.biglobe.ne.jp/~h-it (mc0124) and confirmed on numbers
/// that insurers publish.
pub fn check_digit_holds(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .zip([1, 2].into_iter().cycle())
        .map(|(digit, weight)| u32::from(digit.wrapping_sub(b'0')) * weight)
        .map(|product| product / 10 + product % 10)
        .sum();
    sum.is_multiple_of(10)
}

/// The kind of insurer; `None` where 法別番号 or 都道府県番号 (01 to 47) is not assigned.
///
/// 法別番号 as listed in the ORCA manual and medi-locus; 63 and 72 to 75 are 特例退職.
pub fn kind(digits: &str) -> Option<Insurer> {
    let (law, prefecture) = match digits.len() {
        6 => ("", digits.get(..2)?),
        _ => (digits.get(..2)?, digits.get(2..4)?),
    };
    if !("01"..="47").contains(&prefecture) {
        return None;
    }
    match law {
        "" | "67" => Some(Insurer::Kokuho),
        "01" | "03" | "04" | "06" | "63" => Some(Insurer::KenkoHoken),
        "39" => Some(Insurer::Kouki),
        "02" | "07" | "31" | "32" | "33" | "34" | "72" | "73" | "74" | "75" => Some(Insurer::Other),
        _ => None,
    }
}

pub(crate) fn check(desk: &mut Desk<'_>) -> Option<Insurer> {
    let text = desk.facts.text(Field::INSURER_NUMBER)?;
    let Some(digits) = digits(text) else {
        let hint = "write 8 digits, or 6 for 国保, half-width";
        desk.error(Code::InsurerNumberForm, Field::INSURER_NUMBER, "neither 8 nor 6 digits", hint);
        return None;
    };
    let kind = kind(digits);
    if !check_digit_holds(digits) {
        report(desk, Code::InsurerCheckDigit, "the check digit is wrong");
    }
    if kind.is_none() {
        report(desk, Code::InsurerUnassigned, "begins with a 法別番号 or 都道府県番号 that is not assigned");
    }
    kind
}

/// An error; in a sample, which often has an invented number, a warning.
fn report(desk: &mut Desk<'_>, code: Code, message: &str) {
    let problem = Problem::of(code, Field::INSURER_NUMBER, desk.fields, message);
    let problem = problem.hint("use the insurer's own number; invented ones are for records with sample = true");
    if desk.facts.flag(Field::SAMPLE) == Some(true) {
        desk.found.warning(problem);
    } else {
        desk.found.error(problem);
    }
}

/// Half-width digits and nothing else.
pub(crate) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits_follow_the_table() {
        let table = include_str!("../../../tests/data/insurer_check_digit.tsv");
        for line in table.lines().skip(1) {
            let cells: Vec<&str> = line.split('\t').collect();
            assert_eq!(check_digit_holds(cells[0]), cells[7] == "valid", "{line}");
            assert_eq!(check_digit_holds(digits(cells[0]).unwrap()), cells[7] == "valid", "{line}");
        }
        assert_eq!(table.lines().count(), 20);
    }

    #[test]
    fn padding_is_taken_off() {
        for (text, expected) in [
            ("138016", Some("138016")),
            ("00138016", Some("138016")),
            ("  138016", Some("138016")),
            ("138016  ", Some("138016")),
            ("06139992", Some("06139992")),
            (" 138016", None),
            ("13801", None),
            ("1380160", None),
            ("０６１３９９９２", None),
            ("0613-9992", None),
            ("00  8016", None),
        ] {
            assert_eq!(digits(text), expected, "{text}");
        }
    }

    #[test]
    fn unassigned_numbers_have_no_kind() {
        for (number, expected) in [
            ("06139992", Some(Insurer::KenkoHoken)),
            ("138016", Some(Insurer::Kokuho)),
            ("39129994", Some(Insurer::Kouki)),
            ("33120015", Some(Insurer::Other)),
            ("000000", None),
            ("05130019", None),
            ("06489992", None),
            ("06009992", None),
        ] {
            assert_eq!(kind(number), expected, "{number}");
        }
    }
}
