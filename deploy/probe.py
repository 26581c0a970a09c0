"""Health checks of the containers: `python -m deploy.probe web|worker|beat`, exit code 0 when well.

web: its own /healthz. worker: a message there and back. beat: its schedule file, which it writes
after every few wake-ups it has sent (beat_sync_every in helpdesk/celery.py), and READY_URL, the
/readyz of web: sweeps that nobody runs are beat's or the workers' fault, never a reason to take the
pages away.
"""

from __future__ import annotations

import os
import socket
import sys
import time
import urllib.request

BEAT_SECONDS = 300.0


def web() -> bool:
    port = os.environ.get("PORT", "8000")
    return _answers(f"http://127.0.0.1:{port}/healthz")


def worker() -> bool:
    from helpdesk.celery import app

    name = f"celery@{os.environ.get('CELERY_HOSTNAME') or socket.gethostname()}"
    return bool(app.control.ping(destination=[name], timeout=10.0))


def beat() -> bool:
    from helpdesk.settings import VAR_DIR

    written = [path.stat().st_mtime for path in VAR_DIR.glob("celerybeat-schedule*")]
    # Both ways: after this host's clock was set back the file seems to be of the future.
    sends = bool(written) and abs(time.time() - max(written)) < BEAT_SECONDS
    ready = os.environ.get("READY_URL", "")
    return sends and (not ready or _answers(ready))


def _answers(url: str) -> bool:
    with urllib.request.urlopen(url, timeout=4) as answer:  # noqa: S310 - our own addresses
        return bool(answer.status == 200)


if __name__ == "__main__":
    probes = {"web": web, "worker": worker, "beat": beat}
    try:
        well = probes[sys.argv[1]]()
    except OSError as error:
        sys.exit(f"{sys.argv[1]}: {error}")
    sys.exit(0 if well else f"{sys.argv[1]}: no answer")
