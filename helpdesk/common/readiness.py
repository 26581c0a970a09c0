"""What must hold before this process is called ready, told by those who know.

The database and its migrations are asked here. An app adds what it watches by `tells_readiness`,
from its `AppConfig.ready`. Redis is reported and never decides: the pages do without it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from redis import Redis
from redis.exceptions import RedisError

from helpdesk.common.versioned import unreadable_rules

logger = logging.getLogger(__name__)
REDIS_SECONDS = 0.5


@dataclass(frozen=True)
class Finding:
    """`detail` says in a few words what was found; `ready=False` alone makes the process not ready."""

    name: str
    detail: str
    ready: bool = True

    def __str__(self) -> str:
        return f"{self.name} {self.detail}"


Probe = Callable[[], Finding]
_probes: dict[str, Probe] = {}
_migrated = False


def tells_readiness(name: str) -> Callable[[Probe], Probe]:
    """Register the decorated function under `name`; it is called only while the database answers."""

    def register(probe: Probe) -> Probe:
        _probes[name] = probe
        return probe

    return register


def findings() -> list[Finding]:
    """Everything that was asked, in order; what cannot be asked without the database is left out."""
    database = _asked("database", _database)
    if not database.ready:
        return [database, _asked("redis", _redis)]
    migrations = _asked("migrations", _migrations)
    if not migrations.ready:
        return [database, migrations, _asked("redis", _redis)]
    rules = _asked("rules", _rules)
    told = [_asked(name, probe) for name, probe in _probes.items()]
    return [database, migrations, rules, *told, _asked("redis", _redis)]


def _asked(name: str, probe: Probe) -> Finding:
    try:
        return probe()
    except DatabaseError as error:
        connection.close()
        logger.warning("readiness of %s could not be told: %s", name, error)
        return Finding(name, "unreachable", ready=False)


def _database() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return Finding("database", "ok")


def _migrations() -> Finding:
    """Asked until all are applied; nobody takes one back under a running process."""
    global _migrated
    if not _migrated:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if missing:
            return Finding("migrations", f"missing: {len(missing)}", ready=False)
        _migrated = True
    return Finding("migrations", "ok")


def _rules() -> Finding:
    """A release may bring rules of another shape: migrations alone are half an upgrade."""
    found = unreadable_rules()
    if found:
        return Finding("rules", f"not loaded, run prepare: {', '.join(found)}", ready=False)
    return Finding("rules", "ok")


def _redis() -> Finding:
    try:
        with Redis.from_url(
            settings.REDIS_URL, socket_timeout=REDIS_SECONDS, socket_connect_timeout=REDIS_SECONDS
        ) as client:
            client.ping()
    except (RedisError, OSError):
        return Finding("redis", "unreachable, pages work without it")
    return Finding("redis", "ok")
