"""Events of tickets that belong together, in words (a part of `desk.sentences`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from desk.joined import kind_words
from tickets.models import EventKind

Data = dict[str, Any]


def _link(data: Data) -> str:
    """How it reads from the ticket whose event it is."""
    return str(kind_words(data.get("link", ""), forward=data.get("way") == "to"))


JOINING: dict[str, Callable[[Data, Any], str]] = {
    EventKind.MERGED: lambda d, n: (
        _("Closed as a duplicate, merged into %(number)s") % {"number": d.get("number")}
    ),
    EventKind.ABSORBED: lambda d, n: (
        _("Merged in here: %(numbers)s") % {"numbers": ", ".join(d.get("numbers", ()))}
    ),
    EventKind.UNMERGED: lambda d, n: (
        _("Merge into %(number)s undone") % {"number": d.get("number")}
    ),
    EventKind.SPLIT: lambda d, n: (
        _("A part of it was split off: %(number)s") % {"number": d.get("number")}
    ),
    EventKind.SPLIT_OFF: lambda d, n: _("Split off from %(number)s") % {"number": d.get("number")},
    EventKind.LINKED: lambda d, n: (
        _("Linked: %(words)s %(number)s") % {"words": _link(d), "number": d.get("number")}
    ),
    EventKind.UNLINKED: lambda d, n: (
        _("Link removed: %(words)s %(number)s") % {"words": _link(d), "number": d.get("number")}
    ),
    EventKind.NOT_DUPLICATE: lambda d, n: (
        _("Not the same problem as %(number)s") % {"number": d.get("number")}
    ),
    EventKind.WATCHED: lambda d, n: (
        _("%(person)s was asked to watch") % {"person": n.person(d.get("to"))}
    ),
    EventKind.SEPARATED: lambda d, n: (
        _("Merge undone: %(number)s goes on by itself") % {"number": d.get("number")}
    ),
}
