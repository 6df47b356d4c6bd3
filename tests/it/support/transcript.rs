//! An episode's log as text, without what differs from run to run.

use std::fmt::Write as _;

use agentarena::domain::event::{Event, EventBody};

/// One line per event.
pub fn transcript(events: &[Event]) -> String {
    let mut text = String::new();
    for event in events {
        let _ = writeln!(text, "{:>2} {}", event.seq, line(&event.body));
    }
    text
}

fn line(body: &EventBody) -> String {
    match body {
        EventBody::EpisodeStarted {
            attempt,
            playground,
            browser,
            goal,
            start_url,
            ..
        } => format!("episode {attempt} on {playground} ({browser}) at {start_url}: {goal}"),
        EventBody::Observed {
            step,
            url,
            title,
            elements,
            screenshot,
            ..
        } => format!(
            "step {step}: sees {title:?} at {url}, {elements} elements, picture: {}",
            screenshot.is_some()
        ),
        EventBody::ModelCalled { step, model, .. } => format!("step {step}: asks {model}"),
        EventBody::Decided {
            step,
            action,
            target,
            ..
        } => format!(
            "step {step}: decides {action}{}",
            target
                .as_ref()
                .map_or(String::new(), |target| format!(" on {target}"))
        ),
        EventBody::Acted {
            step,
            ok,
            message,
            url,
            ..
        } => format!("step {step}: ok={ok} {message} -> {url}"),
        EventBody::PolicyViolated { step, rule, detail } => {
            format!("step {step}: VIOLATES {rule}: {detail}")
        }
        EventBody::DialogAnswered { step, message, .. } => {
            format!("step {step}: dialog {message}")
        }
        EventBody::AgentEnded { step, how, message } => {
            format!("step {step}: ends with {how} {message:?}")
        }
        EventBody::PlaceEnded { step, message } => {
            format!("step {step}: the place ends it: {message}")
        }
        EventBody::Evaluated { verdict, .. } => {
            format!(
                "evaluated {} {}: {}",
                verdict.status, verdict.value, verdict.summary
            )
        }
        EventBody::Noted { message, .. } => format!("note: {message}"),
        EventBody::EpisodeEnded {
            outcome,
            reason,
            steps,
            ..
        } => format!("ended {outcome} after {steps} steps: {reason}"),
    }
}
