# Two commands matter: `make run` and `make test`. Both set up .venv first, from the committed locks.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet install --no-deps
PYTEST := $(BIN)/python -m pytest --dist loadfile
export DO_NOT_TRACK = 1

.PHONY: run test slow lint check schema lock clean help

help:           ## Say what there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

run: $(VENV)/.run   ## Set up, then watch the bundled news site once and show the alerts
	@$(BIN)/casewatch demo

test: $(VENV)/.dev  ## Set up, then run the test suite but for what takes minutes
	@$(PYTEST) --numprocesses 4 -m "not slow"  # two a core: many wait for a server of theirs

slow: $(VENV)/.dev  ## Run the tests that take minutes: real Prefect runs, kill -9, browsers
	@$(PYTEST) --numprocesses auto --maxprocesses 4 -m slow

lint: $(VENV)/.dev  ## Format, lint, types, import contracts
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

check: lint test slow  ## What CI runs

schema: $(VENV)/.run ## Write seeds/schema anew from the code
	@$(BIN)/python -c "from pathlib import Path; from extractors.registry import json_schemas; [Path('seeds/schema', name).write_text(text) for name, text in json_schemas().items()]"

lock:               ## Resolve the locks anew (needs uv); they hold hashes and no index host
	uv pip compile --quiet --generate-hashes --universal --python-version 3.11 --no-header --group build pyproject.toml -o requirements.lock
	uv pip compile --quiet --generate-hashes --universal --python-version 3.11 --no-header --group dev pyproject.toml -o requirements-dev.lock

clean:              ## Remove .venv, caches and the demo's files
	rm -rf $(VENV) var/demo build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# --no-deps: the lock is complete, and the old pip of Python 3.11 refuses hashes otherwise.
$(VENV)/bin/python:
	@echo "casewatch: making $(VENV)"
	@$(PYTHON) -c 'import sys; sys.exit("casewatch needs Python 3.11 or later, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "casewatch: installing packages (about a minute the first time)"
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	@echo "casewatch: installing the tools for tests and checks"
	@$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@
