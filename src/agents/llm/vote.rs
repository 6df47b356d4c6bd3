//! Majority vote: the same request several times, and the action that most replies say. One sample
//! is the plain agent.

use futures_util::{StreamExt as _, stream};

use super::reply::{Problem, Reading};
use crate::domain::outcome::AgentErrorKind;
use crate::llm::retry::{RetryPolicy, call_with_retry};
use crate::llm::{ChatError, ChatModel, ChatReply, ChatRequest, ModelCall};

/// Asks for samples, all at once. The records of all calls are kept, in the order of the samples,
/// also when one of them fails; then the first failure is what is told.
pub(super) async fn ask(
    model: &dyn ChatModel,
    request: &ChatRequest,
    samples: u32,
    retry: RetryPolicy,
    calls: &mut Vec<ModelCall>,
) -> Result<Vec<ChatReply>, ChatError> {
    // A record gives its replies in the order in which they stand in it.
    let at_once = if model.is_replay() { 1 } else { samples };
    let one = |_| async move {
        let mut own = Vec::new();
        let reply = call_with_retry(model, request, retry, &mut own).await;
        (reply, own)
    };
    let asked = stream::iter(0..samples).map(one);
    let asked: Vec<_> = asked.buffered(at_once.max(1) as usize).collect().await;
    let mut replies = Vec::new();
    let mut failed = None;
    for (reply, own) in asked {
        for mut call in own {
            call.attempt = u32::try_from(calls.len() + 1).unwrap_or(u32::MAX);
            calls.push(call);
        }
        match reply {
            Ok(reply) => replies.push(reply),
            Err(error) => failed = failed.or(Some(error)),
        }
    }
    failed.map_or(Ok(replies), Err)
}

/// The reading whose action, in canonical form, most replies say, and the place of the first of
/// them; of several with as many votes the one that was said first. Replies that are no action have
/// no vote; when none is one, what is wrong with the first is told.
pub(super) fn elect(
    replies: &[ChatReply],
    read: impl Fn(&ChatReply) -> Result<Reading, Problem>,
) -> Result<(Reading, usize), Problem> {
    let mut candidates: Vec<(String, usize, Reading, usize)> = Vec::new();
    let mut problem = None;
    for (at, reply) in replies.iter().enumerate() {
        match read(reply) {
            Ok(reading) => {
                let name = reading.action.to_string();
                match candidates.iter_mut().find(|(known, ..)| *known == name) {
                    Some((_, votes, ..)) => *votes += 1,
                    None => candidates.push((name, 1, reading, at)),
                }
            }
            Err(found) => problem = problem.or(Some(found)),
        }
    }
    let most = candidates.iter().map(|(_, votes, ..)| *votes).max();
    let elected = candidates
        .into_iter()
        .find(|(_, votes, ..)| Some(*votes) == most);
    let Some((_, votes, mut reading, at)) = elected else {
        return Err(problem.unwrap_or_else(|| Problem {
            kind: AgentErrorKind::Unparsable,
            told: "there was no reply".to_owned(),
        }));
    };
    if replies.len() > 1 {
        let count = format!("({votes} of {} samples)", replies.len());
        let words = reading.reasoning.take();
        reading.reasoning = Some(words.map_or(count.clone(), |words| format!("{words}\n{count}")));
    }
    Ok((reading, at))
}

#[cfg(test)]
mod tests {
    use super::super::reply;
    use super::*;
    use crate::domain::agent::ActionMode;
    use crate::domain::observation::Observation;

    fn elected(texts: &[&str]) -> Result<(String, Option<String>, usize), String> {
        let reply = |text: &&str| ChatReply {
            text: (*text).to_owned(),
            ..ChatReply::default()
        };
        let replies: Vec<_> = texts.iter().map(reply).collect();
        let page = Observation::default();
        elect(&replies, |reply| {
            reply::read(reply, ActionMode::Text, &page)
        })
        .map(|(reading, at)| (reading.action.to_string(), reading.reasoning, at))
        .map_err(|problem| problem.told)
    }

    #[test]
    fn most_votes_win_in_canonical_form_and_ties_go_to_the_first() {
        let back = ["go_back()", "noop()", "B\ngo_forward()", "go_forward( )"];
        let (action, words, at) = elected(&back).unwrap();
        assert_eq!((action.as_str(), at), ("go_forward()", 2));
        assert_eq!(words.as_deref(), Some("B\n(2 of 4 samples)"));
        let (action, ..) = elected(&["noop()", "go_back()", "go_back()", "noop(1000)"]).unwrap();
        assert_eq!(action, "noop()", "as many votes, and said first");
        let (action, words, _) = elected(&["what?", "go_back()", "click('1')"]).unwrap();
        assert_eq!(action, "go_back()");
        assert_eq!(words.as_deref(), Some("(1 of 3 samples)"));
        assert_eq!(elected(&["go_back()"]).unwrap().1, None, "no vote");
        assert!(elected(&["what?", ""]).unwrap_err().contains("what?"));
    }
}
