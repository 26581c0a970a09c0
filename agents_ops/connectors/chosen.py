"""The connectors that the settings name, one of each in a process."""

from __future__ import annotations

from functools import cache

from django.conf import settings

from agents_ops.connectors.demo import DemoAccounts, DemoSource, DemoSuppliers
from agents_ops.connectors.http import HttpAccounts, HttpSource, HttpSuppliers
from agents_ops.connectors.interfaces import Accounts, Source, Suppliers, Unavailable
from agents_ops.connectors.line import Place
from people.commerce import Trouble


@cache
def source(system: str) -> Source:
    """Raises Unavailable where none is set up."""
    chosen = settings.AGENT_SYSTEMS
    if chosen["kind"] == "http":
        return HttpSource(system, _place(chosen, system))
    if chosen["kind"] == "demo":
        return DemoSource(system)
    raise Unavailable(Trouble.OFF)


@cache
def accounts() -> Accounts:
    """Raises Unavailable where none is set up."""
    chosen = settings.AGENT_SYSTEMS
    if chosen["kind"] == "http":
        return HttpAccounts(_place(chosen, "accounts"))
    if chosen["kind"] == "demo":
        return DemoAccounts()
    raise Unavailable(Trouble.OFF)


@cache
def suppliers() -> Suppliers:
    """Raises Unavailable where none is set up."""
    chosen = settings.SUPPLIERS
    if chosen["kind"] == "http":
        return HttpSuppliers(_place(chosen, ""))
    if chosen["kind"] == "demo":
        return DemoSuppliers()
    raise Unavailable(Trouble.OFF)


def forget_connectors() -> None:
    """After a change of the settings, and between tests."""
    for each in (source, accounts, suppliers):
        each.cache_clear()


def _place(chosen: dict[str, str | int], name: str) -> Place:
    address = chosen.get(f"{name}_url") or chosen["url"]
    return Place(str(address), str(chosen["token"]), int(chosen["timeout_ms"]) / 1000)
