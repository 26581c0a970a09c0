"""The roles of the field (domain section 1) and what each may do.

A role is a group of the same name; what it may do are permissions, so that an administrator can
see and grow it. `PERMISSIONS` is loaded by `load_reference_data`.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    CUSTOMER = "customer", _("customer")
    SELLER = "seller", _("seller")
    AGENT = "agent", _("reseller agent")
    OFFICER = "officer", _("CS officer")
    SUPERVISOR = "supervisor", _("supervisor")
    OPERATIONS_MANAGER = "operations_manager", _("operations manager")
    SPECIALIST = "specialist", _("specialist")
    INTEGRATOR = "integrator", _("integrator")
    ADMINISTRATOR = "administrator", _("administrator")


REPORTERS = (Role.CUSTOMER, Role.SELLER, Role.AGENT)
DESK = (Role.OFFICER, Role.SUPERVISOR, Role.OPERATIONS_MANAGER, Role.SPECIALIST)

_WORK = {
    "work_ticket",
    "reply_ticket",
    "classify_ticket",
    "handle_ticket",
    "close_ticket",
    "request_escalation",
}
# Contact data are masked for everybody at the desk; whoever holds `see_contacts` sees them openly,
# which no role does unless an administrator grants it.
_LOOK = {"reveal_contact"}
_RECEIVE = {"accept_escalation", "return_escalation"}
_LEAD = {
    "direct_work",
    "verify_escalation",
    "reopen_ticket",
    "assign_others",
    "view_dashboard",
    "see_all_tickets",
    "decide_freeze",
    "decide_approval",
    "look_without_reason",
    "view_looks",
}
_RULES = {"edit_rules"}
_REVIEW = {"review_messages"}
# Reviews of work: those who lead review their teams', management sees everybody's.
_QUALITY = {"review_quality"}
_CONNECT = {"manage_tokens", "use_webhooks"}

PERMISSIONS: dict[Role, set[str]] = {
    Role.CUSTOMER: set(),
    Role.SELLER: set(),
    Role.AGENT: set(),
    Role.OFFICER: _WORK | _LOOK | _REVIEW,
    Role.SUPERVISOR: _WORK | _LOOK | _LEAD | _RECEIVE | _RULES | _REVIEW | _QUALITY,
    Role.OPERATIONS_MANAGER: _WORK
    | _LOOK
    | _LEAD
    | _RECEIVE
    | _RULES
    | _REVIEW
    | _QUALITY
    | {"see_all_quality"},
    Role.SPECIALIST: {"work_ticket", "reply_ticket"} | _LOOK | _RECEIVE,
    Role.INTEGRATOR: {"receive_for_others", "read_freezes", "read_engine", "use_webhooks"},
    Role.ADMINISTRATOR: {"see_all_tickets", "view_dashboard", "view_looks", "see_all_quality"}
    | _RULES
    | _CONNECT,
}
