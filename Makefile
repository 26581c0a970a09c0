# The daily commands. `make help` lists them; CONTRIBUTING.md explains them.
SHELL := /bin/bash
PYTHON ?= python3.11
PY := .venv/bin/python
export PORT ?= 8000

.DEFAULT_GOAL := help
.PHONY: help run setup test lint format messages bench fuzz openapi lock clean venv assets

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' Makefile

run: venv assets ## set up what is missing and start everything at http://127.0.0.1:8000 (PORT=… overrides)
	@exec $(PY) -m deploy.run_local

setup: venv assets ## set up alone: environment, translations, static files, database
	@exec $(PY) manage.py prepare

test: venv assets ## the whole test suite (ARGS=… goes to pytest)
	@echo "tests: starting (browser tests are named as skipped where no Chromium is found)"
	@exec $(PY) -m pytest $(ARGS)

lint: venv ## style, types, import order, missing migrations
	@deploy/lint.sh

format: venv ## put all code into the one style
	@$(PY) -m ruff check --fix-only .
	@$(PY) -m ruff format .

messages: venv ## compile the translations after editing a .po file
	@$(PY) -m deploy.assets --messages

bench: venv assets ## the table of benchmarks at 100,000 tickets (ARGS=… goes to it)
	@exec $(PY) -m benchmarks $(ARGS)

fuzz: venv assets ## whatever the document of the API allows, and what not, as each role (ARGS="--examples 50 --seconds 3600")
	@exec $(PY) -m pytest -n0 -s tests/fuzz/fuzz_api.py $(ARGS)

openapi: venv ## accept the present document of the API (ARGS=--breaking for one that breaks callers)
	@$(PY) -m deploy.openapi --write $(ARGS)

lock: venv ## write requirements*.txt anew from pyproject.toml
	@deploy/lock.sh

clean: ## forget the environment, the local databases and all that was built
	@$(PYTHON) -m deploy.clean

venv:
	@deploy/environment.sh "$(PYTHON)"

assets:
	@$(PY) -m deploy.assets
