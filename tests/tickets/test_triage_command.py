from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

DEV = Path(__file__).parents[2] / "fixtures" / "triage_dev.jsonl"


def run(tmp_path, text: str, **options):
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text(text, "utf-8")
    told = io.StringIO()
    failure = None
    try:
        call_command("triage", input=str(source), output=str(target), stderr=told, **options)
    except CommandError as error:
        failure = error
    rows = [json.loads(line) for line in target.read_text("utf-8").splitlines()]
    return rows, told.getvalue(), failure


def test_each_case_gets_a_line_without_a_database(tmp_path):
    rows, _, failure = run(tmp_path, DEV.read_text("utf-8"))
    assert failure is None
    assert len(rows) == 200
    assert {"id", "category", "priority", "queue", "reasons"} <= set(rows[0])


def test_bad_lines_are_named_and_the_rest_is_done(tmp_path):
    text = '{"id": 1, "body": "paket hilang"}\nno json\n[]\n\n{"id": 2, "amount_idr": "x"}\n{"id": 3}\n'
    rows, told, failure = run(tmp_path, text)
    assert [row["id"] for row in rows] == [1, 3]
    assert [f"line {number}:" in told for number in (2, 3, 4, 5)] == [True, True, False, True]
    assert failure is not None
    assert failure.returncode == 1


@pytest.mark.parametrize(
    "case", ['{"amount_idr": true}', '{"amount_idr": 1.5}', '{"days_open": NaN}', '{"body": 5}',
             '{"amount_idr": -1}', "[" * 100_000]
)  # fmt: skip
def test_wrong_types_are_refused(tmp_path, case):
    rows, told, failure = run(tmp_path, case)
    assert rows == []
    assert told.startswith("line 1:")
    assert failure is not None


def test_a_lone_surrogate_is_no_accident(tmp_path):
    rows, _, failure = run(tmp_path, '{"id": "\\ud800", "body": "paket \\ud800 hilang"}')
    assert failure is None
    assert rows[0]["category"] == "order_lost"


def test_it_scores_where_labels_are_present(tmp_path):
    _, told, _ = run(tmp_path, DEV.read_text("utf-8"), score=True)
    assert told.startswith("200 cases: category ")


def test_standard_input_and_output(monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.StringIO('{"id": 7, "body": "akun saya dibajak"}\n'))
    call_command("triage")
    assert json.loads(capsys.readouterr().out)["category"] == "account_takeover"


@pytest.mark.parametrize("option", ["input", "rules"])
def test_a_missing_file_is_a_clear_error(option):
    with pytest.raises(CommandError, match="cannot"):
        call_command("triage", **{"input": str(DEV), option: "/no/such/file"})
