"""Setting going again, by hand, what failed so often that the engine gave it up."""

from __future__ import annotations

from django.db import transaction

from helpdesk.common import clock
from helpdesk.common.errors import Conflict, WrongState
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from sla.models import Repair, Timer
from sla.timers import locker_of
from tickets.models import OutgoingMail
from tickets.services import retry_mail


@transaction.atomic
def retry_timer(*, actor: Actor, timer_id: int) -> Timer:
    """Arm a parked timer again; it fires with the next sweep. Raises NotAllowed, WrongState, Conflict."""
    person = actor.require_person("view_dashboard")
    gone = WrongState(_("This timer is no longer parked."))
    known = Timer.objects.filter(pk=timer_id).first()
    if known is None:
        raise gone
    # The subject first, then its timers, as everywhere.
    if known.subject_id not in locker_of(known.subject_type)([known.subject_id]):
        raise Conflict(_("Somebody works on this ticket right now. Try again in a moment."))
    timer = Timer.objects.select_for_update().get(pk=timer_id)
    if timer.state != Timer.State.PARKED:
        raise gone
    same = {name: getattr(timer, name) for name in ("kind", "subject_type", "subject_id")}
    if Timer.objects.filter(**same, state=Timer.State.ARMED).exists():
        raise WrongState(_("A newer timer of the same promise runs already."))
    Repair.objects.create(
        timer=timer, by=person, at=clock.now(), attempts=timer.attempts, error=timer.last_error
    )
    timer.state, timer.attempts, timer.leased_until = Timer.State.ARMED, 0, None
    timer.save(update_fields=["state", "attempts", "leased_until"])
    return timer


@transaction.atomic
def retry_failed_mail(*, actor: Actor, mail_id: int) -> OutgoingMail:
    """Owe a mail once more that was given up. Raises NotAllowed, WrongState."""
    person = actor.require_person("view_dashboard")
    before = OutgoingMail.objects.filter(pk=mail_id).first()
    mail = retry_mail(actor=actor, mail_id=mail_id)
    attempts = before.attempts if before else 0
    Repair.objects.create(
        mail=mail, by=person, at=clock.now(), attempts=attempts, error=mail.last_error
    )
    return mail
