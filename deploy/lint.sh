#!/usr/bin/env bash
# Everything that is checked without running the application.
set -euo pipefail
cd "$(dirname "$0")/.."
step() { echo; echo "== $*"; }

step "style (ruff)"
.venv/bin/ruff check .
.venv/bin/ruff format --check .
step "types (mypy)"
.venv/bin/mypy
step "import order (import-linter)"
.venv/bin/lint-imports
step "migrations are complete"
.venv/bin/python manage.py makemigrations --check --dry-run
