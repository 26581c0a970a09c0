"""How our endpoints describe themselves in the OpenAPI document: one line above each view."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers

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
    description="1 to 255 printable characters. The same request again changes nothing more.",
)


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
    decides (helpdesk/common/scopes.py).
    """
    reads = body is not None or query is not None or bool(headers)
    everywhere = {401, 403, 429}
    statuses = sorted(
        {*everywhere, *refuses, *([400] if reads else []), *([413, 415] if body else [])}
    )
    problems = {(code, CONTENT_TYPE): _problem(code) for code in statuses}
    request = body
    if files_body is not None:
        request = {"application/json": body, "multipart/form-data": files_body}
    elif body is not None:
        request = {"application/json": body}
    describe = extend_schema(
        operation_id=name,
        summary=summary,
        description=description or summary + ".",
        tags=[tag],
        request=request,
        parameters=[*([query] if query else []), *headers],
        responses={status: answers, **(other_answers or {}), **problems},
        methods=[method] if method else None,
    )

    def wrap(view: Any) -> Any:
        named = [word.upper() for word in view.cls.http_method_names if word != "options"]
        declare(view, [method] if method else named, tag, scope)
        return describe(view)

    return wrap


def _problem(status: int) -> Any:
    from django.utils import translation
    from drf_spectacular.utils import OpenApiResponse

    with translation.override("en"):
        return OpenApiResponse(ProblemDocument, description=str(title_of(status)))
