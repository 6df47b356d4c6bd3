//! Draw functions of the office's task templates: parameters and expected values, computed on
//! the base state by the same queries that the pages use. Each proves that its target is the
//! only one; a set of parameters for which it cannot is thrown away with the reason.

mod accounts;
mod figures;
mod goods;
mod orders;
mod parts;
mod promotions;
mod refunds;
mod settings;

use crate::sites::tasks::draw::DrawFn;

/// The draw function of this name.
pub fn find(name: &str) -> Option<DrawFn> {
    Some(match name {
        "customer_mail" => |sites| orders::customer_mail(&sites.office),
        "no_such_order" => |sites| orders::no_such_order(&sites.office),
        "best_seller" => |sites| figures::best_seller(&sites.office),
        "revenue_change" => |sites| figures::revenue_change(&sites.office),
        "top_customers" => |sites| figures::top_customers(&sites.office),
        "packed" => |sites| orders::packed(&sites.office),
        "to_packing" => |sites| orders::to_packing(&sites.office),
        "promotion" => |sites| promotions::promotion(&sites.office),
        "below_floor" => |sites| promotions::below_floor(&sites.office),
        "pause" => |sites| promotions::pause(&sites.office),
        "stocktake" => |sites| goods::stocktake(&sites.office),
        "late_refund" => |sites| refunds::late_refund(&sites.office),
        "refund_over_limit" => |sites| refunds::refund_over_limit(&sites.office),
        "merge" => |sites| accounts::merge(&sites.office),
        "refill" => |sites| goods::refill(&sites.office),
        "returns_report" => |sites| figures::returns_report(&sites.office),
        "main_picture" => |sites| goods::main_picture(&sites.office),
        "settings_page" => |sites| settings::settings_page(&sites.office),
        "new_price" => |sites| goods::new_price(&sites.office),
        _ => return None,
    })
}
