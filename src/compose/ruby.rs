//! Kana above a value (グループルビ): one reading for the whole of it.

use crate::base::fit::Ladder;
use crate::base::length::Length;
use crate::compose::context::{Context, Part, first_field};
use crate::compose::galley::Galley;
use crate::compose::line::{Content, Loose, Piece, single};
use crate::compose::problem::Problem;
use crate::compose::typeset::{Lettering, Typesetter};
use crate::template::model::Empty;
use crate::text::measure::gaps;
use crate::text::trim::Trim;

/// Kana above a value.
#[derive(Clone, Debug)]
pub struct RubySlot {
    /// What they say.
    pub value: Vec<Part>,
    /// How they look.
    pub lettering: Lettering,
    /// How they may be made to fit.
    pub fit: Ladder,
    /// What stands where there are none.
    pub empty: Empty,
}

impl RubySlot {
    /// Fits the kana into the room that the value has, and spreads them over what it takes of it: the space at both
    /// ends is half of that between two letters (1-2-1, JIS X 4051:2004, 6.3.4), but no more than one letter.
    /// `None`: there are none.
    ///
    /// # Errors
    /// A missing value where the template wants one, characters without a glyph, or more than fits.
    pub(super) fn set(
        &self,
        setter: &Typesetter,
        context: Option<&Context<'_>>,
        (room, base): (Length, Length),
        galley: &mut Galley,
    ) -> Result<Option<Piece>, Vec<Problem>> {
        let field = first_field(&self.value);
        let mut text = galley.text();
        match single(&self.value, self.empty, context, &mut text.words)? {
            Content::Words => {}
            Content::Dash(_) | Content::Nothing => {
                galley.take_back(text);
                return Ok(None);
            }
        }
        setter.resolve(&self.lettering, field, &mut text, &mut galley.notes)?;
        let trim = Trim::default();
        let loose = Loose { text, lettering: &self.lettering, field, room, trim };
        let mut ruby = loose.fit(setter, &self.fit, &mut galley.notes)?;
        let (over, gaps) = (base - ruby.width, gaps(&ruby.text.clusters) as i64);
        if over > Length::ZERO && gaps > 0 && ruby.spaces.is_empty() {
            let end = (over / (2 * (gaps + 1))).min(ruby.setting.size);
            let width = base - end * 2;
            ruby.spaces = setter.spread(&ruby.text, ruby.setting, (width, trim));
            ruby.width = width;
        }
        Ok(Some(ruby))
    }
}
