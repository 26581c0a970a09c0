"""An officer's hour: thirty tickets by keyboard alone, in both languages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from helpdesk.common.durations import WIB
from people.models import User
from tests.support.keyboard import Keyboard
from tickets.models import EventKind, MacroUse, Message, Ticket

pytestmark = pytest.mark.django_db(transaction=True)

NOW = ".stages li.now:nth-child({})"
HANDLED, CLOSED = 3, 6


def _sent(keys: Keyboard, place: str, words: str) -> None:
    """It stands in the conversation, and the next key is a command again."""
    keys.see(place, words)
    keys.see("#subject:focus")


def _take(keys: Keyboard) -> None:
    keys.press("a")
    keys.see(NOW.format(HANDLED))


def _reply(keys: Keyboard) -> None:
    keys.press("a", "r")
    keys.see("#compose:focus")
    keys.type("Kami periksa sekarang.")
    keys.press("Control+Enter")
    _sent(keys, ".msg-us", "Kami periksa")


def _note(keys: Keyboard) -> None:
    keys.press("a", "n")
    keys.see("#compose:focus")
    keys.type("Sudah cek riwayat masuk.")
    keys.press("Control+Enter")
    _sent(keys, ".msg-note", "riwayat masuk")


def _macro(keys: Keyboard) -> None:
    keys.press("a", "m")
    keys.see("#macro-search:focus")
    keys.type("bukti")
    keys.press("Enter", "Control+Enter")
    _sent(keys, ".msg-us", "mohon kirim foto")


def _classify(keys: Keyboard) -> None:
    keys.press("a", "i")
    keys.see("#reclassify_category:focus")
    keys.tab_to("#reclassify_priority")
    keys.press("H", "Tab")
    keys.tab_to("#reclassify_reason")
    keys.type("Kerugian sudah berhenti.")
    keys.press("Control+Enter")
    keys.see(".conv .prio-high")


def _escalate(keys: Keyboard) -> None:
    _take(keys)
    keys.press("e")
    keys.page.wait_for_url("**/eskalasikan/**")
    keys.tab_to("input[name=to_team]")
    keys.press("Space")
    for field in ("summary", "tried", "wanted_outcome", "evidence"):
        keys.tab_to(f"textarea[name={field}]")
        keys.press("Control+a")
        keys.type("Akun diambil alih, saldo dipakai.")
    keys.press("Control+Enter")
    keys.page.wait_for_url(lambda url: "eskalasikan" not in url)


def _close(keys: Keyboard) -> None:
    _reply(keys)
    keys.press("c")
    keys.see("#close_root_cause:focus")
    keys.type("SIM swap")
    keys.tab_to("#close_solution")
    keys.type("Akun dipulihkan.")
    keys.tab_to("input[name=confirmation]")
    keys.press("Space", "Control+Enter")
    keys.see(NOW.format(CLOSED))


HOUR: tuple[Callable[[Keyboard], None], ...] = (_reply, _note, _macro, _classify, _close, _take)
QUEUE = "/meja/?view=team:cs_account"


@pytest.mark.parametrize("language", ["id", "en"])
def test_thirty_tickets_by_keyboard(
    new_page: Callable[[], Page], file_ticket: Any, officer: User, supervisor: User, language: str
) -> None:
    User.objects.update(language=language)
    for _ticket in range(30):
        file_ticket()
    keys = Keyboard(new_page())
    keys.sign_in("dimas")
    expect(keys.page.locator("html")).to_have_attribute("lang", language)
    keys.page.goto(QUEUE)
    for turn in range(len(HOUR) * 4):
        keys.go_to_row()
        HOUR[turn % len(HOUR)](keys)
    for _ticket in range(6):
        keys.page.goto(QUEUE + "&state=classified")
        keys.go_to_row()
        _escalate(keys)
    assert keys.pointers == 0
    _hold_two(Keyboard(new_page()))
    _looks_right(officer)


def _hold_two(lead: Keyboard) -> None:
    """Holding is the lead's: two that were answered."""
    lead.sign_in("sari")
    until = (datetime.now(WIB) + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    answered = Ticket.objects.filter(state="handled", first_response_at__isnull=False)
    for number in list(answered.values_list("number", flat=True)[:2]):
        lead.page.goto(f"/meja/{number}/")
        lead.press("Shift+h")
        lead.see("#hold_reason")
        # How a date is typed depends on the browser's language.
        lead.page.locator("#hold_until").fill(until)
        lead.tab_to("#hold_reason")
        lead.type("Menunggu bank.")
        lead.press("Control+Enter")
        lead.see(".conv .tag-blue")
    assert lead.pointers == 0


def _looks_right(officer: User) -> None:
    tickets = Ticket.objects.all()
    assert Counter(tickets.values_list("state", flat=True)) == {"handled": 26, "closed": 4}
    assert not tickets.filter(state="handled").exclude(assignee=officer).exists()
    kinds = Counter(Message.objects.values_list("kind", flat=True))
    assert (kinds["reply"], kinds["note"]) == (12, 4)
    assert MacroUse.objects.count() == 4
    assert tickets.filter(priority="HIGH").count() == 4
    assert tickets.filter(escalations__state="requested").count() == 6
    assert tickets.filter(held_until__isnull=False).count() == 2
    assert tickets.filter(events__kind=EventKind.RECLASSIFIED).count() == 4
