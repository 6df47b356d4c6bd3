//! The pages of the shop: handlers and what they show. They ask [`queries`](super::queries),
//! change state through [`actions`](super::actions) alone, and know nothing of tasks.
//!
//! | address | query | page |
//! |---|---|---|
//! | `/shop/` | | home |
//! | `/shop/c/{category}` | `stock=1 sale=1 min max rating brand* kind* colour* sort page` | category |
//! | `/shop/search` | `q` and those of a category | search |
//! | `/shop/p/{product}` | `variant tab=details\|reviews sort page` | product |
//! | `/shop/p/{product}/review` | | write a review |
//! | `/shop/stock-alert` | `variant` | stock alert |
//! | `/shop/cart` | | cart |
//! | `/shop/checkout/{address,delivery,payment,review}` | | checkout |
//! | `/shop/checkout/done/{order}` | | confirmation |
//! | `/shop/account` | | overview |
//! | `/shop/orders` | `page` | orders, ten a page |
//! | `/shop/orders/{no}` | | order |
//! | `/shop/orders/{no}/{cancel,address,return}` | | forms of an order |
//! | `/shop/addresses`, `/shop/addresses/new`, `/shop/addresses/{id}/edit` | `back=checkout` | address book |
//! | `/shop/cards`, `/shop/cards/new` | `back=checkout` | cards |
//! | `/shop/wishlist` | `page` | wishlist, twenty a page |
//! | `/shop/reviews` | | the customer's reviews |
//! | `/shop/newsletter` | | newsletter |
//! | `/shop/contact` | | contact form |
//! | `/shop/help`, `/shop/help/{slug}` | | help |
//!
//! Sorts of goods: `featured` (default), `price_asc`, `price_desc`, `rating`, `newest`. Sorts
//! of reviews: `newest` (default), `highest`, `lowest`. Prices in `min` and `max` are dollars.
