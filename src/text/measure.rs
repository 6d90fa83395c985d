//! How wide a text is.

use crate::base::length::Length;
use crate::font::face::Face;
use crate::font::faces::Faces;
use crate::font::resolve::Cluster;

/// Natural width of glyphs, in thousandths.
pub const NATURAL: u16 = 1000;

/// How a text is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The size of the em box.
    pub size: Length,
    /// Added after every cluster but the last. *Unit*: thousandths of the em.
    pub space: i32,
    /// Thousandths of the natural width; 1000 is natural, less is 長体. The space is condensed too.
    pub stretch: u16,
}

impl Setting {
    /// Glyphs of natural width in a size, with `tracking` between clusters: rounded to the nearest
    /// thousandth of the em, as that is how a PDF carries it.
    pub fn new(size: Length, tracking: Length) -> Setting {
        let space = if tracking == Length::ZERO { 0 } else { tracking.permille_of(size).unwrap_or(0) as i32 };
        Setting { size, space, stretch: NATURAL }
    }

    /// So many thousandths of the em as a length, rounded up to a whole unit.
    pub fn length(self, thousandths: i64) -> Length {
        match self.small(thousandths) {
            Some(fine) => Length::units(-(-fine).div_euclid(SMALL)),
            None => Length::units(div_ceil(self.fine(thousandths), FINE) as i64),
        }
    }

    /// So many thousandths of the em as a length, rounded to the nearest.
    pub(crate) fn rounded(self, thousandths: i64) -> Length {
        match self.small(thousandths).and_then(|fine| fine.checked_add(SMALL / 2)) {
            Some(fine) => Length::units(fine.div_euclid(SMALL)),
            None => Length::units((self.fine(thousandths) + FINE / 2).div_euclid(FINE) as i64),
        }
    }

    /// [`Setting::fine`] of what stands on paper, which is small enough for quick arithmetic.
    fn small(self, thousandths: i64) -> Option<i64> {
        self.size.to_units().checked_mul(i64::from(self.stretch))?.checked_mul(thousandths)
    }

    /// So many thousandths of the em, exactly: in millionths of a unit of length.
    pub(crate) fn fine(self, thousandths: i64) -> i128 {
        i128::from(self.size.to_units()) * i128::from(self.stretch) * i128::from(thousandths)
    }
}

/// How many fine units make one unit of length.
pub(crate) const FINE: i128 = 1_000_000;
const SMALL: i64 = 1_000_000;

/// The width of a text: from the left end of its first glyph to the right end of the advance of its
/// last, rounded up to a whole unit of length.
///
/// The sum is exact: advances are whole thousandths of the em, each rounded to the nearest from font
/// units as in the PDF's own table of widths (see [`Face::width`](crate::font::face::Face::width)),
/// and the size and the stretch are applied once, to the sum.
pub fn width(clusters: &[Cluster], setting: Setting) -> Length {
    setting.length(thousandths(clusters, setting.space))
}

/// The width of a text in thousandths of the em: advances, and `space` after every cluster but the last.
pub fn thousandths(clusters: &[Cluster], space: i32) -> i64 {
    let advances: i64 = clusters.iter().map(|cluster| i64::from(cluster.advance)).sum();
    if space == 0 { advances } else { advances + i64::from(space) * gaps(clusters) as i64 }
}

/// The room that the drawings of a text take along its line. *Unit*: thousandths of the em.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extent {
    /// How far a drawing reaches beyond where the text begins, to the left. 0 for most texts.
    pub left: i64,
    /// From where the first glyph begins to where the advance of the last one ends.
    pub advance: i64,
    /// How far a drawing reaches beyond where the text ends, to the right. 0 for most texts.
    pub right: i64,
}

impl Extent {
    /// All of it.
    pub fn whole(self) -> i64 {
        self.left + self.advance + self.right
    }
}

/// How far from either end of a text a drawing is looked for that reaches beyond the end.
const REACH: i64 = 1000;

/// How far drawings reach beyond the end that `glyphs` start from: of each, how far its own drawing does, and how far
/// from it the next one stands.
fn overhang(glyphs: impl Iterator<Item = (i64, i64)>) -> i64 {
    let (mut most, mut pen) = (0, 0);
    for (reach, step) in glyphs {
        most = most.max(reach - pen);
        pen += step;
        if pen >= REACH {
            break;
        }
    }
    most
}

/// The room that the drawings of a text take: [`thousandths`], and what overhangs at both ends. `extra` is
/// added after each cluster, beside `space`; shorter than the clusters or empty: nothing.
pub fn extent(faces: &Faces, clusters: &[Cluster], space: i32, extra: &[i32]) -> Extent {
    let added = |number: usize| extra.get(number).map_or(0, |extra| i64::from(*extra)) + after(clusters, number, space);
    let mut advance = thousandths(clusters, space);
    if !extra.is_empty() {
        advance += extra.iter().take(clusters.len()).map(|extra| i64::from(*extra)).sum::<i64>();
    }
    let left = |(number, cluster): (usize, &Cluster)| {
        let reach = faces.overhang(cluster.face, cluster.glyph).left - cluster.right;
        (i64::from(reach), i64::from(cluster.advance) + added(number))
    };
    let right = |(number, cluster): (usize, &Cluster)| {
        let reach = faces.overhang(cluster.face, cluster.glyph).right + cluster.width + cluster.right;
        let step = i64::from(cluster.advance) + added(number);
        (i64::from(reach) - step, step)
    };
    let clusters = clusters.iter().enumerate();
    Extent { left: overhang(clusters.clone().map(left)), advance, right: overhang(clusters.rev().map(right)) }
}

/// The same for a text that is [plain](crate::font::resolve::plain) in a face, of which the sum of all advances is known.
pub fn plain_extent(face: &Face, text: &str, advance: i64) -> Extent {
    let glyphs = text.chars().filter_map(|character| face.unremarkable(character));
    let glyphs = glyphs.map(|(glyph, width)| (face.overhang(glyph), i64::from(width)));
    let left = overhang(glyphs.clone().map(|(beyond, width)| (i64::from(beyond.left), width)));
    let right = overhang(glyphs.rev().map(|(beyond, width)| (i64::from(beyond.right), width)));
    Extent { left, advance, right }
}

/// The tracking behind a cluster.
#[inline]
fn after(clusters: &[Cluster], number: usize, space: i32) -> i64 {
    if space == 0 {
        return 0;
    }
    match clusters.get(number + 1) {
        Some(next) if !next.follows() => i64::from(space),
        Some(_) | None => 0,
    }
}

/// The number of gaps between the clusters of a text.
pub fn gaps(clusters: &[Cluster]) -> usize {
    clusters.iter().filter(|cluster| !cluster.follows()).count().saturating_sub(1)
}

/// Division rounded towards the larger number.
pub(crate) fn div_ceil(number: i128, by: i128) -> i128 {
    -(-number).div_euclid(by)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::font::FaceId;
    use crate::font::GlyphId;

    /// Clusters of one glyph each with these advances, as if the text had one byte for each.
    pub(crate) fn clusters(advances: &[i32]) -> Vec<Cluster> {
        let cluster = |(number, advance): (usize, &i32)| Cluster {
            face: FaceId(0),
            glyph: GlyphId(number as u16 + 1),
            advance: *advance,
            width: *advance,
            right: 0,
            up: 0,
            text: number as u32..number as u32 + 1,
        };
        advances.iter().enumerate().map(cluster).collect()
    }

    #[test]
    fn widths_are_exact() {
        let natural = Setting::new(Length::pt(9), Length::ZERO);
        assert_eq!(width(&clusters(&[1000; 5]), natural), Length::pt(45));
        assert_eq!(width(&clusters(&[500, 500, 1000]), natural), Length::pt(18));
        assert_eq!(width(&[], natural), Length::ZERO);
    }

    #[test]
    fn tracking_stands_between_clusters_only() {
        let tracked = Setting::new(Length::pt(10), Length::pt(2));
        assert_eq!(tracked.space, 200);
        assert_eq!(width(&clusters(&[1000; 3]), tracked), Length::pt(34));
        assert_eq!(width(&clusters(&[1000]), tracked), Length::pt(10));
        let mut marked = clusters(&[600, 0, 600]);
        marked[0].text = 0..2;
        marked[1].text = 2..2;
        assert_eq!(width(&marked, tracked), Length::pt(14));
    }

    #[test]
    fn stretch_applies_to_the_sum_and_rounds_up() {
        let condensed = Setting { stretch: 333, ..Setting::new(Length::units(100), Length::ZERO) };
        assert_eq!(width(&clusters(&[1; 3]), condensed), Length::units(1));
        assert_eq!(width(&clusters(&[1000; 3]), condensed), Length::units(100));
    }
}
