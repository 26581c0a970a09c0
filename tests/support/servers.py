"""Servers that a test owns: it may kill and restart them without hurting the suite."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from helpdesk.embedded.places import Place
from helpdesk.embedded.valkey import Valkey

MakePlace = Callable[..., Place]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[MakePlace]:
    """Makes places of this test's own, and leaves nothing of them outside its folder."""
    made = []

    def make(name: str, root: Path = tmp_path) -> Place:
        made.append(Place(root, name))
        return made[-1]

    yield make
    for place in made:
        shutil.rmtree(place.sockets, ignore_errors=True)
        shutil.rmtree(place.outside, ignore_errors=True)


@pytest.fixture
def valkey(place: MakePlace) -> Iterator[Valkey]:
    """A Valkey of this test's own, running."""
    server = Valkey(place("valkey"), durable=False)
    server.ensure()
    yield server
    server.stop()
