"""Keys through the API."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import Caller, problem


def _key(answer: Any, command: str) -> dict[str, Any]:
    return next(row for row in answer.json()["results"] if row["command"] == command)


def test_keys_are_read_and_set(as_officer: Caller) -> None:
    row = _key(as_officer.get("me/keys"), "reply")
    assert (row["key"], row["usual_key"], row["fixed"]) == ("r", "r", False)
    answer = as_officer.request("PUT", "me/keys", {"keys": {"reply": "9", "close": ""}})
    assert answer.status_code == 200
    assert (_key(answer, "reply")["key"], _key(answer, "close")["key"]) == ("9", "")
    again = as_officer.request("PUT", "me/keys", {"keys": {}, "single_keys": False})
    assert (_key(again, "reply")["key"], again.json()["single_keys"]) == ("r", False)


@pytest.mark.parametrize(
    ("keys", "status", "code"),
    [
        ({"reply": "c"}, 409, "key_taken"),
        ({"reply": "ctrl+k"}, 409, "key_of_browser"),
        ({"reply": "ctrl+w"}, 400, "key_not_ours"),
        ({"reply": "alt+x"}, 400, "unknown_key"),
        ({"nothing": "9"}, 400, "unknown_command"),
        ({"open": "9"}, 400, "fixed_key"),
        ({"reply": 5}, 400, "invalid_keys"),
        (["reply"], 400, "invalid_keys"),
        (None, 400, "invalid_input"),
    ],
)
def test_wrong_keys_change_nothing(as_officer: Caller, keys: Any, status: int, code: str) -> None:
    problem(as_officer.request("PUT", "me/keys", {"keys": keys}), status, code)
    assert _key(as_officer.get("me/keys"), "reply")["key"] == "r"


def test_a_key_of_the_browser_is_had_when_asked_for(as_officer: Caller) -> None:
    body = {"keys": {"palette": "ctrl+k"}, "anyway": True}
    assert _key(as_officer.request("PUT", "me/keys", body), "palette")["key"] == "ctrl+k"
