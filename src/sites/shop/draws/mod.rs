//! Draw functions of the shop's task templates: parameters and expected values, computed on the
//! base state by the same queries that the pages use. Each proves that its target is the only
//! one; a set of parameters for which it cannot is thrown away with the reason.

mod again;
mod cart;
mod checkout;
mod open;
mod orders;
mod parts;
mod products;
mod sets;

use crate::sites::tasks::draw::DrawFn;

/// The draw function of this name.
pub fn find(name: &str) -> Option<DrawFn> {
    let draw: DrawFn = match name {
        "variant_price" => |sites| products::variant_price(&sites.shop),
        "cheapest_rated" => |sites| products::cheapest_rated(&sites.shop),
        "longest_guarantee" => |sites| products::longest_guarantee(&sites.shop),
        "filtered_list" => |sites| products::filtered_list(&sites.shop),
        "quantity" => |sites| cart::quantity(&sites.shop),
        "best_code" => |sites| cart::best_code(&sites.shop),
        "reduced_wishes" => |sites| cart::reduced_wishes(&sites.shop),
        "starter_set" => |sites| sets::starter_set(&sites.shop),
        "no_starter_set" => |sites| sets::no_starter_set(&sites.shop),
        "purchase" => |sites| checkout::purchase(&sites.shop),
        "sold_out_purchase" => |sites| checkout::sold_out_purchase(&sites.shop),
        "order_again" => |sites| again::order_again(&sites.shop),
        "month_total" => |sites| orders::month_total(&sites.shop),
        "return_item" => |sites| orders::return_item(&sites.shop),
        "return_too_late" => |sites| orders::return_too_late(&sites.shop),
        "cancel_order" => |sites| open::cancel_order(&sites.shop),
        "cancel_shipped" => |sites| open::cancel_shipped(&sites.shop),
        "redirect_open" => |sites| open::redirect_open(&sites.shop),
        "review" => |sites| orders::review(&sites.shop),
        _ => return None,
    };
    Some(draw)
}
