//! The table of pages with their paths and parameters.

use jiff::civil::Date;

use super::{Arg, Page, inner};

/// Rows on a page of a list.
pub const PAGE_SIZES: [u32; 3] = [25, 50, 100];

/// A page of the office in the table.
#[derive(Debug)]
pub struct Spec {
    /// Which.
    pub page: Page,
    /// Its path; `{name}` stands for a parameter.
    pub path: &'static str,
    /// All its parameters, those of the path included.
    pub params: &'static [Param],
}

/// A parameter.
#[derive(Debug)]
pub struct Param {
    /// Its name.
    pub name: &'static str,
    /// What it takes.
    pub kind: ParamKind,
    /// The value that counts when it is not there; empty for none.
    pub default: &'static str,
}

/// What a parameter takes.
#[derive(Debug, Clone, Copy)]
pub enum ParamKind {
    /// A whole number between two bounds.
    Number(u32, u32),
    /// One of [`PAGE_SIZES`].
    Size,
    /// Any text.
    Text,
    /// Any texts; may be given several times.
    TextSet,
    /// A day, `2026-03-18`.
    Day,
    /// A month, `2026-03`.
    Month,
    /// One of these words.
    OneOf(&'static [&'static str]),
}

impl Param {
    /// Reads the values that were given; none when they cannot be read.
    pub(super) fn read(&self, values: &[String]) -> Option<Arg> {
        if matches!(self.kind, ParamKind::TextSet) {
            let mut words = values.to_vec();
            words.sort();
            words.dedup();
            return Some(Arg::Set(words));
        }
        let [value] = values else { return None };
        if value.is_empty() {
            return None;
        }
        let text = || Arg::Text(value.clone());
        match self.kind {
            ParamKind::Number(low, high) => value
                .parse()
                .ok()
                .filter(|number| (low..=high).contains(number))
                .map(Arg::Number),
            ParamKind::Size => value
                .parse()
                .ok()
                .filter(|size| PAGE_SIZES.contains(size))
                .map(Arg::Number),
            ParamKind::Text => Some(text()),
            ParamKind::Day => value.parse::<Date>().ok().map(|_| text()),
            ParamKind::Month => format!("{value}-01").parse::<Date>().ok().map(|_| text()),
            ParamKind::OneOf(words) => words.contains(&value.as_str()).then(text),
            ParamKind::TextSet => None,
        }
    }

    /// Whether a value is what counts anyway.
    pub(super) fn is_default(&self, arg: &Arg) -> bool {
        match arg {
            Arg::Number(number) => number.to_string() == self.default,
            Arg::Text(text) => text == self.default,
            Arg::Set(words) => words.is_empty(),
        }
    }
}

impl Spec {
    /// The parameter of this name.
    pub(super) fn param(&self, name: &str) -> Option<&'static Param> {
        self.params.iter().find(|param| param.name == name)
    }

    /// Whether a parameter stands in the path.
    pub(super) fn in_path(&self, name: &str) -> bool {
        self.path.split('/').any(|part| inner(part) == Some(name))
    }
}

/// The entry of a page. Every page has one; a test goes over all.
pub(super) fn spec(page: Page) -> &'static Spec {
    PAGES
        .iter()
        .find(|spec| spec.page == page)
        .unwrap_or(&PAGES[0])
}

const fn text(name: &'static str) -> Param {
    Param {
        name,
        kind: ParamKind::Text,
        default: "",
    }
}

const fn set(name: &'static str) -> Param {
    Param {
        name,
        kind: ParamKind::TextSet,
        default: "",
    }
}

const fn day(name: &'static str) -> Param {
    Param {
        name,
        kind: ParamKind::Day,
        default: "",
    }
}

const fn month(name: &'static str) -> Param {
    Param {
        name,
        kind: ParamKind::Month,
        default: "",
    }
}

const fn number(name: &'static str) -> Param {
    Param {
        name,
        kind: ParamKind::Number(0, 9_999_999),
        default: "",
    }
}

const fn one_of(
    name: &'static str,
    words: &'static [&'static str],
    default: &'static str,
) -> Param {
    Param {
        name,
        kind: ParamKind::OneOf(words),
        default,
    }
}

const PAGE: Param = Param {
    name: "page",
    kind: ParamKind::Number(1, 9_999),
    default: "1",
};

const SIZE: Param = Param {
    name: "size",
    kind: ParamKind::Size,
    default: "25",
};

/// Ticks all rows of the page, or all rows that were found.
const SELECT: Param = one_of("select", &["page", "all"], "");

const ORDER_STATUS: &[&str] = &[
    "new",
    "packing",
    "packed",
    "shipped",
    "part_delivered",
    "delivered",
    "cancelled",
];

macro_rules! pages {
    ($($page:ident $path:literal [$($param:expr),* $(,)?]),+ $(,)?) => {
        /// All pages. A path without parameters stands before one that could take its place.
        pub(super) const PAGES: &[Spec] = &[$(Spec {
            page: Page::$page,
            path: $path,
            params: &[$($param),*],
        }),+];
    };
}

pages! {
    Home "/office" [],
    Search "/office/search" [text("q")],
    Orders "/office/orders" [
        text("q"),
        one_of("status", ORDER_STATUS, ""),
        one_of("payment", &["paid", "open", "returned"], ""),
        day("from"),
        day("to"),
        set("country"),
        one_of("delivery", &["standard", "express", "locker"], ""),
        one_of("sort", &["newest", "oldest", "total", "number"], "newest"),
        one_of("columns", &["few", "all"], "few"),
        SIZE, PAGE, SELECT,
    ],
    Order "/office/orders/{order}" [number("order")],
    OrderStatus "/office/orders/{order}/status" [number("order")],
    OrderRefund "/office/orders/{order}/refund" [number("order")],
    OrderMessage "/office/orders/{order}/message" [number("order"), text("template")],
    Customers "/office/customers" [
        text("q"),
        set("country"),
        one_of("sort", &["name", "newest", "spend", "orders"], "name"),
        SIZE, PAGE,
    ],
    Customer "/office/customers/{customer}" [number("customer")],
    CustomerEdit "/office/customers/{customer}/edit" [number("customer")],
    CustomerMerge "/office/customers/{customer}/merge" [number("customer"), number("other")],
    Returns "/office/returns" [
        text("q"),
        one_of("status", &["requested", "received", "refunded", "rejected"], ""),
        one_of(
            "reason",
            &["damaged", "defective", "wrong_item", "not_as_described", "wrong_size", "too_late", "changed_mind"],
            "",
        ),
        day("from"),
        day("to"),
        SIZE, PAGE,
    ],
    Return "/office/returns/{return}" [number("return")],
    Refunds "/office/refunds" [text("q"), SIZE, PAGE],
    Outbox "/office/outbox" [text("q"), SIZE, PAGE],
    Message "/office/outbox/{message}" [number("message")],
    Templates "/office/templates" [],
    Template "/office/templates/{template}" [text("template")],
    Products "/office/products" [
        text("q"),
        text("category"),
        text("supplier"),
        SIZE, PAGE,
    ],
    Product "/office/products/{product}" [text("product")],
    Price "/office/products/{product}/price/{sku}" [text("product"), text("sku")],
    Pictures "/office/products/{product}/pictures" [text("product"), text("q")],
    StockCorrect "/office/stock/correct" [
        text("warehouse"),
        text("q"),
        Param { name: "aisle", kind: ParamKind::Number(1, 99), default: "" },
        PAGE,
    ],
    Stock "/office/stock" [
        text("q"),
        text("warehouse"),
        text("supplier"),
        one_of("level", &["below", "empty", "negative"], ""),
        one_of("sort", &["sku", "pieces", "missing"], "sku"),
        SIZE, PAGE,
    ],
    StockItem "/office/stock/{warehouse}/{sku}" [text("warehouse"), text("sku")],
    Counts "/office/counts" [text("warehouse")],
    Count "/office/counts/{count}" [text("count")],
    Suppliers "/office/suppliers" [],
    Supplier "/office/suppliers/{supplier}" [text("supplier")],
    PurchaseNew "/office/purchases/new" [text("supplier"), text("warehouse")],
    Purchases "/office/purchases" [
        text("supplier"),
        one_of("status", &["ordered", "received", "cancelled"], ""),
        SIZE, PAGE,
    ],
    Purchase "/office/purchases/{purchase}" [number("purchase")],
    PromotionNew "/office/promotions/new" [],
    Promotions "/office/promotions" [
        text("q"),
        one_of("state", &["running", "coming", "ended", "paused"], ""),
        SIZE, PAGE,
    ],
    Promotion "/office/promotions/{promotion}" [number("promotion")],
    Reports "/office/reports" [],
    ReportExport "/office/reports/{report}.csv" [
        text("report"),
        month("from"),
        month("to"),
        text("group"),
        text("country"),
        one_of("cancelled", &["in", "out"], "in"),
        text("sort"),
    ],
    Report "/office/reports/{report}" [
        text("report"),
        month("from"),
        month("to"),
        text("group"),
        text("country"),
        one_of("cancelled", &["in", "out"], "in"),
        text("sort"),
    ],
    Settings "/office/settings" [text("q")],
    SettingsSection "/office/settings/{section}" [text("section")],
    SettingsGroup "/office/settings/{section}/{group}" [text("section"), text("group")],
    SettingsPage "/office/settings/{section}/{group}/{name}" [
        text("section"), text("group"), text("name"),
    ],
    Audit "/office/audit" [text("q"), SIZE, PAGE],
    Team "/office/team" [],
    Role "/office/team/roles/{role}" [text("role")],
    Help "/office/help" [text("q")],
    HelpArticle "/office/help/{slug}" [text("slug")],
}
