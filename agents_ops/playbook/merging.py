"""Bringing a draft's changes onto a version that others published meanwhile: playbook by playbook."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

Body = dict[str, Any]


def merged(base: Body, mine: Body, theirs: Body) -> Body:
    """`theirs`, with each playbook that `mine` changed, added or removed since `base`."""
    before, own, found = _by_code(base), _by_code(mine), _by_code(theirs)
    for code in {**before, **own}:
        if own.get(code) == before.get(code):
            continue
        if code in own:
            found[code] = deepcopy(own[code])
        else:
            found.pop(code, None)
    return {**theirs, "playbooks": list(found.values())}


def _by_code(body: Body) -> dict[str, Body]:
    return {row["code"]: row for row in body["playbooks"]}
