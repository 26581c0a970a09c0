"""The supervisor's day: a warning, a breach, what follows by itself, and the decision with its reasons."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db.models import Count
from django.utils import timezone
from playwright.sync_api import Page, expect

from escalation.models import Escalation, FollowUp
from helpdesk.common import clock
from helpdesk.common.durations import WIB
from people.models import User
from sla.models import Clock, ClockEvent, SweepPulse
from sla.services import sweep
from tests.browser.conftest import SignIn
from tickets.models import Ticket
from tickets.states import State

pytestmark = pytest.mark.django_db(transaction=True)

DISPUTE = (
    "Saya bersengketa dengan toko soal warna cat, toko menolak disalahkan. Nilai Rp 1.300.000."
)
TO_BUYER = "Foto menunjukkan warna yang dikirim bukan yang dipesan."
TO_SELLER = "Nota pengiriman menyebut kode warna lain dari pesanan."


class Day:
    """Time that runs on to a moment, and the engine that then sweeps."""

    def __init__(self, shifts: ExitStack) -> None:
        self._shifts = shifts

    def until(self, moment: datetime) -> None:
        ahead = moment - clock.now() + timedelta(milliseconds=1)
        self._shifts.enter_context(clock.shifted(ahead))
        sweep()


@pytest.fixture
def day() -> Iterator[Day]:
    with ExitStack() as shifts:
        yield Day(shifts)


def _send(page: Page, form: str, fields: dict[str, str], *ticks: str) -> None:
    """Fill a form that stands on the page, and wait for the page after it."""
    part = page.locator(form)
    for name, text in fields.items():
        part.locator(f"[name={name}]").fill(text)
    for tick in ticks:
        part.locator(tick).check()
    with page.expect_navigation(wait_until="commit", timeout=30_000):
        page.locator(
            f"{form} [type=submit]:visible, [type=submit][form=escalate]:visible"
        ).first.click()


def _open_dialog(page: Page, address: str, verb: str, query: str = "") -> None:
    page.goto(f"{address}?do={verb}{query}")
    expect(page.locator(f"#do-{verb}[open]")).to_be_visible()


def _typed(moment: datetime) -> str:
    return moment.astimezone(WIB).strftime("%Y-%m-%dT%H:%M")


def _figure(wall: Page, card: str, number: int) -> None:
    """What the open dashboard says by itself, without a reload."""
    expect(wall.locator(f"#{card} .big a")).to_have_text(str(number))


def _document(ticket: Ticket) -> str:
    return f"/eskalasi/{Escalation.objects.filter(ticket=ticket).latest('pk').pk}/"


def _accept(page: Page, ticket: Ticket, plan: str) -> None:
    page.goto(_document(ticket))
    # The policy begins the mediators' clock with their acceptance: they name no date beside it.
    expect(page.locator("#form-accept [name=target_at]")).to_have_count(0)
    _send(page, "#form-accept", {"plan": plan}, "[name=understood]")
    ticket.refresh_from_db()
    assert ticket.state == State.MONITORED


def test_from_the_warning_to_the_decision(
    people: dict[str, User], sign_in: SignIn, file_ticket: Any, day: Day
) -> None:
    ticket = file_ticket(subject="sengketa warna cat", description=DISPUTE)
    sweep()
    assert (ticket.category, ticket.priority) == ("dispute", "MEDIUM")
    wall = sign_in("sari")
    wall.goto("/dasbor/")
    wall.evaluate("window.sameVisit = true")
    _figure(wall, "d-total", 1)
    _figure(wall, "d-risk", 0)

    # The warning: at four fifths of the promise the ticket is at risk.
    promise = Clock.objects.get(ticket=ticket, metric="first_response")
    day.until(promise.started_at + (promise.due_at - promise.started_at) * 0.81)
    _figure(wall, "d-risk", 1)
    expect(wall.locator("#d-next")).to_contain_text("sengketa warna cat")
    lead = sign_in("sari")
    lead.goto("/meja/?view=risk")
    expect(lead.locator("#rows")).to_contain_text("sengketa warna cat")

    # The breach: nobody answered, so it goes to mediation by itself, once.
    day.until(promise.due_at)
    sweep()
    ticket.refresh_from_db()
    assert (ticket.state, ticket.team.code) == (State.ESCALATED, "mediation")
    _figure(wall, "d-esc", 1)
    expect(wall.locator("#d-auto")).to_contain_text("Tenggat terlewat")
    lead.goto("/meja/?view=today")
    expect(lead.locator("#rows")).to_contain_text("sengketa warna cat")

    # A mediator accepts it by name, with a target date, and plans two steps.
    mediator = sign_in("maya")
    _accept(mediator, ticket, "Kami dengar kedua pihak.")
    expect(wall.locator("#stage-monitored .strong")).to_have_text("1")
    lead.goto("/eskalasi/buku/")
    expect(lead.locator(".ledger tbody tr")).to_contain_text("Maya Kusuma")
    for what in ("Minta foto dari pembeli", "Minta nota dari penjual"):
        _open_dialog(mediator, _document(ticket), "follow_up")
        due = _typed(clock.now() + timedelta(hours=2))
        _send(mediator, "#do-follow_up form", {"what": what, "due_at": due})
    first, second = FollowUp.objects.filter(kind=FollowUp.Kind.STEP).order_by("pk")
    _open_dialog(mediator, _document(ticket), "follow_up_done", f"&follow_up={first.pk}")
    _send(mediator, "#do-follow_up_done form", {"result": "Foto diterima."})
    expect(mediator.locator("#follow-ups")).to_contain_text("Foto diterima.")

    # The other step is left: its owner is reminded, four hours later the operations manager has the case.
    day.until(second.due_at)
    assert FollowUp.objects.get(pk=second.pk).reminded_at is not None
    day.until(second.due_at + timedelta(hours=2))
    # The customer hears from the squad meanwhile, so that no promise to her ends as well.
    officer = sign_in("ayu")
    officer.goto(f"/meja/{ticket.number}/")
    officer.locator("#compose").fill("Mediator kami menunggu nota dari penjual.")
    officer.get_by_role("button", name="Kirim").click()
    expect(officer.locator(".msg-us .bubble").last).to_contain_text("menunggu nota")
    day.until(second.due_at + timedelta(hours=4))
    ticket.refresh_from_db()
    assert (ticket.state, ticket.team.code) == (State.ESCALATED, "operations")
    assert Escalation.objects.latest("pk").trigger == "follow_up"
    expect(wall.locator("#team-operations")).to_be_visible()
    lead.goto("/pemberitahuan/")
    expect(lead.locator("main")).to_contain_text(ticket.number)

    # The manager gives it back, the supervisor sends it to mediation again, who hears both sides.
    manager = sign_in("hendra")
    manager.goto(_document(ticket))
    _send(manager, "#form-return", {"reason": "Selesaikan mediasi minggu ini."})
    lead.goto(f"/meja/{ticket.number}/eskalasikan/")
    mediation = lead.locator("label.choice").filter(has_text="Mediasi").locator("input").first
    mediation.evaluate("each => { for (let up = each; up; up = up.parentElement) up.open = true }")
    mediation.check()
    _send(
        lead,
        "form#escalate",
        {
            "summary": "Pembeli dan penjual bersengketa soal warna.",
            "tried": "Tindak lanjut pertama tertinggal.",
            "wanted_outcome": "Putusan mediasi.",
            "evidence": "Foto dari pembeli.",
        },
    )
    _accept(mediator, ticket, "Putusan setelah mendengar keduanya.")
    for party, words in (("buyer", "Warnanya keliru."), ("seller", "Kami kirim sesuai pesanan.")):
        _open_dialog(mediator, _document(ticket), "hearing")
        _send(mediator, "#do-hearing form", {"notes": words}, f"[name=party][value={party}]")

    # The decision, with reasons to each side.
    _open_dialog(mediator, _document(ticket), "decide")
    reasons = {"reasons_buyer": TO_BUYER, "reasons_seller": TO_SELLER}
    _send(mediator, "#do-decide form", reasons, "[name=outcome][value=buyer]")
    lead.goto(_document(ticket))
    expect(lead.locator(".decision")).to_contain_text(TO_BUYER)
    expect(lead.locator(".decision")).to_contain_text(TO_SELLER)
    customer = sign_in("ratna")
    customer.goto("/tiket-saya/")
    customer.get_by_role("link", name=ticket.number).click()
    expect(customer.locator("main")).to_contain_text(TO_BUYER)
    expect(customer.locator("main")).not_to_contain_text(TO_SELLER)

    # Proof: each deadline fired once and in time, and the engine says how late it was.
    sweep()
    lead.goto("/eskalasi/buku/")
    rows = lead.locator(".ledger tbody tr")
    expect(rows).to_have_count(3)
    expect(rows.last).to_contain_text("Tenggat terlewat: respons pertama")
    expect(rows.last).to_contain_text("penyisiran #")
    expect(rows.nth(1)).to_contain_text("otomatis")
    expect(lead.locator(".ledger-sum")).to_contain_text("tepat waktu 100,0 %")
    expect(lead.locator(".ledger .late")).to_have_count(0)
    lead.goto("/dasbor/mesin/")
    expect(lead.locator("#e-late b").first).to_have_text(re.compile(r"\d"))
    breaches = ClockEvent.objects.filter(kind=ClockEvent.Kind.BREACHED)
    assert breaches.exists()
    assert not breaches.values("clock").annotate(n=Count("pk")).filter(n__gt=1).exists()
    assert wall.evaluate("window.sameVisit") is True


def test_a_stalled_engine_is_said_in_red_and_recovers(
    people: dict[str, User], sign_in: SignIn
) -> None:
    sweep()
    wall = sign_in("sari")
    wall.goto("/dasbor/")
    wall.evaluate("window.sameVisit = true")
    alarm = wall.locator("#d-silent")
    healthy = wall.locator("#d-engine .tag")
    expect(healthy).to_have_text("Sehat")
    assert wall.request.get("/readyz").status == 200
    SweepPulse.objects.update(beat_at=timezone.now() - timedelta(seconds=31))
    expect(alarm).to_be_visible()
    expect(alarm).to_have_class(re.compile("notice-red"))
    expect(alarm).to_have_role("alert")
    expect(healthy).to_have_text("Diam")
    assert wall.request.get("/readyz").status == 503
    sweep()
    expect(alarm).to_have_count(0)
    expect(healthy).to_have_text("Sehat")
    assert wall.request.get("/readyz").status == 200
    assert wall.evaluate("window.sameVisit") is True


@pytest.mark.parametrize("width", [390, 320])
def test_on_a_phone_nothing_in_the_bar_lies_upon_another(sign_in, people, width):
    page = sign_in("sari")
    page.set_viewport_size({"width": width, "height": 844})
    page.goto("/eskalasi/")
    bar = page.locator("nav.rail")
    places = bar.locator("a:visible, button:visible").evaluate_all(
        "all => all.map(each => each.getBoundingClientRect()).map(box => [box.left, box.right])"
    )
    assert all(end <= start + 0.5 for (_start, end), (start, _end) in pairwise(sorted(places)))
    assert min(min(place) for place in places) >= 0
    assert max(max(place) for place in places) <= width
    bar.get_by_role("link", name="Pemberitahuan").click()
    expect(page).to_have_url(re.compile("/pemberitahuan/"))
    # What the bar has no room for stands in the account's menu.
    bar.get_by_role("button", name="Masuk sebagai").click()
    expect(page.get_by_role("button", name="Ganti tema")).to_be_visible()
