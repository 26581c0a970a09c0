"""Which playbook fits a ticket, and why: by its category, then by the words of the complaint."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from agents_ops.playbook.parts import Playbook
from helpdesk.common.wording import gettext as _
from tickets.catalogue import category_name
from tickets.models import Ticket
from tickets.said import contains_words


@dataclass(frozen=True)
class Suggestion:
    """`words`: those of the complaint that speak for it."""

    playbook: Playbook
    why: str
    words: tuple[str, ...]


def suggestions_for(ticket: Ticket, playbooks: Mapping[str, Playbook]) -> list[Suggestion]:
    """The best first: more words that stand in the complaint, a phrase counts as its words; then the
    order of the document."""
    text = f"{ticket.subject}\n{ticket.description}"
    found = [
        _suggestion(ticket, each, contains_words(text, each.words))
        for each in playbooks.values()
        if ticket.category and ticket.category in each.categories
    ]
    return sorted(found, key=lambda each: -len(" ".join(each.words).split()))


def suggestion_for(ticket: Ticket, playbooks: Mapping[str, Playbook]) -> Suggestion | None:
    return next(iter(suggestions_for(ticket, playbooks)), None)


def _suggestion(ticket: Ticket, playbook: Playbook, words: list[str]) -> Suggestion:
    category = category_name(ticket.category)
    if words:
        why = _("Category %(category)s; the complaint says: %(words)s.")
        return Suggestion(
            playbook, why % {"category": category, "words": ", ".join(words)}, tuple(words)
        )
    return Suggestion(playbook, _("Category %(category)s.") % {"category": category}, ())
