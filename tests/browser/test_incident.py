"""An incident from the tickets chosen in the queue to one reply for all."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.support.stages import Stage, stage
from tickets.models import IncidentStep
from tickets.services import work_on_incidents

__all__ = ["stage"]
pytestmark = pytest.mark.django_db(transaction=True)


def test_chosen_opened_answered(stage: Stage, sign_in: Callable[[str], Page]) -> None:
    for _ticket in range(3):
        stage.handled()
    page = sign_in("sari")
    page.goto("/meja/?view=team:cs_account")
    boxes = page.locator("#rows .pick input")
    boxes.nth(0).check()
    boxes.nth(1).check()
    page.locator("#bulk").get_by_role("button", name="Insiden").click()
    page.get_by_role("button", name="Buka insiden dengan tiket ini").click()
    page.get_by_label("Apa yang terganggu").fill("Akun dibobol massal")
    page.get_by_label("Kabar untuk pelanggan").fill("Halo {customer_name}, kami perbaiki.")
    page.locator("form.fill button[type=submit]").click()
    page.get_by_text("2 seluruhnya, 2 terbuka").wait_for()

    suggested = page.locator("section", has=page.locator("#h-alike"))
    suggested.get_by_role("checkbox").check()
    suggested.get_by_role("button").click()
    page.get_by_text("3 seluruhnya, 3 terbuka").wait_for()

    page.keyboard.press("r")
    page.get_by_text("3 tiket dapat diproses").wait_for()
    page.locator("form.fill button[type=submit]").click()
    page.get_by_text("0 dari 3 tiket").wait_for()
    work_on_incidents()
    page.get_by_text("3 tiket selesai").wait_for()
    assert set(IncidentStep.objects.values_list("state", flat=True)) == {"done"}
