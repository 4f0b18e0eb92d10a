# Everything happens in .venv and in one data folder; nothing is installed system-wide, except Chromium for `make test` as root.
export PIP_DISABLE_PIP_VERSION_CHECK := 1
VENV := .venv
PYTHON ?= python3
BATON := $(VENV)/bin/baton
UV := 0.13.9
DEMO_ARGS ?=
TEST_ARGS ?=
# Two workers: one has whatever starts whole stacks, the other all the rest (tests/support/workers.py).
WORKERS ?= -n 2 --dist loadscope --no-loadscope-reorder
.DEFAULT_GOAL := help
.PHONY: help demo test chaos soak bench lint lock up down clean $(VENV) browser

help:  ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | while IFS="$$(printf '\t')" read -r name text; do printf '  make %-8s %s\n' "$$name" "$$text"; done

demo: $(VENV)/.ok  ## walk a whole set of hires from application to day 90, compressed; KEEP=1 leaves it running
	$(BATON) demo $(if $(KEEP),--keep) $(DEMO_ARGS)

test: $(VENV)/.ok browser  ## run every test, real servers included
	$(VENV)/bin/python -m pytest $(WORKERS) $(TEST_ARGS)

chaos: $(VENV)/.ok  ## kill each process in turn under 50 hires; the outcome must be the same
	$(VENV)/bin/python -m tests.chaos $(CHAOS_ARGS)

soak: $(VENV)/.ok  ## every test with its long counts (500 kills, 500 interleavings): BATON_SOAK=1
	BATON_SOAK=1 $(VENV)/bin/python -m pytest -m 'soak or not soak' $(TEST_ARGS)

bench: $(VENV)/.ok  ## measure events, hire steps, messages, slot search, pages and 10,000 messages due at once (about 5 min on two quiet cores)
	$(VENV)/bin/python -m tests.bench $(BENCH_ARGS)

lint: $(VENV)/.ok  ## style, types, imports
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy shared services workflows deploy

up: $(VENV)/.ok  ## start the local stack in the background
	$(BATON) up

down: $(VENV)/.ok  ## stop it
	$(BATON) down

lock: $(VENV)/.ok  ## resolve pyproject.toml again into requirements.lock
	VIRTUAL_ENV=$(CURDIR)/$(VENV) $(VENV)/bin/uv pip compile -q pyproject.toml --extra local --extra test --generate-hashes --no-header --no-annotate --universal --python-version 3.11 -o requirements.lock

clean:  ## remove the environment and caches; the data folder stays
	rm -rf $(VENV) build *.egg-info .pytest_cache .ruff_cache .mypy_cache .hypothesis .import_linter_cache

$(VENV): $(VENV)/.ok

# Compiled once here, not by each of a dozen processes at every start. uv installs in seconds what takes pip minutes; pip is the fall-back. Nothing is resolved here: the lock decides.
$(VENV)/.ok: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Baton needs Python 3.11 or newer; name one with PYTHON=..."; exit 1; }
	test -x $(VENV)/bin/python || $(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -c 'import uv' 2>/dev/null || $(VENV)/bin/pip install -q uv==$(UV) || echo "uv could not be installed; pip does it, slower"
	VIRTUAL_ENV=$(CURDIR)/$(VENV) $(VENV)/bin/uv pip install -q --system-certs --compile-bytecode --require-hashes -r requirements.lock \
	  || $(VENV)/bin/pip install -q --no-deps --require-hashes -r requirements.lock
	$(VENV)/bin/pip install -q --no-deps --no-build-isolation -e .
	$(VENV)/bin/python -m compileall -q -j 0 shared services workflows deploy
	touch $@

# Page tests need a real browser; a missing one is a failure, never a skipped test.
browser:
	@for name in chromium chromium-browser google-chrome; do command -v $$name >/dev/null && exit 0; done; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing Chromium for the page tests"; \
	  (apt-get install -y -qq --no-install-recommends chromium || (apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium)) >/dev/null; \
	else \
	  echo "The page tests need Chromium. Install it, for instance with: sudo apt-get install chromium"; exit 1; \
	fi
