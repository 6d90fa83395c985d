//! The one ink of our papers: black (K) and its tints.

/// A tint of black.
///
/// *Unit*: thousandths; 0 is paper, 1000 is full black. It becomes DeviceGray in the PDF.
/// *Default*: full black.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tint(u16);

impl Tint {
    /// Full black.
    pub const BLACK: Tint = Tint(1000);

    /// A tint in thousandths; `None` above 1000.
    pub const fn permille(thousandths: u16) -> Option<Tint> {
        if thousandths <= 1000 { Some(Tint(thousandths)) } else { None }
    }

    /// The tint in thousandths.
    pub const fn to_permille(self) -> u16 {
        self.0
    }
}

impl Default for Tint {
    fn default() -> Tint {
        Tint::BLACK
    }
}
