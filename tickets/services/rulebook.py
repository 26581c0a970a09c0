"""The triage rules are changed in a draft of one's own, and put in force as a new version.

Tickets keep the version that judged them; a new version judges what comes in from then on.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction

from helpdesk.common import clock
from helpdesk.common.drafting import Change, Drafting
from helpdesk.common.errors import InvalidInput, WrongState
from helpdesk.common.versioned import SHIPPED, digest_of
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from tickets.models import TriageDraft, TriageOffer, TriageRules
from tickets.rule_reads import problems_of
from tickets.rulebook import merged


def edit_rules_draft(*, actor: Actor, change: Change, revision: int | None = None) -> TriageDraft:
    """Change the actor's draft, begun from the version in force if new. Raises as `Drafting`."""
    return _RULES.edit(actor.require_person("edit_rules"), change, revision)


def rebase_rules_draft(*, actor: Actor, revision: int | None = None) -> TriageDraft:
    """Bring the draft's changes onto the version now in force."""
    return _RULES.rebase(actor.require_person("edit_rules"), revision)


def discard_rules_draft(*, actor: Actor, revision: int | None = None) -> None:
    _RULES.discard(actor.require_person("edit_rules"), revision)


def publish_rules_draft(*, actor: Actor, note: str, revision: int | None = None) -> TriageRules:
    """Put the draft in force for what comes in from now on. Raises as `Drafting.publish`."""
    return _RULES.publish(actor.require_person("edit_rules"), note, revision)


def roll_back_rules(*, actor: Actor, version: int, note: str, seen: int) -> TriageRules:
    """Put an older version's rules in force again, as a new version; `seen` is the one in force
    that the actor looked at."""
    return _RULES.roll_back(actor.require_person("edit_rules"), version, note, seen)


def locked_rules_draft(*, actor: Actor) -> TriageDraft:
    """The actor's draft, locked until the transaction ends. Raises WrongState (`no_draft`)."""
    return _RULES.required(actor.require_person("edit_rules"))


def require_sound_rules(body: dict[str, Any]) -> None:
    """Raises InvalidInput with each problem at its path."""
    if problems := problems_of(body):
        raise InvalidInput(
            _("The rules have problems. Mend them before they are put in force."),
            code="rules_unsound",
            fields={problem.path or "rules": problem.message for problem in problems},
        )


@transaction.atomic
def take_offer(*, actor: Actor, revision: int | None = None) -> TriageDraft:
    """Bring what the release changed into the actor's draft; what people changed too stays theirs.

    Nothing is in force before the draft is published. Raises WrongState (`no_offer`), Conflict.
    """
    person = actor.require_person("edit_rules")
    offer = _open_offer()

    def change(body: dict[str, Any]) -> None:
        mine = merged(offer.base, body, offer.body)
        body.clear()
        body.update(mine)

    draft = _RULES.edit(person, change, revision)
    _settle(offer, person, taken=True)
    return draft


@transaction.atomic
def decline_offer(*, actor: Actor) -> None:
    """Leave what the release changed; the next release offers only what it changes itself."""
    person = actor.require_person("edit_rules")
    _settle(_open_offer(), person, taken=False)


@transaction.atomic
def load_triage_rules(body: dict[str, Any]) -> tuple[TriageRules, TriageOffer | None]:
    """Put what the repository ships in force, or offer it where people have published their own."""
    latest = TriageRules.load(body)
    if latest.digest == digest_of(body) or not latest.published_by_id:
        return latest, None
    shipped = TriageOffer.objects.first()
    base = shipped.body if shipped else _first_shipped().body
    if digest_of(base) == digest_of(body):
        return latest, shipped if shipped and shipped.settled_at is None else None
    if shipped is not None and shipped.settled_at is None:
        base = shipped.base
        shipped.delete()
    offer = TriageOffer.objects.create(
        body=body, base=base, digest=digest_of(body), offered_at=clock.now()
    )
    return latest, offer


def _first_shipped() -> TriageRules:
    """What the repository last put in force by itself; else the first version on record."""
    shipped = TriageRules.objects.filter(published_by=None, note__in=("", SHIPPED)).first()
    return shipped or TriageRules.objects.order_by("version")[0]


def _open_offer() -> TriageOffer:
    latest = TriageOffer.objects.select_for_update().first()
    if latest is None or latest.settled_at is not None:
        raise WrongState(_("This offer was settled already."), code="no_offer")
    return latest


def _settle(offer: TriageOffer, person: Any, *, taken: bool) -> None:
    offer.settled_at, offer.settled_by, offer.taken = clock.now(), person, taken
    offer.save(update_fields=["settled_at", "settled_by", "taken"])


_RULES = Drafting(TriageRules, TriageDraft, require_sound_rules, merged)
