"""Builds what the repository holds only as source: translations and static files.

`python -m deploy.assets` skips what has not changed; `--messages` compiles translations alone.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
STAMP = ROOT / "var" / "stamps" / "static"


def compile_messages() -> int:
    """Compiles every .po that is newer than its .mo; returns how many."""
    compiled = 0
    for source in sorted((ROOT / "locale").glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        half = target.with_suffix(".half")
        polib.pofile(str(source)).save_as_mofile(str(half))
        half.rename(target)
        print(f"set-up: translations of {source.relative_to(ROOT)}", flush=True)
        compiled += 1
    return compiled


def collect_static() -> bool:
    """Gathers, names by content and compresses the static files; False when none changed."""
    state = _static_state()
    if STAMP.exists() and STAMP.read_text() == state:
        return False
    print("set-up: static files", flush=True)
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput", "--clear", "--verbosity=0"],
        cwd=ROOT,
        env=os.environ | {"TUNTAS_MODE": "demo"},
        check=True,
    )
    STAMP.parent.mkdir(parents=True, exist_ok=True)
    STAMP.write_text(state)
    return True


def _static_state() -> str:
    """A digest of everything that the collected files follow from."""
    digest = hashlib.sha256((ROOT / "requirements.txt").read_bytes())
    for path in sorted((ROOT / "static").rglob("*")):
        if path.is_file():
            facts = path.stat()
            digest.update(f"{path}\0{facts.st_size}\0{facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def main() -> None:
    compile_messages()
    if "--messages" not in sys.argv[1:]:
        collect_static()


if __name__ == "__main__":
    main()
