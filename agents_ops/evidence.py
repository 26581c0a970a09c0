"""The answers of a step: each read as what its field asks for, or refused with what is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils.dateparse import parse_datetime

from agents_ops.gates import fields_by_hand
from agents_ops.playbook.parts import Field, Step
from agents_ops.states import FieldKind
from helpdesk.common.contact import normalise_phone
from helpdesk.common.durations import WIB
from helpdesk.common.errors import InvalidInput
from helpdesk.common.money import MAX_AMOUNT
from helpdesk.common.text import clean_text
from helpdesk.common.wording import gettext as _
from tickets.models import Ticket
from tickets.services import clean_words

LONGEST = 2_000
MOST_STRANGE = 20
# Two people's clocks differ a little.
AHEAD = timedelta(minutes=2)
BEHIND = timedelta(days=3_650)
_AMOUNT = re.compile(r"(?i)(?:rp\.?\s*)?([0-9]{1,3}(?:\.[0-9]{3}){1,5}|[0-9]{1,16})")
_AGENT = re.compile(r"[A-Z0-9][A-Z0-9-]{2,19}")
_ACCOUNT = re.compile(r"[0-9]{6,20}")

Values = Mapping[str, Any]


def fields_of(step: Step) -> tuple[Field, ...]:
    """What the step asks for today: its own fields, and those that stand in for a missing gate."""
    return (*step.fields, *fields_by_hand(step))


def lacking(step: Step, values: Values) -> list[Field]:
    """The needed fields that have no answer."""
    return [each for each in fields_of(step) if each.required and _empty(values.get(each.code))]


def clean_values(step: Step, values: Values, ticket: Ticket, now: datetime) -> dict[str, Any]:
    """The answers as they are kept. Raises InvalidInput with a sentence for each wrong field."""
    fields = {each.code: each for each in fields_of(step)}
    strange = [name for name in values if name not in fields][:MOST_STRANGE]
    wrong: dict[str, Any] = {str(name)[:60]: _("This step has no such field.") for name in strange}
    kept: dict[str, Any] = {}
    for code, field in fields.items():
        given = values.get(code)
        if _empty(given):
            if field.required:
                wrong[code] = _("Needed: %(name)s.") % {"name": field.label}
            continue
        try:
            kept[code] = _READERS[field.kind](field, given, ticket, now)
        except InvalidInput as refusal:
            wrong[code] = refusal.message
    if wrong:
        message = _("Some answers are missing or cannot be right.")
        raise InvalidInput(message, code="evidence_lacking", fields=wrong)
    return kept


def _empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _text(field: Field, value: Any, ticket: Ticket, now: datetime) -> str:
    words = clean_words(value, field=field.code, max_length=LONGEST)
    return words or _refuse(_("Needed: %(name)s.") % {"name": field.label})


def _line(field: Field, value: Any) -> str:
    return clean_text(value, field=field.code, max_length=200)


def _number(field: Field, value: Any, ticket: Ticket, now: datetime) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        found = value
    else:
        text = _line(field, value)
        match = _AMOUNT.fullmatch(text)
        found = int(match[1].replace(".", "")) if match else -1
    if not 0 <= found <= MAX_AMOUNT:
        _refuse(_("Write a whole number, such as 1.500.000."))
    return found


def _moment(field: Field, value: Any, ticket: Ticket, now: datetime) -> str:
    """Without a zone it is WIB, as people write it."""
    try:
        found = parse_datetime(_line(field, value))
        if found is not None and found.tzinfo is None:
            found = found.replace(tzinfo=WIB)
        late = found is not None and found > now + AHEAD
    except (ValueError, OverflowError):
        found = None
    if found is None:
        _refuse(_("Write a date and a time, such as 2026-11-18 13:05."))
    if late:
        _refuse(_("This moment lies in the future."))
    if found is not None and now - found > BEHIND:
        _refuse(_("This moment lies too far back."))
    return str(found.isoformat()) if found else ""


def _choice(field: Field, value: Any, ticket: Ticket, now: datetime) -> str:
    if value not in [known for known, _label in field.choices]:
        _refuse(_("This value is not known."))
    return str(value)


def _phone(field: Field, value: Any, ticket: Ticket, now: datetime) -> str:
    return normalise_phone(_line(field, value))


def _agent(field: Field, value: Any, ticket: Ticket, now: datetime) -> str:
    return clean_agent_code(value, field.code)


def clean_agent_code(value: Any, field: str = "agent") -> str:
    """An agent's ID as it is kept: capitals without spaces. Raises InvalidInput."""
    text = clean_text(value, field=field, max_length=200).upper().replace(" ", "")
    if not _AGENT.fullmatch(text):
        _refuse(_("An agent ID has letters and digits, such as TP4410."))
    return text


def _account(field: Field, value: Any, ticket: Ticket, now: datetime) -> str:
    digits = re.sub(r"[\s.-]", "", _line(field, value))
    if not _ACCOUNT.fullmatch(digits):
        _refuse(_("An account number has 6 to 20 digits."))
    return digits


def _file(field: Field, value: Any, ticket: Ticket, now: datetime) -> str:
    key = _line(field, value)
    if not ticket.attachments.filter(key=key).exists():
        _refuse(_("Choose an attachment of this ticket."))
    return key


def _refuse(message: Any) -> Any:
    raise InvalidInput(message)


Reader = Callable[[Field, Any, Ticket, datetime], Any]
_READERS: dict[str, Reader] = {
    FieldKind.TEXT: _text,
    FieldKind.NUMBER: _number,
    FieldKind.AMOUNT: _number,
    FieldKind.DATETIME: _moment,
    FieldKind.CHOICE: _choice,
    FieldKind.PHONE: _phone,
    FieldKind.AGENT: _agent,
    FieldKind.ACCOUNT: _account,
    FieldKind.FILE: _file,
}
