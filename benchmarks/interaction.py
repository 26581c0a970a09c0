"""How soon the browser paints after a key or a click, by its own event timing (INP)."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.test import Client

from benchmarks.pages import BACKEND
from benchmarks.server import granian
from benchmarks.table import Row, spread
from people.models import User

LIST = "/meja/?view=team:cs_payment"
STEPS = 30
TICKETS = 12
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
# The longest event of each interaction; what paints within 16 ms is not reported by the browser.
WATCH = """() => {
  window.interactions = new Map();
  const keep = (entry) => interactions.set(
    entry.interactionId, Math.max(interactions.get(entry.interactionId) ?? 0, entry.duration));
  new PerformanceObserver((list) => list.getEntries().filter((e) => e.interactionId).forEach(keep))
    .observe({ type: "event", durationThreshold: 16, buffered: false });
}"""
SHOWN = """(number) => document.querySelector('#pane [data-number]')?.dataset.number === number"""


def measure(people: dict[str, User]) -> Iterator[Row]:
    """Nothing where there is no Chromium, or no playwright to drive it."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        chromium = None
    if chromium is None:
        print("bench: no browser here, interactions are not measured", flush=True)
        return
    cookie = _session(people["bagus"])
    with granian(workers=2) as port, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGS)
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        address = f"http://127.0.0.1:{port}"
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": address}]
        )
        page = context.new_page()
        page.goto(address + LIST)
        page.wait_for_selector("#rows a.row")
        yield _row("next paint after J and K", page, lambda: _walk(page))
        times: list[float] = []
        row = _row("next paint after opening a ticket", page, lambda: times.extend(_open(page)))
        yield row
        yield Row("ticket shown after Enter, with the server's answer", spread(times))
        browser.close()


def _session(person: User) -> str:
    client = Client()
    client.force_login(person, backend=BACKEND)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def _row(what: str, page: Any, act: Callable[[], Any]) -> Row:
    print(f"bench: {what}", flush=True)
    page.evaluate(WATCH)
    act()
    page.wait_for_timeout(300)
    seen = sorted(page.evaluate("() => [...interactions.values()]"))
    worst = f"worst {seen[-1]:.0f} ms" if seen else "all within 16 ms"
    return Row(what, worst, "", f"{len(seen)} interactions took longer than 16 ms")


def _walk(page: Any) -> None:
    for key in ["j"] * STEPS + ["k"] * STEPS:
        page.keyboard.press(key)
        page.wait_for_timeout(30)


def _open(page: Any) -> list[float]:
    """Seconds from the key to the painted ticket."""
    times = []
    for _ticket in range(TICKETS):
        page.keyboard.press("j")
        number = page.evaluate("() => document.activeElement.dataset.number")
        began = page.evaluate("() => performance.now()")
        page.keyboard.press("Enter")
        page.wait_for_function(SHOWN, arg=number, polling="raf")
        times.append((page.evaluate("() => performance.now()") - began) / 1000)
        page.evaluate(
            "(number) => document.querySelector(`#rows a[data-number='${number}']`).focus()", number
        )
    return times
