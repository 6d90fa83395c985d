//! `pack.toml`, key by key. Unknown keys are errors.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;
use toml::Spanned;
use toml::value::Datetime;

use crate::pack::gaiji::GaijiTable;

/// `pack.toml`.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(in crate::pack) struct PackFile {
    pub inherit: Option<Spanned<String>>,
    pub name: Option<Spanned<String>>,
    #[serde(default)]
    pub insurer: InsurerTable,
    #[serde(default)]
    pub fonts: FontTable,
    #[serde(default)]
    pub gaiji: GaijiTable,
    #[serde(default)]
    pub defaults: BTreeMap<Spanned<String>, Spanned<String>>,
    #[serde(default)]
    pub columns: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    pub text: BTreeMap<String, String>,
    #[serde(default)]
    pub field: BTreeMap<Spanned<String>, FieldTable>,
    pub document: Option<Vec<DocumentTable>>,
    pub policy: Option<Spanned<Vec<PolicyTable>>>,
}

/// `[insurer]`.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(in crate::pack) struct InsurerTable {
    pub number: Option<Spanned<String>>,
    pub placeholder_number: Option<bool>,
    pub name: Option<String>,
    pub address: Option<String>,
    pub phone: Option<String>,
}

/// `[fonts]`.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(in crate::pack) struct FontTable {
    pub folder: Option<String>,
    #[serde(default)]
    pub chain: BTreeMap<String, Vec<Spanned<String>>>,
}

/// `[field.NAME]`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::pack) struct FieldTable {
    pub label: String,
    #[serde(rename = "type")]
    pub kind: FieldKind,
}

/// `type`.
#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
pub(in crate::pack) enum FieldKind {
    Text,
    Date,
    Flag,
    Integer,
}

/// An entry of `[[document]]`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::pack) struct DocumentTable {
    pub document: DocumentKind,
    pub sheet: Spanned<String>,
    pub medium: Option<Spanned<String>>,
    /// Read by `of_entries`, which keeps the places.
    #[serde(default, rename = "when")]
    _when: IgnoredAny,
    pub sides: Vec<Spanned<String>>,
}

/// `document`.
#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
pub(in crate::pack) enum DocumentKind {
    Notice,
    Certificate,
}

/// An entry of `[[policy]]`: a version of the policy and the issue dates that it serves.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::pack) struct PolicyTable {
    /// The file, relative to the pack.
    pub file: Spanned<String>,
    /// The first issue date. Absent: every earlier one; the first version only.
    pub from: Option<Spanned<Datetime>>,
    /// The last issue date. Absent: every later one; the last version only.
    pub until: Option<Spanned<Datetime>>,
}
