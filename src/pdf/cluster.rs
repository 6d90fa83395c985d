//! Glyphs of a run that stand for one text together.

use crate::font::GlyphId;
use crate::font::texts::Texts;
use crate::sheet::{Glyph, Run};

/// Glyphs of a run that stand for one text together.
pub(super) struct Cluster<'r> {
    /// At least one.
    pub(super) glyphs: &'r [Glyph],
    /// `None`: the run is broken, the glyphs point outside its text or into a character.
    pub(super) text: Option<&'r str>,
}

impl Cluster<'_> {
    /// The glyph of a cluster whose text the font's own table tells; `None`: ActualText must tell it.
    #[inline]
    pub(super) fn plain(&self, texts: &Texts) -> Option<GlyphId> {
        let [glyph] = self.glyphs else { return None };
        self.text.is_some_and(|text| texts.get(glyph.id).is(text)).then_some(glyph.id)
    }
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
