//! How large a page is shown.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Size of the viewport in CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewport {
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
}

impl Viewport {
    /// What every page is shown in, unless its benchmark has a size of its own.
    pub const STANDARD: Self = Self {
        width: 1280,
        height: 720,
    };

    /// The same with fractions of pixels.
    pub fn size(self) -> (f64, f64) {
        (f64::from(self.width), f64::from(self.height))
    }
}

impl fmt::Display for Viewport {
    /// E.g. `1280 x 720`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} x {}", self.width, self.height)
    }
}

impl Default for Viewport {
    fn default() -> Self {
        Self::STANDARD
    }
}
