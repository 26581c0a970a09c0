"""A change of the escalation matrix, one part at a time, as the API reads it."""

from __future__ import annotations

from typing import Any

from escalation.models import EscalationMatrix
from escalation.services.publishing import Body, with_row, with_trigger
from helpdesk.common.errors import InvalidInput
from helpdesk.common.inputs import InputSerializer, Several, Text, WholeNumber
from helpdesk.common.wording import gettext as _

MAX_WORDS = 100


def _words() -> Several:
    return Several(child=Text(max_length=60), required=False, max_length=MAX_WORDS)


class SignalInput(InputSerializer):
    kind = Several(child=Text(max_length=60), max_length=MAX_WORDS)
    at_least = WholeNumber()
    within_hours = WholeNumber()


class ConditionInput(InputSerializer):
    """All that is asked must hold; what is absent is not asked."""

    category = _words()
    except_category = _words()
    queue = _words()
    priority = _words()
    channel = _words()
    tier = _words()
    reporter = _words()
    amount_more_than = WholeNumber(required=False, help_text="Whole rupiah.")
    age_more_than_days = WholeNumber(required=False)
    signal = SignalInput(required=False)


class TriggerInput(InputSerializer):
    """See the matrix: `team` gets the ticket, `alert` is told, `priority` is raised to."""

    code = Text(max_length=60)
    name_id = Text(max_length=200)
    name_en = Text(max_length=200)
    when = ConditionInput()
    team = Text(required=False, max_length=60)
    alert = Text(required=False, max_length=60)
    priority = Text(required=False, max_length=60)
    level = WholeNumber(required=False)
    form = Text(required=False, max_length=60)
    opens = Text(required=False, max_length=60)
    source = Text(required=False, max_length=120)  # type: ignore[assignment]


class RowInput(InputSerializer):
    category = Text(max_length=60)
    levels = Several(child=Text(max_length=60), max_length=3, min_length=3)
    team = Text(required=False, max_length=60)


class MatrixChange(InputSerializer):
    """Exactly one of the three parts."""

    trigger = TriggerInput(required=False, help_text="In the place of the one with its code.")
    remove_trigger = Text(required=False, max_length=60, help_text="Code of a trigger.")
    row = RowInput(required=False)


class MatrixPublication(MatrixChange):
    note = Text(max_length=200, help_text="What changes and why.")
    base_version = WholeNumber(min_value=1, help_text="The version that the change is made from.")
    seen = Text(max_length=64, help_text="As the preview of this change answered.")


def changed_body(matrix: EscalationMatrix, values: dict[str, Any]) -> Body:
    """Raises InvalidInput unless exactly one part is given, and for a trigger that is not there."""
    parts = [name for name in ("trigger", "remove_trigger", "row") if name in values]
    if len(parts) != 1:
        raise InvalidInput(_("Send one of these: trigger, remove_trigger, row."), code="one_part")
    known = {row["code"] for row in matrix.body["triggers"]}
    if row := values.get("row"):
        row = dict(row)
        return with_row(matrix.body, row.pop("category"), row)
    if code := values.get("remove_trigger"):
        if code not in known:
            message = _("There is no trigger with this code.")
            raise InvalidInput(message, fields={"remove_trigger": message})
        return with_trigger(matrix.body, code, None)
    trigger = {**values["trigger"], "when": _plain(values["trigger"]["when"])}
    code = trigger["code"]
    return with_trigger(matrix.body, code if code in known else "", trigger)


def _plain(when: Any) -> dict[str, Any]:
    found = dict(when)
    return found | {"signal": dict(found["signal"])} if "signal" in found else found
