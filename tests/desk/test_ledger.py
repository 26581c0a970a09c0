from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.utils import timezone

from desk.csv_file import safe
from desk.views import ledger as view
from escalation.models import Escalation
from helpdesk.common import clock
from helpdesk.common.durations import WIB
from sla.services import sweep

pytestmark = pytest.mark.django_db
PAGE = "/eskalasi/buku/"


@pytest.fixture
def filled(file_ticket):
    """Three escalations by missed deadlines."""
    with clock.shifted(timedelta(hours=-3)):
        for _ in range(3):
            file_ticket()
    sweep()
    return list(Escalation.objects.order_by("-pk"))


def read_csv(answer) -> list[list[str]]:
    text = b"".join(answer.streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def test_who_may_see_it(desk, sign_in, supervisor, manager, admin, specialist):
    for user in (supervisor, manager, admin):
        assert sign_in(user).get(PAGE).status_code == 200
        assert sign_in(user).get(f"{PAGE}ekspor.csv").status_code == 200
    for client in (desk, sign_in(specialist)):
        assert client.get(PAGE).status_code == 403
        assert client.get(f"{PAGE}ekspor.csv").status_code == 403


def test_a_line_says_what_when_why_and_to_whom(sign_in, supervisor, filled):
    page = sign_in(supervisor).get(PAGE).content.decode()
    of = filled[0]
    for word in (of.reference, of.ticket.number, "Tenggat terlewat", "penyisiran #", "matriks v"):
        assert word in page
    assert "Tim Investigasi Fraud" in page
    assert "setelahnya" in page
    assert "tepat waktu" in page


def test_filters_come_back_and_narrow(sign_in, supervisor, filled):
    client = sign_in(supervisor)
    page = client.get(PAGE, {"trigger": "hand"})
    assert page.context["lines"] == []
    assert page.context["form"]["trigger"].value() == "hand"
    today = timezone.now().astimezone(WIB).date().isoformat()
    page = client.get(PAGE, {"since": today, "until": today, "team": "fraud", "late": "on"})
    assert len(page.context["lines"]) == 3


@pytest.mark.parametrize(
    "query",
    [
        {"since": "kemarin"},
        {"since": "0001-01-01", "until": "9999-12-30"},
        {"until": "9999-12-31"},
        {"team": "' OR 1=1 --"},
        {"trigger": "breach\x00"},
        {"cursor": "AAAA"},
        {"cursor": "x" * 5000},
    ],
)
def test_strange_words_break_nothing(sign_in, supervisor, filled, query):
    assert sign_in(supervisor).get(PAGE, query).status_code == 200
    assert sign_in(supervisor).get(f"{PAGE}ekspor.csv", query).status_code == 200


def test_a_wrong_filter_shows_nothing_and_says_what_is_wrong(sign_in, supervisor, filled):
    page = sign_in(supervisor).get(PAGE, {"ticket": "bukan nomor"})
    assert page.context["lines"] == []
    assert "ledger_ticket_error" in page.content.decode()


def test_pages_meet_without_gap_or_repeat(sign_in, supervisor, filled, monkeypatch):
    monkeypatch.setattr("desk.ledger_page.PAGE_SIZE", 2)
    client = sign_in(supervisor)
    first = client.get(PAGE)
    second = client.get(f"{PAGE}?{first.context['next']}")
    shown = [line.of.pk for line in (*first.context["lines"], *second.context["lines"])]
    assert shown == [row.pk for row in filled]
    assert second.context["next"] == ""


def test_few_queries_however_many_lines(sign_in, supervisor, filled, django_assert_max_num_queries):
    client = sign_in(supervisor)
    client.get(PAGE)
    with django_assert_max_num_queries(20):
        client.get(PAGE)


def test_the_file_holds_the_same_lines(sign_in, supervisor, filled):
    answer = sign_in(supervisor).get(f"{PAGE}ekspor.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer["Content-Disposition"]
    titles, *rows = read_csv(answer)
    assert titles[0] == "Eskalasi"
    assert [row[0] for row in rows] == [of.reference for of in filled]
    assert "Tenggat terlewat: respons pertama." in rows[0]
    assert float(rows[0][titles.index("Terlambat (detik)")]) > 3000


def test_the_file_is_in_the_readers_language(sign_in, supervisor, filled):
    client = sign_in(supervisor)
    client.cookies["django_language"] = "en"
    titles, *rows = read_csv(client.get(f"{PAGE}ekspor.csv"))
    assert titles[0] == "Escalation"
    assert "Missed deadline: first response." in rows[0]


def test_the_file_ends_at_its_limit(sign_in, supervisor, filled, monkeypatch):
    monkeypatch.setattr(view, "MAX_ROWS", 2)
    assert len(read_csv(sign_in(supervisor).get(f"{PAGE}ekspor.csv"))) == 3


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "＝"])
def test_no_cell_is_a_formula(sign_in, supervisor, filled, begin):
    evil = f'{begin}HYPERLINK("https://evil.example",1)'
    Escalation.objects.update(decision_reason=evil)
    titles, *rows = read_csv(sign_in(supervisor).get(f"{PAGE}ekspor.csv"))
    assert rows[0][titles.index("Alasan")].startswith("'")
    assert safe(evil) == f"'{evil}"


def test_numbers_and_plain_words_stay_as_they_are():
    assert [safe(cell) for cell in (-1.5, 3, "TUN-1", "a=b", "")] == [-1.5, 3, "TUN-1", "a=b", ""]
