"""One PostgreSQL server in a folder of the checkout, reachable through a private socket alone."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from functools import cached_property
from pathlib import Path

from helpdesk.embedded import accounts, addresses, binaries, processes
from helpdesk.embedded.errors import EmbeddedServerError
from helpdesk.embedded.places import Place

START_SECONDS = 60.0
# For the test suite: its data may be lost at a power cut, so nothing waits for the disk. Commits
# stay synchronous: a killed server keeps every committed row, as in production.
_CARELESS = {
    "fsync": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}
_EIGHTH_OF_MEMORY_MB = max(
    128, min(1024, os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 8 // 2**20)
)
_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    # With its own 128 MB the indexes of a large house do not fit, and every write reads first.
    "shared_buffers": f"{_EIGHTH_OF_MEMORY_MB}MB",
    "max_wal_size": "2GB",
}


class Postgres:
    """durable=False is the test suite's: quick, and remade instead of repaired."""

    def __init__(self, place: Place, *, durable: bool = True) -> None:
        self.place = place
        self.durable = durable

    @property
    def url(self) -> str:
        return addresses.database_url(self.place)

    @property
    def data(self) -> Path:
        return self.place.data_for_postgres()

    @cached_property
    def _programs(self) -> Path:
        return binaries.postgres_folder(self.place)

    def ensure(self) -> None:
        if self.answers():
            return
        if pid := self.pid():
            if processes.wait_until(self.answers, START_SECONDS if self._recovering() else 5.0):
                return
            _stop(pid)
        self._prepare_data()
        accounts.own_private_folder(self.place.sockets, accounts.postgres_uid())
        self._forget_stranger()
        self._start()

    def stop(self) -> None:
        if pid := self.pid():
            _stop(pid)

    def answers(self) -> bool:
        return self._isready() == 0

    def _recovering(self) -> bool:
        return self._isready() == 1

    def _isready(self) -> int:
        """0 accepts connections, 1 is starting or recovering, 2 does not answer."""
        if not self.place.sockets.exists():
            return 2
        program = str(self._programs / "pg_isready")
        question = [program, "-q", "-h", str(self.place.sockets), "-d", "postgres"]
        return subprocess.run(question, cwd="/", env=_ENVIRONMENT, check=False).returncode

    def pid(self) -> int | None:
        """The server's process, if this folder's server runs; a stale pid file names none."""
        pid = self._written_pid()
        return pid if pid and processes.alive(pid) and self._is_ours(pid) else None

    def _written_pid(self) -> int | None:
        try:
            return int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return None

    def _is_ours(self, pid: int) -> bool:
        return f"-D {self.data} " in processes.command(pid)

    def _forget_stranger(self) -> None:
        """Drops a pid file whose number now belongs to another program: PostgreSQL would give up.

        A number that belongs to nobody is left to PostgreSQL, which checks for orphans first.
        """
        pid = self._written_pid()
        if pid and processes.alive(pid) and not self._is_ours(pid):
            (self.data / "postmaster.pid").unlink()

    # --- data folder --------------------------------------------------------------------------

    def _prepare_data(self) -> None:
        if (self.data / "PG_VERSION").exists():
            self._check_version()
        if not (self.data / "PG_VERSION").exists():
            self._create_data()
        try:
            accounts.own_private_folder(self.data, accounts.postgres_uid())
        except PermissionError as error:
            raise EmbeddedServerError(str(error)) from error

    def _check_version(self) -> None:
        written = (self.data / "PG_VERSION").read_text().strip()
        programs = self._version().split(".")[0]
        if written == programs:
            return
        if not self.durable:
            shutil.rmtree(self.data)
            return
        raise EmbeddedServerError(
            f"The data in {self.data} is of PostgreSQL {written}, the programs are {programs}. "
            "Copy it with pg_dump and pg_restore, or remove the folder to start afresh."
        )

    def _version(self) -> str:
        answer = subprocess.run(
            [self._programs / "postgres", "-V"], capture_output=True, text=True, check=True
        )
        return answer.stdout.split()[2]

    def _create_data(self) -> None:
        version = self._version()
        _say(f"PostgreSQL {version}: creating its data in {self.data}")
        half = self.data.with_name(f"{self.data.name}.half")
        shutil.rmtree(half, ignore_errors=True)
        # Root's umask must not close the way to a folder that another account has to enter.
        half.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        accounts.own_private_folder(half, accounts.postgres_uid())
        # From 17 on PostgreSQL sorts and folds UTF-8 by itself, the same on every machine.
        own_locale = int(version.split(".")[0]) >= 17
        self._run(
            "initdb",
            "-D",
            str(half),
            *("-U", addresses.SUPERUSER, "--auth=trust", "--encoding=UTF8", "--no-instructions"),
            *(["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if own_locale else []),
            "--locale=C.UTF-8",
            *([] if self.durable else ["--no-sync"]),
        )
        self._run(
            *("postgres", "--single", "-D", str(half), "postgres"),
            typed=f"CREATE DATABASE {addresses.DATABASE}\n",
        )
        half.rename(self.data)

    def _run(self, program: str, *arguments: str, typed: str = "") -> None:
        done = subprocess.run(
            [self._programs / program, *arguments],
            input=typed,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd="/",
            env=_ENVIRONMENT,
            check=False,
            **accounts.postgres_account(),
        )
        if done.returncode:
            raise EmbeddedServerError(f"{program} failed:\n{done.stdout}")

    # --- process ------------------------------------------------------------------------------

    def _start(self) -> None:
        settings = _SETTINGS | ({} if self.durable else _CARELESS)
        self.place.log.parent.mkdir(parents=True, exist_ok=True)
        with self.place.log.open("wb") as log:
            process = subprocess.Popen(
                [
                    *(self._programs / "postgres", "-D", self.data, "-k", self.place.sockets),
                    *(
                        word
                        for name, value in settings.items()
                        for word in ("-c", f"{name}={value}")
                    ),
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=_ENVIRONMENT,
                start_new_session=True,
                **accounts.postgres_account(),
            )
        processes.remember(process)
        ready = processes.wait_until(
            lambda: process.poll() is not None or self.answers(), START_SECONDS
        )
        if process.poll() is not None or not ready:
            raise EmbeddedServerError(
                f"PostgreSQL did not start; the end of {self.place.log}:\n"
                f"{processes.last_lines(self.place.log)}"
            )


_ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": "/"}


def _stop(pid: int) -> None:
    """Fast shutdown: ends the connections, keeps every committed row."""
    if not processes.end(pid, signal.SIGINT, within=20.0):
        processes.end(pid, signal.SIGQUIT, within=10.0)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
