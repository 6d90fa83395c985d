//! Which glyphs, plates and pictures a file uses, and the text that each glyph stands for.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::font::{FaceId, GlyphId};
use crate::sheet::{Glyph, Mark, PlateId, Run, Side};

/// What the sheets and plates of a file use.
///
/// Threads may each collect their own and [`merge`](Usage::merge) them: the result does not depend on
/// the order. Asking for what is known already allocates nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    faces: BTreeMap<FaceId, Vec<Entry>>,
    plates: BTreeSet<PlateId>,
    pictures: BTreeSet<usize>,
}

/// What is known of one glyph.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Entry {
    used: bool,
    text: Text,
}

/// The text that a glyph stands for, short enough to be copied: no text at all when it is empty.
///
/// Of several texts the file names the shortest, then the smallest, so a plain character wins over
/// the same character with a selector.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Text {
    length: u8,
    bytes: [u8; Text::LONGEST],
}

impl Text {
    /// Longer clusters are told by ActualText at every place where they stand.
    const LONGEST: usize = 14;

    /// A short text; `None` when it is empty or too long.
    fn new(text: &str) -> Option<Text> {
        let mut bytes = [0; Text::LONGEST];
        bytes.get_mut(..text.len())?.copy_from_slice(text.as_bytes());
        let length = u8::try_from(text.len()).ok().filter(|length| *length > 0)?;
        Some(Text { length, bytes })
    }

    /// The text; `None`: the glyph stands for none by itself.
    pub(super) fn as_str(&self) -> Option<&str> {
        let bytes = self.bytes.get(..usize::from(self.length)).filter(|bytes| !bytes.is_empty())?;
        std::str::from_utf8(bytes).ok()
    }

    /// Whether this is exactly `text`.
    pub(super) fn is(&self, text: &str) -> bool {
        // A few bytes: comparing them here is quicker than a call.
        let same = || self.bytes.iter().zip(text.as_bytes()).all(|(ours, theirs)| ours == theirs);
        !text.is_empty() && usize::from(self.length) == text.len() && same()
    }
}

/// Glyphs of a run that stand for one text together.
pub(super) struct Cluster<'r> {
    /// At least one.
    pub(super) glyphs: &'r [Glyph],
    /// `None`: the run is broken, the glyphs point outside its text or into a character.
    pub(super) text: Option<&'r str>,
}

/// The clusters of a run, in the order of drawing.
pub(super) fn clusters(run: &Run) -> impl Iterator<Item = Cluster<'_>> {
    let mut rest = run.glyphs.as_slice();
    std::iter::from_fn(move || {
        let first = rest.first()?;
        let more = match rest.get(1) {
            Some(second) if second.text.is_empty() => {
                rest.iter().skip(1).take_while(|glyph| glyph.text.is_empty()).count()
            }
            Some(_) | None => 0,
        };
        let (glyphs, next) = rest.split_at(1 + more);
        rest = next;
        Some(Cluster { glyphs, text: run.text.get(first.text.start as usize..first.text.end as usize) })
    })
}

impl Usage {
    /// Nothing yet.
    pub fn new() -> Usage {
        Usage::default()
    }

    /// Adds the plates and marks of one side.
    pub fn add_side(&mut self, side: &Side) {
        for plate in &side.plates {
            if !self.plates.contains(plate) {
                self.plates.insert(*plate);
            }
        }
        self.add_marks(&side.marks);
    }

    /// Adds marks, for instance those of a plate.
    pub fn add_marks(&mut self, marks: &[Mark]) {
        for mark in marks {
            match mark {
                Mark::Run(run) => self.add_run(run),
                Mark::Image(image) => {
                    self.pictures.insert(image.index);
                }
                Mark::Line(_) | Mark::Box(_) | Mark::Bars(_) => {}
            }
        }
    }

    /// Adds everything that `other` has.
    pub fn merge(&mut self, other: Usage) {
        self.plates.extend(other.plates);
        self.pictures.extend(other.pictures);
        for (face, theirs) in other.faces {
            let ours = self.faces.entry(face).or_default();
            if ours.len() < theirs.len() {
                ours.resize(theirs.len(), Entry::default());
            }
            for (entry, other) in ours.iter_mut().zip(theirs) {
                entry.used |= other.used;
                if let Some(text) = other.text.as_str() {
                    entry.learn(text);
                }
            }
        }
    }

    /// The plates that are used.
    pub fn plates(&self) -> impl Iterator<Item = PlateId> + '_ {
        self.plates.iter().copied()
    }

    /// The pictures that are used, by number.
    pub fn pictures(&self) -> impl Iterator<Item = usize> + '_ {
        self.pictures.iter().copied()
    }

    /// The faces that are used.
    pub fn faces(&self) -> impl Iterator<Item = FaceId> + '_ {
        self.faces.keys().copied()
    }

    /// The glyphs of a face that are used, ascending, with the text of each.
    pub(super) fn glyphs(&self, face: FaceId) -> impl Iterator<Item = (GlyphId, Text)> + '_ {
        let entries = self.faces.get(&face).map_or(&[][..], Vec::as_slice);
        (0..=u16::MAX).zip(entries).filter(|(_, entry)| entry.used).map(|(id, entry)| (GlyphId(id), entry.text))
    }

    fn add_run(&mut self, run: &Run) {
        if run.glyphs.is_empty() {
            return;
        }
        let entries = self.faces.entry(run.face).or_default();
        for cluster in clusters(run) {
            for glyph in cluster.glyphs {
                let id = usize::from(glyph.id.0);
                if entries.len() <= id {
                    entries.resize(id + 1, Entry::default());
                }
                if let Some(entry) = entries.get_mut(id) {
                    entry.used = true;
                    if let (Some(text), 1) = (cluster.text, cluster.glyphs.len()) {
                        entry.learn(text);
                    }
                }
            }
        }
    }
}

impl Entry {
    fn learn(&mut self, text: &str) {
        if self.text.is(text) {
            return;
        }
        if let Some(text) = Text::new(text)
            && (self.text.length == 0 || text < self.text)
        {
            self.text = text;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(text: &str, glyphs: &[(u16, std::ops::Range<u32>)]) -> Run {
        let glyphs = glyphs.iter().map(|(id, text)| Glyph { id: GlyphId(*id), text: text.clone(), space: 0 });
        Run { text: text.into(), glyphs: glyphs.collect(), ..Run::default() }
    }

    fn texts(usage: &Usage) -> Vec<(u16, Option<String>)> {
        let glyphs = usage.glyphs(FaceId(0));
        glyphs.map(|(glyph, text)| (glyph.0, text.as_str().map(str::to_owned))).collect()
    }

    #[test]
    fn the_shortest_text_names_a_glyph_whatever_the_order() {
        let plain = run("葛", &[(7, 0..3)]);
        let selected = run("葛\u{E0100}", &[(7, 0..7)]);
        let mut one = Usage::new();
        one.add_marks(&[Mark::Run(plain.clone()), Mark::Run(selected.clone())]);
        let mut two = Usage::new();
        two.add_marks(&[Mark::Run(selected)]);
        let mut three = Usage::new();
        three.add_marks(&[Mark::Run(plain)]);
        two.merge(three);
        assert_eq!(one, two);
        assert_eq!(texts(&one), [(7, Some("葛".into()))]);
    }

    #[test]
    fn glyphs_of_a_cluster_and_long_texts_name_nothing() {
        let mut usage = Usage::new();
        usage.add_marks(&[Mark::Run(run("か\u{309A}x", &[(5, 0..6), (9, 6..6), (2, 6..7)]))]);
        usage.add_marks(&[Mark::Run(run("0123456789abcdef", &[(3, 0..16)]))]);
        assert_eq!(texts(&usage), [(2, Some("x".into())), (3, None), (5, None), (9, None)]);
    }

    #[test]
    fn a_broken_range_is_no_panic() {
        let mut usage = Usage::new();
        usage.add_marks(&[Mark::Run(run("葛", &[(7, 1..2), (8, 90..99)]))]);
        assert_eq!(texts(&usage), [(7, None), (8, None)]);
    }
}
