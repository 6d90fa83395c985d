//! `[gaiji]`: an insurer's own characters (外字), what stands in for those that no font has, and what becomes
//! of a placeholder.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use serde::Deserialize;
use toml::Spanned;

use crate::base::diagnostic::{Diagnostic, Place};
use crate::font::resolve::{Unfit, one_cluster, unprintable};
use crate::font::source::FontSource;
use crate::pack::Layer;

/// What a pack says about characters that are not in any font of its chains.
#[derive(Clone, Debug, Default)]
pub struct Gaiji {
    /// The insurer's own fonts, asked for private-use characters only. Two of them must not have the same
    /// character. *Default*: none.
    pub fonts: Vec<GaijiFont>,
    /// What stands in for a character or sequence that no font has, by that character. Nothing else is ever
    /// replaced. *Default*: nothing.
    pub substitutes: BTreeMap<String, Substitute>,
    /// What becomes of a record with ● ■ □ 〓 ? ？ in a printed field. *Default*: it is printed with a warning.
    pub placeholders: Placeholders,
}

/// An insurer's own font.
#[derive(Clone, Debug)]
pub struct GaijiFont {
    /// The file.
    pub file: FontSource,
    /// Where the pack names it.
    pub place: Place,
}

/// What is printed, and extracted from the paper, instead of a character that no font has.
#[derive(Clone, Debug)]
pub struct Substitute {
    /// One or more characters.
    pub text: String,
    /// Where the pack says so.
    pub place: Place,
}

/// What becomes of a record with a placeholder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Placeholders {
    /// It is printed, and the report says so.
    #[default]
    Warn,
    /// It is refused.
    Reject,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct GaijiTable {
    font: Option<Spanned<Files>>,
    #[serde(default)]
    substitute: BTreeMap<Spanned<String>, Spanned<String>>,
    placeholders: Option<Placeholders>,
}

/// One file or several. Their own places are lost in an untagged enum.
#[derive(Deserialize)]
#[serde(untagged, expecting = "the name of a font file, or a list of names, is expected here")]
enum Files {
    One(String),
    Many(Vec<String>),
}

/// Puts the tables of all layers together, the pack's own first: the fonts of the nearest that names any, the
/// substitutes of all, key by key.
pub(super) fn gaiji(layers: &[Layer], errors: &mut Vec<Diagnostic>) -> Gaiji {
    let mut gaiji = Gaiji::default();
    for layer in layers.iter().rev() {
        let table = &layer.file.gaiji;
        if let Some(files) = &table.font {
            gaiji.fonts = fonts(layer, files, errors);
        }
        if let Some(placeholders) = table.placeholders {
            gaiji.placeholders = placeholders;
        }
        let mut own = BTreeMap::new();
        for (from, to) in &table.substitute {
            match substitute(layer, from, to) {
                Err(error) => errors.push(error),
                Ok((from_text, substitute)) => {
                    if own.insert(from_text, substitute).is_some() {
                        let error = Diagnostic::error("this character has a substitute already");
                        errors.push(error.at(&layer.source, from.span()).hint("take one of the two away"));
                    }
                }
            }
        }
        gaiji.substitutes.extend(own);
    }
    gaiji
}

fn fonts(layer: &Layer, files: &Spanned<Files>, errors: &mut Vec<Diagnostic>) -> Vec<GaijiFont> {
    let names = match files.get_ref() {
        Files::One(file) => std::slice::from_ref(file),
        Files::Many(files) => files.as_slice(),
    };
    let mut fonts = Vec::with_capacity(names.len());
    for name in names {
        let file = FontSource::parse(&layer.folder, name);
        let place = Place { source: Arc::clone(&layer.source), span: place(layer, files.span(), name) };
        if !file.path.is_file() {
            let error = Diagnostic::error(format!("there is no font file {}", file.path.display()));
            let hint = "a font of 外字 lies in the folder of the pack, and its name is relative to it";
            errors.push(error.at(&layer.source, place.span.clone()).hint(hint));
        }
        fonts.push(GaijiFont { file, place });
    }
    fonts
}

/// Where a name stands within a list; of a name that is written with escapes, the list.
fn place(layer: &Layer, list: Range<usize>, name: &str) -> Range<usize> {
    let found = layer.source.text.get(list.clone()).and_then(|text| text.find(name));
    found.map_or(list.clone(), |at| list.start + at..list.start + at + name.len())
}

/// One entry of the table.
fn substitute(layer: &Layer, from: &Spanned<String>, to: &Spanned<String>) -> Result<(String, Substitute), Diagnostic> {
    let at = |error: Diagnostic, word: &Spanned<String>| error.at(&layer.source, word.span());
    let form = "write the character itself, or its code points as \"U+9089 U+E010F\"";
    let key = text(from.get_ref()).ok_or_else(|| at(Diagnostic::error("no code points").hint(form), from))?;
    let value = text(to.get_ref()).ok_or_else(|| at(Diagnostic::error("no code points").hint(form), to))?;
    match one_cluster(&key) {
        Ok(()) => {}
        Err(Unfit::Ordinary) => {
            let error = Diagnostic::error("only a private-use character or a variation sequence has a substitute");
            let hint = "another character is printed as the record has it; correct it in the records if it is wrong";
            return Err(at(error.hint(hint), from));
        }
        Err(Unfit::Several) => {
            let error = Diagnostic::error("a substitute stands for one character, with its selector if it has one");
            return Err(at(error.hint("write one line for each character"), from));
        }
        Err(Unfit::Forbidden(why)) => {
            let error = Diagnostic::error(format!("this cannot have a substitute: {why}"));
            return Err(at(error.hint("find out from the records what was meant"), from));
        }
    }
    if let Some(why) = unprintable(&value) {
        return Err(at(Diagnostic::error(format!("this cannot be printed: {why}")).hint(form), to));
    }
    let place = Place { source: Arc::clone(&layer.source), span: to.span() };
    Ok((key, Substitute { text: value, place }))
}

/// `U+9089 U+E010F` as text; other words as they are. `None`: empty, or not all code points.
fn text(word: &str) -> Option<String> {
    if word.is_empty() {
        return None;
    }
    if !word.starts_with("U+") {
        return Some(word.to_owned());
    }
    let point = |code: &str| {
        let digits = code.strip_prefix("U+").filter(|digits| (4..=6).contains(&digits.len()))?;
        char::from_u32(u32::from_str_radix(digits, 16).ok()?)
    };
    word.split_whitespace().map(point).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_points_are_text() {
        assert_eq!(text("U+9089 U+E010F").as_deref(), Some("\u{9089}\u{E010F}"));
        assert_eq!(text("辻").as_deref(), Some("辻"));
        for wrong in ["", "U+", "U+D800", "U+110000", "U+9089U+E010F", "U+9089 E010F", "U+0009089"] {
            assert_eq!(text(wrong), None, "{wrong}");
        }
    }
}
