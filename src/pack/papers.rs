//! The papers of a pack: which templates serve them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use toml::Spanned;

use crate::base::diagnostic::Diagnostic;
use crate::base::field::{Field, Kind};
use crate::font::source::FontSource;
use crate::pack::file::DocumentKind;
use crate::pack::{Layer, Loading, Paper, source};
use crate::policy::choice::of_entries;
use crate::policy::decision::Document;
use crate::template::model::Template;
use crate::template::read::read as read_template;
use crate::template::vocabulary::Vocabulary;

impl Paper {
    /// Whether every record that the later one would serve gets this one.
    fn hides(&self, later: &Paper) -> bool {
        let medium = self.medium.is_none() || self.medium == later.medium;
        self.document == later.document && self.sheet == later.sheet && medium && self.when.hide(&later.when)
    }
}

impl Loading<'_> {
    /// The papers of the youngest layer that has any.
    pub(in crate::pack) fn papers(
        &mut self,
        texts: &BTreeMap<String, String>,
        chains: &BTreeMap<String, Vec<FontSource>>,
    ) -> Vec<Paper> {
        let Some(layer) = self.layers.iter().find(|layer| layer.file.document.is_some()) else {
            let error = Diagnostic::error("the pack has no papers").at(&self.own().source, 0..0);
            self.errors.push(error.hint("add a [[document]] with document, sheet and sides"));
            return Vec::new();
        };
        let texts: BTreeSet<String> = texts.keys().cloned().collect();
        let chains: BTreeSet<String> = chains.keys().cloned().collect();
        let mut papers: Vec<Paper> = Vec::new();
        let conditions = of_entries(&layer.source, "document", &self.fields, &mut self.errors);
        for (table, when) in layer.file.document.iter().flatten().zip(conditions) {
            let document = match table.document {
                DocumentKind::Notice => Document::Notice,
                DocumentKind::Certificate => Document::Certificate,
            };
            self.word(layer, Field::SHEET, &table.sheet);
            if let Some(medium) = &table.medium {
                self.word(layer, Field::MEDIUM, medium);
            }
            let vocabulary = Vocabulary { fields: &self.fields, texts: &texts, chains: &chains };
            let mut sides = Vec::new();
            for side in &table.sides {
                match template_file(layer, side, &vocabulary, &mut self.files) {
                    Ok(template) => sides.push(template),
                    Err(errors) => self.errors.extend(errors),
                }
            }
            let medium = table.medium.as_ref().map(|medium| medium.get_ref().clone());
            let paper = Paper { document, sheet: table.sheet.get_ref().clone(), medium, when, sides };
            if let Some(number) = papers.iter().position(|earlier| earlier.hides(&paper)) {
                let message = format!("no record reaches this paper: entry {} serves them all", number + 1);
                let hint = "move it before that one, or remove it";
                self.errors.push(Diagnostic::error(message).at(&layer.source, table.sheet.span()).hint(hint));
            }
            papers.push(paper);
        }
        papers
    }

    /// Checks that a word is one of a field's.
    fn word(&mut self, layer: &Layer, field: Field, word: &Spanned<String>) {
        let Kind::Choice(words) = self.fields.kind(field) else { return };
        if !words.contains(&word.get_ref().as_str()) {
            let error = Diagnostic::error(format!("`{}` is no {}", word.get_ref(), self.fields.name(field)));
            self.errors.push(error.at(&layer.source, word.span()).hint(format!("one of {}", words.join(", "))));
        }
    }
}

/// Reads one template with its parts and styles. Paths are relative to the file that names them.
fn template_file(
    layer: &Layer,
    side: &Spanned<String>,
    vocabulary: &Vocabulary<'_>,
    files: &mut Vec<PathBuf>,
) -> Result<Template, Vec<Diagnostic>> {
    let path = layer.folder.join(side.get_ref());
    files.push(path.clone());
    let main = source(&path).map_err(|error| match error.place {
        Some(_) => vec![error],
        None => vec![error.at(&layer.source, side.span())],
    })?;
    let fetched = std::cell::RefCell::new(Vec::new());
    let fetch = |name: &str| {
        fetched.borrow_mut().push(PathBuf::from(name));
        source(Path::new(name))
    };
    let template = read_template(&main, vocabulary, &fetch);
    files.extend(fetched.into_inner());
    template
}
