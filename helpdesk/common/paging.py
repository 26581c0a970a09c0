"""Pages by position, not by count: rows that come or go between two requests shift nothing."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable
from datetime import datetime
from heapq import merge
from itertools import islice
from operator import attrgetter
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Model, Q, QuerySet
from rest_framework.request import Request

from helpdesk.common.errors import InvalidInput
from helpdesk.common.inputs import QuerySerializer, Text, WholeNumber
from helpdesk.common.wording import gettext as _

MAX_PAGE_SIZE = 100
M = TypeVar("M", bound=Model)


class PageQuery(QuerySerializer):
    """The two parameters of every list."""

    cursor = Text(required=False, max_length=200, help_text="`next` of the page before.")
    page_size = WholeNumber(
        required=False,
        default=50,
        min_value=1,
        max_value=MAX_PAGE_SIZE,
        help_text="Rows in a page.",
    )


def page_of(
    rows: QuerySet[M], query: dict[str, Any], *, by: tuple[str, str], descending: bool = False
) -> tuple[list[M], dict[str, Any] | None]:
    """One page ordered by an instant and the id, and the query of the next page (None at the end).

    `by` names the two columns; `query` is a validated PageQuery.
    """
    return page_of_parts([rows], query, by=by, descending=descending)


def page_of_parts(
    parts: Iterable[QuerySet[M]],
    query: dict[str, Any],
    *,
    by: tuple[str, str],
    descending: bool = False,
) -> tuple[list[M], dict[str, Any] | None]:
    """As page_of, over parts that share no row: each is read in its own index's order, no further
    than the page."""
    moment, key = by
    after = Q()
    if cursor := query.get("cursor"):
        at, pk = _read(cursor)
        side = "lt" if descending else "gt"
        # The first condition alone lets an index on the two columns begin at the right place.
        after = Q(**{f"{moment}__{side}e": at}) & (
            Q(**{f"{moment}__{side}": at}) | Q(**{f"{key}__{side}": pk})
        )
    sign = "-" if descending else ""
    size = query["page_size"]
    pages = [
        list(rows.filter(after).order_by(f"{sign}{moment}", f"{sign}{key}")[: size + 1])
        for rows in parts
    ]
    place = attrgetter(moment, key)
    found = list(islice(merge(*pages, key=place, reverse=descending), size + 1))
    if len(found) <= size:
        return found, None
    last = found[size - 1]
    return found[:size], {**query, "cursor": _write(getattr(last, moment), last.pk)}


def next_link(request: Request, query: dict[str, Any] | None) -> str | None:
    """Absolute, from the configured base address; None at the end."""
    if query is None:
        return None
    given = {name: request.query_params[name] for name in request.query_params}
    words = urlencode({**given, "cursor": query["cursor"]})
    return f"{settings.BASE_URL.rstrip('/')}{request.path}?{words}"


def cursor_number(cursor: str, *, field: str) -> int:
    """A cursor that is a number of ours, given in `field`. Raises InvalidInput (`bad_cursor`)."""
    if cursor.isascii() and cursor.isdecimal() and int(cursor) < 2**63:
        return int(cursor)
    raise _bad_cursor(field)


def _bad_cursor(field: str = "cursor") -> InvalidInput:
    message = _("This cursor was not made by us. Begin without one.")
    return InvalidInput(message, code="bad_cursor", fields={field: message})


def _write(at: datetime, pk: int) -> str:
    text = json.dumps([at.isoformat(), pk], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(cursor: str) -> tuple[datetime, int]:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
        moment, pk = json.loads(text)
        at = datetime.fromisoformat(moment)
    except (ValueError, TypeError, binascii.Error, RecursionError):
        raise _bad_cursor() from None
    if at.tzinfo is None or isinstance(pk, bool) or not isinstance(pk, int) or not 0 < pk < 2**63:
        raise _bad_cursor()
    return at, pk
