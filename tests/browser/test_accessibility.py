"""axe on every page that has an address: WCAG 2.2 AA, at the desk and on a phone, in both themes.

The routes are walked: a page that is added without a line in `PAGES` fails here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from playwright.sync_api import Browser, BrowserContext, Page

from people.models import User
from tests.browser.axe import AXE, found_everywhere, look_at
from tests.browser.axe_chat import talk_in
from tests.browser.axe_pages import PAGES
from tests.browser.axe_world import World, make_world, work_on_rules
from tests.browser.conftest import session_of
from tests.browser.no_pages import NO_PAGES
from tests.support.quality import reviews_in_each_state

pytestmark = pytest.mark.django_db(transaction=True)

LOOKS = {name: looks for group in PAGES.values() for name, looks in group.items()}
PIECE = 16  # pages to a test, so that the processes of a run share them


def _pieces(group: str) -> list[Any]:
    """The group's pages in pieces, each a test of its own."""
    names = [*PAGES[group]]
    pieces = [names[at : at + PIECE] for at in range(0, len(names), PIECE)]
    return [pytest.param(each, id=f"{group}-{n}") for n, each in enumerate(pieces, 1)]


def _routes(resolver: URLResolver, space: str = "", below: str = "") -> Iterator[str]:
    for each in resolver.url_patterns:
        at = below + str(each.pattern)
        if isinstance(each, URLResolver):
            inner = f"{space}{each.namespace}:" if each.namespace else space
            yield from _routes(each, inner, at)
        elif isinstance(each, URLPattern) and (
            not at.startswith("api/") or each.name == "api_docs"
        ):
            yield f"{space}{each.name}"


def test_each_address_is_looked_at_or_is_no_page() -> None:
    looked_at = LOOKS.keys() - {"404"}
    routes = set(_routes(get_resolver()))
    assert looked_at & NO_PAGES.keys() == set()
    assert routes - looked_at - NO_PAGES.keys() == set(), "give it a line in PAGES"
    assert (looked_at | NO_PAGES.keys()) - routes == set(), "no such address any more"


@pytest.fixture
def world(people: dict[str, User], file_ticket: Any) -> World:
    return make_world(people, file_ticket)


@pytest.fixture
def pages(browser: Browser, live_server: Any, world: World) -> Iterator[Callable[[str], Page]]:
    """A page of each person. axe measures with inline styles, which our policy rightly refuses."""
    contexts: dict[str, BrowserContext] = {}

    def page_of(name: str) -> Page:
        if name not in contexts:
            contexts[name] = browser.new_context(
                base_url=live_server.url, locale="id-ID", bypass_csp=True, reduced_motion="reduce"
            )
            if name != "visitor":
                contexts[name].add_cookies(session_of(world.client(name), live_server.url))
            contexts[name].new_page()
        return contexts[name].pages[0]

    yield page_of
    for context in contexts.values():
        context.close()


def _look_at_all(names: list[str], world: World, pages: Callable[[str], Page]) -> list[str]:
    problems = []
    for name in names:
        for look in LOOKS[name]:
            where = look.address(world) if look.address else reverse(name)
            query = look.query
            if query.endswith("numbers="):
                query += f"{world.new.number}&numbers={world.handled.number}"
            problems += look_at(pages(look.by), name, where + query)
    return problems


@pytest.mark.parametrize(
    "names", [each for group in ("public", "desk", "shops") for each in _pieces(group)]
)
def test_axe_finds_nothing(names: list[str], world: World, pages: Callable[[str], Page]) -> None:
    problems = _look_at_all(names, world, pages)
    assert not problems, "\n".join(problems)


def test_axe_finds_nothing_in_buyer_messages(world: World, pages: Callable[[str], Page]) -> None:
    talk_in(world.people)
    problems = _look_at_all([*PAGES["chat"]], world, pages)
    assert not problems, "\n".join(problems)


def test_axe_finds_nothing_in_quality(
    world: World, pages: Callable[[str], Page], file_ticket: Any
) -> None:
    reviews_in_each_state(world.people, file_ticket)
    problems = _look_at_all([*PAGES["quality"]], world, pages)
    assert not problems, "\n".join(problems)


def test_axe_finds_nothing_in_an_open_dialog(world: World, pages: Callable[[str], Page]) -> None:
    page = pages("dimas")
    problems = []
    for opened, key in (("palette", "Control+/"), ("key-list", "?"), ("do-close", "c")):
        page.goto(reverse("desk:ticket", args=[world.handled.number]))
        page.evaluate(AXE)
        page.keyboard.press(key)
        page.locator(f"#{opened}[open] :is(.opt, dd, textarea)").first.wait_for()
        problems += [f"{opened} {each}" for each in found_everywhere(page)]
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("names", _pieces("rules"))
def test_axe_finds_nothing_where_rules_are_made(
    names: list[str], world: World, pages: Callable[[str], Page]
) -> None:
    work_on_rules(world)
    problems = _look_at_all(names, world, pages)
    assert not problems, "\n".join(problems)
