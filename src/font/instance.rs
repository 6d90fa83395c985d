//! An instance of a variable font: one point of its design, which is what is drawn, measured and embedded.

use skrifa::FontRef;
use skrifa::MetadataProvider;
use skrifa::instance::Location;
use skrifa::raw::types::Tag;
use skrifa::string::StringId;

use crate::font::error::FontProblem;

/// The most axes that OpenType's own list and common fonts have by far; more are refused.
const MOST_AXES: usize = 64;

/// Where an instance lies. Of a font that does not vary: nowhere, without axes.
#[derive(Clone, Debug, Default)]
pub(super) struct Instance {
    /// Axes and their values, as the font counts them.
    pub(super) axes: Vec<([u8; 4], f32)>,
    /// The same as glyphs are asked for.
    pub(super) location: Location,
    /// What is added to the PostScript name.
    pub(super) suffix: Option<String>,
}

/// Finds the instance that a pack names; `asked` is what stands behind the `@`.
///
/// # Errors
/// A variable font without an instance, an unknown one, or an instance of a font that does not vary.
pub(super) fn find(font: &FontRef<'_>, asked: Option<&str>) -> Result<Instance, FontProblem> {
    let axes = font.axes();
    let asked = match asked {
        None if axes.is_empty() => return Ok(Instance::default()),
        None => return Err(FontProblem::Variable(names(font))),
        Some(_) if axes.is_empty() => return Err(FontProblem::NotVariable),
        Some(_) if axes.len() > MOST_AXES => return Err(FontProblem::Table("fvar")),
        Some(asked) => asked,
    };
    let unknown = || FontProblem::UnknownInstance(names(font));
    let values = if asked.contains('=') {
        values(font, asked).ok_or_else(unknown)?
    } else {
        let named = font.named_instances();
        let found = named.iter().find(|one| name(font, one.subfamily_name_id()).as_deref() == Some(asked));
        let found = found.ok_or_else(unknown)?;
        axes.iter().map(|axis| axis.tag().to_be_bytes()).zip(found.user_coords()).collect()
    };
    let location = axes.location(values.iter().map(|(tag, value)| (Tag::new(tag), *value)));
    let suffix = asked.chars().filter(|letter| letter.is_ascii_alphanumeric()).collect();
    Ok(Instance { axes: values, location, suffix: Some(suffix) })
}

/// `wght=700,wdth=75`: each axis once, each value in its range; axes left out stand at their default.
fn values(font: &FontRef<'_>, asked: &str) -> Option<Vec<([u8; 4], f32)>> {
    let mut found: Vec<([u8; 4], f32)> =
        font.axes().iter().map(|axis| (axis.tag().to_be_bytes(), axis.default_value())).collect();
    let mut seen: Vec<[u8; 4]> = Vec::new();
    for pair in asked.split(',') {
        let (tag, value) = pair.split_once('=')?;
        let tag: [u8; 4] = tag.trim().as_bytes().try_into().ok()?;
        let value: f32 = value.trim().parse().ok()?;
        let axis = font.axes().get_by_tag(Tag::new(&tag))?;
        if seen.contains(&tag) || !(axis.min_value()..=axis.max_value()).contains(&value) {
            return None;
        }
        seen.push(tag);
        found.iter_mut().filter(|(known, _)| *known == tag).for_each(|(_, kept)| *kept = value);
    }
    Some(found)
}

/// The named instances and the axes with their ranges, for a hint.
fn names(font: &FontRef<'_>) -> String {
    let named = font.named_instances().iter().filter_map(|one| name(font, one.subfamily_name_id()));
    let mut names: Vec<String> = named.map(|name| format!("@{name}")).collect();
    names.extend(font.axes().iter().map(|axis| {
        let tag = axis.tag();
        format!("@{tag}={} to {}", axis.min_value(), axis.max_value())
    }));
    names.join(", ")
}

fn name(font: &FontRef<'_>, id: StringId) -> Option<String> {
    Some(font.localized_strings(id).english_or_first()?.chars().collect())
}
