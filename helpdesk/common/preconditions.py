"""Two headers of writing requests: If-Match and Idempotency-Key."""

from __future__ import annotations

import hashlib
import re

from rest_framework.request import Request

from helpdesk.common.errors import InvalidInput
from helpdesk.common.wording import gettext as _

MAX_KEY = 255
REPLAYED = "Idempotency-Replayed"


def etag(version: int) -> str:
    return f'"{version}"'


def expected_version(request: Request) -> int | None:
    """The version that the caller last saw; None without the header or for '*'."""
    header = request.headers.get("If-Match")
    if header is None or header.strip() == "*":
        return None
    match = re.fullmatch(r'"([0-9]{1,18})"', header.strip())
    if match is None:
        message = _('If-Match takes the ETag of the ticket as it was given, such as "7".')
        raise InvalidInput(message, code="bad_if_match", fields={"If-Match": message})
    return int(match[1])


def submission_key(request: Request, *scope: object) -> str:
    """The Idempotency-Key as 64 hex digits, different for every user and `scope`; '' without one."""
    header = request.headers.get("Idempotency-Key")
    if header is None:
        return ""
    if not 1 <= len(header) <= MAX_KEY or not header.isascii() or not header.isprintable():
        message = _("An Idempotency-Key has 1 to 255 printable ASCII characters.")
        raise InvalidInput(message, code="bad_idempotency_key", fields={"Idempotency-Key": message})
    parts = [str(part) for part in (request.user.pk, *scope)]
    return hashlib.sha256("\x00".join([*parts, header]).encode()).hexdigest()
