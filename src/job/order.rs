//! The order of a run: which sheet stands where, and which stay together.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::engine::spool::Entry;

/// What sheets are sorted by. The members of a 封入グループ always follow each other, in the order of the input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Order {
    /// As the input has them; a group where its first member stands.
    #[default]
    Input,
    /// By 郵便番号, those without one last; a group where its first member belongs.
    Postcode,
    /// By 封入グループ as text, those without one last, in the order of the input.
    Group,
}

/// Groups are numbered as they come; this one stands for none.
const ALONE: u32 = u32::MAX;

/// Set in the key of a sheet that is printed on both sides.
const DUPLEX: u32 = 1 << 24;

/// Where the postcode of a record without one sorts.
const NO_POSTCODE: u32 = 9_999_999 + 1;

/// A sheet of the run.
#[derive(Clone, Copy, Debug, Default)]
pub struct Place {
    /// Where its entry starts in the spool.
    pub entry: u64,
    key: u32,
    group: u32,
}

/// Gathers the sheets of a run, and puts them in order.
#[derive(Debug)]
pub struct Sorter {
    order: Order,
    places: Vec<Place>,
    groups: HashMap<String, u32>,
    /// For each group: where its first member sorts.
    leaders: Vec<u32>,
    /// Groups with a sheet that has a back, by stock.
    duplex: BTreeSet<(u32, u8)>,
    /// Groups of which not every paper is with the others.
    incomplete: BTreeSet<u32>,
}

impl Sorter {
    /// No sheets yet.
    pub fn new(order: Order) -> Sorter {
        Sorter {
            order,
            places: Vec::new(),
            groups: HashMap::new(),
            leaders: Vec::new(),
            duplex: BTreeSet::new(),
            incomplete: BTreeSet::new(),
        }
    }

    /// Adds a sheet; `stock` tells papers apart that no machine prints in one run. *Range of `stock`*: below 32.
    pub fn add(&mut self, entry: u64, sheet: &Entry, stock: u8) {
        let group = self.group(&sheet.group);
        let own = match self.order {
            Order::Input | Order::Group => 0,
            Order::Postcode => sheet.postcode.parse().unwrap_or(NO_POSTCODE).min(NO_POSTCODE),
        };
        let key = match self.leaders.get_mut(group as usize) {
            Some(leader) => {
                if *leader == ALONE {
                    *leader = own;
                }
                *leader
            }
            None => own,
        };
        if sheet.pulled {
            self.lacks(&sheet.group);
        }
        // 引抜き, then the stock, then whether it has a back, then the postcode: 1, 5, 1 and 24 bits.
        let (stock, has_back) = (stock.min(31), sheet.pages > 1);
        let class = u32::from(sheet.pulled) << 30 | u32::from(stock) << 25 | u32::from(has_back) << 24;
        self.places.push(Place { entry, key: class | key, group });
        if has_back && group != ALONE && !sheet.pulled {
            self.duplex.insert((group, stock));
        }
    }

    /// Notes that a group lacks a paper: a record of it is not printed, or is pulled out of the mail.
    pub fn lacks(&mut self, group: &str) {
        let group = self.group(group);
        if group != ALONE {
            self.incomplete.insert(group);
        }
    }

    fn group(&mut self, group: &str) -> u32 {
        if group.is_empty() {
            return ALONE;
        }
        if let Some(number) = self.groups.get(group) {
            return *number;
        }
        let number = self.leaders.len() as u32;
        self.groups.insert(group.to_owned(), number);
        self.leaders.push(ALONE);
        number
    }

    /// The sheets in order.
    pub fn finish(mut self) -> Ordered {
        // The sheets of one envelope stay together: where one has a back, all are printed on both sides.
        for place in self.places.iter_mut().filter(|_| !self.duplex.is_empty()) {
            let stock = (place.key >> 25 & 31) as u8;
            if place.key >> 30 == 0 && self.duplex.contains(&(place.group, stock)) {
                place.key |= DUPLEX;
            }
        }
        let ranks = self.ranks();
        let rank = |place: &Place| ranks.get(place.group as usize).copied();
        match self.order {
            // Nothing to move: the places are those of the input.
            Order::Input | Order::Postcode if ranks.is_empty() => {
                self.places.sort_unstable_by_key(|place| (place.key, place.entry));
            }
            Order::Input | Order::Postcode => {
                // A group stands where its first member does.
                let mut first = vec![u64::MAX; ranks.len()];
                for place in &self.places {
                    if let Some(first) = first.get_mut(place.group as usize) {
                        *first = (*first).min(place.entry);
                    }
                }
                let leader = |place: &Place| first.get(place.group as usize).copied().unwrap_or(place.entry);
                self.places.sort_unstable_by_key(|place| (place.key, leader(place), place.entry));
            }
            Order::Group => {
                self.places.sort_unstable_by_key(|place| (place.key, rank(place).unwrap_or(ALONE), place.entry));
            }
        }
        Ordered { places: self.places, incomplete: self.incomplete }
    }

    /// For each group its place among all groups as text.
    fn ranks(&self) -> Vec<u32> {
        let sorted: BTreeMap<&str, u32> = self.groups.iter().map(|(name, number)| (name.as_str(), *number)).collect();
        let mut ranks = vec![0; sorted.len()];
        for (rank, number) in (0..).zip(sorted.into_values()) {
            if let Some(place) = ranks.get_mut(number as usize) {
                *place = rank;
            }
        }
        ranks
    }
}

/// The sheets of a run in order.
#[derive(Debug)]
pub struct Ordered {
    places: Vec<Place>,
    incomplete: BTreeSet<u32>,
}

impl Ordered {
    /// The sheets.
    pub fn places(&self) -> &[Place] {
        &self.places
    }

    /// Whether a sheet's group lacks a paper.
    pub fn is_incomplete(&self, place: &Place) -> bool {
        self.incomplete.contains(&place.group)
    }

    /// Leaves out the sheets of groups that lack a paper, and gives them back. Pulled sheets go with them.
    pub fn hold_incomplete(&mut self) -> Vec<Place> {
        let Ordered { places, incomplete } = self;
        let (held, kept) = std::mem::take(places).into_iter().partition(|place| incomplete.contains(&place.group));
        *places = kept;
        held
    }
}

impl Place {
    /// A sheet without order or group.
    pub(super) fn alone(entry: u64) -> Place {
        Place { entry, key: 0, group: ALONE }
    }

    /// Whether it lies in one envelope with another sheet: the same group on the same stock, and neither pulled.
    pub fn is_with(&self, other: &Place) -> bool {
        self.group != ALONE && self.group == other.group && self.class() == other.class()
    }

    /// Whether a machine prints both in one run.
    pub fn is_like(&self, other: &Place) -> bool {
        self.class() == other.class()
    }

    /// Whether it is printed in a run on both sides.
    pub fn is_duplex(&self) -> bool {
        self.key & DUPLEX != 0
    }

    fn class(&self) -> u32 {
        self.key >> 24
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(order: Order, sheets: &[(&str, &str, bool, u8)]) -> Vec<u64> {
        let mut sorter = Sorter::new(order);
        for (entry, (postcode, group, pulled, stock)) in (0..).zip(sheets) {
            let (postcode, group) = ((*postcode).to_owned(), (*group).to_owned());
            sorter.add(entry, &Entry { postcode, group, pulled: *pulled, ..Entry::default() }, *stock);
        }
        sorter.finish().places().iter().map(|place| place.entry).collect()
    }

    #[test]
    fn groups_follow_each_other_whatever_the_order() {
        let sheets = [
            ("3000000", "", false, 0),
            ("2000000", "b", false, 0),
            ("", "a", false, 0),
            ("1000000", "", false, 0),
            ("9000000", "b", false, 0),
            ("1000000", "a", false, 0),
        ];
        assert_eq!(sorted(Order::Input, &sheets), [0, 1, 4, 2, 5, 3]);
        assert_eq!(sorted(Order::Postcode, &sheets), [3, 1, 4, 0, 2, 5]);
        assert_eq!(sorted(Order::Group, &sheets), [2, 5, 1, 4, 0, 3]);
    }

    #[test]
    fn stocks_and_pulled_sheets_stand_apart() {
        let sheets = [("1", "a", true, 0), ("2", "a", false, 1), ("3", "a", false, 0), ("4", "", false, 1)];
        assert_eq!(sorted(Order::Input, &sheets), [2, 1, 3, 0]);
        let mut sorter = Sorter::new(Order::Input);
        let two_sided = |group: &str, pages| Entry { group: group.to_owned(), pages, ..Entry::default() };
        for (entry, (group, pages)) in (0..).zip([("", 2), ("", 1), ("a", 1), ("a", 2), ("", 1)]) {
            sorter.add(entry, &two_sided(group, pages), 0);
        }
        let ordered = sorter.finish();
        let found: Vec<(u64, bool)> = ordered.places().iter().map(|place| (place.entry, place.is_duplex())).collect();
        assert_eq!(found, [(1, false), (4, false), (0, true), (2, true), (3, true)]);
        let mut sorter = Sorter::new(Order::Input);
        let sheet = |group: &str, pulled| Entry { group: group.to_owned(), pulled, ..Entry::default() };
        sorter.add(0, &sheet("a", true), 0);
        sorter.add(1, &sheet("a", false), 0);
        sorter.add(2, &sheet("b", false), 0);
        sorter.add(3, &sheet("", false), 0);
        sorter.lacks("");
        let mut ordered = sorter.finish();
        let incomplete: Vec<bool> = ordered.places().iter().map(|place| ordered.is_incomplete(place)).collect();
        assert_eq!(incomplete, [true, false, false, true]);
        assert_eq!(ordered.hold_incomplete().iter().map(|place| place.entry).collect::<Vec<_>>(), [1, 0]);
        assert_eq!(ordered.places().iter().map(|place| place.entry).collect::<Vec<_>>(), [2, 3]);
    }
}
