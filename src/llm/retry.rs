//! Trying again what may go better in a moment: exponential backoff, or what the provider asks.

use std::time::Duration;

use crate::llm::{CallResult, ChatError, ChatModel, ChatReply, ChatRequest, ModelCall};

/// How often and how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Most calls, the first included.
    pub max_calls: u32,
    /// Pause before the second call; doubles each time.
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
    /// Pause after call number `made`, or none when there shall be no other.
    fn pause_after(&self, made: u32, error: &ChatError) -> Option<Duration> {
        let ChatError::Passing { retry_after_ms, .. } = error else {
            return None;
        };
        if made >= self.max_calls {
            return None;
        }
        let own = self.first_pause.saturating_mul(1 << (made - 1).min(16));
        Some(
            retry_after_ms
                .map_or(own, Duration::from_millis)
                .min(self.max_pause),
        )
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
        made += 1;
        record.attempt = u32::try_from(calls.len())
            .unwrap_or(u32::MAX)
            .saturating_add(1);
        calls.push(record);
        let error = match reply {
            Ok(reply) => return Ok(reply),
            Err(error) => error,
        };
        match policy.pause_after(made, &error) {
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
    fn pauses_double_follow_the_provider_and_end() {
        let policy = RetryPolicy::default();
        let pauses: Vec<_> = (1..=4)
            .map(|made| policy.pause_after(made, &passing(None)))
            .collect();
        let ms = |ms| Some(Duration::from_millis(ms));
        assert_eq!(pauses, [ms(500), ms(1000), ms(2000), None]);
        assert_eq!(policy.pause_after(1, &passing(Some(2_000))), ms(2_000));
        assert_eq!(policy.pause_after(1, &passing(Some(3_600_000))), ms(60_000));
        assert_eq!(
            policy.pause_after(
                1,
                &ChatError::Final {
                    message: String::new()
                }
            ),
            None
        );
    }
}
