//! How a prompted model is asked, in words, for the agent's page.

use crate::domain::agent::{
    ActionMode, LlmConfig, MemoryMode, ObservationMode, ScreenshotMode, Wrapper,
};
use crate::web::ui::format;

/// Name and value of each setting.
pub(super) fn lines(llm: &LlmConfig) -> Vec<(&'static str, String)> {
    let mut lines = vec![
        ("Actions", actions(llm)),
        ("Picture", picture(llm).to_owned()),
        ("Pages in the prompt", pages(llm).to_owned()),
        ("Memory", memory(llm)),
        ("Plan", plan(llm).to_owned()),
        ("Thoughts", thoughts(llm).to_owned()),
        ("Reasoning", reasoning(llm)),
        (
            "Request, at most",
            format::counted(llm.context_tokens, "token"),
        ),
    ];
    lines.extend(wrapper(llm).map(|words| ("Baseline", words)));
    lines
}

fn actions(llm: &LlmConfig) -> String {
    let how = match llm.actions {
        ActionMode::Tools => "tool calls",
        ActionMode::Text => "written as text",
    };
    let times = format::counted(llm.retries, "time");
    format!("{how}; asked again up to {times}")
}

const fn picture(llm: &LlmConfig) -> &'static str {
    match llm.screenshot {
        ScreenshotMode::None => "none",
        ScreenshotMode::Plain => "plain",
        ScreenshotMode::Marks => "with marks",
    }
}

const fn pages(llm: &LlmConfig) -> &'static str {
    match llm.observation {
        ObservationMode::Full => "the newest, whole",
        ObservationMode::Diff => "of all remembered steps, as differences where shorter",
    }
}

fn memory(llm: &LlmConfig) -> String {
    let newest = format::counted(llm.memory_steps, "newest step");
    match llm.memory {
        MemoryMode::Full => "full: all steps".to_owned(),
        MemoryMode::Window => format!("window: {newest}"),
        MemoryMode::Summary => format!("summary: its own notes, and {newest}"),
    }
}

const fn plan(llm: &LlmConfig) -> &'static str {
    if llm.plan {
        "made before the first step"
    } else {
        "none asked for"
    }
}

const fn thoughts(llm: &LlmConfig) -> &'static str {
    if llm.think {
        "asked for before each action"
    } else {
        "not asked for"
    }
}

fn reasoning(llm: &LlmConfig) -> String {
    let effort = llm
        .reasoning_effort
        .map(|effort| format!("effort {effort}"));
    let tokens = llm.thinking_tokens;
    let tokens = tokens.map(|tokens| format!("at most {}", format::counted(tokens, "token")));
    let parts: Vec<String> = effort.into_iter().chain(tokens).collect();
    if parts.is_empty() {
        "the provider's default".to_owned()
    } else {
        parts.join(", ")
    }
}

fn wrapper(llm: &LlmConfig) -> Option<String> {
    Some(match llm.wrapper? {
        Wrapper::Vote { samples } => {
            let samples = format::counted(samples, "sample");
            format!("vote: most of {samples} decide each step")
        }
        Wrapper::Retry { attempts } => format!(
            "retry: checks its own work before it ends, and goes on up to {}",
            format::counted(attempts, "time")
        ),
    })
}
