from __future__ import annotations

import io
import json

import pytest
from django.core.management import CommandError, call_command

from seller_chat.moderation.places import DEV


def run(tmp_path, text: str, **options):
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text(text, "utf-8")
    told = io.StringIO()
    failure = None
    try:
        call_command("moderate", input=str(source), output=str(target), stderr=told, **options)
    except CommandError as error:
        failure = error
    rows = [json.loads(line) for line in target.read_text("utf-8").splitlines()]
    return rows, told.getvalue(), failure


def test_each_message_gets_a_line_without_a_database(tmp_path):
    rows, _, failure = run(tmp_path, DEV.read_text("utf-8"))
    assert failure is None
    assert len(rows) == 120
    assert {"id", "violations", "reasons", "confidence", "needs_review"} <= set(rows[0])


def test_bad_lines_are_named_and_the_rest_is_done(tmp_path):
    text = (
        '{"id": 1, "sender": "seller", "text": "wa 081234567890 ya"}\nno json\n[]\n\n'
        '{"id": 2, "text": 5}\n{"id": 3, "sender": "robot", "text": "x"}\n'
        '{"id": 4, "sender": "buyer", "text": "makasih kak"}\n'
    )
    rows, told, failure = run(tmp_path, text)
    assert [(row["id"], row["violations"]) for row in rows] == [
        (1, ["off_platform_diversion"]),
        (4, []),
    ]
    assert [f"line {number}:" in told for number in (2, 3, 4, 5, 6, 7)] == [
        True, True, False, True, True, False,
    ]  # fmt: skip
    assert failure is not None
    assert failure.returncode == 1


@pytest.mark.parametrize(
    "line", ["{}", '{"text": null}', '{"text": "x", "sender": 1}', "[" * 99_999]
)
def test_what_is_no_message_is_refused(tmp_path, line):
    rows, told, failure = run(tmp_path, line)
    assert rows == []
    assert told.startswith("line 1:")
    assert failure is not None


def test_a_lone_surrogate_is_no_accident(tmp_path):
    rows, _, failure = run(tmp_path, '{"id": "\\ud800", "text": "wa \\ud800 081234567890"}')
    assert failure is None
    assert rows[0]["violations"] == ["off_platform_diversion"]


def test_it_scores_where_labels_are_present(tmp_path):
    _, told, _ = run(tmp_path, DEV.read_text("utf-8"), score=True)
    assert told.startswith("117 messages: micro-F1 ")
    assert "worst confusions" in told


def test_standard_input_and_output(monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.StringIO('{"id": 7, "text": "dasar goblok"}\n'))
    call_command("moderate")
    assert json.loads(capsys.readouterr().out)["violations"] == ["harassment"]


@pytest.mark.parametrize("option", ["input", "rules", "model"])
def test_a_missing_file_is_a_clear_error(option):
    with pytest.raises(CommandError, match="cannot"):
        call_command("moderate", **{"input": str(DEV), option: "/no/such/file"})
