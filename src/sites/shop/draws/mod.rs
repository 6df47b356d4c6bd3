//! Draw functions of the shop's task templates: parameters and expected values, computed on the
//! base state by the same queries that the pages use. Each proves that its target is the only
//! one; a set of parameters for which it cannot is thrown away with the reason.

mod again;
mod cart;
mod checkout;
mod orders;
mod parts;
mod products;
mod sets;

use crate::sites::tasks::draw::DrawFn;

/// The draw function of this name.
pub fn find(name: &str) -> Option<DrawFn> {
    Some(match name {
        "variant_price" => products::variant_price,
        "cheapest_rated" => products::cheapest_rated,
        "longest_guarantee" => products::longest_guarantee,
        "filtered_list" => products::filtered_list,
        "quantity" => cart::quantity,
        "best_code" => cart::best_code,
        "reduced_wishes" => cart::reduced_wishes,
        "starter_set" => sets::starter_set,
        "no_starter_set" => sets::no_starter_set,
        "purchase" => checkout::purchase,
        "sold_out_purchase" => checkout::sold_out_purchase,
        "order_again" => again::order_again,
        "month_total" => orders::month_total,
        "return_item" => orders::return_item,
        "return_too_late" => orders::return_too_late,
        "cancel_order" => orders::cancel_order,
        "cancel_shipped" => orders::cancel_shipped,
        "redirect_open" => orders::redirect_open,
        "review" => orders::review,
        _ => return None,
    })
}
