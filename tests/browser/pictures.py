"""The pictures of docs/pictures: `make run`, then `python -m tests.browser.pictures [address]`.

The main pages of the demo in light, dark and phone width, as WebP of less than 200 kB each.
"""

from __future__ import annotations

import base64
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import ARGS, CHROMIUM

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "pictures"
MOST_BYTES = 200_000
DESK, PHONE = (1440, 900), (390, 844)
SHAPES = {"light": (DESK, "light"), "dark": (DESK, "dark"), "phone": (PHONE, "light")}
PASSWORD = "tuntas-demo"


@dataclass(frozen=True)
class Picture:
    """`by`: the first part of the demo person's address, empty for a stranger."""

    name: str
    by: str
    address: str
    ready: str
    press: str = ""


PICTURES = (
    Picture("queue", "dimas", "/meja/?view=mine", "#rows a.row"),
    Picture("ticket", "dimas", "ticket", "#compose"),
    Picture("palette", "dimas", "ticket", "#palette-list .opt", press="Control+/"),
    Picture("keys", "dimas", "/tombol/", ".key-rows"),
    Picture("dashboard", "sari", "/dasbor/", "main h1"),
    Picture("search", "sari", "/meja/?q=refund", "#found-said"),
    Picture("bulk", "sari", "bulk", "main form"),
    Picture("policy", "sari", "/aturan/sla/", "main h1"),
    Picture("report", "", "/lapor/", "main form"),
    Picture("tracking", "ratna", "track", "main h1"),
)


def _signed_in(browser: Browser, base: str, name: str) -> Page:
    page = browser.new_context(base_url=base, locale="id-ID", timezone_id="Asia/Jakarta").new_page()
    if name:
        page.goto("/masuk/")
        page.get_by_label("E-mail").fill(f"{name}@demo.tuntas.id")
        page.get_by_label("Kata sandi").fill(PASSWORD)
        page.get_by_role("button", name="Masuk").click()
        page.wait_for_url(lambda url: "/masuk/" not in url)
        page.goto("/meja/")
        if page.locator(".tour-offer").count():
            page.get_by_role("button", name="Nanti saja").click()
    return page


def _address(page: Page, picture: Picture) -> str:
    """Of a page that the demo has under another address each time."""
    if picture.address == "ticket":
        page.goto("/meja/?view=mine")
        return str(page.locator("#rows a.row").first.get_attribute("href"))
    if picture.address == "track":
        page.goto("/tiket-saya/")
        return str(page.locator('main a[href*="/lacak/"]').first.get_attribute("href"))
    if picture.address == "bulk":
        page.goto("/meja/?view=all")
        rows = page.locator("#rows a.row")
        numbers = [rows.nth(place).get_attribute("data-number") for place in range(3)]
        return "/meja/massal/?verb=assign&view=all&" + "&".join(f"numbers={n}" for n in numbers)
    return picture.address


def _shots(page: Page, picture: Picture) -> Iterator[tuple[str, bytes]]:
    address = _address(page, picture)
    for shape, ((width, height), scheme) in SHAPES.items():
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": height})
        page.goto(address)
        if picture.press:
            page.locator("#subject").focus()
            page.keyboard.press(picture.press)
        page.locator(picture.ready).first.wait_for(state="attached")
        page.wait_for_timeout(700)
        yield shape, _webp(page)


def _webp(page: Page) -> bytes:
    options = {"format": "webp", "quality": 82}
    answer = page.context.new_cdp_session(page).send("Page.captureScreenshot", options)
    return base64.b64decode(answer["data"])


def main(base: str) -> None:
    """Write them all; fails where one is too large."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        people: dict[str, Page] = {}
        for picture in PICTURES:
            if picture.by not in people:
                people[picture.by] = _signed_in(browser, base, picture.by)
            page = people[picture.by]
            for shape, data in _shots(page, picture):
                if len(data) > MOST_BYTES:
                    raise SystemExit(f"{picture.name}-{shape} is {len(data)} bytes")
                (FOLDER / f"{picture.name}-{shape}.webp").write_bytes(data)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
