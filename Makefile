# Everything a person does here is one of these words.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check install --quiet

.PHONY: help setup fmt check test full bench docs demo lock clean

help:  ## show these words
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  make %-6s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/core: requirements/core.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
	  || { echo "guilder needs Python 3.11, 3.12 or 3.13; name one: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 2; }
	@echo "building $(VENV) ($$($(PYTHON) --version))"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) --require-hashes --only-binary :all: -r requirements/core.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev: $(VENV)/core requirements/dev.txt
	@$(PIP) --require-hashes --only-binary :all: -r requirements/dev.txt
	@touch $@

setup: $(VENV)/dev  ## build the environment for development

$(VENV)/bench: $(VENV)/dev requirements/bench.txt
	@$(PIP) --require-hashes -r requirements/bench.txt
	@touch $@

fmt: $(VENV)/dev  ## sort imports and mend what a tool can mend
	$(BIN)/ruff check --fix-only --quiet .

check: $(VENV)/dev  ## style, types and floors
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: $(VENV)/dev  ## the tests, a few minutes on two cores
	$(BIN)/python -m pytest -n 2 --dist loadfile -q

full: $(VENV)/bench  ## the tests, the slow ones, every oracle and Spark too
	@$(PIP) --require-hashes -r requirements/spark.txt
	$(BIN)/python -m pytest -n 2 --dist loadfile -q -m "slow or not slow" --hypothesis-profile thorough

bench: $(VENV)/bench  ## figures and speeds, each beside a named alternative
	$(BIN)/python -m benchmarks

docs: $(VENV)/dev  ## write docs/reference.md from the commands themselves
	$(BIN)/python -m docs

demo: $(VENV)/core  ## make up a bank, train, publish, and write the report
	@$(BIN)/guilder demo demo

lock: $(VENV)/core  ## make the hash-locked requirement files anew
	@$(PIP) "uv>=0.7"
	$(BIN)/python requirements/lock.py

clean:  ## remove what the other words made
	rm -rf $(VENV) demo .cache
