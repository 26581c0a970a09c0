"""Given answers as people read them, and a step's reply with them filled in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from agents_ops.playbook.parts import Field, Playbook, Step
from agents_ops.states import FieldKind
from helpdesk.common.durations import wib_text
from helpdesk.common.masking import masked_phone
from helpdesk.common.money import idr_text
from helpdesk.common.placeholders import filled
from people.models import User
from tickets.macro_words import fill
from tickets.models import Ticket

SHOWN_DIGITS = 4


def shown_value(field: Field, value: Any, *, openly: bool) -> str:
    """A phone or an account number in full only for those who see contact data openly."""
    if field.kind == FieldKind.AMOUNT:
        return idr_text(value)
    if field.kind == FieldKind.DATETIME:
        return wib_text(datetime.fromisoformat(value))
    if field.kind == FieldKind.CHOICE:
        return dict(field.choices).get(value, str(value))
    if field.kind == FieldKind.PHONE and not openly:
        return masked_phone(value)
    if field.kind == FieldKind.ACCOUNT and not openly:
        return f"****{value[-SHOWN_DIGITS:]}"
    return str(value)


def reply_words(
    step: Step, playbook: Playbook, answers: Mapping[str, Any], ticket: Ticket, person: User
) -> str:
    """The step's reply for the customer. What is not known yet stays in its braces, to be seen."""
    if not step.reply:
        return ""
    fields = {each.code: each for one in playbook.steps for each in one.fields}
    own = {
        code: shown_value(fields[code], value, openly=False)
        for code, value in answers.items()
        if code in fields
    }
    return filled(fill(step.reply, ticket, person).text, own)
