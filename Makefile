# make install | run | test | check | soak       the rest: serve fix messages clean
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
APERTURA_DATA ?= var
export APERTURA_DATA
# Compiled once, not at each start and by each test process, also where an image forbids it.
unexport PYTHONDONTWRITEBYTECODE

# Stamps are named after the contents they stand for: a fresh clone, a switched branch or a touched file costs nothing.
sum = $(shell cat $(1) | sha256sum | cut -c1-12)
RUNTIME := $(VENV)/.runtime-$(call sum,requirements.txt)
TOOLS := $(VENV)/.tools-$(call sum,requirements.txt tests/requirements.txt)
FONT := static/fonts/newsreader.woff2
CATALOGUES := $(wildcard crowd/translations/*/LC_MESSAGES/messages.po)
PYTHON ?= $(firstword $(foreach name,python3.11 python3.12 python3.13 python3.14 python3 python,$(shell \
	$(name) -c 'import sys, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $(name))))

# The same order and the same draws each time: no run goes red by chance; the soak draws anew.
PYTEST := $(BIN)/python -m pytest -n 2 --randomly-seed 20261130
LATIN := U+0020-007E,U+00A0-017F,U+0192,U+0218-021B,U+2010-2026,U+2032,U+2033,U+2039,U+203A,U+20AC,U+2190-2193,U+2212

.PHONY: help install run serve test check soak fix messages clean chromium

help:
	@echo "make install   the virtualenv, the title font, the translations"
	@echo "make run       install, fill the demo and serve it"
	@echo "make test      all tests: once on SQLite, then those that could fail on PostgreSQL (see tests/conftest.py)"
	@echo "make check     format, lint, types, layers, templates, migrations"
	@echo "make soak      long fuzzing, faults and large sizes"
	@echo "make fix       let the formatter and the linter mend what they can"
	@echo "make messages  collect texts and update the catalogues"

install: $(RUNTIME) $(FONT) $(CATALOGUES:.po=.mo)

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer (with venv) is needed; name it with PYTHON=…" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(RUNTIME): | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(TOOLS): $(RUNTIME)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r tests/requirements.txt
	@touch $@

# One weight at a size for titles, Latin letters only: 27 kB.
$(FONT): | $(RUNTIME)
	@mkdir -p $(@D)
	$(BIN)/fonttools varLib.instancer \
		"$$($(BIN)/python -c 'from importlib.resources import files; print(files("fontpkg_newsreader") / "files/Newsreader[opsz,wght].ttf")')" \
		opsz=36 wght=500 --quiet --output $(@D)/title.ttf
	$(BIN)/pyftsubset $(@D)/title.ttf --unicodes=$(LATIN) --layout-features=kern,liga,calt,ccmp,locl,mark,lnum,tnum \
		--flavor=woff2 --output-file=$@
	@rm $(@D)/title.ttf

%.mo: %.po | $(RUNTIME)
	$(BIN)/pybabel --quiet compile --input-file $< --output-file $@

run: export APERTURA_DEMO = 1
run: install
	exec $(BIN)/flask serve --prepare

serve: install
	exec $(BIN)/flask serve --prepare

# The shell is the same engine without windows: a third less work.
chromium:
	@if command -v chromium-headless-shell >/dev/null || command -v chromium >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -qq && { \
			apt-get install -qq --yes --no-install-recommends chromium-headless-shell fonts-liberation || \
			apt-get install -qq --yes --no-install-recommends chromium fonts-liberation; } >/dev/null; \
	else echo "Chromium is not installed and we may not install it: the browser tests will be skipped"; fi

test: install $(TOOLS) chromium
	TEST_BACKEND=sqlite $(PYTEST)
	TEST_BACKEND=postgresql $(PYTEST) --ignore=tests/core --ignore=tests/browser --ignore=tests/architecture

soak: install $(TOOLS) chromium
	TEST_BACKEND=sqlite $(BIN)/python -m pytest -m soak --hypothesis-profile soak --timeout 1800
	TEST_BACKEND=postgresql $(BIN)/python -m pytest -m soak --hypothesis-profile soak --timeout 1800 --ignore=tests/core --ignore=tests/browser

check: install $(TOOLS)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/djlint --lint --quiet templates
	@scratch=$$(mktemp -d); trap 'rm -r $$scratch' EXIT; export APERTURA_DATA=$$scratch; \
		$(BIN)/flask db upgrade && $(BIN)/flask db check

fix: $(TOOLS)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

messages: $(TOOLS)
	@mkdir -p crowd/translations
	$(BIN)/pybabel --quiet extract --mapping pyproject.toml --keywords _l --add-comments i18n: --sort-output \
		--no-location --project Apertura --copyright-holder "the Apertura contributors" --output-file crowd/translations/messages.pot .
	@test -f crowd/translations/es/LC_MESSAGES/messages.po || $(BIN)/pybabel --quiet init \
		--input-file crowd/translations/messages.pot --output-dir crowd/translations --locale es
	$(BIN)/pybabel --quiet update --input-file crowd/translations/messages.pot --output-dir crowd/translations \
		--no-fuzzy-matching --ignore-obsolete

clean:
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache $(FONT) $(CATALOGUES:.po=.mo)
