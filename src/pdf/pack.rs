//! Packing one page quickly: deflate (RFC 1951) with its fixed codes, in a zlib frame (RFC 1950).
//!
//! A page has about a thousand bytes. A general packer clears a table of 128 kB before each, and builds codes that cost
//! more than they save on so few; this one keeps its table from page to page, and knows old entries by their place.

use simd_adler32::adler32;

/// Entries of the table, a power of two: 8 kB.
const ENTRIES: usize = 1 << 12;
/// The shortest repetition that is looked for. Three bytes, which deflate could name, save next to nothing here.
const SHORTEST: usize = 4;
/// The longest repetition that deflate can name.
const LONGEST: usize = 258;
/// How far back a repetition may lie.
const FARTHEST: usize = 32_768;

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
    /// Where four bytes with this hash were seen last: places of all pages, counted on, modulo 65,536. In 8 kB, it stays
    /// near the processor.
    seen: Box<[u16; ENTRIES]>,
    /// The place of the first byte of the page; 0 is before all of them.
    base: u16,
}

impl Default for Packer {
    fn default() -> Packer {
        Packer { seen: Box::new([0; ENTRIES]), base: 1 }
    }
}

/// Bits on their way into bytes.
struct Writer<'o> {
    /// Room for all of them, and for eight bytes more.
    out: &'o mut [u8],
    /// The bytes that are written.
    at: usize,
    /// The bits that are not yet: fewer than eight after each [`flush`](Writer::flush).
    bits: u64,
    count: u32,
}

impl Writer<'_> {
    /// Takes bits; 56 at most from one flush to the next.
    #[inline]
    fn put(&mut self, (code, bits): Bits) {
        self.bits |= u64::from(code) << self.count;
        self.count += bits;
    }

    /// Writes the whole bytes.
    #[inline]
    fn flush(&mut self) {
        if let Some(room) = self.out.get_mut(self.at..).and_then(<[u8]>::first_chunk_mut) {
            *room = self.bits.to_le_bytes();
        }
        let whole = self.count / 8;
        self.at += whole as usize;
        self.bits >>= 8 * whole;
        self.count %= 8;
    }

    /// Writes what is left, the last byte filled up; how many bytes there are.
    fn finish(mut self) -> usize {
        self.count = self.count.next_multiple_of(8);
        self.flush();
        self.at
    }
}

impl Packer {
    /// Packs `content` into `out`, which is emptied first. The result follows from the content alone.
    pub(super) fn pack(&mut self, content: &[u8], out: &mut Vec<u8>) {
        out.clear();
        // A literal has nine bits at most; head, end of the block and the room that a writer needs.
        out.resize(content.len() + content.len() / 8 + 16, 0);
        out[..2].copy_from_slice(&[0x78, 0x01]);
        let length = u16::try_from(content.len()).unwrap_or(u16::MAX);
        if self.base.checked_add(length).is_none() {
            self.seen.fill(0);
            self.base = 1;
        }
        let end = 2 + self.block(content, &mut out[2..]);
        self.base = self.base.saturating_add(length);
        out.truncate(end);
        out.extend_from_slice(&adler32(&content).to_be_bytes());
    }

    /// One last block with fixed codes; its length.
    fn block(&mut self, content: &[u8], out: &mut [u8]) -> usize {
        let mut writer = Writer { out, at: 0, bits: 0b011, count: 3 };
        let mut at = 0;
        while let Some(now) = four(content, at) {
            let hash = (now.wrapping_mul(0x9E37_79B1) >> (32 - ENTRIES.ilog2())) as usize;
            let here = self.base.wrapping_add(at as u16);
            let before = std::mem::replace(&mut self.seen[hash % ENTRIES], here);
            // Places of earlier pages lie farther back than this one reaches. In a long page one place stands for several,
            // and different bytes may have one hash: the bytes tell.
            let far = usize::from(here.wrapping_sub(before));
            if (1..=FARTHEST.min(at)).contains(&far) && four(content, at - far) == Some(now) {
                let same = same(content, at, far);
                writer.put(LENGTHS.get(same).copied().unwrap_or_default());
                writer.put(distance(far as u32));
                writer.flush();
                at += same;
                continue;
            }
            writer.put(LITERALS[(now & 0xFF) as usize]);
            writer.flush();
            at += 1;
        }
        for byte in content.get(at..).unwrap_or_default() {
            writer.put(LITERALS[usize::from(*byte)]);
            writer.flush();
        }
        writer.put(LITERALS[256]);
        writer.finish()
    }
}

/// The bytes from `at` on: [`SHORTEST`] of them.
#[inline]
fn four(content: &[u8], at: usize) -> Option<u32> {
    content.get(at..)?.first_chunk::<SHORTEST>().map(|bytes| u32::from_le_bytes(*bytes))
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
        for far in [1, 2, 3, 4, 5, 6, 8, 9, 257, 4096, 24_577, 32_767, 32_768, 32_769, 40_000, 65_536, 70_000] {
            for length in [4, 5, 10, 11, 12, 17, 18, 34, 35, 66, 130, 131, 257, 258, 259, 600] {
                let mut content: Vec<u8> =
                    (0..far).map(|number: u32| (number.wrapping_mul(number) / 7) as u8).collect();
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
        // Where the places come to their end, and behind a page that has all of them.
        for (base, before) in [(u16::MAX - 20, 30), (u16::MAX - page.len() as u16, 400), (1, 70_000), (9, 0)] {
            used.base = base;
            used.seen.fill(base - 1);
            used.pack(&page.repeat(2)[..before.min(page.len() * 2)], &mut other);
            used.pack(&b"0123456789".repeat(before / 10), &mut other);
            assert_eq!(unpacked(&other), b"0123456789".repeat(before / 10));
            used.pack(&page, &mut other);
            assert_eq!(one, other, "{base} {before}");
        }
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
