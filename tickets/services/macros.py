"""Macros: kept, changed, put away, and sent with everything that they do, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction

from helpdesk.common import clock
from helpdesk.common.errors import Conflict, InvalidInput, NotAllowed
from helpdesk.common.placeholders import unknown_names
from helpdesk.common.text import clean_text
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from people.models import Team, User
from tickets.catalogue import known_category
from tickets.macro_reads import macro_for_actor_or_404, may_change, may_keep
from tickets.macro_words import NAMES, fill, unfilled
from tickets.models import Macro, MacroUse, Message, Ticket
from tickets.services.attachments import SentFile
from tickets.services.changes import lock_ticket
from tickets.services.classification import reclassify_ticket
from tickets.services.closing import ask_confirmation, close_ticket
from tickets.services.conversation import add_internal_note, reply_to_customer
from tickets.services.handling import assign_ticket
from tickets.states import OPEN_STATES, Confirmation, Priority

MAX_NAME = 80
MAX_BODY = 10_000
MAX_FORM_TEXT = 5_000
THEN = ("wait", "confirm", "close")
CLOSING = ("confirm", "close")
EFFECTS = frozenset(
    {"take", "priority", "category", "then", "root_cause", "solution", "confirmation"}
)


@dataclass(frozen=True)
class MacroDraft:
    """What a macro is to be. `scope`: own, all, or the code of a team."""

    name: str
    kind: str
    body: str
    body_en: str = ""
    scope: str = "own"
    effects: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic
def create_macro(*, actor: Actor, draft: MacroDraft) -> Macro:
    """Raises NotAllowed (not one's own, and not leading), InvalidInput, Conflict (name is taken)."""
    person = actor.require_person("work_ticket")
    macro = Macro(**_checked(draft, actor, person), changed_by=person, changed_at=clock.now())
    _save(macro)
    return macro


@transaction.atomic
def change_macro(
    *, actor: Actor, macro_id: int, draft: MacroDraft, expected_version: int | None = None
) -> Macro:
    """As create_macro; Conflict as well when somebody changed it since the actor looked."""
    person = actor.require_person("work_ticket")
    macro = _locked(actor, macro_id, expected_version)
    for name, value in _checked(draft, actor, person).items():
        setattr(macro, name, value)
    macro.version += 1
    macro.changed_by, macro.changed_at = person, clock.now()
    _save(macro)
    return macro


@transaction.atomic
def archive_macro(*, actor: Actor, macro_id: int, expected_version: int | None = None) -> Macro:
    """Offered no more; what was sent with it keeps pointing to it."""
    person = actor.require_person("work_ticket")
    macro = _locked(actor, macro_id, expected_version)
    macro.version += 1
    macro.archived_at = macro.changed_at = clock.now()
    macro.changed_by = person
    macro.save()
    return macro


def load_macros(rows: Sequence[Mapping[str, Any]]) -> int:
    """Everybody's macros of the reference data; one that people changed or put away stays so.

    Returns how many are new.
    """
    shared = Macro.objects.filter(team=None, owner=None)
    known = set(shared.values_list("name", flat=True))
    now = clock.now()
    fresh = [Macro(**row, changed_at=now) for row in rows if row["name"] not in known]
    return len(Macro.objects.bulk_create(fresh))


@transaction.atomic
def send_macro(
    *,
    actor: Actor,
    ticket_id: int,
    macro_id: int,
    body: str,
    kind: str = "",
    files: Sequence[SentFile] = (),
    wait_for_customer: bool = False,
    submission_key: str = "",
    expected_version: int | None = None,
    seen: int | None = None,
) -> Message:
    """Send `body` (the macro's words as the officer left them), then do what the macro does.

    All of it or nothing. The same `submission_key` again does nothing more. `kind` is the kind of
    message that the sender means: a note must never become a reply. Raises Http404 for a macro that
    the actor may not use, and whatever its message and its steps raise.
    """
    person = actor.require_person("work_ticket")
    macro = macro_for_actor_or_404(actor, macro_id)
    if kind and kind != macro.kind:
        raise InvalidInput(
            _("This macro is of another kind: a note never becomes a reply."), code="macro_kind"
        )
    require_filled(body)
    said: dict[str, Any] = {
        "actor": actor,
        "ticket_id": ticket_id,
        "body": body,
        "files": files,
        "submission_key": submission_key,
        "expected_version": expected_version,
    }
    then = macro.effects.get("then")
    if macro.kind == Macro.Kind.REPLY:
        wait = wait_for_customer or then == "wait"
        message = reply_to_customer(**said, seen=seen, wait_for_customer=wait)
    else:
        message = add_internal_note(**said)
    if MacroUse.objects.filter(message=message).exists():
        return message
    MacroUse.objects.create(macro=macro, message=message, user=person, at=message.sent_at)
    _take_effect(macro, lock_ticket(ticket_id), actor, person)
    return message


def _take_effect(macro: Macro, ticket: Ticket, actor: Actor, person: User) -> None:
    """The steps in the only order in which each is still possible; those already true are skipped."""
    effects = macro.effects
    step: dict[str, Any] = {"actor": actor, "ticket_id": ticket.pk}
    if effects.get("take") and ticket.state in OPEN_STATES and ticket.assignee_id != person.pk:
        assign_ticket(**step, assignee=person)
    wanted: dict[str, Any] = {
        "category": effects.get("category") or ticket.category,
        "priority": effects.get("priority") or ticket.priority,
    }
    if wanted != {"category": ticket.category, "priority": ticket.priority}:
        reason = _("By the macro '%(name)s'.") % {"name": macro.name}
        reclassify_ticket(**step, **wanted, queue=ticket.queue, reason=reason)
    then = effects.get("then")
    if then in CLOSING:
        form: dict[str, Any] = {
            name: fill(effects[name], ticket, person).text for name in ("root_cause", "solution")
        }
        if then == "confirm":
            ask_confirmation(**step, **form)
        else:
            close_ticket(**step, **form, confirmation=effects["confirmation"])


def require_filled(body: str) -> None:
    """Raises InvalidInput ("placeholder_left"): such a text must not reach a customer."""
    if missing := unfilled(body):
        message = _("Fill in what stands in braces before you send: %(names)s.") % {
            "names": ", ".join(f"{{{name}}}" for name in missing)
        }
        raise InvalidInput(message, code="placeholder_left", fields={"body": message})


def _locked(actor: Actor, macro_id: int, expected: int | None) -> Macro:
    """The macro, locked. Raises Http404 where the actor may not even use it."""
    macro_for_actor_or_404(actor, macro_id)
    macro = Macro.objects.select_for_update().get(pk=macro_id)
    if not may_change(actor, macro):
        raise NotAllowed(_("This macro is changed by those who lead its team."))
    if macro.archived_at or (expected is not None and expected != macro.version):
        raise Conflict(_("Somebody else changed this macro a moment ago. Look at it again."))
    return macro


def _save(macro: Macro) -> None:
    try:
        with transaction.atomic():
            macro.save()
    except IntegrityError as error:
        message = _("There is a macro of this name already.")
        raise Conflict(message, code="name_taken", fields={"name": message}) from error


def _checked(draft: MacroDraft, actor: Actor, person: User) -> dict[str, Any]:
    """The fields of the row. Raises InvalidInput with each problem at its field; NotAllowed."""
    problems: dict[str, Any] = {}
    name = clean_text(draft.name, field="name", max_length=MAX_NAME)
    texts = {
        field: clean_text(getattr(draft, field), field=field, max_length=MAX_BODY, multiline=True)
        for field in ("body", "body_en")
    }
    if not name:
        problems["name"] = _("Give it a name.")
    if not texts["body"]:
        problems["body"] = _("Write the text.")
    if draft.kind not in Macro.Kind.values:
        problems["kind"] = _("This value is not known.")
    effects, wrong = _checked_effects(draft)
    problems |= wrong
    written = texts | {part: effects.get(part, "") for part in ("root_cause", "solution")}
    for part, text in written.items():
        if unknown := unknown_names(text, NAMES):
            message = _("These words in brackets are not known: %(names)s.")
            problems.setdefault(part, message % {"names": ", ".join(unknown)})
    team, owner = _scope(draft.scope, person, problems)
    if problems:
        raise InvalidInput(_("Please mend the marked fields."), fields=problems)
    if not may_keep(actor, team_id=team.pk if team else None, owner_id=owner.pk if owner else None):
        raise NotAllowed(_("Macros of a team are kept by those who lead it."))
    return {
        "name": name,
        "kind": draft.kind,
        **texts,
        "effects": effects,
        "team": team,
        "owner": owner,
    }


def _scope(scope: str, person: User, problems: dict[str, Any]) -> tuple[Team | None, User | None]:
    if scope in ("own", "all"):
        return None, person if scope == "own" else None
    team = Team.objects.filter(code=scope).first()
    if team is None:
        problems["scope"] = _("There is no such team.")
    return team, None


def _checked_effects(draft: MacroDraft) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is left of the effects once the empty ones are dropped, and each problem by field."""
    effects = {
        name: value for name, value in draft.effects.items() if value not in ("", None, False)
    }
    problems: dict[str, Any] = {}
    unknown = _("This value is not known.")
    known = {
        "take": lambda value: value is True,
        "priority": lambda value: value in Priority.values,
        "category": lambda value: isinstance(value, str) and known_category(value),
        "then": lambda value: value in THEN,
        "confirmation": lambda value: value in Confirmation.values,
    }
    for name, value in effects.items():
        if name not in EFFECTS or (name in known and not known[name](value)):
            problems[name] = unknown
    then = effects.get("then")
    if then and draft.kind == Macro.Kind.NOTE:
        problems["then"] = _("A note neither waits for the customer nor closes the ticket.")
    for name in ("root_cause", "solution"):
        text = effects.get(name, "")
        effects[name] = clean_text(text, field=name, max_length=MAX_FORM_TEXT, multiline=True)
        if then in CLOSING and not effects[name]:
            problems[name] = _("This part of the closing form is needed.")
    if then == "close" and "confirmation" not in effects:
        problems["confirmation"] = _("Say what the customer answered.")
    if then not in CLOSING:
        effects.pop("root_cause")
        effects.pop("solution")
    if then != "close":
        effects.pop("confirmation", None)
    return effects, problems
