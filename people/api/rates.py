"""How many requests a token may make in a minute, and the headers that say how many are left.

Counted in Redis by windows of a minute, per token through its rotations. Without Redis nobody is
counted: the limit protects neighbours, nothing correct rests on it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from people.models import ApiToken

WINDOW = 60


@dataclass(frozen=True)
class Rate:
    limit: int
    used: int
    ends_in: int

    @property
    def left(self) -> int:
        return max(0, self.limit - self.used)

    @property
    def headers(self) -> dict[str, str]:
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.left),
            "RateLimit-Reset": str(self.ends_in),
            "RateLimit-Policy": f"{self.limit};w={WINDOW}",
        }


class TokenRate(BaseThrottle):
    """A session of a page is not counted."""

    def __init__(self) -> None:
        self._rate: Rate | None = None

    def allow_request(self, request: Request, view: Any) -> bool:
        if not isinstance(request.auth, ApiToken):
            return True
        self._rate = _count(request.auth)
        # On Django's own request, where the middleware finds it.
        request._request.token_rate = self._rate  # type: ignore[attr-defined]  # noqa: SLF001
        return self._rate.used <= self._rate.limit

    def wait(self) -> float | None:
        return float(self._rate.ends_in) if self._rate else None


class RateHeadersMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        rate: Rate | None = getattr(request, "token_rate", None)
        for name, value in rate.headers.items() if rate else ():
            response[name] = value
        return response


def _count(token: ApiToken) -> Rate:
    now = time.time()
    window = int(now // WINDOW)
    key = f"api-rate:{token.lineage}:{window}"
    try:
        used = cache.incr(key)
    except ValueError:  # the first of this minute, or the second at the same instant
        used = 1 if cache.add(key, 1, timeout=2 * WINDOW) else cache.incr(key)
    limit = token.rate_per_minute or settings.API_RATE_PER_MINUTE
    return Rate(limit, used, max(1, int((window + 1) * WINDOW - now)))
