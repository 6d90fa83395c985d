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
    /// The number of the last point of glyph 1, which has four: 3.
    pub(crate) points: u16,
    /// The width of every glyph, of an em of 256.
    pub(crate) width: u16,
    /// Whether the font varies: an axis `wght` from 400 to 700, at whose end the square of glyph 1 and its
    /// width are half as wide again. Its only named instance is `Bold`.
    pub(crate) varies: bool,
    /// Whether its character map is that of a symbol font (platform 3, encoding 0).
    pub(crate) symbol: bool,
}

impl Default for Recipe {
    fn default() -> Recipe {
        let (character, points, width) = (0xE000, 3, 256);
        Recipe { character, drawn: true, permission: None, cut: 0, points, width, varies: false, symbol: false }
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
    let square = words(&[1, 0, 0, 256, 256, recipe.points, 0, 0x0101, 0x0101, 0, 0, 256, 0, 0, 256, 0, 0xFF00]);
    let length = if recipe.drawn { square.len() as u16 / 2 } else { 0 };
    let code = recipe.character;
    let mut tables = vec![
        (
            b"cmap",
            words(&[
                0,
                1,
                3,
                u16::from(!recipe.symbol),
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
        (b"hmtx", words(&[recipe.width, 0, 0])),
        (b"loca", words(&[0, 0, length])),
        (b"maxp", words(&[0, 0x5000, 2])),
    ];
    if let Some(permission) = recipe.permission {
        let mut os2 = vec![0; 39];
        os2[4] = permission;
        tables.insert(0, (b"OS/2", words(&os2)));
    }
    if recipe.varies {
        tables.extend([(b"fvar", axis()), (b"gvar", deltas()), (b"name", name("Bold"))]);
        tables.sort_by_key(|(tag, _)| **tag);
    }
    assemble(&tables)
}

/// Two fonts that share nothing, in one file.
pub(crate) fn collection(recipes: &[Recipe]) -> NamedTempFile {
    let mut head = b"ttcf\0\x01\0\0".to_vec();
    head.extend_from_slice(&(recipes.len() as u32).to_be_bytes());
    let mut body = Vec::new();
    let start = head.len() + 4 * recipes.len();
    for recipe in recipes {
        let at = start + body.len();
        head.extend_from_slice(&(at as u32).to_be_bytes());
        let mut one = font(recipe);
        let count = usize::from(one[5]);
        for record in 0..count {
            let place = 12 + 16 * record + 8;
            let offset = u32::from_be_bytes(one[place..place + 4].try_into().unwrap()) + at as u32;
            one[place..place + 4].copy_from_slice(&offset.to_be_bytes());
        }
        body.extend(one);
    }
    head.extend(body);
    let mut file = tempfile::Builder::new().prefix("gaiji").suffix(".ttc").tempfile().unwrap();
    file.write_all(&head).unwrap();
    file
}

/// `fvar`: the axis and its named instance, whose name is number 256.
fn axis() -> Vec<u8> {
    let mut table = words(&[1, 0, 16, 2, 1, 20, 1, 8]);
    table.extend_from_slice(b"wght");
    table.extend(words(&[400, 0, 400, 0, 700, 0, 0, 257]));
    table.extend(words(&[256, 0, 700, 0]));
    table
}

/// `gvar`: at the end of the axis the two right points of glyph 1 and its advance move by 128.
fn deltas() -> Vec<u8> {
    // One shared tuple, the end of the axis; two glyphs, of which the first has nothing.
    let mut table = words(&[1, 0, 1, 1, 0, 26, 2, 0, 0, 28, 0, 0, 14, 0x4000]);
    // Its data has its own points, and they are all: four, and four for the metrics.
    table.extend(words(&[1, 8, 19, 0x2000]));
    table.extend([0, 0x47]);
    table.extend(words(&[0, 0, 128, 128, 0, 128, 0, 0]));
    table.extend([0x87, 0]);
    table
}

/// `name`: number 256, in English, for Windows.
fn name(word: &str) -> Vec<u8> {
    let text: Vec<u16> = word.encode_utf16().collect();
    let mut table = words(&[0, 1, 18, 3, 1, 0x0409, 256, 2 * text.len() as u16, 0]);
    table.extend(words(&text));
    table
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
