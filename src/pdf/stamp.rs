//! The file itself: shell, then page after page, then the page tree and the table of offsets.

use std::io::{self, BufWriter, Write};

use lopdf::{Dictionary, Object, Stream};
use sha2::{Digest, Sha256};

use crate::base::geometry::Size;
use crate::pdf::object;
use crate::pdf::page::EncodedPage;
use crate::pdf::shell::{CATALOG, INFO, RESOURCES, Shell, XMP};
use crate::pdf::space::{decimal, millipoints};
use crate::pdf::tree::{KIDS, Node, nodes};

/// PDF 1.6 is the highest version that PDF/X-4 (ISO 15930-7) allows, and has all that is used: text for
/// glyphs that have several (1.5), OpenType fonts (1.6), printing at true size (1.6).
const HEADER: &[u8] = b"%PDF-1.6\n%\xE2\xE3\xCF\xD3\n";

/// The table of offsets has ten digits.
const LAST_OFFSET: u64 = 9_999_999_999;

/// ISO 32000-1, annex C, table C.1: 8,388,607 indirect objects; the last few are kept for the page tree.
const LAST_NUMBER: u32 = 8_388_607 - 256;

/// Bytes that are collected before they are written.
const BUFFER: usize = 1 << 20;

/// Why a file cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum StampError {
    /// The sink failed. What was written so far is no PDF.
    #[error("the PDF could not be written: {0}")]
    Io(#[from] io::Error),
    /// The sink failed before; what follows would have a gap.
    #[error("an earlier write failed: the PDF cannot be continued")]
    Broken,
    /// A page was encoded for another shell: its fonts, plates and pictures may be others.
    #[error("a page was encoded for another shell")]
    ForeignPage,
    /// A file needs at least one page.
    #[error("there is no page to write")]
    NoPages,
    /// The file would pass ten digits of length.
    #[error("the file would be longer than 10 GB: split the job")]
    TooLong,
    /// The file would have more objects than readers accept.
    #[error("the file would have more than 4 million pages: split the job")]
    TooManyPages,
}

/// Writes one file. Needs 16 bytes of memory for each page.
pub struct Stamper<'s, W: Write> {
    out: BufWriter<W>,
    shell: &'s Shell,
    position: u64,
    /// Where the objects from [`RESOURCES`] on start.
    shell_offsets: Vec<u64>,
    /// For each leaf of the page tree where its pages and their contents start.
    leaves: Vec<Vec<[u64; 2]>>,
    /// The size of the first page, which the others inherit.
    usual: Option<Size>,
    head: Vec<u8>,
    digest: Sha256,
    broken: bool,
}

impl<'s, W: Write> Stamper<'s, W> {
    /// Starts a file: writes the header and the shell.
    ///
    /// # Errors
    /// When the sink fails.
    pub fn new(sink: W, shell: &'s Shell) -> Result<Stamper<'s, W>, StampError> {
        let mut stamper = Stamper {
            out: BufWriter::with_capacity(BUFFER, sink),
            shell,
            position: 0,
            shell_offsets: Vec::new(),
            leaves: Vec::new(),
            usual: None,
            head: Vec::new(),
            digest: Sha256::new_with_prefix(shell.digest()),
            broken: false,
        };
        stamper.put(HEADER)?;
        for (number, body) in shell.objects() {
            let offset = stamper.object(number, body)?;
            stamper.shell_offsets.push(offset);
        }
        Ok(stamper)
    }

    /// Appends a page.
    ///
    /// # Errors
    /// When the sink fails, the file grows too long, or the page is of another shell.
    pub fn page(&mut self, page: &EncodedPage) -> Result<(), StampError> {
        if page.encoder != self.shell.encoder() {
            return Err(StampError::ForeignPage);
        }
        if self.leaves.last().is_none_or(|leaf| leaf.len() == KIDS) {
            self.leaves.push(Vec::with_capacity(KIDS));
        }
        let leaf = self.leaves.len() - 1;
        let (leaf_number, filled) = (self.leaf_number(leaf)?, self.leaves.last().map_or(0, Vec::len) as u32);
        let number = leaf_number + 1 + 2 * filled;
        self.digest.update(page.digest.0);

        let usual = *self.usual.get_or_insert(page.size);
        let mut head = std::mem::take(&mut self.head);
        head.clear();
        head.extend_from_slice(b"<</Type/Page/Parent ");
        reference(&mut head, leaf_number);
        if page.size != usual {
            paper(&mut head, b"/MediaBox", page.size);
        }
        paper(&mut head, b"/TrimBox", page.size);
        head.extend_from_slice(b"/Contents ");
        reference(&mut head, number + 1);
        head.extend_from_slice(b">>");
        let offset = self.object(number, &head)?;
        self.head = head;
        let content = self.object(number + 1, &page.stream)?;
        if let Some(leaf) = self.leaves.last_mut() {
            leaf.push([offset, content]);
        }
        Ok(())
    }

    /// The pages written so far.
    pub fn pages(&self) -> u64 {
        self.leaves.iter().map(|leaf| leaf.len() as u64).sum()
    }

    /// Ends the file and gives the sink back, flushed.
    ///
    /// # Errors
    /// When the sink fails, the file is too long, or no page was written.
    pub fn finish(mut self) -> Result<W, StampError> {
        let usual = self.usual.ok_or(StampError::NoPages)?;
        let last = self.leaves.len().saturating_sub(1);
        let next = self.leaf_number(last)? + 1 + 2 * self.leaves.last().map_or(0, Vec::len) as u32;
        let first = self.shell.next_number();
        let leaves = (first..).step_by(1 + 2 * KIDS).zip(self.leaves.iter().map(Vec::len));
        let nodes = nodes(leaves, next);
        let mut node_offsets = Vec::with_capacity(nodes.len());
        for node in &nodes {
            let body = node_body(node, usual);
            node_offsets.push((node.number, self.object(node.number, &body)?));
        }
        let root = nodes.last().map_or(0, |node| node.number);
        let id = self.id();
        let ends = self.ends(root, &id)?;
        self.table(ends, &mut node_offsets, &id)?;
        Ok(self.out.into_inner().map_err(io::IntoInnerError::into_error)?)
    }

    /// XMP, Info and catalog; where they start, by number.
    fn ends(&mut self, root: u32, id: &[u8; 16]) -> Result<[u64; 3], StampError> {
        let metadata = self.shell.metadata();
        let mut kind = Dictionary::new();
        kind.set("Type", Object::Name(b"Metadata".to_vec()));
        kind.set("Subtype", Object::Name(b"XML".to_vec()));
        let xmp = Stream::new(kind, metadata.xmp(id).into_bytes());
        let mut catalog = metadata.catalog();
        catalog.set("Pages", (root, 0));
        catalog.set("Metadata", (XMP, 0));
        let xmp = self.written(XMP, &Object::Stream(xmp))?;
        let info = self.written(INFO, &Object::Dictionary(metadata.info()))?;
        let catalog = self.written(CATALOG, &Object::Dictionary(catalog))?;
        Ok([catalog, info, xmp])
    }

    /// The table of offsets and the trailer.
    fn table(&mut self, ends: [u64; 3], nodes: &mut [(u32, u64)], id: &[u8; 16]) -> Result<(), StampError> {
        nodes.sort_unstable();
        let start = self.position;
        let leaves = std::mem::take(&mut self.leaves);
        let pages: usize = leaves.iter().map(Vec::len).sum();
        let size = 1 + ends.len() + self.shell_offsets.len() + nodes.len() + 2 * pages;
        self.put(format!("xref\n0 {size}\n0000000000 65535 f \n").as_bytes())?;
        for offset in ends.into_iter().chain(std::mem::take(&mut self.shell_offsets)) {
            self.entry(offset)?;
        }
        // A leaf, its pages, the next leaf, …, then the nodes above.
        let (of_leaves, above) = nodes.split_at(leaves.len());
        for ((_, offset), leaf) in of_leaves.iter().zip(leaves) {
            self.entry(*offset)?;
            for offset in leaf.as_flattened() {
                self.entry(*offset)?;
            }
        }
        for (_, offset) in above {
            self.entry(*offset)?;
        }
        let mut trailer = format!("trailer\n<</Size {size}/Root {CATALOG} 0 R/Info {INFO} 0 R/ID[").into_bytes();
        object::hexadecimal_string(&mut trailer, id);
        object::hexadecimal_string(&mut trailer, id);
        trailer.extend_from_slice(format!("]>>\nstartxref\n{start}\n%%EOF\n").as_bytes());
        self.put(&trailer)
    }

    fn entry(&mut self, offset: u64) -> Result<(), StampError> {
        let mut line = *b"0000000000 00000 n \n";
        let mut rest = offset;
        for digit in line[..10].iter_mut().rev() {
            *digit = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        self.put(&line)
    }

    /// The file's identifier: follows from shell and pages.
    fn id(&self) -> [u8; 16] {
        let digest = self.digest.clone().chain_update(self.pages().to_be_bytes()).finalize();
        let mut id = [0; 16];
        id.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
        id
    }

    /// Leaves are numbered as they begin, each with room for its pages behind it.
    fn leaf_number(&self, leaf: usize) -> Result<u32, StampError> {
        let number = self.shell.next_number() as usize + leaf * (1 + 2 * KIDS);
        let last = number + 2 * KIDS;
        match u32::try_from(last).is_ok_and(|last| last <= LAST_NUMBER) {
            true => Ok(number as u32),
            false => Err(StampError::TooManyPages),
        }
    }

    fn written(&mut self, number: u32, object: &Object) -> Result<u64, StampError> {
        let mut body = Vec::new();
        object::object(&mut body, object);
        self.object(number, &body)
    }

    /// Writes an object and tells where it starts.
    fn object(&mut self, number: u32, body: &[u8]) -> Result<u64, StampError> {
        let offset = self.position;
        if offset > LAST_OFFSET {
            return Err(StampError::TooLong);
        }
        self.put(itoa::Buffer::new().format(number).as_bytes())?;
        self.put(b" 0 obj\n")?;
        self.put(body)?;
        self.put(b"\nendobj\n")?;
        Ok(offset)
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), StampError> {
        if std::mem::replace(&mut self.broken, true) {
            return Err(StampError::Broken);
        }
        self.out.write_all(bytes)?;
        self.broken = false;
        self.position += bytes.len() as u64;
        Ok(())
    }
}

fn reference(out: &mut Vec<u8>, number: u32) {
    object::integer(out, number.into());
    out.extend_from_slice(b" 0 R");
}

/// A box from the lower left corner.
fn paper(out: &mut Vec<u8>, key: &[u8], size: Size) {
    out.extend_from_slice(key);
    out.extend_from_slice(b"[0 0 ");
    decimal(out, millipoints(size.width));
    out.push(b' ');
    decimal(out, millipoints(size.height));
    out.push(b']');
}

fn node_body(node: &Node, usual: Size) -> Vec<u8> {
    let mut body = Vec::from(b"<</Type/Pages/Count ");
    object::integer(&mut body, node.pages as i64);
    match node.parent {
        Some(parent) => {
            body.extend_from_slice(b"/Parent ");
            reference(&mut body, parent);
        }
        None => {
            paper(&mut body, b"/MediaBox", usual);
            body.extend_from_slice(b"/Resources ");
            reference(&mut body, RESOURCES);
        }
    }
    body.extend_from_slice(b"/Kids[");
    for (index, number) in node.kids.numbers().into_iter().enumerate() {
        if index > 0 {
            body.push(b' ');
        }
        reference(&mut body, number);
    }
    body.extend_from_slice(b"]>>");
    body
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::length::Length;
    use crate::font::faces::Faces;
    use crate::pdf::encoder::{Encoder, Kit};
    use crate::pdf::metadata::Metadata;
    use crate::pdf::page::Scratch;
    use crate::pdf::shell::{Compression, Plan, build};
    use crate::pdf::usage::Usage;
    use crate::sheet::Side;

    /// A shell of nothing, and an empty page for it.
    fn empty() -> (Shell, EncodedPage) {
        let faces = Faces::default();
        let kit = Kit { faces: &faces, plates: &[], pictures: &[], compression: Compression::Fast };
        let encoder = Encoder::new(kit).unwrap();
        let plan = Plan { encoder: &encoder, usage: &Usage::new(), metadata: &Metadata::default() };
        let size = Size { width: Length::mm(210), height: Length::mm(297) };
        let page = encoder.encode(&Side { size, ..Side::default() }, &mut Scratch::default()).unwrap();
        (build(&plan).unwrap(), page)
    }

    #[test]
    fn patch_20_offsets_beyond_four_gigabytes_are_written() {
        let (shell, page) = empty();
        let mut stamper = Stamper::new(Vec::new(), &shell).unwrap();
        stamper.position = 5_000_000_000;
        stamper.page(&page).unwrap();
        let bytes = stamper.finish().unwrap();
        let text = String::from_utf8_lossy(&bytes);
        assert!(text.contains("\n5000000000 00000 n \n"), "{text}");
        assert!(text.contains("startxref\n500000"), "{text}");
    }

    #[test]
    fn patch_20_what_the_table_cannot_hold_is_an_error() {
        let (shell, page) = empty();
        let mut stamper = Stamper::new(Vec::new(), &shell).unwrap();
        stamper.position = LAST_OFFSET - 10;
        assert!(matches!(stamper.page(&page), Err(StampError::TooLong)));
        assert!(stamper.leaf_number(16_000).is_ok());
        assert!(matches!(stamper.leaf_number(16_352), Err(StampError::TooManyPages)));
    }

    #[test]
    fn patch_17_after_an_error_nothing_is_continued() {
        struct Once(bool);
        impl Write for Once {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                match std::mem::replace(&mut self.0, true) {
                    true => Ok(bytes.len()),
                    false => Err(io::ErrorKind::StorageFull.into()),
                }
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let (shell, page) = empty();
        let mut stamper = Stamper::new(Once(false), &shell).unwrap();
        let failed = (0..100_000).find_map(|_| stamper.page(&page).err());
        assert!(matches!(failed, Some(StampError::Io(_))));
        assert!(matches!(stamper.page(&page), Err(StampError::Broken)));
        assert!(matches!(stamper.finish(), Err(StampError::Broken)));
    }

    #[test]
    fn threads_can_share_a_shell_and_send_pages() {
        fn shared<T: Send + Sync>() {}
        shared::<Shell>();
        shared::<Encoder>();
        shared::<EncodedPage>();
        shared::<Usage>();
    }
}
