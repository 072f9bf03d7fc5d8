# The commands of the project; each does the set-up that it needs first.
PYTHON ?= python3
VENV := .venv/bin
# caldav's dependency urllib3-future overwrites urllib3 when it is installed, unless this is set.
export URLLIB3_NO_OVERRIDE := 1
JOBS ?= 4

.PHONY: setup run test bench lint translations
.DEFAULT_GOAL := run

define set-up
@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is needed (Debian: apt install python3 python3-venv)"; exit 1; }
@$(PYTHON) -m scripts.setup $(1)
endef

# Environment and packages, those for developers included.
setup:
	$(call set-up,dev)

# Everything in one terminal, on http://localhost:8000; Ctrl-C stops it.
run:
	$(call set-up,run)
	@exec $(VENV)/python -m scripts.run

# Every check and every test, those in a real browser and on a real PostgreSQL included.
test:
	$(call set-up,test)
	@$(MAKE) --no-print-directory check
	$(VENV)/python -m pytest -n $(JOBS) --dist loadgroup

# The same, with every sample and page looked at in each scheme and width.
.PHONY: test-all
test-all: export THOROUGH := 1
test-all: test

lint:
	$(call set-up,dev)
	@$(MAKE) --no-print-directory check

.PHONY: check
check:
	$(VENV)/ruff check .
	$(VENV)/mypy
	$(VENV)/bandit -q -ll -c pyproject.toml -r app scripts

bench:
	$(call set-up,dev)
	$(VENV)/python -m bench.slots
	$(VENV)/python -m bench.sync
	$(VENV)/python -m bench.feeds
	$(VENV)/python -m bench.chat
	$(VENV)/python -m bench.sign_in
	$(VENV)/python -m bench.admin

# Collects the texts of pages and code into the catalogues; run it after changing a text, then translate.
translations:
	$(call set-up,dev)
	$(VENV)/pybabel -q extract -F babel.cfg --no-location --sort-output --no-wrap -k _l -k lazy_gettext -o .venv/messages.pot .
	$(VENV)/pybabel -q update -i .venv/messages.pot -d app/translations --no-fuzzy-matching --no-wrap --ignore-obsolete
	$(VENV)/pybabel compile -d app/translations
