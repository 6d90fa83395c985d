//! Data Matrix, ECC 200 (ISO/IEC 16022): square symbols only, which every reader takes. The rectangular ones save height
//! in a narrow lane, but hold 49 characters at most.

use datamatrix::data::EncodationType;
use datamatrix::{DataMatrixBuilder, SymbolList};

use crate::base::modules::Modules;
use crate::code::{CodeError, check_ascii};

/// The most characters of a symbol: what the largest one holds of any kind.
pub const MOST: usize = 1555;

/// The smallest square symbol that holds the text: 10 to 144 modules along a side. One module on each side of it must
/// stay free.
///
/// A character takes a codeword, and so do two digits in a row. Weighing the denser ways of writing letters would take
/// ten times as long for each symbol, and would make the short codes of a job no smaller.
///
/// Letters, digits, signs and spaces of ASCII: what stands beyond would need a character set that readers guess at.
///
/// # Errors
/// When there is no text, when the largest symbol does not hold it, or when it holds anything else.
pub fn data_matrix(text: &str) -> Result<Modules, CodeError> {
    check_ascii(text)?;
    if text.len() > MOST {
        return Err(CodeError::TooManyForMatrix(text.len()));
    }
    let maker = DataMatrixBuilder::new()
        .with_encodation_types(EncodationType::Ascii)
        .with_symbol_list(SymbolList::default().enforce_square());
    let symbol = maker.encode(text.as_bytes()).map_err(|_| CodeError::Refused)?;
    let bitmap = symbol.bitmap();
    Ok(Modules::new(bitmap.width(), bitmap.bits().to_vec()))
}

#[cfg(test)]
mod tests {
    use datamatrix::DataMatrix;
    use proptest::prelude::*;

    use super::*;

    fn read(modules: &Modules) -> String {
        let pixels: Vec<bool> = modules.rows().flatten().copied().collect();
        String::from_utf8(DataMatrix::decode(&pixels, modules.width()).unwrap()).unwrap()
    }

    #[test]
    fn what_no_reader_could_be_sure_of_is_refused() {
        assert_eq!(data_matrix(""), Err(CodeError::Empty));
        assert_eq!(data_matrix("12あ"), Err(CodeError::NotAscii(3)));
        assert_eq!(data_matrix("é"), Err(CodeError::NotAscii(1)));
        assert_eq!(data_matrix("1\n"), Err(CodeError::NotAscii(2)));
        assert_eq!(data_matrix(&"1".repeat(1556)), Err(CodeError::TooManyForMatrix(1556)));
    }

    #[test]
    fn the_limit_is_the_largest_symbol() {
        let most = "~".repeat(MOST);
        let modules = data_matrix(&most).unwrap();
        assert_eq!((modules.width(), modules.height()), (144, 144));
        assert_eq!(read(&modules), most);
        let least = data_matrix("1").unwrap();
        assert_eq!((least.width(), least.height()), (10, 10));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]
        #[test]
        fn every_text_reads_as_itself(text in "[ -~]{1,300}|[A-Z0-9-]{1,40}|[0-9]{1,200}") {
            let modules = data_matrix(&text).unwrap();
            prop_assert_eq!(modules.width(), modules.height());
            prop_assert_eq!(read(&modules), text);
        }
    }
}
