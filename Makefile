# The commands of this program. `make` alone lists them.
# Settings go behind the command, such as: make run PORT=8001 DATA_DIR=/srv/csan

PYTHON := .venv/bin/python
PYTHONS := python3 python3.13 python3.12 python3.11 python3.14
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/django.po))
# What `check --deploy` and the search for missing migrations are run with: the settings that the example shows.
PRODUCTION := set -a; . deploy/.env.example; set +a; \
  SECRET_KEY=only-for-checking-0123456789-abcdefghijklmnopqrstuvwxyz; HASH_KEY=$$SECRET_KEY; export SECRET_KEY HASH_KEY;

# One worker a core; each takes the next test, in the order of tests/ordering.py.
WORKERS := -n logical --maxprocesses 8 --dist loadgroup --no-loadscope-reorder

.PHONY: help run test coverage lint format bench gallery lighthouse sizes local dev
.DELETE_ON_ERROR:

help:
	@echo "make run         the whole program on this machine"
	@echo "make test        every test; ARGS='tests/members -x' narrows it"
	@echo "make coverage    the same, and which lines and branches they miss; slower by a third"
	@echo "make lint        format, lint, types, import rules, templates, migrations, deployment"
	@echo "make format      puts the code in shape"
	@echo "make bench       measures how fast it is"
	@echo "make lighthouse  scores of the main pages on a slow phone"
	@echo "make sizes       how much a first visit to them transfers"
	@echo "make gallery     pictures of every page and letter; FOLDER=… ARGS='--only petition --width 390' narrows it"

# `exec`, so that the program is make's own child and hears what make is told.
run: local
	@exec $(PYTHON) -m csan.local

test: dev
	@$(PYTHON) -m pytest $(WORKERS) $(ARGS)

coverage: dev
	@$(PYTHON) -m pytest $(WORKERS) --cov --cov-branch $(ARGS)

lint: dev
	$(PYTHON) -m ruff format --quiet --check .
	$(PYTHON) -m ruff check --quiet .
	@$(PRODUCTION) $(PYTHON) -m mypy
	.venv/bin/lint-imports --no-logo
	$(PYTHON) -m djhtml --tabwidth 2 --check templates
	@find templates -name '*.html' | xargs .venv/bin/djade --target-version 5.2 --check
	@$(PRODUCTION) $(PYTHON) -W ignore manage.py makemigrations --check --dry-run
	@$(PRODUCTION) $(PYTHON) manage.py check --deploy --fail-level WARNING

format: dev
	$(PYTHON) -m ruff check --quiet --fix-only .
	$(PYTHON) -m ruff format .
	$(PYTHON) -m djhtml --tabwidth 2 templates
	@find templates -name '*.html' | xargs .venv/bin/djade --target-version 5.2

bench: dev
	@$(PYTHON) -m tests.bench $(ARGS)

lighthouse: dev
	@$(PYTHON) -m tests.lighthouse

sizes: dev
	@$(PYTHON) -m tests.e2e.sizes

gallery: dev
	@$(PYTHON) -m tests.e2e.gallery $(or $(FOLDER),.data/gallery) $(ARGS)

# The packages of `make run`, and those of the other commands. The copy of the requirements, made last, says that all
# of them are there, so a second start costs nothing and a broken first one is begun again.
local:
	@cmp -s requirements-local.txt .venv/local.txt || { $(call install,local); }
	@$(MAKE) --no-print-directory --silent $(CATALOGUES) local-done

dev:
	@cmp -s requirements-dev.txt .venv/dev.txt || { $(call install,dev) && cp requirements-local.txt .venv/local.txt; }
	@$(MAKE) --no-print-directory --silent $(CATALOGUES) local-done

.PHONY: local-done
local-done: ;

%.mo: %.po
	@$(PYTHON) -m babel.messages.frontend --quiet compile --input-file $< --output-file $@

define install
$(venv) \
echo "Installing packages into .venv (only the first time)"; \
$(PYTHON) -m pip install -qq --disable-pip-version-check --no-input --require-hashes -r requirements-$(1).txt \
|| { echo "The packages could not be installed; what pip says stands above." >&2; exit 1; }; \
cp requirements-$(1).txt .venv/$(1).txt
endef

define venv
if ! $(PYTHON) -m pip --version >/dev/null 2>&1; then \
  found=; \
  for python in $(PYTHONS); do \
    $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { found=$$python; break; }; \
  done; \
  [ "$$found" ] || { echo "Python 3.11 or newer is needed and none is on the PATH; install it and try again." >&2; exit 1; }; \
  $$found -c 'import ensurepip, venv' 2>/dev/null \
  || { echo "$$found has no venv module; on Debian or Ubuntu: apt-get install python3-venv" >&2; exit 1; }; \
  $$found -m venv --clear .venv || { echo ".venv could not be made; what Python says stands above." >&2; exit 1; }; \
fi;
endef
