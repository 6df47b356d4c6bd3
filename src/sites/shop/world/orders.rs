//! The persona's 46 orders from January 2025 on, with what tasks need: months with one order at
//! 23:59 of the last day and one cancelled, orders with a line that is sold out in its colour,
//! items bought again, returns at the edge of the period, two open orders and their look-alikes.

use std::collections::BTreeMap;

use jiff::civil::{Date, DateTime, Time, date, time};
use rand::RngExt;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;

use crate::sites::clock::plus_days;
use crate::sites::shop::queries::cart::LIGHT_ORDER_G;
use crate::sites::shop::state::{
    Address, AddressId, CancelReason, CardId, Catalogue, DeliveryMethod, DropOff, Order,
    OrderEvent, OrderLine, OrderNo, OrderStatus, Parcel, ProductId, RefundTo, Return, ReturnNo,
    ReturnReason, Sku,
};
use crate::sites::shop::world::pool::Pool;

/// Number of the first return.
pub(super) const FIRST_RETURN: ReturnNo = 7_001;

/// What is particular about an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Story {
    /// Delivered.
    Plain,
    /// Delivered; four or five lines, one of two pieces, one sold out in its colour today.
    SoldOutSince,
    /// Cancelled by the customer.
    Cancelled,
    /// Delivered; one line came back.
    OneReturned,
    /// Delivered; all lines came back.
    AllReturned,
    /// Delivered except for a line that the shop could not send.
    PartCancelled,
    /// Delivered lately; every line was bought before.
    BoughtAgain,
    /// One of two parcels has arrived.
    PartDelivered,
    /// Shipped yesterday.
    Shipped,
    /// Open.
    Packed,
    /// Open.
    Placed,
}

/// When each order was placed, oldest first, and its story.
fn calendar(rng: &mut ChaCha8Rng) -> Vec<(DateTime, Story)> {
    let mut orders = vec![(date(2025, 1, 22).at(18, 4, 0, 0), Story::OneReturned)];
    for (year, month) in [
        (2025, 2),
        (2025, 4),
        (2025, 6),
        (2025, 8),
        (2025, 10),
        (2025, 11),
        (2025, 12),
        (2026, 2),
    ] {
        let lately = year == 2026;
        let first = date(year, month, rng.random_range(3..7));
        let second = plus_days(first, rng.random_range(2..4));
        let third = date(year, month, rng.random_range(14..21));
        let last = first.last_of_month();
        let story = |old| if lately { Story::BoughtAgain } else { old };
        orders.push((at_day(rng, first), story(Story::SoldOutSince)));
        orders.push((at_day(rng, second), story(Story::Plain)));
        orders.push((at_day(rng, third), Story::Cancelled));
        orders.push((last.to_datetime(time(23, 59, 0, 0)), story(Story::Plain)));
    }
    for (year, month, story) in [
        (2025, 3, Story::Plain),
        (2025, 5, Story::PartCancelled),
        (2025, 7, Story::Plain),
        (2025, 9, Story::Plain),
    ] {
        orders.push((date(year, month, 1).to_datetime(time(0, 1, 0, 0)), story));
    }
    for (day, story) in [
        (date(2025, 3, 19), Story::OneReturned),
        (date(2025, 9, 16), Story::AllReturned),
        (date(2026, 1, 12), Story::BoughtAgain),
        (date(2026, 1, 13), Story::BoughtAgain),
        (date(2026, 3, 3), Story::BoughtAgain),
        (date(2026, 3, 9), Story::PartDelivered),
        (date(2026, 3, 14), Story::Shipped),
        (date(2026, 3, 16), Story::Packed),
        (date(2026, 3, 17), Story::Placed),
    ] {
        orders.push((at_day(rng, day), story));
    }
    orders.sort_by_key(|(at, _)| *at);
    orders
}

fn at_day(rng: &mut ChaCha8Rng, day: Date) -> DateTime {
    let time = Time::new(rng.random_range(7..22), rng.random_range(0..60), 0, 0);
    day.to_datetime(time.unwrap_or(Time::midnight()))
}

/// Order numbers, oldest first. The last five look alike: digits swapped, or next to each other.
fn numbers(rng: &mut ChaCha8Rng, world: u32, count: usize) -> Vec<OrderNo> {
    let block = (610 + world * 7 % 80) * 100;
    let newest = [block - 15, block + 4, block + 39, block + 40, block + 93];
    let older = count - newest.len();
    let mut no = block - 24_000;
    let mut numbers: Vec<OrderNo> = (0..older)
        .map(|_| {
            no += rng.random_range(380..560);
            no
        })
        .collect();
    numbers.extend(newest);
    numbers
}

/// Makes orders and returns.
pub(super) struct OrderMaker<'a> {
    pub(super) rng: &'a mut ChaCha8Rng,
    pub(super) catalogue: &'a Catalogue,
    pub(super) addresses: &'a BTreeMap<AddressId, Address>,
    pub(super) pool: &'a Pool,
}

impl OrderMaker<'_> {
    /// All orders by number, and all returns.
    pub(super) fn make(mut self) -> (BTreeMap<OrderNo, Order>, BTreeMap<ReturnNo, Return>) {
        let calendar = calendar(self.rng);
        let numbers = numbers(self.rng, self.catalogue.world, calendar.len());
        let mut orders: BTreeMap<OrderNo, Order> = BTreeMap::new();
        let mut returns = BTreeMap::new();
        let (mut next, mut again, mut sold_out) = (0, 0, 0);
        for ((placed_at, story), no) in calendar.into_iter().zip(numbers) {
            let mut lines = match story {
                Story::BoughtAgain => self.take(&mut again, 4),
                Story::SoldOutSince => {
                    let count = 3 + sold_out % 2;
                    let mut lines = self.take(&mut next, count);
                    lines[0].quantity = 2;
                    lines.insert(
                        2,
                        self.line(&self.pool.sold_out[sold_out % self.pool.sold_out.len()]),
                    );
                    sold_out += 1;
                    lines
                }
                Story::Cancelled => self.any(2),
                _ => {
                    let count = self.rng.random_range(2..4);
                    self.take(&mut next, count)
                }
            };
            if story == Story::PartCancelled {
                lines[1].cancelled = true;
            }
            let order = self.order(no, placed_at, story, lines);
            for entry in self.returned(&order, story, returns.len()) {
                returns.insert(entry.no, entry);
            }
            orders.insert(no, order);
        }
        (orders, returns)
    }

    /// The next articles of the pool, round and round.
    fn take(&self, next: &mut usize, count: usize) -> Vec<OrderLine> {
        let lines = (0..count)
            .map(|index| self.line(&self.pool.regular[(*next + index) % self.pool.regular.len()]))
            .collect();
        *next += count;
        lines
    }

    fn any(&mut self, count: usize) -> Vec<OrderLine> {
        let picked: Vec<(ProductId, Sku)> =
            self.pool.regular.sample(self.rng, count).cloned().collect();
        picked.iter().map(|entry| self.line(entry)).collect()
    }

    fn line(&self, (id, sku): &(ProductId, Sku)) -> OrderLine {
        let product = &self.catalogue.products[id];
        let variant = product.variants.iter().find(|variant| variant.sku == *sku);
        OrderLine {
            sku: sku.clone(),
            product: id.clone(),
            name: product.name.clone(),
            variant: variant.map_or_else(String::new, |variant| variant.label.clone()),
            quantity: 1,
            unit_cents: variant.map_or(0, |variant| variant.list_cents),
            cancelled: false,
        }
    }

    fn order(
        &mut self,
        no: OrderNo,
        placed_at: DateTime,
        story: Story,
        lines: Vec<OrderLine>,
    ) -> Order {
        let address = self.address(story);
        let goods_cents: u32 = lines
            .iter()
            .filter(|line| !line.cancelled)
            .map(|line| line.unit_cents * line.quantity)
            .sum();
        let (delivery, delivery_cents) = self.delivery(&address, &lines, goods_cents);
        let code = (no % 9 == 4).then(|| "FRIENDS10".to_owned());
        let discount_cents = code.as_ref().map_or(0, |_| (goods_cents * 10 + 50) / 100);
        let (parcels, delivered_on) = self.parcels(placed_at.date(), story, &lines);
        let status = match story {
            Story::Cancelled => OrderStatus::Cancelled,
            Story::PartDelivered => OrderStatus::PartDelivered,
            Story::Shipped => OrderStatus::Shipped,
            Story::Packed => OrderStatus::Packed,
            Story::Placed => OrderStatus::Placed,
            _ => OrderStatus::Delivered,
        };
        let reasons = [
            CancelReason::NotNeeded,
            CancelReason::Cheaper,
            CancelReason::TooSlow,
        ];
        let cancel_reason = (story == Story::Cancelled)
            .then(|| *reasons.choose(self.rng).expect("there are reasons"));
        let card = if self.rng.random_bool(0.25) {
            ("c2", "8820")
        } else {
            ("c1", "4417")
        };
        Order {
            no,
            placed_at,
            status,
            events: events(placed_at, status, cancel_reason, &parcels),
            lines,
            address_id: Some(address.id),
            address: address.postal,
            delivery,
            card_id: Some(CardId::from(card.0)),
            card_last4: card.1.to_owned(),
            code,
            gift_note: if no % 13 == 5 {
                "With love from Mara".to_owned()
            } else {
                String::new()
            },
            cancel_reason,
            goods_cents,
            discount_cents,
            delivery_cents,
            total_cents: goods_cents - discount_cents + delivery_cents,
            parcels,
            delivered_on,
        }
    }

    fn address(&mut self, story: Story) -> Address {
        let open = matches!(story, Story::Packed | Story::Placed | Story::Shipped);
        let id = if open {
            "home"
        } else {
            ["home", "home", "work", "parents", "elin"]
                .choose(self.rng)
                .copied()
                .unwrap_or("home")
        };
        self.addresses[id].clone()
    }

    /// A kind of delivery that is offered for the address and the weight, with its fee.
    fn delivery(
        &mut self,
        address: &Address,
        lines: &[OrderLine],
        goods_cents: u32,
    ) -> (DeliveryMethod, u32) {
        let packed_g: u32 = lines
            .iter()
            .map(|line| self.catalogue.products[&line.product].packed_weight_g * line.quantity)
            .sum();
        let country = self
            .catalogue
            .countries
            .iter()
            .find(|country| country.id == address.postal.country);
        let mut rates = country.map_or_else(Vec::new, |country| country.rates.clone());
        rates.retain(|rate| packed_g <= rate.heaviest_order_g);
        let only_standard = self.rng.random_bool(0.6);
        let rate = rates
            .iter()
            .filter(|rate| !only_standard || rate.method == DeliveryMethod::Standard);
        let rate = rate.collect::<Vec<_>>().choose(self.rng).copied();
        rate.map_or((DeliveryMethod::Standard, 0), |rate| {
            let fee = match rate.free_from_cents {
                Some(free) if goods_cents >= free => 0,
                _ if packed_g <= LIGHT_ORDER_G => rate.light_cents,
                _ => rate.heavy_cents,
            };
            (rate.method, fee)
        })
    }

    /// Parcels, and the day on which the last one arrived.
    fn parcels(
        &mut self,
        placed: Date,
        story: Story,
        lines: &[OrderLine],
    ) -> (Vec<Parcel>, Option<Date>) {
        if matches!(story, Story::Cancelled | Story::Packed | Story::Placed) {
            return (Vec::new(), None);
        }
        let skus: Vec<Sku> = lines
            .iter()
            .filter(|line| !line.cancelled)
            .map(|line| line.sku.clone())
            .collect();
        match story {
            Story::Shipped => (vec![self.parcel(skus, plus_days(placed, 3), None)], None),
            Story::PartDelivered => {
                let (first, second) = skus.split_at(1);
                let arrived = plus_days(placed, 4);
                let parcels = vec![
                    self.parcel(first.to_vec(), plus_days(placed, 1), Some(arrived)),
                    self.parcel(second.to_vec(), plus_days(placed, 6), None),
                ];
                (parcels, None)
            }
            _ => {
                // Orders of 12 and 13 January 2026 arrive 61 and 60 days before the present.
                let days = if placed >= date(2026, 1, 1) {
                    4
                } else {
                    self.rng.random_range(3..7)
                };
                let arrived = plus_days(placed, days);
                let parcel = self.parcel(skus, plus_days(placed, 1), Some(arrived));
                (vec![parcel], Some(arrived))
            }
        }
    }

    fn parcel(&mut self, skus: Vec<Sku>, shipped_on: Date, delivered_on: Option<Date>) -> Parcel {
        let carriers = ["Norra Post", "Swift Parcel"];
        Parcel {
            tracking: format!("NP{}", self.rng.random_range(100_000_000..999_999_999_u32)),
            carrier: (*carriers.choose(self.rng).expect("there are carriers")).to_owned(),
            skus,
            shipped_on,
            delivered_on,
        }
    }

    /// The returns of an order.
    fn returned(&mut self, order: &Order, story: Story, before: usize) -> Vec<Return> {
        let count = match story {
            Story::OneReturned => 1,
            Story::AllReturned => order.lines.len(),
            _ => 0,
        };
        let Some(arrived) = order.delivered_on else {
            return Vec::new();
        };
        let first = FIRST_RETURN + u32::try_from(before).unwrap_or(0);
        let lines = order.lines.iter().take(count).zip(first..);
        lines
            .map(|(line, no)| Return {
                no,
                order: order.no,
                sku: line.sku.clone(),
                quantity: line.quantity,
                reason: *ReturnReason::ALL
                    .choose(self.rng)
                    .expect("there are reasons"),
                refund_to: RefundTo::OriginalPayment,
                drop_off: DropOff::PostOffice,
                note: String::new(),
                requested_at: plus_days(arrived, 6).at(9, 15, 0, 0),
                refunded_on: Some(plus_days(arrived, 15)),
            })
            .collect()
    }
}

fn events(
    placed_at: DateTime,
    status: OrderStatus,
    reason: Option<CancelReason>,
    parcels: &[Parcel],
) -> Vec<OrderEvent> {
    let mut events = vec![OrderEvent {
        at: placed_at,
        text: "Order placed".to_owned(),
    }];
    let mut add = |at: DateTime, text: String| events.push(OrderEvent { at, text });
    if let Some(reason) = reason {
        let at = plus_days(placed_at.date(), 1).at(8, 0, 0, 0);
        add(at, format!("Cancelled: {}", reason.label()));
    }
    if status == OrderStatus::Packed {
        add(
            plus_days(placed_at.date(), 1).at(15, 40, 0, 0),
            "Packed".to_owned(),
        );
    }
    for parcel in parcels {
        let shipped = parcel.shipped_on.at(16, 20, 0, 0);
        add(
            shipped,
            format!("Parcel {} handed to {}", parcel.tracking, parcel.carrier),
        );
        if let Some(day) = parcel.delivered_on {
            add(
                day.at(11, 5, 0, 0),
                format!("Parcel {} delivered", parcel.tracking),
            );
        }
    }
    events.sort_by_key(|event| event.at);
    events
}
