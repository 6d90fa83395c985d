//! Where a face comes from: a file, and which face of it.

use std::fmt;
use std::path::Path;
use std::path::PathBuf;

/// A font file as a pack names it: `name.ttf`, a face of a collection as `name.ttc#1`, an instance of a
/// variable font as `name.ttf@Bold` or `name.ttf@wght=700,wdth=75`, or both: `name.ttc#1@Bold`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FontSource {
    /// The file.
    pub path: PathBuf,
    /// The number of the face in a collection, from 0. `None`: the file holds one face.
    pub index: Option<u32>,
    /// A named instance, or `axis=value` pairs with commas between them. `None`: the font does not vary.
    pub instance: Option<String>,
}

/// The ends of names behind which an instance may stand: a folder or a file may have `@` in its name.
const EXTENSIONS: [&str; 5] = [".ttf", ".otf", ".ttc", ".otc", ".tte"];

impl FontSource {
    /// A plain file.
    pub fn file(path: impl Into<PathBuf>) -> FontSource {
        FontSource { path: path.into(), index: None, instance: None }
    }

    /// Takes `name` apart; the file lies in `folder`.
    pub fn parse(folder: &Path, name: &str) -> FontSource {
        let (name, instance) = match name.rsplit_once('@') {
            Some((file, instance)) if ends_as_a_font(file) => (file, Some(instance.to_owned())),
            Some(_) | None => (name, None),
        };
        let (name, index) = match name.rsplit_once('#').map(|(file, number)| (file, number.parse().ok())) {
            Some((file, Some(index))) => (file, Some(index)),
            Some((_, None)) | None => (name, None),
        };
        FontSource { path: folder.join(name), index, instance }
    }
}

/// Whether a name ends with `.ttf` or the like, or with that and the number of a face.
fn ends_as_a_font(name: &str) -> bool {
    let file = match name.rsplit_once('#') {
        Some((file, number)) if number.parse::<u32>().is_ok() => file,
        Some(_) | None => name,
    };
    let lower = file.to_ascii_lowercase();
    EXTENSIONS.iter().any(|extension| lower.ends_with(extension))
}

/// As the pack names it, with the folder.
impl fmt::Display for FontSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path.display())?;
        if let Some(index) = self.index {
            write!(f, "#{index}")?;
        }
        match &self.instance {
            Some(instance) => write!(f, "@{instance}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_apart() {
        let table = [
            ("a.ttf", "a.ttf", None, None),
            ("a.ttc#2", "a.ttc", Some(2), None),
            ("a.TTF@Bold", "a.TTF", None, Some("Bold")),
            ("a.ttc#0@wght=650.5,wdth=75", "a.ttc", Some(0), Some("wght=650.5,wdth=75")),
            ("a@2.ttf", "a@2.ttf", None, None),
            ("a#b.ttf", "a#b.ttf", None, None),
            ("x@y/a.ttf@Semi Bold", "x@y/a.ttf", None, Some("Semi Bold")),
        ];
        for (name, path, index, instance) in table {
            let found = FontSource::parse(Path::new("fonts"), name);
            let expected =
                FontSource { path: Path::new("fonts").join(path), index, instance: instance.map(str::to_owned) };
            assert_eq!(found, expected, "{name}");
            assert_eq!(found.to_string(), format!("fonts/{name}"));
        }
    }
}
