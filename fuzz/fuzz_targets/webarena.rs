//! WebArena's grammar: no reply makes the reader panic, and what is meant is read wherever the
//! reference reads anything.
#![no_main]

use agentarena::domain::action::webarena::{Profile, WebArenaAction, extract};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|reply: &str| {
    let text = extract(reply).unwrap_or(reply);
    let compat = WebArenaAction::parse(text, Profile::Compat);
    let strict = WebArenaAction::parse(text, Profile::Strict);
    assert!(compat.is_err() || strict.is_ok());
    for (action, profile) in [(compat, Profile::Compat), (strict, Profile::Strict)] {
        if let Ok(action) = action {
            let _ = action.lower(profile);
        }
    }
});
