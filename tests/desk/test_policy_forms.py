"""The policy editor's forms: all that is wrong at once, and answers in their order."""

from __future__ import annotations

import pytest
from django.test import Client

from helpdesk.common import clock
from tests.desk.test_policy_pages import TARGET, TYPED, lead, text

__all__ = ["lead"]
pytestmark = pytest.mark.django_db


def test_the_calendar_shows_the_holidays_of_this_year_and_the_next(lead: Client) -> None:
    year = clock.for_display().year
    page = text(lead.get("/aturan/sla/kalender/working_days/"))
    for each in (year, year + 1):
        assert f"Hari libur nasional Indonesia {each}" in page


def test_all_that_is_wrong_with_a_target_is_said_at_once_and_no_sentence_stands(
    lead: Client,
) -> None:
    wrong = TYPED | {"amount": "999999", "warn": "0", "unit": "years"}
    answer = lead.post(TARGET, wrong)
    assert set(answer.context["form"].errors) == {"amount", "warn", "unit"}
    assert answer.context["sentence"] == ""
    # One value that cannot be read hides nothing that the check of the whole has to say.
    double = TYPED | {"priority": ["URGENT"], "channel": [], "warn": "90, 20", "amount": "x"}
    errors = lead.post(TARGET, double).context["form"].errors
    assert {"amount", "warn"} <= set(errors)


@pytest.mark.parametrize("page", ["target/first-high/", "kalender/working_days/", "lainnya/"])
def test_a_late_answer_of_a_check_never_replaces_a_newer_one(lead: Client, page: str) -> None:
    assert 'hx-sync="this:replace"' in text(lead.get(f"/aturan/sla/{page}"))
