# Two commands matter: `make run` and `make test`. Both set everything up by themselves.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PEERS := .venv-peers
NODE_PEERS := tests/peers/slack/node_modules/.peers tests/peers/teams/node_modules/.peers
# Modules are compiled when they are first imported: most of what is installed never is. The lock files are complete, so
# nothing has to be resolved.
PIP := -m pip --disable-pip-version-check --quiet install --no-deps
LOCKED := --no-compile --require-hashes
# Images often set it. Each process that the tests start would then compile all that it imports again, which takes longer
# than all else that it does.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test tests lint format types imports bench chaos load fuzz talks pictures lock browser clean

run: $(VENV)/.run
	$(BIN)/trust-recover serve $(if $(PORT),--port $(PORT))

# Side by side, for much of each is waiting: for packages, for processes that start, for what the tests wait to see.
test: $(VENV)/.dev
	@$(MAKE) --no-print-directory --jobs=4 types tests

tests: $(NODE_PEERS) browser lint imports
	$(BIN)/pytest -n 2 --dist worksteal

lint: $(VENV)/.dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: $(VENV)/.dev
	$(BIN)/mypy

imports: $(VENV)/.dev
	$(BIN)/lint-imports

format: $(VENV)/.dev
	$(BIN)/ruff check --fix-only --quiet
	$(BIN)/ruff format

# Every property test with many random examples, the engine under 102,000 random recoveries; half an hour on two cores.
# The seed is printed: `make fuzz SEED=…` tries the same examples again.
ifndef SEED
SEED := $(shell od -An -N4 -tu4 /dev/urandom | tr -d ' ')
endif
fuzz: $(VENV)/.dev $(NODE_PEERS)
	@echo 'The same again: make fuzz SEED=$(SEED)'
	$(BIN)/pytest -m hypothesis -n 2 --dist worksteal --hypothesis-profile fuzz --hypothesis-seed $(SEED) --timeout 0

# Whole talks with ten angry clients, on all three platforms; `make test` plays three of them.
talks: $(VENV)/.dev $(NODE_PEERS)
	TRUST_RECOVER_ALL_TALKS=1 $(BIN)/pytest tests/adapters/parity/test_parity.py tests/flows/test_talks.py -n 2

# Two workers on each database, killed again and again under load; then with clocks that are set, a full disk, a read-only
# database, and a standby that takes over. A few minutes.
chaos: $(VENV)/.dev
	$(BIN)/python -m tests.concurrency --kills 60 --strikes 20

# How long an honest person waits beside 2,200 connections of strangers and guesses at full speed; two minutes.
load: $(VENV)/.dev
	$(BIN)/python -m tests.load

# Speed as ratios against peers in one run; writes build/bench.json.
bench: $(VENV)/.dev $(PEERS)/.peers $(NODE_PEERS)
	$(BIN)/python -m tests.bench

# The README's pictures, from the real page.
pictures: $(VENV)/.dev $(NODE_PEERS) browser
	$(BIN)/python -m tests.pictures

browser: $(VENV)/.dev
	@$(BIN)/python -m tests.browser

lock:
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	    --group build pyproject.toml -o requirements/run.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	    --group dev pyproject.toml -c requirements/run.txt -o requirements/dev.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	    --group peers -o requirements/peers.txt

clean:
	rm -rf $(VENV) $(PEERS) $(dir $(NODE_PEERS)) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "trust-recover needs Python 3.11 or later; try make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: $(BIN)/python requirements/run.txt pyproject.toml
	$(BIN)/python $(PIP) $(LOCKED) -r requirements/run.txt
	$(BIN)/python $(PIP) --no-build-isolation -e .
	@touch $@

# With all that `make run` needs, in the same versions.
$(VENV)/.dev: $(BIN)/python requirements/dev.txt pyproject.toml
	$(BIN)/python $(PIP) $(LOCKED) -r requirements/dev.txt
	$(BIN)/python $(PIP) --no-build-isolation -e .
	@touch $(VENV)/.run $@

$(PEERS)/.peers: requirements/peers.txt
	$(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/python $(PIP) $(LOCKED) -r requirements/peers.txt
	@touch $@

# Node comes in a wheel. `npm ci` empties the folder first, and the stamp with it.
$(NODE_PEERS): %/node_modules/.peers: $(VENV)/.dev %/package-lock.json
	$(BIN)/python -m tests.peers.node $*
	@touch $@
