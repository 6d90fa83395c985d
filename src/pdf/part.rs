//! What printpdf drew, corrected and written as numbered objects.

use std::collections::{BTreeMap, BTreeSet};

use flate2::{Compress, FlushCompress, Status};
use lopdf::{Dictionary, Document, Object, ObjectId, Stream};

use crate::font::FaceId;
use crate::pdf::draw::{Drawn, font_id, picture_id};
use crate::pdf::font::{Subset, correct};
use crate::pdf::object;
use crate::pdf::shell::Compression;
use crate::pdf::space::millipoints;
use crate::sheet::{Mark, Plate};

/// Objects that hang together.
pub(super) struct Part {
    /// Their bodies, numbered without a gap.
    pub(super) bodies: Vec<Vec<u8>>,
    /// The fonts by name.
    pub(super) fonts: Dictionary,
    /// Forms and pictures by name.
    pub(super) externals: Dictionary,
}

/// Corrects the fonts, makes forms of the plates, and writes what the resources reach, numbered from `first`.
pub(super) fn assemble(
    mut drawn: Drawn,
    faces: &BTreeMap<FaceId, Subset>,
    plates: &[(usize, &Plate)],
    (first, compression): (u32, Compression),
) -> lopdf::Result<Part> {
    for (face, subset) in faces {
        let id = drawn.fonts.get(face).ok_or(lopdf::Error::DictKey(font_id(*face).0))?;
        correct(&mut drawn.objects, *id, subset)?;
    }
    let mut shared = Resources::default();
    shared.fonts.extend(drawn.fonts.keys());
    shared.pictures.extend(drawn.pictures.keys());
    let (mut fonts, mut externals) = shared.dictionaries(&drawn);
    for (index, (number, plate)) in plates.iter().enumerate() {
        let content = drawn.plates.get_mut(index).map(std::mem::take).unwrap_or_default();
        let form = form(plate, content, &drawn);
        externals.set(format!("P{number}"), drawn.objects.add_object(form));
    }
    let mut reach = Reach { first, numbers: BTreeMap::new(), order: Vec::new() };
    for entries in [&mut fonts, &mut externals] {
        entries.iter_mut().for_each(|(_, value)| reach.renumber(value));
    }
    let bodies = reach.bodies(&mut drawn.objects, compression)?;
    Ok(Part { bodies, fonts, externals })
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

/// Objects in the order in which they are reached, numbered from the first number on.
struct Reach {
    first: u32,
    numbers: BTreeMap<ObjectId, u32>,
    order: Vec<ObjectId>,
}

impl Reach {
    /// The bodies of everything that was reached, and of what that reaches.
    fn bodies(mut self, document: &mut Document, compression: Compression) -> lopdf::Result<Vec<Vec<u8>>> {
        let mut deflate = match compression {
            Compression::None => None,
            Compression::Fast => Some(Compress::new(flate2::Compression::default(), true)),
            Compression::Small => Some(Compress::new(flate2::Compression::best(), true)),
        };
        let mut bodies = Vec::new();
        while let Some(id) = self.order.get(bodies.len()) {
            let mut object = std::mem::replace(document.get_object_mut(*id)?, Object::Null);
            self.renumber(&mut object);
            if let (Object::Stream(stream), Some(deflate)) = (&mut object, &mut deflate) {
                pack(stream, deflate)?;
            }
            let mut body = Vec::new();
            object::object(&mut body, &object);
            bodies.push(body);
        }
        Ok(bodies)
    }

    fn renumber(&mut self, object: &mut Object) {
        match object {
            Object::Reference(id) => {
                let Reach { first, numbers, order } = self;
                let number = *numbers.entry(*id).or_insert_with(|| {
                    order.push(*id);
                    *first + (order.len() as u32 - 1)
                });
                *id = (number, 0);
            }
            Object::Array(items) => items.iter_mut().for_each(|item| self.renumber(item)),
            Object::Dictionary(entries) => entries.iter_mut().for_each(|(_, value)| self.renumber(value)),
            Object::Stream(stream) => stream.dict.iter_mut().for_each(|(_, value)| self.renumber(value)),
            Object::Null
            | Object::Boolean(_)
            | Object::Integer(_)
            | Object::Real(_)
            | Object::Name(_)
            | Object::String(..) => {}
        }
    }
}

/// Packs a stream that is not packed yet, where that saves something.
fn pack(stream: &mut Stream, deflate: &mut Compress) -> lopdf::Result<()> {
    if stream.dict.has(b"Filter") {
        return Ok(());
    }
    deflate.reset();
    // The bound of zlib for one call.
    let mut packed = Vec::with_capacity(stream.content.len() + stream.content.len() / 512 + 64);
    let status = deflate
        .compress_vec(&stream.content, &mut packed, FlushCompress::Finish)
        .map_err(|error| std::io::Error::other(error.to_string()))?;
    if status == Status::StreamEnd && packed.len() < stream.content.len() {
        stream.dict.set("Filter", Object::Name(b"FlateDecode".to_vec()));
        stream.content = packed;
    }
    Ok(())
}
