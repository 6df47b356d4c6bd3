//! Draws about ordering again.

use serde_json::json;

use super::orders::find_order;
use super::parts::{
    ensure, full_name, left, line_name, order_lines, park_and_unpark, placed_on, quoted,
};
use crate::sites::clock::days_between;
use crate::sites::shop::queries::cart::{delivery_label, delivery_options, too_heavy};
use crate::sites::shop::queries::product::{pieces, variant as find_variant};
use crate::sites::shop::state::{
    Address, Order, OrderLine, OrderStatus, Product, ShopState, Sku, Variant,
};
use crate::sites::tasks::draw::Drawn;

/// An order that is to be placed again, with what is different this time.
struct Again<'a> {
    order: &'a Order,
    /// Left out this time.
    left_out: Option<&'a OrderLine>,
    /// Taken [`MORE`] times this time.
    more: Option<&'a OrderLine>,
    /// All lines but the one that is left out.
    kept: Vec<&'a OrderLine>,
    /// The kept line whose variant is sold out.
    gone: &'a OrderLine,
    product: &'a Product,
    /// The variant in another colour that is taken for it.
    instead: &'a Variant,
    /// Another order of that week.
    near: &'a Order,
}

/// Pieces of the item of which another number is wanted this time.
const MORE: u32 = 3;

/// A small number in words.
fn said(pieces: u32) -> String {
    match pieces {
        1 => "one".into(),
        2 => "two".into(),
        _ => pieces.to_string(),
    }
}

/// S06: an order again, without one item, or with more of one, or both, and a sold-out line in
/// another colour.
pub(super) fn order_again(state: &ShopState) -> Vec<Drawn> {
    let mut drawn = Vec::new();
    for order in state.orders.values() {
        let lines = || order.lines.iter().map(Some).chain([None]);
        for left_out in lines() {
            for more in lines() {
                drawn.push(one_again(state, order, left_out, more));
            }
        }
    }
    drawn
}

fn one_again(
    state: &ShopState,
    order: &Order,
    left_out: Option<&OrderLine>,
    more: Option<&OrderLine>,
) -> Drawn {
    let again = choose(state, order, left_out, more)?;
    let wanted = again.wanted();
    let there = again.address(state)?;
    again.ensure_possible(state, there, &wanted)?;
    Ok(again.values(state, there, &wanted))
}

fn choose<'a>(
    state: &'a ShopState,
    order: &'a Order,
    left_out: Option<&'a OrderLine>,
    more: Option<&'a OrderLine>,
) -> Result<Again<'a>, String> {
    let same = left_out.map(|line| &line.sku) == more.map(|line| &line.sku);
    ensure(!same, "nothing, or one item twice, is changed")?;
    ensure(
        (4..=5).contains(&order.lines.len()),
        "it has not 4 or 5 lines",
    )?;
    ensure(
        order.status == OrderStatus::Delivered,
        "it is not delivered",
    )?;
    let near = only_of_its_day(state, order)?;
    let kept: Vec<&OrderLine> = order
        .lines
        .iter()
        .filter(|line| left_out.is_none_or(|item| line.sku != item.sku))
        .collect();
    ensure(
        more.is_some() || kept.iter().any(|line| line.quantity >= 2),
        "no kept line has a quantity of 2",
    )?;
    let too_few = |line: &&OrderLine| pieces(state, line.sku.as_str()) < line.quantity;
    let gone: Vec<&OrderLine> = kept.iter().copied().filter(too_few).collect();
    let [gone] = gone.as_slice() else {
        return Err("not one of the kept lines is sold out".into());
    };
    let (product, sold_out) =
        find_variant(state, gone.sku.as_str()).ok_or("it is not sold any more")?;
    let in_colour = sold_out.colour.is_some() && left(state, sold_out) == 0;
    ensure(in_colour, "it is not sold out in a colour")?;
    let instead = product
        .variants
        .iter()
        .find(|other| other.colour.is_some() && left(state, other) > gone.quantity)
        .ok_or("no other colour is in stock")?;
    ensure(
        !kept.iter().any(|line| line.sku == instead.sku),
        "the other colour is in the order",
    )?;
    Ok(Again {
        order,
        left_out,
        more,
        kept,
        gone,
        product,
        instead,
        near,
    })
}

/// Proves that the day names the order, and answers another order of that week.
fn only_of_its_day<'a>(state: &'a ShopState, order: &Order) -> Result<&'a Order, String> {
    let day = placed_on(order);
    let same_day = state
        .orders
        .values()
        .filter(|other| placed_on(other) == day)
        .count();
    ensure(same_day == 1, "there is another order of that day")?;
    state
        .orders
        .values()
        .filter(|other| other.no != order.no)
        .find(|other| days_between(order.placed_at.date(), other.placed_at.date()).abs() <= 7)
        .ok_or_else(|| "no other order was placed that week".into())
}

impl Again<'_> {
    /// SKU and pieces of the lines of the new order.
    fn wanted(&self) -> Vec<(String, u32)> {
        self.kept
            .iter()
            .filter(|line| line.sku != self.gone.sku)
            .map(|line| (line.sku.to_string(), self.pieces(line)))
            .chain([(self.instead.sku.to_string(), self.gone.quantity)])
            .collect()
    }

    /// Pieces of a line that are wanted this time.
    fn pieces(&self, line: &OrderLine) -> u32 {
        match self.more {
            Some(more) if more.sku == line.sku => MORE,
            _ => line.quantity,
        }
    }

    /// The lines as they were then, but for the one that is sold out.
    fn as_then(&self) -> Vec<(String, u32)> {
        self.order
            .lines
            .iter()
            .filter(|line| line.sku != self.gone.sku)
            .map(|line| (line.sku.to_string(), line.quantity))
            .chain([(self.instead.sku.to_string(), self.gone.quantity)])
            .collect()
    }

    /// What is different this time, in words.
    fn changes(&self) -> String {
        let without = self
            .left_out
            .map(|line| format!("without the {}", line.name));
        let with = self.more.map(|line| {
            format!(
                "with three of the {} instead of {}",
                line.name,
                said(line.quantity)
            )
        });
        without
            .into_iter()
            .chain(with)
            .collect::<Vec<_>>()
            .join(" and ")
    }

    /// Proves that the changed items can be named and that there are enough of them.
    fn ensure_named(&self, state: &ShopState) -> Result<(), String> {
        for line in self.left_out.into_iter().chain(self.more) {
            let named = |other: &&OrderLine| other.name == line.name;
            ensure(
                self.order.lines.iter().filter(named).count() == 1,
                "two lines have the name of a changed item",
            )?;
            let (_, item) = find_variant(state, line.sku.as_str())
                .ok_or("a changed item is not sold any more")?;
            ensure(
                left(state, item) >= self.pieces(line),
                "a changed item is sold out",
            )?;
        }
        let more = self.more.map(|line| line.quantity);
        ensure(more != Some(MORE), "it was as many then")
    }

    fn address<'a>(&self, state: &'a ShopState) -> Result<&'a Address, String> {
        let id = self
            .order
            .address_id
            .as_ref()
            .ok_or("its address is gone")?;
        let address = state.addresses.get(id).ok_or("its address is gone")?;
        // What checkout offers first is right then, but there is more to change.
        ensure(
            !address.is_default || (self.left_out.is_some() && self.more.is_some()),
            "its address is the default",
        )?;
        Ok(address)
    }

    fn ensure_possible(
        &self,
        state: &ShopState,
        there: &Address,
        wanted: &[(String, u32)],
    ) -> Result<(), String> {
        let ordered = |sku: &Sku| self.order.lines.iter().any(|line| line.sku == *sku);
        ensure(
            !state
                .cart
                .keys()
                .any(|sku| ordered(sku) || *sku == self.instead.sku),
            "a line is in the cart",
        )?;
        ensure(
            wanted
                .iter()
                .all(|(sku, _)| find_variant(state, sku).is_some()),
            "a line is not sold any more",
        )?;
        self.ensure_named(state)?;
        let lines: Vec<(Sku, u32)> = wanted
            .iter()
            .map(|(sku, qty)| (Sku::from(sku.as_str()), *qty))
            .collect();
        let country = &there.postal.country;
        let offered = delivery_options(state, &lines, country)
            .iter()
            .any(|option| option.method == self.order.delivery && option.refused.is_none());
        ensure(
            offered && too_heavy(state, &lines, country).is_none(),
            "its delivery is not offered now",
        )
    }

    fn values(
        &self,
        state: &ShopState,
        there: &Address,
        wanted: &[(String, u32)],
    ) -> serde_json::Value {
        let (park, unpark) = park_and_unpark(state);
        let mut others = state
            .addresses
            .values()
            .filter(|other| other.id != there.id);
        let other_address = others
            .clone()
            .find(|other| other.is_default)
            .or_else(|| others.next());
        let instead = self.instead.sku.as_str();
        let one_each: Vec<_> = wanted.iter().map(|(sku, _)| (sku.clone(), 1)).collect();
        let without_gone: Vec<_> = wanted
            .iter()
            .filter(|(sku, _)| sku != instead)
            .cloned()
            .collect();
        let near: Vec<_> = self
            .near
            .lines
            .iter()
            .map(|line| (line.sku.to_string(), line.quantity))
            .collect();
        json!({
            "date": placed_on(self.order),
            "order": self.order.no,
            "changes": self.changes(),
            "colour": self.instead.colour,
            "lines": order_lines(wanted),
            "one_each": order_lines(&one_each),
            "as_then": order_lines(&self.as_then()),
            "without_sold_out": order_lines(&without_gone),
            "near_lines": order_lines(&near),
            "address": {"id": there.id, "label": there.label},
            "other_address": other_address.map(|address| address.id.clone()),
            "delivery": {
                "id": self.order.delivery,
                "label": delivery_label(self.order.delivery),
            },
            "instead": {
                "product": self.product.name,
                "full": full_name(self.product, self.instead),
                "sku": instead,
                "quantity": self.gone.quantity,
            },
            "find_order": find_order(state, self.order),
            "change_lines": self.change_lines(),
            "park": park,
            "unpark": unpark,
        })
    }

    /// Instructions that change the lines in the cart.
    fn change_lines(&self) -> Vec<String> {
        let mut steps = Vec::new();
        if let Some(line) = self.left_out {
            let name = quoted(&line_name(line));
            steps.push(format!("click button 'Remove {name}'"));
        }
        if let Some(line) = self.more {
            let name = quoted(&line_name(line));
            steps.push(format!("fill 'Quantity of {name}' '{MORE}'"));
            steps.push(format!("click button 'Update quantity of {name}'"));
        }
        steps
    }
}
