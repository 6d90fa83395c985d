//! 記号, 番号, 枝番, フリガナ, 本人・家族.

use crate::base::field::Field;
use crate::record::checks::Desk;
use crate::record::checks::insurer::Insurer;
use crate::record::checks::insurer::is_digits;
use crate::record::problem::Code;

pub(crate) fn check(desk: &mut Desk<'_>, insurer: Option<Insurer>) {
    numbers(desk, insurer);
    branch(desk);
    kana(desk);
    let dependant = desk.facts.text(Field::MEMBER_KIND) == Some("家族");
    let of_household = matches!(insurer, Some(Insurer::Kokuho | Insurer::Kouki));
    if dependant && !of_household && !desk.facts.has(Field::INSURED_NAME) {
        desk.missing(Field::INSURED_NAME, Field::MEMBER_KIND);
    }
}

fn numbers(desk: &mut Desk<'_>, insurer: Option<Insurer>) {
    match insurer {
        Some(Insurer::KenkoHoken) => {
            for field in [Field::SYMBOL, Field::NUMBER] {
                if desk.facts.text(field).is_some_and(|text| !is_digits(text)) {
                    desk.error(
                        Code::NotDigits,
                        field,
                        "not digits only",
                        "write half-width digits, leading zeros kept",
                    );
                }
            }
        }
        Some(Insurer::Kouki) => {
            for field in [Field::SYMBOL, Field::BRANCH] {
                if desk.facts.has(field) {
                    desk.error(Code::NotForKouki, field, "後期高齢者医療 has none", "leave the field empty");
                }
            }
            if desk.facts.text(Field::NUMBER).is_some_and(|text| text.len() != 8 || !is_digits(text)) {
                desk.error(Code::NumberForm, Field::NUMBER, "not 8 digits", "write the 8 half-width digits");
            }
        }
        Some(Insurer::Kokuho | Insurer::Other) | None => {}
    }
}

fn branch(desk: &mut Desk<'_>) {
    if desk.facts.text(Field::BRANCH).is_some_and(|text| text.len() != 2 || !is_digits(text)) {
        desk.error(Code::BranchForm, Field::BRANCH, "not two digits", "write two half-width digits, 00 for example");
    }
}

fn kana(desk: &mut Desk<'_>) {
    let Some(text) = desk.facts.text(Field::NAME_KANA) else { return };
    if let Some(place) = text.chars().position(|character| !is_kana(character)) {
        let message = format!("character {} is not katakana", place + 1);
        desk.error(Code::KanaForm, Field::NAME_KANA, &message, "write katakana, ー, ・ and spaces only");
    }
}

/// Katakana full- and half-width, their marks, middle dots, spaces.
fn is_kana(character: char) -> bool {
    matches!(
        character,
        '\u{30a1}'..='\u{30fe}' | '\u{31f0}'..='\u{31ff}' | '\u{ff65}'..='\u{ff9f}' | ' ' | '\u{3000}'
    )
}
