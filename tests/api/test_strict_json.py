from __future__ import annotations

import contextlib
import json
import time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpdesk.common.errors import InvalidInput
from helpdesk.common.strict_json import MAX_BYTES, MAX_DEPTH, TooLarge, loads

text = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=20)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**18), 10**18) | text
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda part: st.lists(part, max_size=4) | st.dictionaries(text, part, max_size=4),
    max_leaves=20,
)  # fmt: skip


# However slow the machine is.
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(values, st.booleans())
def test_what_is_json_is_read_as_it_was(value: Any, ascii_only: bool) -> None:
    assert loads(json.dumps(value, ensure_ascii=ascii_only).encode()) == value


@given(st.binary(max_size=200))
def test_anything_else_is_refused_and_nothing_breaks(raw: bytes) -> None:
    with contextlib.suppress(InvalidInput):
        loads(raw)


def test_the_limits_are_exact() -> None:
    deepest = b"[" * MAX_DEPTH + b"]" * MAX_DEPTH
    assert loads(deepest)
    with pytest.raises(InvalidInput, match="50"):
        loads(b"[" + deepest + b"]")
    whole = b'"' + b"x" * (MAX_BYTES - 2) + b'"'
    assert loads(whole)
    with pytest.raises(TooLarge):
        loads(whole + b" ")


def test_brackets_in_a_text_are_no_levels() -> None:
    assert loads(json.dumps("[" * 1000).encode()) == "[" * 1000
    assert loads(json.dumps('\\"[{' * 1000).encode())


@pytest.mark.parametrize(
    "raw",
    [
        b'"' + b'\\"' * 999_999,
        b"[]" * 50 + b'"' * (MAX_BYTES - 100),
        b'"a' + b"\\" * 1_999_990,
        b"[" * MAX_BYTES,
    ],
    ids=["unclosed", "quotes", "backslashes", "brackets"],
)
def test_nothing_takes_long_to_refuse(raw: bytes) -> None:
    begun = time.process_time()
    with pytest.raises(InvalidInput):
        loads(raw)
    assert time.process_time() - begun < 2
