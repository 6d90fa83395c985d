//! The texts that a record fills into its papers, by the chain of fonts that they are set in.

use crate::base::field::Field;
use crate::compose::Art;
use crate::compose::context::{Context, Filled, Part, first_field};
use crate::compose::line::AffixSlot;
use crate::compose::prepare::Slot;
use crate::compose::typeset::Lettering;

/// A text of a record, as it would be set.
pub struct SlotText<'t> {
    /// The number of the chain of fonts; see [`Typesetter::chains`](crate::compose::typeset::Typesetter::chains).
    pub chain: usize,
    /// The first field that it comes from.
    pub field: Field,
    /// The text.
    pub words: &'t str,
}

impl Art {
    /// Visits every text that a record fills into these boards. Nothing is fitted or set: a value that is
    /// missing or cannot be written is passed over, and codes need no font.
    pub fn texts(&self, boards: &[u16], context: &Context<'_>, mut visit: impl FnMut(SlotText<'_>)) {
        let mut words = String::new();
        let mut part = |parts: &[Part], lettering: &Lettering, context: &Context<'_>| {
            words.clear();
            let Some(field) = first_field(parts) else { return };
            if context.fill(parts, &mut words) == Filled::Whole {
                // A line feed parts paragraphs and is not printed.
                for line in words.split(['\n', '\r']).filter(|line| !line.is_empty()) {
                    visit(SlotText { chain: lettering.chain(), field, words: line });
                }
            }
        };
        for (number, index) in boards.iter().enumerate() {
            let Some(board) = self.boards.get(usize::from(*index)) else { continue };
            let context = &Context { back: number > 0, ..*context };
            for slot in board.variants(context).flat_map(|variant| &variant.slots) {
                let mut affix =
                    |affix: &AffixSlot, context: &Context<'_>| part(&affix.parts, &affix.lettering, context);
                match slot {
                    Slot::Line(line) => {
                        line.before.iter().chain(&line.after).for_each(|one| affix(one, context));
                        line.ruby.iter().for_each(|ruby| part(&ruby.value, &ruby.lettering, context));
                        part(&line.value, &line.lettering, context);
                    }
                    Slot::Column(column) => {
                        column.after.iter().for_each(|one| affix(one, context));
                        part(&column.value, &column.lettering, context);
                    }
                    Slot::Paragraph(paragraph) => {
                        paragraph.before.iter().for_each(|one| affix(one, context));
                        part(&paragraph.value, &paragraph.lettering, context);
                    }
                    Slot::Code(_) => {}
                }
            }
        }
    }
}
