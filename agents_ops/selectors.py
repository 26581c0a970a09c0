"""Reads of playbooks and of their runs, for tickets that the actor may see already."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet

from agents_ops.gates import checks_of_options, registered
from agents_ops.models import (
    PlaybookDraft,
    PlaybookRun,
    PlaybookSet,
    StepRecord,
    StepValues,
    Verification,
    VerificationAnswer,
)
from agents_ops.playbook import Known, check_playbooks
from agents_ops.playbook.parts import Playbook
from agents_ops.states import PLAIN_KINDS
from escalation.models import EscalationMatrix
from helpdesk.common.drafting import Problem
from helpdesk.common.errors import NotAllowed
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from people.models import Team
from sla.models import SlaPolicy
from sla.rules import AROUND_THE_CLOCK
from tickets.catalogue import categories
from tickets.macro_words import NAMES
from tickets.models import Ticket
from tickets.states import Reporter

Body = dict[str, Any]


def is_agent_case(ticket: Ticket) -> bool:
    return ticket.reporter == Reporter.AGENT or ticket.agent_id is not None


def active_run(ticket: Ticket) -> PlaybookRun | None:
    return ticket.playbook_runs.filter(state="active").first()


def answers_of(run: PlaybookRun) -> dict[str, Any]:
    """Every answer given on the way, by field."""
    rows = StepValues.objects.filter(record__run=run).order_by("record_id")
    return {code: value for row in rows for code, value in row.values.items()}


def runs_of(ticket: Ticket, *, actor: Actor) -> QuerySet[PlaybookRun]:
    """Every run with its steps, the latest first; papers of the desk. Raises NotAllowed."""
    if not actor.at_desk:
        raise NotAllowed(_("Your role does not permit this."))
    return with_records(ticket.playbook_runs.all())


def with_records(runs: QuerySet[PlaybookRun]) -> QuerySet[PlaybookRun]:
    records = StepRecord.objects.select_related("by", "given").order_by("id")
    rows = runs.select_related("started_by", "rules").prefetch_related(Prefetch("records", records))
    return rows.order_by("-id")


def verifications_of(ticket: Ticket, *, actor: Actor) -> QuerySet[Verification]:
    """Every try with its answers, the latest first; papers of the desk. Raises NotAllowed."""
    if not actor.at_desk:
        raise NotAllowed(_("Your role does not permit this."))
    answers = VerificationAnswer.objects.select_related("by").order_by("id")
    rows = ticket.verifications.select_related("started_by", "ended_by")
    return rows.prefetch_related(Prefetch("answers", answers)).order_by("-id")


def playbooks_in_force(actor: Actor) -> dict[str, Playbook]:
    """For the desk and those who look on. Raises NotAllowed."""
    require_reader(actor)
    return PlaybookSet.exactly_in_force().playbooks


def playbook_versions(*, actor: Actor) -> QuerySet[PlaybookSet]:
    """Every version, the latest first. Raises NotAllowed."""
    require_reader(actor)
    return PlaybookSet.objects.select_related("published_by").order_by("-version")


def playbook_draft_of(actor: Actor) -> PlaybookDraft | None:
    return PlaybookDraft.objects.filter(author=actor.user).first()


def require_reader(actor: Actor) -> None:
    if not (actor.at_desk or actor.may("see_all_tickets")):
        raise NotAllowed(_("Your role does not permit this."))


def known_words() -> Known:
    """What a playbook may name today."""
    # What is in force, and what came with the program and may be put in force again.
    latest = PlaybookSet.objects.order_by("-version")[:1]
    shipped = PlaybookSet.objects.filter(published_by=None).order_by("-version")[:1]
    gates = registered()
    waiting = {
        (code, step.kind)
        for version in (*latest, *shipped)
        for code, playbook in version.playbooks.items()
        for step in playbook.steps
        if step.kind not in PLAIN_KINDS and step.kind not in gates
    }
    return Known(
        teams=list(Team.objects.exclude(kind=Team.Kind.SQUAD).values_list("code", flat=True)),
        forms=list(EscalationMatrix.in_force().body["forms"]),
        categories=list(categories()),
        names=NAMES,
        gates=gates,
        options=checks_of_options(),
        calendars={AROUND_THE_CLOCK, *SlaPolicy.exactly_in_force().body["calendars"]},
        waiting=frozenset(waiting),
    )


def problems_of(body: Body, known: Known | None = None) -> list[Problem]:
    return check_playbooks(body, known or known_words())
