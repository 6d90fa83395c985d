//! Packing one page quickly: deflate (RFC 1951) with its fixed codes, in a zlib frame (RFC 1950).
//!
//! A page has about a thousand bytes. A general packer clears a table of 128 kB before each, and builds codes that cost
//! more than they save on so few; this one keeps its table from page to page, and knows old entries by their place.

use simd_adler32::adler32;

/// Entries of the table, a power of two: 16 kB.
const ENTRIES: usize = 1 << 12;
/// The shortest repetition that is looked for. Three bytes, which deflate could name, save next to nothing here.
const SHORTEST: usize = 4;
/// The longest repetition that deflate can name.
const LONGEST: usize = 258;
/// How far back a repetition may lie.
const FARTHEST: u32 = 32_768;

/// Code and number of bits.
type Bits = (u32, u32);

/// The fixed codes of literals and lengths, in the order in which their bits are written.
static LITERALS: [Bits; 288] = literals();
/// For each length of a repetition: its code, with its extra bits behind it.
static LENGTHS: [Bits; LONGEST + 1] = lengths();

const fn reversed(code: u32, bits: u32) -> Bits {
    (code.reverse_bits() >> (32 - bits), bits)
}

/// RFC 1951, 3.2.6.
const fn literals() -> [Bits; 288] {
    let mut codes = [(0, 0); 288];
    let mut symbol = 0;
    while symbol < 288 {
        codes[symbol] = match symbol as u32 {
            number @ 0..=143 => reversed(0x30 + number, 8),
            number @ 144..=255 => reversed(0x190 + number - 144, 9),
            number @ 256..=279 => reversed(number - 256, 7),
            number => reversed(0xC0 + number - 280, 8),
        };
        symbol += 1;
    }
    codes
}

/// RFC 1951, 3.2.5: from 8 on, each four codes have one extra bit more.
const fn lengths() -> [Bits; LONGEST + 1] {
    let (literals, mut codes) = (literals(), [(0, 0); LONGEST + 1]);
    let mut length = 3;
    while length <= LONGEST {
        let over = length as u32 - 3;
        let (symbol, extra, rest) = if length == LONGEST {
            (285, 0, 0)
        } else if over < 8 {
            (257 + over, 0, 0)
        } else {
            let extra = over.ilog2() - 2;
            (257 + 4 * extra + (over >> extra), extra, over & ((1 << extra) - 1))
        };
        let (code, bits) = literals[symbol as usize];
        codes[length] = (code | rest << bits, bits + extra);
        length += 1;
    }
    codes
}

/// The code of a distance, with its extra bits behind it.
#[inline]
fn distance(far: u32) -> Bits {
    let over = far - 1;
    let (symbol, extra) = if over < 4 {
        (over, 0)
    } else {
        // Two codes for each power of two.
        let extra = over.ilog2() - 1;
        (2 * extra + (over >> extra), extra)
    };
    let (code, bits) = reversed(symbol, 5);
    (code | (over & ((1 << extra) - 1)) << bits, bits + extra)
}

/// Packs pages, one after another.
pub(super) struct Packer {
    /// Where four bytes with this hash were seen last: places of all pages, counted on.
    seen: Box<[u32; ENTRIES]>,
    /// The place of the first byte of the page; 0 is before all of them.
    base: u32,
}

impl Default for Packer {
    fn default() -> Packer {
        Packer { seen: Box::new([0; ENTRIES]), base: 1 }
    }
}

/// Bits on their way into bytes.
struct Writer<'o> {
    out: &'o mut Vec<u8>,
    bits: u64,
    count: u32,
}

impl Writer<'_> {
    #[inline]
    fn put(&mut self, (code, bits): Bits) {
        self.bits |= u64::from(code) << self.count;
        self.count += bits;
        if self.count >= 32 {
            self.out.extend_from_slice(&(self.bits as u32).to_le_bytes());
            self.bits >>= 32;
            self.count -= 32;
        }
    }

    fn finish(self) {
        let bytes = self.bits.to_le_bytes();
        self.out.extend_from_slice(bytes.get(..self.count.div_ceil(8) as usize).unwrap_or_default());
    }
}

impl Packer {
    /// Packs `content` into `out`, which is emptied first. The result follows from the content alone.
    pub(super) fn pack(&mut self, content: &[u8], out: &mut Vec<u8>) {
        out.clear();
        // A literal has nine bits at most.
        out.reserve(content.len() + content.len() / 8 + 16);
        out.extend_from_slice(&[0x78, 0x01]);
        if content.len() as u64 + u64::from(self.base) > u64::from(u32::MAX) {
            *self = Packer::default();
        }
        self.block(content, out);
        // A page of four gigabytes does not come.
        self.base = self.base.saturating_add(content.len() as u32);
        out.extend_from_slice(&adler32(&content).to_be_bytes());
    }

    /// One last block with fixed codes.
    fn block(&mut self, content: &[u8], out: &mut Vec<u8>) {
        let mut writer = Writer { out, bits: 0b011, count: 3 };
        let mut at = 0;
        while let Some(four) = content.get(at..).and_then(|rest| rest.first_chunk::<SHORTEST>()) {
            let hash = (u32::from_le_bytes(*four).wrapping_mul(0x9E37_79B1) >> (32 - ENTRIES.ilog2())) as usize;
            let here = self.base + at as u32;
            let before = std::mem::replace(&mut self.seen[hash % ENTRIES], here);
            let far = here - before;
            // Places of earlier pages lie before this one's.
            if before >= self.base && far <= FARTHEST {
                let same = same(content, at, far as usize);
                if same >= SHORTEST {
                    writer.put(LENGTHS.get(same).copied().unwrap_or_default());
                    writer.put(distance(far));
                    at += same;
                    continue;
                }
            }
            writer.put(LITERALS[usize::from(four[0])]);
            at += 1;
        }
        for byte in content.get(at..).unwrap_or_default() {
            writer.put(LITERALS[usize::from(*byte)]);
        }
        writer.put(LITERALS[256]);
        writer.finish();
    }
}

/// How many bytes from `at` on are those that stand `far` before them.
#[inline]
fn same(content: &[u8], at: usize, far: usize) -> usize {
    let end = content.len().min(at + LONGEST);
    let (Some(now), Some(then)) = (content.get(at..end), content.get(at - far..end - far)) else { return 0 };
    let eight = |bytes: &[u8]| bytes.first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes));
    let mut count = 0;
    for (now, then) in now.chunks_exact(8).zip(then.chunks_exact(8)) {
        let difference = eight(now) ^ eight(then);
        if difference != 0 {
            return count + (difference.trailing_zeros() / 8) as usize;
        }
        count += 8;
    }
    let rest = now.iter().zip(then).skip(count);
    count + rest.take_while(|(now, then)| now == then).count()
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use flate2::read::ZlibDecoder;
    use proptest::prelude::*;

    use super::*;

    /// Unpacked by a library that is not ours; its sum at the end is checked, too.
    fn unpacked(packed: &[u8]) -> Vec<u8> {
        let mut content = Vec::new();
        ZlibDecoder::new(packed).read_to_end(&mut content).unwrap();
        content
    }

    #[test]
    fn every_length_and_distance_comes_back() {
        let mut packer = Packer::default();
        let mut packed = Vec::new();
        for far in [1, 2, 3, 4, 5, 6, 8, 9, 257, 4096, 24_577, 32_767, 32_768, 32_769, 40_000] {
            for length in [4, 5, 10, 11, 12, 17, 18, 34, 35, 66, 130, 131, 257, 258, 259, 600] {
                let mut content: Vec<u8> = (0..far).map(|number: u32| (number * number / 7) as u8).collect();
                for index in 0..length {
                    content.push(content[content.len() - far as usize]);
                    content.extend((index == length - 1).then_some(b'!'));
                }
                packer.pack(&content, &mut packed);
                assert_eq!(unpacked(&packed), content, "{far} {length}");
            }
        }
    }

    #[test]
    fn a_page_is_packed_alike_whatever_came_before() {
        let page = b"BT 0 -17.008Td(\x01\x02\x03)Tj 0 -17.008Td(\x01\x02\x03)Tj ET".repeat(9);
        let (mut fresh, mut used) = (Packer::default(), Packer::default());
        let (mut one, mut other) = (Vec::new(), Vec::new());
        fresh.pack(&page, &mut one);
        used.pack(&page, &mut other);
        used.pack(b"", &mut other);
        assert_eq!(unpacked(&other), b"");
        used.pack(&page, &mut other);
        assert_eq!(one, other);
        assert!(one.len() < page.len() / 4);
        // Where the places come to their end.
        used.base = u32::MAX - 20;
        used.seen.fill(u32::MAX - 30);
        used.pack(&page, &mut other);
        assert_eq!(one, other);
        used.pack(&page, &mut other);
        assert_eq!(one, other);
    }

    proptest! {
        #[test]
        fn anything_comes_back(pages in prop::collection::vec(prop::collection::vec(0_u8..6, 0..2000), 1..6), wild: Vec<u8>) {
            let mut packer = Packer::default();
            let mut packed = Vec::new();
            for page in pages.iter().chain([&wild]) {
                packer.pack(page, &mut packed);
                prop_assert_eq!(&unpacked(&packed), page);
            }
        }
    }
}
