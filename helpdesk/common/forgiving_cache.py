"""A Redis cache whose outage looks like an empty cache.

Nothing correct may depend on a cached value, so a missing Redis is a matter of speed alone. After a
failure the cache is left alone for a few seconds, so that not every call waits for the time-out.
"""

from __future__ import annotations

import logging
import time
from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)
REST_SECONDS = 5.0


class _ForgivingClient(RedisCacheClient):
    resting_until = 0.0

    def _ask(self, verb: str, otherwise: Any, *arguments: Any) -> Any:
        """Calls Django's client; answers `otherwise` while Redis is away."""
        if time.monotonic() < self.resting_until:
            return otherwise
        try:
            return getattr(super(), verb)(*arguments)
        except (RedisError, OSError) as error:
            # On the class: each thread has a client of its own.
            type(self).resting_until = time.monotonic() + REST_SECONDS
            logger.warning("cache unavailable, left alone for %s s: %s", REST_SECONDS, error)
            return otherwise

    def add(self, key: Any, value: Any, timeout: Any) -> Any:
        return self._ask("add", False, key, value, timeout)

    def get(self, key: Any, default: Any) -> Any:
        return self._ask("get", default, key, default)

    def set(self, key: Any, value: Any, timeout: Any) -> None:
        self._ask("set", None, key, value, timeout)

    def touch(self, key: Any, timeout: Any) -> Any:
        return self._ask("touch", False, key, timeout)

    def delete(self, key: Any) -> Any:
        return self._ask("delete", False, key)

    def get_many(self, keys: Any) -> Any:
        return self._ask("get_many", {}, keys)

    def has_key(self, key: Any) -> Any:
        return self._ask("has_key", False, key)

    def incr(self, key: Any, delta: int) -> Any:
        return self._ask("incr", delta, key, delta)

    def set_many(self, data: Any, timeout: Any) -> None:
        self._ask("set_many", None, data, timeout)

    def delete_many(self, keys: Any) -> None:
        self._ask("delete_many", None, keys)

    def clear(self) -> Any:
        return self._ask("clear", False)


class ForgivingRedisCache(RedisCache):
    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = _ForgivingClient
