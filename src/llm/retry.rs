//! Trying again what may go better in a moment: after exponential backoff with full jitter
//! (<https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/>), or as late as the
//! provider asks. Episodes that failed together thus do not come back together.

use std::time::Duration;

use rand::RngExt as _;
use rand::rngs::StdRng;

use crate::llm::{CallResult, ChatError, ChatModel, ChatReply, ChatRequest, ModelCall};

/// How often and how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Most calls, the first included.
    pub max_calls: u32,
    /// Longest pause before the second call; doubles each time.
    pub first_pause: Duration,
    /// No pause is longer, not even when the provider asks for it.
    pub max_pause: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_calls: 4,
            first_pause: Duration::from_millis(500),
            max_pause: Duration::from_mins(1),
        }
    }
}

impl RetryPolicy {
    /// Pause after call number `made`, or none when there shall be no other. `draw`, from 0 to 1,
    /// says how much of the backoff is waited. What the provider asks for is waited in full, and
    /// at most one first pause more.
    fn pause_after(&self, made: u32, error: &ChatError, draw: f64) -> Option<Duration> {
        let ChatError::Passing { retry_after_ms, .. } = error else {
            return None;
        };
        if made >= self.max_calls {
            return None;
        }
        let pause = match retry_after_ms.map(Duration::from_millis) {
            Some(asked) => asked.saturating_add(self.first_pause.mul_f64(draw)),
            None => {
                let most = self.first_pause.saturating_mul(1 << (made - 1).min(16));
                most.min(self.max_pause).mul_f64(draw)
            }
        };
        Some(pause.min(self.max_pause))
    }
}

/// Calls the model until it answers, the policy is used up, or trying again would not help.
/// Every call's record is pushed to `calls`, numbered on from those already there.
pub async fn call_with_retry(
    model: &dyn ChatModel,
    request: &ChatRequest,
    policy: RetryPolicy,
    calls: &mut Vec<ModelCall>,
) -> Result<ChatReply, ChatError> {
    let mut made = 0;
    loop {
        let CallResult { mut record, reply } = model.call(request).await;
        if let Err(error @ ChatError::OverBudget(_)) = reply {
            // It was not made, so there is nothing to record.
            return Err(error);
        }
        made += 1;
        record.attempt = u32::try_from(calls.len())
            .unwrap_or(u32::MAX)
            .saturating_add(1);
        calls.push(record);
        let error = match reply {
            Ok(reply) => return Ok(reply),
            Err(error) => error,
        };
        let draw = rand::make_rng::<StdRng>().random();
        match policy.pause_after(made, &error, draw) {
            Some(_) if model.is_replay() => {}
            Some(pause) => tokio::time::sleep(pause).await,
            None => return Err(after(made, error)),
        }
    }
}

/// The last error with the number of calls that it took.
fn after(made: u32, error: ChatError) -> ChatError {
    match error {
        ChatError::Passing {
            message,
            retry_after_ms,
        } if made > 1 => ChatError::Passing {
            message: format!("{message} ({made} calls in a row failed)"),
            retry_after_ms,
        },
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passing(retry_after_ms: Option<u64>) -> ChatError {
        ChatError::Passing {
            message: "busy".to_owned(),
            retry_after_ms,
        }
    }

    #[test]
    fn pauses_double_are_drawn_and_end() {
        let policy = RetryPolicy::default();
        let pauses = |draw: f64| -> Vec<_> {
            (1..=4)
                .map(|made| policy.pause_after(made, &passing(None), draw))
                .collect()
        };
        let ms = |ms| Some(Duration::from_millis(ms));
        assert_eq!(pauses(1.0), [ms(500), ms(1_000), ms(2_000), None]);
        assert_eq!(pauses(0.25), [ms(125), ms(250), ms(500), None]);
        assert_eq!(pauses(0.0), [ms(0), ms(0), ms(0), None]);
        let lasting = ChatError::lasting(String::new());
        assert_eq!(policy.pause_after(1, &lasting, 1.0), None);
    }

    #[test]
    fn what_the_provider_asks_for_is_waited_in_full() {
        let policy = RetryPolicy::default();
        let pause = |asked, draw| policy.pause_after(1, &passing(Some(asked)), draw);
        let ms = |ms| Some(Duration::from_millis(ms));
        assert_eq!(pause(2_000, 0.0), ms(2_000));
        assert_eq!(pause(2_000, 1.0), ms(2_500));
        assert_eq!(pause(3_600_000, 1.0), ms(60_000));
    }
}
