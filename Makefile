# The commands of this project. `make` alone prints them.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMPS := .stamps
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.DEFAULT_GOAL := help
.PHONY: help run test check proof bench translations clean

help: ## Print this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-14s %s\n", $$1, $$2 }'

$(STAMPS)/venv:
	@mkdir -p $(STAMPS)
	@echo "· making $(VENV)"
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Cotutelle needs Python 3.11 or newer.")'
	@$(PYTHON) -m venv $(VENV) >/dev/null 2>&1 || ( rm -rf $(VENV) $(STAMPS)/virtualenv; \
	  $(PYTHON) -m pip install --quiet --root-user-action=ignore --target $(STAMPS)/virtualenv virtualenv && \
	  PYTHONPATH=$(STAMPS)/virtualenv $(PYTHON) -m virtualenv --quiet $(VENV) ) || \
	  ( echo "No virtual environment can be made. On Debian: apt-get install python3-venv (or python3-pip)"; exit 1 )
	@touch $@

$(STAMPS)/run: $(STAMPS)/venv requirements.lock pyproject.toml hatch_build.py
	@echo "· installing what the application needs"
	@$(BIN)/pip install --quiet --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --no-deps --editable .
	@touch $@

$(STAMPS)/dev: $(STAMPS)/run requirements-dev.lock
	@echo "· installing what the tests need"
	@$(BIN)/pip install --quiet --require-hashes -r requirements-dev.lock
	@touch $@

$(STAMPS)/translations: $(wildcard cotutelle/translations/*/LC_MESSAGES/messages.po) | $(STAMPS)/run
	@$(BIN)/pybabel --quiet compile -d cotutelle/translations 2>/dev/null
	@touch $@

translations: $(STAMPS)/dev ## Bring the catalogues up to date with the code
	@$(BIN)/pybabel --quiet extract -F pyproject.toml -k _l -k ngettext:1,2 --no-location --sort-output -o $(STAMPS)/messages.pot .
	@$(BIN)/pybabel --quiet update -i $(STAMPS)/messages.pot -d cotutelle/translations --no-fuzzy-matching --ignore-obsolete --width 100

run: $(STAMPS)/run $(STAMPS)/translations ## Start Cotutelle with its demonstration (installs what is missing)
	@$(BIN)/python -m cotutelle.serve

test: $(STAMPS)/dev $(STAMPS)/translations ## Every test, on SQLite and on PostgreSQL
	@$(BIN)/python -m pytest -n auto --dist loadfile $(ARGS)

check: $(STAMPS)/dev $(STAMPS)/translations ## Style, types, import contracts, catalogues
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo 2>/dev/null || $(BIN)/lint-imports
	@$(BIN)/python tests/catalogues.py

proof: $(STAMPS)/dev $(STAMPS)/translations ## Long programmes: the reference validator for documents
	@$(BIN)/python -m tests.proof $(if $(PART),--part $(PART),)

bench: $(STAMPS)/dev $(STAMPS)/translations ## How fast the rules answer, in CPU time, beside their aims
	@$(BIN)/python -m tests.bench

clean: ## Remove what was installed and cached; the data in instance/ stay
	rm -rf $(VENV) $(STAMPS) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
