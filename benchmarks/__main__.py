"""Builds a database of its own, measures, prints one table, drops the database again."""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg2

from helpdesk.embedded.session import servers


def main() -> None:
    options = _options()
    os.environ.setdefault("TUNTAS_MODE", "demo")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")
    os.environ.setdefault("LOG_LEVEL", "ERROR")
    os.environ.setdefault("API_RATE_PER_MINUTE", "1000000")
    began = time.monotonic()
    with servers("demo"), _database_of_its_own():
        import django

        django.setup()
        from benchmarks.plan import run, run_alike, run_evaluation, run_open, run_trickle

        if options.shops:
            run_evaluation(shops=options.shops)
        elif options.open:
            run_open(tickets=options.open, due=options.due)
        elif options.alike:
            run_alike(tickets=options.tickets)
        elif options.trickle:
            run_trickle(tickets=options.tickets)
        else:
            run(tickets=options.tickets, due=options.due, seconds=options.seconds)
    print(f"\nall in {time.monotonic() - began:.0f} s")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench ARGS='…'", description=__doc__)
    parser.add_argument("--tickets", type=int, default=100_000, help="tickets in the database")
    parser.add_argument("--open", type=int, help="instead: as many tickets, all of them open")
    parser.add_argument("--alike", action="store_true", help="only the search for duplicates")
    parser.add_argument("--trickle", action="store_true", help="only lateness in steady state")
    parser.add_argument("--shops", type=int, help="instead: the evaluation of so many shops")
    parser.add_argument("--due", type=int, default=10_000, help="timers due in the large sweep")
    parser.add_argument("--seconds", type=float, default=8, help="how long each rate is measured")
    return parser.parse_args()


@contextmanager
def _database_of_its_own() -> Iterator[None]:
    address = os.environ["DATABASE_URL"]
    name = f"tuntas_bench_{os.getpid()}"
    link = psycopg2.connect(address)
    link.autocommit = True
    with link.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
        os.environ["DATABASE_URL"] = urlunsplit(urlsplit(address)._replace(path=f"/{name}"))
        try:
            yield
        finally:
            os.environ["DATABASE_URL"] = address
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
            link.close()


if __name__ == "__main__":
    main()
