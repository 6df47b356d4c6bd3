//! Addresses of the back office: one table that reads and writes them, for pages and for
//! evaluators. Each page has a path, whose `{parts}` are parameters, and further typed
//! parameters; `table::PAGES` lists them all.

mod read;
mod table;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::domain::evidence::View;

pub use read::parse;
pub use table::{PAGE_SIZES, Param, ParamKind, Spec};

crate::named_values! {
    /// A page of the office.
    Page {
        /// Start page: what is to be done today.
        Home = "home",
        /// List of orders.
        Orders = "orders",
        /// An order.
        Order = "order",
        /// The form for status and tracking.
        OrderStatus = "order_status",
        /// The form for a refund.
        OrderRefund = "order_refund",
        /// The form for a message.
        OrderMessage = "order_message",
        /// List of customers.
        Customers = "customers",
        /// A customer.
        Customer = "customer",
        /// The form for a customer's details.
        CustomerEdit = "customer_edit",
        /// The form that merges two accounts.
        CustomerMerge = "customer_merge",
        /// List of returns.
        Returns = "returns",
        /// A return.
        Return = "return",
        /// List of refunds.
        Refunds = "refunds",
        /// Messages that were sent.
        Outbox = "outbox",
        /// A message that was sent.
        Message = "message",
        /// Wordings of messages.
        Templates = "templates",
        /// A wording.
        Template = "template",
        /// List of products.
        Products = "products",
        /// A product.
        Product = "product",
        /// The form for a price.
        Price = "price",
        /// Pictures of a product.
        Pictures = "pictures",
        /// Stock.
        Stock = "stock",
        /// A variant in a warehouse.
        StockItem = "stock_item",
        /// The form that corrects stock.
        StockCorrect = "stock_correct",
        /// Count sheets.
        Counts = "counts",
        /// A count sheet.
        Count = "count",
        /// Suppliers.
        Suppliers = "suppliers",
        /// A supplier.
        Supplier = "supplier",
        /// Purchase orders.
        Purchases = "purchases",
        /// A purchase order.
        Purchase = "purchase",
        /// The form for a purchase order.
        PurchaseNew = "purchase_new",
        /// Promotions.
        Promotions = "promotions",
        /// A promotion.
        Promotion = "promotion",
        /// The form for a promotion.
        PromotionNew = "promotion_new",
        /// Reports.
        Reports = "reports",
        /// A report.
        Report = "report",
        /// A report as CSV.
        ReportExport = "report_export",
        /// Settings: the first two levels, and what a search found.
        Settings = "settings",
        /// Settings of a section.
        SettingsSection = "settings_section",
        /// Settings of a group.
        SettingsGroup = "settings_group",
        /// A page of settings.
        SettingsPage = "settings_page",
        /// Audit trail.
        Audit = "audit",
        /// Team and roles.
        Team = "team",
        /// A role.
        Role = "role",
        /// Help articles.
        Help = "help",
        /// A help article.
        HelpArticle = "help_article",
        /// Search over orders, customers and products.
        Search = "search",
    }
}

/// A value of a parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arg {
    /// A whole number.
    Number(u32),
    /// A text, one of several words, a day or a month.
    Text(String),
    /// A set of words, sorted.
    Set(Vec<String>),
}

/// A page with its parameters; what stands at its default is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// The page.
    pub page: Page,
    /// Parameters by name.
    pub args: BTreeMap<&'static str, Arg>,
}

/// What an address means: the route and the names of parameters that it does not know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parsed {
    /// The page.
    pub route: Route,
    /// Names of unknown or unreadable parameters.
    pub unknown: Vec<String>,
}

impl Route {
    /// A page without parameters.
    pub fn to(page: Page) -> Self {
        Self {
            page,
            args: BTreeMap::new(),
        }
    }

    /// The same with a parameter; a value that is empty or the default takes it away. A name
    /// that the page does not have is left out.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl std::fmt::Display) -> Self {
        let Some(param) = table::spec(self.page).param(name) else {
            return self;
        };
        let text = value.to_string();
        self.args.remove(param.name);
        if let Some(arg) = param.read(&[text])
            && !param.is_default(&arg)
        {
            self.args.insert(param.name, arg);
        }
        self
    }

    /// The same without a parameter.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.args.remove(name);
        self
    }

    /// The same without one value of a parameter: one word of a set, else the whole parameter.
    #[must_use]
    pub fn less(mut self, name: &str, value: &str) -> Self {
        if let Some(Arg::Set(words)) = self.args.get_mut(name) {
            words.retain(|word| word != value);
            if !words.is_empty() {
                return self;
            }
        }
        self.without(name)
    }

    /// A parameter as text; its default when it is not there, empty without one.
    pub fn text(&self, name: &str) -> &str {
        match self.args.get(name) {
            Some(Arg::Text(text)) => text,
            _ => table::spec(self.page)
                .param(name)
                .map_or("", |param| param.default),
        }
    }

    /// A parameter as number; its default when it is not there, 0 without one.
    pub fn number(&self, name: &str) -> u32 {
        match self.args.get(name) {
            Some(Arg::Number(number)) => *number,
            _ => table::spec(self.page)
                .param(name)
                .and_then(|param| param.default.parse().ok())
                .unwrap_or(0),
        }
    }

    /// A parameter as set; empty when it is not there.
    pub fn set(&self, name: &str) -> &[String] {
        match self.args.get(name) {
            Some(Arg::Set(words)) => words,
            _ => &[],
        }
    }

    /// The address, defaults left out, e.g. `/office/orders?page=2`.
    pub fn href(&self) -> String {
        let query = self.query();
        let path = self.path();
        if query.is_empty() {
            path
        } else {
            format!("{path}?{query}")
        }
    }

    /// The path alone.
    pub fn path(&self) -> String {
        let spec = table::spec(self.page);
        let parts: Vec<String> = spec
            .path
            .split('/')
            .map(|part| match inner(part) {
                Some(name) => {
                    let suffix = part.split('}').nth(1).unwrap_or("");
                    format!("{}{suffix}", encode(&self.plain(name)))
                }
                None => part.to_owned(),
            })
            .collect();
        parts.join("/")
    }

    /// Parameters of the query as pairs, for hidden fields of forms.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let spec = table::spec(self.page);
        let mut pairs = Vec::new();
        for param in spec.params.iter().filter(|param| !spec.in_path(param.name)) {
            match self.args.get(param.name) {
                Some(Arg::Set(words)) => {
                    pairs.extend(words.iter().map(|word| (param.name, word.clone())));
                }
                Some(_) => pairs.push((param.name, self.plain(param.name))),
                None => {}
            }
        }
        pairs
    }

    /// The query alone, e.g. `page=2`.
    pub fn query(&self) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.pairs());
        query.finish()
    }

    fn plain(&self, name: &str) -> String {
        match self.args.get(name) {
            Some(Arg::Number(number)) => number.to_string(),
            Some(Arg::Text(text)) => text.clone(),
            Some(Arg::Set(words)) => words.join(","),
            None => String::new(),
        }
    }

    /// The page as evaluators and the journal name it: `office.` and the page's name, with its
    /// parameters typed, sets as arrays. What only prepares a form (`select`) is left out.
    pub fn view(&self, unknown: Vec<String>) -> View {
        let params = self
            .args
            .iter()
            .filter(|(name, _)| **name != "select")
            .map(|(name, arg)| {
                let value: Value = match arg {
                    Arg::Number(number) => json!(number),
                    Arg::Text(text) => json!(text),
                    Arg::Set(words) => json!(words),
                };
                ((*name).to_owned(), value)
            })
            .collect();
        View {
            route: format!("office.{}", self.page),
            params,
            unknown,
        }
    }
}

/// The name in `{name}`.
fn inner(part: &str) -> Option<&str> {
    part.strip_prefix('{')?.split('}').next()
}

/// Percent-encodes a path segment.
fn encode(segment: &str) -> String {
    url::form_urlencoded::byte_serialize(segment.as_bytes())
        .collect::<String>()
        .replace('+', "%20")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filtered_list_is_read_typed_and_written_back() {
        let parsed =
            parse("/office/orders?status=new&payment=paid&from=2026-03-16&to=&page=1&size=25&country=corvenna&country=aldermark")
                .unwrap();
        assert_eq!(parsed.unknown, Vec::<String>::new());
        let view = parsed.route.view(Vec::new());
        assert_eq!(view.route, "office.orders");
        assert_eq!(
            serde_json::to_value(&view.params).unwrap(),
            json!({"status": "new", "payment": "paid", "from": "2026-03-16", "country": ["aldermark", "corvenna"]})
        );
        assert_eq!(parse(&parsed.route.href()).unwrap(), parsed);
    }

    #[test]
    fn what_cannot_be_read_is_unknown_and_not_dropped() {
        let parsed = parse("/office/orders?status=lost&page=0&next=/office#x").unwrap();
        assert_eq!(parsed.route, Route::to(Page::Orders));
        assert_eq!(parsed.unknown, ["next", "page", "status"]);
        assert_eq!(parse("/office/orders/first"), None);
        assert_eq!(parse("/officer"), None);
        assert_eq!(parse("/office/nothing"), None);
    }

    #[test]
    fn every_page_survives_the_way_to_an_address_and_back() {
        for page in Page::ALL {
            let mut route = Route::to(*page);
            for param in table::spec(*page).params {
                let sample = match param.kind {
                    ParamKind::Number(_, _) => "2",
                    ParamKind::Text | ParamKind::TextSet => "a b/c&d",
                    ParamKind::Day => "2026-03-01",
                    ParamKind::Month => "2026-02",
                    ParamKind::OneOf(words) => words[words.len() - 1],
                    ParamKind::Size => "50",
                };
                route = route.with(param.name, sample);
            }
            let parsed = parse(&route.href()).unwrap_or_else(|| panic!("{}", route.href()));
            assert_eq!(parsed.route, route);
            assert_eq!(parsed.unknown, Vec::<String>::new());
        }
    }

    #[test]
    fn the_csv_of_a_report_is_a_page_of_its_own() {
        let parsed =
            parse("/office/reports/returns.csv?from=2026-01&to=2026-01&group=reason").unwrap();
        assert_eq!(parsed.route.page, Page::ReportExport);
        assert_eq!(parsed.route.text("report"), "returns");
        let parsed = parse("/office/reports/returns").unwrap();
        assert_eq!(parsed.route.page, Page::Report);
    }
}
