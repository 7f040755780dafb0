# `make demo` and `make test` need Python 3.11 or newer and make; they set up all the rest.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
ARGS ?=
# Tests at a time; two are what a small machine bears next to the processes under test.
WORKERS ?= 2
# A chaos run: how many labels are wanted, and what draws customers, kills and faults.
ORDERS ?= 2000
SEED ?= 1
# A replay: how many conversations; the seed draws them and what befalls them.
CONVERSATIONS ?= 500
# A fuzz run: how many updates.
UPDATES ?= 100000
COOLDOWN = $(shell date -u -d '14 days ago' +%F 2>/dev/null || date -u -v-14d +%F)

BIN := .venv/bin
INSTALLED := .venv/.installed-from-requirements-dev
RIVALS := .venv/rivals/.installed-from-requirements-rivals
SOURCES := core models providers services tasks botapp webapp sandbox bootstrap.py celeryconfig.py wsgi.py

.PHONY: help demo demo-stop flask test cover check chaos replay fuzz bench format texts picture lock clean \
	setup rivals run-web run-bot run-worker run-buyer run-beat run-sandbox

help: ## Show what can be made
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: setup ## Start the whole shop with a sandbox world (ARGS=--detach: return when it is ready)
	@exec $(BIN)/python -m sandbox.up $(ARGS)

demo-stop: setup ## End the demo, whether it runs in the background or in another terminal
	@$(BIN)/python -m sandbox.up --stop $(ARGS)

flask: setup ## Run a command of the shop's, in the demo that runs if one does: ARGS="ledger verify"
	@if [ -f var/demo.env ]; then set -a; . ./var/demo.env; set +a; fi; $(BIN)/flask --app wsgi $(ARGS)

test: setup rivals ## Run the tests, or a part: ARGS="tests/contracts -q"
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile $(ARGS)

cover: setup rivals ## Run the tests and hold them to the coverage that is asked for
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --cov --cov-report=term $(ARGS)

check: setup ## Lint, formatting, types, direction of imports, security
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/bandit --quiet --configfile pyproject.toml --severity-level medium --recursive $(SOURCES)

chaos: setup ## Kill everything at random while customers buy, then compare all books (ORDERS=2000 SEED=1)
	@$(BIN)/python -m chaos --orders $(ORDERS) --seed $(SEED) $(ARGS)

replay: setup ## Play conversations again while updates and the bot are disturbed (CONVERSATIONS=500 SEED=1)
	@$(BIN)/python -m tests.replay --conversations $(CONVERSATIONS) --seed $(SEED) $(ARGS)

fuzz: setup ## Have customers say whatever Telegram can bring, and what it can't (UPDATES=100000 SEED=1)
	@$(BIN)/python -m tests.fuzz --updates $(UPDATES) --seed $(SEED) $(ARGS)

bench: setup rivals ## Measure; one JSON object a line
	@$(BIN)/python -m benchmarks $(ARGS)

format: setup ## Put the code into its form
	@$(BIN)/ruff check --fix --exit-zero --quiet .
	@$(BIN)/ruff format .

texts: setup ## Collect what customers are told into the catalogues of their languages
	@$(BIN)/pybabel --quiet extract --no-location --sort-output --omit-header \
		-o $(LOCALES)/labeldesk.pot botapp
	@$(BIN)/pybabel --quiet update --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date \
		-D labeldesk -i $(LOCALES)/labeldesk.pot -d $(LOCALES)

LOCALES := botapp/locales

picture: setup ## Draw the bot's screens and where they lead into docs/conversation.md
	@$(BIN)/python -m botapp.picture

lock: setup ## Pin what the .in files ask for, nothing younger than two weeks
	@$(COMPILE) requirements.in -o requirements.txt
	@$(COMPILE) -c requirements.txt requirements-dev.in -o requirements-dev.txt
	@$(COMPILE) requirements-rivals.in -o requirements-rivals.txt

COMPILE = $(BIN)/uv pip compile --quiet --universal --no-strip-extras --python-version 3.11 \
	--generate-hashes --no-emit-index-url --exclude-newer $(COOLDOWN) --upgrade

run-web run-bot run-worker run-buyer run-beat run-sandbox: setup
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/honcho -e /dev/null start $(@:run-%=%)
run-web: ## Run one process with the settings of .env; likewise run-bot, -worker, -buyer, -beat

clean: ## Remove the demo's data and what tools have left; packages stay
	@if [ -x $(BIN)/python ]; then $(BIN)/python -m sandbox.up --stop; fi
	@rm -rf var .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage*
	@find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +

setup: $(INSTALLED)

rivals: $(RIVALS) ## Install what the bot's speed is compared with

$(RIVALS): requirements-rivals.txt $(INSTALLED)
	@$(BIN)/uv venv --quiet --clear --python $(BIN)/python .venv/rivals
	@$(BIN)/uv pip install --quiet --require-hashes --python .venv/rivals/bin/python \
		-r requirements-rivals.txt
	@touch $@

$(INSTALLED): requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Python 3.11 or newer is needed; $(PYTHON) is $$($(PYTHON) -V 2>&1 || true)." \
			"Name another: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	@[ -x $(BIN)/pip ] || $(PYTHON) -m venv .venv >/dev/null 2>&1 || { \
		echo "Python can't make a virtual environment here: apt-get install python3-venv" >&2; exit 1; }
	@echo "Installing packages (about a minute; again only when others are needed) …"
	@$(BIN)/pip install --disable-pip-version-check --require-hashes -r requirements-dev.txt \
		| awk -v all="$$(grep -c '^[a-z0-9].*==' requirements-dev.txt)" \
			'/^(Collecting|Processing|Ignoring|Requirement already) / {printf "\r  %d of %d", ++n, all; fflush()} \
			/^Installing/ {printf ", unpacking …"; fflush()} END {print ""}'
	@touch $@
