//! The part of the agent form that says how a prompted model is asked: its fields as typed, their
//! choices, and the settings that they mean.

use std::fmt::Display;

use serde_json::{Map, Value, json};

use super::{Numbers, text};
use crate::domain::agent::{
    ActionMode, LlmConfig, MemoryMode, ObservationMode, ReasoningEffort, ScreenshotMode, Wrapper,
    default_context_tokens, default_retries,
};
use crate::web::ui::filter::Choice;
use crate::web::ui::form::Fields;

/// The fields as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Behaviour {
    /// Tools or text.
    pub actions: String,
    /// Which picture.
    pub screenshot: String,
    /// Which pages.
    pub observation: String,
    /// What of past steps.
    pub memory: String,
    /// Whether a plan is made: `on`, or empty.
    pub plan: String,
    /// Whether it thinks in words first: `on`, or empty.
    pub think: String,
    /// How hard it reasons; empty: nothing is said.
    pub reasoning_effort: String,
    /// Tokens to think with.
    pub thinking_tokens: String,
    /// How often it is asked again.
    pub retries: String,
    /// Most tokens of a request.
    pub context_tokens: String,
    /// Which baseline stands around it; empty: none.
    pub wrapper: String,
    /// Samples of a vote, or attempts.
    pub wrapper_count: String,
}

/// What can be chosen.
pub struct Choices {
    /// Tools or text.
    pub actions: Vec<Choice>,
    /// Which picture.
    pub screenshot: Vec<Choice>,
    /// Which pages.
    pub observation: Vec<Choice>,
    /// What of past steps.
    pub memory: Vec<Choice>,
    /// How hard it reasons.
    pub reasoning_effort: Vec<Choice>,
    /// Which baseline.
    pub wrapper: Vec<Choice>,
}

impl Behaviour {
    /// The fields of an agent as nothing is said.
    pub fn empty() -> Self {
        Self {
            actions: ActionMode::default().to_string(),
            screenshot: ScreenshotMode::default().to_string(),
            observation: ObservationMode::default().to_string(),
            memory: MemoryMode::default().to_string(),
            retries: default_retries().to_string(),
            context_tokens: default_context_tokens().to_string(),
            ..Self::default()
        }
    }

    /// The fields of an agent as it is.
    pub fn of(llm: &LlmConfig) -> Self {
        let tick = |on: bool| if on { "on" } else { "" }.to_owned();
        let (wrapper, count) = match llm.wrapper {
            None => (None, None),
            Some(wrapper @ Wrapper::Vote { samples }) => (Some(wrapper.name()), Some(samples)),
            Some(wrapper @ Wrapper::Retry { attempts }) => (Some(wrapper.name()), Some(attempts)),
        };
        Self {
            actions: llm.actions.to_string(),
            screenshot: llm.screenshot.to_string(),
            observation: llm.observation.to_string(),
            memory: llm.memory.to_string(),
            plan: tick(llm.plan),
            think: tick(llm.think),
            reasoning_effort: text(llm.reasoning_effort),
            thinking_tokens: text(llm.thinking_tokens),
            retries: llm.retries.to_string(),
            context_tokens: llm.context_tokens.to_string(),
            wrapper: text(wrapper),
            wrapper_count: text(count),
        }
    }

    /// The fields as they were posted.
    pub fn read(fields: &Fields) -> Self {
        Self {
            actions: fields.text("actions"),
            screenshot: fields.text("screenshot"),
            observation: fields.text("observation"),
            memory: fields.text("memory"),
            plan: fields.text("plan"),
            think: fields.text("think"),
            reasoning_effort: fields.text("reasoning_effort"),
            thinking_tokens: fields.text("thinking_tokens"),
            retries: fields.text("retries"),
            context_tokens: fields.text("context_tokens"),
            wrapper: fields.text("wrapper"),
            wrapper_count: fields.text("wrapper_count"),
        }
    }

    /// Adds the settings that are no numbers. What is empty is left to the defaults.
    pub(super) fn add_to(&self, config: &mut Map<String, Value>) {
        for (name, given) in [
            ("actions", &self.actions),
            ("screenshot", &self.screenshot),
            ("observation", &self.observation),
            ("memory", &self.memory),
            ("reasoningEffort", &self.reasoning_effort),
        ] {
            if !given.is_empty() {
                config.insert(name.to_owned(), json!(given));
            }
        }
        config.insert("plan".to_owned(), json!(self.plan == "on"));
        config.insert("think".to_owned(), json!(self.think == "on"));
    }

    /// Adds the baseline around it; its number is read with the others.
    pub(super) fn add_wrapper(&self, config: &mut Map<String, Value>) {
        let count = config.shift_remove(COUNT);
        if self.wrapper.is_empty() {
            return;
        }
        let name = if self.wrapper == "vote" {
            "samples"
        } else {
            "attempts"
        };
        // Without a number the rules refuse it at the field, as too few.
        let count = count.unwrap_or_else(|| json!(0));
        let wrapper = json!({ "kind": self.wrapper, name: count });
        config.insert("wrapper".to_owned(), wrapper);
    }

    pub(super) fn numbers(&self, numbers: &mut Numbers) {
        let tokens = "a whole number of tokens";
        numbers.take("thinkingTokens", &self.thinking_tokens, 1.0, true, tokens);
        numbers.take("contextTokens", &self.context_tokens, 1.0, true, tokens);
        let times = "a whole number of times";
        numbers.take("retries", &self.retries, 1.0, true, times);
        if !self.wrapper.is_empty() {
            numbers.take(COUNT, &self.wrapper_count, 1.0, true, times);
        }
    }

    /// What can be chosen, with what is.
    pub fn choices(&self) -> Choices {
        Choices {
            actions: choices(ActionMode::ALL, &self.actions, |mode| match mode {
                ActionMode::Tools => "tools: it calls one",
                ActionMode::Text => "text: it writes the action",
            }),
            screenshot: choices(ScreenshotMode::ALL, &self.screenshot, |mode| match mode {
                ScreenshotMode::None => "none",
                ScreenshotMode::Plain => "plain",
                ScreenshotMode::Marks => "marks: with the ids drawn on it",
            }),
            observation: choices(ObservationMode::ALL, &self.observation, |mode| match mode {
                ObservationMode::Full => "full: the newest page, whole",
                ObservationMode::Diff => "diff: remembered pages, as differences",
            }),
            memory: choices(MemoryMode::ALL, &self.memory, |mode| match mode {
                MemoryMode::Full => "full: all steps",
                MemoryMode::Window => "window: the newest steps",
                MemoryMode::Summary => "summary: notes and the newest steps",
            }),
            reasoning_effort: choices(ReasoningEffort::ALL, &self.reasoning_effort, |effort| {
                effort.as_str()
            }),
            wrapper: [
                ("vote", "vote: most samples decide"),
                ("retry", "retry: it checks its own work before it ends"),
            ]
            .into_iter()
            .map(|(value, label)| Choice {
                value: value.to_owned(),
                label: label.to_owned(),
                selected: self.wrapper == value,
            })
            .collect(),
        }
    }
}

/// Carries the number of the baseline until it has its place.
const COUNT: &str = "wrapper.samples";

fn choices<T: Copy + Display>(
    all: &[T],
    chosen: &str,
    label: impl Fn(T) -> &'static str,
) -> Vec<Choice> {
    let choice = |value: &T| Choice {
        value: value.to_string(),
        label: label(*value).to_owned(),
        selected: value.to_string() == chosen,
    };
    all.iter().map(choice).collect()
}

/// The form's name of the API's field; none when it is none of these.
pub(super) fn own_name(field: &str) -> Option<&'static str> {
    Some(match field {
        "actions" => "actions",
        "screenshot" => "screenshot",
        "observation" => "observation",
        "memory" => "memory",
        "plan" => "plan",
        "think" => "think",
        "reasoningEffort" => "reasoning_effort",
        "thinkingTokens" => "thinking_tokens",
        "retries" => "retries",
        "contextTokens" => "context_tokens",
        "wrapper.samples" | "wrapper.attempts" => "wrapper_count",
        field if field.starts_with("wrapper") => "wrapper",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::{AgentForm, own_name};
    use super::*;
    use crate::domain::agent::AgentConfig;

    fn form(behaviour: Behaviour) -> AgentForm {
        AgentForm {
            model: "m".to_owned(),
            behaviour,
            ..AgentForm::empty()
        }
    }

    fn config(behaviour: Behaviour) -> LlmConfig {
        let AgentConfig::Llm(config) = form(behaviour).config().unwrap() else {
            panic!("an llm configuration");
        };
        config
    }

    #[test]
    fn what_is_shown_is_what_is_meant() {
        let plain = config(Behaviour::empty());
        let mut expected = LlmConfig::new(crate::domain::agent::Provider::OpenAi, "m");
        assert_eq!(plain, expected, "the form's defaults are the API's");
        assert_eq!(config(Behaviour::default()), expected, "and so is no field");
        expected.actions = ActionMode::Text;
        expected.screenshot = ScreenshotMode::Marks;
        expected.observation = ObservationMode::Diff;
        expected.memory = MemoryMode::Summary;
        expected.plan = true;
        expected.reasoning_effort = Some(ReasoningEffort::High);
        expected.retries = 0;
        expected.wrapper = Some(Wrapper::Retry { attempts: 2 });
        assert_eq!(config(Behaviour::of(&expected)), expected);
    }

    #[test]
    fn faults_stand_at_the_forms_own_fields() {
        let wrong = |behaviour: Behaviour| {
            let form = form(behaviour);
            let field = match form.config() {
                Err(failure) => failure.items()[0].field.clone().unwrap(),
                Ok(config) => crate::arena::agent_config::check_config(&config)[0]
                    .field
                    .clone(),
            };
            own_name(&field)
        };
        let plain = Behaviour::empty;
        let vote = |count: &str| Behaviour {
            wrapper: "vote".to_owned(),
            wrapper_count: count.to_owned(),
            ..plain()
        };
        assert_eq!(wrong(vote("")), "wrapper_count");
        assert_eq!(wrong(vote("many")), "wrapper_count");
        assert_eq!(wrong(vote("1")), "wrapper_count");
        let pray = Behaviour {
            wrapper: "pray".to_owned(),
            ..plain()
        };
        assert_eq!(wrong(pray), "wrapper");
        let often = Behaviour {
            retries: "often".to_owned(),
            ..plain()
        };
        assert_eq!(wrong(often), "retries");
        let voice = Behaviour {
            actions: "voice".to_owned(),
            ..plain()
        };
        assert_eq!(wrong(voice), "actions");
    }
}
