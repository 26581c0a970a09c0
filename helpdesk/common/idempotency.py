"""Any POST may be sent again: with the same Idempotency-Key it gets the first answer, word for word.

The row that holds the answer is written in the transaction of the effect itself: either both are
there or neither, whenever a process dies. Its key is taken before anything else is done, so of two
at once one waits for the other's commit and then reads its answer. A refusal uses no key up: its row
goes, and the same request may be tried again. Keys belong to the token that sent them, through its
rotations; answers are forgotten after KEPT.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.http import Http404, QueryDict
from rest_framework.exceptions import APIException
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from helpdesk.common import clock
from helpdesk.common.errors import Conflict, InvalidInput, Refusal
from helpdesk.common.masking import HIDDEN
from helpdesk.common.models import KeptAnswer
from helpdesk.common.preconditions import REPLAYED
from helpdesk.common.wording import gettext as _

KEPT = timedelta(hours=48)
MAX_KEY = 255
KEPT_HEADERS = ("ETag", "Location")
# Members that are shown in one answer alone: what is kept has them hidden.
SECRETS = ("secret",)
REFUSALS = (Refusal, APIException, Http404, PermissionDenied)
BATCH = 5_000

Handler = Callable[..., Any]

_CLAIM = """
INSERT INTO common_keptanswer AS kept (key, fingerprint, at, status, headers, body)
VALUES (%(key)s, %(fingerprint)s, %(now)s, 0, '{}', '')
ON CONFLICT (key) DO UPDATE SET
    fingerprint = excluded.fingerprint, at = excluded.at, status = 0, headers = '{}', body = ''
WHERE kept.at < %(before)s
RETURNING key
"""
_FORGET = """
DELETE FROM common_keptanswer WHERE key IN (
    SELECT key FROM common_keptanswer WHERE at < %s LIMIT %s FOR UPDATE SKIP LOCKED)
"""


def answered_once(handler: Handler) -> Handler:
    """A view's `post`, made safe to repeat. Who calls has been checked before it is called."""

    @wraps(handler)
    def post(view: Any, request: Request, *args: Any, **kwargs: Any) -> Any:
        key = key_of(request)
        if not key:
            return handler(view, request, *args, **kwargs)
        fingerprint = fingerprint_of(request)
        return _once(key, fingerprint, lambda: handler(view, request, *args, **kwargs))

    return post


def key_of(request: Request) -> str:
    """The request's Idempotency-Key, its caller's own, as 64 hex digits; '' without one."""
    header = request.headers.get("Idempotency-Key")
    if header is None:
        return ""
    if not 1 <= len(header) <= MAX_KEY or not header.isascii() or not header.isprintable():
        message = _("An Idempotency-Key has 1 to 255 printable ASCII characters.")
        raise InvalidInput(message, code="bad_idempotency_key", fields={"Idempotency-Key": message})
    lineage = getattr(request.auth, "lineage", None)
    owner = f"token:{lineage}" if lineage else f"user:{request.user.pk}"
    return hashlib.sha256(f"{owner}\x00{header}".encode()).hexdigest()


def fingerprint_of(request: Request) -> str:
    """The same for the same request, whatever boundary or order of members it was sent with.

    Keyed: what was sent may hold a secret short enough to be guessed from a bare hash.
    """
    made = hmac.new(settings.SECRET_KEY.encode(), digestmod=hashlib.sha256)
    data = request.data
    parts: Any = data
    if isinstance(data, QueryDict):
        parts = [[name, [_part(value) for value in values]] for name, values in data.lists()]
    content = json.dumps(parts, sort_keys=True, default=str)
    for text in (request.method or "", request.get_full_path(), content):
        made.update(text.encode("utf-8", "surrogatepass") + b"\x00")
    return made.hexdigest()


def forget_answers() -> int:
    """Delete the answers whose time is over; returns how many."""
    before, gone = clock.now() - KEPT, 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_FORGET, [before, BATCH])
            made = cursor.rowcount
        gone += made
        if made < BATCH:
            return gone


def _part(value: Any) -> Any:
    if not isinstance(value, UploadedFile):
        return value
    digest = hashlib.sha256()
    for chunk in value.chunks():
        digest.update(chunk)
    value.seek(0)
    return [value.name, value.size, digest.hexdigest()]


def _once(key: str, fingerprint: str, act: Callable[[], Any]) -> Any:
    refusal: Exception | None = None
    with transaction.atomic():
        if not _claim(key, fingerprint):
            return _earlier(key, fingerprint)
        try:
            answer = act()
        except REFUSALS as error:
            # What the refusal itself left behind (a counted attempt) stays, as without a key.
            refusal = error
            _release(key)
        else:
            _keep(key, answer)
    if refusal is not None:
        raise refusal
    return answer


def _claim(key: str, fingerprint: str) -> bool:
    """Whether the key is ours; waits for whoever else is at it."""
    now = clock.now()
    values: dict[str, Any] = {"key": key, "fingerprint": fingerprint}
    values |= {"now": now, "before": now - KEPT}
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, values)
        return cursor.fetchone() is not None


def _release(key: str) -> None:
    if not transaction.get_rollback():  # else the row goes with everything
        KeptAnswer.objects.filter(key=key).delete()


def _keep(key: str, answer: Response) -> None:
    body = ""
    if answer.data is not None:
        body = JSONRenderer().render(_without_secrets(answer.data)).decode()
    headers = {name: answer[name] for name in KEPT_HEADERS if name in answer}
    KeptAnswer.objects.filter(key=key).update(status=answer.status_code, headers=headers, body=body)


def _without_secrets(data: Any) -> Any:
    if not isinstance(data, dict) or not any(name in data for name in SECRETS):
        return data
    return {name: HIDDEN if name in SECRETS else value for name, value in data.items()}


def _earlier(key: str, fingerprint: str) -> Response:
    kept = KeptAnswer.objects.get(key=key)
    if not hmac.compare_digest(kept.fingerprint, fingerprint):
        raise Conflict(
            _("This Idempotency-Key was already used for another request."),
            code="idempotency_key_reused",
        )
    data = json.loads(kept.body) if kept.body else None
    return Response(data, status=kept.status, headers={**kept.headers, REPLAYED: "true"})
