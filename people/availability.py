"""Whether somebody can be given work: what they said of themselves, and what the shift plan says.

Pure: from facts at hand, so that a page, a choice and a test all answer alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _


class Availability(models.TextChoices):
    AVAILABLE = "available", _("available")
    AWAY = "away", _("away")
    OFF = "off", _("off shift")


@dataclass(frozen=True)
class Facts:
    """What is known of one person at one instant.

    `said`, `until`, `said_at`: the latest that was set by hand, if anything was. `planned`: the person
    has shifts around now; then `began` and `ends` are those of the shift under way and `next_begins`
    is when the next one does.
    """

    said: str = ""
    until: datetime | None = None
    said_at: datetime | None = None
    planned: bool = False
    began: datetime | None = None
    ends: datetime | None = None
    next_begins: datetime | None = None


@dataclass(frozen=True)
class Standing:
    """`until`: when it ends by itself, if that is known. `by_plan`: the shift plan says so, nobody."""

    status: str
    until: datetime | None = None
    by_plan: bool = False

    @property
    def available(self) -> bool:
        return self.status == Availability.AVAILABLE

    @property
    def label(self) -> str:
        return str(Availability(self.status).label)


def standing_at(facts: Facts, now: datetime) -> Standing:
    """Outside all shifts of a plan is off shift, whatever was said; who has no plan is as they said.

    'Away' ends at its moment. 'Off shift' said by hand ends when the next planned shift begins.
    """
    if facts.planned and facts.began is None:
        return Standing(Availability.OFF, facts.next_begins, by_plan=True)
    if facts.said == Availability.AWAY and (facts.until is None or facts.until > now):
        return Standing(Availability.AWAY, facts.until)
    if facts.said == Availability.OFF and not _begun_since(facts):
        return Standing(Availability.OFF, facts.next_begins)
    return Standing(Availability.AVAILABLE, facts.ends, by_plan=facts.planned)


def _begun_since(facts: Facts) -> bool:
    return facts.began is not None and facts.said_at is not None and facts.began > facts.said_at
