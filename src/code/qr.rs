//! QR codes (ISO/IEC 18004).

use std::fmt;
use std::sync::OnceLock;

use qrcode::bits::{Bits, encode_auto};
use qrcode::canvas::{Canvas, MaskPattern};
use qrcode::types::QrError;
use qrcode::{Color, EcLevel, QrCode, QrResult, Version, ec};

use crate::base::modules::Modules;
use crate::code::CodeError;

/// The mask of symbols that are made for one record each.
///
/// The standard has all eight masks drawn and weighed, which costs fifty times the rest of a symbol; a reader takes any
/// of them. A mask with the period 3 does not fall into step with data that repeats, codewords being two modules wide
/// and four high, so that no large even areas come of zeros and padding. Of 630 symbols of seven kinds of content it
/// was 7 % behind the best mask by the standard's own measure, and never more than 23 %: no other mask has a worst case
/// as mild.
const MASK: MaskPattern = MaskPattern::DiagonalLines;

/// The largest version, which is also the number of versions.
pub const VERSIONS: u8 = 40;

/// Extended channel interpretation: what follows is UTF-8.
const UTF_8: u32 = 26;

/// How much of a symbol may be damaged and still be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Level {
    /// 7 %.
    L,
    /// 15 %.
    #[default]
    M,
    /// 25 %.
    Q,
    /// 30 %.
    H,
}

/// Makes symbols of one level, and of one version or the smallest that holds the data. Threads may share it.
pub struct Symbols {
    level: EcLevel,
    /// 1 to 40.
    version: Option<u8>,
    /// Symbols without data, by version, made when they are first needed.
    blanks: [OnceLock<Canvas>; VERSIONS as usize],
}

impl fmt::Debug for Symbols {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Symbols").field("level", &self.level).field("version", &self.version).finish_non_exhaustive()
    }
}

impl Symbols {
    /// Symbols of a level; without a version from 1 to 40, each of the smallest version that holds its data.
    pub fn new(level: Level, version: Option<u8>) -> Symbols {
        let level = match level {
            Level::L => EcLevel::L,
            Level::M => EcLevel::M,
            Level::Q => EcLevel::Q,
            Level::H => EcLevel::H,
        };
        Symbols { level, version, blanks: [const { OnceLock::new() }; VERSIONS as usize] }
    }

    /// A symbol for many records, quickly, with the same mask always. Four modules on each side of it must stay free.
    ///
    /// # Errors
    /// When there is no text, or more than the version, or the largest one, holds.
    pub fn quick(&self, text: &str) -> Result<Modules, CodeError> {
        self.masked(text, MASK)
    }

    /// The same, with the mask that suits the symbol best by the standard's own measure: for a symbol that all share.
    ///
    /// # Errors
    /// As [`quick`](Symbols::quick).
    pub fn best(&self, text: &str) -> Result<Modules, CodeError> {
        let symbol = self.bits(text)?;
        let code = QrCode::with_bits(symbol, self.level).map_err(|error| self.refused(text, error))?;
        Ok(modules(code.width(), code.into_colors()))
    }

    fn masked(&self, text: &str, mask: MaskPattern) -> Result<Modules, CodeError> {
        let bits = self.bits(text)?;
        let version = bits.version();
        let blank = self.blank(version).ok_or(CodeError::Refused)?;
        let data = bits.into_bytes();
        let (words, check) =
            ec::construct_codewords(&data, version, self.level).map_err(|error| self.refused(text, error))?;
        let mut canvas = blank.clone();
        canvas.draw_data(&words, &check);
        canvas.apply_mask(mask);
        Ok(modules(usize::from(version.width().unsigned_abs()), canvas.into_colors()))
    }

    /// A symbol of a version with everything but its data.
    fn blank(&self, version: Version) -> Option<&Canvas> {
        let number = match version {
            Version::Normal(number) => usize::try_from(number).ok()?,
            Version::Micro(_) => return None,
        };
        let drawn = || {
            let mut canvas = Canvas::new(version, self.level);
            canvas.draw_all_functional_patterns();
            canvas
        };
        Some(self.blanks.get(number.checked_sub(1)?)?.get_or_init(drawn))
    }

    fn bits(&self, text: &str) -> Result<Bits, CodeError> {
        if text.is_empty() {
            return Err(CodeError::Empty);
        }
        let bits = match (self.version, text.is_ascii()) {
            (Some(version), _) => self.bits_of(text, version),
            (None, true) => encode_auto(text.as_bytes(), self.level),
            (None, false) => {
                let fitting = |version| match self.bits_of(text, version) {
                    Err(QrError::DataTooLong) => None,
                    outcome => Some(outcome),
                };
                (1..=VERSIONS).find_map(fitting).unwrap_or(Err(QrError::DataTooLong))
            }
        };
        bits.map_err(|error| self.refused(text, error))
    }

    /// The data of a version. ASCII in the shortest of its modes, and what stands beyond as UTF-8 and named so: left to
    /// itself, the maker of bits takes some pairs of its bytes for kanji of another character set.
    fn bits_of(&self, text: &str, version: u8) -> QrResult<Bits> {
        let mut bits = Bits::new(Version::Normal(version.into()));
        if text.is_ascii() {
            bits.push_optimal_data(text.as_bytes())?;
        } else {
            bits.push_eci_designator(UTF_8)?;
            bits.push_byte_data(text.as_bytes())?;
        }
        bits.push_terminator(self.level)?;
        Ok(bits)
    }

    fn refused(&self, text: &str, error: QrError) -> CodeError {
        match (error, self.version) {
            (QrError::DataTooLong, None) => CodeError::TooLong(text.len()),
            (QrError::DataTooLong, Some(version)) => CodeError::TooLongForVersion { bytes: text.len(), version },
            (
                QrError::InvalidVersion
                | QrError::UnsupportedCharacterSet
                | QrError::InvalidEciDesignator
                | QrError::InvalidCharacter,
                _,
            ) => CodeError::Refused,
        }
    }
}

fn modules(width: usize, colors: Vec<Color>) -> Modules {
    Modules::new(width, colors.into_iter().map(|color| color == Color::Dark).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MASKS: [MaskPattern; 8] = [
        MaskPattern::Checkerboard,
        MaskPattern::HorizontalLines,
        MaskPattern::VerticalLines,
        MaskPattern::DiagonalLines,
        MaskPattern::LargeCheckerboard,
        MaskPattern::Fields,
        MaskPattern::Diamonds,
        MaskPattern::Meadow,
    ];

    const LEVELS: [Level; 4] = [Level::L, Level::M, Level::Q, Level::H];

    /// What somebody else's reader reads from the modules, drawn five dots wide with their quiet zone.
    fn read(modules: &Modules) -> String {
        const DOTS: usize = 5;
        let width = (modules.width() + 8) * DOTS;
        let rows: Vec<&[bool]> = modules.rows().collect();
        let dark = |x: usize, y: usize| {
            let [column, row] = [x, y].map(|at| (at / DOTS).checked_sub(4));
            row.and_then(|row| rows.get(row)?.get(column?)).is_some_and(|dark| *dark)
        };
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, width, |x, y| 255 * u8::from(!dark(x, y)));
        let grids = image.detect_grids();
        assert_eq!(grids.len(), 1);
        grids[0].decode().unwrap().1
    }

    #[test]
    fn another_reader_reads_what_was_written() {
        for level in LEVELS {
            let symbols = Symbols::new(level, None);
            for text in ["https://www.example.jp/hoken/?a=1", "0123456789", "JOB-1;0004711;1/2", "資格情報のお知らせ"]
            {
                assert_eq!(read(&symbols.quick(text).unwrap()), text);
                assert_eq!(read(&symbols.best(text).unwrap()), text);
            }
        }
    }

    /// Mode 7 with 26, then bytes: without it, readers show 資格情報の縺顔衍繧峨○.
    #[test]
    fn text_beyond_ascii_is_named_utf_8() {
        let start = |text: &str| Symbols::new(Level::M, None).bits(text).unwrap().into_bytes()[..6].to_vec();
        assert_eq!(start("被保険者"), [0x71, 0xA4, 12, 0xE8, 0xA2, 0xAB]);
        assert_eq!(start("abcdef")[0] >> 4, 0b0100);
    }

    /// The standard's own choice is one of our eight, so whatever mask we take, the symbol is one that it allows.
    #[test]
    fn the_best_symbol_is_ours_with_one_of_the_eight_masks() {
        for (number, text) in (0..40).map(|number| (number, format!("{:x}-{}", number * 7919, "0".repeat(number)))) {
            let symbols = Symbols::new(LEVELS[number % 4], None);
            let ours = MASKS.map(|mask| symbols.masked(&text, mask).unwrap());
            let best = symbols.best(&text).unwrap();
            assert_eq!(ours.iter().filter(|modules| **modules == best).count(), 1, "{number}");
            assert!(ours.contains(&symbols.quick(&text).unwrap()));
            let plain = QrCode::with_error_correction_level(&text, symbols.level).unwrap();
            assert_eq!(best, modules(plain.width(), plain.into_colors()));
        }
    }

    #[test]
    fn every_mask_is_read() {
        let symbols = Symbols::new(Level::M, None);
        for mask in MASKS {
            for text in ["0000000000000000000000", "JOB-1;0004711;1/2;0", "被保険者"] {
                assert_eq!(read(&symbols.masked(text, mask).unwrap()), text, "{mask:?}");
            }
        }
    }

    #[test]
    fn the_version_is_the_smallest_or_the_one_asked_for() {
        let width = |version, text: &str| Symbols::new(Level::M, version).quick(text).map(|modules| modules.width());
        assert_eq!(width(None, "0004711"), Ok(21));
        assert_eq!(width(None, &"1".repeat(34)), Ok(21));
        assert_eq!(width(None, &"1".repeat(35)), Ok(25));
        assert_eq!(width(None, "被保険者"), Ok(21));
        assert_eq!(width(Some(4), "0004711"), Ok(33));
        assert_eq!(width(Some(40), "0004711"), Ok(177));
        assert_eq!(width(Some(1), &"1".repeat(35)), Err(CodeError::TooLongForVersion { bytes: 35, version: 1 }));
    }

    #[test]
    fn too_much_and_nothing_are_refused() {
        let symbols = Symbols::new(Level::M, None);
        assert_eq!(symbols.quick(""), Err(CodeError::Empty));
        assert_eq!(symbols.best(""), Err(CodeError::Empty));
        let most = "x".repeat(2331);
        assert_eq!(symbols.quick(&most).unwrap().width(), 177);
        assert_eq!(symbols.quick(&format!("{most}x")), Err(CodeError::TooLong(2332)));
        assert_eq!(symbols.best(&"あ".repeat(800)), Err(CodeError::TooLong(2400)));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(96))]
        #[test]
        fn every_text_reads_as_itself(text in "[ -~]{1,120}|[A-Z0-9-]{1,60}|[0-9]{1,120}|[ぁ-ん一-龠A-Z0-9]{1,40}", level in 0..4_usize) {
            prop_assert_eq!(read(&Symbols::new(LEVELS[level], None).quick(&text).unwrap()), text);
        }
    }
}
