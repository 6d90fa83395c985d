//! A pack: the folder that one insurer owns, with everything that it inherits.
//!
//! `pack.toml` names the insurer, the fonts, the CSV headers, the texts and which templates serve
//! which paper. A key that a pack leaves out is its parent's; tables are merged key by key, the list of
//! documents is replaced as a whole. A parent is a sibling folder.
#![expect(clippy::disallowed_methods, reason = "a pack is a folder, and reading it is what this module is for")]

mod file;
mod gaiji;
mod papers;
mod policies;
mod unfit;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use crate::base::diagnostic::{Diagnostic, Place, Source, nearest};
use crate::base::field::{Extra, Field, Fields, Kind};
use crate::base::toml::read;
use crate::font::source::FontSource;
use crate::pack::file::{FieldKind, InsurerTable, PackFile};
use crate::pack::unfit::silent_expiries;
use crate::policy::choice::Conditions;
use crate::policy::decision::Document;
use crate::policy::versions::Policies;
use crate::record::checks::insurer::{check_digit_holds, digits};
use crate::template::model::Template;

pub use crate::pack::gaiji::{Gaiji, GaijiFont, Placeholders, Substitute};

/// An insurer's pack, read and checked.
#[derive(Debug)]
pub struct Pack {
    /// Its folder, as it was given.
    pub folder: PathBuf,
    /// Its name, which is also that of its policy (`policy_id` of a record).
    pub name: String,
    /// The insurer.
    pub insurer: Insurer,
    /// The record's fields and those that the pack adds.
    pub fields: Fields,
    /// Headers of the insurer's CSV, and the fields that they mean.
    pub columns: BTreeMap<String, Field>,
    /// Values for fields that a record leaves out.
    pub defaults: Vec<(Field, String)>,
    /// Texts for `{{ pack.NAME }}`.
    pub texts: BTreeMap<String, String>,
    /// Chains of font files, by name.
    pub chains: BTreeMap<String, Vec<FontSource>>,
    /// Where a font of a chain is named, for messages.
    pub places: BTreeMap<FontSource, Place>,
    /// The insurer's own characters, and what becomes of those that no font has.
    pub gaiji: Gaiji,
    /// The rules, version by version.
    pub policies: Policies,
    /// The papers.
    pub papers: Vec<Paper>,
    /// Every file that was read, for watching and hashing.
    pub files: Vec<PathBuf>,
}

/// Who issues the papers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Insurer {
    /// 保険者番号; `None`: each record has its own.
    pub number: Option<String>,
    /// Whether the number only stands in for one that is not published. Such a pack prints samples only.
    pub placeholder_number: bool,
    /// 保険者名.
    pub name: Option<String>,
    /// 保険者所在地.
    pub address: Option<String>,
    /// 保険者電話番号.
    pub phone: Option<String>,
}

/// Which templates serve a paper.
#[derive(Debug)]
pub struct Paper {
    /// Notice or certificate.
    pub document: Document,
    /// The size that a record asks for in `sheet`.
    pub sheet: String,
    /// The medium that a record asks for in `medium`; `None`: any.
    pub medium: Option<String>,
    /// What a record must fulfil beside that.
    pub when: Conditions,
    /// Front first.
    pub sides: Vec<Template>,
}

/// A pack's own file with where it lies.
struct Layer {
    folder: PathBuf,
    source: Arc<Source>,
    file: PackFile,
}

/// How deep packs may inherit.
const MOST_ANCESTORS: usize = 8;

/// Reads a pack and everything it inherits and uses.
///
/// `fonts` replaces the folder that the pack names for its fonts.
///
/// # Errors
/// Everything that is wrong with the files, each with its place.
pub fn load(folder: &Path, fonts: Option<&Path>) -> Result<Pack, Vec<Diagnostic>> {
    let layers = layers(folder)?;
    let mut errors = Vec::new();
    let fields = fields(&layers, &mut errors);
    let mut loading = Loading { layers: &layers, fields, errors, files: Vec::new(), places: BTreeMap::new() };
    let name = loading.name();
    let insurer = loading.insurer();
    let columns = loading.columns();
    let defaults = loading.defaults();
    let texts = layers.iter().rev().flat_map(|layer| layer.file.text.clone()).collect::<BTreeMap<_, _>>();
    let chains = loading.chains(fonts);
    let gaiji = gaiji::gaiji(&layers, &mut loading.errors);
    let papers = loading.papers(&texts, &chains);
    let policies = loading.policies();
    let silent = policies.iter().flat_map(|policies| silent_expiries(&papers, policies));
    loading.errors.extend(silent);
    let Loading { fields, errors, mut files, places, .. } = loading;
    files.extend(layers.iter().map(|layer| layer.folder.join("pack.toml")));
    files.sort();
    files.dedup();
    match policies {
        Some(policies) if errors.is_empty() => Ok(Pack {
            folder: folder.to_path_buf(),
            name,
            insurer,
            fields,
            columns,
            defaults,
            texts,
            chains,
            places,
            gaiji,
            policies,
            papers,
            files,
        }),
        _ => Err(errors),
    }
}

impl Pack {
    /// Its `cases.tsv`; `None` when there is none.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn cases(&self) -> Result<Option<Arc<Source>>, Diagnostic> {
        let path = self.folder.join("cases.tsv");
        if path.is_file() { source(&path).map(Some) } else { Ok(None) }
    }

    /// Whether a place lies in a file of the pack's own folder, not in one of an ancestor's.
    pub fn is_own(&self, place: &Place) -> bool {
        let below = Path::new(&place.source.name).strip_prefix(&self.folder);
        below.is_ok_and(|path| path.components().all(|part| matches!(part, Component::Normal(_))))
    }
}

/// The pack and its ancestors, itself first.
fn layers(folder: &Path) -> Result<Vec<Layer>, Vec<Diagnostic>> {
    let mut layers: Vec<Layer> = Vec::new();
    let mut next = folder.to_path_buf();
    loop {
        let source = source(&next.join("pack.toml"))
            .map_err(|error| vec![error.hint("a pack is a folder with a pack.toml; give it with --pack")])?;
        let file: PackFile = read(&source)?;
        let parent = file.inherit.clone();
        layers.push(Layer { folder: next.clone(), source: Arc::clone(&source), file });
        let Some(parent) = parent else { return Ok(layers) };
        let name = parent.get_ref();
        // A pack given as `.` has no parent that its path would tell.
        let sibling = match next.file_name() {
            Some(_) => next.with_file_name(name),
            None => next.join("..").join(name),
        };
        let wrong = if name.is_empty() || name.contains(['/', '\\']) || name.starts_with('.') {
            Some("`inherit` names a sibling folder, without a path".to_owned())
        } else if layers.len() > MOST_ANCESTORS {
            Some(format!("packs inherit in a circle, or deeper than {MOST_ANCESTORS}"))
        } else if !sibling.join("pack.toml").is_file() {
            Some(format!("there is no pack `{name}` beside this one"))
        } else {
            None
        };
        if let Some(message) = wrong {
            return Err(vec![Diagnostic::error(message).at(&source, parent.span())]);
        }
        next = sibling;
    }
}

/// A text file with its name.
fn source(path: &Path) -> Result<Arc<Source>, Diagnostic> {
    let name = path.display().to_string();
    match fs::read_to_string(path) {
        Ok(text) => Ok(Arc::new(Source { name, text })),
        Err(error) => Err(Diagnostic::error(format!("cannot read {name}: {error}"))),
    }
}

/// The table's fields and those of all layers, the oldest layer's first.
fn fields(layers: &[Layer], errors: &mut Vec<Diagnostic>) -> Fields {
    let known = Fields::default();
    let mut extra: Vec<Extra> = Vec::new();
    for layer in layers.iter().rev() {
        for (name, table) in &layer.file.field {
            let taken = known.find(name.get_ref()).is_some() || extra.iter().any(|other| other.name == *name.get_ref());
            if taken {
                let message = format!("there is a field `{}` already", name.get_ref());
                errors.push(Diagnostic::error(message).at(&layer.source, name.span()));
                continue;
            }
            let kind = match table.kind {
                FieldKind::Text => Kind::Text,
                FieldKind::Date => Kind::Date,
                FieldKind::Flag => Kind::Flag,
                FieldKind::Integer => Kind::Integer,
            };
            extra.push(Extra { name: name.get_ref().clone(), label: table.label.clone(), kind });
        }
    }
    Fields::new(extra)
}

struct Loading<'l> {
    layers: &'l [Layer],
    fields: Fields,
    errors: Vec<Diagnostic>,
    files: Vec<PathBuf>,
    places: BTreeMap<FontSource, Place>,
}

impl Loading<'_> {
    fn own(&self) -> &Layer {
        &self.layers[0]
    }

    fn name(&mut self) -> String {
        match &self.own().file.name {
            Some(name) => name.get_ref().clone(),
            None => {
                let error = Diagnostic::error("the pack has no name")
                    .at(&self.own().source, 0..0)
                    .hint("write `name = \"…\"`: it is also the `policy_id` of its records");
                self.errors.push(error);
                String::new()
            }
        }
    }

    fn insurer(&mut self) -> Insurer {
        let first = |key: fn(&InsurerTable) -> &Option<String>| {
            self.layers.iter().find_map(|layer| key(&layer.file.insurer).clone())
        };
        let number = self.layers.iter().find_map(|layer| Some((&layer.source, layer.file.insurer.number.as_ref()?)));
        if let Some((source, number)) = number {
            let good = digits(number.get_ref()).is_some_and(check_digit_holds);
            if !good {
                let error = Diagnostic::error("the 保険者番号 has not 8 or 6 digits, or its check digit is wrong");
                let hint = "copy it from the insurer's own papers, digit by digit";
                self.errors.push(error.at(source, number.span()).hint(hint));
            }
        }
        let number = number.map(|(_, number)| number.get_ref().clone());
        let placeholder = self.layers.iter().find_map(|layer| layer.file.insurer.placeholder_number);
        Insurer {
            number,
            placeholder_number: placeholder.unwrap_or(false),
            name: first(|table| &table.name),
            address: first(|table| &table.address),
            phone: first(|table| &table.phone),
        }
    }

    fn columns(&mut self) -> BTreeMap<String, Field> {
        let mut columns = BTreeMap::new();
        for layer in self.layers.iter().rev() {
            for (header, name) in &layer.file.columns {
                if let Some(field) = self.field(layer, name.get_ref(), name.span()) {
                    columns.insert(header.clone(), field);
                }
            }
        }
        columns
    }

    fn defaults(&mut self) -> Vec<(Field, String)> {
        const ALLOWED: [Field; 5] =
            [Field::MEDIUM, Field::SHEET, Field::SYMBOL_DISPLAY, Field::ADDRESS_MODE, Field::SEX_FRONT_MODE];
        let mut defaults: BTreeMap<Field, String> = BTreeMap::new();
        for layer in self.layers.iter().rev() {
            for (name, value) in &layer.file.defaults {
                let Some(field) = self.field(layer, name.get_ref(), name.span()) else { continue };
                let words = match self.fields.kind(field) {
                    Kind::Choice(words) if ALLOWED.contains(&field) => words,
                    Kind::Choice(_) | Kind::Text | Kind::Date | Kind::Flag | Kind::Integer => {
                        let known = ALLOWED.map(|field| self.fields.name(field).to_owned()).join(", ");
                        let error = Diagnostic::error("a pack gives no default for this field");
                        self.errors.push(error.at(&layer.source, name.span()).hint(format!("it may for {known}")));
                        continue;
                    }
                };
                if !words.contains(&value.get_ref().as_str()) {
                    let error = Diagnostic::error(format!("`{}` is not a word of this field", value.get_ref()));
                    let hint = format!("one of {}", words.join(", "));
                    self.errors.push(error.at(&layer.source, value.span()).hint(hint));
                } else {
                    defaults.insert(field, value.get_ref().clone());
                }
            }
        }
        defaults.into_iter().collect()
    }

    fn field(&mut self, layer: &Layer, name: &str, span: std::ops::Range<usize>) -> Option<Field> {
        let found = self.fields.find(name);
        if found.is_none() {
            let mut error = Diagnostic::error(format!("there is no field `{name}`")).at(&layer.source, span);
            if let Some(near) = nearest(name, self.fields.iter().map(|field| self.fields.name(field))) {
                error = error.hint(format!("did you mean `{near}`?"));
            }
            self.errors.push(error);
        }
        found
    }

    fn chains(&mut self, fonts: Option<&Path>) -> BTreeMap<String, Vec<FontSource>> {
        let mut chains = BTreeMap::new();
        for (age, layer) in self.layers.iter().enumerate().rev() {
            let named =
                self.layers[age..].iter().find_map(|layer| Some((&layer.folder, layer.file.fonts.folder.as_ref()?)));
            let folder = match (fonts, named) {
                (Some(fonts), _) => fonts.to_path_buf(),
                (None, Some((folder, name))) => folder.join(name),
                (None, None) => layer.folder.clone(),
            };
            for (name, files) in &layer.file.fonts.chain {
                let mut chain = Vec::with_capacity(files.len());
                for file in files {
                    let font = FontSource::parse(&folder, file.get_ref());
                    if !font.path.is_file() {
                        let error = Diagnostic::error(format!("there is no font file {}", font.path.display()));
                        let hint = "name the folder of the fonts with --fonts";
                        self.errors.push(error.at(&layer.source, file.span()).hint(hint));
                    }
                    let place = Place { source: Arc::clone(&layer.source), span: file.span() };
                    self.places.insert(font.clone(), place);
                    chain.push(font);
                }
                chains.insert(name.clone(), chain);
            }
        }
        chains
    }
}
