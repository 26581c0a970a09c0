"""Signed links to the one question of a closing letter. They open the question, not the ticket."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext_lazy

from people.models import organisation
from tickets.models import ClosingForm

SALT = "tickets.survey"
# The best first, as the letter and the page show them.
SCORES = {
    5: gettext_lazy("5, very satisfied"),
    4: gettext_lazy("4, satisfied"),
    3: gettext_lazy("3, fair"),
    2: gettext_lazy("2, disappointed"),
    1: gettext_lazy("1, very disappointed"),
}
DAY_SECONDS = 24 * 3600


@dataclass(frozen=True)
class ScoreLink:
    """`label` is put into words where the letter is written, in its language."""

    score: int
    label: Any
    url: str


def survey_token(closing: ClosingForm) -> str:
    return signing.dumps(closing.pk, salt=SALT, compress=False)


def closing_of_token(token: str) -> ClosingForm | None:
    """The closing that the link asks about; None for a forged or expired link."""
    seconds = organisation()["survey"]["link_days"] * DAY_SECONDS
    try:
        pk = signing.loads(token[:200], salt=SALT, max_age=seconds)
    except signing.BadSignature:
        return None
    found = ClosingForm.objects.filter(pk=pk, event__isnull=False)
    return found.select_related("ticket__customer", "survey").first()


def score_links(closing: ClosingForm) -> list[ScoreLink]:
    """Absolute, from the configured base address; the best mark first."""
    base, token = settings.BASE_URL.rstrip("/"), survey_token(closing)
    return [
        ScoreLink(score, label, f"{base}{reverse('public:rate', args=[token, score])}")
        for score, label in SCORES.items()
    ]
