//! What a code for machines is made of: dark and light modules in rows.

use crate::base::geometry::{Point, Rect, Size};
use crate::base::length::Length;

/// The modules of a symbol, without the quiet zone that must stay free around it. A bar code has one row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Modules {
    width: usize,
    dark: Vec<bool>,
}

/// Dark modules that make one rectangle: columns and rows, each from the first to behind the last.
struct Block {
    top: usize,
    left: usize,
    right: usize,
    bottom: usize,
}

impl Modules {
    /// Row by row from the top, `width` modules each; `true` is dark. What is left over is no row.
    pub fn new(width: usize, dark: Vec<bool>) -> Modules {
        Modules { width, dark }
    }

    /// Modules in a row.
    pub fn width(&self) -> usize {
        self.width
    }

    /// The number of rows.
    pub fn height(&self) -> usize {
        self.dark.len().checked_div(self.width).unwrap_or(0)
    }

    /// From the top; `true` is dark.
    pub fn rows(&self) -> impl Iterator<Item = &[bool]> {
        self.dark.chunks_exact(self.width.max(1)).take(self.height())
    }

    /// The dark modules as rectangles of a symbol that fills `place` from edge to edge: neighbours in a row are one
    /// rectangle, and equal ones in rows that follow each other too.
    ///
    /// Every edge is a fraction `n / width` or `n / height` of the place, so that neighbours share their edges exactly.
    pub fn rects(&self, place: Rect) -> Vec<Rect> {
        let (width, height) = (self.width as i64, self.height() as i64);
        let across = |column: usize| place.size.width.scale(column as i64, width);
        let down = |row: usize| place.size.height.scale(row as i64, height);
        let rect = |block: Block| Rect {
            at: place.at.offset(Point { x: across(block.left), y: down(block.top) }),
            size: Size {
                width: across(block.right) - across(block.left),
                height: down(block.bottom) - down(block.top),
            },
        };
        self.blocks().into_iter().map(rect).collect()
    }

    /// The shortest edge of a module when the symbol fills a place; `None`: there are no modules.
    pub fn finest(&self, place: Size) -> Option<Length> {
        let narrow = place.width.to_units().checked_div(self.width as i64)?;
        let low = place.height.to_units().checked_div(self.height() as i64)?;
        Some(Length::units(narrow.min(low)))
    }

    fn blocks(&self) -> Vec<Block> {
        let mut open: Vec<Block> = Vec::new();
        let mut done: Vec<Block> = Vec::new();
        for (row, cells) in self.rows().chain([[].as_slice()]).enumerate() {
            let stretches = stretches(cells);
            let goes_on = |block: &Block| stretches.contains(&(block.left, block.right));
            let (kept, closed): (Vec<Block>, Vec<Block>) = open.into_iter().partition(goes_on);
            done.extend(closed);
            open = kept;
            open.iter_mut().for_each(|block| block.bottom = row + 1);
            for (left, right) in stretches {
                if !open.iter().any(|block| (block.left, block.right) == (left, right)) {
                    open.push(Block { top: row, left, right, bottom: row + 1 });
                }
            }
        }
        done.sort_unstable_by_key(|block| (block.top, block.left));
        done
    }
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

    const PLACE: Rect = Rect {
        at: Point { x: Length::mm(20), y: Length::mm(210) },
        size: Size { width: Length::units(7_200_001), height: Length::units(3_600_007) },
    };

    #[test]
    fn rectangles_are_the_dark_modules_without_gaps_or_overlaps() {
        // A pattern without order, in which runs and blocks occur.
        let (width, height) = (23, 19);
        let dark = (0..width * height).map(|n| (n * n / 7 + n / 5) % 3 != 0).collect();
        let modules = Modules::new(width, dark);
        let rects = modules.rects(PLACE);
        let edge = |length: Length, n: usize, of: usize| length.scale(n as i64, of as i64);
        let mut covered = vec![0; width * height];
        for (module, count) in covered.iter_mut().enumerate() {
            let (column, row) = (module % width, module / width);
            let cell = |n: usize, m: usize| {
                PLACE.at.offset(Point { x: edge(PLACE.size.width, n, width), y: edge(PLACE.size.height, m, height) })
            };
            let (from, to) = (cell(column, row), cell(column + 1, row + 1));
            let size = Size { width: to.x - from.x, height: to.y - from.y };
            *count = rects.iter().filter(|rect| rect.contains(Rect { at: from, size })).count();
        }
        let expected: Vec<usize> = modules.dark.iter().map(|dark| usize::from(*dark)).collect();
        assert_eq!(covered, expected);
        assert!(rects.len() < modules.dark.iter().filter(|dark| **dark).count() / 2);
        assert_eq!(rects.iter().map(|rect| rect.right()).max(), Some(PLACE.right()));
        assert_eq!(rects.iter().map(|rect| rect.bottom()).max(), Some(PLACE.bottom()));
    }

    #[test]
    fn no_modules_are_no_rectangles() {
        for modules in [Modules::default(), Modules::new(0, vec![true]), Modules::new(3, vec![true])] {
            assert_eq!(modules.height(), 0);
            assert_eq!(modules.rects(PLACE), []);
            assert_eq!(modules.finest(PLACE.size), None);
        }
    }
}
