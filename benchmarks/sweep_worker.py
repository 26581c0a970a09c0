"""One worker process: sweeps until nothing is due, and tells what it took."""

from __future__ import annotations

import json
import sys
import time

import django


def main() -> None:
    django.setup()
    from benchmarks.counting import statements
    from sla.services import sweep

    sweep(limit=0)
    fired, busy = 0, time.process_time()
    with statements() as counted:
        while (report := sweep()).seen:
            if report.failed:
                raise SystemExit(f"timers failed: {report}")
            fired += report.fired
    busy = time.process_time() - busy
    told = {"fired": fired, "statements": counted.count, "processor_seconds": busy}
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
