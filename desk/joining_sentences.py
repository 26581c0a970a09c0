"""Events of tickets that belong together, in words (a part of `desk.sentences`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from tickets.models import EventKind

Data = dict[str, Any]

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
    EventKind.SEPARATED: lambda d, n: (
        _("Merge undone: %(number)s goes on by itself") % {"number": d.get("number")}
    ),
}
