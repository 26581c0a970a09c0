"""Under which account a server runs. PostgreSQL refuses root, so root lends it the nobody account."""

from __future__ import annotations

import os
import stat
import subprocess
from pathlib import Path
from typing import TypedDict

NOBODY = 65534


class Account(TypedDict, total=False):
    """Keyword arguments for subprocess; empty where the invoking user runs the server itself."""

    user: int
    group: int
    extra_groups: list[int]


def is_root() -> bool:
    return os.geteuid() == 0


def postgres_account() -> Account:
    return Account(user=NOBODY, group=NOBODY, extra_groups=[]) if is_root() else Account()


def postgres_uid() -> int:
    return NOBODY if is_root() else os.geteuid()


def reachable(folder: Path) -> bool:
    """Whether PostgreSQL's account can enter the folder (root's home, for one, is closed to it)."""
    if not is_root():
        return os.access(folder, os.X_OK)
    probe = subprocess.run(
        ["/bin/sh", "-c", 'test -x "$0"', str(folder)],
        cwd="/",
        check=False,
        **postgres_account(),
    )
    return probe.returncode == 0


def own_private_folder(folder: Path, uid: int) -> None:
    """Makes a folder that only `uid` may enter; a folder of anybody else's is refused."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    facts = folder.lstat()
    if not stat.S_ISDIR(facts.st_mode):
        raise PermissionError(f"{folder} is not a folder")
    if facts.st_uid != uid:
        if not is_root() or facts.st_uid != 0:
            raise PermissionError(
                f"{folder} belongs to user {facts.st_uid}, not {uid}: "
                "run as its owner, or remove it if it is yours to lose"
            )
        os.chown(folder, uid, uid)
    folder.chmod(0o700)
