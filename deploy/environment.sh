#!/usr/bin/env bash
# Makes .venv from the locked, hashed requirements; does nothing when they have not changed.
set -euo pipefail
cd "$(dirname "$0")/.."

python=${1:-python3.11}
stamp=.venv/.tuntas-requirements
lock=requirements-dev.txt

if ! command -v "$python" >/dev/null || ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "Python 3.11 is needed, and '$python' is not it. Name another one: make PYTHON=/path/to/python3.11" >&2
    exit 1
fi

# The version and place of the interpreter belong to the stamp: an environment does not survive
# a change of either, nor a move of the checkout.
wanted=$({ "$python" -c 'import sys; print(sys.version, sys.base_prefix)'; pwd; cat "$lock"; } | sha256sum)
if [[ -x .venv/bin/python && -f $stamp && $(<"$stamp") == "$wanted" ]]; then
    exit 0
fi

if [[ ! -x .venv/bin/python || ! -f $stamp ]] || ! .venv/bin/python -c 'import sys' 2>/dev/null; then
    echo "set-up: creating the virtual environment .venv"
    "$python" -m venv --clear .venv || {
        echo "'$python -m venv' failed (on Debian: apt-get install python3.11-venv)." >&2
        exit 1
    }
fi
rm -f "$stamp"

# uv installs the same hashed files in a tenth of pip's time; pip does where uv cannot.
echo "set-up: installing $(grep -c '==' "$lock") locked packages (first time: up to a few minutes)"
uv_lock=.venv/.tuntas-uv
awk '/^uv==/{print; on=1; next} on&&/^ +--hash/{print; next} {on=0}' "$lock" >"$uv_lock"
.venv/bin/python -m pip --version >/dev/null 2>&1 || .venv/bin/python -m ensurepip >/dev/null
if .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$uv_lock" &&
    .venv/bin/uv pip sync --system-certs --require-hashes --python .venv/bin/python "$lock"; then
    :
else
    echo "set-up: uv could not install them, going on with pip"
    .venv/bin/python -m pip install --disable-pip-version-check --require-hashes --progress-bar off -r "$lock"
fi
echo "$wanted" >"$stamp"
