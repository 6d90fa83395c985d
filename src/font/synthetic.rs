//! The smallest font that opens, for tests: one character for private use, no names, no `OS/2` unless
//! asked for.

use std::io::Write;

use tempfile::NamedTempFile;

/// What a test wants of a font file.
pub(crate) struct Recipe {
    /// The character of glyph 1.
    pub(crate) character: u16,
    /// Whether glyph 1 draws anything.
    pub(crate) drawn: bool,
    /// `fsType`; `None`: no `OS/2`.
    pub(crate) permission: Option<u16>,
    /// Bytes to cut off at the end.
    pub(crate) cut: usize,
}

impl Default for Recipe {
    fn default() -> Recipe {
        Recipe { character: 0xE000, drawn: true, permission: None, cut: 0 }
    }
}

/// Writes the font into a temporary file.
pub(crate) fn file(recipe: &Recipe) -> NamedTempFile {
    let mut bytes = font(recipe);
    bytes.truncate(bytes.len() - recipe.cut);
    let mut file = tempfile::Builder::new().prefix("gaiji").suffix(".tte").tempfile().unwrap();
    file.write_all(&bytes).unwrap();
    file
}

fn font(recipe: &Recipe) -> Vec<u8> {
    let square = words(&[1, 0, 0, 256, 256, 3, 0, 0x0101, 0x0101, 0, 0, 256, 0, 0, 256, 0, 0xFF00]);
    let length = if recipe.drawn { square.len() as u16 / 2 } else { 0 };
    let code = recipe.character;
    let mut tables = vec![
        (
            b"cmap",
            words(&[
                0,
                1,
                3,
                1,
                0,
                12,
                4,
                32,
                0,
                4,
                4,
                1,
                0,
                code,
                0xFFFF,
                0,
                code,
                0xFFFF,
                1_u16.wrapping_sub(code),
                1,
                0,
                0,
            ]),
        ),
        (b"glyf", square),
        (
            b"head",
            words(&[1, 0, 1, 0, 0, 0, 0x5F0F, 0x3CF5, 0, 256, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 256, 256, 0, 8, 2, 0, 0]),
        ),
        (b"hhea", words(&[1, 0, 220, 0xFFDC, 0, 256, 0, 0, 256, 1, 0, 0, 0, 0, 0, 0, 0, 1])),
        (b"hmtx", words(&[256, 0, 0])),
        (b"loca", words(&[0, 0, length])),
        (b"maxp", words(&[0, 0x5000, 2])),
    ];
    if let Some(permission) = recipe.permission {
        let mut os2 = vec![0; 39];
        os2[4] = permission;
        tables.insert(0, (b"OS/2", words(&os2)));
    }
    assemble(&tables)
}

fn assemble(tables: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    let mut head = words(&[0, 1, 0, 0, 0, 0]);
    head[..4].copy_from_slice(&[0, 1, 0, 0]);
    head[4..6].copy_from_slice(&(tables.len() as u16).to_be_bytes());
    let mut at = 12 + 16 * tables.len() as u32;
    let mut body = Vec::new();
    for (tag, table) in tables {
        head.extend_from_slice(*tag);
        for value in [0, at, table.len() as u32] {
            head.extend_from_slice(&value.to_be_bytes());
        }
        body.extend_from_slice(table);
        body.resize(body.len().next_multiple_of(4), 0);
        at = 12 + 16 * tables.len() as u32 + body.len() as u32;
    }
    head.extend(body);
    head
}

fn words(values: &[u16]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_be_bytes()).collect()
}
