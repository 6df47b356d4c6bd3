//! Sentences of which titles, descriptions and comments are made. `{t}` is a thing such as
//! `the invoice PDF`, `{T}` the same at the start of a sentence.

/// What is wrong with a thing: title, and a sentence that explains it.
pub(super) const BUGS: [(&str, &str); 16] = [
    (
        "{T} loses its value after going back",
        "Whoever goes one page back finds {t} as it was at the start and has to enter everything again.",
    ),
    (
        "{T} shows yesterday's date",
        "Shortly after midnight {t} still shows the day before, and it stays so until somebody restarts it.",
    ),
    (
        "{T} cannot be reached by keyboard",
        "The tab key jumps over {t}, so people who do not use a mouse cannot get to it.",
    ),
    (
        "{T} is cut off on small screens",
        "Below a width of about 400 pixels the right part of {t} is not to be seen, and it cannot be scrolled.",
    ),
    (
        "{T} keeps the old value after an edit",
        "After saving, {t} shows what was there before. A reload helps, but nobody knows that.",
    ),
    (
        "{T} refuses names with an apostrophe",
        "A name such as O'Brien is answered with \"please check your input\", without saying what is wrong.",
    ),
    (
        "{T} is empty on the first try",
        "The first time {t} opens it holds nothing. Closing and opening it again brings the content.",
    ),
    (
        "{T} times out on slow connections",
        "With less than one megabit {t} gives up after ten seconds and shows a white page.",
    ),
    (
        "{T} shows two decimals too many",
        "Amounts in {t} read like 12.5000 instead of 12.50.",
    ),
    (
        "{T} forgets the chosen language",
        "People who chose another language get {t} in English all the same.",
    ),
    (
        "Wrong colour for warnings in {t}",
        "Warnings in {t} are green, which everybody takes for a success.",
    ),
    (
        "{T} jumps to the top after each save",
        "After every save {t} scrolls to its beginning, and the place where one worked is lost.",
    ),
    (
        "{T} counts cancelled orders",
        "The figures in {t} are too high, because what was cancelled is counted as well.",
    ),
    (
        "Help text of {t} leads nowhere",
        "The link behind the question mark in {t} opens a page that no longer exists.",
    ),
    (
        "{T} accepts a date in the past",
        "One can enter a day that is over in {t}, and only the next step refuses it.",
    ),
    (
        "{T} opens in a second window",
        "{T} opens a window of its own, which gets lost behind the others.",
    ),
];

/// What is to be done about a thing.
pub(super) const TASKS: [(&str, &str); 9] = [
    (
        "Move {t} to the new layout",
        "{T} still has the old layout. It should look like the other pages by the end of the milestone.",
    ),
    (
        "Write tests for {t}",
        "There is not one test for {t}, and every release breaks something in it.",
    ),
    (
        "Describe {t} in the handbook",
        "New colleagues ask about {t} every week. One page with pictures would do.",
    ),
    (
        "Remove the old code behind {t}",
        "What {t} did before 2024 is still there and is switched off. It can go.",
    ),
    (
        "Try {t} with a screen reader",
        "We promised that {t} can be used without seeing it. Nobody has tried.",
    ),
    (
        "Measure how long {t} takes",
        "Before we change {t} we need to know how long it takes today, at noon and at night.",
    ),
    (
        "Translate the messages of {t}",
        "All messages of {t} are in English. Texts are ready, they have to be put in.",
    ),
    (
        "Agree on who looks after {t}",
        "Three teams have changed {t} this year. One of them should answer for it.",
    ),
    (
        "Go through the settings of {t}",
        "{T} has eleven settings, and most of them were never changed. Which can go?",
    ),
];

/// What could be new about a thing.
pub(super) const FEATURES: [(&str, &str); 8] = [
    (
        "Let people export {t}",
        "Several stores copy {t} by hand into a sheet. A file would save them an hour a week.",
    ),
    (
        "Show who last changed {t}",
        "When something is odd in {t}, the first question is always who changed it.",
    ),
    (
        "Remember the last setting of {t}",
        "Most people use {t} with the same setting every day and choose it anew each morning.",
    ),
    (
        "Add a filter to {t}",
        "With more than fifty entries nobody finds anything in {t}.",
    ),
    (
        "Send a mail when {t} changes",
        "The stores would like to hear of changes in {t} without looking every day.",
    ),
    (
        "A dark look for {t}",
        "The night shift finds {t} too bright.",
    ),
    (
        "Keyboard shortcuts for {t}",
        "Who uses {t} all day would be faster with three or four shortcuts.",
    ),
    (
        "Undo in {t}",
        "A wrong click in {t} cannot be taken back today.",
    ),
];

/// What people ask about a thing.
pub(super) const QUESTIONS: [(&str, &str); 5] = [
    (
        "How is {t} meant to work on Sundays?",
        "On Sundays {t} does nothing. Is that on purpose?",
    ),
    (
        "Can {t} be switched off for test orders?",
        "Our test orders show up in {t} and confuse everybody.",
    ),
    (
        "Who may change {t}?",
        "I wanted to change {t} and was refused. Whom do I ask?",
    ),
    (
        "Since when does {t} look like this?",
        "{T} looks different from what is in the handbook.",
    ),
    (
        "Where do the figures in {t} come from?",
        "The figures in {t} do not agree with those of accounting.",
    ),
];

/// One problem in three people's words, and what each of them wrote.
pub(super) const FAMILIES: [[(&str, &str); 3]; 6] = [
    [
        (
            "{T} shows the wrong total",
            "The total in {t} is too low by the price of one parcel.",
        ),
        (
            "Total in {t} is off when there are two parcels",
            "With two parcels, {t} adds up only the first.",
        ),
        (
            "Second parcel is missing from the sum of {t}",
            "I had two parcels and the sum in {t} knows of one.",
        ),
    ],
    [
        (
            "{T} hangs when the list is long",
            "Above two hundred entries {t} shows a turning wheel and nothing else.",
        ),
        (
            "{T} takes minutes with many entries",
            "We have a few hundred entries, and {t} needs three minutes to open.",
        ),
        (
            "Nothing happens in {t} after the first two hundred rows",
            "Scrolling down in {t} ends at row two hundred.",
        ),
    ],
    [
        (
            "Accents are broken in {t}",
            "A customer named N\u{fa}\u{f1}ez is shown with question marks in {t}.",
        ),
        (
            "{T} shows question marks in names",
            "Names with special letters look wrong in {t}.",
        ),
        (
            "Names with umlauts are unreadable in {t}",
            "Every \u{fc} in {t} turns into two odd signs.",
        ),
    ],
    [
        (
            "{T} has to be opened twice",
            "The first click on {t} does nothing, the second one works.",
        ),
        (
            "First click on {t} is ignored",
            "One always has to click twice on {t}.",
        ),
        (
            "{T} reacts only to the second tap",
            "On the tablet {t} needs two taps.",
        ),
    ],
    [
        (
            "{T} sends its mail twice",
            "Every mail about {t} arrives two times, a minute apart.",
        ),
        (
            "Two mails for each change of {t}",
            "I change {t} once and get two mails.",
        ),
        (
            "Customers get the mail about {t} in pairs",
            "Four customers complained that they get everything about {t} twice.",
        ),
    ],
    [
        (
            "{T} signs people out",
            "Whoever opens {t} has to sign in again afterwards.",
        ),
        (
            "Session is lost after a look at {t}",
            "After {t} the next page asks for the password.",
        ),
        (
            "Have to sign in again each time after {t}",
            "Three times today I had to sign in again, always after {t}.",
        ),
    ],
];

/// How and where something was seen; ends a description.
pub(super) const CIRCUMSTANCES: [&str; 8] = [
    "Seen on two machines, with different people.",
    "It happens about one time in five.",
    "The staging copy does the same.",
    "It does not happen with a fresh account.",
    "Two stores have called about it.",
    "It was not so in last year's version.",
    "I have a recording, if somebody needs it.",
    "A workaround is known, but it takes time.",
];

/// Steps of a description.
pub(super) const STEPS: [&str; 6] = [
    "sign in as a store",
    "open {t}",
    "enter something and save",
    "go back and look again",
    "wait for a minute",
    "compare with the staging copy",
];

/// What people write under an issue.
pub(super) const COMMENTS: [&str; 24] = [
    "I can see it too.",
    "Happens here as well, since Monday.",
    "Could you add a picture?",
    "I asked the store for an example and will write when they answer.",
    "This is harder than it looks, {t} is used in three places.",
    "Half done. The rest needs a decision.",
    "The change is ready for review.",
    "I could not find the cause yet.",
    "Let us talk about it on Thursday.",
    "The customer has written again.",
    "Fixed on the staging copy, please try.",
    "Tried it on staging: works for me.",
    "Tried it on staging: still the same.",
    "Is this the same as what we had in autumn?",
    "No news from the supplier.",
    "I would rather leave {t} as it is and change the text.",
    "Agreed with the stores: they can wait until the next release.",
    "Please keep me informed, I have to tell three people.",
    "The logs show nothing at that time.",
    "It is the time zone, as always.",
    "Estimate is too low, we should double it.",
    "I have moved the discussion to the weekly meeting.",
    "Thanks, that helps.",
    "Sorry, wrong issue.",
];

/// What colleagues note among themselves.
pub(super) const NOTES: [&str; 5] = [
    "Internal: the customer is a large account, please answer today.",
    "Internal: we promised a voucher if it takes longer than a week.",
    "Internal: same person as last month.",
    "Internal: do not mention the supplier.",
    "Internal: legal has seen this.",
];

/// Notes of logged work.
pub(super) const WORK: [&str; 6] = [
    "Looking for the cause",
    "First version",
    "Review",
    "Tests",
    "Call with the store",
    "",
];

/// A sentence about a thing.
pub(super) fn about(pattern: &str, thing: &str) -> String {
    let mut chars = thing.chars();
    let capital = chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().collect::<String>() + chars.as_str()
    });
    pattern.replace("{T}", &capital).replace("{t}", thing)
}
