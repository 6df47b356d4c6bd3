//! The binary: what was typed decides, in `cli`.

use std::process::ExitCode;

fn main() -> ExitCode {
    agentarena::cli::main()
}
