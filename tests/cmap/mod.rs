//! A second reader of character maps, written from the specification (OpenType, `cmap`, formats 4, 12 and 14), so
//! that what the program finds is compared with what another one would.

use std::collections::BTreeMap;

/// The glyph of a sequence; `None`: the one that the character has by itself.
pub type Sequences = BTreeMap<(char, char), Option<u16>>;

/// The characters of a font, and its variation sequences.
pub struct Cmap {
    /// Glyphs other than 0.
    pub characters: BTreeMap<char, u16>,
    /// Default and other ones.
    pub sequences: Sequences,
}

fn u16_at(data: &[u8], at: usize) -> usize {
    usize::from(u16::from_be_bytes([data[at], data[at + 1]]))
}

fn u24_at(data: &[u8], at: usize) -> u32 {
    u32::from_be_bytes([0, data[at], data[at + 1], data[at + 2]])
}

fn u32_at(data: &[u8], at: usize) -> usize {
    u32::from_be_bytes([data[at], data[at + 1], data[at + 2], data[at + 3]]) as usize
}

fn letter(code: u32) -> char {
    char::from_u32(code).unwrap_or('\0')
}

/// Reads the first font of a file.
pub fn read(data: &[u8]) -> Cmap {
    let start = (0..u16_at(data, 4))
        .map(|table| 12 + 16 * table)
        .find(|at| &data[*at..*at + 4] == b"cmap")
        .map_or(0, |at| u32_at(data, at + 8));
    let data = &data[start..];
    let mut cmap = Cmap { characters: BTreeMap::new(), sequences: BTreeMap::new() };
    let tables: Vec<usize> = (0..u16_at(data, 2)).map(|record| u32_at(data, 4 + 8 * record + 4)).collect();
    let of = |format: usize| tables.iter().copied().find(|at| u16_at(data, *at) == format);
    // The wide table has everything that the narrow one has.
    if let Some(at) = of(12) {
        for group in (0..u32_at(data, at + 12)).map(|group| at + 16 + 12 * group) {
            let (first, last, glyph) = (u32_at(data, group), u32_at(data, group + 4), u32_at(data, group + 8));
            (first..=last).for_each(|code| {
                cmap.characters.insert(letter(code as u32), (glyph + code - first) as u16);
            });
        }
    } else if let Some(at) = of(4) {
        narrow(&data[at..], &mut cmap.characters);
    }
    cmap.characters.retain(|_, glyph| *glyph != 0);
    if let Some(at) = of(14) {
        variations(&data[at..], &mut cmap.sequences);
    }
    cmap
}

fn narrow(table: &[u8], characters: &mut BTreeMap<char, u16>) {
    let count = u16_at(table, 6) / 2;
    for segment in 0..count {
        let cell = |array: usize| 14 + 2 * (array * count + segment) + if array > 0 { 2 } else { 0 };
        let (last, first) = (u16_at(table, cell(0)), u16_at(table, cell(1)));
        let (delta, offset) = (u16_at(table, cell(2)), u16_at(table, cell(3)));
        for code in first..=last.min(0xFFFE) {
            let glyph = match offset {
                0 => code + delta,
                _ => match u16_at(table, cell(3) + offset + 2 * (code - first)) {
                    0 => 0,
                    glyph => glyph + delta,
                },
            };
            characters.insert(letter(code as u32), glyph as u16);
        }
    }
}

fn variations(table: &[u8], sequences: &mut Sequences) {
    for record in (0..u32_at(table, 6)).map(|record| 10 + 11 * record) {
        let selector = letter(u24_at(table, record));
        let (usual, own) = (u32_at(table, record + 3), u32_at(table, record + 7));
        if usual != 0 {
            for range in (0..u32_at(table, usual)).map(|range| usual + 4 + 4 * range) {
                let first = u24_at(table, range);
                for code in first..=first + u32::from(table[range + 3]) {
                    sequences.insert((letter(code), selector), None);
                }
            }
        }
        if own != 0 {
            for entry in (0..u32_at(table, own)).map(|entry| own + 4 + 5 * entry) {
                sequences.insert((letter(u24_at(table, entry)), selector), Some(u16_at(table, entry + 3) as u16));
            }
        }
    }
}
