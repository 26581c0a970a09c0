"""What the reviewers' pages about shops show."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from people.actors import Actor
from people.models import Shop
from seller_chat.evidence import is_whole, proofs_of
from seller_chat.home_page import found_of
from seller_chat.models import Appeal, BuyerReport, EnforcementRules, Violation
from seller_chat.selectors import (
    restriction_of,
    visible_actions,
    visible_appeals,
    visible_reports,
    visible_violations,
    weeks_of,
)
from seller_chat.services.reports import others_who_reported
from seller_chat.services.standing import points_of
from seller_chat.talks import has_read_evidence

MOST = 50


def work_context(actor: Actor, now: datetime) -> dict[str, Any]:
    """All that waits for a decision, what is due first at the top."""
    violations = visible_violations(actor).filter(state=Violation.State.REVIEW)
    appeals = visible_appeals(actor).filter(state=Appeal.State.OPEN)
    reports = visible_reports(actor).filter(state=BuyerReport.State.OPEN)
    return {
        "section": "shops",
        "violations": violations.order_by("recorded_at", "pk")[:MOST],
        "appeals": appeals.order_by("due_at", "pk")[:MOST],
        "reports": reports.order_by("reported_at", "pk")[:MOST],
    }


def record_context(shop: Shop, actor: Actor, now: datetime) -> dict[str, Any]:
    violations = visible_violations(actor).filter(shop=shop)[:MOST]
    return {
        "section": "shops",
        "shop": shop,
        "points": points_of(shop.pk, now),
        "ceiling": EnforcementRules.in_force().ceiling,
        "restriction": restriction_of(shop.pk, at=now),
        "found": [found_of(each, now) for each in violations],
        "actions": visible_actions(actor).filter(shop=shop)[:MOST],
        "weeks": weeks_of(shop),
        "reports": visible_reports(actor).filter(shop=shop)[:MOST],
        "events": shop.chat_events.filter(conversation=None).order_by("-id")[:MOST],
    }


def report_context(report: BuyerReport, actor: Actor, now: datetime) -> dict[str, Any]:
    """The words come after a look alone: `read`."""
    proofs = proofs_of(report)
    return {
        "report": report,
        "at_desk": True,
        "read": has_read_evidence(actor, report, now),
        "proofs": proofs,
        "whole": is_whole(report, proofs),
        "shops": others_who_reported(report),
        "pattern": EnforcementRules.in_force().body["buyer_patterns"],
    }
