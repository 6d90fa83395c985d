//! The page tree: balanced, and never more than 256 kids to a node.

/// The most kids of a node.
pub(super) const KIDS: usize = 256;

/// A node of the page tree.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Node {
    /// Its object number.
    pub(super) number: u32,
    /// The object number of its parent; `None` for the root.
    pub(super) parent: Option<u32>,
    /// The pages below it.
    pub(super) pages: u64,
    /// What hangs on it.
    pub(super) kids: Kids,
}

/// Object numbers of a node's kids.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Kids {
    /// Pages, numbered one after the other.
    Pages {
        /// The number of the first page.
        first: u32,
        /// How many there are.
        count: usize,
    },
    /// Nodes.
    Nodes(Vec<u32>),
}

impl Kids {
    /// The object numbers, in order.
    pub(super) fn numbers(&self) -> Vec<u32> {
        match self {
            Kids::Pages { first, count } => (*first..).take(*count).collect(),
            Kids::Nodes(numbers) => numbers.clone(),
        }
    }
}

/// All nodes over the leaves, the root last. `leaves` are object numbers with counts of pages; the pages
/// of a leaf are numbered right before it. Further nodes get numbers from `next` on.
pub(super) fn nodes(leaves: impl Iterator<Item = (u32, usize)>, mut next: u32) -> Vec<Node> {
    let leaf = |(number, count)| Node {
        number,
        parent: None,
        pages: count as u64,
        kids: Kids::Pages { first: number - count as u32, count },
    };
    let mut level: Vec<Node> = leaves.map(leaf).collect();
    let mut done = Vec::new();
    while level.len() > 1 {
        let groups = level.len().div_ceil(KIDS);
        let (share, larger) = (level.len() / groups, level.len() % groups);
        let mut children = level.into_iter();
        let mut parents = Vec::with_capacity(groups);
        for group in 0..groups {
            let mut parent = Node { number: next, parent: None, pages: 0, kids: Kids::Nodes(Vec::new()) };
            let mut numbers = Vec::with_capacity(share + 1);
            for mut child in children.by_ref().take(share + usize::from(group < larger)) {
                child.parent = Some(next);
                parent.pages += child.pages;
                numbers.push(child.number);
                done.push(child);
            }
            parent.kids = Kids::Nodes(numbers);
            parents.push(parent);
            next += 1;
        }
        level = parents;
    }
    done.extend(level);
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(pages: usize) -> Vec<Node> {
        let counts = (0..pages.div_ceil(KIDS)).map(|leaf| (pages - leaf * KIDS).min(KIDS));
        nodes(counts.enumerate().map(|(leaf, count)| (600 + 513 * leaf as u32, count)), 1_000_000)
    }

    #[test]
    fn every_node_is_balanced_and_knows_its_parent() {
        for pages in [1, 2, 255, 256, 257, 512, 70_000, 256 * 256, 256 * 256 + 1] {
            let tree = tree(pages);
            let (root, others) = tree.split_last().unwrap();
            assert_eq!((root.parent, root.pages), (None, pages as u64));
            for node in others {
                let parent = tree.iter().find(|parent| Some(parent.number) == node.parent).unwrap();
                assert!(parent.kids.numbers().contains(&node.number));
                assert!((1..=KIDS).contains(&node.kids.numbers().len()));
            }
        }
        assert_eq!(tree(256).len(), 1);
        assert_eq!(tree(257).len(), 3);
        // 274 leaves, two nodes of 137, one root.
        assert_eq!(tree(70_000).len(), 277);
    }
}
