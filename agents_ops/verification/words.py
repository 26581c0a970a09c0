"""Verification in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import get_language

from agents_ops.models import AgentLock, AgentRules
from agents_ops.verification.comparing import Forgiven
from helpdesk.common.durations import wib_text
from helpdesk.common.wording import gettext as _


def named(names: Any, code: str = "") -> str:
    """A name of the rules in the reader's language."""
    language = "en" if (get_language() or "id").startswith("en") else "id"
    return str(names.get(language) or code)


def point_names(codes: Iterable[str]) -> str:
    """In the order of the rules; one that they no longer have keeps its code."""
    points, wanted = AgentRules.in_force().book.points, set(codes)
    known = [named(points[code].names) for code in points if code in wanted]
    return ", ".join([*known, *sorted(wanted - set(points))])


def forgiven_words(codes: Iterable[str]) -> str:
    """'let pass: spacing, titles'; empty for none."""
    names = [str(Forgiven(code).label) for code in codes if code in Forgiven.values]
    return str(_("let pass: %(what)s") % {"what": ", ".join(names)}) if names else ""


def locked_words(lock: AgentLock) -> Any:
    return _(
        "%(wrong)s wrong answers: requests of this agent are locked until %(until)s. "
        "The fraud team was told."
    ) % {"wrong": lock.wrong, "until": wib_text(lock.until)}
