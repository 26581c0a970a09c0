"""Appeals of sellers: documents, a deadline of our own, a second reviewer, and what a granted one repairs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404

from helpdesk.common import clock
from helpdesk.common.errors import InvalidInput, NotAllowed, WrongState
from helpdesk.common.text import clean_text
from helpdesk.common.wording import gettext as _
from people.actors import SWEEP, Actor
from seller_chat.enforcement_timers import APPEAL, APPEAL_DUE
from seller_chat.models import Appeal, AppealDocument, EnforcementRules, Violation
from seller_chat.services.letters import tell_shop, tell_team
from seller_chat.services.parts import record_of_shop, sells_in
from seller_chat.services.repairs import take_out_of_evaluation
from seller_chat.services.violations import locked_violation, repair_violation, required_reasons
from sla.calendars import WHOLE_DAY, Calendar
from sla.services import arm, disarm
from tickets.services import CheckedFile, check_files, store_all

MAX_TEXT = 4000
WORKING_DAYS = Calendar(week=(WHOLE_DAY,) * 5 + ((), ()), holidays=True)


def open_appeal(
    *, actor: Actor, violation_id: int, text: str, files: Sequence[UploadedFile] = ()
) -> Appeal:
    """A seller of the shop says why a confirmed violation is wrong. Twice is once.

    Raises Http404 to anybody else, WrongState when it is not confirmed or the time is over.
    """
    violation = Violation.objects.filter(pk=violation_id).first()
    if violation is None or not sells_in(actor, violation.shop_id):
        raise Http404("violation")
    words = clean_text(text, field="text", max_length=MAX_TEXT, multiline=True)
    if not words:
        message = _("Say why the violation is wrong.")
        raise InvalidInput(message, code="text_needed", fields={"text": message})
    checked = check_files(files)
    with transaction.atomic():
        violation = locked_violation(violation_id)
        if earlier := Appeal.objects.filter(violation=violation).first():
            return earlier
        return _open(violation, actor, words, checked)


def _open(violation: Violation, actor: Actor, words: str, files: Sequence[CheckedFile]) -> Appeal:
    now, until = clock.now(), appeal_until(violation)
    if violation.state != Violation.State.STANDING or until is None:
        raise WrongState(_("Only a confirmed violation can be appealed against."))
    if now > until:
        raise WrongState(_("The time for an appeal is over."), code="appeal_too_late")
    days = EnforcementRules.in_force().body["appeals"]["working_days"]
    if actor.user is None:
        raise NotAllowed(_("Your role does not permit this."))
    appeal = Appeal.objects.create(
        violation=violation,
        text=words,
        opened_by=actor.user,
        opened_at=now,
        due_at=WORKING_DAYS.add(now, timedelta(days=days)),
        first_decider=violation.decided_by,
    )
    store_all(lambda: AppealDocument(appeal=appeal), files)
    arm(APPEAL_DUE, APPEAL, appeal.pk, appeal.due_at, at=now)
    record_of_shop(
        violation.shop_id,
        actor=actor,
        kind="appeal_opened",
        at=now,
        appeal=appeal.pk,
        violation=violation.pk,
        files=len(files),
        due_at=appeal.due_at.isoformat(),
    )
    return appeal


def appeal_until(violation: Violation) -> datetime | None:
    """Until when a seller may appeal; None for what nobody has confirmed."""
    if violation.decided_at is None:
        return None
    days = EnforcementRules.in_force().body["appeals"]["within_days"]
    return violation.decided_at + timedelta(days=days)


@transaction.atomic
def decide_appeal(*, actor: Actor, appeal_id: int, granted: bool, reasons: str) -> Appeal:
    """A second reviewer decides, never the one who found the violation; the seller reads the reasons.

    A granted appeal takes the violation back: points, levels, the message's place in the evaluation.
    """
    person = actor.require_person("review_messages")
    words = required_reasons(reasons, limit=MAX_TEXT)
    violation_id = Appeal.objects.values_list("violation_id", flat=True).get(pk=appeal_id)
    violation = Violation.objects.get(pk=violation_id)
    appeal = Appeal.objects.get(pk=appeal_id)
    if appeal.first_decider_id == person.pk:
        raise NotAllowed(
            _("You decided about this violation yourself. Somebody else decides the appeal."),
            code="same_decider",
        )
    now = clock.now()
    if granted:
        # Before the standing's lock: it locks a conversation.
        take_out_of_evaluation(violation, actor=actor)
    violation = locked_violation(violation_id)
    appeal = Appeal.objects.select_for_update(of=("self",)).get(pk=appeal_id)
    if appeal.state != Appeal.State.OPEN:
        raise WrongState(_("Somebody has decided about this appeal already."))
    appeal.state = Appeal.State.UPHELD if granted else Appeal.State.REJECTED
    appeal.decided_by, appeal.decided_at, appeal.reasons = person, now, words
    appeal.save(update_fields=["state", "decided_by", "decided_at", "reasons"])
    disarm(APPEAL, appeal.pk, APPEAL_DUE)
    event = record_of_shop(
        violation.shop_id,
        actor=actor,
        kind="appeal_decided",
        at=now,
        appeal=appeal.pk,
        violation=violation.pk,
        granted=granted,
    )
    if granted:
        repair_violation(violation, actor=actor, now=now)
    tell_shop(event)
    return appeal


def appeal_is_overdue(appeal: Appeal, now: datetime) -> None:
    """Its time is over and nobody decided: those who lead hear of it, once."""
    if appeal.state != Appeal.State.OPEN or appeal.overdue_at is not None:
        return
    appeal.overdue_at = now
    appeal.save(update_fields=["overdue_at"])
    event = record_of_shop(
        appeal.violation.shop_id, actor=SWEEP, kind="appeal_overdue", at=now, appeal=appeal.pk
    )
    tell_team(event, EnforcementRules.in_force().body["appeals"]["overdue_team"])
