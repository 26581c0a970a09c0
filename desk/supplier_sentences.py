"""What happened with the systems and suppliers behind an agent's case, in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from agents_ops.lookup_words import RESULTS, SYSTEM_NAMES, TROUBLES
from agents_ops.models import PlaybookSet, SupplierComplaint
from helpdesk.common.durations import wib_text
from people.commerce import Trouble
from tickets.models import EventKind

Data = dict[str, Any]


def _looked_up(data: Data, names: Any) -> str:
    words = {"system": SYSTEM_NAMES[data["system"]]}
    if data["trouble"]:
        trouble = words | {"trouble": TROUBLES[Trouble(data["trouble"])]}
        return _("Looked up, %(system)s: %(trouble)s") % trouble
    words |= {"result": RESULTS[data["result"]]}
    if data["by_hand"]:
        return _("Checked by hand, %(system)s: %(result)s") % words
    return _("Looked up, %(system)s: %(result)s") % words


def _told(data: Data, names: Any) -> str:
    words = {
        "complaint": _("Complaint to the supplier: %(about)s"),
        "follow_up": _("Supplier asked again: %(about)s"),
        "hard": _("Hard complaint to the supplier: %(about)s"),
    }
    about = SupplierComplaint.About(data["about"]).label
    return words[data["kind"]] % {"about": about}


def _answered(data: Data, names: Any) -> str:
    return _("The supplier answered: %(result)s") % {"result": RESULTS[data["result"]]}


def _blocked(data: Data, names: Any) -> str:
    by_hand = _("Agent's account blocked by hand")
    return by_hand if data["by_hand"] else _("Agent's account blocked by the server")


def _issued(data: Data, names: Any) -> str:
    rows = {"rows": data["rows"]}
    return _("Official transaction log made, transactions: %(rows)s") % rows


def _standard(sentence: str) -> Callable[[Data, Any], str]:
    def told(data: Data, names: Any) -> str:
        script = PlaybookSet.known(data["rules"]).playbooks[data["playbook"]]
        step = script.by_code.get(data["step"])
        due = wib_text(datetime.fromisoformat(data["due_at"]))
        return str(_(sentence) % {"step": step.title if step else "", "due": due})

    return told


SUPPLIERS: dict[str, Callable[[Data, Any], str]] = {
    EventKind.LOOKED_UP: _looked_up,
    EventKind.SUPPLIER_TOLD: _told,
    EventKind.SUPPLIER_ANSWERED: _answered,
    EventKind.ACCOUNT_BLOCKED: _blocked,
    EventKind.LOG_ISSUED: _issued,
    EventKind.LOG_DOWNLOADED: lambda d, n: _("Official transaction log downloaded"),
    EventKind.STANDARD_NEARS: _standard(
        gettext_noop("Time standard nearly used up: %(step)s, due %(due)s")
    ),
    EventKind.STANDARD_MISSED: _standard(
        gettext_noop("Time standard missed: %(step)s, due %(due)s")
    ),
}
ICONS: dict[str, str] = {
    EventKind.LOOKED_UP: "search",
    EventKind.SUPPLIER_TOLD: "send",
    EventKind.SUPPLIER_ANSWERED: "chat",
    EventKind.ACCOUNT_BLOCKED: "ban",
    EventKind.LOG_ISSUED: "doc",
    EventKind.LOG_DOWNLOADED: "doc",
    EventKind.STANDARD_NEARS: "t80",
    EventKind.STANDARD_MISSED: "late",
}
