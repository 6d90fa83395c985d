//! The lines of a filled paragraph, chosen together (total fit).
//!
//! A line that takes as much as it can may leave a bad one behind it. Of all ways to break a paragraph into as few lines,
//! that one is taken whose lines together are opened least, each counted by the third power of its widest gap (D. E. Knuth
//! and M. F. Plass, Breaking Paragraphs into Lines, 1981), and none more than the worst of the lines that each take as
//! much as they can.

use crate::text::fill::widest;
use crate::text::paragraph::Atom;
use crate::text::paragraph::Rooms;
use crate::text::paragraph::body;
use crate::text::paragraph::line_ends;

/// How bad a line is that cannot be filled. Worse than any that can, and a paragraph has fewer lines than that.
const HOLE: i64 = 1 << 40;

/// The best way up to a place.
#[derive(Clone, Copy)]
struct Way {
    /// How many lines, and how bad they are together.
    cost: (usize, i64),
    /// Where the last of them begins.
    start: usize,
}

/// Where the lines end; `greedy` is where they end if each takes as much as it can.
pub(super) fn ends(atoms: &[Atom], rooms: Rooms, greedy: Vec<usize>) -> Vec<usize> {
    // The first line is as full as can be, and the last one is not filled.
    if greedy.len() < 3 {
        return greedy;
    }
    let starts = [0].into_iter().chain(greedy.iter().copied());
    let worst = starts.zip(&greedy).map(|(start, end)| badness(atoms, start, *end, rooms)).max().unwrap_or(0);
    let mut ways: Vec<Option<Way>> = vec![None; atoms.len() + 1];
    if let Some(first) = ways.first_mut() {
        *first = Some(Way { cost: (0, 0), start: 0 });
    }
    for start in 0..atoms.len() {
        let Some(Way { cost: (lines, bad), .. }) = ways[start] else { continue };
        line_ends(atoms, start, (rooms.of(start), rooms.hanging), |end| {
            let own = badness(atoms, start, end, rooms);
            let cost = (lines + 1, bad.saturating_add(own));
            // Of two equal ways the one with the longer lines in front.
            if own <= worst && ways[end].is_none_or(|way| cost <= way.cost) {
                ways[end] = Some(Way { cost, start });
            }
        });
    }
    let mut ends = Vec::with_capacity(greedy.len());
    let mut end = atoms.len();
    while let Some(way) = ways[end].filter(|_| end > 0) {
        ends.push(end);
        end = way.start;
    }
    ends.reverse();
    // The lines that each take as much as they can are one of the ways, so that there is one.
    if ends.len() == greedy.len() { ends } else { greedy }
}

/// How bad a line is: the third power of the thousandths of the em by which its widest gap is opened.
fn badness(atoms: &[Atom], start: usize, end: usize, rooms: Rooms) -> i64 {
    let Some(line) = atoms.get(start..end).filter(|_| end < atoms.len()) else { return 0 };
    let room = rooms.of(start);
    let (count, _, width) = body(line, room);
    let one = line.first().map_or(1, |atom| atom.one.max(1));
    match widest(&line[..count], room - width) {
        Some(gap) => i64::try_from(gap / one).map_or(HOLE, |gap| gap.saturating_pow(3).min(HOLE)),
        None => HOLE,
    }
}
