"""The site as it is served in earnest, for what is measured from outside."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import socket

from django.conf import settings

ROOT = Path(__file__).resolve().parents[1]


@contextmanager
def granian(workers: int) -> Iterator[int]:
    """On a free port of this machine, until the block ends."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        str(Path(sys.executable).with_name("granian")),
        *("--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)),
        *("--workers", str(workers), "--no-access-log", "--log-level", "error"),
        "helpdesk.wsgi:application",
    ]
    # Its own settings add the bare endpoint that creation is compared with.
    own = {
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
        "TUNTAS_MODE": settings.TUNTAS_MODE,
        "API_RATE_PER_MINUTE": "1000000",
    }
    environment = os.environ | own
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait_for(port: int) -> None:
    for _attempt in range(150):
        try:
            link = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            link.request("GET", "/")
            link.getresponse().read()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit("granian did not start")
