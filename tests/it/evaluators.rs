//! Evaluators: what counts as the right answer, the complete change, the page left open and a
//! justified report; and that hostile input leads to nothing but a failure.

use std::collections::BTreeMap;

use agentarena::domain::evidence::{
    Change, ChangeOp, Ending, Evidence, FieldChange, JournalEntry, View,
};
use agentarena::domain::task::{
    AllowedChange, AnswerSpec, AnswerType, Candidate, Difficulty, Direction, EnvironmentSpec,
    EvaluatorSpec, ExpectedChange, InfeasibleCode, InfeasibleSpec, Limits, Sighting, StateSpec,
    TaskKind, TaskSpec, UrlSpec,
};
use agentarena::domain::verdict::VerdictStatus;
use agentarena::evaluators::evaluate;
use proptest::prelude::*;
use serde_json::{Value, json};

fn task(kind: TaskKind, goal: &str, evaluators: Vec<EvaluatorSpec>) -> TaskSpec {
    TaskSpec {
        template: "T01".into(),
        draw: 0,
        title: "A task".into(),
        goal: goal.into(),
        kind,
        difficulty: Difficulty::Easy,
        points: BTreeMap::new(),
        skills: Vec::new(),
        environment: EnvironmentSpec::Site {
            sites: vec!["shop".into()],
            persona: "mara".into(),
            world: 1,
            start: "/shop/".into(),
        },
        evaluators,
        limits: Limits {
            steps: 15,
            time_ms: 60_000,
        },
        solution: Vec::new(),
        draw_values: Value::Null,
    }
}

fn answer(kind: AnswerType, expected: Value) -> AnswerSpec {
    AnswerSpec {
        answer: kind,
        expected,
        unit: None,
        direction: None,
        candidates: Vec::new(),
    }
}

fn products() -> Vec<Candidate> {
    [
        "Basalt 1.2 L Kettle",
        "Basalt 1.7 L Kettle",
        "Tamarin Grinder",
        "Tamarin Grinder 2",
        "Crème Brûlée Dish",
    ]
    .iter()
    .map(|name| Candidate {
        name: (*name).into(),
        aliases: vec![format!("KX-{}", name.len())],
    })
    .collect()
}

fn status(task: &TaskSpec, text: &str) -> VerdictStatus {
    let evidence = Evidence {
        ending: Some(Ending::Answer(text.into())),
        ..Evidence::default()
    };
    evaluate(task, &evidence).status
}

#[track_caller]
fn check(task: &TaskSpec, right: &[&str], wrong: &[&str]) {
    for text in right {
        let evidence = Evidence {
            ending: Some(Ending::Answer((*text).into())),
            ..Evidence::default()
        };
        let verdict = evaluate(task, &evidence);
        assert_eq!(
            verdict.status,
            VerdictStatus::Pass,
            "`{text}`: {}",
            verdict.summary
        );
    }
    for text in wrong {
        assert_eq!(
            status(task, text),
            VerdictStatus::Fail,
            "`{text}` must fail"
        );
    }
}

#[test]
fn money_is_equal_to_the_cent_in_every_sensible_spelling() {
    let spec = answer(AnswerType::Money, json!("1299.50 USD"));
    let goal = "How much is the Tamarin Grinder 2 in red? Just the price.";
    check(
        &task(TaskKind::Info, goal, vec![EvaluatorSpec::Answer(spec)]),
        &[
            "$1,299.50",
            "1299.5",
            "1,299.50 USD",
            "USD 1299.50",
            "**$1,299.50**",
            "Answer: $1,299.50",
            "```\n1299.50\n```",
            "\"1299.50\"",
            "$1,299.50.",
            "{\"price\": \"$1,299.50\"}",
            "The Tamarin Grinder 2 in red costs $1,299.50.",
            "It is 1299.50 dollars",
            "US$1299.50",
            "**Answer:** 1299.50",
        ],
        &[
            "",
            "0",
            "1",
            "null",
            "{}",
            "N/A",
            "NaN",
            "true",
            "done",
            "1299.51",
            "1299.49",
            "€1299.50",
            "1299.50 EUR",
            "12.99",
            "1,2,99.50",
            "$1299.50 or $1300.00",
            "not $1,299.50",
            "~1299.50",
            "about 1299.50",
            "It isn't $1,299.50",
            "$1,299.50?",
            "$1299.50 $1299.51",
            "129950",
            "[1299.50]",
            "$1,299.505",
            "It costs $1,299.50. It was $1,400.00.",
            "-1299.50",
        ],
    );
}

#[test]
fn numbers_are_exact_and_other_units_are_other_values() {
    let mut spec = answer(AnswerType::Number, json!(1204));
    spec.unit = Some("g".into());
    check(
        &task(
            TaskKind::Info,
            "What does it weigh, in grams?",
            vec![EvaluatorSpec::Answer(spec)],
        ),
        &[
            "1204",
            "1,204",
            "1204.0",
            "1204 g",
            "1204g",
            "1,204 grams",
            "It weighs 1204 grams.",
        ],
        &[
            "1.204 kg",
            "1204 kg",
            "1203",
            "12040",
            "1204-1205",
            "1204 1205",
            "~1204",
            "x1204",
            "$1204",
            "1 204",
        ],
    );
    let seven = task(
        TaskKind::Info,
        "How many chairs?",
        vec![EvaluatorSpec::Answer(answer(AnswerType::Number, json!(7)))],
    );
    check(
        &seven,
        &["seven", "7", "Seven.", "There are 7 chairs.", "No. 7"],
        &[
            "5 or 7",
            "no 8",
            "not seven",
            "17",
            "7.1",
            "7%",
            "seventeen",
            "KX-7",
            "five 7",
        ],
    );
}

#[test]
fn lengths_of_time_need_their_units() {
    let mut spec = answer(AnswerType::Duration, json!("1 h 30 min"));
    let passes = [
        "1 h 30 min",
        "90 minutes",
        "1:30 h",
        "1.5 hours",
        "1h30m",
        "5,400 seconds",
        "1 hour and 30 minutes",
        "It took 90 min.",
    ];
    let fails = [
        "90",
        "1:30",
        "90 hours",
        "1.5",
        "90 or 95 minutes",
        "91 min",
        "1 h 30 min 1 s",
        "30 min",
    ];
    let goal = "How long did it take?";
    let of = |spec: &AnswerSpec| {
        task(
            TaskKind::Info,
            goal,
            vec![EvaluatorSpec::Answer(spec.clone())],
        )
    };
    check(&of(&spec), &passes, &fails);
    spec.unit = Some("min".to_owned());
    check(
        &of(&spec),
        &["90", "90 min", "1:30 h"],
        &["1.5", "91", "90 hours"],
    );
}

#[test]
fn times_of_day_stand_alone_or_with_a_date() {
    let spec = answer(AnswerType::Time, json!("14:05"));
    check(
        &task(TaskKind::Info, "When?", vec![EvaluatorSpec::Answer(spec)]),
        &[
            "14:05",
            "2:05 pm",
            "02:05 PM",
            "14:05 UTC",
            "At 2:05 p.m.",
            "14:05:00",
        ],
        &[
            "2:05",
            "14:50",
            "1405",
            "14",
            "14:05 or 14:10",
            "14.05",
            "13:05 pm",
        ],
    );
    let spec = answer(AnswerType::DateTime, json!("2026-03-18 14:05"));
    check(
        &task(TaskKind::Info, "When?", vec![EvaluatorSpec::Answer(spec)]),
        &[
            "2026-03-18 14:05",
            "2026-03-18T14:05Z",
            "18 March 2026, 14:05",
            "Mar 18, 2026 at 2:05 pm",
            "14:05 on 18 March 2026",
            "It arrived on 18 March 2026 at 14:05.",
        ],
        &[
            "18 March 2026",
            "14:05",
            "18 March, 14:05",
            "19 March 2026, 14:05",
            "18 March 2026, 14:06",
            "2026-03-18 14:05 or 15:05",
        ],
    );
}

#[test]
fn shares_are_in_per_cent() {
    let spec = answer(AnswerType::Percent, json!("12.5"));
    check(
        &task(
            TaskKind::Info,
            "What share?",
            vec![EvaluatorSpec::Answer(spec)],
        ),
        &[
            "12.5 %",
            "12.5",
            "12.50%",
            "12.5 percent",
            "It is 12.5 per cent.",
        ],
        &[
            "0.125",
            "12.5 percentage points",
            "-12.5 %",
            "12.4 %",
            "12.5 g",
            "$12.5",
        ],
    );
}

#[test]
fn cents_are_hundredths_and_hedges_are_none() {
    let spec = answer(AnswerType::Money, json!("144.40 USD"));
    check(
        &task(
            TaskKind::Info,
            "How much?",
            vec![EvaluatorSpec::Answer(spec)],
        ),
        &[
            "144 dollars and 40 cents",
            "14440 cents",
            "$144.40",
            "It costs 144 dollars, 40 cents.",
        ],
        &[
            "144.40 cents",
            "144 dollars or 40 cents",
            "$144.40 but it could be another",
            "144 dollars and 41 cents",
            "40 cents and 144 dollars",
        ],
    );
}

#[test]
fn words_that_say_another_amount_are_no_answer() {
    let spec = answer(AnswerType::Money, json!("144.40 USD"));
    check(
        &task(
            TaskKind::Info,
            "How much is it under \"Wrong or not wrong\"?",
            vec![EvaluatorSpec::Answer(spec)],
        ),
        &[
            "The kettle costs $144.40.",
            "It costs 144.40 USD at the moment",
            "The price is **144.40 USD** there.",
            "It costs more than any other kettle: 144.40 USD",
            "Kettle -> 144.40 USD",
            "It is 144.40 USD under \"Wrong or not wrong\".",
            "The cheapest option is 144.40 USD",
        ],
        &[
            "144.40 USD is wrong",
            "minus 144.40 USD",
            "It is minus $144.40",
            "under 144.40 USD",
            "more than 144.40 USD",
            "over 144.40 USD",
            "less than 144.40 USD",
            "at least 144.40 USD",
            "It costs at least the 144.40 USD",
            "from 144.40 USD",
            "144.40 USD \u{b1} 100",
            "144.40 USD +/- 100",
            "two times 144.40 USD",
            "2 x 144.40 USD",
            "144.40 USD \u{d7} 2",
            "half of 144.40 USD",
            ">144.40 USD",
            "144.40 USD+",
            "144.40 USD and up",
            "The other one costs 144.40 USD.",
            "144.40 USD144.40 USD144.40 USD",
            r#"{"answer":"1","answer":"144.40"}"#,
        ],
    );
    let mut number = answer(AnswerType::Number, json!(-3));
    number.unit = Some("g".into());
    check(
        &task(
            TaskKind::Info,
            "What is the difference?",
            vec![EvaluatorSpec::Answer(number)],
        ),
        &["-3", "minus 3", "It is minus 3 g."],
        &["3", "minus -3", "-3 g3 g", "under minus 3"],
    );
    let day = answer(AnswerType::Date, json!("2026-03-18"));
    check(
        &task(TaskKind::Info, "When?", vec![EvaluatorSpec::Answer(day)]),
        &["It was on 18 March 2026.", "From 18 March 2026"],
        &["before 18 March 2026", "It was after the 18 March 2026"],
    );
}

#[test]
fn words_that_say_another_name_are_no_answer() {
    let mut spec = answer(AnswerType::Entity, json!("brewanna"));
    spec.candidates = ["brewanna", "mara", "Not Wrong"]
        .iter()
        .map(|name| Candidate {
            name: (*name).into(),
            aliases: Vec::new(),
        })
        .collect();
    let asking = |goal: &str, expected: &str| {
        let mut spec = spec.clone();
        spec.expected = json!(expected);
        task(TaskKind::Info, goal, vec![EvaluatorSpec::Answer(spec)])
    };
    check(
        &asking("Who wrote the most comments?", "brewanna"),
        &[
            "brewanna wrote the most comments there.",
            "It was written by brewanna.",
            "brewanna wrote more comments than any other member.",
            "brewanna wrote more than anyone there",
            "The comment is from brewanna",
        ],
        &[
            "anyone but brewanna",
            "Exclude brewanna",
            "excluding user brewanna",
            "brewanna is wrong",
            "Hardly brewanna",
            "brewanna and others",
            "brewanna et al.",
            "Candidates: brewanna",
            "brewanna came second",
            "brewanna was the runner-up and came second",
            "brewanna, if I had to pick",
            "more than brewanna",
            "someone other than brewanna",
        ],
    );
    check(
        &asking("Who came second?", "brewanna"),
        &["brewanna came second"],
        &["brewanna came third"],
    );
    let name = asking("Which one?", "Not Wrong");
    check(&name, &["It is Not Wrong."], &["It is not Not Wrong."]);
}

#[test]
fn an_answer_may_say_what_the_goal_leaves_out() {
    let asking = |kind: AnswerType, goal: &str, expected: Value| {
        let mut spec = answer(kind, expected);
        spec.unit = (kind == AnswerType::Number).then(|| "issues".into());
        task(TaskKind::Info, goal, vec![EvaluatorSpec::Answer(spec)])
    };
    check(
        &asking(
            AnswerType::Money,
            "What did I pay in June 2025, delivery not included?",
            json!("45.20 USD"),
        ),
        &[
            "$45.20, delivery not included",
            "$45.20 (delivery not included)",
            "You paid $45.20 without delivery.",
        ],
        &[
            "It is not $45.20, delivery not included",
            "not $45.20",
            "$45.20, not included",
            "$45.20 without the tax",
            "$45.20 or more, delivery not included",
            "June 2025, delivery not $45.20",
            "$45.20 without June",
        ],
    );
    check(
        &asking(
            AnswerType::Number,
            "How many open issues have the label \"ops\" but not \"late\"?",
            json!(12),
        ),
        &["12 open issues have the label \"ops\" but not \"late\"."],
        &[
            "There are not 12 open issues",
            "12 open issues, but not ops",
        ],
    );
}

/// A task that asks for a value.
fn asking(goal: &str, spec: AnswerSpec) -> TaskSpec {
    task(TaskKind::Info, goal, vec![EvaluatorSpec::Answer(spec)])
}

#[test]
fn an_answer_may_repeat_the_goal() {
    let mut count = answer(AnswerType::Number, json!(12));
    count.unit = Some("issues".into());
    check(
        &asking(
            "How many issues of Web, open or closed, have the label \"ops\" but not \"late\"?",
            count,
        ),
        &[
            "12 issues of Web, open or closed, have the label \"ops\" but not \"late\".",
            "12 issues have the ops label but not the late label",
            "12 issues with \"ops\", not \"late\"",
            "12, not counting the late ones",
            "12 issues have the label \"ops\" and do not have the label \"late\".",
            "There are 12 issues.\n\n**12**",
            "{\"count\": 12, \"project\": \"Web\"}",
        ],
        &[
            "12 issues, open or late",
            "12 or 13 issues of Web",
            "12 issues of Web or closed",
            "12 issues, not counting the closed ones",
            "12 issues including late ones",
            "12 issues, late ones included",
            "12 dozen",
            "12 hundred issues",
            "12 and a half",
            "after 12",
            "I think it is 12",
            "I made up 12",
            "There are 12 issues.\n13",
        ],
    );
}

#[test]
fn a_choice_that_the_goal_offers_stays_one() {
    let mut name = answer(AnswerType::Entity, json!("Tamarin Grinder"));
    name.candidates = products();
    check(
        &asking(
            "Which product with 4 stars or more is better, the Tamarin Grinder or the Basalt 1.2 L Kettle?",
            name,
        ),
        &["Of the products with 4 stars or more it is the Tamarin Grinder."],
        &[
            "The Tamarin Grinder or the Basalt 1.2 L Kettle",
            "Tamarin Grinder or Basalt 1.2 L Kettle with 4 stars or more",
            "Tamarin Grinder or more",
        ],
    );
}

#[test]
fn a_record_may_repeat_the_goal() {
    let who = serde_json::to_value(products()).unwrap();
    let record = answer(
        AnswerType::Record,
        json!([
            {"name": "who", "answer": "entity", "expected": "Tamarin Grinder", "candidates": who},
            {"name": "day", "answer": "date", "expected": "2025-03-04"},
        ]),
    );
    check(
        &asking(
            "Who put the sentence about the moon in between May and June, and on which day?",
            record,
        ),
        &[
            "Tamarin Grinder put the sentence about the moon in, on 4 March 2025.",
            "Between May and June it was Tamarin Grinder, on 4 March 2025.",
            "1. Tamarin Grinder 2. 4 March 2025",
            "Tamarin Grinder put it in. It was on Tuesday, 4 March 2025.",
            "The sentence is by Tamarin Grinder; it was put in on 2025-03-04",
            "{\"member\": \"Tamarin Grinder\", \"date\": \"2025-03-04\"}",
        ],
        &[
            "It was about Tamarin Grinder, on 4 March 2025",
            "Between Tamarin Grinder and 4 March 2025",
            "Tamarin Grinder removed it on 4 March 2025",
            "Tamarin Grinder, Monday, 4 March 2025",
            "Tamarin Grinder, week of 4 March 2025",
            "{\"member\": \"Tamarin Grinder\", \"other\": \"Basalt 1.2 L Kettle\"}",
            "Tamarin Grinder. 4 March 2025. Done. Good.",
        ],
    );
}

#[test]
fn a_list_may_say_what_the_goal_leaves_out() {
    let mut list = answer(
        AnswerType::List,
        json!(["Tamarin Grinder", "Basalt 1.2 L Kettle"]),
    );
    list.candidates = products();
    check(
        &asking(
            "Which two? Leave cancelled orders out. Highest first.",
            list,
        ),
        &[
            "Not counting cancelled orders: Tamarin Grinder and Basalt 1.2 L Kettle",
            "Without cancelled orders: Tamarin Grinder, Basalt 1.2 L Kettle",
        ],
        &[
            "Not counting new orders: Tamarin Grinder and Basalt 1.2 L Kettle",
            "Not cancelled: Tamarin Grinder",
            "Tamarin Grinder, Basalt 1.2 L Kettle (cancelled orders included)",
            "Including cancelled orders: Tamarin Grinder, Basalt 1.2 L Kettle",
            "Tamarin Grinder, Basalt 1.2 L Kettle, last to first",
            "Unordered: Tamarin Grinder, Basalt 1.2 L Kettle",
        ],
    );
}

#[test]
fn an_amount_is_that_of_the_goal_and_nothing_else() {
    let mut paid = answer(AnswerType::Money, json!("1111.94 USD"));
    paid.unit = None;
    check(
        &asking(
            "What did we pay between May and June, delivery included? Leave out cancelled orders.",
            paid,
        ),
        &[
            "$1,111.94 with delivery",
            "Between May and June it was $1,111.94.",
            "It adds up to $1,111.94",
            "{\"total\": 1111.94, \"currency\": \"USD\"}",
        ],
        &[
            "$1,111.94 excluding delivery",
            "$1,111.94, delivery excluded",
            "$1,111.94 including cancelled orders",
            "$1,111.94 without delivery",
            "Between April and June it was $1,111.94.",
            "up to $1,111.94",
            "NZ$1,111.94",
            "1,111.94 Canadian dollars",
            "$1,111.94 million",
            "$1,111.94 off",
            "1 111.94 USD",
            "$1,111.94 per month",
            "{\"total\": 1111.94, \"currency\": \"EUR\"}",
            "{\"total\": 1111.94, \"other\": 20}",
        ],
    );
}

#[test]
fn a_change_may_be_told_with_the_goals_months() {
    let mut change = answer(AnswerType::Percent, json!(-36.9));
    change.direction = Some(Direction::Signed);
    check(
        &asking(
            "By how many per cent did revenue change from March 2025 to June 2025? Minus for a fall.",
            change,
        ),
        &[
            "It changed by -36.9 % from March 2025 to June 2025.",
            "It fell by 36.9 % from March 2025 to June 2025.",
        ],
        &[
            "It rose by 36.9 % from March 2025 to June 2025.",
            "It changed by -36.9 % from March 2025 to June 2026.",
        ],
    );
}

#[test]
fn the_opposite_of_what_was_asked_is_no_answer() {
    let asking = |goal: &str| {
        let mut spec = answer(AnswerType::Entity, json!("Tamarin Grinder"));
        spec.candidates = products();
        task(TaskKind::Info, goal, vec![EvaluatorSpec::Answer(spec)])
    };
    check(
        &asking("Which has the shortest range?"),
        &[
            "Tamarin Grinder has the shortest range",
            "It is the Tamarin Grinder, at 4 km.",
        ],
        &[
            "Tamarin Grinder has the longest range",
            "Tamarin Grinder has the second shortest range",
        ],
    );
    check(
        &asking("Who wrote the second most comments?"),
        &[
            "Tamarin Grinder wrote the second most comments",
            "Tamarin Grinder has the 2nd highest number",
        ],
        &[
            "Tamarin Grinder wrote the most comments",
            "Tamarin Grinder came first",
            "Tamarin Grinder wrote the fewest",
        ],
    );
    check(
        &asking("Who is it assigned to? Its title is \"Reported twice\"."),
        &[
            "It is assigned to Tamarin Grinder.",
            "Tamarin Grinder for \"Reported twice\"",
        ],
        &["It was reported by Tamarin Grinder"],
    );
    check(
        &asking("Apart from the author of the post, who wrote most?"),
        &[
            "Apart from the Basalt 1.2 L Kettle, the author, it is Tamarin Grinder.",
            "Tamarin Grinder (Basalt 1.2 L Kettle left out)",
        ],
        &[
            "Apart from Tamarin Grinder, nobody",
            "Tamarin Grinder and Basalt 1.2 L Kettle",
        ],
    );
    let mail = |name: &str| Candidate {
        name: name.into(),
        aliases: Vec::new(),
    };
    let mut spec = answer(AnswerType::Entity, json!("ann@inkwell.example"));
    spec.candidates = vec![mail("ann@inkwell.example"), mail("ben@inkwell.example")];
    let mail = task(TaskKind::Info, "Which?", vec![EvaluatorSpec::Answer(spec)]);
    check(
        &mail,
        &[
            "ann@inkwell.example",
            "It is ann@inkwell.example.",
            "[ann@inkwell.example](mailto:ann@inkwell.example)",
        ],
        &[
            "ann@inkwell.example.org",
            "no-ann@inkwell.example",
            "ann@inkwell.example/foo",
            "ann@inkwell.example and foo@bar.example",
            "xann@inkwell.example, ann@inkwell.example",
        ],
    );
}

#[test]
fn a_value_may_bear_its_other_name_or_what_speaks_for_it() {
    let mut people = products();
    people[0].aliases = vec!["tam_g".into()];
    let first = people[0].name.clone();
    let second = people[1].name.clone();
    let mut one = answer(AnswerType::Entity, json!(first));
    one.candidates = people;
    let one = task(TaskKind::Info, "Who?", vec![EvaluatorSpec::Answer(one)]);
    check(
        &one,
        &[
            &format!("{first} (tam_g)"),
            &format!("It is {first} (@tam_g)."),
            &format!("{first}, tam_g"),
            &format!("[{first}](http://127.0.0.1/user/tam_g)"),
            &format!("It is [{first}](http://127.0.0.1/user/tam_g)."),
        ],
        &[
            &format!("{first} ({second})"),
            &format!("{second} (tam_g)"),
            &format!("[{second}](http://127.0.0.1/user/tam_g)"),
        ],
    );
}

#[test]
fn the_items_of_a_list_may_be_numbered_and_bear_figures() {
    let people = products();
    let first = people[0].name.clone();
    let second = people[1].name.clone();
    let mut list = answer(AnswerType::List, json!([first, second]));
    list.candidates = people;
    let list = task(
        TaskKind::Info,
        "Which two, highest first?",
        vec![EvaluatorSpec::Answer(list)],
    );
    check(
        &list,
        &[
            &format!("{first} (KX-19), {second}"),
            &format!("1. {first} - 1,240.00 USD\n2. {second} - $980"),
            &format!("{first} ($1,240.00), {second} ($980.00)"),
            &format!("1. {first} 1,240.00 2. {second} 980.00"),
            &format!("Highest first: {first}, {second}"),
            &format!("In descending order: {first}, {second}"),
            &format!("#1 {first}, #2 {second}"),
            &format!("{first} (1st), {second} (2nd)"),
            &format!("1. {first} (6 posts)\n2. {second} (5 posts)"),
            &format!("1. **{first}** ($1,240.00) 2. **{second}** ($980.00)"),
            &format!("1. {first}, $1,240.00\n2. {second}, $980.00"),
            &format!("The top two are:\n1. {first}\n2. {second}\n\nThese are all."),
            &format!("The two are 1. {first}, 2. {second}."),
            &format!("{first} $1,240.00; {second} $980.00"),
            &format!("{{\"members\": [\"{first}\", \"{second}\"]}}"),
            &format!(
                "[{{\"name\": \"{first}\", \"spend\": 1240}}, {{\"name\": \"{second}\", \"spend\": 980}}]"
            ),
        ],
        &[
            &format!("Lowest first: {first}, {second}"),
            &format!("In ascending order: {first}, {second}"),
            &format!("#2 {first}, #1 {second}"),
            &format!("{first} (2nd), {second} (1st)"),
            &format!("{first} (2), {second} (1)"),
            &format!("Second {first}, first {second}"),
            &format!("Fewest first: {first}, {second}"),
            &format!("The two are 2. {first}, 1. {second}."),
            &format!("The top two:\n2. {first}\n1. {second}"),
            &format!("{first} not 3, {second}"),
            &format!("{first}?\n{second}?"),
            &format!("{first} ~1,240.00\n{second}"),
            &format!("{first} 1,240?, {second}"),
        ],
    );
}

#[test]
fn a_number_may_stand_beside_what_is_no_such_number() {
    let mut weight = answer(AnswerType::Number, json!(5380));
    weight.unit = Some("g".into());
    let weight = task(
        TaskKind::Info,
        "How heavy?",
        vec![EvaluatorSpec::Answer(weight)],
    );
    check(
        &weight,
        &[
            "5380 g (5.38 kg)",
            "It weighs 5,380 g and has a guarantee of 2 years.",
            "Of the three it is 5380 g.",
        ],
        &[
            "5380 g (5.83 kg)",
            "5.38 kg",
            "5380 g, 2 kg",
            "5380 g (540 g)",
            "2 years",
            "three",
        ],
    );
}

#[test]
fn dates_have_one_reading_or_none() {
    let spec = answer(AnswerType::Date, json!("2026-03-18"));
    check(
        &task(TaskKind::Info, "When?", vec![EvaluatorSpec::Answer(spec)]),
        &[
            "2026-03-18",
            "18 March 2026",
            "Mar 18, 2026",
            "Wednesday, 18 March 2026",
            "March 18th, 2026",
            "It arrives on 18 March 2026.",
            "03/18/2026",
        ],
        &[
            "18 March",
            "19 March 2026",
            "2026-03",
            "2026-02-30",
            "17 or 18 March 2026",
            "18 March 2025",
        ],
    );
    let spec = answer(AnswerType::Date, json!("2026-04-03"));
    check(
        &task(TaskKind::Info, "When?", vec![EvaluatorSpec::Answer(spec)]),
        &["3 Apr 2026"],
        &["03/04/2026"],
    );
}

#[test]
fn entities_are_whole_names_and_a_second_one_fails() {
    let mut spec = answer(AnswerType::Entity, json!("Tamarin Grinder"));
    spec.candidates = products();
    check(
        &task(
            TaskKind::Info,
            "Which grinder is cheapest?",
            vec![EvaluatorSpec::Answer(spec)],
        ),
        &[
            "Tamarin Grinder",
            "tamarin  grinder",
            "The cheapest is the Tamarin Grinder.",
            "KX-15",
            "\"Tamarin Grinder\"",
        ],
        &[
            "Tamarin Grinder 2",
            "Tamarin",
            "Tamarin Grinders",
            "Not the Tamarin Grinder",
            "Tamarin Grinder, Tamarin Grinder 2",
            "Basalt 1.2 L Kettle",
            "",
        ],
    );
    let mut accented = answer(AnswerType::Entity, json!("Crème Brûlée Dish"));
    accented.candidates = products();
    check(
        &task(
            TaskKind::Info,
            "Which dish?",
            vec![EvaluatorSpec::Answer(accented)],
        ),
        &["creme brulee dish", "Crème Brûlée Dish"],
        &["creme dish"],
    );
}

#[test]
fn percent_and_percentage_points_are_two_units() {
    let asked = |unit: &str| {
        let mut spec = answer(AnswerType::Number, json!(12));
        spec.unit = Some(unit.into());
        let goal = "By how much did it rise?";
        task(TaskKind::Info, goal, vec![EvaluatorSpec::Answer(spec)])
    };
    let percent = ["12", "12 %", "12%", "12 percent", "It rose by 12 per cent."];
    let points = ["12 percentage points", "12 % points", "12 pp"];
    check(&asked("%"), &percent, &points);
    check(
        &asked("percentage points"),
        &points,
        &["12 %", "12 percent"],
    );
}

#[test]
fn records_need_every_part_and_no_second_candidate() {
    let candidates = serde_json::to_value(products()).unwrap();
    let spec = answer(
        AnswerType::Record,
        json!([
            {"name": "product", "answer": "entity", "expected": "Basalt 1.7 L Kettle", "candidates": candidates},
            {"name": "weight", "answer": "number", "expected": 1180, "unit": "g"},
        ]),
    );
    let goal = "Of the Basalt 1.2 L Kettle, the Basalt 1.7 L Kettle and the Tamarin Grinder, which? Weight in grams.";
    check(
        &task(TaskKind::Info, goal, vec![EvaluatorSpec::Answer(spec)]),
        &[
            "Basalt 1.7 L Kettle, 1180 g",
            "Basalt 1.7 L Kettle\n1,180 grams",
            "Basalt 1.7 L Kettle: 1180",
            "{\"product\": \"Basalt 1.7 L Kettle\", \"weight\": 1180}",
            "The Basalt 1.7 L Kettle weighs 1180 g.",
            "Product: Basalt 1.7 L Kettle\nWeight: 1180 g",
            "[\"Basalt 1.7 L Kettle\", 1180]",
        ],
        &[
            "Basalt 1.7 L Kettle",
            "1180 g",
            "Basalt 1.2 L Kettle, 1180 g",
            "Basalt 1.7 L Kettle, 1.18 kg",
            "Basalt 1.7 L Kettle, 1180 kg",
            "Basalt 1.7 L Kettle, 1180 g or 1200 g",
            "Basalt 1.7 L Kettle and Basalt 1.2 L Kettle, 1180 g",
            "{\"product\": \"Basalt 1.7 L Kettle\"}",
        ],
    );
}

#[test]
fn lists_keep_their_order_and_sets_do_not() {
    let mut list = answer(
        AnswerType::List,
        json!(["Tamarin Grinder", "Basalt 1.2 L Kettle"]),
    );
    list.candidates = products();
    let mut set = list.clone();
    set.answer = AnswerType::Set;
    let wrong = [
        "2. Tamarin Grinder, 1. Basalt 1.2 L Kettle",
        "2. Tamarin Grinder\n1. Basalt 1.2 L Kettle",
        "1) Tamarin Grinder, 3) Basalt 1.2 L Kettle",
        "Tamarin Grinder",
        "Tamarin Grinder, Basalt 1.2 L Kettle, Tamarin Grinder 2",
        "Tamarin Grinder, Tamarin Grinder",
        "1. Tamarin Grinder 3. Basalt 1.2 L Kettle",
        "1. Tamarin Grinder 2. Basalt 1.2 L Kettle 3. Tamarin Grinder 2",
    ];
    let backwards = "Basalt 1.2 L Kettle, Tamarin Grinder";
    let right = [
        "Tamarin Grinder, Basalt 1.2 L Kettle",
        "1. Tamarin Grinder\n2. Basalt 1.2 L Kettle",
        "1. Tamarin Grinder 2. Basalt 1.2 L Kettle",
        "1) Tamarin Grinder, 2) Basalt 1.2 L Kettle",
        "Tamarin Grinder and Basalt 1.2 L Kettle",
        "[\"Tamarin Grinder\", \"Basalt 1.2 L Kettle\"]",
        "- Tamarin Grinder\n- Basalt 1.2 L Kettle",
        "They are the Tamarin Grinder and the Basalt 1.2 L Kettle.",
    ];
    let list = task(TaskKind::Info, "Which?", vec![EvaluatorSpec::Answer(list)]);
    check(&list, &right, &wrong);
    assert_eq!(status(&list, backwards), VerdictStatus::Fail);
    let set = task(TaskKind::Info, "Which?", vec![EvaluatorSpec::Answer(set)]);
    check(&set, &right, &wrong);
    assert_eq!(status(&set, backwards), VerdictStatus::Pass);
}

#[test]
fn a_right_value_in_a_wrong_form_is_marked() {
    let spec = answer(AnswerType::Money, json!("45.20 USD"));
    let task = task(
        TaskKind::Info,
        "How much?",
        vec![EvaluatorSpec::Answer(spec)],
    );
    let evidence = Evidence {
        ending: Some(Ending::Answer("It was $50.00. Now it is $45.20.".into())),
        ..Evidence::default()
    };
    let verdict = evaluate(&task, &evidence);
    assert_eq!(verdict.status, VerdictStatus::Fail);
    assert_eq!(verdict.criteria[0].evidence["formatOnly"], json!(true));
}

fn added(collection: &str, key: &str, fields: Value) -> Change {
    change(ChangeOp::Add, collection, key, fields)
}

fn change(op: ChangeOp, collection: &str, key: &str, fields: Value) -> Change {
    let Value::Object(fields) = fields else {
        panic!("fields are an object")
    };
    Change {
        op,
        collection: collection.into(),
        key: key.into(),
        fields: fields
            .into_iter()
            .map(|(name, after)| {
                (
                    name,
                    FieldChange {
                        before: Value::Null,
                        after,
                    },
                )
            })
            .collect(),
    }
}

fn expected(op: ChangeOp, key: Option<&str>, fields: Value) -> ExpectedChange {
    ExpectedChange {
        op,
        collection: "shop.cart".into(),
        key: key.map(Into::into),
        count: 1,
        fields: serde_json::from_value(fields).expect("fields are an object"),
    }
}

fn state_task(spec: StateSpec) -> TaskSpec {
    task(TaskKind::State, "Do it.", vec![EvaluatorSpec::State(spec)])
}

fn state_status(task: &TaskSpec, changes: Vec<Change>) -> VerdictStatus {
    let evidence = Evidence {
        ending: Some(Ending::Answer(String::new())),
        changes,
        ..Evidence::default()
    };
    evaluate(task, &evidence).status
}

#[test]
fn the_difference_is_complete() {
    let task = state_task(StateSpec {
        expect: vec![expected(
            ChangeOp::Add,
            None,
            json!({"sku": "KX-1", "qty": 2, "note": {"any": true}}),
        )],
        allow: vec![AllowedChange {
            op: ChangeOp::Remove,
            collection: "shop.parked".into(),
            key: None,
            fields: Vec::new(),
            at_most: 1,
            why: "lines parked and put back".into(),
        }],
    });
    let right = added(
        "shop.cart",
        "9",
        json!({"sku": "KX-1", "qty": 2, "note": "hello"}),
    );
    let parked = change(ChangeOp::Remove, "shop.parked", "1", json!({}));
    let with = |others: &[Change]| [std::slice::from_ref(&right), others].concat();
    assert_eq!(
        state_status(&task, vec![right.clone()]),
        VerdictStatus::Pass
    );
    assert_eq!(
        state_status(&task, with(std::slice::from_ref(&parked))),
        VerdictStatus::Pass
    );
    let wrong: Vec<Vec<Change>> = vec![
        vec![],
        with(&[parked.clone(), parked]),
        with(std::slice::from_ref(&right)),
        vec![added(
            "shop.cart",
            "9",
            json!({"sku": "KX-1", "qty": 3, "note": ""}),
        )],
        vec![added("shop.cart", "9", json!({"sku": "KX-1", "qty": 2}))],
        vec![added(
            "shop.cart",
            "9",
            json!({"sku": "KX-1", "qty": 2, "note": "", "extra": 1}),
        )],
        vec![added(
            "shop.carts",
            "9",
            json!({"sku": "KX-1", "qty": 2, "note": ""}),
        )],
        with(&[change(
            ChangeOp::Change,
            "shop.profile",
            "mara",
            json!({"newsletter": true}),
        )]),
    ];
    for changes in wrong {
        assert_eq!(
            state_status(&task, changes.clone()),
            VerdictStatus::Fail,
            "{changes:?}"
        );
    }
}

#[test]
fn each_change_is_claimed_by_one_clause() {
    let task = state_task(StateSpec {
        expect: vec![
            expected(ChangeOp::Add, None, json!({"sku": {"any": true}})),
            expected(ChangeOp::Add, None, json!({"sku": "A"})),
        ],
        allow: Vec::new(),
    });
    let line = |sku: &str| added("shop.cart", sku, json!({ "sku": sku }));
    assert_eq!(
        state_status(&task, vec![line("A"), line("B")]),
        VerdictStatus::Pass
    );
    assert_eq!(state_status(&task, vec![line("A")]), VerdictStatus::Fail);
    assert_eq!(
        state_status(&task, vec![line("B"), line("C")]),
        VerdictStatus::Fail
    );
}

#[test]
fn nested_sets_and_alternatives_fit_in_any_order() {
    let fields = json!({"lines": {"set": [{"sku": "A", "qty": 1}, {"sku": {"one_of": ["B", "C"]}, "qty": 2}]}});
    let task = state_task(StateSpec {
        expect: vec![expected(ChangeOp::Add, None, fields)],
        allow: Vec::new(),
    });
    let order = |lines: Value| vec![added("shop.cart", "1", json!({ "lines": lines }))];
    let right = order(json!([{"sku": "C", "qty": 2}, {"sku": "A", "qty": 1}]));
    assert_eq!(state_status(&task, right), VerdictStatus::Pass);
    for wrong in [
        json!([{"sku": "A", "qty": 1}]),
        json!([{"sku": "A", "qty": 1}, {"sku": "A", "qty": 1}]),
        json!([{"sku": "A", "qty": 1}, {"sku": "D", "qty": 2}]),
        json!(null),
    ] {
        assert_eq!(
            state_status(&task, order(wrong.clone())),
            VerdictStatus::Fail,
            "{wrong}"
        );
    }
}

#[test]
fn text_is_compared_after_trimming_and_missing_is_not_empty() {
    let task = state_task(StateSpec {
        expect: vec![expected(
            ChangeOp::Change,
            Some("1"),
            json!({"text": "Well made.\nQuiet.", "note": null}),
        )],
        allow: Vec::new(),
    });
    let with = |text: &str, note: Value| {
        vec![change(
            ChangeOp::Change,
            "shop.cart",
            "1",
            json!({"text": text, "note": note}),
        )]
    };
    assert_eq!(
        state_status(&task, with("  Well  made. \r\nQuiet.\n", json!(null))),
        VerdictStatus::Pass
    );
    assert_eq!(
        state_status(&task, with("Well made.\nQuiet.", json!(""))),
        VerdictStatus::Fail
    );
    assert_eq!(
        state_status(&task, with("well made.\nQuiet.", json!(null))),
        VerdictStatus::Fail
    );
}

#[test]
fn a_broken_invariant_is_the_arenas_error() {
    let evidence = Evidence {
        ending: Some(Ending::Answer(String::new())),
        broken_invariants: vec!["stock of KX-1 is -1".into()],
        ..Evidence::default()
    };
    let verdict = evaluate(&state_task(StateSpec::default()), &evidence);
    assert_eq!(verdict.status, VerdictStatus::Error);
    assert!(
        verdict.summary.contains("stock of KX-1"),
        "{}",
        verdict.summary
    );
}

fn view(route: &str, params: Value) -> View {
    View {
        route: route.into(),
        params: serde_json::from_value(params).expect("parameters are an object"),
        unknown: Vec::new(),
    }
}

fn served(n: u32, view: &View, status: u16, shown: &[&str]) -> JournalEntry {
    JournalEntry {
        n,
        method: "GET".into(),
        path: "/shop/".into(),
        view: Some(view.clone()),
        status,
        document: true,
        shown: shown.iter().map(|record| (*record).into()).collect(),
        violation: None,
    }
}

#[test]
fn the_page_left_open_is_typed_and_was_served_last() {
    let wanted = view(
        "shop.category",
        json!({"category": "knives", "max": 5000, "tags": ["a", "b"]}),
    );
    let task = task(
        TaskKind::Navigation,
        "Show me knives.",
        vec![EvaluatorSpec::Url(UrlSpec {
            route: wanted.route.clone(),
            params: wanted.params.clone(),
        })],
    );
    let ending = Some(Ending::Answer(String::new()));
    let judge = |open: &View, journal: Vec<JournalEntry>| {
        let evidence = Evidence {
            ending: ending.clone(),
            final_view: Some(open.clone()),
            journal,
            ..Evidence::default()
        };
        evaluate(&task, &evidence).status
    };
    let reordered = view(
        "shop.category",
        json!({"tags": ["b", "a"], "max": 5000.0, "category": "knives"}),
    );
    assert_eq!(
        judge(&reordered, vec![served(1, &wanted, 200, &[])]),
        VerdictStatus::Pass
    );
    let home = view("shop.home", json!({}));
    let mut unknown = wanted.clone();
    unknown.unknown = vec!["next".into()];
    let extra = view(
        "shop.category",
        json!({"category": "knives", "max": 5000, "tags": ["a", "b"], "sort": "price"}),
    );
    let less = view("shop.category", json!({"category": "knives", "max": 5000}));
    for open in [&home, &unknown, &extra, &less] {
        assert_eq!(
            judge(open, vec![served(1, &wanted, 200, &[])]),
            VerdictStatus::Fail,
            "{open:?}"
        );
    }
    assert_eq!(judge(&wanted, vec![]), VerdictStatus::Fail);
    assert_eq!(
        judge(&wanted, vec![served(1, &wanted, 500, &[])]),
        VerdictStatus::Fail
    );
    let left = vec![served(1, &wanted, 200, &[]), served(2, &home, 200, &[])];
    assert_eq!(judge(&wanted, left), VerdictStatus::Fail);
}

#[test]
fn a_report_needs_its_code_first_and_its_reason_seen() {
    let spec = InfeasibleSpec {
        codes: vec![InfeasibleCode::ActionNotAllowed],
        seen: vec![
            Sighting {
                route: Some("shop.order".into()),
                params: BTreeMap::new(),
                exact: false,
                status: 200,
                shown: vec!["shop.orders/7".into()],
            },
            Sighting {
                route: Some("shop.order_cancel".into()),
                params: BTreeMap::new(),
                exact: false,
                status: 403,
                shown: vec![],
            },
        ],
    };
    let evaluators = vec![
        EvaluatorSpec::Infeasible(spec),
        EvaluatorSpec::State(StateSpec::default()),
    ];
    let impossible = task(TaskKind::Infeasible, "Cancel it.", evaluators);
    let page = view("shop.order", json!({}));
    let journal = vec![served(1, &page, 200, &["shop.orders/7"])];
    let judge = |ending: Ending, journal: &[JournalEntry]| {
        let evidence = Evidence {
            ending: Some(ending),
            journal: journal.to_vec(),
            ..Evidence::default()
        };
        evaluate(&impossible, &evidence).status
    };
    let report = |text: &str| Ending::Infeasible(text.into());
    for text in [
        "ACTION_NOT_ALLOWED",
        "ACTION_NOT_ALLOWED: it has been shipped.",
        "`action_not_allowed` shipped",
    ] {
        assert_eq!(judge(report(text), &journal), VerdictStatus::Pass, "{text}");
    }
    for text in [
        "",
        "NOT_FOUND",
        "It is shipped: ACTION_NOT_ALLOWED",
        "ACTION_NOT_ALLOWED or NOT_FOUND",
        "ACTION",
    ] {
        assert_eq!(judge(report(text), &journal), VerdictStatus::Fail, "{text}");
    }
    assert_eq!(
        judge(report("ACTION_NOT_ALLOWED"), &[]),
        VerdictStatus::Fail
    );
    let form = view("shop.order_cancel", json!({}));
    for (status, verdict) in [(403, VerdictStatus::Pass), (200, VerdictStatus::Fail)] {
        let asked = [served(1, &form, status, &[])];
        assert_eq!(judge(report("ACTION_NOT_ALLOWED"), &asked), verdict);
    }
    let refused = [served(1, &page, 404, &["shop.orders/7"])];
    assert_eq!(
        judge(report("ACTION_NOT_ALLOWED"), &refused),
        VerdictStatus::Fail
    );
    let done = Ending::Answer("ACTION_NOT_ALLOWED".into());
    assert_eq!(judge(done, &journal), VerdictStatus::Fail);
}

#[test]
fn a_feasible_task_reported_infeasible_fails_even_in_the_right_state() {
    let evidence = Evidence {
        ending: Some(Ending::Infeasible("NOT_FOUND".into())),
        ..Evidence::default()
    };
    let verdict = evaluate(&state_task(StateSpec::default()), &evidence);
    assert_eq!(verdict.status, VerdictStatus::Fail);
    assert!(verdict.value.abs() < f64::EPSILON);
    assert_eq!(verdict.criteria[0].status, VerdictStatus::Pass);
}

#[test]
fn a_run_ended_by_a_limit_fails_even_in_the_right_state() {
    let verdict = evaluate(&state_task(StateSpec::default()), &Evidence::default());
    assert_eq!(verdict.status, VerdictStatus::Fail);
    assert!(
        verdict.summary.contains("did not end"),
        "{}",
        verdict.summary
    );
}

#[test]
fn hostile_messages_fail_quickly() {
    let mut entity = answer(AnswerType::Entity, json!("Tamarin Grinder"));
    entity.candidates = products();
    let mut tasks: Vec<TaskSpec> = [
        answer(AnswerType::Money, json!("45.20 USD")),
        answer(AnswerType::Number, json!(7)),
        answer(AnswerType::Date, json!("2026-03-18")),
        answer(AnswerType::List, json!(["a", "b"])),
        entity,
    ]
    .into_iter()
    .map(|spec| task(TaskKind::Info, "Which?", vec![EvaluatorSpec::Answer(spec)]))
    .collect();
    tasks.push(task(
        TaskKind::Infeasible,
        "Cancel it.",
        vec![EvaluatorSpec::Infeasible(InfeasibleSpec {
            codes: vec![InfeasibleCode::NotFound],
            seen: Vec::new(),
        })],
    ));
    let messages = [
        "\0".repeat(15_000),
        "[".repeat(15_000),
        "{\"a\":".repeat(3_000),
        "9".repeat(15_999),
        "9,".repeat(7_000),
        "a\u{301}".repeat(5_000),
        "\u{202e}\u{feff}\u{1f4a9}".repeat(1_000),
        "tamarin grinder ".repeat(900),
        "x".repeat(5_000_000),
        "```".repeat(3_000),
    ];
    let start = std::time::Instant::now();
    for message in &messages {
        for task in &tasks {
            assert_eq!(status(task, message), VerdictStatus::Fail);
        }
    }
    assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec(("any|one_of|set|[a-z]{1,4}", inner), 0..4)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn no_message_panics_or_is_the_arenas_error(message in "\\PC{0,200}|[0-9$.,~ \\-a-c\"'{}\\[\\]:\n]{0,60}") {
        for (kind, expected) in [
            (AnswerType::Number, json!(7)),
            (AnswerType::Money, json!("45.20 USD")),
            (AnswerType::Date, json!("2026-03-18")),
            (AnswerType::Text, json!("tea towel")),
            (AnswerType::Set, json!(["x1", "x2"])),
        ] {
            let spec = task(TaskKind::Info, "Which?", vec![EvaluatorSpec::Answer(answer(kind, expected))]);
            prop_assert_ne!(status(&spec, &message), VerdictStatus::Error);
        }
    }

    #[test]
    fn another_amount_never_passes(expected in 0_u32..10_000_000, given in 0_u32..10_000_000) {
        let text = |cents: u32| format!("{}.{:02} USD", cents / 100, cents % 100);
        let spec = answer(AnswerType::Money, json!(text(expected)));
        let spec = task(TaskKind::Info, "How much?", vec![EvaluatorSpec::Answer(spec)]);
        let wanted = if expected == given { VerdictStatus::Pass } else { VerdictStatus::Fail };
        prop_assert_eq!(status(&spec, &text(given)), wanted);
    }

    #[test]
    fn no_state_panics(pattern in any_value(), value in any_value()) {
        let task = state_task(StateSpec {
            expect: vec![expected(ChangeOp::Change, None, json!({ "field": pattern }))],
            allow: Vec::new(),
        });
        let changes = vec![change(ChangeOp::Change, "shop.cart", "1", json!({ "field": value }))];
        prop_assert_ne!(state_status(&task, changes), VerdictStatus::Error);
    }
}
