"""What people have begun to write, kept on the server: one for each person, ticket and mode."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from bahasa.secrets import mask_secrets
from helpdesk.common import clock
from helpdesk.common.errors import Conflict, InvalidInput
from helpdesk.common.text import clean_text
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from people.models import User
from tickets.macro_reads import macros_for
from tickets.models import Draft, KeptFile, Message, OutgoingReply
from tickets.selectors import ticket_id_for_actor_or_404
from tickets.services.attachments import discard_kept
from tickets.services.changes import lock_ticket
from tickets.services.conversation import MAX_BODY, add_internal_note
from tickets.services.macros import send_macro

STALE = "draft_stale"


@transaction.atomic
def save_draft(
    *,
    actor: Actor,
    number: str,
    mode: str,
    body: str,
    waiting: bool = False,
    macro_id: int | None = None,
    expected_version: int | None = None,
) -> Draft | None:
    """Keep the text as it stands now; an empty one keeps nothing, unless files go with it.

    `expected_version` is the one that the writer last saw (0: none); without it the last one wins.
    Raises Conflict ("draft_stale") when another page has saved or sent it since, Http404, NotAllowed,
    InvalidInput. Secrets are masked.
    """
    person, ticket_id = _whose(actor, number, mode)
    text = clean_text(body, field="body", max_length=MAX_BODY, multiline=True)
    draft = _locked(person, ticket_id, mode)
    if expected_version not in (None, draft.version if draft else 0):
        raise _stale()
    if not text and not _files(person, ticket_id, mode).exists():
        if draft is not None:
            draft.delete()
        return None
    draft = draft or Draft(user=person, ticket_id=ticket_id, mode=mode)
    draft.body, draft.waiting = mask_secrets(text).text, waiting
    known = macro_id is not None and macros_for(actor).filter(pk=macro_id).exists()
    draft.macro_id = macro_id if known else None
    return _saved(draft)


@transaction.atomic
def discard_draft(
    *, actor: Actor, number: str, mode: str, expected_version: int | None = None
) -> None:
    """Throw it away with its files. Nothing there is no mistake. Raises as save_draft."""
    person, ticket_id = _whose(actor, number, mode)
    lock_ticket(ticket_id, reply_leaves=False)
    draft = _locked(person, ticket_id, mode)
    if draft is not None and expected_version not in (None, draft.version):
        raise _stale()
    drop_draft(person, ticket_id, mode)


@transaction.atomic
def send_note(*, actor: Actor, ticket_id: int, macro_id: int | None = None, **said: Any) -> Message:
    """An internal note from the composer: its draft ends with it. Raises as the two that it calls."""
    person = actor.require_person("work_ticket")
    if macro_id is None:
        message = add_internal_note(actor=actor, ticket_id=ticket_id, **said)
    else:
        kind = Message.Kind.NOTE
        message = send_macro(actor=actor, ticket_id=ticket_id, macro_id=macro_id, kind=kind, **said)
    drop_draft(person, ticket_id, Draft.Mode.NOTE)
    return message


def drop_draft(person: User, ticket_id: int, mode: str) -> None:
    """The draft of what has just been sent, and files of it that did not go along. Call under the
    ticket's lock: what a reply takes along at this very moment is the draft's no longer."""
    Draft.objects.filter(user=person, ticket_id=ticket_id, mode=mode).delete()
    discard_kept(list(_files(person, ticket_id, mode)))


def put_back_draft(outgoing: OutgoingReply) -> Draft:
    """A reply that did not leave stands in the composer again, before what was begun since."""
    draft = _locked(outgoing.author, outgoing.ticket_id, Draft.Mode.REPLY)
    if draft is None:
        draft = Draft(user=outgoing.author, ticket_id=outgoing.ticket_id, mode=Draft.Mode.REPLY)
    since = draft.body.strip()
    draft.body = f"{outgoing.body}\n\n{since}" if since else outgoing.body
    draft.waiting, draft.macro_id = outgoing.waiting, outgoing.macro_id
    outgoing.files.update(outgoing=None)
    return _saved(draft)


def files_of_draft(draft: Draft) -> list[KeptFile]:
    return list(_files(draft.user, draft.ticket_id, draft.mode))


def _files(person: User, ticket_id: int, mode: str) -> QuerySet[KeptFile]:
    files = KeptFile.objects.filter(user=person, ticket_id=ticket_id, outgoing=None)
    return files if mode == Draft.Mode.REPLY else files.none()


def _whose(actor: Actor, number: str, mode: str) -> tuple[User, int]:
    person = actor.require_person("work_ticket")
    ticket_id = ticket_id_for_actor_or_404(actor, number)
    if mode not in Draft.Mode.values:
        message = _("This value is not known.")
        raise InvalidInput(message, fields={"mode": message})
    return person, ticket_id


def _locked(person: User, ticket_id: int, mode: str) -> Draft | None:
    rows = Draft.objects.select_for_update(of=("self",))
    return rows.filter(user=person, ticket_id=ticket_id, mode=mode).first()


def _saved(draft: Draft) -> Draft:
    """With a higher version than any before, also than one that was thrown away."""
    draft.saved_at = clock.now()
    draft.version = max((draft.version or 0) + 1, int(draft.saved_at.timestamp() * 1000))
    try:
        with transaction.atomic():
            draft.save()
    except IntegrityError as error:
        raise _stale() from error
    return draft


def _stale() -> Conflict:
    return Conflict(
        _("This draft was changed or sent on another page. Look at that one first."), code=STALE
    )
