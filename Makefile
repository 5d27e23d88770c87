# Flipside's commands. `make` alone lists them.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
LOCK := uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --quiet

.DEFAULT_GOAL := help
.PHONY: help setup demo run test quick soak check lock

help:  ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(STAMP)  ## create .venv and install everything, as locked

demo: $(STAMP)  ## try Flipside in a browser: http://127.0.0.1:8017, no account needed
	@$(BIN)/flipside demo

run: $(STAMP)  ## start the bot with the settings of the environment and .env
	@$(BIN)/flipside run

# Where Python is told to keep no compiled files, each worker and each process that a test starts compiles all of them.
test quick soak: export PYTHONDONTWRITEBYTECODE =

test: $(STAMP)  ## run the whole test suite
	@$(BIN)/python -m pytest -n auto --dist worksteal

quick: $(STAMP)  ## run the tests that need no browser, no PostgreSQL and no patience
	@$(BIN)/python -m pytest -n auto --dist worksteal -m "not slow"

soak: $(STAMP)  ## the long run of the guarantees: hundreds of kills, thousands of lives, a simulated year
	@$(BIN)/python -m tests.guarantees.soak

check: $(STAMP)  ## ruff, mypy --strict, import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

lock: $(STAMP)  ## resolve pyproject.toml again into the requirements files
	$(BIN)/$(LOCK) --output-file requirements.txt
	$(BIN)/$(LOCK) --extra dev --constraint requirements.txt --output-file requirements-dev.txt
	$(BIN)/$(LOCK) --extra bench --constraint requirements.txt --output-file requirements-bench.txt

# One environment for using and for developing. The stamp is written last, so a broken set-up starts again.
$(STAMP): requirements-dev.txt pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "Flipside needs Python 3.11 or newer; '$(PYTHON)' was not found."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Flipside needs Python 3.11 or newer; this is $$($(PYTHON) --version). Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "This Python cannot make environments. On Debian or Ubuntu: apt-get install python3-venv"; exit 1; }
	@echo "Setting up .venv (once, a minute or two) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
