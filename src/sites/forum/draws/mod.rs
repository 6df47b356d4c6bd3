//! Draw functions of the forum's task templates: parameters and expected values, computed on the
//! base state by the same queries that the pages use. Each proves that its target is the only
//! one; a set of parameters for which it cannot is thrown away with the reason.

mod circle;
mod comments;
mod parts;
mod reading;
mod writing;

use crate::sites::tasks::draw::DrawFn;

/// The draw function of this name.
pub fn find(name: &str) -> Option<DrawFn> {
    let draw: DrawFn = match name {
        "most_comments" => |sites| comments::most_comments(&sites.forum),
        "best_answered" => |sites| comments::best_answered(&sites.forum),
        "most_posts" => |sites| reading::most_posts(&sites.forum),
        "top_of_month" => |sites| reading::top_of_month(&sites.forum),
        "upvote" => |sites| writing::upvote(&sites.forum),
        "upvote_removed" => |sites| writing::upvote_removed(&sites.forum),
        "answer" => |sites| writing::answer(&sites.forum),
        "new_post" => |sites| writing::new_post(&sites.forum),
        "posted_twice" => |sites| writing::posted_twice(&sites.forum),
        "correct_own" => |sites| writing::correct_own(&sites.forum),
        "correct_others" => |sites| writing::correct_others(&sites.forum),
        "join_all" => |sites| circle::join_all(&sites.forum),
        "meetup" => |sites| circle::meetup(&sites.forum),
        "clear_queue" => |sites| circle::clear_queue(&sites.forum),
        "mute_and_block" => |sites| circle::mute_and_block(&sites.forum),
        _ => return None,
    };
    Some(draw)
}
