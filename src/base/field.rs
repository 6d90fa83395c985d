//! The fields of a record: one table of names, Japanese labels and types.
//!
//! Source of the fields: the five published Q&As listed in `docs/sources.md`, and the national design
//! of the certificate (デジタル庁, 最終とりまとめ). What each field must hold is checked in
//! [`record`](crate::record).

use std::fmt;

/// A field of a record: one of the table below, or one that a pack declares for itself.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Field(u16);

/// The type of a field's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text as it came; never normalised.
    Text,
    /// A day.
    Date,
    /// Yes or no.
    Flag,
    /// A whole number from 0.
    Integer,
    /// One of these words.
    Choice(&'static [&'static str]),
}

/// What the table says of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Definition {
    /// The name in the input.
    pub name: &'static str,
    /// The Japanese label.
    pub label: &'static str,
    /// The type of its value.
    pub kind: Kind,
}

macro_rules! fields {
    ($($constant:ident = $name:literal, $label:literal, $kind:expr;)*) => {
        #[expect(non_camel_case_types, reason = "the enum only numbers the constants below")]
        #[expect(clippy::upper_case_acronyms, reason = "the enum only numbers the constants below")]
        enum Number { $($constant),* }

        impl Field {
            $(#[doc = concat!("`", $name, "`: ", $label, ".")]
            pub const $constant: Field = Field(Number::$constant as u16);)*
        }

        const DEFINITIONS: &[Definition] = &[
            $(Definition { name: $name, label: $label, kind: $kind }),*
        ];
    };
}

fields! {
RECORD_ID = "record_id", "レコードID", Kind::Text;
POLICY_ID = "policy_id", "適用ポリシー", Kind::Text;
REQUESTED = "requested", "要求帳票", Kind::Choice(&["notice", "certificate", "auto"]);
ISSUE_KIND = "issue_kind", "発行区分", Kind::Choice(&["campaign", "regular", "acquisition", "ratio_change", "name_change", "renewal", "reissue"]);
REISSUE_CAUSE = "reissue_cause", "再交付の事由", Kind::Choice(&["name_change", "ratio_change", "lost_or_damaged"]);
ISSUE_DATE = "issue_date", "交付年月日", Kind::Date;
VALID_FROM = "valid_from", "有効開始年月日", Kind::Date;
NAME = "name", "氏名", Kind::Text;
NAME_KANA = "name_kana", "フリガナ", Kind::Text;
NAME_ALIAS = "name_alias", "通称名", Kind::Text;
NAME_FORMER = "name_former", "旧姓", Kind::Text;
SEX = "sex", "性別", Kind::Choice(&["男", "女"]);
SEX_FRONT_MODE = "sex_front_mode", "性別の表面表示", Kind::Choice(&["print", "see_back", "blank"]);
BIRTH_DATE = "birth_date", "生年月日", Kind::Date;
MEMBER_KIND = "member_kind", "本人・家族の別", Kind::Choice(&["本人", "家族"]);
INSURED_NAME = "insured_name", "被保険者氏名", Kind::Text;
HOUSEHOLD_HEAD = "household_head", "世帯主氏名", Kind::Text;
ACQUIRED_ON = "acquired_on", "資格取得年月日", Kind::Date;
IN_EXTRACT = "in_extract", "通知対象データへの反映", Kind::Flag;
REGISTERED_ON = "registered_on", "健保組合登録日", Kind::Date;
LOST_ON = "lost_on", "資格喪失年月日", Kind::Date;
INSURER_NUMBER = "insurer_number", "保険者番号", Kind::Text;
INSURER_NAME = "insurer_name", "保険者名", Kind::Text;
INSURER_ADDRESS = "insurer_address", "保険者所在地", Kind::Text;
INSURER_PHONE = "insurer_phone", "保険者電話番号", Kind::Text;
EMPLOYER_NAME = "employer_name", "事業所名称", Kind::Text;
SYMBOL = "symbol", "記号", Kind::Text;
NUMBER = "number", "番号", Kind::Text;
BRANCH = "branch", "枝番", Kind::Text;
SYMBOL_DISPLAY = "symbol_display", "記号番号表示", Kind::Choice(&["stored", "significant"]);
RATIO = "ratio", "負担割合", Kind::Choice(&["1割", "2割", "3割", "法定負担割合のとおり"]);
RATIO_FROM = "ratio_from", "発効期日", Kind::Date;
RATIO_UNTIL = "ratio_until", "一部負担割合の有効期限", Kind::Date;
EXPIRY = "expiry", "有効期限", Kind::Date;
LIMIT_CATEGORY = "limit_category", "限度額適用区分", Kind::Text;
LIMIT_FROM = "limit_from", "限度区分発効期日", Kind::Date;
LONG_STAY_FROM = "long_stay_from", "長期入院該当年月日", Kind::Date;
SPECIFIC_DISEASE = "specific_disease", "特定疾病区分", Kind::Choice(&["A", "B", "C"]);
SPECIAL_EXPENSE = "special_expense", "特別療養費", Kind::Flag;
ADDRESS = "address", "住所", Kind::Text;
ADDRESS_MODE = "address_mode", "住所の印字", Kind::Choice(&["front", "back_blank", "none"]);
OVERSEAS = "overseas", "海外在住", Kind::Flag;
ORGAN_DONATION = "organ_donation", "臓器提供意思表示欄", Kind::Flag;
REMARKS_BACK = "remarks_back", "備考（裏面）", Kind::Text;
LAST4 = "last4", "個人番号の下4桁", Kind::Text;
LAST4_VERIFIED = "last4_verified", "番号突合済み", Kind::Flag;
MYNA = "myna", "マイナ保険証状態", Kind::Choice(&["usable", "no_card", "unregistered", "released", "cert_expired", "returned", "lost", "needs_assistance", "view_restricted", "unknown"]);
MYNA_AS_OF = "myna_as_of", "利用登録状況の基準日", Kind::Date;
HAS_OLD_CARD = "has_old_card", "有効な保険証の有無", Kind::Flag;
APPLIED = "applied", "交付申請の有無", Kind::Flag;
APPLICATION_REASON = "application_reason", "申請理由", Kind::Choice(&["facility", "pin_or_face", "card_reissue", "special", "just_in_case"]);
REVIEWED = "reviewed", "健保の審査", Kind::Flag;
PRIOR_ASSISTANCE = "prior_assistance", "要配慮者として交付済み", Kind::Flag;
VIEW_RESTRICTED = "view_restricted", "自己情報閲覧制限", Kind::Flag;
RESIDENCE_UNTIL = "residence_until", "在留期間満了日", Kind::Date;
RESIDENCE_PENDING = "residence_pending", "在留期間更新申請中", Kind::Flag;
STUDENT_UNTIL = "student_until", "修学特例終了日", Kind::Date;
VOLUNTARY_UNTIL = "voluntary_until", "任意継続満了日", Kind::Date;
DISABILITY_UNTIL = "disability_until", "障害認定（手帳）期限", Kind::Date;
PAPER_MONTHS = "paper_months", "紙交付の有効月数", Kind::Integer;
MEDIUM = "medium", "媒体", Kind::Choice(&["paper", "plastic"]);
SHEET = "sheet", "用紙", Kind::Choice(&["A4", "postcard", "card"]);
POSTAL_CODE = "postal_code", "郵便番号", Kind::Text;
CUSTOMER_BARCODE = "customer_barcode", "カスタマバーコード", Kind::Text;
ENCLOSURE_GROUP = "enclosure_group", "封入グループ", Kind::Text;
PULL_FLAG = "pull_flag", "引抜き", Kind::Flag;
SEQUENCE = "sequence", "通番", Kind::Integer;
SAMPLE = "sample", "見本フラグ", Kind::Flag;}

impl Field {
    /// The fields that every record knows, in the order of the table.
    pub fn all() -> impl Iterator<Item = Field> {
        (0..DEFINITIONS.len() as u16).map(Field)
    }

    /// The place of the field in a record's cells.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

impl fmt::Debug for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match DEFINITIONS.get(self.index()) {
            Some(definition) => f.write_str(definition.name),
            None => write!(f, "extra field {}", self.index() - DEFINITIONS.len()),
        }
    }
}

/// A field that a pack declares for itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extra {
    /// The name in the input.
    pub name: String,
    /// The Japanese label.
    pub label: String,
    /// The type of its value; never a choice.
    pub kind: Kind,
}

/// All fields that a pack knows: the table's and its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields {
    extra: Vec<Extra>,
}

impl Fields {
    /// The table's fields and these.
    pub fn new(extra: Vec<Extra>) -> Fields {
        Fields { extra }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        DEFINITIONS.len() + self.extra.len()
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = Field> {
        (0..self.count() as u16).map(Field)
    }

    /// The field of that name; `None` when there is none.
    pub fn find(&self, name: &str) -> Option<Field> {
        self.iter().find(|field| self.name(*field) == name)
    }

    /// The name in the input.
    pub fn name(&self, field: Field) -> &str {
        self.look(field, |definition| definition.name, |extra| &extra.name)
    }

    /// The Japanese label.
    pub fn label(&self, field: Field) -> &str {
        self.look(field, |definition| definition.label, |extra| &extra.label)
    }

    /// The type of the field's value.
    pub fn kind(&self, field: Field) -> Kind {
        match DEFINITIONS.get(field.index()) {
            Some(definition) => definition.kind,
            None => self.extra.get(field.index() - DEFINITIONS.len()).map_or(Kind::Text, |extra| extra.kind),
        }
    }

    /// `name` is the field's name and `label` its Japanese label, as messages show them: `氏名 (name)`.
    pub fn title(&self, field: Field) -> String {
        format!("{} ({})", self.label(field), self.name(field))
    }

    fn look<'a>(
        &'a self,
        field: Field,
        known: impl Fn(&'static Definition) -> &'static str,
        own: impl Fn(&'a Extra) -> &'a str,
    ) -> &'a str {
        match DEFINITIONS.get(field.index()) {
            Some(definition) => known(definition),
            None => self.extra.get(field.index() - DEFINITIONS.len()).map_or("", own),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_found() {
        let fields = Fields::new(vec![Extra { name: "section".into(), label: "所属".into(), kind: Kind::Text }]);
        for field in fields.iter() {
            assert_eq!(fields.find(fields.name(field)), Some(field));
        }
        assert_eq!(fields.find("name"), Some(Field::NAME));
        assert_eq!(fields.label(Field::LAST4), "個人番号の下4桁");
        let own = fields.find("section").unwrap();
        assert_eq!((fields.label(own), own.index()), ("所属", fields.count() - 1));
    }
}
