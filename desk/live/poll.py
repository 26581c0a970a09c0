"""The same news by a plain request, for pages that have no stream at the moment."""

from __future__ import annotations

from threading import Lock
from typing import Any

from desk.live.feed import Watermark
from desk.live.hub import RESET, missed
from desk.live.readers import Reader
from people.models import User

_mark, _one_at_a_time = Watermark(), Lock()


def news_since(user: User, since: int | None) -> dict[str, Any]:
    """As a stream would tell it, with the `id` to ask after next. The same event may come again
    while an older one is still being written: readers leave out what they had."""
    with _one_at_a_time:
        _mark.look()
        safe, highest = _mark.safe, _mark.highest
    if since is None or since > highest:
        return {"id": safe, **RESET}
    return {"id": max(since, safe), **missed(Reader(user), since)}
