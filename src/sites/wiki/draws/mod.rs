//! Draw functions of the wiki's task templates: parameters and expected values, computed on the
//! base state by the same queries that the pages use. Each proves that its target is the only
//! one; a set of parameters for which it cannot is thrown away with the reason.

mod facts;
mod parts;
mod past;
mod writing;

use crate::sites::tasks::draw::DrawFn;

/// The draw function of this name.
pub fn find(name: &str) -> Option<DrawFn> {
    let draw: DrawFn = match name {
        "infobox_fact" => |sites| facts::infobox_fact(&sites.wiki),
        "table_lowest" => |sites| facts::table_lowest(&sites.wiki),
        "lost_sentence" => |sites| past::lost_sentence(&sites.wiki),
        "bridge_year" => |sites| facts::bridge_year(&sites.wiki),
        "wrong_link" => |sites| writing::wrong_link(&sites.wiki),
        "wrong_link_protected" => |sites| writing::wrong_link_protected(&sites.wiki),
        "table_row" => |sites| writing::table_row(&sites.wiki),
        "emptied_section" => |sites| past::emptied_section(&sites.wiki),
        "rename" => |sites| writing::rename(&sites.wiki),
        "missing_page" => |sites| writing::missing_page(&sites.wiki),
        "end_of_day" => |sites| past::end_of_day(&sites.wiki),
        _ => return None,
    };
    Some(draw)
}
