from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from helpdesk.common.drafting import Problem
from helpdesk.common.wording import gettext as _
from sla.policy_check.problems import whole

MAX_LEVELS = 5


def check_percents(path: str, levels: Any) -> Iterator[Problem]:
    """Warning levels: each between 1 and 99, rising."""
    if not isinstance(levels, list) or not all(whole(p) and 1 <= p <= 99 for p in levels):
        yield Problem(path, _("Warning levels are whole numbers from 1 to 99."))
    elif any(a >= b for a, b in pairwise(levels)):
        yield Problem(path, _("Warning levels rise: each is higher than the one before."))
    elif len(levels) > MAX_LEVELS:
        yield Problem(
            path, _("At most %(most)s warning levels are possible.") % {"most": MAX_LEVELS}
        )
