//! Wrong results made by machine from an accepted one. All of them must fail; one that equals
//! another accepted result is left out by the caller.

mod near;

use serde_json::{Value, json};

use self::near::{altered, neighbours};

use super::results::{accepted, page, right_answer};
use crate::domain::evidence::{Change, ChangeOp, Ending, Evidence, FieldChange, View};
use crate::domain::task::{
    AnswerSpec, AnswerType, EvaluatorSpec, InfeasibleCode, InfeasibleSpec, StateSpec, TaskKind,
    TaskSpec,
};
use crate::sites::diff::Records;
use crate::sites::registry::SITES;

/// A wrong result.
pub struct Mutant {
    /// What is wrong with it.
    pub why: String,
    /// What it leaves behind.
    pub evidence: Evidence,
}

/// Other names of a collection that are tried as answers.
const SAMPLED_NAMES: usize = 20;

/// Answers that are always the same.
const CONSTANTS: [&str; 14] = [
    "", " ", "0", "1", "-1", "true", "null", "{}", "[]", "\"\"", "N/A", "NaN", "none", "done",
];

/// Every mutant of a task's accepted result.
pub fn of(spec: &TaskSpec, base: &Records) -> Vec<Mutant> {
    let right = accepted(spec);
    let mut mutants = Mutants {
        right: &right,
        all: Vec::new(),
    };
    mutants.endings(spec);
    mutants.untouched();
    for evaluator in &spec.evaluators {
        match evaluator {
            EvaluatorSpec::Answer(answer) => mutants.answers(answer),
            EvaluatorSpec::Infeasible(infeasible) => mutants.reports(infeasible),
            EvaluatorSpec::Url(_) => mutants.pages(),
            EvaluatorSpec::State(state) => mutants.states(state, base),
            // No bundled page pays a reward, and nothing else is judged without a browser or model.
            _ => {}
        }
    }
    mutants.all
}

struct Mutants<'a> {
    right: &'a Evidence,
    all: Vec<Mutant>,
}

impl Mutants<'_> {
    fn add(&mut self, why: impl Into<String>, change: impl FnOnce(&mut Evidence)) {
        let mut evidence = self.right.clone();
        change(&mut evidence);
        if evidence != *self.right {
            let why = why.into();
            self.all.push(Mutant { why, evidence });
        }
    }

    fn answer(&mut self, why: &str, text: String) {
        self.add(format!("{why}: `{text}`"), |evidence| {
            evidence.ending = Some(Ending::Answer(text));
        });
    }

    fn endings(&mut self, spec: &TaskSpec) {
        self.add("ended by a limit", |evidence| evidence.ending = None);
        if spec.kind == TaskKind::Infeasible {
            self.answer("says it is done", "Done.".into());
            return;
        }
        for code in InfeasibleCode::ALL {
            self.add(format!("reports {code}"), |evidence| {
                evidence.ending = Some(Ending::Infeasible(code.as_str().into()));
            });
        }
    }

    /// Doing nothing, with each constant message.
    fn untouched(&mut self) {
        for constant in CONSTANTS {
            let why = format!("does nothing and says `{constant}`");
            let evidence = Evidence {
                ending: Some(Ending::Answer(constant.into())),
                ..Evidence::default()
            };
            self.all.push(Mutant { why, evidence });
        }
        for code in InfeasibleCode::ALL {
            let why = format!("does nothing and reports {code}");
            let evidence = Evidence {
                ending: Some(Ending::Infeasible(code.as_str().into())),
                ..Evidence::default()
            };
            self.all.push(Mutant { why, evidence });
        }
    }

    fn answers(&mut self, spec: &AnswerSpec) {
        let right = right_answer(spec);
        for constant in CONSTANTS {
            self.answer("constant", constant.into());
        }
        self.answer("negated", format!("not {right}"));
        self.answer("negated", format!("It is not {right}."));
        self.answer("hedged", format!("maybe {right}"));
        self.answer("asked", format!("{right}?"));
        self.answer("twice with another", format!("{right} or 17.31"));
        for (why, text) in neighbours(&right) {
            self.answer(&why, text);
        }
        let names: Vec<&str> = spec
            .candidates
            .iter()
            .map(|candidate| candidate.name.as_str())
            .collect();
        for name in names.iter().take(SAMPLED_NAMES) {
            self.answer("another name", (*name).to_owned());
        }
        if names.len() > 1 {
            self.answer("all names", names.join(", "));
        }
        if matches!(
            spec.answer,
            AnswerType::Record | AnswerType::List | AnswerType::Set
        ) {
            self.parts(&right);
        }
    }

    /// A record, list or set with a part missing, wrong or doubled.
    fn parts(&mut self, right: &str) {
        let parts: Vec<&str> = right.lines().collect();
        for left_out in 0..parts.len() {
            let mut fewer = parts.clone();
            fewer.remove(left_out);
            self.answer("a part missing", fewer.join("\n"));
            for (why, text) in neighbours(parts[left_out]) {
                let mut other: Vec<&str> = parts.clone();
                other[left_out] = &text;
                self.answer(&format!("a part {why}"), other.join("\n"));
            }
        }
    }

    fn reports(&mut self, spec: &InfeasibleSpec) {
        for code in InfeasibleCode::ALL
            .iter()
            .filter(|code| !spec.codes.contains(code))
        {
            self.add(format!("reports {code}"), |evidence| {
                evidence.ending = Some(Ending::Infeasible(code.as_str().into()));
            });
        }
        self.add("reports without a code", |evidence| {
            evidence.ending = Some(Ending::Infeasible("It cannot be done.".into()));
        });
        self.add("names every code", |evidence| {
            let codes: Vec<&str> = InfeasibleCode::ALL
                .iter()
                .map(|code| code.as_str())
                .collect();
            evidence.ending = Some(Ending::Infeasible(codes.join(" ")));
        });
        self.add("reports unseen", |evidence| evidence.journal.clear());
        self.add("reports after a refused page", |evidence| {
            for entry in &mut evidence.journal {
                entry.status = 404;
            }
        });
    }

    fn pages(&mut self) {
        let Some(view) = self.right.final_view.clone() else {
            return;
        };
        let mut others: Vec<(String, View)> = Vec::new();
        for (name, value) in &view.params {
            let mut less = view.clone();
            less.params.remove(name);
            others.push((format!("without {name}"), less));
            for value in altered(value) {
                let mut other = view.clone();
                other.params.insert(name.clone(), value);
                others.push((format!("another {name}"), other));
            }
        }
        let mut more = view.clone();
        more.params.insert("page".into(), json!(2));
        others.push(("one parameter more".into(), more));
        let mut unknown = view.clone();
        unknown.unknown.push("next".into());
        others.push(("an unknown parameter".into(), unknown));
        let mut elsewhere = view.clone();
        let site = view.route.split('.').next().unwrap_or_default();
        elsewhere.route = format!("{site}.home");
        others.push(("another page".into(), elsewhere));
        for (why, other) in others {
            self.add(why, |evidence| {
                evidence.journal = vec![page(&other, &[])];
                evidence.final_view = Some(other);
            });
        }
        self.add("typed, never served", |evidence| evidence.journal.clear());
        self.add("no page of the sites", |evidence| {
            evidence.final_view = None;
        });
    }

    fn states(&mut self, spec: &StateSpec, base: &Records) {
        if !self.right.changes.is_empty() {
            self.add("nothing done", |evidence| evidence.changes.clear());
        }
        for (at, change) in self.right.changes.clone().into_iter().enumerate() {
            let what = format!("change {at}");
            self.add(format!("{what} missing"), |evidence| {
                evidence.changes.remove(at);
            });
            self.add(format!("{what} twice"), |evidence| {
                let mut again = change.clone();
                again.key.push_str("-2");
                evidence.changes.push(again);
            });
            self.sibling(&what, at, &change, base);
            self.fields(&what, at, &change, spec);
        }
        self.strays(base);
    }

    /// The same done to another record of the collection.
    fn sibling(&mut self, what: &str, at: usize, change: &Change, base: &Records) {
        if change.op == ChangeOp::Add {
            return;
        }
        let other = base
            .keys()
            .find(|(collection, key)| *collection == change.collection && *key != change.key);
        if let Some((_, key)) = other {
            self.add(format!("{what} on {key}"), |evidence| {
                evidence.changes[at].key.clone_from(key);
            });
        }
    }

    fn fields(&mut self, what: &str, at: usize, change: &Change, spec: &StateSpec) {
        if change.op == ChangeOp::Remove {
            return;
        }
        for (name, field) in &change.fields {
            if is_open(spec, change, name) {
                continue;
            }
            for value in altered(&field.after) {
                self.add(format!("{what} with {name} = {value}"), |evidence| {
                    if let Some(field) = evidence.changes[at].fields.get_mut(name) {
                        field.after = value;
                    }
                });
            }
            self.add(format!("{what} without {name}"), |evidence| {
                evidence.changes[at].fields.remove(name);
            });
        }
        self.add(format!("{what} with one field more"), |evidence| {
            let field = FieldChange {
                before: Value::Null,
                after: json!("x"),
            };
            evidence.changes[at].fields.insert("stray".into(), field);
        });
    }

    /// Something else added, changed or removed, in every collection.
    fn strays(&mut self, base: &Records) {
        let mut collections: Vec<&str> = base
            .keys()
            .map(|(collection, _)| collection.as_str())
            .collect();
        collections.extend(SITES.iter().flat_map(|site| site.empty_collections));
        collections.sort_unstable();
        collections.dedup();
        for collection in collections {
            let touched: Vec<&str> = self
                .right
                .changes
                .iter()
                .map(|change| change.key.as_str())
                .collect();
            let record = base
                .iter()
                .find(|((name, key), _)| name == collection && !touched.contains(&key.as_str()));
            let fields = record.map(|(_, fields)| fields.clone()).unwrap_or_default();
            let key = record
                .map_or("stray", |((_, key), _)| key.as_str())
                .to_owned();
            for op in ChangeOp::ALL {
                let stray = stray(*op, collection, &key, &fields);
                self.add(format!("also {op} {collection}"), |evidence| {
                    evidence.changes.push(stray);
                });
            }
        }
    }
}

fn stray(
    op: ChangeOp,
    collection: &str,
    key: &str,
    fields: &std::collections::BTreeMap<String, Value>,
) -> Change {
    let after = |value: &Value| match op {
        ChangeOp::Add => value.clone(),
        ChangeOp::Remove => Value::Null,
        ChangeOp::Change => altered(value).into_iter().next().unwrap_or(Value::Null),
    };
    let before = |value: &Value| {
        if op == ChangeOp::Add {
            Value::Null
        } else {
            value.clone()
        }
    };
    let wanted = if op == ChangeOp::Change {
        1
    } else {
        usize::MAX
    };
    Change {
        op,
        collection: collection.into(),
        key: if op == ChangeOp::Add {
            "stray".into()
        } else {
            key.into()
        },
        fields: fields
            .iter()
            .take(wanted)
            .map(|(name, value)| {
                let field = FieldChange {
                    before: before(value),
                    after: after(value),
                };
                (name.clone(), field)
            })
            .collect(),
    }
}

/// Whether the task leaves the value of a field open.
fn is_open(spec: &StateSpec, change: &Change, name: &str) -> bool {
    spec.expect
        .iter()
        .filter(|expected| {
            expected.op == change.op
                && expected.collection == change.collection
                && expected.key.as_ref().is_none_or(|key| *key == change.key)
        })
        .any(|expected| expected.fields.get(name).is_some_and(holds_any))
}

fn holds_any(pattern: &Value) -> bool {
    match pattern {
        Value::Object(fields) => fields.contains_key("any") || fields.values().any(holds_any),
        Value::Array(items) => items.iter().any(holds_any),
        _ => false,
    }
}
