#!/usr/bin/env bash
# Everything that is checked without running the application; all of it, then the verdict.
set -uo pipefail
cd "$(dirname "$0")/.."
failed=()
step() {
    local name=$1
    shift
    echo "== $name"
    "$@" || failed+=("$name")
    echo
}

step "style (ruff)" .venv/bin/ruff check .
step "format (ruff)" .venv/bin/ruff format --check .
step "types (mypy)" .venv/bin/mypy
step "import order (import-linter)" .venv/bin/lint-imports
step "migrations are complete" .venv/bin/python manage.py makemigrations --check --dry-run
step "the document of the API is the accepted one" .venv/bin/python -m deploy.openapi

if ((${#failed[@]})); then
    printf 'lint: failed: %s\n' "${failed[@]}" >&2
    exit 1
fi
echo "lint: all well"
