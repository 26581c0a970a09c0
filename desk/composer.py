"""What stands in the box for replies and notes, and the reply that is about to leave."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from desk.case_file import CaseFile
from desk.forms import TicketForm
from desk.macro_effects import effects_in_words
from desk.offers import Offer
from people.actors import Actor
from people.models import User
from tickets.models import Draft, KeptFile, Macro, OutgoingReply

IN_COMPOSER = ("reply", "note")


@dataclass(frozen=True)
class Composer:
    """Reply and note share one box; a fresh `key` makes a double submit one message.

    `seen` is the last message on the page. `texts` and `versions` are those of the reader's drafts
    by mode; `other` is the mode that the box is not in.
    """

    reply: Offer | None
    note: Offer | None
    mode: str
    form: TicketForm | None
    seen: int
    texts: dict[str, str]
    versions: dict[str, int]
    waiting: bool
    macro: Macro | None
    kept: Sequence[KeptFile]
    key: str

    @property
    def may_reply(self) -> bool:
        return self.reply is not None and self.reply.action.allowed

    @property
    def text(self) -> str:
        """What was typed and refused, else the draft."""
        return str(self.form["body"].value() or "") if self.form else self.texts[self.mode]

    @property
    def other(self) -> str:
        return "note" if self.mode == "reply" else "reply"

    @property
    def other_text(self) -> str:
        return self.texts[self.other]

    @property
    def ticked(self) -> bool:
        return bool(self.form["waiting"].value()) if self.form else self.waiting

    @property
    def macro_does(self) -> str:
        return " · ".join(effects_in_words(self.macro)) if self.macro else ""


def composer(file: CaseFile, offers: list[Offer], bound: dict[str, TicketForm]) -> Composer:
    talk = {offer.name: offer for offer in offers if offer.name in IN_COMPOSER}
    reply = talk.get("reply")
    may_reply = reply is not None and reply.action.allowed
    failed = next((name for name in IN_COMPOSER if name in bound), "")
    drafts = {draft.mode: draft for draft in file.drafts}
    begun = next((draft.mode for draft in file.drafts if may_reply or draft.mode == "note"), "")
    mode = failed or begun or ("reply" if may_reply else "note")
    draft = drafts.get(mode)
    return Composer(
        reply=reply,
        note=talk.get("note"),
        mode=mode,
        form=bound.get(failed),
        seen=max((message.pk for message in file.messages), default=0),
        texts={each: _text(drafts.get(each)) for each in IN_COMPOSER},
        versions={each: drafts[each].version if each in drafts else 0 for each in IN_COMPOSER},
        waiting=draft.waiting if draft else False,
        macro=draft.macro if draft and not draft_macro_gone(draft) else None,
        kept=file.kept,
        key=uuid.uuid4().hex,
    )


def draft_macro_gone(draft: Draft) -> bool:
    return draft.macro is not None and draft.macro.archived_at is not None


def _text(draft: Draft | None) -> str:
    return draft.body if draft else ""


@dataclass(frozen=True)
class Leaving:
    """A reply that leaves in a moment; `mine`: the reader may take it back."""

    reply: OutgoingReply
    files: Sequence[KeptFile]
    mine: bool

    @property
    def author(self) -> User:
        return self.reply.author

    @property
    def at(self) -> datetime:
        return self.reply.leaves_at


def leaving(actor: Actor, file: CaseFile) -> Leaving | None:
    reply = next(iter(file.leaving), None)
    if reply is None:
        return None
    mine = actor.user is not None and reply.author_id == actor.user.pk
    return Leaving(reply=reply, files=file.leaving_files, mine=mine)
