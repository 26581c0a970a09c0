"""The connector that the settings name, and its answers kept for a moment."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict
from functools import cache

from django.conf import settings
from django.core.cache import cache as kept
from django.utils.crypto import salted_hmac

from people.commerce.connector import CommerceConnector, CommerceUnavailable, Trouble
from people.commerce.demo import DemoConnector
from people.commerce.http import HttpConnector
from people.commerce.records import Records, Who

logger = logging.getLogger(__name__)
KEPT_SECONDS = 45
SHAPE = 1  # of what is kept; another number forgets the old ones


@cache
def connector() -> CommerceConnector | None:
    """As COMMERCE_CONNECTOR says; None where it is `none`. One for each process."""
    if settings.COMMERCE_CONNECTOR == "http":
        return HttpConnector(
            settings.COMMERCE_URL,
            settings.COMMERCE_TOKEN,
            seconds=settings.COMMERCE_TIMEOUT_MS / 1000,
        )
    return DemoConnector() if settings.COMMERCE_CONNECTOR == "demo" else None


def look_up(who: Who) -> Records:
    """The records of `who`, at most KEPT_SECONDS old. Raises CommerceUnavailable.

    Whether the reader may see them is the caller's to check before.
    """
    asked = connector()
    if asked is None:
        raise CommerceUnavailable(Trouble.OFF)
    key = _key(who)
    found = kept.get(key)
    if isinstance(found, Records):
        return found
    try:
        found = asked.records_of(who)
    except CommerceUnavailable as error:
        logger.warning("commerce connector: %s", error.trouble.value)
        raise
    kept.set(key, found, KEPT_SECONDS)
    return found


def _key(who: Who) -> str:
    """Keyed: from a plain digest somebody's address could be guessed."""
    words = json.dumps(asdict(who), sort_keys=True)
    digest = salted_hmac("people.commerce", words, algorithm="sha256").hexdigest()
    return f"commerce:{SHAPE}:{digest}"
