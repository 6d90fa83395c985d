//! The fit ladder: a text that is too long is condensed, then made smaller, only as far as needed and
//! only as far as allowed, or else refused.

use thiserror::Error;

use crate::base::fit::Ladder;
use crate::base::fit::Step;
use crate::base::length::Length;
use crate::font::resolve::Cluster;
use crate::text::measure::FINE;
use crate::text::measure::NATURAL;
use crate::text::measure::Setting;
use crate::text::measure::div_ceil;
use crate::text::measure::thousandths;

/// A text that has found its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fitted {
    /// How it is set now.
    pub setting: Setting,
    /// Its width in that setting, never more than was available.
    pub width: Length,
    /// What was done: each step with the thousandths that it really took. Empty: nothing.
    pub steps: Vec<Step>,
}

/// A text that does not fit with all steps taken to their limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("needs {needed} at its tightest, has {available}")]
pub struct TooLong {
    /// Its width with every step taken to its limit.
    pub needed: Length,
    /// The room that it has.
    pub available: Length,
}

/// Fits a text into `available`, starting from `natural`.
///
/// As it is, if it fits. Otherwise step by step in the order of the ladder, each only as far as needed:
/// to the needed number of thousandths, rounded down, but not below the limit of the step. A step whose
/// limit is reached already does nothing. Shrinking scales the tracking along.
///
/// # Errors
/// When the text is too long even with all steps at their limits.
pub fn fit(clusters: &[Cluster], natural: Setting, available: Length, ladder: &Ladder) -> Result<Fitted, TooLong> {
    let sum = thousandths(clusters, natural.space);
    let room = i128::from(available.to_units()) * FINE;
    let mut setting = natural;
    let mut shrunk = NATURAL;
    let mut steps = Vec::new();
    for step in &ladder.steps {
        if setting.fine(sum) <= room {
            break;
        }
        match *step {
            Step::Condense(limit) => {
                let full = Setting { stretch: NATURAL, ..setting };
                let stretch = needed(room, full.fine(sum)).max(limit).min(setting.stretch);
                if stretch < setting.stretch {
                    setting.stretch = stretch;
                    steps.push(Step::Condense(stretch));
                }
            }
            Step::Shrink(limit) => {
                let full = Setting { size: natural.size, ..setting };
                let part = needed(room, full.fine(sum)).max(limit).min(shrunk);
                if part < shrunk {
                    shrunk = part;
                    setting.size = natural.size.scale(i64::from(part), i64::from(NATURAL));
                    steps.push(Step::Shrink(part));
                }
            }
        }
    }
    let width = setting.length(sum);
    match setting.fine(sum) <= room {
        true => Ok(Fitted { setting, width, steps }),
        false => Err(TooLong { needed: width, available }),
    }
}

/// How many thousandths of `full` the room takes, rounded down; at least one, at most all.
fn needed(room: i128, full: i128) -> u16 {
    if full <= 0 {
        return NATURAL;
    }
    (room * i128::from(NATURAL)).div_euclid(full).clamp(1, i128::from(NATURAL)) as u16
}

/// 均等割付: the space to add after each cluster, in thousandths of the em, so that the text with its
/// tracking fills `width`; nothing after the last. The thousandths are spread evenly, so that the text
/// ends less than one thousandth of the em before the right edge.
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
    let (one, gaps) = (setting.fine(1), crate::text::measure::gaps(clusters) as i64);
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

/// How far a text must be moved to the right to stand in the middle of `available`.
pub fn centred(width: Length, available: Length) -> Length {
    Length::units(div_ceil(i128::from((available - width).to_units()), 2) as i64)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::measure::tests::clusters;
    use crate::text::measure::width;

    fn nine() -> Setting {
        Setting::new(Length::pt(9), Length::ZERO)
    }

    fn ladder(steps: &[Step]) -> Ladder {
        Ladder { steps: steps.to_vec() }
    }

    #[test]
    fn each_step_goes_only_as_far_as_needed() {
        let steps = ladder(&[Step::Condense(800), Step::Shrink(700)]);
        let text = clusters(&[1000; 10]);
        let fitted = |available| fit(&text, nine(), available, &steps).unwrap();
        assert_eq!(fitted(Length::pt(90)).steps, []);
        assert_eq!(fitted(Length::pt(89)).steps, [Step::Condense(988)]);
        assert_eq!(fitted(Length::pt(72)).steps, [Step::Condense(800)]);
        assert_eq!(fitted(Length::pt(71)).steps, [Step::Condense(800), Step::Shrink(986)]);
        let tightest = Length::units(Length::pt(90).to_units() * 56 / 100);
        assert_eq!(fitted(tightest).setting.size, Length::parse("6.3pt").unwrap());
        let refused = fit(&text, nine(), tightest - Length::units(1), &steps).unwrap_err();
        assert_eq!(refused.needed, tightest);
    }

    #[test]
    fn the_order_is_the_ladders() {
        let steps = ladder(&[Step::Shrink(900), Step::Condense(900), Step::Shrink(800)]);
        let fitted = fit(&clusters(&[1000; 10]), nine(), Length::pt(68), &steps).unwrap();
        assert_eq!(fitted.steps, [Step::Shrink(900), Step::Condense(900), Step::Shrink(839)]);
        assert!(fit(&clusters(&[1000; 10]), nine(), Length::pt(89), &Ladder::default()).is_err());
    }

    #[test]
    fn letters_spread_from_edge_to_edge() {
        let text = clusters(&[1000; 3]);
        let spaces = spread(&text, nine(), Length::pt(45)).unwrap();
        assert_eq!(spaces, [1000, 1000, 0]);
        assert_eq!(spread(&text, nine(), Length::pt(30)).unwrap(), [166, 167, 0]);
        assert!(spread(&text, nine(), Length::pt(26)).is_err());
        assert_eq!(spread(&clusters(&[1000]), nine(), Length::pt(26)).unwrap(), [0]);
    }

    proptest! {
        #[test]
        fn never_wider_than_the_room_never_below_a_limit(
            advances in prop::collection::vec(1..1500_i32, 0..40),
            size in 1..5_000_000_i64,
            space in -50..300_i32,
            available in 0..100_000_000_i64,
            condense in 500..1000_u16,
            shrink in 500..1000_u16,
            condense_first: bool,
        ) {
            let text = clusters(&advances);
            let setting = Setting { size: Length::units(size), space, stretch: NATURAL };
            let mut steps = [Step::Condense(condense), Step::Shrink(shrink)];
            if !condense_first {
                steps.reverse();
            }
            let available = Length::units(available);
            match fit(&text, setting, available, &ladder(&steps)) {
                Ok(fitted) => {
                    prop_assert!(fitted.width <= available);
                    prop_assert_eq!(fitted.width, width(&text, fitted.setting));
                    prop_assert!(fitted.setting.stretch >= condense);
                    prop_assert!(fitted.setting.size >= setting.size.scale(i64::from(shrink), 1000));
                    prop_assert_eq!(fitted.steps.is_empty(), fitted.setting == setting);
                }
                Err(refused) => prop_assert!(refused.needed > available),
            }
        }
    }
}
