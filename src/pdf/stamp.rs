//! The file itself: shell, then page after page, then the page tree and the table of places.

use std::io::{self, Write};

use lopdf::{Dictionary, Object, Stream};
use sha2::{Digest, Sha256};

use crate::base::geometry::Size;
use crate::pdf::bundle::Bundle;
use crate::pdf::object;
use crate::pdf::output::Output;
use crate::pdf::page::EncodedPage;
use crate::pdf::places::{LAST_IN_STREAM, LAST_IN_TABLE, Place, Rows, line};
use crate::pdf::shell::{CATALOG, Compression, INFO, RESOURCES, Shell, XMP};
use crate::pdf::space::{decimal, millipoints};
use crate::pdf::tree::{KIDS, Node, nodes};

/// PDF 1.6 is the highest version that PDF/X-4 (ISO 15930-7) allows, and has all that is used: bundles of objects
/// and text for glyphs that have several (1.5), OpenType fonts (1.6), printing at true size (1.6).
const HEADER: &[u8] = b"%PDF-1.6\n%\xE2\xE3\xCF\xD3\n";

/// ISO 32000-1, annex C, table C.1: 8,388,607 indirect objects; the last few are kept for what stands behind the
/// pages. 16,000 leaves have 65 nodes above them, and fill 258 bundles.
const LAST_NUMBER: u32 = 8_388_607 - 512;

/// Nodes of the page tree in one bundle.
const NODES: usize = 64;

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
    /// The file would be longer than its table of places can tell: ten digits, or with [`Compression::Small`] five
    /// bytes.
    #[error("the file would be longer than 10 GB, or 1 TB if it is packed small: split the job, or pack it small")]
    TooLong,
    /// The file would have more objects than readers accept.
    #[error("the file would have more than 4 million pages: split the job")]
    TooManyPages,
}

/// Writes one file. Needs 8 bytes of memory for each page.
pub struct Stamper<'s, W: Write> {
    out: Output<W>,
    shell: &'s Shell,
    /// Where the objects from [`RESOURCES`] on start.
    shell_offsets: Vec<u64>,
    /// Leaves of the page tree that are full.
    leaves: Vec<Leaf>,
    /// The pages of the leaf that is being filled: where their contents start, and their sizes.
    open: Vec<(u64, Size)>,
    /// Pages that are packed together; `None`: each is an object of its own.
    bundle: Option<Bundle>,
    /// The size of the first page, which the others inherit.
    usual: Option<Size>,
    digest: Sha256,
}

/// A leaf of the page tree: first the contents are numbered, then the pages, then the leaf, then their bundle if
/// they have one.
struct Leaf {
    /// For each page where its content starts; below that, in [`LENGTH_BITS`] bits, the length of the page itself,
    /// if it is an object of its own.
    contents: Vec<u64>,
    /// Where the first page starts, or their bundle. The pages follow each other.
    pages: u64,
}

/// Room for the length of a page beside a place of five bytes.
const LENGTH_BITS: u32 = 16;

impl<'s, W: Write> Stamper<'s, W> {
    /// Starts a file: writes the header and the shell.
    ///
    /// # Errors
    /// When the sink fails.
    pub fn new(sink: W, shell: &'s Shell) -> Result<Stamper<'s, W>, StampError> {
        let (last, bundle) = match shell.compression() {
            Compression::None | Compression::Fast => (LAST_IN_TABLE, None),
            Compression::Small => (LAST_IN_STREAM, Some(Bundle::default())),
        };
        let mut stamper = Stamper {
            out: Output::new(sink, last),
            shell,
            shell_offsets: Vec::new(),
            leaves: Vec::new(),
            open: Vec::with_capacity(KIDS),
            bundle,
            usual: None,
            digest: Sha256::new_with_prefix(shell.digest()),
        };
        stamper.out.put(HEADER)?;
        for (number, body) in shell.objects() {
            let offset = stamper.out.object(number, body)?;
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
        if self.open.len() == KIDS {
            self.close()?;
        }
        let number = self.first_number(self.leaves.len())? + self.open.len() as u32;
        let offset = self.out.object(number, &page.stream)?;
        self.digest.update(page.digest.0);
        self.usual.get_or_insert(page.size);
        self.open.push((offset, page.size));
        Ok(())
    }

    /// The pages written so far.
    pub fn pages(&self) -> u64 {
        (self.leaves.len() * KIDS + self.open.len()) as u64
    }

    /// Ends the file and gives the sink back, flushed.
    ///
    /// # Errors
    /// When the sink fails, the file is too long, or no page was written.
    pub fn finish(mut self) -> Result<W, StampError> {
        let usual = self.usual.ok_or(StampError::NoPages)?;
        let id = self.id();
        if !self.open.is_empty() {
            self.close()?;
        }
        let last = self.leaves.len().saturating_sub(1);
        let next = self.first_number(last)? + self.objects_of(self.leaves.last().map_or(0, |leaf| leaf.contents.len()));
        let leaves = self.leaves.iter().enumerate().map(|(index, leaf)| {
            let count = leaf.contents.len();
            Ok((self.first_number(index)? + 2 * count as u32, count))
        });
        let leaves = leaves.collect::<Result<Vec<_>, StampError>>()?;
        let nodes = nodes(leaves.into_iter(), next);
        // Those above the leaves are numbered last.
        let next = next + (nodes.len() - self.leaves.len()) as u32;
        let tree = self.tree(&nodes, next, usual)?;
        let root = nodes.last().map_or(0, |node| node.number);
        let ends = self.ends(root, &id)?;
        let next = next + tree.bundles.len() as u32;
        self.table(ends, tree, next, &id)?;
        self.out.finish()
    }

    /// Writes the pages of the open leaf.
    fn close(&mut self) -> Result<(), StampError> {
        let first = self.first_number(self.leaves.len())?;
        let count = self.open.len() as u32;
        let usual = self.usual.ok_or(StampError::NoPages)?;
        let leaf = first + 2 * count;
        let mut contents = Vec::with_capacity(self.open.len());
        let pages = self.out.position();
        let mut body = Vec::new();
        for (index, (content, size)) in (0..).zip(self.open.drain(..)) {
            let number = first + count + index;
            let write = |body: &mut Vec<u8>| page_body(body, (leaf, first + index), (size, usual));
            let length = match &mut self.bundle {
                Some(bundle) => {
                    bundle.add(number, write);
                    0
                }
                None => {
                    body.clear();
                    write(&mut body);
                    let start = self.out.object(number, &body)?;
                    self.out.position() - start
                }
            };
            contents.push(content << LENGTH_BITS | length);
        }
        if let Some(bundle) = &mut self.bundle {
            self.out.object(leaf + 1, &bundle.body()?)?;
        }
        self.leaves.push(Leaf { contents, pages });
        Ok(())
    }

    /// Writes the nodes of the page tree; bundles of them are numbered from `next` on.
    fn tree(&mut self, nodes: &[Node], next: u32, usual: Size) -> Result<Tree, StampError> {
        let mut tree = Tree { nodes: Vec::with_capacity(nodes.len()), bundles: Vec::new() };
        let mut body = Vec::new();
        for (number, nodes) in (next..).zip(nodes.chunks(NODES)) {
            for (index, node) in (0..).zip(nodes) {
                tree.nodes.push(match &mut self.bundle {
                    Some(bundle) => {
                        bundle.add(node.number, |body| node_body(body, node, usual));
                        Place::Within { bundle: number, index }
                    }
                    None => {
                        body.clear();
                        node_body(&mut body, node, usual);
                        Place::At(self.out.object(node.number, &body)?)
                    }
                });
            }
            if let Some(bundle) = &mut self.bundle {
                tree.bundles.push(Place::At(self.out.object(number, &bundle.body()?)?));
            }
        }
        Ok(tree)
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

    /// The table of places and the trailer. `next` is the first number that no object has.
    fn table(&mut self, ends: [u64; 3], tree: Tree, next: u32, id: &[u8; 16]) -> Result<(), StampError> {
        let start = self.out.position();
        let mut trailer = format!("/Root {CATALOG} 0 R/Info {INFO} 0 R/ID[").into_bytes();
        object::hexadecimal_string(&mut trailer, id);
        object::hexadecimal_string(&mut trailer, id);
        trailer.push(b']');
        let places = self.places(ends, tree);
        if self.bundle.is_some() {
            let mut rows = Rows::new();
            for place in places {
                rows.push(place)?;
            }
            rows.push(Place::At(start))?;
            self.out.object(next, &rows.body(next + 1, &trailer)?)?;
        } else {
            self.out.put(format!("xref\n0 {next}\n").as_bytes())?;
            for place in places {
                self.out.put(&line(place))?;
            }
            self.out.put(format!("trailer\n<</Size {next}").as_bytes())?;
            self.out.put(&trailer)?;
            self.out.put(b">>\n")?;
        }
        self.out.put(format!("startxref\n{start}\n%%EOF\n").as_bytes())
    }

    /// Where every object is, by number. What is known of the pages is given up on the way.
    fn places(&mut self, ends: [u64; 3], tree: Tree) -> impl Iterator<Item = Place> + use<W> {
        let (bundled, first) = (self.bundle.is_some(), self.shell.next_number());
        let leaves = std::mem::take(&mut self.leaves);
        let mut nodes = tree.nodes;
        let above = nodes.split_off(leaves.len());
        let mut next = first;
        let leaves = leaves.into_iter().zip(nodes).flat_map(move |(leaf, node)| {
            let bundle = next + 2 * leaf.contents.len() as u32 + 1;
            next = bundle + u32::from(bundled);
            leaf.places(node, bundled.then_some(bundle))
        });
        let starts = ends.into_iter().chain(std::mem::take(&mut self.shell_offsets));
        let before = std::iter::once(Place::Unused).chain(starts.map(Place::At));
        before.chain(leaves).chain(above).chain(tree.bundles)
    }

    /// The file's identifier: follows from shell and pages.
    fn id(&self) -> [u8; 16] {
        let digest = self.digest.clone().chain_update(self.pages().to_be_bytes()).finalize();
        let mut id = [0; 16];
        id.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
        id
    }

    /// The number of a leaf's first content. All leaves before it are full.
    fn first_number(&self, leaf: usize) -> Result<u32, StampError> {
        let full = self.objects_of(KIDS) as usize;
        let number = self.shell.next_number() as usize + leaf * full;
        match u32::try_from(number + full).is_ok_and(|next| next <= LAST_NUMBER) {
            true => Ok(number as u32),
            false => Err(StampError::TooManyPages),
        }
    }

    /// How many objects there are to a leaf of so many pages.
    fn objects_of(&self, pages: usize) -> u32 {
        2 * pages as u32 + 1 + u32::from(self.bundle.is_some())
    }

    fn written(&mut self, number: u32, object: &Object) -> Result<u64, StampError> {
        let mut body = Vec::new();
        object::object(&mut body, object);
        self.out.object(number, &body)
    }
}

/// Where the nodes of the page tree are, by number, and behind them their bundles.
struct Tree {
    nodes: Vec<Place>,
    bundles: Vec<Place>,
}

impl Leaf {
    /// Where its objects are, by number. `node` is the place of the leaf itself, `bundle` the number of what has the
    /// pages.
    fn places(self, node: Place, bundle: Option<u32>) -> impl Iterator<Item = Place> {
        let Leaf { contents, pages } = self;
        let starts: Vec<Place> = contents.iter().map(|content| Place::At(content >> LENGTH_BITS)).collect();
        let mut start = pages;
        let pages_of = (0..=u8::MAX).zip(contents).map(move |(index, content)| match bundle {
            Some(bundle) => Place::Within { bundle, index },
            None => {
                let place = Place::At(start);
                start += content & ((1 << LENGTH_BITS) - 1);
                place
            }
        });
        starts.into_iter().chain(pages_of).chain([node]).chain(bundle.map(|_| Place::At(pages)))
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

fn page_body(out: &mut Vec<u8>, (parent, content): (u32, u32), (size, usual): (Size, Size)) {
    out.extend_from_slice(b"<</Type/Page/Parent ");
    reference(out, parent);
    if size != usual {
        paper(out, b"/MediaBox", size);
    }
    paper(out, b"/TrimBox", size);
    out.extend_from_slice(b"/Contents ");
    reference(out, content);
    out.extend_from_slice(b">>");
}

fn node_body(out: &mut Vec<u8>, node: &Node, usual: Size) {
    out.extend_from_slice(b"<</Type/Pages/Count ");
    object::integer(out, node.pages as i64);
    match node.parent {
        Some(parent) => {
            out.extend_from_slice(b"/Parent ");
            reference(out, parent);
        }
        None => {
            paper(out, b"/MediaBox", usual);
            out.extend_from_slice(b"/Resources ");
            reference(out, RESOURCES);
        }
    }
    out.extend_from_slice(b"/Kids[");
    for (index, number) in node.kids.numbers().into_iter().enumerate() {
        if index > 0 {
            out.push(b' ');
        }
        reference(out, number);
    }
    out.extend_from_slice(b"]>>");
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
        let kit = Kit { faces: &faces, pictures: &[], compression: Compression::Fast };
        let encoder = Encoder::new(kit, []).unwrap();
        let plan = Plan { encoder: &encoder, usage: &Usage::new(), metadata: &Metadata::default() };
        let size = Size { width: Length::mm(210), height: Length::mm(297) };
        let page = encoder.encode(&Side { size, ..Side::default() }, &mut Scratch::default()).unwrap();
        (build(&plan).unwrap(), page)
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
