//! Settings pages in four levels with their values, and the help articles. The same in every
//! world.

use std::collections::BTreeMap;

use crate::sites::office::state::{HelpArticle, SettingKind, SettingsField, SettingsPage};

/// A page: section, group, address, title, text, fields with their values.
type Row = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static [Field],
);

/// A field: name, label, kind, value. A kind is `switch`, `text`, `0..90` or `a|b|c`.
type Field = (&'static str, &'static str, &'static str, &'static str);

const PAGES: &[Row] = &[
    (
        "Shop",
        "General",
        "name",
        "Name and address",
        "How the shop is called on invoices and in the footer.",
        &[
            ("name", "Name", "text", "Larder Kitchen Supply"),
            ("street", "Street", "text", "Harbour Road 2"),
            ("city", "Town", "text", "20433 Orsund"),
        ],
    ),
    (
        "Shop",
        "General",
        "locale",
        "Language and units",
        "Language of the shop, currency and units of weight.",
        &[
            ("language", "Language", "English|Aldermarkish", "English"),
            ("weight", "Unit of weight", "kg|g", "kg"),
        ],
    ),
    (
        "Shop",
        "General",
        "opening",
        "Opening hours",
        "When customers can call us, as the contact page shows it.",
        &[
            ("weekdays", "Monday to Friday", "text", "9:00 to 17:00"),
            ("saturday", "Saturday", "text", "10:00 to 14:00"),
        ],
    ),
    (
        "Shop",
        "Storefront",
        "lists",
        "Lists of products",
        "Products on a page, and how lists are sorted at first.",
        &[
            ("rows", "Products on a page", "12|20|40", "20"),
            ("sort", "First sort", "Featured|Price|Newest", "Featured"),
        ],
    ),
    (
        "Shop",
        "Storefront",
        "reviews",
        "Customer reviews",
        "Who may write reviews, and whether they are read before they appear.",
        &[
            ("buyers", "Only who bought the product", "switch", "on"),
            ("read", "Read before they appear", "switch", "off"),
            ("days", "Days after delivery", "0..90", "0"),
        ],
    ),
    (
        "Shop",
        "Storefront",
        "soldout",
        "Sold-out products",
        "What lists and product pages do with products that are sold out.",
        &[
            ("show", "Show in lists", "switch", "on"),
            ("alert", "Offer an alert by mail", "switch", "on"),
            ("low", "Warn when fewer are left than", "0..20", "6"),
        ],
    ),
    (
        "Delivery",
        "Countries",
        "countries",
        "Delivery countries",
        "Countries that we deliver to, and the heaviest piece for each.",
        &[
            ("belvaria", "Belvaria", "switch", "on"),
            ("corvenna", "Corvenna", "switch", "on"),
            ("dorsmark", "Dorsmark", "switch", "on"),
            ("estavia", "Estavia", "switch", "on"),
            ("fennmark", "Fennmark", "switch", "on"),
            ("sarn-isles", "Sarn Isles", "switch", "on"),
        ],
    ),
    (
        "Delivery",
        "Countries",
        "customs",
        "Customs papers",
        "For which countries we print customs papers.",
        &[
            ("corvenna", "Corvenna", "switch", "off"),
            ("sarn-isles", "Sarn Isles", "switch", "on"),
        ],
    ),
    (
        "Delivery",
        "Rates",
        "prices",
        "Delivery prices",
        "What standard, express and locker delivery cost in each country.",
        &[
            ("standard", "Standard at home ($)", "text", "4.90"),
            ("express", "Express at home ($)", "text", "9.90"),
            ("locker", "Locker at home ($)", "text", "3.90"),
        ],
    ),
    (
        "Delivery",
        "Rates",
        "free",
        "Free delivery",
        "Which countries get free standard delivery, and from what goods value.",
        &[
            ("aldermark", "Aldermark", "switch", "on"),
            ("belvaria", "Belvaria", "switch", "off"),
            ("corvenna", "Corvenna", "switch", "off"),
            ("from", "From goods value ($)", "0..500", "60"),
        ],
    ),
    (
        "Delivery",
        "Rates",
        "surcharge",
        "Surcharges",
        "Extra fees for long goods and for islands.",
        &[
            ("long", "Longer than 120 cm ($)", "0..90", "12"),
            ("islands", "Islands ($)", "0..90", "0"),
        ],
    ),
    (
        "Delivery",
        "Carriers",
        "tracking",
        "Tracking numbers",
        "How tracking numbers of each carrier look, and where they link to.",
        &[
            ("prefix", "First letters", "text", "NP"),
            ("digits", "Digits", "0..20", "9"),
        ],
    ),
    (
        "Delivery",
        "Carriers",
        "pickup",
        "Pick-up times",
        "When the carriers fetch parcels from each warehouse.",
        &[
            ("orsund", "Orsund Harbour", "text", "17:30"),
            ("tolmar", "Tolmar North", "text", "16:45"),
            ("velmora", "Velmora", "text", "16:00"),
        ],
    ),
    (
        "Payment",
        "Methods",
        "cards",
        "Cards and wallets",
        "Means of payment that checkout offers.",
        &[
            ("card", "Cards", "switch", "on"),
            ("invoice", "Invoice", "switch", "off"),
            ("transfer", "Bank transfer", "switch", "on"),
        ],
    ),
    (
        "Payment",
        "Methods",
        "holding",
        "Open payments",
        "How long we keep goods for orders that are not paid.",
        &[
            ("days", "Days until it is cancelled", "0..60", "10"),
            ("remind", "Days until the reminder", "0..30", "3"),
        ],
    ),
    (
        "Payment",
        "Refunds",
        "limits",
        "Refund limits",
        "The most that each role may pay back of one order.",
        &[
            ("manager", "Store manager ($)", "0..900", "500"),
            ("support", "Support agent ($)", "0..900", "10"),
        ],
    ),
    (
        "Payment",
        "Refunds",
        "ways",
        "Ways of refund",
        "Whether money goes back to the card or becomes a voucher.",
        &[
            ("voucher", "Offer a voucher", "switch", "on"),
            ("bonus", "Bonus on vouchers (%)", "0..30", "5"),
        ],
    ),
    (
        "Sales",
        "Promotions",
        "floors",
        "Margin floors",
        "The highest discount that a promotion may give, by category.",
        &[
            ("coffee", "Coffee (%)", "0..90", "30"),
            ("cookware", "Cookware (%)", "0..90", "35"),
            ("knives", "Knives (%)", "0..90", "25"),
            ("baking", "Baking (%)", "0..90", "40"),
            ("table", "Table (%)", "0..90", "45"),
            ("all", "All goods (%)", "0..90", "25"),
        ],
    ),
    (
        "Sales",
        "Promotions",
        "codes",
        "Discount codes",
        "Length of codes and how many of them an order may use.",
        &[
            ("length", "Longest code", "4..20", "12"),
            ("most", "Codes in one order", "1..3", "1"),
        ],
    ),
    (
        "Sales",
        "Taxes",
        "rates",
        "Tax rates",
        "Tax on goods and on delivery by country.",
        &[
            ("goods", "Goods (%)", "0..40", "20"),
            ("delivery", "Delivery (%)", "0..40", "20"),
        ],
    ),
    (
        "Sales",
        "Taxes",
        "invoices",
        "Invoices",
        "Numbers of invoices, and what stands below the sum.",
        &[
            ("prefix", "First letters", "text", "LK"),
            (
                "footer",
                "Below the sum",
                "text",
                "Thank you for your order.",
            ),
        ],
    ),
    (
        "Stock",
        "Warehouses",
        "order",
        "Order of warehouses",
        "Which warehouse sends first when several have the goods.",
        &[
            (
                "first",
                "First",
                "Orsund Harbour|Tolmar North|Velmora",
                "Orsund Harbour",
            ),
            ("split", "Allow two parcels", "switch", "on"),
        ],
    ),
    (
        "Stock",
        "Warehouses",
        "counting",
        "Stocktake",
        "How often each aisle is counted, and who has to confirm differences.",
        &[
            ("weeks", "Weeks between counts", "1..52", "4"),
            ("confirm", "Confirm from pieces", "0..50", "5"),
        ],
    ),
    (
        "Stock",
        "Purchasing",
        "minimum",
        "Minimum stock",
        "How minimum and target are proposed for new products.",
        &[
            ("days", "Days of sales as minimum", "1..60", "14"),
            ("target", "Days of sales as target", "1..120", "45"),
        ],
    ),
    (
        "Stock",
        "Purchasing",
        "approval",
        "Approval of purchase orders",
        "From what sum a second person has to agree.",
        &[("from", "From ($)", "0..900", "800")],
    ),
    (
        "Messages",
        "Mail",
        "sender",
        "Sender",
        "Name and address from which messages are sent.",
        &[
            ("name", "Name", "text", "Larder"),
            ("address", "Address", "text", "hello@larder.example"),
        ],
    ),
    (
        "Messages",
        "Mail",
        "automatic",
        "Automatic messages",
        "Which messages go out by themselves when the status of an order changes.",
        &[
            ("packed", "Packed", "switch", "off"),
            ("shipped", "Shipped", "switch", "on"),
            ("delivered", "Delivered", "switch", "off"),
        ],
    ),
    (
        "Messages",
        "Newsletter",
        "newsletter",
        "Newsletter",
        "Where customers are offered the newsletter, and on which day it goes out.",
        &[
            ("cart", "Offer it in the cart", "switch", "on"),
            ("day", "Day", "Monday|Wednesday|Friday", "Wednesday"),
        ],
    ),
];

/// All pages in the order of the menu.
pub(super) fn pages() -> Vec<SettingsPage> {
    PAGES
        .iter()
        .map(|(section, group, name, title, text, fields)| SettingsPage {
            path: format!("{}/{}/{name}", slug(section), slug(group)),
            section: (*section).to_owned(),
            group: (*group).to_owned(),
            title: (*title).to_owned(),
            text: (*text).to_owned(),
            fields: fields
                .iter()
                .map(|(name, label, kind, _)| SettingsField {
                    name: (*name).to_owned(),
                    label: (*label).to_owned(),
                    kind: kind_of(kind),
                })
                .collect(),
        })
        .collect()
}

/// A name as an address part.
fn slug(name: &str) -> String {
    name.to_lowercase().replace(' ', "-")
}

fn kind_of(kind: &str) -> SettingKind {
    if kind == "switch" {
        return SettingKind::Switch;
    }
    let bounds = kind
        .split_once("..")
        .and_then(|(low, high)| Some((low.parse().ok()?, high.parse().ok()?)));
    if let Some((low, high)) = bounds {
        return SettingKind::Number(low, high);
    }
    if kind.contains('|') {
        return SettingKind::Choice(kind.split('|').map(str::to_owned).collect());
    }
    SettingKind::Text
}

/// The values that settings have at first.
pub(super) fn values(pages: &[SettingsPage]) -> BTreeMap<String, String> {
    pages
        .iter()
        .zip(PAGES)
        .flat_map(|(page, (.., fields))| {
            fields.iter().map(move |(name, _, _, value)| {
                (format!("{}/{name}", page.path), (*value).to_owned())
            })
        })
        .collect()
}

/// Help articles: address, title, paragraphs.
const HELP: [(&str, &str, &[&str]); 9] = [
    (
        "free-delivery",
        "Free delivery",
        &[
            "Customers at home pay no fee for standard delivery from a certain goods value on.",
            "A store manager sets countries and value in the settings, below Delivery and Rates.",
        ],
    ),
    (
        "refunds",
        "Refunds",
        &[
            "A refund belongs to an order and to a reason. Together, the refunds of an order cannot be greater than what was paid.",
            "Each role has a limit for one order, in one refund or in several. What is above it has to be paid by somebody whose limit is high enough.",
        ],
    ),
    (
        "stocktake",
        "Stocktake",
        &[
            "Every aisle is counted in turn. The count sheet says what was found; it does not change the stock by itself.",
            "Enter for each variant that differs what was counted, not the difference.",
        ],
    ),
    (
        "purchase-orders",
        "Purchase orders",
        &[
            "What is below its minimum should be ordered up to the target. Suppliers send whole boxes only: round up to the next full box.",
            "A variant that stands at its minimum need not be ordered yet.",
        ],
    ),
    (
        "promotions",
        "Promotions",
        &[
            "A code can be used once. Codes are compared without regard to upper and lower case.",
            "The margin floor of a category is the highest discount that a promotion may give there. It is set by the owners.",
        ],
    ),
    (
        "merging-accounts",
        "Merging accounts",
        &[
            "Two accounts of one customer can be merged. The account that is kept gets all orders; the other one can no longer be used.",
            "Merging cannot be undone.",
        ],
    ),
    (
        "reports",
        "Reports",
        &[
            "Cancelled orders are counted in reports unless they are left out. Months are months in UTC.",
            "Net revenue is goods and delivery less discounts and less refunds. A refund counts in the month in which its order was placed.",
        ],
    ),
    (
        "customer-reviews",
        "Customer reviews",
        &["Reviews appear at once unless the settings say that they are read first."],
    ),
    (
        "tracking",
        "Tracking numbers",
        &[
            "Enter tracking numbers without blanks. Customers are told only if the box for it is ticked.",
        ],
    ),
];

/// All help articles.
pub(super) fn help() -> Vec<HelpArticle> {
    HELP.iter()
        .map(|(slug, title, paragraphs)| HelpArticle {
            slug: (*slug).to_owned(),
            title: (*title).to_owned(),
            paragraphs: paragraphs.iter().map(|text| (*text).to_owned()).collect(),
        })
        .collect()
}
