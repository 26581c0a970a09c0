"""What axe finds on a page: WCAG 2.2 AA, at the desk and on a phone, in both themes."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = Axe().axe_script
DESK, PHONE = (1440, 900), (360, 740)


def look_at(page: Page, name: str, address: str) -> list[str]:
    """Everything wrong with the page at this address; the page's context must bypass its CSP."""
    _turn_to(page, *DESK, "light")
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == (404 if name == "404" else 200), address
    page.evaluate(AXE)
    heads = page.evaluate("[...document.querySelectorAll('h1')].map((each) => each.innerText)")
    problems = [] if len(heads) == 1 else [f"{name} has {len(heads)} h1: {heads}"]
    return problems + [f"{name} {each}" for each in found_everywhere(page)]


def found_everywhere(page: Page) -> list[str]:
    """Of the page as it stands, in both widths; in the other theme only the colours differ."""
    problems = []
    for width, height in (DESK, PHONE):
        _turn_to(page, width, height, "light")
        problems += [f"{width} light {each}" for each in _found(page, WCAG)]
        wide = page.evaluate("document.documentElement.scrollWidth")
        problems += [f"is {wide} wide on {width}"] if wide > width else []
    _turn_to(page, *DESK, "dark")
    return problems + [f"dark {each}" for each in _found(page, ["color-contrast"], kind="rule")]


def _turn_to(page: Page, width: int, height: int, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": width, "height": height})


def _found(page: Page, only: list[str], *, kind: str = "tag") -> list[str]:
    options = {"runOnly": {"type": kind, "values": only}, "resultTypes": ["violations"]}
    # What fits stays in the browser: it would be a megabyte for each page.
    violations = page.evaluate(
        "options => axe.run(document, options).then(({ violations }) => violations)", options
    )
    return [
        f"{each['id']}: {node['html'][:160]} {node['failureSummary'][:300]}"
        for each in violations
        for node in each["nodes"][:3]
    ]
