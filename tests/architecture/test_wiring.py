"""What is armed is answered, what is told is heard (a rule that nothing executes is no rule)."""

from __future__ import annotations

import ast

from django.apps import apps

from agents_ops import timers as agents
from agents_ops.quality.timers import ANSWER_OVER, REVIEW
from agents_ops.services.approvals import APPROVAL_EXPIRES
from agents_ops.services.approvals import SUBJECT as APPROVAL
from escalation.services import follow_ups, freezing
from escalation.services.firing import AGE
from escalation.services.follow_ups import FOLLOW_UP, FOLLOW_UP_OVERDUE
from escalation.services.freezing import FREEZE_UNDECIDED
from escalation.services.targets import TARGET_MISSED, TARGET_NEARS
from escalation.services.waiting import FORMER_KINDS
from helpdesk.common.events import receivers_of
from seller_chat.enforcement_timers import (
    ACTION,
    ACTION_ENDS,
    APPEAL,
    APPEAL_DUE,
    POINTS_EXPIRE,
    VIOLATION,
)
from seller_chat.timers import CONVERSATION, REPLY_DUE, REPLY_WARNING, SHOP_SILENT
from sla.canary import CANARY
from sla.kinds import (
    ASSIGNMENT,
    CONFIRMATION,
    CUSTOMER_SILENT,
    HOLD_ENDS,
    REOPEN_WINDOW,
    REPLY_LEAVES,
)
from sla.models import Metric
from sla.services.firing_points import TICKET, timer_kind
from sla.timers import handler_of, known_kinds, locker_of
from tests.architecture.test_house_rules import calls, modules
from tickets import events
from tickets.events import TicketNews


def armed_kinds() -> set[str]:
    """Every kind that the code or the data can arm."""
    by_clock = {timer_kind(metric) for metric in Metric.values}
    by_waiting = {ASSIGNMENT, CONFIRMATION, CUSTOMER_SILENT, HOLD_ENDS, REOPEN_WINDOW, REPLY_LEAVES}
    by_waiting |= {
        CANARY,
        FOLLOW_UP,
        FOLLOW_UP_OVERDUE,
        FREEZE_UNDECIDED,
        TARGET_NEARS,
        TARGET_MISSED,
        REPLY_WARNING,
        REPLY_DUE,
        SHOP_SILENT,
        POINTS_EXPIRE,
        ACTION_ENDS,
        APPEAL_DUE,
        agents.SUPPLIER_DUE,
        agents.SUPPLIER_HARD,
        agents.SUPPLIER_FOLLOW_UP,
        agents.STEP_NEARS,
        agents.STEP_DUE,
        ANSWER_OVER,
        APPROVAL_EXPIRES,
    }
    # What an earlier version armed may still be waiting in a table.
    by_triggers = {AGE, *FORMER_KINDS}
    return by_triggers | by_clock | by_waiting


def test_every_kind_that_is_armed_has_a_handler() -> None:
    for kind in armed_kinds():
        assert callable(handler_of(kind)), kind
    shops = (VIOLATION, ACTION, APPEAL)
    cases = (agents.RUN, agents.COMPLAINT, REVIEW, APPROVAL)
    for subject in (TICKET, CONVERSATION, *shops, *cases, follow_ups.SUBJECT, freezing.SUBJECT):
        assert callable(locker_of(subject))


def test_every_handler_answers_something_that_is_armed() -> None:
    assert known_kinds() == armed_kinds()


def test_every_arm_names_a_known_kind() -> None:
    """Whoever arms a new kind adds it here and registers its handler."""
    named = {
        *(
            "ASSIGNMENT",
            "CONFIRMATION",
            "CUSTOMER_SILENT",
            "HOLD_ENDS",
            "REOPEN_WINDOW",
            "REPLY_LEAVES",
        ),
        *("FOLLOW_UP", "FOLLOW_UP_OVERDUE", "FREEZE_UNDECIDED", "AGE", "kind"),
        *("POINTS_EXPIRE", "ACTION_ENDS", "APPEAL_DUE", "APPROVAL_EXPIRES"),
        *("SUPPLIER_DUE", "SUPPLIER_HARD", "SUPPLIER_FOLLOW_UP", "STEP_NEARS", "STEP_DUE"),
        *("POINTS_EXPIRE", "ACTION_ENDS", "APPEAL_DUE", "ANSWER_OVER"),
    }
    for path, tree in modules().items():
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "arm":
                assert ast.unparse(call.args[0]) in named, f"{path}:{call.lineno}"


def test_news_of_the_tickets_is_heard_in_the_order_of_the_apps() -> None:
    order = [config.name for config in apps.get_app_configs()]
    for kind in vars(events).values():
        if isinstance(kind, type) and issubclass(kind, TicketNews) and kind is not TicketNews:
            heard_by = [order.index(r.__module__.split(".")[0]) for r in receivers_of(kind)]
            assert heard_by == sorted(heard_by), kind


def test_a_publication_outside_a_transaction_is_a_mistake() -> None:
    import pytest

    from helpdesk.common.events import publish

    class Nothing:
        in_atomic_block = False

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.db.transaction.get_connection", lambda: Nothing)
        with pytest.raises(RuntimeError):
            publish(object())


def test_statements_are_looked_for_in_real_code() -> None:
    assert sum(1 for tree in modules().values() for _call in calls(tree)) > 1000
