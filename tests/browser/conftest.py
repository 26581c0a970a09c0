"""A real Chromium against the running site; named as skipped where no Chromium is found."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect, sync_playwright

from people.models import User

# The shell without windows first: the same engine for a fifth less work.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), None)
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
SignIn = Callable[[str], Page]
PATIENCE = 15_000  # ms; what comes comes sooner, but not on a busy machine with two cores
expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            # Once, and told as RERUN in the summary: the last net, CONTRIBUTING.md says why.
            item.add_marker(pytest.mark.flaky(reruns=1))
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="no Chromium on this machine"))


def session_of(client: Client, address: str) -> list[Any]:
    """The cookie of the client's session for a browser, none where it has no session."""
    name = settings.SESSION_COOKIE_NAME
    kept = client.cookies.get(name)
    return [{"name": name, "value": kept.value, "url": address}] if kept else []


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    # Playwright keeps an event loop in this thread, which Django would take for async code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def new_page(browser: Browser, live_server: Any) -> Iterator[Callable[[], Page]]:
    """Opens pages of separate people, each with cookies of their own; fails on a page's own errors."""
    contexts = []
    problems: list[str] = []

    def open_page() -> Page:
        context = browser.new_context(
            base_url=live_server.url, locale="id-ID", timezone_id="Asia/Jakarta"
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on(
            "console",
            lambda said: (
                problems.append(said.text) if "Content Security Policy" in said.text else None
            ),
        )
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert problems == []


@pytest.fixture
def sign_in(new_page: Callable[[], Page], live_server: Any) -> SignIn:
    """An empty page of the demo person with this first part of the e-mail address, signed in.

    By its cookie: the form of signing in is tested by those who go through it.
    """

    def enter(name: str) -> Page:
        client = Client()
        client.force_login(User.objects.get(email=f"{name}@demo.tuntas.id"))
        page = new_page()
        page.context.add_cookies(session_of(client, live_server.url))
        return page

    return enter
