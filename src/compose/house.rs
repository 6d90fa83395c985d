//! What an insurer says about characters that no common font has.

use std::collections::BTreeMap;

use crate::font::FaceId;
use crate::font::resolve::Unresolved;

/// An insurer's own characters, what stands in for those that no font has, and whether placeholders pass.
#[derive(Clone, Debug, Default)]
pub struct House {
    /// The insurer's own faces (外字).
    pub gaiji: Vec<FaceId>,
    /// A character or sequence, and what is printed instead where no font of the chain has it.
    pub substitutes: BTreeMap<String, String>,
    /// Whether a field with ● ■ □ 〓 ? ？ is refused.
    pub refuses_placeholders: bool,
}

/// A text with substitutes in it.
pub struct Substituted {
    /// The text.
    pub words: String,
    /// What was replaced, and by what, in order.
    pub replaced: Vec<(String, String)>,
}

impl House {
    /// `words` with the substitutes of those clusters that have no glyph; `None`: one of these has none, so
    /// that the text cannot be printed anyway. A substitute is not replaced again.
    pub fn substituted(&self, words: &str, unresolved: &[Unresolved]) -> Option<Substituted> {
        let mut found = Substituted { words: String::with_capacity(words.len()), replaced: Vec::new() };
        let mut end = 0;
        for cluster in unresolved {
            let (start, stop) = (cluster.text.start as usize, cluster.text.end as usize);
            let from = words.get(start..stop)?;
            let to = self.substitutes.get(from)?;
            found.words.push_str(words.get(end..start)?);
            found.words.push_str(to);
            found.replaced.push((from.to_owned(), to.clone()));
            end = stop;
        }
        found.words.push_str(words.get(end..)?);
        (!found.replaced.is_empty()).then_some(found)
    }
}
