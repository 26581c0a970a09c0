"""Conditional requests below /api/: 304 for what the caller has already, 412 for what changed.

A GET's ETag is a digest of its content, behind the version where there is one (`"7-1f0c…"`), so
that it changes with everything that is shown. A change may name the version alone (`"7"`) or all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request, clone_request

from helpdesk.common.errors import Conflict
from helpdesk.common.one_at_a_time import one_at_a_time
from helpdesk.common.preconditions import version_of
from helpdesk.common.problems import is_api
from helpdesk.common.wording import gettext as _

DIGITS = 20
Handler = Callable[..., Any]


class ConditionalGetMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method != "GET" or not is_api(request) or not _is_json(response):
            return response
        response["ETag"] = _tag(response.get("ETag", ""), response.content)
        response.setdefault("Cache-Control", "private, no-cache")
        known = get_conditional_response(request, etag=response["ETag"], response=response)
        return known or response


def changed_as_seen(handler: Handler) -> Handler:
    """A view's `put`, `patch` or `delete`: with If-Match, only what still looks as the caller saw it.

    One such change of an address at a time, in one transaction: of two that saw the same, the
    second is refused. Where the view has a version of its own, that is compared by the service.
    """

    @wraps(handler)
    def change(view: Any, request: Request, *args: Any, **kwargs: Any) -> Any:
        seen = request.headers.get("If-Match", "*").strip()
        look: Handler | None = getattr(view, "get", None)
        if seen == "*" or look is None:
            return handler(view, request, *args, **kwargs)
        with transaction.atomic():
            one_at_a_time(f"change {request.path}")
            answer = look(clone_request(request, "GET"), *args, **kwargs)
            own = answer.get("ETag", "")
            content = JSONRenderer().render(answer.data)
            same = {part.strip() for part in seen.split(",")} & {_tag(own, content)}
            if not same and not (own and version_of(seen) is not None):
                raise Conflict(
                    _("Somebody else changed this a moment ago. Look at it again, then decide.")
                )
            return handler(view, request, *args, **kwargs)

    return change


def _is_json(response: HttpResponse) -> bool:
    kind = response.get("Content-Type", "")
    plain = response.status_code == 200 and not response.streaming
    return (
        plain and kind == "application/json" and "no-store" not in response.get("Cache-Control", "")
    )


def _tag(own: str, content: bytes) -> str:
    digest = hashlib.sha256(content).hexdigest()[:DIGITS]
    version = version_of(own)
    return f'"{digest}"' if version is None else f'"{version}-{digest}"'
