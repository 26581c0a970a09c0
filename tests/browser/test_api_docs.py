"""The interactive documentation of the API, from our own server alone and under our policy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.django_db(transaction=True)


def test_it_shows_and_tries_operations_without_another_server(
    sign_in: Callable[[str], Page], live_server: Any
) -> None:
    page = sign_in("dimas")
    foreign: list[str] = []
    page.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((live_server.url, "data:", "blob:"))
            else foreign.append(request.url)
        ),
    )
    page.goto("/api/docs/#/People/me")
    operation = page.locator("#operations-People-me")
    expect(page.locator(".opblock").first).to_be_visible()
    expect(operation).to_be_visible()
    operation.get_by_role("button", name="Try it out").click()
    operation.get_by_role("button", name="Execute").click()
    expect(operation.locator(".live-responses-table .response-col_status").last).to_contain_text(
        "200"
    )
    assert foreign == []
