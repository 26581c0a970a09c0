"""Ten thousand notices are one line, and slow no page."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from desk.notices import Burst, notices_of
from people.actors import of_user
from tickets.models import Notice, TicketEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def flood(file_ticket, officer, supervisor):
    """`count` notices of a kind for the reader, a second's fraction apart, ending at `at`."""
    ticket = file_ticket()
    Notice.objects.all().delete()

    def poured(count: int, kind: str = "breached", at=None, reader=officer, gap=0.002) -> None:
        end = at or timezone.now()
        data = {"metric": "first_response", "late_seconds": 1.0}
        events = TicketEvent.objects.bulk_create(
            TicketEvent(
                ticket=ticket, kind=kind, actor_label="sweep", data=data,
                at=end - timedelta(seconds=gap * (count - n)),
            )
            for n in range(count)
        )  # fmt: skip
        Notice.objects.bulk_create(
            Notice(recipient=reader, event=event, ticket=ticket, created_at=event.at)
            for event in events
        )

    return poured


def test_a_burst_of_one_kind_is_one_line(desk, officer, flood):
    flood(3, kind="customer_wrote")
    flood(40)
    (burst, *rest) = notices_of(of_user(officer), frozenset({"late"}))
    assert isinstance(burst, Burst)
    assert (burst.count, burst.unread, burst.view, len(burst.lines)) == (40, 40, "late", 8)
    assert len(rest) == 3
    page = desk.get("/pemberitahuan/").content.decode()
    assert "40 pemberitahuan" in page
    assert "dan 32 lainnya" in page
    assert "/meja/?view=late" in page


def test_bursts_of_other_times_stay_apart(officer, flood):
    flood(10, at=timezone.now() - timedelta(hours=2))
    flood(10)
    assert [part.count for part in notices_of(of_user(officer))] == [10, 10]


def test_what_crosses_a_burst_keeps_its_own_line(officer, flood):
    flood(10)
    flood(1, kind="customer_wrote")
    flood(10)
    first, second = notices_of(of_user(officer))
    assert {getattr(first, "count", 1), getattr(second, "count", 1)} == {20, 1}


def test_a_group_is_marked_read_alone_and_by_its_reader_alone(
    desk, sign_in, officer, supervisor, flood
):
    flood(10, at=timezone.now() - timedelta(hours=2))
    flood(10)
    flood(2, kind="customer_wrote")
    flood(10, reader=supervisor)
    burst = next(part for part in notices_of(of_user(officer)) if isinstance(part, Burst))
    form = {"kind": burst.kind, "newest": burst.newest, "oldest": burst.oldest}
    sign_in(supervisor).post("/pemberitahuan/dibaca/", form)
    unread = Notice.objects.filter(read_at=None)
    assert unread.filter(recipient=officer).count() == 22
    desk.post("/pemberitahuan/dibaca/", form)
    assert unread.filter(recipient=officer).count() == 12
    assert unread.filter(recipient=supervisor).count() == 10


@pytest.mark.parametrize(
    "form",
    [
        {"kind": "breached", "newest": "x", "oldest": "0"},
        {"kind": "'; --", "newest": "5", "oldest": "0"},
        {"kind": "breached", "newest": str(2**70), "oldest": "0"},
        {"kind": "breached", "newest": "5"},
    ],
)
def test_a_burst_that_is_none_marks_nothing(desk, officer, flood, form):
    flood(10)
    assert desk.post("/pemberitahuan/dibaca/", form).status_code == 400
    assert Notice.objects.filter(recipient=officer, read_at=None).count() == 10


def test_ten_thousand_unread_slow_no_page(desk, flood, django_assert_max_num_queries):
    flood(10_000)
    desk.get("/pemberitahuan/")
    with django_assert_max_num_queries(24):
        page = desk.get("/pemberitahuan/").content.decode()
    assert "setidaknya 2000 pemberitahuan" in page or "setidaknya 2.000 pemberitahuan" in page
    assert re.search(r"badge-number[^>]*>99\+<", page)
    assert len(page) < 60_000
    burst = notices_of(of_user(desk.get("/pemberitahuan/").wsgi_request.user))[0]
    form = {"kind": burst.kind, "newest": burst.newest, "oldest": burst.oldest}
    desk.post("/pemberitahuan/dibaca/", form)
    assert not Notice.objects.filter(read_at=None).exists()
