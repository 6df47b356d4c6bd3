//! Projects with fewer issues.

use super::Plan;
use crate::sites::desk::state::Role;

pub(super) const APP: Plan = Plan {
    key: "APP",
    name: "Mobile app",
    about: "The app for phones and tablets.",
    team: "Marketing",
    components: &[
        (
            "Shopping",
            &[
                "the start screen",
                "the barcode search",
                "the basket",
                "the quick reorder",
                "the offer banner",
                "the product video",
            ],
        ),
        (
            "Account",
            &[
                "the fingerprint sign-in",
                "the push messages",
                "the order tracker",
                "the saved cards",
                "the language switch",
                "the offline mode",
            ],
        ),
        (
            "Stores",
            &[
                "the store finder",
                "the opening hours",
                "the shelf locator",
                "the pick-up code",
                "the parking note",
                "the queue ticket",
            ],
        ),
    ],
    labels: &[
        ("tablet", "Seen on large screens."),
        ("phone", "Seen on small screens."),
        ("crash", "The app closes by itself."),
        ("battery", "Uses too much of it."),
        ("follow-up", "To be looked at again after a week."),
        ("store review", "Somebody wrote about it in the app store."),
        ("regression", "It worked before."),
        ("wording", "A text is unclear or wrong."),
        ("quick win", "Half a day or less."),
    ],
    first: 127,
    size: 76,
    special: Some(("Checkout polish", "Small things on the way to the order.")),
    mine: Some(Role::Developer),
    open_house: false,
    annas: (false, true),
    families: 4,
};

pub(super) const INT: Plan = Plan {
    key: "INT",
    name: "Integrations",
    about: "Carriers, suppliers, accounting and everything else that talks to us by machine.",
    team: "Logistics",
    components: &[
        (
            "Carriers",
            &[
                "the tracking feed",
                "the label service",
                "the pick-up booking",
                "the customs form",
                "the carrier invoice",
                "the address check",
            ],
        ),
        (
            "Suppliers",
            &[
                "the order upload",
                "the stock feed",
                "the price feed",
                "the delivery note",
                "the supplier login",
                "the count sheet",
            ],
        ),
        (
            "Accounting",
            &[
                "the daily journal",
                "the tax export",
                "the payout file",
                "the exchange rate feed",
                "the cost centre table",
                "the month-end run",
            ],
        ),
    ],
    labels: &[
        ("partner", "Somebody else's system is part of it."),
        ("schedule", "A run at a certain time."),
        ("format", "A file is not as agreed."),
        ("needs-design", "The designers have to look at it first."),
        ("follow up", "To be looked at again after a week."),
        ("data-loss", "Something that was sent did not arrive."),
        ("audit", "The auditors asked for it."),
        ("regression", "It worked before."),
        ("quick win", "Half a day or less."),
    ],
    first: 264,
    size: 72,
    special: Some(("Carrier switch", "From two carriers to three.")),
    mine: Some(Role::Developer),
    open_house: true,
    annas: (true, true),
    families: 4,
};

pub(super) const PAY: Plan = Plan {
    key: "PAY",
    name: "Payments",
    about: "Cards, vouchers, refunds and everything that moves money.",
    team: "Finance",
    components: &[
        (
            "Cards",
            &[
                "the card form",
                "the second factor",
                "the card update mail",
                "the refusal message",
                "the stored-card check",
                "the receipt",
            ],
        ),
        (
            "Refunds",
            &[
                "the refund run",
                "the part refund",
                "the refund limit",
                "the refund mail",
                "the bank file",
                "the charge-back list",
            ],
        ),
    ],
    labels: &[
        ("money", "An amount may be wrong."),
        ("fraud", "Somebody may be cheating."),
        ("bank", "A bank has to answer."),
        ("follow-up", "To be looked at again after a week."),
        ("audit", "The auditors asked for it."),
        ("regression", "It worked before."),
    ],
    first: 91,
    size: 50,
    special: Some(("Card switch", "A new partner for card payments.")),
    mine: Some(Role::Reporter),
    open_house: false,
    annas: (false, false),
    families: 0,
};

pub(super) const OPS: Plan = Plan {
    key: "OPS",
    name: "Platform",
    about: "Servers, backups, releases and the night watch.",
    team: "Web",
    components: &[
        (
            "Releases",
            &[
                "the release checklist",
                "the staging copy",
                "the rollback script",
                "the change calendar",
                "the build queue",
                "the version page",
            ],
        ),
        (
            "Watch",
            &[
                "the alarm list",
                "the night watch rota",
                "the log search",
                "the uptime page",
                "the disk forecast",
                "the backup report",
            ],
        ),
    ],
    labels: &[
        ("alarm", "An alarm went off."),
        ("capacity", "Something gets full."),
        ("schedule", "A run at a certain time."),
        ("follow up", "To be looked at again after a week."),
        ("regression", "It worked before."),
        ("quick win", "Half a day or less."),
    ],
    first: 173,
    size: 50,
    special: Some(("Database move", "From the old machine to two new ones.")),
    mine: Some(Role::Reporter),
    open_house: true,
    annas: (true, false),
    families: 0,
};

pub(super) const SEC: Plan = Plan {
    key: "SEC",
    name: "Security",
    about: "Access, secrets and incidents. By invitation only.",
    team: "Finance",
    components: &[(
        "Access",
        &[
            "the key register",
            "the visitor badge",
            "the access review",
            "the incident log",
            "the password rule",
            "the laptop policy",
        ],
    )],
    labels: &[
        ("incident", "It happened."),
        ("audit", "The auditors asked for it."),
    ],
    first: 12,
    size: 20,
    special: None,
    mine: None,
    open_house: false,
    annas: (false, false),
    families: 0,
};
