//! Cart: add, change, put aside, discount codes.

use std::sync::Arc;

use crate::sites::shop::actions::Refusal;
use crate::sites::shop::queries::cart::{cart_pairs, find_code, reduction};
use crate::sites::shop::queries::product::{pieces, variant};
use crate::sites::shop::state::{CartLine, MAX_QUANTITY, ShopState, Sku};

/// Puts pieces of a variant into the cart; together at most [`MAX_QUANTITY`] and what is in
/// stock. Field: `quantity`.
pub fn add(state: &mut ShopState, sku: &str, quantity: u32) -> Result<(), Refusal> {
    known(state, sku)?;
    let in_cart = state.cart.get(sku).map_or(0, |line| line.quantity);
    allowed(state, sku, quantity, in_cart)?;
    put(state, sku, in_cart + quantity);
    Ok(())
}

/// Sets the pieces of a line; 0 removes it. Field: `quantity`.
pub fn set_quantity(state: &mut ShopState, sku: &str, quantity: u32) -> Result<(), Refusal> {
    in_cart(state, sku)?;
    if quantity == 0 {
        return remove(state, sku);
    }
    allowed(state, sku, quantity, 0)?;
    put(state, sku, quantity);
    Ok(())
}

/// Takes a line out of the cart.
pub fn remove(state: &mut ShopState, sku: &str) -> Result<(), Refusal> {
    in_cart(state, sku)?;
    Arc::make_mut(&mut state.cart).remove(sku);
    Ok(())
}

/// Moves a line from the cart to what is saved for later.
pub fn save_for_later(state: &mut ShopState, sku: &str) -> Result<(), Refusal> {
    let line = in_cart(state, sku)?;
    Arc::make_mut(&mut state.cart).remove(sku);
    let saved = Arc::make_mut(&mut state.saved);
    let before = saved.get(sku).map_or(0, |line| line.quantity);
    let quantity = (before + line.quantity).min(MAX_QUANTITY);
    saved.insert(line.sku.clone(), CartLine { quantity, ..line });
    Ok(())
}

/// Moves a saved line back into the cart.
pub fn move_back(state: &mut ShopState, sku: &str) -> Result<(), Refusal> {
    let line = saved(state, sku)?;
    let in_cart = state.cart.get(sku).map_or(0, |line| line.quantity);
    allowed(state, sku, line.quantity, in_cart)?;
    Arc::make_mut(&mut state.saved).remove(sku);
    put(state, sku, in_cart + line.quantity);
    Ok(())
}

/// Takes a line out of what is saved for later.
pub fn remove_saved(state: &mut ShopState, sku: &str) -> Result<(), Refusal> {
    saved(state, sku)?;
    Arc::make_mut(&mut state.saved).remove(sku);
    Ok(())
}

/// Applies a discount code in place of the present one; answers what it takes off, in cents.
/// A refused code leaves the present one. Field: `code`.
pub fn apply_code(state: &mut ShopState, code: &str) -> Result<u32, Refusal> {
    if code.trim().is_empty() {
        return Err(Refusal::field("code", "Enter a code."));
    }
    let Some(known) = find_code(state, code) else {
        let shown: String = code.trim().chars().take(30).collect();
        let message = format!("There is no code {shown}. Check the spelling.");
        return Err(Refusal::field("code", message));
    };
    if state.cart.is_empty() {
        return Err(Refusal::field("code", "Your cart is empty."));
    }
    let off = reduction(state, known, &cart_pairs(state))
        .map_err(|reason| Refusal::field("code", reason))?;
    state.cart_code = Some(known.code.as_str().into());
    Ok(off)
}

/// Takes the discount code off.
pub fn remove_code(state: &mut ShopState) {
    state.cart_code = None;
}

fn known(state: &ShopState, sku: &str) -> Result<(), Refusal> {
    match variant(state, sku) {
        Some(_) => Ok(()),
        None => Err(Refusal::not_found("We do not sell this article.")),
    }
}

fn in_cart(state: &ShopState, sku: &str) -> Result<CartLine, Refusal> {
    let line = state.cart.get(sku).cloned();
    line.ok_or_else(|| Refusal::not_found("This article is not in your cart."))
}

fn saved(state: &ShopState, sku: &str) -> Result<CartLine, Refusal> {
    let line = state.saved.get(sku).cloned();
    line.ok_or_else(|| Refusal::not_found("This article is not saved for later."))
}

/// Whether `more` pieces may come on top of `before`.
fn allowed(state: &ShopState, sku: &str, more: u32, before: u32) -> Result<(), Refusal> {
    let left = pieces(state, sku);
    if left == 0 {
        return Err(Refusal::not_allowed(
            "This article is sold out in this variant.",
        ));
    }
    if more == 0 {
        return Err(Refusal::field("quantity", "Choose at least 1."));
    }
    let wanted = before.saturating_add(more);
    if wanted > MAX_QUANTITY {
        let message = format!("You can order at most {MAX_QUANTITY} of one article.");
        return Err(Refusal::field("quantity", message));
    }
    if wanted > left {
        let also = if before > 0 {
            format!(", and {before} are in your cart already")
        } else {
            String::new()
        };
        let message = format!("Only {left} left{also}.");
        return Err(Refusal::field("quantity", message));
    }
    Ok(())
}

/// Sets the pieces of a line, which keeps its place or goes to the end.
pub(super) fn put(state: &mut ShopState, sku: &str, quantity: u32) {
    let seq = match state.cart.get(sku) {
        Some(line) => line.seq,
        None => next_seq(state),
    };
    let sku = Sku::from(sku);
    let line = CartLine {
        sku: sku.clone(),
        quantity,
        seq,
    };
    Arc::make_mut(&mut state.cart).insert(sku, line);
}

/// The next place in cart and wishlist.
pub(super) fn next_seq(state: &mut ShopState) -> u32 {
    let seq = state.incidental.next_seq;
    state.incidental.next_seq += 1;
    seq
}
