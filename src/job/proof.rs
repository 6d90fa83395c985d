//! The proof: the sheets of a job that a person should look at before the press starts.

use crate::engine::spool::Entry;

/// The most papers that are shown.
const MOST_PAPERS: usize = 64;

/// A sheet that stands out.
#[derive(Clone, Copy)]
struct Best {
    index: usize,
    score: u64,
}

/// Watches a run go by in its order, and remembers the sheets that stand out.
#[derive(Default)]
pub(super) struct Selection {
    first: Option<usize>,
    last: Option<usize>,
    longest_name: Option<Best>,
    longest_address: Option<Best>,
    rarest: Option<Best>,
    papers: Vec<(u16, usize)>,
}

impl Selection {
    /// One sheet of the run.
    pub(super) fn see(&mut self, index: usize, entry: &Entry) {
        self.first.get_or_insert(index);
        self.last = Some(index);
        better(&mut self.longest_name, index, u64::from(entry.name_length));
        better(&mut self.longest_address, index, u64::from(entry.address_length));
        better(&mut self.rarest, index, u64::from(entry.rare));
        if self.papers.len() < MOST_PAPERS && self.papers.iter().all(|(paper, _)| *paper != entry.paper) {
            self.papers.push((entry.paper, index));
        }
    }

    /// The sheets by their places in the run, in its order, each once, with the reasons.
    pub(super) fn finish(self) -> Vec<(usize, Vec<String>)> {
        let best = |best: Option<Best>| best.filter(|best| best.score > 0).map(|best| best.index);
        let mut found: Vec<(usize, Vec<String>)> = Vec::new();
        let mut add = |index: Option<usize>, why: &str| {
            let Some(index) = index else { return };
            match found.iter_mut().find(|(known, _)| *known == index) {
                Some((_, reasons)) => reasons.push(why.to_owned()),
                None => found.push((index, vec![why.to_owned()])),
            }
        };
        add(self.first, "first sheet");
        add(self.last, "last sheet");
        add(best(self.longest_name), "longest name");
        add(best(self.longest_address), "longest address");
        add(best(self.rarest), "rarest characters");
        self.papers.into_iter().for_each(|(_, index)| add(Some(index), "first of its paper"));
        found.sort_by_key(|(index, _)| *index);
        found
    }
}

fn better(best: &mut Option<Best>, index: usize, score: u64) {
    if best.is_none_or(|best| best.score < score) {
        *best = Some(Best { index, score });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_sheet_stands_there_once_with_all_reasons() {
        let mut selection = Selection::default();
        let entry = |paper, name_length, rare| Entry { paper, name_length, rare, ..Entry::default() };
        for (index, entry) in [entry(0, 4, 0), entry(0, 9, 2), entry(1, 5, 0), entry(0, 9, 1)].iter().enumerate() {
            selection.see(index, entry);
        }
        let found = selection.finish();
        let reasons = |index: usize| found.iter().find(|(known, _)| *known == index).unwrap().1.join(", ");
        assert_eq!(found.len(), 4);
        assert_eq!(reasons(0), "first sheet, first of its paper");
        assert_eq!(reasons(1), "longest name, rarest characters");
        assert_eq!(reasons(2), "first of its paper");
        assert_eq!(reasons(3), "last sheet");
    }
}
