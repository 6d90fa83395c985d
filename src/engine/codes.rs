//! The codes that the engine itself puts into reports, beside those of the reader and of decisions.

/// A code of a report and what it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    /// As reports carry it.
    pub code: &'static str,
    /// What it means, for the list of codes.
    pub meaning: &'static str,
}

macro_rules! codes {
    ($($constant:ident = $meaning:literal;)*) => {
        $(#[doc = concat!("`", stringify!($constant), "`: ", $meaning, ".")]
        pub const $constant: Code = Code { code: stringify!($constant), meaning: $meaning };)*

        /// Every code, in the order of the list.
        pub const ALL: &[Code] = &[$($constant),*];
    };
}

codes! {
GLYPH = "no font of the chain has the character, or has it with this variation selector";
TOO_LONG = "a line does not fit, tightened as far as the template allows";
TOO_MANY_LINES = "a paragraph does not fit";
FORMAT = "a value cannot be written in the form that the template asks for";
CODE = "a value cannot be a QR code or a bar code";
NO_TEMPLATE = "the pack has no template for this paper in this size and medium";
PLACEHOLDER_INSURER = "the pack has a placeholder for the insurer number, and the record is no 見本";
EXPIRY_DIFFERS = "有効期限 in the record is not the computed one";
UNDECIDABLE = "a rule that is asked reads a field that is absent";
FITTED = "printed; spaces narrowed, condensed, made smaller or set in two lines";
MIXED_FONTS = "printed; no font has all of a text, so two were used";
PLACEHOLDER = "printed; a text holds a character that may stand for another one";
GAIJI = "printed; a text holds characters of the insurer's own font (外字)";
SUBSTITUTED = "printed; a character that no font has was replaced as the pack says";
OLD_TITLE = "the notice still has its old title, and the policy names no `notice_legal`";
}
