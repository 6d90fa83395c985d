//! 均等割付: letters from edge to edge.

use crate::base::length::Length;
use crate::font::resolve::Cluster;
use crate::text::fit::TooLong;
use crate::text::measure::FINE;
use crate::text::measure::Setting;
use crate::text::measure::gaps;
use crate::text::measure::thousandths;

/// The space to add after each cluster, in thousandths of the em, so that the text with its tracking fills
/// `width`; nothing after the last. The thousandths are spread evenly, so that the text ends less than one
/// thousandth of the em before the right edge.
///
/// # Errors
/// When the text alone is wider.
pub fn spread(clusters: &[Cluster], setting: Setting, width: Length) -> Result<Vec<i32>, TooLong> {
    let sum = thousandths(clusters, setting.space);
    let room = i128::from(width.to_units()) * FINE;
    let over = room - setting.fine(sum);
    if over < 0 {
        return Err(TooLong { needed: setting.length(sum), available: width });
    }
    let (one, gaps) = (setting.fine(1), gaps(clusters) as i64);
    let total = if one == 0 { 0 } else { over.div_euclid(one) as i64 };
    let mut gap = 0;
    let mut spaces = vec![0; clusters.len()];
    for (number, space) in spaces.iter_mut().enumerate() {
        if gap < gaps && clusters.get(number + 1).is_some_and(|next| !next.follows()) {
            *space = (total * (gap + 1) / gaps - total * gap / gaps) as i32;
            gap += 1;
        }
    }
    Ok(spaces)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::measure::tests::clusters;

    #[test]
    fn letters_spread_from_edge_to_edge() {
        let nine = Setting::new(Length::pt(9), Length::ZERO);
        let text = clusters(&[1000; 3]);
        let spaces = spread(&text, nine, Length::pt(45)).unwrap();
        assert_eq!(spaces, [1000, 1000, 0]);
        assert_eq!(spread(&text, nine, Length::pt(30)).unwrap(), [166, 167, 0]);
        assert!(spread(&text, nine, Length::pt(26)).is_err());
        assert_eq!(spread(&clusters(&[1000]), nine, Length::pt(26)).unwrap(), [0]);
    }
}
