//! The tightest sheets of a run: those that a person looks at first.

use crate::engine::report::{Fit, RecordReport};

/// Keeps the tightest sheets of those that it hears of, and no more than it may.
#[derive(Clone, Debug)]
pub struct Tightest {
    limit: usize,
    /// The tightest first; of equals the earlier one.
    kept: Vec<TightSheet>,
}

/// A sheet on which a text had to be made to fit.
#[derive(Clone, Debug, PartialEq)]
pub struct TightSheet {
    /// Number of the record in the input, from 1.
    pub row: u64,
    /// Its `record_id`.
    pub record_id: Option<String>,
    /// How its tightest text was made to fit.
    pub fit: Fit,
}

impl Tightest {
    /// Keeps up to `limit` sheets.
    pub fn new(limit: usize) -> Tightest {
        Tightest { limit, kept: Vec::new() }
    }

    /// Hears of a record. One that is not printed has no sheet.
    pub fn hear(&mut self, report: &RecordReport) {
        let Some(fit) = &report.fit else { return };
        let place = self.kept.partition_point(|kept| !fit.is_tighter(&kept.fit));
        if place >= self.limit {
            return;
        }
        let sheet = TightSheet { row: report.row, record_id: report.record_id.clone(), fit: fit.clone() };
        self.kept.truncate(self.limit - 1);
        self.kept.insert(place, sheet);
    }

    /// The sheets, the tightest first; of equals the one that was heard of first.
    pub fn sheets(&self) -> &[TightSheet] {
        &self.kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::report::Status;

    fn report(row: u64, letters: f64, spaces: f64) -> RecordReport {
        let mut report = RecordReport::new(row, None, Status::Fitted);
        let (percent, size) = (letters, 10.0);
        report.fit = Some(Fit { field: None, step: "condense", percent, size, spaces, lines: 1, letters });
        report
    }

    #[test]
    fn the_tightest_come_first_and_no_more_than_asked_for() {
        let mut tightest = Tightest::new(3);
        for (row, (letters, spaces)) in
            [(70.0, 100.0), (50.0, 100.0), (100.0, 60.0), (100.0, 50.0), (50.0, 100.0), (49.9, 100.0)]
                .iter()
                .enumerate()
        {
            tightest.hear(&report(row as u64 + 1, *letters, *spaces));
        }
        tightest.hear(&RecordReport::new(7, None, Status::Rejected));
        assert_eq!(tightest.sheets().iter().map(|sheet| sheet.row).collect::<Vec<_>>(), [6, 2, 5]);
        let mut none = Tightest::new(0);
        none.hear(&report(1, 1.0, 1.0));
        assert!(none.sheets().is_empty());
    }
}
