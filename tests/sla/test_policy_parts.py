from __future__ import annotations

from copy import deepcopy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sla.policy_parts import body_of, both_changed, changed_parts, merged, parts_of
from tests.sla.policy_body import delivered, with_target


def test_a_body_is_the_sum_of_its_parts() -> None:
    assert body_of(parts_of(delivered())) == delivered()


def test_a_pause_that_never_happens_is_no_difference() -> None:
    body = delivered()
    body["pauses"]["acceptance"] = []
    assert changed_parts(delivered(), body) == []


def test_what_two_people_changed_comes_together() -> None:
    base = delivered()
    mine = with_target(base, "first-urgent", within={"hours": 1})
    theirs = {**with_target(base, "first-high", within={"hours": 4}), "closures": ["2026-12-31"]}
    together = merged(base, mine, theirs)
    assert changed_parts(base, together) == [
        ("targets", "first-urgent"),
        ("targets", "first-high"),
        ("closures", "2026-12-31"),
    ]
    assert both_changed(base, mine, theirs) == []


def test_where_both_changed_a_part_mine_holds_and_is_named() -> None:
    base = delivered()
    mine = with_target(base, "first-urgent", within={"hours": 1})
    theirs = with_target(base, "first-urgent", within={"hours": 3})
    assert both_changed(base, mine, theirs) == [("targets", "first-urgent")]
    assert merged(base, mine, theirs) == mine


def test_what_i_removed_stays_away() -> None:
    base = delivered()
    mine = deepcopy(base)
    mine["targets"] = [row for row in mine["targets"] if row["code"] != "first-tier"]
    theirs = {**base, "confirmation_hours": 48}
    together = merged(base, mine, theirs)
    assert ("targets", "first-tier") not in parts_of(together)
    assert together["confirmation_hours"] == 48


changes = st.lists(
    st.tuples(st.sampled_from(["first-urgent", "first-high", "update-daily"]), st.integers(1, 90)),
    max_size=3,
)


@settings(max_examples=40, deadline=None)
@given(changes, changes)
def test_merging_keeps_all_of_mine_and_the_rest_of_theirs(
    mine_does: list[tuple[str, int]], theirs_do: list[tuple[str, int]]
) -> None:
    base = delivered()
    mine, theirs = _changed(base, mine_does), _changed(base, theirs_do)
    together = parts_of(merged(base, mine, theirs))
    touched = changed_parts(base, mine)
    for key in parts_of(base):
        assert together[key] == parts_of(mine if key in touched else theirs)[key]


def _changed(body: dict[str, Any], steps: list[tuple[str, int]]) -> dict[str, Any]:
    for code, hours in steps:
        body = with_target(body, code, within={"hours": hours})
    return body


def test_a_closure_and_its_name_are_one_part() -> None:
    base = delivered()
    plain = {**base, "closures": ["2026-12-31"]}
    named = {**plain, "closure_names": {"2026-12-31": "tutup buku"}}
    assert changed_parts(plain, named) == [("closures", "2026-12-31")]
    assert body_of(parts_of(named)) == named
    assert "closure_names" not in body_of(parts_of(plain))
