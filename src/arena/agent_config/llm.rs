//! Checks the settings of an agent that prompts a model.

use super::{FIELD, check_base_url};
use crate::arena::prices::{self, MAX_MICROUSD_PER_MTOK};
use crate::domain::agent::{
    ANTHROPIC_MAX_OUTPUT_TOKENS, LlmConfig, MemoryMode, Provider, ReasoningEffort, Wrapper,
};
use crate::domain::validation::FieldError;

/// Most characters of a prompt.
const MAX_PROMPT: usize = 20_000;

/// The least that a model of Anthropic's may be told to think with
/// (<https://platform.claude.com/docs/en/build-with-claude/extended-thinking>).
const LEAST_THINKING: u32 = 1_024;

/// Checks what the types cannot say. Empty when all is well.
pub(super) fn check(config: &LlmConfig) -> Vec<FieldError> {
    let mut faults = Faults::default();
    check_model(config, &mut faults);
    check_sampling(config, &mut faults);
    check_thinking(config, &mut faults);
    check_prompt(config, &mut faults);
    check_wrapper(config, &mut faults);
    faults.0
}

#[derive(Default)]
struct Faults(Vec<FieldError>);

impl Faults {
    fn refuse(&mut self, name: &str, code: &'static str, message: impl Into<String>) {
        let field = format!("{FIELD}.{name}");
        self.0.push(FieldError::new(field, code, message));
    }

    fn invalid(&mut self, is_wrong: bool, name: &str, message: &str) {
        if is_wrong {
            self.refuse(name, "invalid", message);
        }
    }
}

fn check_model(config: &LlmConfig, faults: &mut Faults) {
    let model = config.model.trim();
    if model.is_empty() {
        faults.refuse(
            "model",
            "required",
            "Name the model as its provider does, e.g. `gpt-5-mini`.",
        );
    } else if model.chars().count() > 200 || model.chars().any(char::is_control) {
        faults.refuse(
            "model",
            "invalid",
            "A model's name has at most 200 characters on one line.",
        );
    }
    if let Some(base_url) = &config.base_url
        && let Err(message) = check_base_url(base_url)
    {
        faults.refuse("baseUrl", "invalid", message);
    }
    let is_keyless = config.base_url.is_none() && config.provider_key_id.is_none();
    if config.provider == Provider::Anthropic && is_keyless {
        faults.refuse(
            "providerKeyId",
            "required",
            "Anthropic answers nobody without a key; store one and choose it, or give the base \
             URL of another server.",
        );
    }
    faults.invalid(
        !(1_000..=600_000).contains(&config.call_timeout_ms),
        "callTimeoutMs",
        "Take 1000 to 600000 milliseconds.",
    );
    for (name, rate) in prices::named(config.own_price()) {
        if rate.is_some_and(|rate| rate > MAX_MICROUSD_PER_MTOK) {
            faults.refuse(name, "invalid", prices::too_high());
        }
    }
}

fn check_sampling(config: &LlmConfig, faults: &mut Faults) {
    let most = config.provider.most_temperature();
    let is_outside = |temperature| !(0.0..=most).contains(&temperature);
    if config.temperature.is_some_and(is_outside) {
        let message = format!(
            "The temperature is a number from 0 to {most} with the provider `{}`.",
            config.provider
        );
        faults.refuse("temperature", "invalid", message);
    }
    let is_outside = |tokens| !(1..=200_000).contains(&tokens);
    faults.invalid(
        config.max_output_tokens.is_some_and(is_outside),
        "maxOutputTokens",
        "Take 1 to 200000 tokens, or leave it out.",
    );
    faults.invalid(
        config.retries > 10,
        "retries",
        "Take 0 to 10: how often the model is asked again.",
    );
}

/// Thinking needs room within the reply, and no temperature beside it.
fn check_thinking(config: &LlmConfig, faults: &mut Faults) {
    let provider = config.provider;
    if let Some(effort) = config.reasoning_effort
        && !effort.is_known_to(provider)
    {
        let known = ReasoningEffort::ALL.iter();
        let known = known.filter(|effort| effort.is_known_to(provider));
        let known: Vec<&str> = known.map(|effort| effort.as_str()).collect();
        let message = format!(
            "With the provider `{provider}` it is one of: {}.",
            known.join(", ")
        );
        faults.refuse("reasoningEffort", "invalid", message);
    }
    if let Some(tokens) = config.thinking_tokens {
        let most = config
            .max_output_tokens
            .unwrap_or(ANTHROPIC_MAX_OUTPUT_TOKENS);
        if provider != Provider::Anthropic {
            let message = "Only Anthropic's models take tokens to think with; set \
                           `reasoningEffort` instead.";
            faults.refuse("thinkingTokens", "invalid", message);
        } else if !(LEAST_THINKING..most).contains(&tokens) {
            let message = format!(
                "Take {LEAST_THINKING} tokens or more, and fewer than a reply may have, {most}."
            );
            faults.refuse("thinkingTokens", "invalid", message);
        }
    }
    let thinks = config.reasoning_effort.is_some() || config.thinking_tokens.is_some();
    faults.invalid(
        provider == Provider::Anthropic && thinks && config.temperature.is_some(),
        "temperature",
        "Anthropic's models take no temperature while they think; leave it out.",
    );
}

fn check_prompt(config: &LlmConfig, faults: &mut Faults) {
    let own = config.system_prompt.as_ref();
    if own.is_some_and(|prompt| prompt.chars().count() > MAX_PROMPT) {
        let message = format!("At most {MAX_PROMPT} characters are taken.");
        faults.refuse("systemPrompt", "too_long", message);
    }
    faults.invalid(
        config.memory_steps > 50,
        "memorySteps",
        "Take 0 to 50 steps.",
    );
    faults.invalid(
        config.memory == MemoryMode::Summary && config.memory_steps < 2,
        "memorySteps",
        "With notes at least the 2 newest steps stand in the prompt.",
    );
    faults.invalid(
        !(4_000..=2_000_000).contains(&config.context_tokens),
        "contextTokens",
        "Take 4000 to 2000000 tokens.",
    );
}

fn check_wrapper(config: &LlmConfig, faults: &mut Faults) {
    match config.wrapper {
        None => {}
        Some(Wrapper::Vote { samples }) => {
            faults.invalid(
                !(2..=20).contains(&samples),
                "wrapper.samples",
                "Take 2 to 20 samples.",
            );
            faults.invalid(
                config.temperature == Some(0.0),
                "temperature",
                "A vote needs replies that differ; at temperature 0 they do not.",
            );
        }
        Some(Wrapper::Retry { attempts }) => faults.invalid(
            !(1..=10).contains(&attempts),
            "wrapper.attempts",
            "Take 1 to 10 attempts.",
        ),
    }
}
