//! Makes the request for a turn out of the agent's settings, the prompts and what it remembers, and
//! leaves out what is older until it keeps to the most tokens of a request.

use std::fmt::Write as _;

use super::memory::Memory;
use super::prompts::{Prompt, Prompts};
use crate::agents::{PastStep, Turn};
use crate::domain::action::{self, ActionSet};
use crate::domain::agent::{ActionMode, LlmConfig, MemoryMode, ObservationMode, ScreenshotMode};
use crate::llm::picture::{NoPicture, Picture};
use crate::llm::{ChatRequest, Message, Tool};

/// Bytes that are taken for one token. English text has about four; trees with their signs and
/// numbers have fewer.
const BYTES_PER_TOKEN: usize = 3;

/// Tokens that are taken for one picture: what providers count for 1280 by 720 pixels, rounded up.
const PICTURE_TOKENS: usize = 1_500;

/// A page is not cut below this, in bytes.
const LEAST_PAGE: usize = 1_500;

/// Longest words of the model's own that are remembered of a step, in characters.
const MAX_WORDS: usize = 1_000;

/// What requests are made from.
pub(super) struct Maker<'a> {
    pub(super) config: &'a LlmConfig,
    pub(super) prompts: &'a Prompts,
    pub(super) memory: &'a Memory,
    /// Most tokens of a request.
    pub(super) limit: usize,
}

/// What is left out, from the oldest.
#[derive(Debug, Clone, Copy, Default)]
struct Cut {
    /// Pages of past steps.
    pages: usize,
    /// Whether the model's own words are.
    words: bool,
    /// Steps.
    steps: usize,
    /// Most bytes of the page, when it is cut.
    page: Option<usize>,
}

impl Maker<'_> {
    /// The request for the next action. `rest` is what was said about this turn already.
    pub(super) fn action(
        &self,
        turn: &Turn<'_>,
        rest: &[Message],
    ) -> Result<ChatRequest, NoPicture> {
        let tools = match self.config.actions {
            ActionMode::Tools => tools(),
            ActionMode::Text => Vec::new(),
        };
        self.fitted(turn, tools, rest)
    }

    /// A request about the turn that is answered in words.
    pub(super) fn aside(&self, turn: &Turn<'_>, asked: &str) -> Result<ChatRequest, NoPicture> {
        let mut request = self.fitted(turn, Vec::new(), &[])?;
        if let Some(Message::User(text) | Message::Seen { text, .. }) = request.messages.first_mut()
        {
            text.push_str("\n\n");
            text.push_str(asked);
        }
        Ok(request)
    }

    /// The instructions.
    pub(super) fn system(&self, rules: &str) -> String {
        let config = self.config;
        let when = |is_so: bool, prompt| {
            let text = is_so.then(|| self.prompts.plain(prompt));
            text.unwrap_or_default()
        };
        let acting = match config.actions {
            ActionMode::Tools => self.prompts.plain(Prompt::ActingTools),
            ActionMode::Text => {
                let actions = written_actions();
                self.prompts
                    .fill(Prompt::ActingText, &[("actions", &actions)])
            }
        };
        let seeing = match config.screenshot {
            ScreenshotMode::None => String::new(),
            ScreenshotMode::Plain => self.prompts.plain(Prompt::SeeingPlain),
            ScreenshotMode::Marks => self.prompts.plain(Prompt::SeeingMarks),
        };
        let changes = when(config.observation == ObservationMode::Diff, Prompt::Changes);
        let thinking = when(config.think, Prompt::Thinking);
        let planning = when(config.plan, Prompt::Planning);
        let own = config.system_prompt.as_deref().unwrap_or_default();
        let values = [
            ("own", own),
            ("seeing", &seeing),
            ("acting", &acting),
            ("changes", &changes),
            ("thinking", &thinking),
            ("planning", &planning),
            ("rules", rules),
        ];
        self.prompts.fill(Prompt::System, &values)
    }

    /// Leaves out the oldest pages, then the model's words, then the oldest steps, then the end of
    /// the page, until the request keeps to the limit. It is made in any case.
    fn fitted(
        &self,
        turn: &Turn<'_>,
        tools: Vec<Tool>,
        rest: &[Message],
    ) -> Result<ChatRequest, NoPicture> {
        let picture = turn.screenshot.map(Picture::new).transpose()?;
        let mut request = ChatRequest {
            system: self.system(turn.preamble),
            messages: rest.to_vec(),
            tools,
        };
        let around = estimate(&request) + picture.as_ref().map_or(0, |_| PICTURE_TOKENS);
        let room = self.limit.saturating_sub(around) * BYTES_PER_TOKEN;
        let mut cut = Cut::default();
        let mut text = self.turn_text(turn, cut);
        while text.len() > room && self.cut_more(&mut cut, turn, text.len() - room) {
            text = self.turn_text(turn, cut);
        }
        let message = match picture {
            Some(picture) => Message::Seen { text, picture },
            None => Message::User(text),
        };
        request.messages.insert(0, message);
        Ok(request)
    }

    /// Leaves out the next thing; false when there is nothing more.
    fn cut_more(&self, cut: &mut Cut, turn: &Turn<'_>, too_much: usize) -> bool {
        let first = self.first_step(turn);
        let past = turn.history.len() - first;
        if self.shows_past_pages() && cut.pages < past {
            cut.pages += 1;
        } else if self.config.think && !cut.words {
            cut.words = true;
        } else if cut.steps + 1 < past {
            cut.steps += 1;
        } else if cut.page.is_none() {
            let page = self.memory.page(turn.history.len() + 1);
            let length = page.map_or(0, |seen| seen.page.text().len());
            cut.page = Some(length.saturating_sub(too_much).max(LEAST_PAGE));
        } else {
            return false;
        }
        true
    }

    fn shows_past_pages(&self) -> bool {
        self.config.observation == ObservationMode::Diff
    }

    /// The place of the oldest step that is remembered.
    fn first_step(&self, turn: &Turn<'_>) -> usize {
        let newest = self.config.memory_steps as usize;
        match self.config.memory {
            MemoryMode::Full => 0,
            MemoryMode::Window => turn.history.len().saturating_sub(newest),
            MemoryMode::Summary => self.memory.noted.min(turn.history.len()),
        }
    }

    fn turn_text(&self, turn: &Turn<'_>, cut: Cut) -> String {
        let oldest = self.first_step(turn);
        let first = oldest + cut.steps;
        let shown = oldest + cut.pages.max(cut.steps);
        let history = self.history(turn, first, shown, cut.words);
        let under = |heading: &str, text: Option<&str>| {
            let text = text.map(|text| format!("{heading}\n{text}"));
            text.unwrap_or_default()
        };
        let memory = self.memory;
        let found = "Your own check of the work found:";
        let values = [
            ("goal", turn.goal),
            ("fields", &fields(turn.fields)),
            ("plan", &under("Your plan:", memory.plan.as_deref())),
            ("notes", &under("Your notes:", memory.notes.as_deref())),
            ("history", &history),
            ("remarks", &under(found, memory.found.as_deref())),
            ("tabs", &tabs(turn)),
            ("step", &turn.step.to_string()),
            ("max_steps", &turn.max_steps.to_string()),
            ("page", &self.newest_page(turn, shown, cut.page)),
        ];
        self.prompts.fill(Prompt::Turn, &values)
    }

    /// The steps from place `first`, with their pages from place `shown`.
    fn history(&self, turn: &Turn<'_>, first: usize, shown: usize, no_words: bool) -> String {
        let mut text = String::new();
        if first >= turn.history.len() {
            return text;
        }
        text.push_str(if first > 0 {
            "What you did so far, the newest steps:\n"
        } else {
            "What you did so far:\n"
        });
        for (at, past) in turn.history.iter().enumerate().skip(first) {
            if self.shows_past_pages() && at >= shown {
                self.write_page(&mut text, at + 1, at == shown, "was");
            }
            let words = past.reasoning.as_deref();
            let words = words.filter(|_| self.config.think && !no_words);
            write_past(&mut text, at + 1, past, words);
        }
        text
    }

    fn newest_page(&self, turn: &Turn<'_>, shown: usize, cut: Option<usize>) -> String {
        let at = turn.history.len();
        let mut text = String::new();
        if let Some(most) = cut {
            let page = self.memory.page(at + 1).map(|seen| seen.page.cut(most));
            return format!("The page now:\n{}", page.unwrap_or_default());
        }
        let is_first = !self.shows_past_pages() || shown >= at;
        self.write_page(&mut text, at + 1, is_first, "is now");
        text
    }

    /// The page of a step: whole when it is the first that is shown, else as its difference to the
    /// one before, which stands above it, where it has one.
    fn write_page(&self, text: &mut String, step: usize, is_first: bool, is: &str) {
        let Some(seen) = self.memory.page(step) else {
            return;
        };
        match &seen.difference {
            Some(difference) if !is_first => {
                let before = step - 1;
                let _ = write!(
                    text,
                    "The page {is} as in step {before}, but for these differences:\n{difference}"
                );
            }
            _ if is == "was" => {
                let _ = write!(text, "The page in step {step}:\n{}", seen.page.text());
            }
            _ => {
                let _ = write!(text, "The page now:\n{}", seen.page.text());
            }
        }
    }

    /// The request for notes of the steps from `noted` up to place `until`.
    pub(super) fn notes(&self, turn: &Turn<'_>, until: usize) -> ChatRequest {
        let old = self.memory.notes.as_deref().unwrap_or("(none)");
        let from = self.memory.noted;
        let around = self
            .prompts
            .fill(Prompt::Notes, &[("goal", turn.goal), ("notes", old)]);
        let room = self.limit * BYTES_PER_TOKEN;
        let room = room.saturating_sub(around.len() + turn.preamble.len());
        let each = (room / (until - from).max(1)).max(LEAST_PAGE);
        let mut steps = String::new();
        for (at, past) in turn.history.iter().enumerate().take(until).skip(from) {
            if let Some(seen) = self.memory.page(at + 1) {
                let page = seen
                    .page
                    .cut(each.saturating_sub(2 * MAX_WORDS).max(LEAST_PAGE));
                let _ = write!(steps, "The page in step {}:\n{page}", at + 1);
            }
            write_past(&mut steps, at + 1, past, past.reasoning.as_deref());
        }
        let values = [("goal", turn.goal), ("notes", old), ("steps", &steps)];
        ChatRequest {
            system: turn.preamble.to_owned(),
            messages: vec![Message::User(self.prompts.fill(Prompt::Notes, &values))],
            tools: Vec::new(),
        }
    }
}

/// About how many tokens a request has.
pub(super) fn estimate(request: &ChatRequest) -> usize {
    let tools = request
        .tools
        .iter()
        .map(|tool| tool.name.len() + tool.description.len() + tool.parameters.to_string().len());
    let (mut bytes, mut pictures) = (request.system.len() + tools.sum::<usize>(), 0);
    for message in &request.messages {
        bytes += match message {
            Message::User(text) | Message::Assistant(text) => text.len(),
            Message::Seen { text, .. } => {
                pictures += PICTURE_TOKENS;
                text.len()
            }
        };
    }
    bytes.div_ceil(BYTES_PER_TOKEN) + pictures
}

fn tools() -> Vec<Tool> {
    let tools = action::tools().into_iter().map(|tool| Tool {
        name: tool.name.to_owned(),
        description: tool.description.to_owned(),
        parameters: tool.parameters,
    });
    tools.collect()
}

/// The actions as a model may write them, from the one table of actions.
fn written_actions() -> String {
    let mut text = String::new();
    for signature in ActionSet::offered().signatures() {
        let _ = writeln!(text, "{}: {}", signature.usage(), signature.doc);
    }
    text
}

fn fields(fields: &[(String, String)]) -> String {
    let mut text = String::new();
    for (key, value) in fields {
        let _ = writeln!(text, "- {key}: {value}");
    }
    if text.is_empty() {
        return text;
    }
    format!("What the goal names:\n{text}")
}

fn tabs(turn: &Turn<'_>) -> String {
    let tabs = &turn.observation.tabs;
    if tabs.len() < 2 {
        return String::new();
    }
    let mut text = "Open tabs:\n".to_owned();
    for (n, tab) in tabs.iter().enumerate() {
        let active = if tab.active { " (active)" } else { "" };
        let _ = writeln!(text, "{n}: {:?} {}{active}", tab.title, tab.url);
    }
    text
}

/// A step that is over: what the model said, did, and was told.
fn write_past(text: &mut String, n: usize, past: &PastStep, words: Option<&str>) {
    let result = if past.ok { "done" } else { "error" };
    let _ = write!(text, "{n}. ");
    if let Some(words) = words.filter(|words| !words.is_empty()) {
        let shown: String = words.chars().take(MAX_WORDS).collect();
        let _ = write!(text, "{:?} ", shown.replace('\n', " "));
    }
    let _ = writeln!(text, "{} -> {result}: {}", past.action, past.message);
}
