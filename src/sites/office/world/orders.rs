//! Orders of all customers from January 2025 on, returns and refunds. The persona's orders are
//! those of the shop. The days before the present are busy: about thirty orders each, which
//! nobody has packed yet or only in part.

use std::collections::BTreeMap;

use jiff::civil::{Date, DateTime, Weekday, date, time};
use rand::RngExt;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;

use crate::sites::clock::{NOW, TODAY, days_between, plus_days};
use crate::sites::office::state::{
    Customer, CustomerNo, DeliveryMethod, EntryNo, Order, OrderEvent, OrderLine, OrderNo,
    OrderStatus, Payment, Product, Refund, RefundKind, RefundReason, Return, ReturnReason,
    ReturnStatus, Staff, Variant,
};
use crate::sites::shop::state::{self as shop_state, ShopState};

use super::colleague;

/// Orders of other customers before the busy days.
const EARLIER: u32 = 760;
/// First of the busy days, and how many there are.
const BUSY_FROM: Date = date(2026, 3, 8);
const BUSY_DAYS: i64 = 10;
/// Number of the first return and of the first refund.
const FIRST_RETURN: EntryNo = 7_301;
const FIRST_REFUND: EntryNo = 8_101;

/// Working days after an order until it is to arrive.
const fn promised_days(method: DeliveryMethod, is_home: bool) -> i64 {
    match (method, is_home) {
        (DeliveryMethod::Standard, true) => 5,
        (DeliveryMethod::Standard, false) => 8,
        (DeliveryMethod::Express, true) => 1,
        (DeliveryMethod::Express, false) => 3,
        (DeliveryMethod::Locker, true) => 4,
        (DeliveryMethod::Locker, false) => 7,
    }
}

/// The day that is so many working days later.
pub(super) fn plus_working_days(day: Date, days: i64) -> Date {
    let mut day = day;
    let mut left = days;
    while left > 0 {
        day = plus_days(day, 1);
        if !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) {
            left -= 1;
        }
    }
    day
}

/// Makes orders.
pub(super) struct OrderMaker<'a> {
    pub(super) rng: &'a mut ChaCha8Rng,
    pub(super) shop: &'a ShopState,
    pub(super) customers: &'a BTreeMap<CustomerNo, Customer>,
    pub(super) staff: &'a [Staff],
}

impl OrderMaker<'_> {
    /// All orders by number.
    pub(super) fn make(mut self) -> BTreeMap<OrderNo, Order> {
        let mut orders: BTreeMap<OrderNo, Order> = self
            .shop
            .orders
            .values()
            .map(|order| (order.no, self.of_shop(order)))
            .collect();
        let newest = orders.keys().max().copied().unwrap_or(60_000);
        let moments = self.moments();
        let buyers: Vec<&Customer> = self
            .customers
            .values()
            .filter(|one| one.no != self.shop.customer.number)
            .collect();
        let mut no = newest - 24_100;
        for (at, moment) in moments.into_iter().enumerate() {
            let is_busy = moment.date() >= BUSY_FROM;
            no = if is_busy { no.max(newest + 5) } else { no };
            no += if is_busy {
                self.rng.random_range(1..9)
            } else {
                self.rng.random_range(11..31_u32)
            };
            while orders.contains_key(&no) {
                no += 1;
            }
            let order = self.order(no, moment, &buyers, at);
            orders.insert(no, order);
        }
        orders
    }

    /// When other customers ordered, oldest first.
    fn moments(&mut self) -> Vec<DateTime> {
        let span = days_between(date(2025, 1, 2), BUSY_FROM);
        let mut moments = Vec::new();
        while moments.len() < EARLIER as usize {
            let day = plus_days(date(2025, 1, 2), self.rng.random_range(0..span));
            // Quiet Sundays, a busy December, and one week in June without the shop.
            let odds = match (day.month(), day.weekday()) {
                (6, _) if (9..16).contains(&day.day()) && day.year() == 2025 => 0.0,
                (11 | 12, Weekday::Sunday) => 0.5,
                (11 | 12, _) => 1.0,
                (_, Weekday::Sunday) => 0.2,
                _ => 0.55,
            };
            if self.rng.random_bool(odds) {
                moments.push(self.during(day));
            }
        }
        for offset in 0..BUSY_DAYS {
            let day = plus_days(BUSY_FROM, offset);
            moments.push(day.to_datetime(time(0, 3, 0, 0)));
            moments.push(day.to_datetime(time(23, 58, 0, 0)));
            let count = self.rng.random_range(26..33);
            for _ in 0..count {
                let moment = self.during(day);
                moments.push(moment);
            }
        }
        for (hour, minute) in [(6, 12), (7, 40), (8, 5), (9, 31), (10, 2)] {
            moments.push(TODAY.to_datetime(time(hour, minute, 0, 0)));
        }
        moments.sort_unstable();
        moments.dedup();
        moments
    }

    fn during(&mut self, day: Date) -> DateTime {
        let hour = self.rng.random_range(6..23);
        day.to_datetime(time(hour, self.rng.random_range(0..60), 0, 0))
    }

    fn order(
        &mut self,
        no: OrderNo,
        placed_at: DateTime,
        buyers: &[&Customer],
        at: usize,
    ) -> Order {
        let buyer = *buyers.choose(self.rng).unwrap_or(&buyers[0]);
        let is_home = buyer.address.country == "aldermark";
        let lines = self.lines(&buyer.address.country);
        let goods_cents: u32 = lines
            .iter()
            .filter(|line| !line.cancelled)
            .map(|line| line.unit_cents * line.quantity)
            .sum();
        let (delivery, delivery_cents) = self.delivery(&buyer.address.country, goods_cents);
        let has_code = self.rng.random_bool(0.18);
        let discount_cents = if has_code {
            (goods_cents * 10 + 50) / 100
        } else {
            0
        };
        let promised_on = plus_working_days(placed_at.date(), promised_days(delivery, is_home));
        let (status, payment) = self.progress(placed_at);
        let late = self.rng.random_bool(0.26);
        let delivered_on = (status == OrderStatus::Delivered).then(|| {
            let arrived = if late {
                plus_working_days(promised_on, self.rng.random_range(1..7))
            } else {
                plus_days(placed_at.date(), self.rng.random_range(1..4))
            };
            arrived.min(plus_days(TODAY, -1))
        });
        let has_number = !matches!(
            status,
            OrderStatus::New | OrderStatus::Packing | OrderStatus::Cancelled
        );
        let tracking = if has_number {
            self.tracking()
        } else {
            String::new()
        };
        let contact_email = if at % 3 == 0 {
            self.contact(&buyer.email)
        } else {
            buyer.email.clone()
        };
        let warehouse = match buyer.address.country.as_str() {
            "corvenna" | "sarn-isles" => "velmora",
            "aldermark" | "dorsmark" => "orsund",
            _ => "tolmar",
        };
        Order {
            no,
            placed_at,
            customer: buyer.no,
            status,
            payment,
            events: self.events(placed_at, status, payment, delivered_on, at),
            tracking,
            note: String::new(),
            lines,
            address: buyer.address.clone(),
            contact_email,
            delivery,
            warehouse: warehouse.to_owned(),
            code: if has_code {
                "FRIENDS10".to_owned()
            } else {
                String::new()
            },
            goods_cents,
            discount_cents,
            delivery_cents,
            promised_on,
            delivered_on,
        }
    }

    /// How far an order of that moment is.
    fn progress(&mut self, placed_at: DateTime) -> (OrderStatus, Payment) {
        let age = days_between(placed_at.date(), TODAY);
        let draw = self.rng.random_range(0..100);
        let at_night = placed_at.hour() == 23 && placed_at.minute() == 58;
        if age <= 10 {
            return match draw {
                _ if at_night => (OrderStatus::New, Payment::Paid),
                0..28 => (OrderStatus::New, Payment::Paid),
                28..42 => (OrderStatus::New, Payment::Open),
                42..52 => (OrderStatus::Packing, Payment::Paid),
                52..68 => (OrderStatus::Packed, Payment::Paid),
                68..88 if age > 1 => (OrderStatus::Shipped, Payment::Paid),
                68..88 => (OrderStatus::Packed, Payment::Paid),
                _ => (OrderStatus::Cancelled, Payment::Returned),
            };
        }
        match draw {
            0..9 => (OrderStatus::Cancelled, Payment::Returned),
            9..11 if age < 40 => (OrderStatus::PartDelivered, Payment::Paid),
            _ if age < 18 => (OrderStatus::Shipped, Payment::Paid),
            _ => (OrderStatus::Delivered, Payment::Paid),
        }
    }

    fn lines(&mut self, country: &str) -> Vec<OrderLine> {
        let limit = self
            .shop
            .catalogue
            .countries
            .iter()
            .find(|entry| entry.id == country)
            .map_or(40_000, |entry| entry.heaviest_piece_g);
        let goods: Vec<&Product> = self
            .shop
            .catalogue
            .products
            .values()
            .filter(|product| product.packed_weight_g <= limit)
            .collect();
        let count = [1, 1, 2, 2, 3, 4].choose(self.rng).copied().unwrap_or(1);
        let mut lines: Vec<OrderLine> = Vec::new();
        for _ in 0..count {
            let Some(product) = goods.choose(self.rng) else {
                continue;
            };
            let Some(variant) = product.variants.choose(self.rng) else {
                continue;
            };
            if lines.iter().any(|line| line.product == product.id) {
                continue;
            }
            let quantity = [1, 1, 1, 2, 2, 3, 6].choose(self.rng).copied().unwrap_or(1);
            lines.push(OrderLine {
                sku: variant.sku.clone(),
                product: product.id.clone(),
                name: full_name(product, variant),
                quantity,
                unit_cents: variant.list_cents,
                cancelled: false,
            });
        }
        lines
    }

    /// A kind of delivery that is offered to the country, with its fee.
    fn delivery(&mut self, country: &str, goods_cents: u32) -> (DeliveryMethod, u32) {
        let rates = self
            .shop
            .catalogue
            .countries
            .iter()
            .find(|entry| entry.id == country)
            .map_or(&[][..], |entry| entry.rates.as_slice());
        rates
            .choose(self.rng)
            .map_or((DeliveryMethod::Standard, 490), |rate| {
                match rate.free_from_cents {
                    Some(free) if goods_cents >= free => (rate.method, 0),
                    _ => (rate.method, rate.light_cents),
                }
            })
    }

    fn tracking(&mut self) -> String {
        format!("NP{}", self.rng.random_range(100_000_000..999_999_999_u32))
    }

    /// Somebody else who receives the parcel.
    fn contact(&mut self, email: &str) -> String {
        let desk = ["reception", "office", "family", "neighbour"];
        let domain = email
            .split_once('@')
            .map_or("mailbox.example", |(_, domain)| domain);
        let desk = desk.choose(self.rng).copied().unwrap_or("office");
        format!(
            "{desk}{}@{}",
            self.rng.random_range(10..99),
            domain.to_lowercase()
        )
    }

    fn events(
        &mut self,
        placed_at: DateTime,
        status: OrderStatus,
        payment: Payment,
        delivered_on: Option<Date>,
        at: usize,
    ) -> Vec<OrderEvent> {
        let mut events = vec![event(placed_at, "", "Order placed")];
        if payment != Payment::Open {
            events.push(event(placed_at, "", "Payment received"));
        }
        let who = colleague(self.staff, at * 5 + 3).to_owned();
        let next = plus_days(placed_at.date(), 1);
        let hour = self.rng.random_range(8..17);
        let minute = self.rng.random_range(0..60);
        let morning = next.to_datetime(time(hour, minute, 0, 0)).min(NOW);
        match status {
            OrderStatus::New => {}
            OrderStatus::Cancelled => events.push(event(morning, &who, "Cancelled by customer")),
            OrderStatus::Packing => events.push(event(morning, &who, "Status set to Packing")),
            _ => events.push(event(morning, &who, "Status set to Packed")),
        }
        let sent = !matches!(
            status,
            OrderStatus::New | OrderStatus::Packing | OrderStatus::Packed | OrderStatus::Cancelled
        );
        if sent {
            let at = morning.date().to_datetime(time(17, 30, 0, 0)).min(NOW);
            events.push(event(at, "", "Handed to the carrier"));
        }
        if let Some(day) = delivered_on {
            events.push(event(day.to_datetime(time(12, 10, 0, 0)), "", "Delivered"));
        }
        events
    }

    /// An order of the persona, as the shop has it.
    fn of_shop(&self, order: &shop_state::Order) -> Order {
        let status = match order.status {
            shop_state::OrderStatus::Placed => OrderStatus::New,
            shop_state::OrderStatus::Packed => OrderStatus::Packed,
            shop_state::OrderStatus::Shipped => OrderStatus::Shipped,
            shop_state::OrderStatus::PartDelivered => OrderStatus::PartDelivered,
            shop_state::OrderStatus::Delivered => OrderStatus::Delivered,
            shop_state::OrderStatus::Cancelled => OrderStatus::Cancelled,
        };
        let is_home = order.address.country == "aldermark";
        Order {
            no: order.no,
            placed_at: order.placed_at,
            customer: self.shop.customer.number,
            status,
            payment: if status == OrderStatus::Cancelled {
                Payment::Returned
            } else {
                Payment::Paid
            },
            tracking: order
                .parcels
                .first()
                .map_or_else(String::new, |parcel| parcel.tracking.clone()),
            note: String::new(),
            lines: order.lines.iter().map(line_of_shop).collect(),
            address: order.address.clone(),
            contact_email: self.shop.customer.email.clone(),
            delivery: order.delivery,
            warehouse: "orsund".to_owned(),
            code: order.code.clone().unwrap_or_default(),
            goods_cents: order.goods_cents,
            discount_cents: order.discount_cents,
            delivery_cents: order.delivery_cents,
            promised_on: plus_working_days(
                order.placed_at.date(),
                promised_days(order.delivery, is_home),
            ),
            delivered_on: order.delivered_on,
            events: order
                .events
                .iter()
                .map(|entry| event(entry.at, "", &entry.text))
                .collect(),
        }
    }
}

fn event(at: DateTime, who: &str, text: &str) -> OrderEvent {
    OrderEvent {
        at,
        who: who.to_owned(),
        text: text.to_owned(),
    }
}

/// A product with its variant in words.
fn full_name(product: &Product, variant: &Variant) -> String {
    if variant.label.is_empty() {
        product.name.clone()
    } else {
        format!("{}, {}", product.name, variant.label)
    }
}

fn line_of_shop(line: &shop_state::OrderLine) -> OrderLine {
    OrderLine {
        sku: line.sku.clone(),
        product: line.product.clone(),
        name: if line.variant.is_empty() {
            line.name.clone()
        } else {
            format!("{}, {}", line.name, line.variant)
        },
        quantity: line.quantity,
        unit_cents: line.unit_cents,
        cancelled: line.cancelled,
    }
}

/// What went back to customers.
pub(super) struct Back {
    pub(super) returns: BTreeMap<EntryNo, Return>,
    pub(super) refunds: BTreeMap<EntryNo, Refund>,
}

/// Returns and refunds of delivered orders.
pub(super) fn back(
    rng: &mut ChaCha8Rng,
    orders: &BTreeMap<OrderNo, Order>,
    staff: &[Staff],
) -> Back {
    let mut back = Back {
        returns: BTreeMap::new(),
        refunds: BTreeMap::new(),
    };
    let delivered = orders
        .values()
        .filter(|order| order.status == OrderStatus::Delivered && !order.lines.is_empty());
    for (at, order) in delivered.enumerate() {
        let Some(arrived) = order.delivered_on else {
            continue;
        };
        let who = colleague(staff, at * 3 + 1);
        if rng.random_bool(0.15) && days_between(arrived, TODAY) > 4 {
            send_back(rng, &mut back, order, arrived, who);
        } else if arrived > order.promised_on && rng.random_bool(0.45) {
            let cents = [300, 500, 750, 900].choose(rng).copied().unwrap_or(500);
            if cents < order.goods_cents / 2 {
                let refund = refund(order, RefundKind::Goodwill, cents, RefundReason::Other);
                pay(&mut back, refund, plus_days(arrived, 2), who);
            }
        }
    }
    back
}

fn send_back(rng: &mut ChaCha8Rng, back: &mut Back, order: &Order, arrived: Date, who: &str) {
    let Some(line) = order
        .lines
        .iter()
        .filter(|line| !line.cancelled)
        .collect::<Vec<_>>()
        .choose(rng)
        .copied()
    else {
        return;
    };
    let no = FIRST_RETURN + u32::try_from(back.returns.len()).unwrap_or(0);
    let asked = plus_days(arrived, rng.random_range(1..12)).min(plus_days(TODAY, -1));
    let age = days_between(asked, TODAY);
    let status = match rng.random_range(0..10) {
        0 if age < 20 => ReturnStatus::Requested,
        1 if age < 20 => ReturnStatus::Received,
        2 => ReturnStatus::Rejected,
        _ if age < 6 => ReturnStatus::Requested,
        _ => ReturnStatus::Refunded,
    };
    let reason = *ReturnReason::ALL
        .choose(rng)
        .unwrap_or(&ReturnReason::Damaged);
    let hour = rng.random_range(7..21);
    back.returns.insert(
        no,
        Return {
            no,
            order: order.no,
            sku: line.sku.clone(),
            quantity: line.quantity,
            reason,
            requested_at: asked.to_datetime(time(hour, rng.random_range(0..60), 0, 0)),
            status,
            note: String::new(),
        },
    );
    if status == ReturnStatus::Refunded {
        let paid = line.unit_cents * line.quantity;
        let left = order.goods_cents - order.discount_cents;
        let refund = refund(
            order,
            RefundKind::Goods,
            paid.min(left),
            RefundReason::Returned,
        );
        pay(back, refund, plus_days(asked, 4).min(TODAY), who);
    }
}

fn refund(order: &Order, kind: RefundKind, cents: u32, reason: RefundReason) -> Refund {
    Refund {
        no: 0,
        order: order.no,
        kind,
        cents,
        reason,
        note: String::new(),
        paid_at: NOW,
        who: String::new(),
    }
}

fn pay(back: &mut Back, mut refund: Refund, day: Date, who: &str) {
    refund.no = FIRST_REFUND + u32::try_from(back.refunds.len()).unwrap_or(0);
    refund.paid_at = day.to_datetime(time(9, 40, 0, 0)).min(NOW);
    who.clone_into(&mut refund.who);
    back.refunds.insert(refund.no, refund);
}
