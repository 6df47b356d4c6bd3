//! Differences of primary state, record by record and field by field.
//!
//! A site turns its primary state into [`Record`]s; generated ids, times and derived values are
//! left out of their fields, so that a new record is matched by what it says.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::domain::evidence::{Change, ChangeOp, FieldChange};

/// A record as evaluators see it: its primary fields by name.
pub type Record = BTreeMap<String, Value>;

/// Records of all collections, by collection and key. Keys that are numbers are padded by the
/// site where their order matters.
pub type Records = BTreeMap<(String, String), Record>;

/// Every difference, in order of collection and key.
pub fn changes(base: &Records, last: &Records) -> Vec<Change> {
    let mut keys: Vec<&(String, String)> = base.keys().chain(last.keys()).collect();
    keys.sort();
    keys.dedup();
    keys.into_iter()
        .filter_map(|key| change(key, base.get(key), last.get(key)))
        .collect()
}

/// A hash over records: equal for equal records, in hexadecimal. FNV-1a over the text of each,
/// which is for telling states apart, not for defence.
pub fn hash(records: &Records) -> String {
    let mut hash = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d_u128;
    for ((collection, key), record) in records {
        let fields = Value::from_iter(record.clone());
        for byte in format!("{collection}\0{key}\0{fields}\0").bytes() {
            hash = (hash ^ u128::from(byte)).wrapping_mul(0x0100_0000_0000_0000_0000_013b);
        }
    }
    format!("{hash:032x}")
}

fn change(
    (collection, key): &(String, String),
    before: Option<&Record>,
    after: Option<&Record>,
) -> Option<Change> {
    let op = match (before, after) {
        (None, Some(_)) => ChangeOp::Add,
        (Some(_), None) => ChangeOp::Remove,
        _ => ChangeOp::Change,
    };
    let value = |record: Option<&Record>, name: &str| {
        record
            .and_then(|record| record.get(name))
            .cloned()
            .unwrap_or(Value::Null)
    };
    let mut names: Vec<&String> = before
        .into_iter()
        .chain(after)
        .flat_map(Record::keys)
        .collect();
    names.sort();
    names.dedup();
    let fields: BTreeMap<String, FieldChange> = names
        .into_iter()
        .map(|name| {
            let field = FieldChange {
                before: value(before, name),
                after: value(after, name),
            };
            (name.clone(), field)
        })
        .filter(|(_, field)| op != ChangeOp::Change || field.before != field.after)
        .collect();
    (op != ChangeOp::Change || !fields.is_empty()).then(|| Change {
        op,
        collection: collection.clone(),
        key: key.clone(),
        fields,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn records(entries: &[(&str, &str, Value)]) -> Records {
        entries
            .iter()
            .map(|(collection, key, fields)| {
                let record = serde_json::from_value(fields.clone()).unwrap();
                (((*collection).to_owned(), (*key).to_owned()), record)
            })
            .collect()
    }

    #[test]
    fn added_removed_and_changed_records_are_told_apart() {
        let base = records(&[
            ("shop.a", "1", json!({"x": 1, "y": "same"})),
            ("shop.a", "2", json!({"x": 2})),
        ]);
        let last = records(&[
            ("shop.a", "1", json!({"x": 5, "y": "same"})),
            ("shop.b", "9", json!({"z": null})),
        ]);
        let changes = changes(&base, &last);
        let seen: Vec<_> = changes
            .iter()
            .map(|change| (change.op, change.key.as_str(), change.fields.len()))
            .collect();
        assert_eq!(
            seen,
            [
                (ChangeOp::Change, "1", 1),
                (ChangeOp::Remove, "2", 1),
                (ChangeOp::Add, "9", 1)
            ]
        );
        assert_eq!(changes[0].fields["x"].after, json!(5));
    }

    #[test]
    fn a_hash_tells_states_apart() {
        let one = records(&[("shop.a", "1", json!({"x": 1}))]);
        let two = records(&[("shop.a", "1", json!({"x": 2}))]);
        assert_eq!(hash(&one), hash(&one.clone()));
        assert_ne!(hash(&one), hash(&two));
        assert_ne!(hash(&one), hash(&Records::new()));
    }

    #[test]
    fn equal_records_are_no_change() {
        let base = records(&[("shop.a", "1", json!({"x": 1}))]);
        assert_eq!(changes(&base, &base.clone()), Vec::new());
    }
}
