//! Draw functions of the desk's task templates: parameters and expected values, computed on the
//! base state by the same queries that the pages use. Each proves that its target is the only
//! one; a set of parameters for which it cannot is thrown away with the reason.

mod bulk;
mod charts;
mod editing;
mod merging;
mod parts;
mod people;
mod reading;

use crate::sites::tasks::draw::DrawFn;

/// The draw function of this name.
pub fn find(name: &str) -> Option<DrawFn> {
    let draw: DrawFn = match name {
        "assignee_and_due" => |sites| reading::assignee_and_due(&sites.desk),
        "label_count" => |sites| reading::label_count(&sites.desk),
        "review_list" => |sites| reading::review_list(&sites.desk),
        "most_closed" => |sites| charts::most_closed(&sites.desk),
        "steepest_day" => |sites| charts::steepest_day(&sites.desk),
        "give_to_namesake" => |sites| people::give_to_namesake(&sites.desk),
        "give_to_outsider" => |sites| people::give_to_outsider(&sites.desk),
        "grant_access" => |sites| people::grant_access(&sites.desk),
        "new_bug" => |sites| editing::new_bug(&sites.desk),
        "card_to_top" => |sites| editing::card_to_top(&sites.desk),
        "log_work" => |sites| editing::log_work(&sites.desk),
        "move_labelled" => |sites| bulk::move_labelled(&sites.desk),
        "move_to_foreign" => |sites| bulk::move_to_foreign(&sites.desk),
        "end_milestone" => |sites| bulk::end_milestone(&sites.desk),
        "merge_closing" => |sites| merging::merge_closing(&sites.desk),
        "same_problem" => |sites| merging::same_problem(&sites.desk),
        _ => return None,
    };
    Some(draw)
}
