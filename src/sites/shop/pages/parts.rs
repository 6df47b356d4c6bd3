//! Pieces that several pages show: prices, stars, pictures, page links, sums.

use crate::sites::clock::day_text;
use crate::sites::shop::queries::product::{Price, Stock};
use crate::sites::shop::queries::{Paged, money};
use crate::sites::shop::state::{Product, Rating, Variant};

/// A link, or the place where the reader is.
#[derive(Debug, Clone)]
pub struct Link {
    /// Address.
    pub href: String,
    /// Words.
    pub label: String,
    /// Whether it is the page that is open.
    pub current: bool,
}

impl Link {
    /// A link to another page.
    pub fn to(href: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            href: href.into(),
            label: label.into(),
            current: false,
        }
    }

    /// The open page itself.
    pub fn here(label: impl Into<String>) -> Self {
        Self {
            href: String::new(),
            label: label.into(),
            current: true,
        }
    }
}

/// A length of time as the shop writes it, e.g. `2 years`, `18 months`.
pub fn months(count: u32) -> String {
    match count {
        12 => "1 year".to_owned(),
        count if count > 0 && count.is_multiple_of(12) => format!("{} years", count / 12),
        1 => "1 month".to_owned(),
        count => format!("{count} months"),
    }
}

/// A count with its noun, e.g. `1 product`, `21 products`.
pub fn counted(count: usize, noun: &str) -> String {
    if count == 1 {
        format!("1 {noun}")
    } else {
        format!("{count} {noun}s")
    }
}

/// A price today, and the list price when it is reduced.
#[derive(Debug, Clone)]
pub struct PriceTag {
    /// "from" stands before it: variants differ.
    pub from: bool,
    /// Today.
    pub now: String,
    /// List price of what is reduced.
    pub was: Option<String>,
}

impl PriceTag {
    /// The price of a variant.
    pub fn of(price: &Price) -> Self {
        Self {
            from: false,
            now: money(price.cents),
            was: price.reduced().then(|| money(price.list_cents)),
        }
    }

    /// What there is to say about a reduction, now or lately; empty for nothing.
    pub fn note(price: &Price) -> String {
        match (price.until, price.ended) {
            (Some(until), _) => format!("Reduced until {}", day_text(until)),
            (None, Some((cents, until))) => {
                format!("Was reduced to {} until {}", money(cents), day_text(until))
            }
            (None, None) => String::new(),
        }
    }
}

/// Stars of a product.
#[derive(Debug, Clone)]
pub struct Stars {
    /// Mean, e.g. `4.3`.
    pub value: String,
    /// Number of reviews.
    pub count: u32,
    /// Width of the filled stars in the drawing of 80.
    pub width: u32,
}

impl Stars {
    /// The stars of a rating.
    pub fn of(rating: Option<&Rating>) -> Option<Self> {
        rating.map(|rating| Self {
            value: format!("{}.{}", rating.tenths / 10, rating.tenths % 10),
            count: rating.count,
            width: rating.tenths * 80 / 50,
        })
    }
}

/// What is left of a variant, in words.
#[derive(Debug, Clone)]
pub struct StockLine {
    /// Class of the line: empty, `low` or `out`.
    pub class: &'static str,
    /// Words.
    pub text: String,
}

impl StockLine {
    /// The words for what is left.
    pub fn of(stock: Stock) -> Self {
        let (class, text) = match stock {
            Stock::SoldOut => ("out", "Sold out".to_owned()),
            Stock::Few(1) => ("low", "Last piece".to_owned()),
            Stock::Few(pieces) => ("low", format!("{pieces} left")),
            Stock::Plenty => ("", "In stock".to_owned()),
        };
        Self { class, text }
    }

    /// The words for a product as a whole.
    pub fn of_product(in_stock: bool) -> Self {
        Self::of(if in_stock {
            Stock::Plenty
        } else {
            Stock::SoldOut
        })
    }
}

/// A drawn product picture: a symbol of `templates/sites/shop/sprite.html` and its colour.
#[derive(Debug, Clone, Copy)]
pub struct Picture {
    /// Name of the symbol.
    pub drawing: &'static str,
    /// Fill.
    pub colour: &'static str,
}

impl Picture {
    /// The picture of a product by what it is, in the colour of a variant.
    pub fn of(product: &Product, variant: Option<&Variant>) -> Self {
        let colour = variant
            .and_then(|variant| variant.colour.as_deref())
            .unwrap_or("");
        Self {
            drawing: drawing(&product.name),
            colour: fill(colour, &product.name),
        }
    }
}

/// Words in a product's name, and the symbol that they call for; the first that is found
/// counts, so special words stand before general ones.
const DRAWINGS: [(&str, &str); 24] = [
    ("lever machine", "lever"),
    ("automatic", "automatic"),
    ("machine", "pump"),
    ("tamper", "tamper"),
    ("jug", "jug"),
    ("knock box", "box"),
    ("grinder", "grinder"),
    ("french press", "press"),
    ("dripper", "dripper"),
    ("moka", "moka"),
    ("kettle", "kettle"),
    ("saucepan", "saucepan"),
    ("milk pan", "saucepan"),
    ("pan", "pan"),
    ("skillet", "pan"),
    ("casserole", "pot"),
    ("br\u{fb}l\u{e9}e", "bowl"),
    ("dish", "dish"),
    ("knife", "knife"),
    ("santoku", "knife"),
    ("tin", "tin"),
    ("scale", "scale"),
    ("plate", "plate"),
    ("bowl", "bowl"),
];

fn drawing(name: &str) -> &'static str {
    let name = name.to_lowercase();
    DRAWINGS
        .iter()
        .find(|(word, _)| name.contains(word))
        .map_or("cup", |(_, drawing)| drawing)
}

/// Colours of variants as they are drawn; a product without one takes a colour by its name.
const COLOURS: [(&str, &str); 12] = [
    ("sage", "#8f9a8d"),
    ("graphite", "#4a4a4d"),
    ("cream", "#ddcfae"),
    ("rust", "#a8482a"),
    ("blue", "#2f4763"),
    ("mustard", "#c0912d"),
    ("chalk", "#dcd8cf"),
    ("plum", "#6a4463"),
    ("black", "#39332f"),
    ("green", "#4f7350"),
    ("red", "#a3312b"),
    ("steel", "#9aa3a8"),
];

/// Colours of goods whose colour has no name.
const PLAIN: [&str; 7] = [
    "#8f9a8d", "#a8482a", "#55606b", "#3d5a6c", "#b89a6a", "#9aa3a8", "#6d7f5f",
];

fn fill(colour: &str, name: &str) -> &'static str {
    let wanted = colour.to_lowercase();
    if let Some((_, hex)) = COLOURS.iter().find(|(word, _)| wanted.contains(word)) {
        return hex;
    }
    let sum: usize = name.bytes().map(usize::from).sum();
    PLAIN[sum % PLAIN.len()]
}

/// Links to the pages of a list.
#[derive(Debug, Default)]
pub struct Pages {
    /// The page before.
    pub previous: Option<String>,
    /// The page after.
    pub next: Option<String>,
    /// All pages.
    pub links: Vec<Link>,
}

impl Pages {
    /// Links for a cut list; `href` gives the address of a page.
    pub fn of<T>(paged: &Paged<T>, href: impl Fn(u32) -> String) -> Self {
        let links = (1..=paged.pages)
            .map(|number| Link {
                href: href(number),
                label: number.to_string(),
                current: number == paged.page,
            })
            .collect();
        Self {
            previous: (paged.page > 1).then(|| href(paged.page - 1)),
            next: (paged.page < paged.pages).then(|| href(paged.page + 1)),
            links,
        }
    }
}

/// What part of a list a page shows, e.g. `Products 21 to 21 of 21`.
pub fn extent<T>(paged: &Paged<T>, size: usize, noun: &str) -> String {
    let count = counted(paged.total, noun);
    if paged.pages < 2 {
        return count;
    }
    let first = paged.first(size);
    let last = first + paged.rows.len().saturating_sub(1);
    format!("{count}, {first} to {last} shown")
}

/// A row of a sum.
#[derive(Debug, Clone)]
pub struct TotalRow {
    /// What.
    pub label: String,
    /// How much.
    pub value: String,
    /// The last row.
    pub strong: bool,
}

impl TotalRow {
    /// A row.
    pub fn new(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            value: value.into(),
            strong: false,
        }
    }

    /// The last row.
    pub fn last(label: impl Into<String>, cents: u32) -> Self {
        Self {
            label: label.into(),
            value: money(cents),
            strong: true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_are_written_out() {
        assert_eq!(months(24), "2 years");
        assert_eq!(months(12), "1 year");
        assert_eq!(months(18), "18 months");
        assert_eq!(months(1), "1 month");
    }

    #[test]
    fn twenty_one_records_make_two_pages() {
        let paged = Paged::cut((1..=21).collect::<Vec<u32>>(), 2, 20);
        let links = Pages::of(&paged, |page| format!("?page={page}"));
        assert_eq!(links.links.len(), 2);
        assert_eq!(links.previous.as_deref(), Some("?page=1"));
        assert_eq!(links.next, None);
        assert_eq!(extent(&paged, 20, "product"), "21 products, 21 to 21 shown");
        let whole = Paged::cut(vec![1], 1, 20);
        assert_eq!(extent(&whole, 20, "product"), "1 product");
    }

    #[test]
    fn the_last_piece_and_what_is_gone_are_said() {
        assert_eq!(StockLine::of(Stock::Few(1)).text, "Last piece");
        assert_eq!(StockLine::of(Stock::Few(3)).text, "3 left");
        assert_eq!(StockLine::of(Stock::SoldOut).class, "out");
    }

    #[test]
    fn every_drawing_and_colour_is_there() {
        let sprite = include_str!("../../../../templates/sites/shop/sprite.html");
        for (_, drawing) in DRAWINGS {
            assert!(
                sprite.contains(&format!("id=\"draw-{drawing}\"")),
                "no drawing {drawing}"
            );
        }
        assert_eq!(drawing("Brunnel Pico A12 Lever Machine"), "lever");
        assert_eq!(drawing("Lumo Gale A12 Espresso Machine"), "pump");
        assert_eq!(drawing("Kelda Dune Espresso Cups, Set of 4"), "cup");
        assert_eq!(fill("Sage", ""), "#8f9a8d");
    }
}
