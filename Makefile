# Two commands carry the project: `make demo` and `make test`.
.PHONY: demo test verify bench bench-browser build browser miniwob clients lint licences clean

# Arguments for the demo, e.g. `make demo ARGS=--exit`.
ARGS ?=

## Evaluates the built-in agents in a real browser and shows the leaderboard.
demo: browser build
	./target/release/agentarena demo $(ARGS)

## Everything that CI runs for tests, browser tests included.
test: browser miniwob clients
	cargo test --locked --doc
	@scripts/test.sh

## The whole gate: solutions pass every time, agents that do not do the task never, episodes side
## by side do not touch each other, stored verdicts follow from their evidence. Takes a while.
verify: browser build
	./target/release/agentarena tasks check
	./target/release/agentarena tasks check --world 2
	./target/release/agentarena tasks check --world 3
	./target/release/agentarena --data-dir target/verify verify --parallel 4
	./target/release/agentarena --data-dir target/verify rescore --all
	./target/release/agentarena bench reset
	./target/release/agentarena --data-dir target/verify bench isolation

## Measures what is promised, on the release binary, beside each target.
bench: browser
	cargo bench --locked --bench targets
	cargo test --locked --release --test it -- --ignored --exact --nocapture \
		fidelity::a_page_of_5000_elements_is_observed_in_60_ms

## Plays MiniWoB++ through the peer from PyPI, raw DevTools and the arena: an hour, or minutes with
## QUICK=1; further knobs in the script.
bench-browser: browser
	@scripts/bench-browser.sh

build:
	cargo build --release --locked

## Installs Chromium and ChromeDriver when they are missing.
browser:
	@scripts/install-browser.sh

## Brings the pages of MiniWoB++ to target/miniwob, by the PyPI package's name.
miniwob:
	@scripts/fetch-miniwob.sh

## Installs the clients that tests play with, from PyPI and npm by name, into target/clients.
clients:
	@scripts/install-python-clients.sh
	@scripts/install-node-clients.sh

lint:
	cargo fmt --check
	cargo clippy --locked --all-targets -- -D warnings

licences:
	scripts/check-licences.sh

clean:
	cargo clean
