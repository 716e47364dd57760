# Everything a developer runs. `make` alone lists the targets.
# Another interpreter than python3: make install PYTHON=python3.12
# Steps timed on more records: make bench RECORDS=1000000

PYTHON ?= python3
RECORDS ?= 100000
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help install demo test test-long bench check format lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(STAMP) ## make .venv with the locked dependencies and this package; nothing to do if up to date

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "linker needs Python 3.11 or newer, which $(PYTHON) is not; try: make install PYTHON=python3.12" >&2; exit 2; }
	@$(PYTHON) -m venv $(VENV)

$(STAMP): requirements.lock pyproject.toml | $(BIN)/python
	@echo "installing the locked dependencies into $(VENV) (about a minute)"
	@$(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	@$(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: install ## generate 100,000 mentions, link them, look a target up
	@$(BIN)/python -m benchmarks.demo

test: install ## run the tests
	@$(BIN)/python -m pytest --numprocesses=auto --maxprocesses=4 --dist=worksteal $(ARGS)

test-long: install ## look for hours where `make test` looks for seconds: nights in any order, killed runs, hostile queries
	@HYPOTHESIS_PROFILE=long $(BIN)/python -m pytest tests/test_order_independence.py tests/jobs/test_killed.py \
	  tests/service/test_hostile.py $(ARGS)

bench: install ## time each step by itself on RECORDS generated mentions
	@$(BIN)/python -m pytest benchmarks/micro --benchmark-enable --benchmark-min-rounds=3 --benchmark-sort=name \
	  --benchmark-columns=min,median,max,rounds --records=$(RECORDS) $(ARGS)

check: install ## formatting, lint, types, import rules
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy --strict
	$(BIN)/lint-imports --no-logo

format: install ## format, and fix what lint can fix
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: install ## pin the dependencies anew; newest versions with ARGS=--upgrade
	@$(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check 'uv>=0.9,<1'
	@$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --fork-strategy fewest \
	  --generate-hashes --no-emit-index-url --custom-compile-command "make lock" --output-file requirements.lock \
	  --quiet $(ARGS)

clean: ## remove the environment, caches and everything generated
	rm -rf $(VENV) var build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .benchmarks
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
