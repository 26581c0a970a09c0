"""The suite's databases: migrated and filled once, copied for each worker in a moment.

A template database holds the schema, the reference data and the cast of the demonstration, whose three
hundred statements would be half of most tests; its name carries a digest of the files
they come from, so that a run rebuilds it only after a change. Every pytest process works on a copy.
A test with `transaction=True` commits, so afterwards its copy is made anew: Django's own way, a
TRUNCATE of all tables, would lose the reference data and is refused by append-only tables.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import pytest
from django.conf import settings
from django.core.management import call_command, get_commands
from django.db import connection, connections
from django.test import TransactionTestCase

from desk.demo.people import make_people
from helpdesk.embedded.session import servers

ROOT = Path(__file__).resolve().parents[2]
APPS = ("people", "tickets", "sla", "escalation", "seller_chat", "agents_ops", "desk")
TEMPLATE_PREFIX = "tuntas_template_"
COPY_PREFIX = "tuntas_test_"
_LOCK = 7_311_064  # any number: one process at a time makes or drops databases of this server


class TestDatabase:
    __test__ = False

    def __init__(self) -> None:
        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        self.name = f"{COPY_PREFIX}{os.getpid()}_{worker}"
        self.template = f"{TEMPLATE_PREFIX}{_fingerprint()}"
        self._keeper: Any = None
        self._claim: Any = None

    def open(self) -> None:
        with _maintenance() as cursor:
            self._claim = _claim(self.template)
            _drop_abandoned_templates(cursor)
            _drop_abandoned_copies(cursor)
            self._copy(cursor)

    def renew(self) -> None:
        """Back to the template's state, whatever was committed."""
        with _maintenance() as cursor:
            self._drop(cursor)
            self._copy(cursor)

    def close(self) -> None:
        with _maintenance() as cursor:
            self._drop(cursor)
        self._claim.close()

    def _copy(self, cursor: Any) -> None:
        if self.template not in _databases(cursor):
            _build(cursor, self.template)
        cursor.execute(f'CREATE DATABASE "{self.name}" TEMPLATE "{self.template}"')
        _point_django_at(self.name)
        # While this connection stands, no other run takes the copy for an abandoned one.
        self._keeper = psycopg2.connect(**_parameters(self.name))
        self._keeper.autocommit = True

    def _drop(self, cursor: Any) -> None:
        connections.close_all()
        self._keeper.close()
        cursor.execute(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    """Replaces pytest-django's: the copy's address also stands in DATABASE_URL, for subprocesses."""
    with servers("test"), django_db_blocker.unblock():
        _point_django_at(_server_database())
        database = TestDatabase()
        address = os.environ["DATABASE_URL"]
        database.open()
        os.environ["DATABASE_URL"] = _with_name(address, database.name)
        TransactionTestCase._fixture_teardown = lambda case: database.renew()
        try:
            yield
        finally:
            os.environ["DATABASE_URL"] = address
            database.close()


def _server_database() -> str:
    return settings.DATABASES["default"]["NAME"]


def _with_name(address: str, name: str) -> str:
    return urlunsplit(urlsplit(address)._replace(path=f"/{name}"))


def _point_django_at(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name


def _parameters(name: str) -> dict[str, Any]:
    """Connection parameters without the application's time-outs: making a database may wait."""
    ours = connection.get_connection_params() | {"dbname": name}
    return {
        key: value
        for key, value in ours.items()
        if key in {"dbname", "user", "password", "host", "port"}
    }


@contextmanager
def _maintenance() -> Iterator[Any]:
    link = psycopg2.connect(**_parameters("postgres"))
    link.autocommit = True
    try:
        cursor = link.cursor()
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        yield cursor
    finally:
        link.close()


def _databases(cursor: Any) -> list[str]:
    cursor.execute("SELECT datname FROM pg_database")
    return [name for (name,) in cursor.fetchall()]


def _number_of(name: str) -> int:
    """The number under which a template's users hold their shared lock."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:7])


def _claim(template: str) -> Any:
    """A connection that marks the template as used; runs of other checkouts leave it alone."""
    link = psycopg2.connect(**_parameters("postgres"))
    link.autocommit = True
    link.cursor().execute("SELECT pg_advisory_lock_shared(%s)", [_number_of(template)])
    return link


def _drop_abandoned_templates(cursor: Any) -> None:
    """Templates of an older state of the files, unless another run works with them now."""
    for name in _databases(cursor):
        if not name.startswith(TEMPLATE_PREFIX):
            continue
        number = _number_of(name.removesuffix("_half"))
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [number])
        if cursor.fetchone()[0]:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
            cursor.execute("SELECT pg_advisory_unlock(%s)", [number])


def _drop_abandoned_copies(cursor: Any) -> None:
    """Copies of runs that were killed: nobody is connected to them any more."""
    cursor.execute(
        "SELECT datname FROM pg_database d WHERE datname LIKE %s AND NOT EXISTS"
        " (SELECT 1 FROM pg_stat_activity a WHERE a.datname = d.datname)",
        [COPY_PREFIX.replace("_", r"\_") + "%"],
    )
    for (name,) in cursor.fetchall():
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')


def _build(cursor: Any, template: str) -> None:
    """Migrates and fills a new database, and gives it the template's name when it is whole."""
    half = f"{template}_half"
    cursor.execute(f'DROP DATABASE IF EXISTS "{half}" WITH (FORCE)')
    cursor.execute(f"CREATE DATABASE \"{half}\" TEMPLATE template0 ENCODING 'UTF8'")
    _point_django_at(half)
    call_command("migrate", interactive=False, verbosity=0)
    if "load_reference_data" in get_commands():
        call_command("load_reference_data", verbosity=0)
    make_people()
    connections.close_all()
    cursor.execute(f'ALTER DATABASE "{half}" RENAME TO "{template}"')


def _fingerprint() -> str:
    """A digest of what the template is made from: models, migrations, loaders and fixtures."""
    files = [
        path
        for app in APPS
        for folder in ("migrations", "models", "management", "services", "demo")
        for path in (ROOT / app / folder).rglob("*.py")
    ]
    files.append(ROOT / "people" / "roles.py")
    files += [path for path in (ROOT / "fixtures").rglob("*") if path.is_file()]
    digest = hashlib.sha256((ROOT / "requirements.txt").read_bytes())
    for path in sorted(files):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]
