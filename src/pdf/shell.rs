//! The shell: every object of a file but its pages, drawn by printpdf and corrected once.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;

use flate2::write::ZlibEncoder;
use lopdf::{Dictionary, Document, Object, ObjectId, Stream};
use sha2::{Digest, Sha256};

use crate::base::geometry::Size;
use crate::font::FaceId;
use crate::pdf::FontFile;
use crate::pdf::content::EncodeError;
use crate::pdf::draw::{Drawn, draw, font_id, picture_id};
use crate::pdf::font::{Codes, Subset, correct, subset};
use crate::pdf::metadata::{Metadata, MetadataError};
use crate::pdf::object;
use crate::pdf::picture::{Picture, PictureError};
use crate::pdf::space::millipoints;
use crate::pdf::usage::Usage;
use crate::sheet::{Mark, Plate, PlateId};

/// The catalog: written last, its number is known first.
pub(super) const CATALOG: u32 = 1;
/// The Info dictionary, written last.
pub(super) const INFO: u32 = 2;
/// The XMP packet, written last.
pub(super) const XMP: u32 = 3;
/// The resources that all pages share: the first object of the shell itself.
pub(super) const RESOURCES: u32 = 4;

/// How streams are packed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Compression {
    /// Not at all: for reading a file with the eye.
    None,
    /// Pages at the fastest level of deflate, shared objects at a middle one. The default: 5 µs a page
    /// save a quarter of the file.
    #[default]
    Fast,
}

/// What a shell is built from.
#[derive(Clone, Copy)]
pub struct Plan<'a> {
    /// The font files, by the number of the face.
    pub fonts: &'a [FontFile<'a>],
    /// What the sheets use. Glyphs and pictures of the plates are added by [`build`].
    pub usage: &'a Usage,
    /// The plates; those that are not in `usage` are left out.
    pub plates: &'a [&'a Plate],
    /// The pictures that marks name by number; those that are not used are left out.
    pub pictures: &'a [Picture],
    /// What the file says about itself.
    pub metadata: &'a Metadata,
    /// How streams are packed.
    pub compression: Compression,
}

/// Why a shell cannot be built.
#[derive(Debug, thiserror::Error)]
pub enum ShellError {
    /// A mark names a face without a file.
    #[error("face {} has no font file", face.0)]
    NoFont {
        /// The face.
        face: FaceId,
    },
    /// The font file cannot be used.
    #[error("the font of face {} cannot be used: {message}", face.0)]
    Font {
        /// The face.
        face: FaceId,
        /// What is wrong with it.
        message: String,
    },
    /// A mark uses glyph 0: the box of a missing character would be printed.
    #[error("a mark uses the missing glyph of face {}", face.0)]
    MissingGlyph {
        /// The face.
        face: FaceId,
    },
    /// A mark uses a glyph that the font does not have.
    #[error("a mark uses a glyph that face {} does not have: was it shaped with another file?", face.0)]
    NoSuchGlyph {
        /// The face.
        face: FaceId,
    },
    /// A side uses a plate that was not handed in.
    #[error("plate {0:?} is used and was not handed in")]
    NoPlate(PlateId),
    /// Two plates have one name.
    #[error("plate {0:?} was handed in twice")]
    SamePlate(PlateId),
    /// A plate cannot be drawn.
    #[error("plate {plate:?}: {error}")]
    Plate {
        /// The plate.
        plate: PlateId,
        /// Why.
        error: EncodeError,
    },
    /// A mark names a picture that was not handed in.
    #[error("picture {0} is used and was not handed in")]
    NoPicture(usize),
    /// A picture is broken.
    #[error("picture {index}: {error}")]
    Picture {
        /// Its number.
        index: usize,
        /// Why.
        error: PictureError,
    },
    /// The metadata cannot be written.
    #[error(transparent)]
    Metadata(#[from] MetadataError),
    /// printpdf warned, or wrote something else than is known of its version.
    #[error("drawing the shell failed: {0}")]
    Drawing(String),
}

/// Every object of a file but its pages. One shell serves any number of files and threads.
pub struct Shell {
    /// The bodies of the objects from [`RESOURCES`] on.
    objects: Vec<Vec<u8>>,
    codes: BTreeMap<FaceId, Codes>,
    plates: BTreeMap<PlateId, (usize, Size)>,
    pictures: BTreeSet<usize>,
    metadata: Metadata,
    compression: Compression,
    digest: [u8; 32],
}

/// Builds a shell: cuts the fonts down, has printpdf draw, corrects the result.
///
/// # Errors
/// See [`ShellError`]; nothing is left out silently.
pub fn build(plan: &Plan) -> Result<Shell, ShellError> {
    plan.metadata.check()?;
    let plates = used_plates(plan)?;
    let mut usage = plan.usage.clone();
    for plate in plates.values() {
        usage.add_marks(&plate.marks);
    }
    let pictures = used_pictures(plan, &usage)?;
    let mut faces = BTreeMap::new();
    for face in usage.faces() {
        let file = plan.fonts.get(usize::from(face.0)).ok_or(ShellError::NoFont { face })?;
        faces.insert(face, subset(face, file, usage.glyphs(face))?);
    }
    let in_order: Vec<&Plate> = plates.values().copied().collect();
    let drawn = draw(&faces, &in_order, &pictures)?;
    let objects =
        assemble(drawn, &faces, &in_order, plan.compression).map_err(|error| ShellError::Drawing(error.to_string()))?;
    let mut digest = Sha256::new();
    objects.iter().for_each(|object| digest.update(object));
    digest.update(plan.metadata.xmp(&[0; 16]));
    Ok(Shell {
        objects,
        codes: faces.into_iter().map(|(face, subset)| (face, subset.codes)).collect(),
        plates: plates.values().enumerate().map(|(name, plate)| (plate.id, (name, plate.size))).collect(),
        pictures: pictures.into_keys().collect(),
        metadata: plan.metadata.clone(),
        compression: plan.compression,
        digest: digest.finalize().into(),
    })
}

fn used_plates<'a>(plan: &Plan<'a>) -> Result<BTreeMap<PlateId, &'a Plate>, ShellError> {
    let mut given = BTreeMap::new();
    for plate in plan.plates.iter().copied() {
        if given.insert(plate.id, plate).is_some() {
            return Err(ShellError::SamePlate(plate.id));
        }
    }
    let used = plan.usage.plates().map(|id| Ok((id, *given.get(&id).ok_or(ShellError::NoPlate(id))?)));
    used.collect()
}

fn used_pictures<'a>(plan: &Plan<'a>, usage: &Usage) -> Result<BTreeMap<usize, &'a Picture>, ShellError> {
    let mut used = BTreeMap::new();
    for index in usage.pictures() {
        let picture = plan.pictures.get(index).ok_or(ShellError::NoPicture(index))?;
        picture.check().map_err(|error| ShellError::Picture { index, error })?;
        used.insert(index, picture);
    }
    Ok(used)
}

/// Corrects the fonts, makes forms of the plates, and writes what the resources reach.
fn assemble(
    mut drawn: Drawn,
    faces: &BTreeMap<FaceId, Subset>,
    plates: &[&Plate],
    compression: Compression,
) -> lopdf::Result<Vec<Vec<u8>>> {
    for (face, subset) in faces {
        let id = drawn.fonts.get(face).ok_or(lopdf::Error::DictKey(font_id(*face).0))?;
        correct(&mut drawn.objects, *id, subset)?;
    }
    let mut shared = Resources::default();
    shared.fonts.extend(drawn.fonts.keys());
    shared.pictures.extend(drawn.pictures.keys());
    let (mut fonts, mut externals) = shared.dictionaries(&drawn);
    for (name, plate) in plates.iter().enumerate() {
        let content = drawn.plates.get_mut(name).map(std::mem::take).unwrap_or_default();
        let form = form(plate, content, &drawn);
        externals.set(format!("P{name}"), drawn.objects.add_object(form));
    }
    let mut root = Dictionary::new();
    for (key, entries) in [("Font", &mut fonts), ("XObject", &mut externals)] {
        if !entries.is_empty() {
            root.set(key, std::mem::take(entries));
        }
    }
    let root = drawn.objects.add_object(root);
    reachable(&drawn.objects, root, compression)
}

/// Faces and pictures that a stream names.
#[derive(Default)]
struct Resources {
    fonts: BTreeSet<FaceId>,
    pictures: BTreeSet<usize>,
}

impl Resources {
    fn dictionaries(&self, drawn: &Drawn) -> (Dictionary, Dictionary) {
        let fonts = self.fonts.iter().filter_map(|face| Some((font_id(*face).0, (*drawn.fonts.get(face)?).into())));
        let pictures =
            self.pictures.iter().filter_map(|index| Some((picture_id(*index).0, (*drawn.pictures.get(index)?).into())));
        (
            fonts.collect::<Vec<(String, Object)>>().into_iter().collect(),
            pictures.collect::<Vec<(String, Object)>>().into_iter().collect(),
        )
    }
}

/// The form XObject of a plate, with resources of its own.
fn form(plate: &Plate, content: Vec<u8>, drawn: &Drawn) -> Stream {
    let mut used = Resources::default();
    for mark in &plate.marks {
        match mark {
            Mark::Run(run) => {
                used.fonts.insert(run.face);
            }
            Mark::Image(image) => {
                used.pictures.insert(image.index);
            }
            Mark::Line(_) | Mark::Box(_) | Mark::Bars(_) => {}
        }
    }
    let (fonts, pictures) = used.dictionaries(drawn);
    let mut resources = Dictionary::new();
    if !fonts.is_empty() {
        resources.set("Font", fonts);
    }
    if !pictures.is_empty() {
        resources.set("XObject", pictures);
    }
    let name = |text: &str| Object::Name(text.into());
    let corner = |length| Object::Real(millipoints(length) as f32 / 1000.0);
    let mut form = Dictionary::new();
    form.set("Type", name("XObject"));
    form.set("Subtype", name("Form"));
    form.set("FormType", 1);
    form.set("BBox", vec![0.into(), 0.into(), corner(plate.size.width), corner(plate.size.height)]);
    form.set("Resources", resources);
    Stream::new(form, content)
}

/// The bodies of all objects that `root` reaches, numbered from [`RESOURCES`] in the order of reaching.
fn reachable(document: &Document, root: ObjectId, compression: Compression) -> lopdf::Result<Vec<Vec<u8>>> {
    let mut order = vec![root];
    let mut numbers = BTreeMap::from([(root, RESOURCES)]);
    let mut bodies = Vec::new();
    while let Some(id) = order.get(bodies.len()) {
        let mut object = document.get_object(*id)?.clone();
        renumber(&mut object, &mut numbers, &mut order);
        if let (Object::Stream(stream), Compression::Fast) = (&mut object, compression) {
            deflate(stream)?;
        }
        let mut body = Vec::new();
        object::object(&mut body, &object);
        bodies.push(body);
    }
    Ok(bodies)
}

fn renumber(object: &mut Object, numbers: &mut BTreeMap<ObjectId, u32>, order: &mut Vec<ObjectId>) {
    match object {
        Object::Reference(id) => {
            let number = *numbers.entry(*id).or_insert_with(|| {
                order.push(*id);
                RESOURCES + (order.len() as u32 - 1)
            });
            *id = (number, 0);
        }
        Object::Array(items) => items.iter_mut().for_each(|item| renumber(item, numbers, order)),
        Object::Dictionary(entries) => entries.iter_mut().for_each(|(_, value)| renumber(value, numbers, order)),
        Object::Stream(stream) => stream.dict.iter_mut().for_each(|(_, value)| renumber(value, numbers, order)),
        Object::Null
        | Object::Boolean(_)
        | Object::Integer(_)
        | Object::Real(_)
        | Object::Name(_)
        | Object::String(..) => {}
    }
}

fn deflate(stream: &mut Stream) -> lopdf::Result<()> {
    if stream.dict.has(b"Filter") {
        return Ok(());
    }
    let mut encoder = ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(&stream.content)?;
    let packed = encoder.finish()?;
    if packed.len() < stream.content.len() {
        stream.dict.set("Filter", Object::Name(b"FlateDecode".to_vec()));
        stream.content = packed;
    }
    Ok(())
}

impl Shell {
    /// Numbers and bodies of the objects that stand before the pages.
    pub(super) fn objects(&self) -> impl Iterator<Item = (u32, &[u8])> {
        (RESOURCES..).zip(self.objects.iter().map(Vec::as_slice))
    }

    /// The first number that is free.
    pub(super) fn next_number(&self) -> u32 {
        RESOURCES + self.objects.len() as u32
    }

    /// The codes of a face.
    pub(super) fn codes(&self, face: FaceId) -> Option<&Codes> {
        self.codes.get(&face)
    }

    /// The number in the name of a plate, and the paper it is for.
    pub(super) fn plate(&self, id: PlateId) -> Option<(usize, Size)> {
        self.plates.get(&id).copied()
    }

    /// Whether the file has this picture.
    pub(super) fn has_picture(&self, index: usize) -> bool {
        self.pictures.contains(&index)
    }

    /// What the file says about itself.
    pub(super) fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    /// How pages are packed.
    pub(super) fn compression(&self) -> Compression {
        self.compression
    }

    /// Follows from everything in the shell.
    pub(super) fn digest(&self) -> &[u8; 32] {
        &self.digest
    }
}
