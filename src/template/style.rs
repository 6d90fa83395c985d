//! Styles by name, with what they take from each other.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use toml::Spanned;

use crate::base::diagnostic::Diagnostic;
use crate::base::diagnostic::Source;
use crate::base::diagnostic::nearest;
use crate::base::length::Length;
use crate::base::tint::Tint;
use crate::template::measure;
use crate::template::measure::Leading;
use crate::template::measure::Wrong;
use crate::template::model;
use crate::template::schema;
use crate::template::schema::Measure;
use crate::template::vocabulary::Vocabulary;

/// The smallest and the largest size of letters.
const SIZES: [Length; 2] = [Length::pt(3), Length::pt(400)];

/// The styles that a file may name.
#[derive(Debug, Default)]
pub(in crate::template) struct Styles {
    /// `None`: something is wrong with it and has been reported.
    resolved: BTreeMap<String, Option<Arc<model::Style>>>,
}

/// A style and the file that it stands in.
struct Declared {
    source: Arc<Source>,
    style: Spanned<schema::Style>,
}

/// The styles of some files before they are resolved.
#[derive(Default)]
pub(in crate::template) struct Declarations {
    styles: BTreeMap<String, Declared>,
}

impl Declarations {
    /// Adds the styles of a file; they replace those of the same name.
    pub fn add(&mut self, source: &Arc<Source>, styles: BTreeMap<String, Spanned<schema::Style>>) {
        for (name, style) in styles {
            self.styles.insert(name, Declared { source: Arc::clone(source), style });
        }
    }

    /// Resolves every style, used or not.
    pub fn resolve(&self, vocabulary: &Vocabulary<'_>, errors: &mut Vec<Diagnostic>) -> Styles {
        let one = |name: &String| {
            let line = self.line(name, errors)?;
            resolve(&line, vocabulary, errors)
        };
        let mut one = one;
        Styles { resolved: self.styles.keys().map(|name| (name.clone(), one(name).map(Arc::new))).collect() }
    }

    /// A style and those that it is like, nearest first.
    fn line(&self, name: &str, errors: &mut Vec<Diagnostic>) -> Option<Vec<&Declared>> {
        let mut names = vec![name];
        let mut line = vec![self.styles.get(name)?];
        while let Some(declared) = line.last() {
            let Some(like) = &declared.style.get_ref().like else { break };
            let fail = |wrong| report(&declared.source, like.span(), wrong);
            if names.contains(&like.get_ref().as_str()) {
                errors.push(fail(
                    Wrong::new(format!("the style `{name}` is like itself")).hint("end the circle of `like`"),
                ));
                return None;
            }
            let Some((name, next)) = self.styles.get_key_value(like.get_ref()) else {
                errors.push(fail(unknown(like.get_ref(), self.styles.keys())));
                return None;
            };
            names.push(name);
            line.push(next);
        }
        Some(line)
    }
}

impl Styles {
    /// The style of a name; `Ok(None)` when it is wrong itself.
    pub fn find(&self, name: &str) -> Result<Option<Arc<model::Style>>, Wrong> {
        self.resolved.get(name).cloned().ok_or_else(|| unknown(name, self.resolved.keys()))
    }
}

fn unknown<'a>(name: &str, known: impl Iterator<Item = &'a String>) -> Wrong {
    let hint = match nearest(name, known.map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("write [style.{name}] or name its file in `use`"),
    };
    Wrong::new(format!("unknown style `{name}`")).hint(hint)
}

fn report(source: &Arc<Source>, span: Range<usize>, wrong: Wrong) -> Diagnostic {
    let found = Diagnostic::error(wrong.message).at(source, span);
    match wrong.hint {
        Some(hint) => found.hint(hint),
        None => found,
    }
}

/// A line of styles as one: what the nearest one says holds.
fn resolve(line: &[&Declared], vocabulary: &Vocabulary<'_>, errors: &mut Vec<Diagnostic>) -> Option<model::Style> {
    let chain = chain(line, vocabulary, errors);
    let size = match pick(line, |style| style.size.as_ref(), size, errors) {
        Ok(Some(size)) => Some(size),
        Ok(None) => {
            missing(line, "size", "\"9pt\"", errors);
            None
        }
        Err(Reported) => None,
    };
    let em = size.unwrap_or(Length::pt(9));
    let tracking = pick(line, |style| style.tracking.as_ref(), |found| tracking(found, em), errors);
    let leading = pick(line, |style| style.leading.as_ref(), |found| leading(found, em), errors);
    let tint = pick(line, |style| style.tint.as_ref(), measure::tint, errors);
    let share = |found: &schema::Scalar| measure::percentage(found, 0, 1000);
    let mixed_space = pick(line, |style| style.mixed_space.as_ref(), share, errors);
    Some(model::Style {
        chain: chain?,
        size: size?,
        tracking: tracking.ok()?.unwrap_or_default(),
        leading: leading.ok()?.unwrap_or(em.scale(1650, 1000)),
        tint: tint.ok()?.unwrap_or(Tint::BLACK),
        mixed_space: mixed_space.ok()?.unwrap_or(0),
        trim: line.iter().find_map(|declared| declared.style.get_ref().trim).unwrap_or(false),
    })
}

/// Something is wrong and has been reported.
struct Reported;

/// The nearest style's word on something.
fn pick<T>(
    line: &[&Declared],
    key: impl Fn(&schema::Style) -> Option<&Measure>,
    read: impl Fn(&schema::Scalar) -> Result<T, Wrong>,
    errors: &mut Vec<Diagnostic>,
) -> Result<Option<T>, Reported> {
    let Some((declared, found)) = line.iter().find_map(|it| Some((it, key(it.style.get_ref())?))) else {
        return Ok(None);
    };
    read(found.get_ref()).map(Some).map_err(|wrong| {
        errors.push(report(&declared.source, found.span(), wrong));
        Reported
    })
}

fn chain(line: &[&Declared], vocabulary: &Vocabulary<'_>, errors: &mut Vec<Diagnostic>) -> Option<String> {
    let Some((declared, chain)) = line.iter().find_map(|it| Some((it, it.style.get_ref().chain.as_ref()?))) else {
        missing(line, "chain", "\"…\"", errors);
        return None;
    };
    if vocabulary.chains.contains(chain.get_ref()) {
        return Some(chain.get_ref().clone());
    }
    let hint = match nearest(chain.get_ref(), vocabulary.chains.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "the pack lists its chains of fonts in pack.toml".to_owned(),
    };
    let wrong = Wrong::new(format!("the pack has no chain of fonts `{}`", chain.get_ref())).hint(hint);
    errors.push(report(&declared.source, chain.span(), wrong));
    None
}

fn missing(line: &[&Declared], key: &str, example: &str, errors: &mut Vec<Diagnostic>) {
    if let Some(declared) = line.first() {
        let wrong = Wrong::new(format!("the style has no `{key}`")).hint(format!("write {key} = {example} or `like`"));
        errors.push(report(&declared.source, declared.style.span(), wrong));
    }
}

fn size(scalar: &schema::Scalar) -> Result<Length, Wrong> {
    let size = measure::length(scalar)?;
    if size < SIZES[0] || size > SIZES[1] {
        return Err(Wrong::new("the size of letters goes from 3pt to 400pt"));
    }
    Ok(size)
}

fn tracking(scalar: &schema::Scalar, size: Length) -> Result<Length, Wrong> {
    let tracking = measure::relative(scalar, size)?;
    if tracking < -(size / 2) || tracking > size * 10 {
        return Err(Wrong::new("the tracking goes from minus half the size to ten times the size"));
    }
    Ok(tracking)
}

fn leading(scalar: &schema::Scalar, size: Length) -> Result<Length, Wrong> {
    match measure::leading(scalar)? {
        Leading::Factor(factor) => Ok(size.scale(i64::from(factor), 1000)),
        Leading::Fixed(leading) if leading < size || leading > size * 4 => {
            Err(Wrong::new("the leading goes from the size of the letters to four times that"))
        }
        Leading::Fixed(leading) => Ok(leading),
    }
}
