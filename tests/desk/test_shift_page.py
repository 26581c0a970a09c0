from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from helpdesk.common.durations import WIB
from people.models import Shift
from people.services import start_of_week

pytestmark = pytest.mark.django_db
PAGE, PLAN, COPY = "/regu/jadwal/", "/regu/jadwal/tambah/", "/regu/jadwal/salin/"


@pytest.fixture
def monday():
    return start_of_week(timezone.now().astimezone(WIB).date())


@pytest.fixture
def form(officer, monday):
    return {
        "team": "cs_account",
        "week": monday.date().isoformat(),
        "person": officer.pk,
        "begins": "22:00",
        "ends": "07:00",
        "days": [monday.date().isoformat(), (monday.date() + timedelta(days=1)).isoformat()],
    }


def test_leads_look_supervisors_plan(sign_in, desk, supervisor, admin, specialist, client, form):
    assert client.get(PAGE).status_code == 302
    for address in (PLAN, COPY, "/regu/jadwal/1/hapus/"):
        assert client.post(address, form).status_code == 302
        assert desk.post(address, form).status_code == 403
        assert sign_in(specialist).post(address, form).status_code == 403
        assert sign_in(admin).post(address, form).status_code == 403
        assert sign_in(supervisor).get(address).status_code == 405
    assert desk.get(PAGE).status_code == 403
    page = sign_in(admin).get(PAGE)
    assert page.status_code == 200
    assert PLAN not in page.content.decode()
    assert PLAN in sign_in(supervisor).get(PAGE).content.decode()
    assert not Shift.objects.exists()


def test_nights_on_two_days(sign_in, supervisor, form, monday, officer):
    client = sign_in(supervisor)
    answer = client.post(PLAN, form)
    assert answer.status_code == 302
    first, second = Shift.objects.order_by("starts_at")
    assert first.starts_at == monday + timedelta(hours=22)
    assert first.ends_at == monday + timedelta(hours=31)
    assert second.starts_at - first.starts_at == timedelta(days=1)
    rows = client.get(answer["Location"]).context["rows"]
    row = next(row for row in rows if row.person == officer)
    assert [len(day) for day in row.days] == [1, 1, 0, 0, 0, 0, 0]
    assert row.hours == 18


def test_an_overlap_comes_back_with_the_reason(sign_in, supervisor, form, officer):
    client = sign_in(supervisor)
    client.post(PLAN, form)
    page = client.post(PLAN, form)
    assert page.status_code == 409
    assert f"{officer.full_name} sudah bertugas" in page.content.decode()
    assert Shift.objects.count() == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"person": ""},
        {"person": "999999"},
        {"person": "x"},
        {"begins": "25:00"},
        {"begins": ""},
        {"days": []},
        {"days": ["2026-01-01"]},
        {"days": ["<b>"]},
    ],
)
def test_what_makes_no_sense_is_refused_beside_the_form(sign_in, supervisor, form, wrong):
    page = sign_in(supervisor).post(PLAN, form | wrong)
    assert page.status_code == 400
    assert page.context["form"].errors
    assert not Shift.objects.exists()


@pytest.mark.parametrize("week", ["", "x", "9999-12-31", "0001-01-01", "2026-13-40", "\x00"])
@pytest.mark.parametrize("team", ["", "nobody\x00", "<script>"])
def test_strange_addresses_fall_back(sign_in, supervisor, week, team):
    page = sign_in(supervisor).get(PAGE, {"week": week, "team": team})
    assert page.status_code == 200
    assert "<script>" not in page.content.decode()


def test_removing_and_removing_again(sign_in, supervisor, form):
    client = sign_in(supervisor)
    client.post(PLAN, form)
    address = f"/regu/jadwal/{Shift.objects.first().pk}/hapus/"
    for _time in range(2):
        assert client.post(address, form).status_code == 302
        assert Shift.objects.count() == 1


def test_copying_the_week_before(sign_in, supervisor, form, monday):
    client = sign_in(supervisor)
    client.post(PLAN, form)
    form["week"] = (monday.date() + timedelta(days=7)).isoformat()
    client.post(COPY, form)
    assert Shift.objects.count() == 4
    page = client.post(COPY, form, follow=True)
    assert "Tidak ada yang perlu disalin" in page.content.decode()
    assert Shift.objects.count() == 4
