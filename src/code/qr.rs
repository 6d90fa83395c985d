//! QR codes (ISO/IEC 18004).

use qrcode::Color;
use qrcode::EcLevel;
use qrcode::QrCode;
use qrcode::types::QrError;

use crate::base::geometry::Point;
use crate::base::geometry::Rect;
use crate::base::geometry::Size;
use crate::base::length::Length;
use crate::code::CodeError;

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

/// The modules of a symbol, without the quiet zone of four modules that must stay free around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Modules {
    /// Modules along a side: 21 to 177.
    pub width: usize,
    /// Row by row from the top, `width` of them each; `true` is dark.
    pub dark: Vec<bool>,
}

/// The smallest symbol that holds the data, with the mask that the standard prefers.
///
/// # Errors
/// When there is no data, or more than the largest symbol holds.
pub fn qr(data: &[u8], level: Level) -> Result<Modules, CodeError> {
    if data.is_empty() {
        return Err(CodeError::Empty);
    }
    let level = match level {
        Level::L => EcLevel::L,
        Level::M => EcLevel::M,
        Level::Q => EcLevel::Q,
        Level::H => EcLevel::H,
    };
    let code = QrCode::with_error_correction_level(data, level).map_err(|error| match error {
        QrError::DataTooLong => CodeError::TooLong(data.len()),
        QrError::InvalidVersion
        | QrError::UnsupportedCharacterSet
        | QrError::InvalidEciDesignator
        | QrError::InvalidCharacter => CodeError::Refused,
    })?;
    let width = code.width();
    let dark = code.into_colors().into_iter().map(|color| color == Color::Dark).collect();
    Ok(Modules { width, dark })
}

/// The dark modules of a symbol as rectangles: neighbours in a row are one rectangle, and equal ones in
/// rows that follow each other too.
///
/// `at` is the upper left corner and `side` the side of the symbol. Every edge is `side × n / width`,
/// so that neighbours share their edges exactly and the last edge is the side.
pub fn bars(modules: &Modules, at: Point, side: Length) -> Vec<Rect> {
    let edge = |module: usize| side.scale(module as i64, modules.width.max(1) as i64);
    let mut open: Vec<(usize, usize, usize)> = Vec::new();
    let mut done: Vec<(usize, usize, usize, usize)> = Vec::new();
    let rows = modules.dark.chunks(modules.width.max(1));
    for (row, cells) in rows.chain([[].as_slice()]).enumerate() {
        let stretches = stretches(cells);
        let (kept, closed): (Vec<_>, Vec<_>) =
            open.into_iter().partition(|(from, to, _)| stretches.contains(&(*from, *to)));
        done.extend(closed.into_iter().map(|(from, to, top)| (top, from, to, row)));
        open = kept;
        for (from, to) in stretches {
            if !open.iter().any(|(start, end, _)| (*start, *end) == (from, to)) {
                open.push((from, to, row));
            }
        }
    }
    done.sort_unstable();
    done.into_iter()
        .map(|(top, from, to, bottom)| Rect {
            at: at.offset(Point { x: edge(from), y: edge(top) }),
            size: Size { width: edge(to) - edge(from), height: edge(bottom) - edge(top) },
        })
        .collect()
}

/// The stretches of dark modules of a row, as first and one after the last.
fn stretches(cells: &[bool]) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    for (column, _) in cells.iter().enumerate().filter(|(_, dark)| **dark) {
        match found.last_mut() {
            Some((_, end)) if *end == column => *end += 1,
            Some(_) | None => found.push((column, column + 1)),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: Point = Point { x: Length::mm(20), y: Length::mm(210) };

    /// Draws rectangles into a grey picture, `dots` to the millimetre, with a margin of white.
    fn picture(rects: &[Rect], side: Length, dots: i64) -> (usize, Vec<u8>) {
        let margin = 4 * dots;
        let scale = |length: Length| (length.to_units() * dots + 180_000).div_euclid(360_000) + margin;
        let width = (scale(side) + margin) as usize;
        let mut grey = vec![255; width * width];
        for rect in rects {
            for y in scale(rect.at.y - PLACE.y)..scale(rect.bottom() - PLACE.y) {
                for x in scale(rect.at.x - PLACE.x)..scale(rect.right() - PLACE.x) {
                    grey[y as usize * width + x as usize] = 0;
                }
            }
        }
        (width, grey)
    }

    fn read(text: &str, level: Level) -> String {
        let modules = qr(text.as_bytes(), level).unwrap();
        let side = Length::mm(20);
        let (width, grey) = picture(&bars(&modules, PLACE, side), side, 15);
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, width, |x, y| grey[y * width + x]);
        let grids = image.detect_grids();
        assert_eq!(grids.len(), 1);
        grids[0].decode().unwrap().1
    }

    #[test]
    fn another_reader_reads_what_was_written() {
        for level in [Level::L, Level::M, Level::Q, Level::H] {
            assert_eq!(read("https://www.example.jp/hoken/?a=1", level), "https://www.example.jp/hoken/?a=1");
        }
        assert_eq!(read("資格情報のお知らせ", Level::M), "資格情報のお知らせ");
        assert_eq!(read("0123456789", Level::H), "0123456789");
    }

    #[test]
    fn rectangles_are_the_dark_modules_without_gaps_or_overlaps() {
        let modules = qr(b"https://www.example.jp/", Level::M).unwrap();
        let side = Length::units(7_200_001);
        let rects = bars(&modules, PLACE, side);
        let edges: Vec<Length> = (0..=modules.width).map(|n| side.scale(n as i64, modules.width as i64)).collect();
        let mut covered = vec![0; modules.dark.len()];
        for rect in &rects {
            let columns = (0..modules.width)
                .filter(|n| PLACE.x + edges[*n] >= rect.at.x && PLACE.x + edges[n + 1] <= rect.right());
            for column in columns {
                let rows = (0..modules.width)
                    .filter(|n| PLACE.y + edges[*n] >= rect.at.y && PLACE.y + edges[n + 1] <= rect.bottom());
                for row in rows {
                    covered[row * modules.width + column] += 1;
                }
            }
        }
        let expected: Vec<i32> = modules.dark.iter().map(|dark| i32::from(*dark)).collect();
        assert_eq!(covered, expected);
        assert!(rects.len() < modules.dark.iter().filter(|dark| **dark).count() / 2);
        assert_eq!(rects.iter().map(|rect| rect.right()).max(), Some(PLACE.x + side));
    }

    #[test]
    fn too_much_and_nothing_are_refused() {
        assert_eq!(qr(b"", Level::M), Err(CodeError::Empty));
        assert_eq!(qr(&[b'x'; 3000], Level::M), Err(CodeError::TooLong(3000)));
    }
}
