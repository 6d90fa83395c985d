//! Packs made for a test, one for each certificate of `templates/base`, and records for them.

#![allow(dead_code, reason = "each test file uses its part of this")]

use std::fs;
use std::path::Path;

use serde_json::{Map, Value, json};
use shikaku::engine::{Engine, Input, OpenOptions, Options, Summary};
use shikaku::record::reader::Format;

use crate::product;
use crate::reader::{self, Page};

/// A certificate of `templates/base` with what an insurer adds to it.
pub struct Family {
    /// The name of its templates.
    pub template: &'static str,
    policy: &'static str,
    number: &'static str,
    insurer: &'static str,
}

/// The certificates on A4.
pub const FAMILIES: [Family; 4] = [
    Family { template: "certificate", policy: "meltec-a", number: "06139992", insurer: "見本健康保険組合" },
    Family { template: "certificate-cut", policy: "meltec-a", number: "06139992", insurer: "見本健康保険組合" },
    Family { template: "certificate-kokuho", policy: "kokuho-annual", number: "139998", insurer: "見本市" },
    Family {
        template: "certificate-kouki",
        policy: "kouki",
        number: "39139993",
        insurer: "見本県後期高齢者医療広域連合",
    },
];

impl Family {
    /// The certificates of this name.
    pub fn named(template: &str) -> &'static Family {
        FAMILIES.iter().find(|family| family.template == template).unwrap()
    }

    /// Whether its records are those of 国民健康保険.
    pub fn kokuho(&self) -> bool {
        self.template == "certificate-kokuho"
    }

    /// Whether its records are those of 後期高齢者医療.
    pub fn kouki(&self) -> bool {
        self.template == "certificate-kouki"
    }

    /// A pack beside a copy of `base`.
    pub fn engine(&self, folder: &Path) -> Engine {
        product::copy_of_pack(folder);
        let pack = folder.join("templates").join("trial");
        fs::create_dir(&pack).unwrap();
        fs::copy(format!("templates/{}/policy.toml", self.policy), pack.join("policy.toml")).unwrap();
        let Family { template, number, insurer, .. } = self;
        let file = format!(
            "inherit = \"base\"\nname = \"trial\"\n\
             [insurer]\nnumber = \"{number}\"\nplaceholder_number = true\nname = \"{insurer}\"\n\
             address = \"〒000-0000　東京都見本市見本町一丁目1番1号\"\nphone = \"00-0000-0000\"\n\
             [[document]]\ndocument = \"certificate\"\nsheet = \"A4\"\n\
             sides = [\"../base/{template}.toml\", \"../base/{template}-back.toml\"]\n"
        );
        fs::write(pack.join("pack.toml"), file).unwrap();
        let options = OpenOptions { fonts: Some("fonts".into()), ..OpenOptions::default() };
        Engine::open(&pack, &options).unwrap_or_else(|error| panic!("{template}: {error}"))
    }

    /// A record with nothing but what its paper needs.
    pub fn record(&self) -> Map<String, Value> {
        let mut record = members(json!({
            "record_id": "T1", "requested": "certificate", "issue_date": "2026-01-10", "myna": "no_card",
            "name": "見本　太郎", "name_kana": "ミホン　タロウ", "sex": "男", "birth_date": "1980-01-02",
            "member_kind": "本人", "acquired_on": "2010-04-01", "number": "345601", "sample": true,
        }));
        if self.kouki() {
            let own =
                json!({"number": "01234567", "birth_date": "1945-03-03", "ratio": "1割", "ratio_from": "2025-08-01"});
            record.extend(members(own));
        } else {
            record.extend(members(json!({"symbol": "12", "branch": "00"})));
        }
        record
    }

    /// A record with everything that a certificate may carry, names as long as they come.
    pub fn full_record(&self) -> Map<String, Value> {
        let mut record = self.record();
        record.extend(members(json!({
            "birth_date": "1954-04-01", "name": LONG, "name_kana": LONG, "postal_code": "0000000",
            "address": "北海道見本郡見本町字見本原野番外地一二三四番地の五　見本第二コーポラスみほん寮　一〇二号室",
            "address_mode": "front", "remarks_back": "この欄には、保険者が必要と認めた事項を記載します。",
            "ratio": "2割", "ratio_from": "2024-05-01", "ratio_until": "2026-07-31",
            "limit_category": "B05", "limit_from": "2025-08-01", "long_stay_from": "2025-10-01",
            "specific_disease": "A", "organ_donation": true,
        })));
        let own = match self.template {
            "certificate-kokuho" => json!({"household_head": LONG, "special_expense": true}),
            "certificate-kouki" => json!({"birth_date": "1945-03-03", "special_expense": true}),
            _ => json!({"member_kind": "家族", "insured_name": LONG, "branch": "02"}),
        };
        record.extend(members(own));
        record
    }
}

/// A name longer than most forms take.
pub const LONG: &str = "マリアテレサアレハンドラデロスアンヘレスゴンサレスフェルナンデス";

/// The members of a JSON object.
pub fn members(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

/// A record with some fields changed; null takes one away.
pub fn with(mut record: Map<String, Value>, changes: Value) -> Map<String, Value> {
    record.extend(members(changes));
    record.retain(|_, value| !value.is_null());
    record
}

/// The PDF of one record, which must print.
pub fn pdf(engine: &Engine, record: Map<String, Value>) -> Vec<u8> {
    let line = Value::Object(record).to_string();
    let mut pdf = Vec::new();
    let mut said = Vec::new();
    let options = Options { format: Format::JsonLines, ..Options::default() };
    let summary: Summary = engine
        .render(&Input::bytes(line.clone().into_bytes()), &mut pdf, &options, &mut |event| {
            said.push(format!("{event:?}"));
        })
        .unwrap_or_else(|error| panic!("{error}: {said:?}"));
    assert_eq!(summary.printed, 1, "{line}: {said:?}");
    pdf
}

/// What its pages show.
pub fn pages(engine: &Engine, record: Map<String, Value>) -> Vec<Page> {
    reader::pages(&pdf(engine, record))
}
