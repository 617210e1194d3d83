# Every command of the project. `make` alone lists them. Each installs what it misses, and says what and why before.
.DEFAULT_GOAL := help
.PHONY: help run test test-rust test-ui test-window lint soak bench package audit screenshots clean

help: ## This list
	@echo "Matchbook: edit records of an HTTP server offline, and merge what others changed."
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo "Settings: MATCHBOOK_HOME (data folder), MATCHBOOK_RUN_SECONDS (make run ends by itself)."

run: ## Build the app and start it; without a screen on a virtual display, with a picture of it
	@scripts/run

test: ## Everything: lint, Rust, UI, real servers, real window
	@scripts/test all

test-rust: ## Only the Rust tests (unit, acceptance stories, real servers)
	@scripts/test rust

test-ui: ## Only the tests of the UI
	@scripts/test ui

test-window: ## Only the end-to-end tests in the real window
	@scripts/test window

lint: ## clippy, rustfmt, svelte-check, ESLint and the dependency rule
	@scripts/lint

soak: ## The merge for long: its laws on ten million cases, every fuzz target (see scripts/soak)
	@scripts/soak

bench: ## Speed and memory at 10,000 records, beside the limit client and a hello-world window
	@scripts/bench

package: ## A Debian package in target/release/bundle/deb
	@scripts/package

audit: ## cargo deny: bans, licences, sources (compiles cargo-deny the first time)
	@scripts/audit

screenshots: ## Pictures of every screen, from the real window, into .dev/pictures
	@scripts/screenshots

clean: ## Remove what builds made (target, ui/dist, node_modules); tools in .dev/tools stay
	rm -rf target gen ui/dist node_modules ui/node_modules tests/e2e/node_modules
