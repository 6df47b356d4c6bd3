//! BrowserGym's calls: no text makes the reader panic, and what an action prints reads back.
#![no_main]

use agentarena::domain::action::{Action, ActionSet, Call, Reading};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = Call::read_all(text);
    let everything = ActionSet::everything();
    for reading in [Reading::Loose, Reading::Strict] {
        if let Ok(action) = Action::parse_in(text, &everything, reading) {
            assert_eq!(Action::parse(&action.to_string()), Ok(action));
        }
    }
});
