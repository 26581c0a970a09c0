"""The version that a writing request was made for (If-Match), and what says that it was repeated."""

from __future__ import annotations

import re

from rest_framework.request import Request

from helpdesk.common.errors import InvalidInput
from helpdesk.common.wording import gettext as _

REPLAYED = "Idempotency-Replayed"
# The version, and in the answer to a GET a digest of what was shown.
_TAG = re.compile(r'"([0-9]{1,18})(?:-[0-9a-f]{20})?"')


def etag(version: int) -> str:
    return f'"{version}"'


def version_of(tag: str) -> int | None:
    match = _TAG.fullmatch(tag.strip())
    return int(match[1]) if match else None


def expected_version(request: Request) -> int | None:
    """The version that the caller last saw; None without the header or for '*'."""
    header = request.headers.get("If-Match")
    if header is None or header.strip() == "*":
        return None
    version = version_of(header)
    if version is None:
        message = _('If-Match takes the ETag of the ticket as it was given, such as "7".')
        raise InvalidInput(message, code="bad_if_match", fields={"If-Match": message})
    return version
