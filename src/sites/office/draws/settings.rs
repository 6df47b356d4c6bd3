//! Draws about settings.

use serde_json::json;

use super::parts::{ensure, quoted};
use crate::sites::office::queries::settings::{group_names, parts, titles};
use crate::sites::office::state::{OfficeState, SettingsPage};
use crate::sites::tasks::draw::Drawn;

/// What a colleague asks for, by page; and a page that is easily taken for it.
const ASKED: [(&str, &str, &str); 22] = [
    (
        "delivery/rates/free",
        "which countries get free delivery",
        "delivery/rates/prices",
    ),
    (
        "delivery/rates/surcharge",
        "the extra fee for long goods",
        "delivery/rates/prices",
    ),
    (
        "delivery/rates/prices",
        "what express delivery costs",
        "delivery/rates/free",
    ),
    (
        "delivery/countries/countries",
        "where we deliver to at all",
        "delivery/countries/customs",
    ),
    (
        "delivery/countries/customs",
        "for which countries customs papers are printed",
        "delivery/countries/countries",
    ),
    (
        "delivery/carriers/tracking",
        "how many digits a tracking number has",
        "delivery/carriers/pickup",
    ),
    (
        "delivery/carriers/pickup",
        "when the carrier comes to each warehouse",
        "delivery/carriers/tracking",
    ),
    (
        "payment/methods/holding",
        "how long goods are kept for orders that nobody pays",
        "payment/methods/cards",
    ),
    (
        "payment/methods/cards",
        "whether customers can pay by invoice",
        "payment/methods/holding",
    ),
    (
        "payment/refunds/limits",
        "how much a support agent may pay back",
        "payment/refunds/ways",
    ),
    (
        "payment/refunds/ways",
        "whether a refund can become a voucher",
        "payment/refunds/limits",
    ),
    (
        "sales/promotions/codes",
        "how many codes one order may use",
        "sales/promotions/floors",
    ),
    (
        "sales/promotions/floors",
        "the highest discount for knives",
        "sales/promotions/codes",
    ),
    (
        "sales/taxes/invoices",
        "what is printed below the sum of an invoice",
        "sales/taxes/rates",
    ),
    (
        "stock/warehouses/counting",
        "how often an aisle is counted",
        "stock/warehouses/order",
    ),
    (
        "stock/warehouses/order",
        "which warehouse sends first",
        "stock/warehouses/counting",
    ),
    (
        "stock/purchasing/approval",
        "from what sum a purchase order needs a second person",
        "stock/purchasing/minimum",
    ),
    (
        "stock/purchasing/minimum",
        "how the minimum stock of new products is worked out",
        "stock/purchasing/approval",
    ),
    (
        "messages/mail/automatic",
        "which messages go out by themselves",
        "messages/mail/sender",
    ),
    (
        "messages/mail/sender",
        "from which address our mails are sent",
        "messages/mail/automatic",
    ),
    (
        "shop/storefront/reviews",
        "whether reviews are read before they appear",
        "shop/storefront/lists",
    ),
    (
        "shop/storefront/soldout",
        "whether sold-out products are shown",
        "shop/storefront/lists",
    ),
];

/// O14: the page on which something is set.
pub(super) fn settings_page(state: &OfficeState) -> Vec<Drawn> {
    ASKED.iter().map(|asked| one_page(state, *asked)).collect()
}

fn page<'a>(state: &'a OfficeState, path: &str) -> Result<&'a SettingsPage, String> {
    let found = state.fixed.settings.iter().find(|page| page.path == path);
    found.ok_or_else(|| format!("there is no page {path}"))
}

fn one_page(state: &OfficeState, (path, what, near): (&str, &str, &str)) -> Drawn {
    let (wanted, near) = (page(state, path)?, page(state, near)?);
    ensure(
        wanted.path != near.path,
        "the look-alike is the page itself",
    )?;
    let (section, group, name) = parts(wanted);
    let (near_section, near_group, near_name) = parts(near);
    Ok(json!({
        "what": what,
        "section": section,
        "group": group,
        "name": name,
        "near": {"section": near_section, "group": near_group, "name": near_name},
        "steps": [
            "click link 'Settings'".to_owned(),
            format!(
                "click link '{}' within '{}'",
                quoted(&wanted.section),
                quoted(&group_names(state, section))
            ),
            format!(
                "click link '{}' within '{}'",
                quoted(&wanted.group),
                quoted(&titles(state, section, group))
            ),
            format!("click link '{}'", quoted(&wanted.title)),
        ],
    }))
}
