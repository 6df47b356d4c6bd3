//! Orders of all customers from January 2025 on. The persona's orders are
//! those of the shop. The days before the present are busy: about thirty orders each, which
//! nobody has packed yet or only in part.

use std::collections::BTreeMap;

use jiff::civil::{Date, DateTime, Weekday, date, time};
use rand::RngExt;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;

use crate::sites::clock::{NOW, TODAY, days_between, plus_days};
use crate::sites::office::state::{
    Customer, CustomerNo, DeliveryMethod, Order, OrderEvent, OrderLine, OrderNo, OrderStatus,
    Payment, Product, Staff, Variant,
};
use crate::sites::shop::state::{self as shop_state, ShopState};

use super::colleague;

/// Orders of other customers before the busy days.
const EARLIER: u32 = 760;
/// First of the busy days, and how many there are.
const BUSY_FROM: Date = date(2026, 3, 8);
const BUSY_DAYS: i64 = 10;

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
        let buyer = self.buyer(buyers, placed_at.date());
        let country = buyer.address.country.as_str();
        let lines = self.lines(country);
        let goods_cents = lines
            .iter()
            .map(|line| line.unit_cents * line.quantity)
            .sum();
        let (delivery, delivery_cents) = self.delivery(country, goods_cents);
        let (code, discount_cents) = self.discount(goods_cents);
        let promised = promised_days(delivery, country == "aldermark");
        let promised_on = plus_working_days(placed_at.date(), promised);
        let (status, payment) = self.progress(placed_at);
        let delivered_on = self.arrival(placed_at.date(), promised_on, status);
        Order {
            no,
            placed_at,
            customer: buyer.no,
            status,
            payment,
            events: self.events(placed_at, (status, payment), delivered_on, at),
            tracking: self.tracking(status),
            note: String::new(),
            lines,
            address: buyer.address.clone(),
            contact_email: self.contact(&buyer.email, at),
            delivery,
            warehouse: warehouse_for(country).to_owned(),
            code,
            goods_cents,
            discount_cents,
            delivery_cents,
            promised_on,
            delivered_on,
        }
    }

    /// Somebody who has an account on that day.
    fn buyer<'c>(&mut self, buyers: &[&'c Customer], day: Date) -> &'c Customer {
        let open: Vec<&Customer> = buyers
            .iter()
            .filter(|one| one.since <= day)
            .copied()
            .collect();
        open.choose(self.rng).copied().unwrap_or(buyers[0])
    }

    /// Once in a while a code that takes off a tenth.
    fn discount(&mut self, goods_cents: u32) -> (String, u32) {
        if self.rng.random_bool(0.18) {
            ("FRIENDS10".to_owned(), (goods_cents * 10 + 50) / 100)
        } else {
            (String::new(), 0)
        }
    }

    /// When a delivered order arrived; one in four came late.
    fn arrival(&mut self, placed: Date, promised: Date, status: OrderStatus) -> Option<Date> {
        let late = self.rng.random_bool(0.26);
        (status == OrderStatus::Delivered).then(|| {
            let arrived = if late {
                plus_working_days(promised, self.rng.random_range(1..7))
            } else {
                plus_days(placed, self.rng.random_range(1..4))
            };
            arrived.min(plus_days(TODAY, -1))
        })
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
                68..88 if age > 1 => (OrderStatus::Shipped, Payment::Paid),
                52..88 => (OrderStatus::Packed, Payment::Paid),
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

    /// The carrier's number of what was packed.
    fn tracking(&mut self, status: OrderStatus) -> String {
        let number = self.rng.random_range(100_000_000..999_999_999_u32);
        match status {
            OrderStatus::New | OrderStatus::Packing | OrderStatus::Cancelled => String::new(),
            _ => format!("NP{number}"),
        }
    }

    /// Who receives the parcel: for every third order somebody else.
    fn contact(&mut self, email: &str, at: usize) -> String {
        if !at.is_multiple_of(3) {
            return email.to_owned();
        }
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
        (status, payment): (OrderStatus, Payment),
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

/// The warehouse that sends to a country.
fn warehouse_for(country: &str) -> &'static str {
    match country {
        "corvenna" | "sarn-isles" => "velmora",
        "aldermark" | "dorsmark" => "orsund",
        _ => "tolmar",
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
