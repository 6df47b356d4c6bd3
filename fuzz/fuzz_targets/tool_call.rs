//! Tool calls: no name and no arguments make the reader panic, and what an action prints reads
//! back. The first line is the name, the rest the arguments.
#![no_main]

use agentarena::domain::action::Action;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (name, arguments) = text.split_once('\n').unwrap_or((text, "{}"));
    let Ok(arguments) = serde_json::from_str(arguments) else {
        return;
    };
    if let Ok(action) = Action::from_tool_call(name, &arguments) {
        assert_eq!(Action::parse(&action.to_string()), Ok(action));
    }
});
