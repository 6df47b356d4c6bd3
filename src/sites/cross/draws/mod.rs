//! Draw functions of task templates that cross sites. Each proves on the base state that its
//! target is the only one, on every site that it touches.

mod forum;
mod late;
mod packing;
mod parts;
mod prices;

use crate::sites::tasks::draw::DrawFn;

/// The draw function of this name.
pub fn find(name: &str) -> Option<DrawFn> {
    let draw: DrawFn = match name {
        "told_figure" => forum::told_figure,
        "late_refund" => late::late_refund,
        "not_late_enough" => late::not_late_enough,
        "packing_list" => packing::packing_list,
        "new_prices" => prices::new_prices,
        _ => return None,
    };
    Some(draw)
}
