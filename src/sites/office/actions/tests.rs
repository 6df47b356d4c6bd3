//! Tests of what staff can do: right acts, refusals, and that the office stays sound.

use super::customers::{self, Merge};
use super::goods::{self, PictureStep};
use super::orders::{self, Progress, RefundForm};
use super::trade::{self, PromotionForm};
use super::{RefusalKind, cents};
use crate::sites::office::invariants;
use crate::sites::office::queries::goods::{assortment, to_order};
use crate::sites::office::state::{OfficeState, OrderNo, OrderStatus, Payment};
use crate::sites::people::{MARA, persona};
use crate::sites::state::Sites;

fn office() -> OfficeState {
    Sites::base(&MARA, 1).office
}

/// Who is signed in with another role.
fn office_of(id: &str) -> OfficeState {
    Sites::base(persona(id).unwrap(), 1).office
}

fn order_with(office: &OfficeState, status: OrderStatus, payment: Payment) -> OrderNo {
    let found = office
        .orders
        .values()
        .find(|order| order.status == status && order.payment == payment);
    found.unwrap().no
}

fn sound(base: &OfficeState, office: &OfficeState) {
    assert_eq!(invariants::broken(base, office), Vec::<String>::new());
}

fn progress<'a>(status: &'a str, tracking: &'a str) -> Progress<'a> {
    Progress {
        status,
        tracking,
        notify: false,
    }
}

#[test]
fn amounts_are_read_as_people_write_them() {
    assert_eq!(cents("4.90"), Some(490));
    assert_eq!(cents("$1,204"), Some(120_400));
    assert_eq!(cents("4.999"), None);
    assert_eq!(cents("-3"), None);
    assert_eq!(cents(""), None);
}

#[test]
fn a_tracking_number_with_blanks_is_refused_and_nobody_is_told_by_default() {
    let (base, mut office) = (office(), office());
    let no = order_with(&office, OrderStatus::Packing, Payment::Paid);
    let refused = orders::set_progress(&mut office, no, progress("packed", "NP 123 456 789"));
    let refusal = refused.unwrap_err();
    assert!(refusal.of("tracking").unwrap().contains("without blanks"));
    assert_eq!(office.orders[&no].status, OrderStatus::Packing);
    orders::set_progress(&mut office, no, progress("packed", "NP123456789")).unwrap();
    assert_eq!(office.orders[&no].tracking, "NP123456789");
    assert_eq!(office.outbox.len(), base.outbox.len());
    sound(&base, &office);
}

#[test]
fn unpaid_orders_are_not_packed_one_by_one_or_many_at_once() {
    let mut office = office();
    let unpaid = order_with(&office, OrderStatus::New, Payment::Open);
    let paid = order_with(&office, OrderStatus::New, Payment::Paid);
    assert!(orders::set_progress(&mut office, unpaid, progress("packing", "")).is_err());
    let done = orders::set_status_of(&mut office, &[unpaid, paid], "packing").unwrap();
    assert_eq!((done.changed, done.refused.len()), (1, 1));
    assert_eq!(office.orders[&unpaid].status, OrderStatus::New);
    assert_eq!(office.orders[&paid].status, OrderStatus::Packing);
}

#[test]
fn refunds_stay_within_the_fee_the_rest_and_the_limit_of_the_role() {
    let (base, mut office) = (office(), office());
    let order = office
        .orders
        .values()
        .find(|order| {
            order.status == OrderStatus::Delivered
                && order.delivery_cents > 1_000
                && office
                    .refunds
                    .values()
                    .all(|refund| refund.order != order.no)
        })
        .unwrap();
    let (no, fee, total) = (order.no, order.delivery_cents, order.total_cents());
    let form = |kind, amount| RefundForm {
        kind,
        amount,
        reason: "late",
        note: "",
    };
    let mut support = office_of("mara-support");
    let refusal = orders::refund(&mut support, no, form("delivery", "")).unwrap_err();
    assert!(
        refusal
            .message
            .contains("Your role may pay back at most $10.00"),
        "{refusal:?}"
    );
    orders::refund(&mut support, no, form("delivery", "9.00")).unwrap();
    let rest = orders::refund(&mut support, no, form("delivery", "1.01")).unwrap_err();
    assert!(rest.message.contains("of one order"), "{rest:?}");
    let more = format!("{}.00", total / 100 + 1);
    assert!(orders::refund(&mut office, no, form("goods", &more)).is_err());
    let entry = orders::refund(&mut office, no, form("delivery", "")).unwrap();
    assert_eq!(office.refunds[&entry].cents, fee);
    let again = orders::refund(&mut office, no, form("delivery", "")).unwrap_err();
    assert!(again.message.contains("no delivery fee left"), "{again:?}");
    sound(&base, &office);
}

#[test]
fn a_role_without_the_right_is_refused() {
    let mut warehouse = office_of("mara-warehouse");
    let no = order_with(&warehouse, OrderStatus::Delivered, Payment::Paid);
    let refusal = orders::send_message(&mut warehouse, no, "shipped", "s", "t").unwrap_err();
    assert_eq!(refusal.kind, RefusalKind::NotAllowed);
    let mut support = office_of("mara-support");
    let sku = support.prices.keys().next().unwrap().to_string();
    assert!(goods::set_price(&mut support, &sku, "20.00").is_err());
}

#[test]
fn accounts_merge_one_way_and_only_when_confirmed() {
    let (base, mut office) = (office(), office());
    let newer = office
        .customers
        .values()
        .find(|one| one.no == 30_601)
        .unwrap();
    let older = office
        .customers
        .values()
        .find(|one| one.no != newer.no && one.email.eq_ignore_ascii_case(&newer.email))
        .unwrap();
    let (newer, older, phone) = (newer.no, older.no, newer.phone.clone());
    let keep = older.to_string();
    let merge = |confirmation| Merge {
        accounts: [older, newer],
        keep: &keep,
        phone: &phone,
        confirmation,
    };
    assert!(customers::merge(&mut office, merge("merge")).is_err());
    assert_eq!(customers::merge(&mut office, merge("MERGE")), Ok(older));
    assert_eq!(office.customers[&newer].merged_into, Some(older));
    assert_eq!(office.customers[&older].phone, phone);
    assert!(customers::merge(&mut office, merge("MERGE")).is_err());
    sound(&base, &office);
}

#[test]
fn stock_is_set_to_what_was_counted_and_every_correction_is_kept() {
    let (base, mut office) = (office(), office());
    let (key, level) = office.stock.iter().next().unwrap();
    let (sku, house, pieces) = (key.0.to_string(), key.1.to_string(), level.pieces);
    let counted = [(sku.clone(), (pieces + 3).to_string())];
    let refused = goods::correct_stock(&mut office, &house, &counted, "", "");
    assert!(refused.unwrap_err().of("reason").is_some());
    let wrong = [(sku, "three".to_owned())];
    assert!(goods::correct_stock(&mut office, &house, &wrong, "stocktake", "").is_err());
    let done = goods::correct_stock(&mut office, &house, &counted, "stocktake", "");
    assert_eq!(done, Ok(1));
    let entry = office.adjustments.values().next().unwrap();
    assert_eq!((entry.from, entry.to), (pieces, pieces + 3));
    sound(&base, &office);
}

#[test]
fn suppliers_send_whole_boxes_on_their_days() {
    let (base, mut office) = (office(), office());
    let supplier = office.fixed.suppliers[0].clone();
    let goods = assortment(&office, &supplier.id, "orsund");
    let (sku, level) = goods.iter().find(|(_, level)| to_order(level) > 0).unwrap();
    let (sku, box_size) = (sku.to_string(), level.box_size);
    let line = |pieces: u32| [(sku.clone(), pieces.to_string())];
    let at = [supplier.id.as_str(), "orsund"];
    let refusal =
        goods::order_goods(&mut office, at, &line(box_size + 1), "2026-03-26", "").unwrap_err();
    assert!(refusal.message.contains("boxes"), "{refusal:?}");
    // 2026-03-25 is a Wednesday; this supplier delivers on Mondays and Thursdays.
    let refusal =
        goods::order_goods(&mut office, at, &line(box_size), "2026-03-25", "").unwrap_err();
    assert!(refusal.of("deliver_on").unwrap().contains("Wednesday"));
    let no = goods::order_goods(&mut office, at, &line(box_size), "2026-03-26", "").unwrap();
    assert_eq!(office.purchases[&no].lines[0].quantity, box_size);
    sound(&base, &office);
}

#[test]
fn pictures_are_added_behind_and_moved_to_the_front() {
    let mut office = office();
    let (product, before) = office
        .pictures
        .iter()
        .find(|(id, _)| {
            let new = format!("{id}-kitchen.jpg");
            office.fixed.library.iter().any(|file| file.name == new)
        })
        .map(|(id, files)| (id.to_string(), files.clone()))
        .unwrap();
    let file = format!("{product}-kitchen.jpg");
    goods::arrange_picture(&mut office, &product, &file, PictureStep::Add).unwrap();
    assert!(goods::arrange_picture(&mut office, &product, &file, PictureStep::Add).is_err());
    goods::arrange_picture(&mut office, &product, &file, PictureStep::Main).unwrap();
    let after = &office.pictures[product.as_str()];
    assert_eq!(after[0], file);
    assert_eq!(after[1..], before);
}

#[test]
fn a_promotion_needs_a_free_code_and_stays_above_the_margin_floor() {
    let (base, mut office) = (office(), office());
    let form = |code, percent| PromotionForm {
        code,
        percent,
        category: "knives",
        from: "2026-03-23",
        until: "2026-04-05",
        max_uses: "150",
        combinable: false,
        note: "",
    };
    let taken = trade::add_promotion(&mut office, form("steel15", "12")).unwrap_err();
    assert!(taken.of("code").unwrap().contains("is taken"));
    let low = trade::add_promotion(&mut office, form("STEEL152", "40")).unwrap_err();
    assert!(low.of("percent").unwrap().contains("margin floor"));
    let no = trade::add_promotion(&mut office, form("STEEL152", "12 %")).unwrap();
    assert_eq!(office.promotions[&no].max_uses, Some(150));
    trade::set_paused(&mut office, no, true).unwrap();
    sound(&base, &office);
}

#[test]
fn settings_keep_their_bounds_and_the_owners_floors() {
    let mut office = office();
    let floors = ["sales", "promotions", "floors"];
    let refusal = trade::save_settings(&mut office, floors, &[]).unwrap_err();
    assert!(refusal.message.contains("owners"), "{refusal:?}");
    let holding = ["payment", "methods", "holding"];
    let values = |days: &str| {
        vec![
            ("days".to_owned(), days.to_owned()),
            ("remind".to_owned(), "5".to_owned()),
        ]
    };
    assert!(trade::save_settings(&mut office, holding, &values("99")).is_err());
    trade::save_settings(&mut office, holding, &values("14")).unwrap();
    assert_eq!(office.settings["payment/methods/holding/days"], "14");
}
