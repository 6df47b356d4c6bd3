//! The comparison itself: role, name and states of each element, side by side.

use super::words::{Class, class_of, is_same_role, is_textual, role_of};
use super::{Comparison, Difference, DifferenceKind, Exposed};
use crate::domain::observation::{Node, Observation};

/// Roles whose text is told as their name here, or by what stands below them; Chromium gives some
/// of them the joined text of everything in them. The text is compared where it belongs to
/// something that can be used.
const CARRY_TEXT: &[&str] = &[
    "listitem",
    "cell",
    "gridcell",
    "columnheader",
    "rowheader",
    "row",
    "term",
    "definition",
    "status",
    "alert",
    "log",
];

/// Roles with a value between two bounds.
const RANGES: &[&str] = &[
    "slider",
    "spinbutton",
    "progressbar",
    "meter",
    "scrollbar",
    "separator",
];

pub(super) fn judge(observation: &Observation, exposed: &[Exposed]) -> Comparison {
    let mut comparison = Comparison::default();
    let mut used = vec![false; observation.nodes.len()];
    for element in exposed {
        let mine = element.place.node.and_then(|at| observation.nodes.get(at));
        if let (Some(at), Some(_)) = (element.place.node, mine) {
            used[at] = true;
        }
        if element.place.part == "native" {
            comparison.native_parts += 1;
            continue;
        }
        // Chromium tells of options that its own list does not show.
        if element.place.part == "unshown" {
            continue;
        }
        let class = class_of(element);
        let mut differences = match class {
            Class::Text => continue,
            Class::Structure if element.place.within => continue,
            Class::Structure | Class::Interactive => differences(element, mine, class),
        };
        if observation.truncated {
            explain_cut(&mut differences);
        }
        let same = differences
            .iter()
            .all(|found| found.kind == DifferenceKind::State);
        match class {
            Class::Interactive => comparison.interactive.count(same),
            _ => comparison.structure.count(same),
        }
        comparison.differences.extend(differences);
    }
    let ids = observation.nodes.iter().zip(used);
    comparison.ours_only = ids
        .filter(|(node, used)| node.bid.is_some() && !used)
        .map(|(node, _)| node.to_line())
        .collect();
    comparison
}

/// Of a page with more than fits, what is far away is not told.
fn explain_cut(differences: &mut [Difference]) {
    for found in differences {
        if found.kind == DifferenceKind::Missing && found.reason.is_none() {
            found.reason =
                Some("the page holds more than an observation; scroll to see it".to_owned());
        }
    }
}

fn differences(element: &Exposed, mine: Option<&Node>, class: Class) -> Vec<Difference> {
    let (role, name) = (role_of(element), clean(&element.name));
    let interactive = class == Class::Interactive;
    let line = format!("{} {name:?}", element.role);
    let difference = |kind: DifferenceKind, state: &str, ours: Option<String>| Difference {
        kind,
        interactive,
        element: element.place.what.clone(),
        chromium: format!("{line} {state}").trim_end().to_owned(),
        reason: reason(element, kind, role, (state, ours.as_deref())).map(str::to_owned),
        ours,
    };
    let Some(mine) = mine else {
        return vec![difference(DifferenceKind::Missing, "", None)];
    };
    if let Some(at) = element.place.option {
        // Options are listed with their list box.
        return match mine.options.get(at) {
            Some(option) if clean(option) == name => vec![],
            Some(option) => vec![difference(DifferenceKind::Name, "", Some(option.clone()))],
            None => vec![difference(DifferenceKind::Missing, "", None)],
        };
    }
    let mut found = Vec::new();
    let ours = || Some(mine.to_line());
    if !is_same_role(element, &mine.role) {
        found.push(difference(DifferenceKind::Role, "", ours()));
    } else if interactive && mine.bid.is_none() {
        // Seen, but nothing that an action can name.
        found.push(difference(DifferenceKind::Missing, "", ours()));
    }
    if clean(&mine.name) != name && compares_name(element, role, &name, interactive) {
        found.push(difference(DifferenceKind::Name, "", ours()));
    }
    if interactive {
        for (theirs, ours) in states(element, mine) {
            found.push(difference(DifferenceKind::State, &theirs, Some(ours)));
        }
    }
    found
}

/// Names are compared to the letter, but for roles that have none of their own: Chromium gives an
/// element without a role no name, where its text is told here.
fn compares_name(element: &Exposed, role: &str, name: &str, interactive: bool) -> bool {
    if interactive {
        return !(name.is_empty() && (is_textual(element) || CARRY_TEXT.contains(&role)));
    }
    !CARRY_TEXT.contains(&role)
}

fn clean(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// States that differ: what Chromium says, what the observation says.
fn states(element: &Exposed, mine: &Node) -> Vec<(String, String)> {
    let has = |state: &str| mine.states.iter().any(|known| known == state);
    let mut found = Vec::new();
    let mut expect = |state: &str, theirs: bool| {
        if has(state) != theirs {
            let say = |set: bool| {
                if set {
                    state.to_owned()
                } else {
                    format!("not {state}")
                }
            };
            found.push((say(theirs), say(has(state))));
        }
    };
    let word = |name: &str| element.word(name).unwrap_or_default();
    expect("checked", word("checked") == "true");
    expect("checked=mixed", word("checked") == "mixed");
    expect("pressed", word("pressed") == "true");
    expect("pressed=mixed", word("pressed") == "mixed");
    expect("selected", element.is("selected"));
    expect("disabled", element.is("disabled"));
    expect("required", element.is("required"));
    expect("multiple", element.is("multiselectable"));
    expect("invalid", !matches!(word("invalid").as_str(), "" | "false"));
    if element.property("readonly").is_some() {
        expect("readonly", element.is("readonly"));
    }
    // A native list box opens by itself when it is used; that it is shut says nothing.
    if !element.place.what.starts_with("<select") {
        expect("expanded", word("expanded") == "true");
        expect("collapsed", word("expanded") == "false");
    }
    // That a combo box has a list is in its role.
    if !matches!(mine.role.as_str(), "combobox" | "listbox") {
        expect(
            "haspopup",
            !matches!(word("hasPopup").as_str(), "" | "false"),
        );
    }
    found.extend(value_difference(element, mine));
    found
}

fn value_difference(element: &Exposed, mine: &Node) -> Option<(String, String)> {
    let theirs = element.value.as_deref().map(clean)?;
    let ours = clean(mine.value.as_deref().unwrap_or_default());
    let spoken = element.word("valuetext").map(|text| clean(&text));
    let same = ours == theirs || spoken.is_some_and(|spoken| spoken == ours);
    (!same).then(|| (format!("value={theirs:?}"), format!("value={ours:?}")))
}

/// Why a difference is meant to be.
fn reason(
    element: &Exposed,
    kind: DifferenceKind,
    role: &str,
    (theirs, ours): (&str, Option<&str>),
) -> Option<&'static str> {
    let tag = element.place.what.trim_start_matches('<');
    let tag = tag.split([' ', '>']).next().unwrap_or_default();
    match (kind, role, tag) {
        (DifferenceKind::Missing, ..) if element.place.part == "closed" => {
            Some("a closed shadow root: no script can look into it")
        }
        (DifferenceKind::Missing, ..) if element.place.part == "foreign" => {
            Some("a frame of another origin: no script of the page around it can look into it")
        }
        (kind, ..) if tag.contains('-') && kind != DifferenceKind::State => Some(
            "the element may set role and name itself (ElementInternals), which no other script \
             can see",
        ),
        (DifferenceKind::Missing, ..) if element.place.option.is_some() => {
            Some("of a list box the first options are told; select_option takes the others too")
        }
        (DifferenceKind::Missing, "form", "form") if element.name.is_empty() => {
            Some("a form without a name is no landmark in HTML-AAM")
        }
        (DifferenceKind::Missing, "group", "optgroup") => {
            Some("options are listed with their list box, without their groups")
        }
        (DifferenceKind::Name, "figure", _) => Some("HTML-AAM names a figure by its caption"),
        (DifferenceKind::Name, "video" | "audio", _) => {
            Some("Chromium tells the state of the player instead of a name")
        }
        (DifferenceKind::Name, ..) if element.name.contains("Unable to play media.") => {
            Some("Chromium tells the state of a player inside a name")
        }
        (DifferenceKind::Missing, ..) if element.place.empty => {
            Some("it holds nothing to read or to use")
        }
        (DifferenceKind::State, ..) => state_reason(theirs, ours, element),
        _ => None,
    }
}

/// The same for states.
fn state_reason(theirs: &str, ours: Option<&str>, element: &Exposed) -> Option<&'static str> {
    if theirs.starts_with("not required")
        || (theirs.starts_with("invalid") && element.is("invalid"))
    {
        return Some(
            "Chromium says of a box or a list that must be filled only that it is invalid",
        );
    }
    if theirs.starts_with("not readonly") {
        return Some("`readonly` is told wherever it holds");
    }
    let has_none = theirs.starts_with("value=") && ours == Some("value=\"\"");
    let is_range = RANGES.contains(&role_of(element));
    (has_none && is_range).then_some("a range without a value has no value here")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::Place;
    use super::*;

    fn button(name: &str, node: usize) -> Exposed {
        Exposed {
            role: "button".to_owned(),
            name: name.to_owned(),
            value: None,
            properties: vec![("focusable".to_owned(), json!(true))],
            place: Place {
                what: "<button>".to_owned(),
                node: Some(node),
                ..Place::default()
            },
        }
    }

    fn seen(role: &str, name: &str, states: &[&str]) -> Observation {
        let node = Node {
            bid: Some("1".to_owned()),
            role: role.to_owned(),
            name: name.to_owned(),
            states: states.iter().map(|state| (*state).to_owned()).collect(),
            ..Node::default()
        };
        Observation {
            nodes: vec![node],
            ..Observation::default()
        }
    }

    fn kinds(observation: &Observation, element: Exposed) -> Vec<DifferenceKind> {
        let found = judge(observation, &[element]).differences;
        found.into_iter().map(|found| found.kind).collect()
    }

    #[test]
    fn the_same_role_name_and_states_are_no_difference() {
        let comparison = judge(&seen("button", "Save", &[]), &[button(" Save ", 0)]);
        assert_eq!(comparison.differences, vec![]);
        assert_eq!(
            (comparison.interactive.same, comparison.interactive.total),
            (1, 1)
        );
        assert!(comparison.ours_only.is_empty());
    }

    #[test]
    fn another_role_name_or_state_is_one_and_only_a_state_does_not_count() {
        use DifferenceKind::{Missing, Name, Role, State};
        assert_eq!(kinds(&seen("link", "Save", &[]), button("Save", 0)), [Role]);
        assert_eq!(
            kinds(&seen("button", "save", &[]), button("Save", 0)),
            [Name]
        );
        assert_eq!(
            kinds(&seen("button", "Save", &["disabled"]), button("Save", 0)),
            [State]
        );
        assert_eq!(
            kinds(&seen("button", "Save", &[]), button("Save", 7)),
            [Missing]
        );
        let disabled = judge(&seen("button", "Save", &["disabled"]), &[button("Save", 0)]);
        assert!(disabled.is_faithful() && !disabled.differences[0].counts());
        assert!(!judge(&seen("link", "Save", &[]), &[button("Save", 0)]).is_faithful());
    }

    #[test]
    fn what_cannot_be_acted_on_is_missing() {
        let mut observation = seen("button", "Save", &[]);
        observation.nodes[0].bid = None;
        assert_eq!(
            kinds(&observation, button("Save", 0)),
            [DifferenceKind::Missing]
        );
    }

    #[test]
    fn only_roles_that_aria_has_no_word_for_are_translated() {
        let mut summary = button("More", 0);
        summary.role = "DisclosureTriangle".to_owned();
        assert_eq!(kinds(&seen("button", "More", &[]), summary), vec![]);
        let mut combobox = button("More", 0);
        combobox.role = "combobox".to_owned();
        assert_eq!(
            kinds(&seen("textbox", "More", &[]), combobox),
            [DifferenceKind::Role]
        );
    }

    #[test]
    fn parts_of_native_controls_are_only_counted() {
        let mut part = button("Increment", 0);
        part.place = Place {
            part: "native".to_owned(),
            ..Place::default()
        };
        let comparison = judge(&seen("spinbutton", "Amount", &[]), &[part]);
        assert_eq!(
            (comparison.native_parts, comparison.interactive.total),
            (1, 0)
        );
    }

    #[test]
    fn a_table_that_chromium_takes_for_layout_may_be_one() {
        let mut row = button("", 0);
        row.role = "LayoutTableRow".to_owned();
        row.place.tabbable = true;
        assert_eq!(kinds(&seen("row", "a b", &[]), row.clone()), vec![]);
        assert_eq!(kinds(&seen("link", "", &[]), row), [DifferenceKind::Role]);
    }

    #[test]
    fn what_is_missing_for_a_reason_is_told_with_it_and_counts() {
        let mut foreign = button("Pay", 7);
        foreign.place.part = "foreign".to_owned();
        let mut cut = seen("button", "Save", &[]);
        cut.truncated = true;
        for (observation, element, words) in [
            (&seen("button", "Save", &[]), foreign, "another origin"),
            (&cut, button("Far away", 7), "holds more"),
        ] {
            let found = judge(observation, &[element]);
            let [difference] = &found.differences[..] else {
                panic!("{found:?}");
            };
            assert!(difference.counts() && !found.is_faithful());
            let reason = difference.reason.as_deref().unwrap_or_default();
            assert!(reason.contains(words), "{reason}");
        }
    }
}
