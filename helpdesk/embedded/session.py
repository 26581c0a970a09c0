"""When the embedded servers run: while a process needs them and the environment names no others."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from helpdesk.embedded.addresses import postgres_place, valkey_place
from helpdesk.embedded.lease import Lease
from helpdesk.embedded.places import CHECKOUT
from helpdesk.embedded.postgres import Postgres
from helpdesk.embedded.valkey import Valkey

# Commands that read files alone; starting a server for them would only cost time.
_WITHOUT_SERVERS = {"help", "version", "--help", "-h", "--version", "makemessages", "collectstatic"}


def missing(mode: str, root: Path = CHECKOUT) -> dict[str, Postgres | Valkey]:
    """The servers to embed, by the variable that would name another one."""
    durable = mode != "test"
    servers: dict[str, Postgres | Valkey] = {}
    if not os.environ.get("DATABASE_URL"):
        servers["DATABASE_URL"] = Postgres(postgres_place(mode, root), durable=durable)
    if not os.environ.get("REDIS_URL"):
        servers["REDIS_URL"] = Valkey(valkey_place(mode, root), durable=durable)
    return servers


@contextmanager
def servers(mode: str) -> Iterator[list[Lease]]:
    """Starts what is missing, tells this process and its children where, stops it after the last."""
    leases: list[Lease] = []
    with ExitStack() as stack:
        for variable, server in missing(mode).items():
            lease = Lease(server)
            lease.take()
            leases.append(lease)
            stack.callback(lease.give_back)
            os.environ[variable] = server.url
            stack.callback(os.environ.pop, variable, None)
        yield leases


@contextmanager
def servers_for_command(arguments: list[str]) -> Iterator[None]:
    """For manage.py. A checkout without DATABASE_URL is somebody's own machine: mode demo."""
    if not os.environ.get("DATABASE_URL"):
        os.environ.setdefault("TUNTAS_MODE", "demo")
    mode = os.environ.get("TUNTAS_MODE", "production")
    command = arguments[1] if len(arguments) > 1 else "help"
    if mode == "production" or command in _WITHOUT_SERVERS:
        yield
        return
    with servers(mode):
        yield
