# make run    the window on the demonstration book (without a display: its report in out/)
# make test   the whole suite, on SQLite and PostgreSQL
# Both set up everything they need first; a second run is quick. `make help` lists the rest.

VENV := .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
STAMPS := $(VENV)/.stamps
PO := resources/translations/zh/LC_MESSAGES/zhaoshang.po
MO := $(PO:.po=.mo)
SUPPORTED := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 13))
PYTHON ?= $(shell for name in python3.11 python3.12 python3 python; do \
	$$name -c "$(SUPPORTED)" >/dev/null 2>&1 && echo $$name && break; done)

# Nothing may be written into the home: it can be empty, read-only, or somebody else's.
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1
export PYTHONUTF8 := 1
export MYPY_CACHE_DIR := .mypy_cache

.PHONY: help run test check lint layout types walls sentences bench shots setup translations lock wheel clean
.DEFAULT_GOAL := help

help:
	@sed -n '1,3s/^# //p' Makefile
	@echo "make check         ruff, mypy, import contracts, translations"
	@echo "make bench         our times beside the limits and the peers"
	@echo "make shots         every page as a picture, in out/shots"
	@echo "make translations  sentences of the code into the catalogue"
	@echo "make lock          requirements.lock again from pyproject.toml"
	@echo "make wheel         dist/*.whl, with translations and fonts"
	@echo "make clean         removes what was made, keeps .venv"

run: setup
	@$(BIN)/python installer/start.py

test: setup
	@$(BIN)/python -m pytest -n auto --dist worksteal $(ARGS)

# `make -k check` goes on to the next of them after one that failed.
check: lint layout types walls sentences

lint: setup
	@$(BIN)/ruff check --output-format concise .

layout: setup
	@$(BIN)/ruff format --check --output-format concise . || { echo "to mend it: $(BIN)/ruff format ."; exit 1; }

types: setup
	@$(BIN)/mypy

walls: setup
	@$(BIN)/lint-imports --cache-dir .import_linter_cache

sentences: setup
	@$(BIN)/python -m tests.translations

bench: setup
	@$(BIN)/python -m tests.bench $(ARGS)

shots: setup out/demo.zsb
	@QT_QPA_PLATFORM=$${QT_QPA_PLATFORM-offscreen} $(BIN)/python -m desktop shots out/demo.zsb --out out/shots $(ARGS)

out/demo.zsb: | setup
	@mkdir -p out
	@$(BIN)/python -m desktop demo $@

translations: setup
	@$(BIN)/python -m tests.translations --update

wheel: setup
	@$(BIN)/python -m build --wheel --no-isolation

# The steps of set-up leave a stamp each, so that a second run has nothing to do.
setup: $(STAMPS)/installed $(STAMPS)/fonts $(STAMPS)/system $(MO)

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or 3.12 is needed, and there is none on the path."; exit 3; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); $(PYTHON) installer/system.py python3-venv && $(PYTHON) -m venv $(VENV); }

$(STAMPS)/installed: requirements.lock pyproject.toml | $(BIN)/python
	@mkdir -p $(STAMPS)
	@echo "setup: installing what requirements.lock names"
	@$(BIN)/python -m pip install --quiet --no-cache-dir --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(STAMPS)/fonts: installer/fonts.py | $(BIN)/python
	@mkdir -p $(STAMPS)
	@if $(BIN)/python installer/fonts.py; then touch $@; fi

$(STAMPS)/system: installer/system.py | $(BIN)/python
	@mkdir -p $(STAMPS)
	@if $(BIN)/python installer/system.py; then touch $@; fi

$(MO): $(PO) | $(STAMPS)/installed
	@$(BIN)/pybabel --quiet compile --use-fuzzy -i $(PO) -o $@

# A resolver that reads no machine's settings, so that no address and no local limit gets into the lock;
# --universal keeps the wheels of x86-64, arm64 and Windows in one file.
UV := build/uv/bin/uv
lock: $(UV)
	@$(UV) pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-emit-find-links --no-config --no-header --no-annotate --quiet --cache-dir build/uv-cache -o requirements.lock

$(UV): | $(BIN)/python
	@$(BIN)/python -m pip install --quiet --no-cache-dir --target build/uv uv==0.13.9

clean:
	@rm -rf out build dist .coverage .hypothesis .pytest_cache .mypy_cache .ruff_cache .import_linter_cache $(MO)
	@find db desktop tests installer -name __pycache__ -type d -prune -exec rm -rf {} +
