"""`make run`'s supervisor: what dies is started again, what is told to stop stops."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from deploy import console, run_local
from deploy.children import Child, stop_all
from helpdesk.embedded import processes

ROOT = Path(__file__).resolve().parents[2]


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_a_child_that_ends_is_started_again_after_a_growing_pause(capsys):
    child = Child("web", python("raise SystemExit(3)"), _pause=0.05)
    child.start()
    first = child.process
    for pause in ("0.05", "0.1"):
        assert processes.wait_until(lambda: child.ended() is not None, 10)
        child.tend()
        assert f"web ended with code 3; starting it again in {pause} s" in capsys.readouterr().out
        time.sleep(0.12)
        child.tend()
        assert child.process is not first
    stop_all([child], within=5)


def test_lines_carry_the_name_of_their_process(monkeypatch):
    lines = []
    monkeypatch.setattr(console, "write", lines.append)
    child = Child("beat", python("print('one'); print('two')"))
    child.start()
    assert processes.wait_until(lambda: len(lines) == 2, 10)
    assert lines == ["beat   | one", "beat   | two"]
    stop_all([child], within=5)


def test_a_child_that_ignores_the_request_is_ended(capsys):
    child = Child(
        "worker",
        python(
            "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
            "print('deaf', flush=True); time.sleep(60)"
        ),
    )
    child.start()
    assert processes.wait_until(lambda: "deaf" in capsys.readouterr().out, 10)
    stop_all([child], within=0.3)
    assert child.ended() == -signal.SIGKILL


def test_a_killed_supervisor_leaves_no_child_behind():
    code = (
        "import time; from deploy.children import Child;"
        f"child = Child('web', [{sys.executable!r}, '-c', 'import time; time.sleep(60)']);"
        "child.start(); print(child.process.pid, flush=True); time.sleep(60)"
    )
    supervisor = subprocess.Popen(python(code), cwd=ROOT, stdout=subprocess.PIPE)
    child = int(supervisor.stdout.readline())
    # It is tied to its supervisor once it has become the program.
    assert processes.wait_until(lambda: "deploy.tied" not in processes.command(child), 10)
    supervisor.kill()
    supervisor.communicate()
    assert processes.wait_until(lambda: not processes.alive(child), 5)


def test_a_port_in_use_is_named(monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        with pytest.raises(
            run_local.CannotRunError, match=rf"Port {port} cannot be used.*PORT={port + 1}"
        ):
            run_local._free_port()


@pytest.mark.parametrize("word", ["web", "0", "65536"])
def test_a_port_that_is_none_is_refused(monkeypatch, word):
    monkeypatch.setenv("PORT", word)
    with pytest.raises(run_local.CannotRunError, match="expected a number"):
        run_local._free_port()
