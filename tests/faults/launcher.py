"""Starts processes that have Django and Celery loaded already: a fork each instead of three seconds.

`python -m tests.faults.launcher` reads one JSON object a line. {"call": "module:function", "args":
[…], "log": path} forks a session leader that calls the function, and answers its pid; {"wait": pid}
answers how it ended (a negative number: by which signal).
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from importlib import import_module
from typing import Any, NoReturn

import django


def main() -> None:
    django.setup()
    import celery.bin.celery  # noqa: F401 - loaded here, once
    from celery import current_app

    import_module("helpdesk.celery")
    current_app.loader.import_default_modules()
    say(None)
    for line in sys.stdin:
        command = json.loads(line)
        if pid := command.get("wait"):
            say(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
        elif pid := os.fork():
            say(pid)
        else:
            become(**command)


def say(answer: Any) -> None:
    print(json.dumps(answer), flush=True)


def become(call: str, args: list[Any], log: str) -> NoReturn:
    from deploy.tied import end_with

    launcher = os.getppid()
    os.setsid()
    nothing = os.open(os.devnull, os.O_RDONLY)
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for source, target in ((nothing, 0), (output, 1), (output, 2)):
        os.dup2(source, target)
    code = 1
    try:
        end_with(launcher)
        module, name = call.split(":")
        getattr(import_module(module), name)(*args)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:  # noqa: BLE001 - the fork must not go on as the launcher
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def celery(*words: str) -> None:
    """The program `celery`, as the command line starts it."""
    from celery.bin.celery import main as program

    sys.argv = ["celery", *words]
    program()


if __name__ == "__main__":
    main()
