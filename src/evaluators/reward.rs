//! What the task's page paid: full raw reward, and nothing less, is a success. Some pages pay a
//! part for a part of the work, some pay a little for a wrong answer; the part is shown, and the
//! value stays 0.
//!
//! Cannot see: how the reward came about. That only the page's own scripts can pay it is the
//! environment's to see to.

use serde_json::json;

use super::{Finding, status_of};
use crate::domain::evidence::{Evidence, PageReward};
use crate::domain::verdict::{Criterion, VerdictStatus};

/// The raw reward of a task that is solved.
const FULL: f64 = 1.0;

/// Judges the reward that the page paid.
pub fn judge(evidence: &Evidence) -> Criterion {
    let Some(reward) = &evidence.reward else {
        return Finding {
            status: VerdictStatus::Error,
            expected: expected(),
            found: "no reward was read".into(),
            reason: "the place of this task pays no reward".into(),
            evidence: json!({}),
        }
        .into_criterion("reward", DESCRIPTION);
    };
    let objection = objection(reward);
    Finding {
        status: status_of(objection.is_none()),
        expected: expected(),
        found: found(reward),
        reason: objection.unwrap_or_else(|| "the page paid the full reward".into()),
        evidence: json!({
            "rawReward": reward.raw,
            "envReward": reward.env,
            "done": reward.done,
            "reason": reward.reason,
            "episodeId": reward.episode_id,
            "void": reward.void,
            // What BrowserGym calls success; shown for comparison, never the score.
            "browsergymReward": f64::from(u8::from(reward.void.is_none() && reward.raw > 0.0)),
        }),
    }
    .into_criterion("reward", DESCRIPTION)
}

const DESCRIPTION: &str = "The task's page pays its full reward.";

fn expected() -> String {
    "a raw reward of 1".into()
}

fn objection(reward: &PageReward) -> Option<String> {
    if let Some(void) = &reward.void {
        return Some(void.clone());
    }
    if !reward.done {
        return Some("the page did not end the task".into());
    }
    (reward.raw != FULL).then(|| {
        let why = reward.reason.as_deref().map_or_else(String::new, |reason| {
            format!(", saying: {}", super::shorten(reason, 200))
        });
        format!("the page paid {} instead of 1{why}", reward.raw)
    })
}

fn found(reward: &PageReward) -> String {
    if reward.void.is_some() {
        "nothing that counts".into()
    } else if reward.done {
        format!("a raw reward of {}", reward.raw)
    } else {
        "no end, so no reward".into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(reward: PageReward) -> Criterion {
        judge(&Evidence {
            reward: Some(reward),
            ..Evidence::default()
        })
    }

    fn paid(raw: f64) -> PageReward {
        PageReward {
            raw,
            env: raw,
            done: true,
            episode_id: 1,
            ..PageReward::default()
        }
    }

    #[test]
    fn only_the_full_reward_passes() {
        assert_eq!(judged(paid(1.0)).status, VerdictStatus::Pass);
        for (raw, browsergym) in [
            (0.999_999, 1.0),
            (0.1, 1.0),
            (0.0, 0.0),
            (-1.0, 0.0),
            (2.0, 1.0),
        ] {
            let criterion = judged(paid(raw));
            assert_eq!(criterion.status, VerdictStatus::Fail, "{raw}");
            assert_eq!(criterion.evidence["browsergymReward"], browsergym, "{raw}");
            assert!(criterion.value.abs() < f64::EPSILON);
        }
    }

    #[test]
    fn a_page_that_did_not_end_or_was_left_pays_nothing() {
        let open = PageReward::default();
        assert_eq!(judged(open).reason, "the page did not end the task");
        let left = PageReward {
            void: Some("the agent left the task's page".into()),
            ..paid(1.0)
        };
        let criterion = judged(left);
        assert_eq!(criterion.status, VerdictStatus::Fail);
        assert_eq!(criterion.evidence["browsergymReward"], 0.0);
    }

    #[test]
    fn a_place_without_rewards_is_the_arenas_fault() {
        assert_eq!(judge(&Evidence::default()).status, VerdictStatus::Error);
    }
}
