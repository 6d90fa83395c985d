//! 郵便番号 and カスタマバーコード.

use crate::base::field::Field;
use crate::record::checks::Desk;
use crate::record::checks::insurer::is_digits;
use crate::record::problem::Code;

/// 7 digits of the post code and 13 characters of the address (日本郵便, バーコードに必要な文字情報, zipmanual).
const LONGEST_BARCODE: usize = 20;

pub(crate) fn check(desk: &mut Desk<'_>) {
    if desk.facts.text(Field::POSTAL_CODE).is_some_and(|text| !is_postal_code(text)) {
        let hint = "write NNN-NNNN or NNNNNNN in half-width digits";
        desk.error(Code::PostalCode, Field::POSTAL_CODE, "not seven digits", hint);
    }
    if desk.facts.text(Field::CUSTOMER_BARCODE).is_some_and(|text| !is_barcode(text)) {
        let hint = "write at most 20 characters of 0-9, A-Z and -, without start, stop and check digit";
        desk.error(Code::CustomerBarcode, Field::CUSTOMER_BARCODE, "not a customer barcode", hint);
    }
}

fn is_postal_code(text: &str) -> bool {
    match text.split_once('-') {
        Some((front, back)) => front.len() == 3 && back.len() == 4 && is_digits(front) && is_digits(back),
        None => text.len() == 7 && is_digits(text),
    }
}

fn is_barcode(text: &str) -> bool {
    text.len() <= LONGEST_BARCODE
        && text.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase() || byte == b'-')
}
