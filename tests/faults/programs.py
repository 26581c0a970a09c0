"""Processes of a test's own: they may be killed, and none outlives its test."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from helpdesk.embedded import processes

ROOT = Path(__file__).resolve().parents[2]


class Program:
    """A process with what it starts, in a session of its own; its log explains a failure."""

    def __init__(self, name: str, pid: int, log: Path) -> None:
        self.name, self.pid, self.log = name, pid, log

    def runs(self) -> bool:
        return processes.alive(self.pid)

    def says(self, words: str) -> bool:
        return self.log.exists() and words in self.log.read_text(errors="replace")

    def kill(self) -> None:
        """SIGKILL to it and to all that it started, as when its host is lost."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        assert processes.wait_until(lambda: not self.runs(), 10)


class Launcher:
    """Our end of tests/faults/launcher.py."""

    def __init__(self, var: Path) -> None:
        self._process = subprocess.Popen(
            tied("-m", "tests.faults.launcher"),
            cwd=ROOT,
            env=environment(var),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._answer()

    def fork(self, call: str, *args: Any, log: Path) -> int:
        """The pid of a new process that calls the function `module:name`."""
        pid: int = self._ask({"call": call, "args": args, "log": str(log)})
        return pid

    def wait(self, pid: int) -> int:
        """Its exit code once it has ended; negative: the signal that killed it."""
        code: int = self._ask({"wait": pid})
        return code

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()

    def _ask(self, command: dict[str, Any]) -> Any:
        assert self._process.stdin
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> Any:
        assert self._process.stdout
        return json.loads(self._process.stdout.readline())


class Programs:
    """Starts programs that log into a folder of the test's own; kills what is left at its end."""

    def __init__(self, folder: Path, launcher: Launcher) -> None:
        self.folder, self.launcher = folder, launcher
        self.started: list[Program] = []

    def fork(self, name: str, call: str, *args: Any) -> Program:
        """A process with everything loaded already that calls `module:function`."""
        log = self.folder / f"{name}.log"
        return self._keep(Program(name, self.launcher.fork(call, *args, log=log), log))

    def start(self, name: str, *words: str, **env: str) -> Program:
        """A new Python with these words on its command line."""
        log = self.folder / f"{name}.log"
        with log.open("ab") as output:
            process = subprocess.Popen(
                tied(*words),
                cwd=ROOT,
                env=environment(self.folder) | env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        processes.remember(process)
        return self._keep(Program(name, process.pid, log))

    def _keep(self, program: Program) -> Program:
        self.started.append(program)
        return program

    def kill_all(self) -> None:
        for program in self.started:
            program.kill()

    def wait_until(self, true: Callable[[], bool], *, seconds: float = 120) -> None:
        """Until it holds; fails with the programs' last lines. The time is a limit, no measure."""
        end = time.monotonic() + seconds
        while not true():
            if time.monotonic() > end:
                said = [f"--- {p.name}\n{processes.last_lines(p.log, 30)}" for p in self.started]
                raise AssertionError("\n".join([f"not within {seconds} s", *said]))
            time.sleep(0.05)


def tied(*words: str) -> list[str]:
    """If pytest itself is killed, its programs end too."""
    return [sys.executable, "-m", "deploy.tied", sys.executable, *words]


def environment(var: Path) -> dict[str, str]:
    """DATABASE_URL names the test's own copy of the database already."""
    ours = {
        "DJANGO_SETTINGS_MODULE": "helpdesk.settings_test",
        "LOG_LEVEL": "INFO",
        "PYTHONUNBUFFERED": "1",
        "VAR_DIR": str(var),
    }
    return os.environ | ours


@pytest.fixture(scope="session")
def launcher(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Launcher]:
    launcher = Launcher(tmp_path_factory.mktemp("launcher"))
    yield launcher
    launcher.close()


@pytest.fixture
def programs(tmp_path: Path, launcher: Launcher) -> Iterator[Programs]:
    programs = Programs(tmp_path, launcher)
    yield programs
    programs.kill_all()
