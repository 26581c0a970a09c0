"""Forgets cookies that the database could not even be asked about.

A cookie's octal escape can put a NUL into the session's key, and PostgreSQL refuses such a string:
without this every page would answer 500 to it. Such a cookie was never ours.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class OddCookiesMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        for name, value in list(request.COOKIES.items()):
            if "\x00" in value:
                del request.COOKIES[name]
        return self.get_response(request)
