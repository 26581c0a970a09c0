"""What the ticket page offers to do."""

from __future__ import annotations

from dataclasses import dataclass

from desk.actions import Action
from desk.forms import TicketForm
from desk.verb import Verb


@dataclass(frozen=True)
class Offer:
    """A verb as the page offers it: one press, a dialog, an own page, or locked (`missing`).

    `form` is there where the dialog stands open; else it is fetched when it opens.
    """

    action: Action
    verb: Verb | None
    form: TicketForm | None
    url: str
    opened: bool

    @property
    def name(self) -> str:
        return self.action.verb
