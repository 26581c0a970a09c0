from __future__ import annotations

import io
import json

import pytest
from django.core.management import CommandError, call_command

LOST = {"category": "order_lost", "priority": "MEDIUM", "queue": "general"}
URGENT = {"category": "data_leak", "priority": "URGENT", "queue": "fraud"}


def case(name: str, body: str, expected: dict | None) -> str:
    return json.dumps({"id": name, "body": body, "expected": expected}) + "\n"


def run(*paths, **options) -> tuple[str, str, CommandError | None]:
    told, complained, failure = io.StringIO(), io.StringIO(), None
    try:
        call_command("evaluate_triage", *map(str, paths), stdout=told, stderr=complained, **options)
    except CommandError as error:
        failure = error
    return told.getvalue(), complained.getvalue(), failure


def test_it_tells_shares_urgent_cases_and_confusions(tmp_path):
    file = tmp_path / "cases.jsonl"
    file.write_text(
        case("A", "paket saya hilang kata kurir", LOST)
        + case("B", "paket saya hilang kata kurir", URGENT)
        + case("C", "akun saya dibajak dan saldo saya dikuras orang", LOST)
        + case("D", "paket hilang", None),
        "utf-8",
    )
    told, _, failure = run(file, ids=True)
    assert failure is None
    assert told.splitlines() == [
        "3 cases",
        "category    33.3%",
        "priority    33.3%",
        "queue       33.3%",
        "all three   33.3%",
        "URGENT missed 1 of 1: B",
        "URGENT false 1 of 2: C",
        "   1  data_leak taken for order_lost",
        "   1  order_lost taken for account_takeover",
    ]


def test_a_folder_is_all_its_files_and_the_worst_confusions_are_few(tmp_path):
    for name in ("one", "two"):
        (tmp_path / f"{name}.jsonl").write_text(case(name, "paket saya hilang", URGENT), "utf-8")
    (tmp_path / "notes.txt").write_text("no case", "utf-8")
    told, _, failure = run(tmp_path, confusions=0)
    assert failure is None
    assert told.startswith("2 cases\n")
    assert "taken for" not in told


def test_bad_lines_are_named_and_the_rest_is_scored(tmp_path):
    file = tmp_path / "cases.jsonl"
    file.write_text("no json\n\n" + case("A", "paket saya hilang kata kurir", LOST), "utf-8")
    told, complained, failure = run(file)
    assert complained.startswith("cases.jsonl, line 1: not JSON")
    assert told.startswith("1 cases\n")
    assert failure is not None
    assert failure.returncode == 1


@pytest.mark.parametrize("name", ["missing.jsonl", "."])
def test_nothing_to_read_is_said(tmp_path, name):
    _, _, failure = run(tmp_path / name)
    assert failure is not None
