"""What happened to a playbook, in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from agents_ops.models import PlaybookSet
from agents_ops.playbook.parts import Playbook
from agents_ops.states import Outcome
from helpdesk.common.durations import duration
from tickets.models import EventKind

Data = dict[str, Any]


def playbook_name(playbook: Playbook) -> str:
    """In the reader's language."""
    language = "en" if (get_language() or "id").startswith("en") else "id"
    return str(playbook.names[language])


def _named(data: Data) -> dict[str, str]:
    """The playbook and its step as the version called them that the run began with."""
    playbook = PlaybookSet.known(data["rules"]).playbooks[data["playbook"]]
    step = playbook.by_code.get(data.get("step", ""))
    return {"playbook": playbook_name(playbook), "step": step.title if step else ""}


def _step(data: Data, names: Any) -> str:
    words = _named(data) | {"time": duration(data["seconds"])}
    if data.get("standard") is None:
        return _("Step done: %(step)s, in %(time)s") % words
    words["standard"] = duration(data["standard"])
    return _("Step done: %(step)s, in %(time)s of %(standard)s") % words


def _ended(data: Data, names: Any) -> str:
    words = _named(data) | {"outcome": Outcome(data["outcome"]).label}
    return _("Playbook '%(playbook)s' finished: %(outcome)s") % words


PLAYBOOKS: dict[str, Callable[[Data, Any], str]] = {
    EventKind.PLAYBOOK_STARTED: lambda d, n: _("Playbook '%(playbook)s' started") % _named(d),
    EventKind.PLAYBOOK_STEP: _step,
    EventKind.PLAYBOOK_SKIPPED: lambda d, n: _("Step skipped: %(step)s") % _named(d),
    EventKind.PLAYBOOK_LEFT: lambda d, n: _("Playbook '%(playbook)s' left") % _named(d),
    EventKind.PLAYBOOK_ENDED: _ended,
}
