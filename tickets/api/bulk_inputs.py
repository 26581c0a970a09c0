"""What callers may send about many tickets at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from helpdesk.common.inputs import (
    Choice,
    InputSerializer,
    Instant,
    Several,
    Text,
    WholeNumber,
    YesNo,
)
from helpdesk.common.paging import PageQuery
from tickets.api.edge import person_of_id
from tickets.api.inputs import MAX_FORM_TEXT
from tickets.services import BULK_MOST, JOB_MOST, Order, bulk_verbs
from tickets.services.reports import MAX_TEXT
from tickets.services.tagging import MOST
from tickets.states import Confirmation

VERBS = [(verb, verb) for verb in bulk_verbs()]
TYPED = 40
WORDS = {"required": False, "allow_blank": True, "max_length": MAX_FORM_TEXT}


class BulkParts(InputSerializer):
    """The verb and what it needs; what another verb asks for is not looked at."""

    verb = Choice(choices=VERBS)
    assignee = WholeNumber(
        required=False, min_value=1, max_value=2**31, help_text="A person's id, for `assign`."
    )
    reason = Text(
        required=False,
        allow_blank=True,
        default="",
        max_length=MAX_FORM_TEXT,
        help_text="Needed for `hold`, `pull_forward` and `escalate`.",
    )
    until = Instant(required=False, help_text="Needed for `hold`.")
    tags = Several(
        required=False,
        child=Text(max_length=TYPED),
        max_length=MOST,
        help_text="Needed for `tag` and `untag`: labels or slugs.",
    )
    body = Text(
        required=False,
        allow_blank=True,
        max_length=MAX_TEXT,
        help_text="For `reply`; placeholders such as {customer_name} are filled in for each ticket.",
    )
    macro = WholeNumber(
        required=False,
        min_value=1,
        max_value=2**62,
        help_text="For `reply`: what the macro does is done; its words are sent without `body`.",
    )
    wait_for_customer = YesNo(required=False, help_text="For `reply`.")
    root_cause = Text(**WORDS, help_text="Needed for `close`.")
    solution = Text(**WORDS, help_text="Needed for `close`.")
    confirmation = Choice(
        required=False, choices=Confirmation.choices, help_text="Needed for `close`."
    )
    to_team = Text(
        required=False, allow_blank=True, max_length=40, help_text="Needed for `escalate`: a code."
    )
    summary = Text(
        **WORDS, help_text="For `escalate`; absent: the team's form, filled in from the record."
    )
    tried = Text(**WORDS, help_text="As `summary`.")
    evidence = Text(**WORDS, help_text="As `summary`.")
    wanted_outcome = Text(**WORDS, help_text="As `summary`.")
    target_at = Instant(required=False, help_text="For `escalate`; absent: the team's usual time.")


class BulkOrder(BulkParts):
    numbers = Several(child=Text(max_length=TYPED), allow_empty=False, max_length=BULK_MOST)


class NewBulkJob(BulkParts):
    numbers = Several(
        required=False, child=Text(max_length=TYPED), allow_empty=False, max_length=JOB_MOST
    )
    view = Text(
        required=False,
        max_length=60,
        help_text="Instead of `numbers`: all tickets of a view of the desk, `saved:7` or `mine`.",
    )
    search = Text(
        required=False, max_length=200, help_text="Instead of `numbers`: all that the search finds."
    )
    preview = YesNo(
        required=False,
        default=False,
        help_text="True: it is tried on each ticket, then waits for its confirmation.",
    )


class BulkResultQuery(PageQuery):
    outcome = Choice(
        required=False,
        choices=[(word, word) for word in ("refused", "left", "done")],
        help_text="Absent: all, in the order of the job.",
    )


FIELDS = ("verb", "assignee", "reason", "until")
BESIDE = ("numbers", "view", "search", "preview")


def order_of(values: Mapping[str, Any]) -> Order:
    """The order in what was read. Raises InvalidInput for an unknown person."""
    parts = {name: value for name, value in values.items() if name not in (*FIELDS, *BESIDE)}
    if "target_at" in parts:
        parts["target_at"] = parts["target_at"].isoformat()
    return Order(
        verb=values["verb"],
        assignee=person_of_id(values.get("assignee"), "assignee"),
        reason=values.get("reason", ""),
        until=values.get("until"),
        parts=parts,
    )
