//! A product as one of many: in lists, on the start page, beside another product.

use crate::sites::shop::pages::Visit;
use crate::sites::shop::pages::frame::product_href;
use crate::sites::shop::pages::parts::{Picture, PriceTag, Stars, StockLine};
use crate::sites::shop::queries::listing::ProductRow;

/// A card.
#[derive(Debug)]
pub struct Good {
    /// Address of the product.
    pub href: String,
    /// Its name.
    pub name: String,
    /// Its picture.
    pub picture: Picture,
    /// Price of what is cheapest today.
    pub price: PriceTag,
    /// Rating.
    pub rating: Option<Stars>,
    /// Whether any variant can be had.
    pub stock: StockLine,
    /// Choices, or what there is to say about a reduction; empty for nothing.
    pub note: String,
}

impl Good {
    /// The card of a row.
    pub fn of(row: &ProductRow<'_>) -> Self {
        let product = row.product;
        let mut note = PriceTag::note(&row.price);
        if note.is_empty() && product.variants.len() > 1 {
            let option = product.option_name.to_lowercase();
            note = format!("{} {option}s", product.variants.len());
        }
        let mut price = PriceTag::of(&row.price);
        price.from = row.prices_vary;
        Self {
            href: product_href(product.id.as_str()),
            name: product.name.clone(),
            picture: Picture::of(product, product.variants.first()),
            price,
            rating: Stars::of(row.rating.as_ref()),
            stock: StockLine::of_product(row.in_stock),
            note,
        }
    }
}

/// The cards of rows, which are reported as shown.
pub fn cards(visit: &Visit, rows: &[ProductRow<'_>]) -> Vec<Good> {
    for row in rows {
        visit.show("shop.products", &row.product.id);
    }
    rows.iter().map(Good::of).collect()
}
