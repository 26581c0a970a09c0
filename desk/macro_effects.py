"""What sending a macro does beside its words, said before it is sent."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tickets.catalogue import category_name
from tickets.models import Macro
from tickets.states import Priority


def effects_in_words(macro: Macro) -> list[str]:
    effects = macro.effects
    said = []
    if effects.get("take"):
        said.append(_("takes the ticket"))
    if category := effects.get("category"):
        said.append(_("category: %(name)s") % {"name": category_name(category)})
    if priority := effects.get("priority"):
        said.append(_("priority: %(name)s") % {"name": Priority(priority).label})
    then = {
        "wait": _("waits for the customer"),
        "confirm": _("asks the customer to confirm"),
        "close": _("closes the ticket"),
    }
    if step := effects.get("then"):
        said.append(then[step])
    return said
