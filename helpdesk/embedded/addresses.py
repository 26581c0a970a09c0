"""The addresses of the embedded servers: known without starting any."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from helpdesk.embedded.places import CHECKOUT, Place

DATABASE = "tuntas"
SUPERUSER = "tuntas"
VALKEY_SOCKET = "valkey.sock"


@dataclass(frozen=True)
class Addresses:
    database_url: str
    redis_url: str


def for_mode(mode: str, root: Path = CHECKOUT) -> Addresses:
    """`test` has servers of its own, so that a test run never touches the demo's data."""
    return Addresses(
        database_url=database_url(postgres_place(mode, root)),
        redis_url=redis_url(valkey_place(mode, root)),
    )


def postgres_place(mode: str, root: Path = CHECKOUT) -> Place:
    return Place(root, "test-postgres" if mode == "test" else "postgres")


def valkey_place(mode: str, root: Path = CHECKOUT) -> Place:
    return Place(root, "test-valkey" if mode == "test" else "valkey")


def database_url(place: Place) -> str:
    return f"postgres://{SUPERUSER}@/{DATABASE}?host={place.sockets}"


def redis_url(place: Place) -> str:
    return f"unix://{place.sockets / VALKEY_SOCKET}?db=0"
