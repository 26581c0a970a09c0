#!/usr/bin/env bash
# Writes the lock files from pyproject.toml: every package, every platform's hashes, no addresses.
set -euo pipefail
cd "$(dirname "$0")/.."
compile() {
    UV_CUSTOM_COMPILE_COMMAND="make lock" .venv/bin/uv pip compile pyproject.toml "$@" \
        --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-emit-find-links
}
compile --output-file requirements.txt
compile --extra dev --output-file requirements-dev.txt
