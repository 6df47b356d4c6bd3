//! Draw functions of the office's task templates: parameters and expected values, computed on
//! the base state by the same queries that the pages use. Each proves that its target is the
//! only one; a set of parameters for which it cannot is thrown away with the reason.

use crate::sites::tasks::draw::DrawFn;

/// The draw function of this name.
pub fn find(_name: &str) -> Option<DrawFn> {
    None
}
