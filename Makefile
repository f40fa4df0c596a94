# Everything a developer or a CI machine runs. Needs make, git, Python 3.11+ and Node 20.19+ (with npm).
#
#   make setup     the environment: .venv and js/node_modules
#   make test      everything that must hold before a commit
#   make unit      the fast suites: no socket, no browser
#   make demo      JupyterLab with the first notebook

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

PY_STAMP := $(VENV)/.installed
JS_STAMP := js/node_modules/.package-lock.json
MANIFEST := src/cowidget/static/manifest.json
# Folders are listed too: their time changes when a file in them goes away.
JS_SOURCES := $(shell find js/src 2>/dev/null) js/build.mjs js/tsconfig.json

PURE := $(wildcard tests/unit tests/wire tests/contracts tests/sim)
# In this order, which the options below keep: the longest first, so that nobody is left with one of them at the end.
REAL := $(wildcard tests/e2e tests/integration)

# pip keeps one core busy for a minute or two, so the other one does what can be done without Python's packages. What a
# target says is shown when it is done.
SIDE_BY_SIDE = test -e $(PY_STAMP) || echo "Setting up, which takes a minute or two"; \
  $(MAKE) --no-print-directory --jobs=2 $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)

# Where Python may not keep what it has compiled, each of the hundreds of relays and kernels compiles cowidget again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: setup build chromium check vitest test unit demo bench wheel clean

setup:
	+@$(SIDE_BY_SIDE) $(PY_STAMP) $(JS_STAMP)

build: $(MANIFEST)

chromium: $(PY_STAMP)
	@$(BIN)/python tests/support/chromium.py

check: $(PY_STAMP) $(JS_STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	cd js && npm run --silent lint
	cd js && npm run --silent types

vitest: $(JS_STAMP)
	cd js && npm run --silent test

# Real servers and browsers wait for each other now and then: four of these share two cores well.
test:
	+@$(SIDE_BY_SIDE) build chromium check vitest
	$(BIN)/pytest -n auto --dist loadfile $(PURE)
	$(BIN)/pytest -n 4 --dist loadfile --no-loadscope-reorder $(REAL)
	@echo "make test: everything passed"

unit:
	+@$(SIDE_BY_SIDE) $(PY_STAMP) vitest
	$(BIN)/pytest -n auto --dist loadfile $(PURE)

demo:
	+@$(SIDE_BY_SIDE) $(PY_STAMP) build
	$(BIN)/cowidget demo

bench: $(PY_STAMP) build
	COWIDGET_SKIP_JS=1 $(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[bench]'
	$(BIN)/python -m tests.load.bench

wheel: $(PY_STAMP) build
	$(BIN)/python -m build --outdir dist .

clean:
	rm -rf build dist htmlcov js/coverage src/cowidget/static .coverage .coverage.*
	rm -rf .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find src tests examples notebooks -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true

# --- what the targets rest on --------------------------------------------------------------------

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "cowidget needs Python 3.11 or newer, and $(PYTHON) is $$($(PYTHON) --version 2>/dev/null || echo missing):" \
	    "install it, or name another one with 'make PYTHON=/path/to/python3.12'." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "$(PYTHON) cannot make virtual environments:" \
	    "install its venv module (on Debian and Ubuntu the package python3-venv)." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(PY_STAMP): pyproject.toml hatch_build.py | $(BIN)/python
	COWIDGET_SKIP_JS=1 $(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test,dev,demo,proxy]'
	@touch $@

$(JS_STAMP): js/package.json js/package-lock.json
	@node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' 2>/dev/null || { \
	  echo "cowidget needs Node 20.19 or newer, and node is $$(node --version 2>/dev/null || echo missing):" \
	    "install it from https://nodejs.org or your package manager." >&2; exit 1; }
	@npm --version >/dev/null 2>&1 || { \
	  echo "cowidget needs npm, which belongs to Node, and npm is missing: install it." >&2; exit 1; }
	cd js && npm ci --no-audit --no-fund
	@touch $@

$(MANIFEST): $(JS_SOURCES) | $(JS_STAMP)
	cd js && npm run --silent build
