//! When WebArena's runner ends an episode that goes nowhere.

use super::WebArenaAction;

/// How much repetition is borne.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Thresholds {
    /// Replies without an action, one after the other.
    pub parsing_failure: usize,
    /// Equivalent actions: one after the other, or, for typing, in the whole episode.
    pub repeating_action: usize,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            parsing_failure: 3,
            repeating_action: 3,
        }
    }
}

/// Why an episode ends early. Its text is the reference's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EarlyStop {
    /// The steps are used up.
    #[error("Reach max steps {0}")]
    Steps(usize),
    /// Replies without an action, one after the other.
    #[error("Failed to parse actions for {0} times")]
    ParsingFailure(usize),
    /// The same action, one after the other.
    #[error("Same action for {0} times")]
    SameAction(usize),
    /// Typing into the same element, anywhere in the episode.
    #[error("Same typing action for {0} times")]
    SameTyping(usize),
}

impl EarlyStop {
    /// Whether the episode ends now. Among the actions so far, nothing stands for a reply that
    /// held no action.
    pub fn check(
        actions: &[Option<WebArenaAction>],
        max_steps: usize,
        thresholds: Thresholds,
    ) -> Option<Self> {
        if actions.len() >= max_steps {
            return Some(Self::Steps(max_steps));
        }
        let failures = thresholds.parsing_failure;
        if let Some(last) = last_of(actions, failures)
            && last.iter().all(Option::is_none)
        {
            return Some(Self::ParsingFailure(failures));
        }
        let latest = actions.last()?;
        let repeats = thresholds.repeating_action;
        if matches!(latest, Some(WebArenaAction::Type { .. })) {
            let same = actions
                .iter()
                .filter(|action| is_same(action.as_ref(), latest.as_ref()));
            return (same.count() >= repeats).then_some(Self::SameTyping(repeats));
        }
        let last = last_of(actions, repeats)?;
        let all_same = last
            .iter()
            .all(|action| is_same(action.as_ref(), latest.as_ref()));
        all_same.then_some(Self::SameAction(repeats))
    }
}

/// The last `count` actions; nothing while there are fewer.
fn last_of<T>(actions: &[T], count: usize) -> Option<&[T]> {
    actions.len().checked_sub(count).map(|at| &actions[at..])
}

/// Equal but for typed text, which is not compared.
fn is_same(a: Option<&WebArenaAction>, b: Option<&WebArenaAction>) -> bool {
    match (a, b) {
        (Some(WebArenaAction::Type { id: a, .. }), Some(WebArenaAction::Type { id: b, .. })) => {
            a == b
        }
        _ => a == b,
    }
}

#[cfg(test)]
mod tests {
    use super::super::Profile;
    use super::*;

    fn stop(texts: &[&str], max_steps: usize) -> Option<String> {
        let read = |text: &&str| WebArenaAction::parse(text, Profile::Compat).ok();
        let actions: Vec<_> = texts.iter().map(read).collect();
        let found = EarlyStop::check(&actions, max_steps, Thresholds::default());
        found.map(|reason| reason.to_string())
    }

    #[test]
    fn repetition_ends_an_episode() {
        let typed = ["type [1] [a]", "click [2]", "type [1] [b]", "type [1] [c]"];
        for (texts, expected) in [
            (&["click [1]"; 2][..], None),
            (&["click [1]"; 3], Some("Same action for 3 times")),
            (&["click [1]", "click [01]", "click [1]"], None),
            (&["click [1]", "hover [1]", "click [1]"], None),
            (&["what?"; 2], None),
            (&["what?"; 3], Some("Failed to parse actions for 3 times")),
            (&typed[..3], None),
            (&typed, Some("Same typing action for 3 times")),
            (&[], None),
        ] {
            assert_eq!(stop(texts, 30).as_deref(), expected, "{texts:?}");
        }
        assert_eq!(
            stop(&["click [1]", "click [2]"], 2).as_deref(),
            Some("Reach max steps 2")
        );
    }
}
