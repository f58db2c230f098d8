# Tawasul on one machine. Python 3.11 or newer is all it takes; everything else is fetched into this folder.
.PHONY: help setup run test thorough model bench bench-relay bench-media matrix probe fuzz soak lint lock clean
.DEFAULT_GOAL := help

help: ## What can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Make the environment, or bring it up to date
	@scripts/setup

run: ## Start it all: server, relay and a sample kiosk (HTTPS=1 to serve HTTPS, OPTIONS="…" for more)
	@scripts/setup
	@.venv/bin/tawasul demo $(if $(filter-out 0 no,$(HTTPS)),--https) $(OPTIONS)

test: ## Everything that CI runs
	@scripts/test

thorough: ## The same and more of it: every case where `make test` tries some of a kind
	@scripts/test --thorough

model: ## Check the model of the handshake against an attacker, and print what holds
	@scripts/install-test-packages
	@scripts/model

bench: ## Measure, and write docs/benchmarks.md
	@scripts/setup --tests
	@scripts/install-test-packages --bench
	@.venv/bin/python -m pytest -m bench tests/bench

bench-relay: ## Measure the relay beside coturn (TURNSERVER=path for another than Debian's), for docs/benchmarks.md
	@scripts/setup --tests
	@scripts/install-test-packages --bench
	@.venv/bin/python -m pytest -m bench tests/bench/test_bench_relay*.py

bench-media: ## Measure calls on bad lines for two minutes (FULL=1: all lines, an hour and a half, for docs/benchmarks.md)
	@scripts/install-test-packages --bench
	@scripts/setup --tests --benches
	@PYTHONPATH=tests .venv/bin/python -m support.bench_media $(if $(filter-out 0 no,$(FULL)),--full) $(OPTIONS)

matrix: ## Call across every pair of networks, and write docs/networks.md
	@scripts/setup --tests
	@scripts/install-test-packages
	@.venv/bin/python -m pytest -m matrix tests/networks

probe: ## Try hostile requests on our relay and on coturn, and write docs/relay-probe.md
	@scripts/setup --tests
	@scripts/install-test-packages
	@PYTHONPATH=tests .venv/bin/python -m support.probe_report

fuzz: ## Send a million packets at the relay's core (OPTIONS="--seed N" to repeat a run)
	@scripts/setup --tests
	@PYTHONPATH=tests .venv/bin/python -m support.fuzz_core $(OPTIONS)

soak: ## Make ten thousand allocations and floods, for docs/relay-probe.md, and a call of four hours in virtual time
	@scripts/setup --tests
	@.venv/bin/python -m pytest -m soak tests/integration/test_relay_soak.py tests/property/test_media_hours.py

lint: ## Style, types, floors
	@scripts/setup --tests
	@scripts/lint

lock: ## Write requirements/ anew from pyproject.toml
	@scripts/setup --tests
	@scripts/lock

clean: ## Remove what was made here, but never data (.tawasul/)
	@rm -rf .venv node_modules tawasul/web/static/vendor build dist *.egg-info \
		.mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
