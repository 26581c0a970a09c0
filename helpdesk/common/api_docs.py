"""How our endpoints describe themselves in the OpenAPI document: one line above each view."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import translation
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers

from helpdesk.common.conditional import changed_as_seen
from helpdesk.common.idempotency import answered_once
from helpdesk.common.problems import CONTENT_TYPE, title_of
from helpdesk.common.scopes import declare

IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description='The ETag last seen, such as `"7"`. A ticket changed since answers 412.',
)
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description=(
        "1 to 255 printable characters. The same request with the same key is answered as the first "
        "time, with `Idempotency-Replayed: true`; another request with it: 422. Kept for 48 hours."
    ),
)


IF_UNCHANGED = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description="The ETag of a GET of the same address. What looks different since answers 412.",
)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match",
    str,
    OpenApiParameter.HEADER,
    description="The ETag of the last answer: 304 without a body as long as nothing changed.",
)
CHANGES = frozenset({"PUT", "PATCH", "DELETE"})


class ProblemPart(serializers.Serializer[Any]):
    field = serializers.CharField(help_text="Path of the part, such as `amount_idr`.")
    code = serializers.CharField()
    message = serializers.CharField()
    message_id = serializers.CharField(help_text="In Indonesian.")
    message_en = serializers.CharField(help_text="In English.")


class ProblemDocument(serializers.Serializer[Any]):
    """RFC 9457. `code` is stable; sentences may change."""

    type = serializers.CharField(help_text="`/problems/<code>`")
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField(help_text="In the language of Accept-Language; else Indonesian.")
    detail_id = serializers.CharField(help_text="In Indonesian.")
    detail_en = serializers.CharField(help_text="In English.")
    errors = ProblemPart(many=True)  # type: ignore[assignment]


def endpoint(  # noqa: PLR0913 - one keyword for each thing that may be said
    summary: str,
    *,
    name: str,
    tag: str,
    answers: Any,
    status: int | tuple[int, str] = 200,
    body: Any = None,
    files_body: Any = None,
    query: Any = None,
    description: str = "",
    refuses: tuple[int, ...] = (),
    headers: tuple[OpenApiParameter, ...] = (),
    other_answers: dict[Any, Any] | None = None,
    method: str = "",
    scope: str | None = None,
) -> Callable[[Any], Any]:
    """Describe a view: what it reads, answers and refuses, and the scope that a token needs for it.

    401, 403 (scope) and 429 (rate) are everywhere, 400 where it reads. Without `scope` the tag
    decides (helpdesk/common/scopes.py). A POST takes an Idempotency-Key
    (helpdesk/common/idempotency.py).
    """

    def wrap(view: Any) -> Any:
        named = [word.upper() for word in view.cls.http_method_names if word != "options"]
        methods = [method] if method else named
        declare(view, methods, tag, scope)
        posts = "POST" in methods
        if posts:
            view.cls.post = answered_once(view.cls.post)
        shown = (*headers, IDEMPOTENCY_KEY) if posts else headers
        if CHANGES.issuperset(methods) and "GET" in named and IF_MATCH not in headers:
            for verb in methods:
                guarded = changed_as_seen(getattr(view.cls, verb.lower()))
                setattr(view.cls, verb.lower(), guarded)
            shown = (*shown, IF_UNCHANGED)
        reads = body is not None or query is not None or bool(shown)
        looks = methods == ["GET"]
        statuses = {401, 403, 429, *refuses} | ({400} if reads else set())
        statuses |= ({413, 415} if body else set()) | ({422} if posts else set())
        statuses |= {412} if IF_UNCHANGED in shown else set()
        return extend_schema(
            operation_id=name,
            summary=summary,
            description=description or summary + ".",
            tags=[tag],
            request=_request(body, files_body),
            parameters=[
                *([query] if query else []),
                *shown,
                *([IF_NONE_MATCH] if looks else []),
            ],
            responses={
                status: answers,
                **(other_answers or {}),
                **({304: OpenApiResponse(description="Not modified.")} if looks else {}),
                **{(code, CONTENT_TYPE): _problem(code) for code in sorted(statuses)},
            },
            methods=[method] if method else None,
        )(view)

    return wrap


def _request(body: Any, files_body: Any) -> Any:
    if files_body is not None:
        return {"application/json": body, "multipart/form-data": files_body}
    return {"application/json": body} if body is not None else None


def _problem(status: int) -> Any:
    with translation.override("en"):
        return OpenApiResponse(ProblemDocument, description=str(title_of(status)))
