"""Two people at the desk, the timers, and a stream that breaks: what each page shows by itself."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from deploy.front import Front
from people.actors import Actor, of_user
from people.models import User
from sla.services import sweep
from tests.support.live import HOST, EventsProcess, free_port
from tickets.models import Ticket
from tickets.services import (
    add_customer_message,
    add_internal_note,
    handle_ticket,
    reply_to_customer,
)

pytestmark = pytest.mark.django_db(transaction=True)
SignIn = Callable[[str], Page]
SOON = 15_000  # how soon it really is, the benchmark tells


class Site:
    """The live server under the front's address."""

    def __init__(self, behind: Any, url: str) -> None:
        self._behind, self.url = behind, url

    def __getattr__(self, name: str) -> Any:
        return getattr(self._behind, name)


@pytest.fixture
def live_server(live_server: Any, events_process: EventsProcess) -> Iterator[Any]:
    """Pages and streams behind one address, as in a real installation."""
    pages = urlsplit(live_server.url)
    front = Front((str(pages.hostname), int(pages.port or 80)), (HOST, events_process.port))
    loop, port = asyncio.new_event_loop(), free_port()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(front.serve(HOST, port), loop).result(5)
    yield Site(live_server, f"http://{HOST}:{port}")
    asyncio.run_coroutine_threadsafe(_stop(server), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    loop.close()


async def _stop(server: asyncio.Server) -> None:
    server.close()
    open_ones = asyncio.all_tasks() - {asyncio.current_task()}
    for task in open_ones:
        task.cancel()
    await asyncio.gather(*open_ones, return_exceptions=True)


def live(page: Page) -> Page:
    expect(page.locator("html")).to_have_attribute("data-live", "live", timeout=15_000)
    return page


def answer(name: str, ticket: Ticket, body: str) -> None:
    person = of_user(User.objects.get(email=f"{name}@demo.tuntas.id"))
    reply_to_customer(actor=person, ticket_id=ticket.pk, body=body)


def test_what_others_and_the_timers_do_shows_and_nothing_typed_is_touched(
    sign_in: SignIn, file_ticket: Any, people: Any
):
    ticket = file_ticket(received_at=timezone.now() - timedelta(hours=3))
    handle_ticket(actor=of_user(people["dimas"]), ticket_id=ticket.pk)
    page = sign_in("dimas")
    page.goto(f"/meja/{ticket.number}/?view=team:cs_account")
    live(page)
    page.locator("#mode-note").check(force=True)
    page.locator("#compose").fill("sedang saya tulis")
    page.locator("#compose").evaluate("box => box.setSelectionRange(3, 3)")
    assert sweep().fired
    expect(page.locator(".event.late").first).to_be_visible(timeout=SOON)
    answer("sari", ticket, "Halo, ini dari supervisor.")
    theirs = page.locator(".msg-us", has_text="Halo, ini dari supervisor.")
    expect(theirs).to_be_visible(timeout=SOON)
    # Where the cursor stood, one types on.
    page.keyboard.type("XY")
    expect(page.locator("#compose")).to_have_value("sedXYang saya tulis")
    expect(page.locator("#mode-note")).to_be_checked()
    file_ticket()
    expect(page.get_by_role("button", name="Ada 1 tiket baru")).to_be_visible(timeout=SOON)
    wrote = Actor(customer=ticket.customer)
    add_customer_message(actor=wrote, ticket_id=ticket.pk, body="Ada kabar?")
    expect(page.locator(".msg", has_text="Ada kabar?")).to_be_visible(timeout=SOON)


def test_one_persons_press_shows_on_anothers_page_and_on_the_dashboard(
    sign_in: SignIn, file_ticket: Any
):
    ticket = file_ticket()
    lead, officer = sign_in("sari"), sign_in("dimas")
    wall = lead.context.new_page()
    lead.goto(f"/meja/{ticket.number}/?view=all")
    wall.goto("/dasbor/")
    officer.goto(f"/meja/{ticket.number}/")
    live(lead)
    live(wall)
    live(officer)
    officer.locator("#subject").focus()
    officer.keyboard.press("a")
    expect(officer.locator(".stages .now b")).to_have_text("Ditangani")
    expect(lead.locator(".stages .now b")).to_have_text("Ditangani", timeout=SOON)
    expect(lead.locator(f"#row-{ticket.pk}")).to_contain_text("Ditangani", timeout=SOON)
    expect(wall.locator("#stage-handled")).to_contain_text("1", timeout=SOON)


def test_a_killed_stream_is_told_polled_over_and_mended(
    sign_in: SignIn, file_ticket: Any, events_process: EventsProcess, people: Any
):
    ticket = file_ticket()
    handle_ticket(actor=of_user(people["dimas"]), ticket_id=ticket.pk)
    page = sign_in("dimas")
    page.goto(f"/meja/{ticket.number}/")
    live(page)
    events_process.kill()
    answer("sari", ticket, "selagi terputus")
    expect(page.locator(".msg-us", has_text="selagi terputus")).to_be_visible(timeout=SOON)
    expect(page.locator("#live")).to_contain_text("tiap 5 detik")
    page.context.set_offline(True)
    answer("sari", ticket, "selagi tak ada apa pun")
    expect(page.locator("#live")).to_have_text("Terputus, mencoba lagi…", timeout=20_000)
    events_process.start()
    page.context.set_offline(False)
    expect(page.locator(".msg-us", has_text="selagi tak ada apa pun")).to_be_visible(timeout=20_000)
    expect(page.locator("html")).to_have_attribute("data-live", "live", timeout=45_000)
    expect(page.locator("#live")).to_be_empty(timeout=8_000)
    answer("sari", ticket, "sesudah tersambung")
    expect(page.locator(".msg-us", has_text="sesudah tersambung")).to_be_visible(timeout=SOON)


def test_tabs_share_one_stream_and_the_next_takes_over(
    sign_in: SignIn, file_ticket: Any, people: Any
):
    ticket = file_ticket()
    first = sign_in("dimas")
    streams: list[str] = []
    first.context.on(
        "request", lambda asked: streams.append(asked.url) if "/events/" in asked.url else None
    )
    first.goto(f"/meja/{ticket.number}/")
    live(first)
    second = first.context.new_page()
    second.goto(f"/meja/{ticket.number}/")
    live(second)
    assert len([url for url in streams if "/events/" in url]) == len(set(streams)) <= 2
    opened = len(streams)
    add_internal_note(actor=of_user(people["sari"]), ticket_id=ticket.pk, body="untuk keduanya")
    for tab in (first, second):
        expect(tab.locator(".msg-note", has_text="untuk keduanya")).to_be_visible(timeout=SOON)
    assert len(streams) == opened
    first.close()
    live(second)
    second.wait_for_timeout(300)
    add_internal_note(actor=of_user(people["sari"]), ticket_id=ticket.pk, body="untuk yang tinggal")
    expect(second.locator(".msg-note", has_text="untuk yang tinggal")).to_be_visible(timeout=SOON)
    assert len(streams) == opened + 1


def test_who_is_there_is_said_and_a_reply_stops_before_it_crosses(
    sign_in: SignIn, file_ticket: Any, people: Any
):
    ticket = file_ticket()
    handle_ticket(actor=of_user(people["dimas"]), ticket_id=ticket.pk)
    lead, officer = sign_in("sari"), sign_in("dimas")
    officer.goto(f"/meja/{ticket.number}/")
    live(officer)
    lead.goto(f"/meja/{ticket.number}/")
    live(lead)
    expect(officer.locator("#presence")).to_contain_text("Sari sedang melihat", timeout=5_000)
    expect(lead.locator("#presence")).to_contain_text("Dimas sedang melihat")
    officer.locator("#compose").fill("Jawaban yang panjang")
    expect(lead.locator("#presence")).to_contain_text("Dimas sedang mengetik balasan")
    lead.locator("#compose").fill("Sari lebih dulu.")
    lead.keyboard.press("Control+Enter")
    expect(officer.locator(".msg-us", has_text="Sari lebih dulu.")).to_be_visible()
    officer.locator("#compose").press("Control+Enter")
    stop = officer.locator("#crossing")
    expect(stop).to_contain_text("Sari lebih dulu.")
    expect(officer.locator("#compose")).to_have_value("Jawaban yang panjang")
    stop.get_by_role("button", name="Lihat dulu").click()
    expect(officer.locator(".msg-us", has_text="Sari lebih dulu.")).to_be_focused()
    expect(stop).to_be_empty()
    lead.locator("#compose").fill("Sekali lagi.")
    lead.keyboard.press("Control+Enter")
    expect(officer.locator(".msg-us", has_text="Sekali lagi.")).to_be_visible()
    officer.locator("#compose").press("Control+Enter")
    stop.get_by_role("button", name="Tetap kirim").click()
    expect(officer.locator(".msg-us", has_text="Jawaban yang panjang")).to_be_visible()
    expect(officer.locator("#compose")).to_have_value("")
    lead.close()
    expect(officer.locator("#presence")).to_be_empty(timeout=30_000)
