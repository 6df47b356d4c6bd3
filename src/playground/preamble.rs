//! The arena's rules as agents are told them: once, the same for every task and every agent, so
//! that no goal has to hint at how it is scored.

use std::fmt::Write as _;

use crate::browser::NavigationPolicy;
use crate::domain::task::InfeasibleCode;
use crate::environments::Briefing;

/// The rules for one place.
pub fn preamble(briefing: &Briefing, policy: &NavigationPolicy) -> String {
    let mut text = String::new();
    if !briefing.user.is_empty() {
        let _ = writeln!(text, "You work in a web browser for {}.", briefing.user);
    }
    if !briefing.today.is_empty() {
        let _ = writeln!(
            text,
            "Date and time: {}. Only this clock counts.",
            briefing.today
        );
    }
    if briefing.ends_itself {
        text.push_str(ENDS_ITSELF);
    } else {
        push_rules(&mut text);
    }
    let _ = writeln!(
        text,
        "You may visit {}. Trying any other address, or the arena itself, is a violation: it is \
         refused and ends your work without a score.",
        allowed(policy)
    );
    text
}

/// The rules of a place that judges by itself.
const ENDS_ITSELF: &str = "\
Do what the goal asks on the page that is open. The page ends the task by itself as soon as it is \
done, right or wrong, and pays for it; you need not say that you are done. Leaving the page, \
reloading it, changing its address in any way or making another tab active ends your work \
without a score, and so do send_msg_to_user and report_infeasible: use them only to give up.\n";

/// The rules of a place that is judged after the end.
fn push_rules(text: &mut String) {
    text.push_str(
        "Do what the goal asks and nothing else. Whatever else you change, even if you undo it \
         later, can make the result wrong.\n\
         When you are done, call send_msg_to_user once. If the goal asks for information, the \
         message is the answer and nothing around it; give several items separated by commas. \
         If it asks for a change, a short confirmation is enough. If it asks for a page, leave \
         that page open in the active tab first.\n\
         If the goal cannot be reached, change nothing and call report_infeasible. The first \
         word of the reason is the code:\n",
    );
    for code in InfeasibleCode::ALL {
        let _ = writeln!(text, "- {code}: {}", meaning(*code));
    }
    text.push_str(
        "Report it only when you have seen the page that shows why. \
         Every other end, a used-up limit included, counts as not done.\n",
    );
}

/// What a code says, in words.
pub const fn meaning(code: InfeasibleCode) -> &'static str {
    match code {
        InfeasibleCode::NotFound => "the thing asked for does not exist",
        InfeasibleCode::PermissionDenied => "this user may not do it",
        InfeasibleCode::ActionNotAllowed => {
            "nobody may do it, by a rule or by the record's condition"
        }
        InfeasibleCode::DataValidation => "the given data breaks a rule",
    }
}

/// Origins, with the paths behind each when they are limited.
fn allowed(policy: &NavigationPolicy) -> String {
    if policy.allowed_origins.is_empty() {
        return "only the page that is open".to_owned();
    }
    let mut places = Vec::new();
    for origin in &policy.allowed_origins {
        if policy.allowed_paths.is_empty() {
            places.push(origin.clone());
        }
        for path in &policy.allowed_paths {
            places.push(format!("{origin}{path}"));
        }
    }
    places.join(" and ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_who_when_how_and_where() {
        let briefing = Briefing {
            today: "Wednesday 18 March 2026, 10:24 UTC".into(),
            user: "Mara Lindqvist".into(),
            ends_itself: false,
        };
        let policy = NavigationPolicy {
            allowed_origins: vec!["http://127.0.0.1:8081".into()],
            allowed_paths: vec!["/shop/".into(), "/assets/".into()],
        };
        insta::assert_snapshot!(preamble(&briefing, &policy), @r#"
        You work in a web browser for Mara Lindqvist.
        Date and time: Wednesday 18 March 2026, 10:24 UTC. Only this clock counts.
        Do what the goal asks and nothing else. Whatever else you change, even if you undo it later, can make the result wrong.
        When you are done, call send_msg_to_user once. If the goal asks for information, the message is the answer and nothing around it; give several items separated by commas. If it asks for a change, a short confirmation is enough. If it asks for a page, leave that page open in the active tab first.
        If the goal cannot be reached, change nothing and call report_infeasible. The first word of the reason is the code:
        - NOT_FOUND: the thing asked for does not exist
        - PERMISSION_DENIED: this user may not do it
        - ACTION_NOT_ALLOWED: nobody may do it, by a rule or by the record's condition
        - DATA_VALIDATION: the given data breaks a rule
        Report it only when you have seen the page that shows why. Every other end, a used-up limit included, counts as not done.
        You may visit http://127.0.0.1:8081/shop/ and http://127.0.0.1:8081/assets/. Trying any other address, or the arena itself, is a violation: it is refused and ends your work without a score.
        "#);
    }

    #[test]
    fn says_nothing_of_a_clock_or_user_that_is_not_there() {
        let text = preamble(&Briefing::default(), &NavigationPolicy::default());
        assert!(text.starts_with("Do what the goal asks"), "{text}");
        assert!(
            text.contains("You may visit only the page that is open."),
            "{text}"
        );
    }
}
