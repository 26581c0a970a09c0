from __future__ import annotations

import re
import sys
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.utils import timezone

from desk.dashboard.forecast import Forecast, TeamForecast
from escalation.services import return_escalation
from people.actors import of_user
from people.models import Shift, Team
from people.services import plan_shifts
from sla.canary import CANARY, arm_canary
from sla.models import Clock, SweepPulse, Timer
from sla.services import sweep
from tests.support.receiving import Receiving
from tickets.models import OutgoingMail, Ticket
from tickets.services import handle_ticket

pytestmark = pytest.mark.django_db
LIVE = "/dasbor/langsung/"


@pytest.fixture
def lead(sign_in, supervisor):
    return sign_in(supervisor)


def figures(client):
    return client.get(LIVE).context["figures"]


def test_only_leads_open_it(desk, sign_in, supervisor, specialist, admin, client):
    for path in ("/dasbor/", LIVE):
        assert client.get(path).status_code == 302
        assert desk.get(path).status_code == 403
        assert sign_in(specialist).get(path).status_code == 403
        assert sign_in(supervisor).get(path).status_code == 200
        assert sign_in(admin).get(path).status_code == 200
    assert sign_in(supervisor).post(LIVE).status_code == 405


def test_the_figures_follow_what_happens(lead, file_ticket, officer):
    now = timezone.now()
    ticket = file_ticket(received_at=now)
    file_ticket(received_at=now - timedelta(minutes=100))
    file_ticket(received_at=now - timedelta(hours=3))
    found = figures(lead)
    assert (found.open.total.open, found.open.total.late) == (3, 1)
    assert found.open.priorities["URGENT"].open == 3
    assert [(team.code, tally.open) for team, tally in found.teams] == [("cs_account", 3)]
    assert found.workload.nobodys.open == 3
    assert found.escalated_today == 0
    handle_ticket(actor=of_user(officer), ticket_id=ticket.pk)
    sweep()
    found = figures(lead)
    assert (found.open.total.open, found.open.total.risk, found.open.total.late) == (3, 1, 1)
    assert found.open.states["handled"].open == 1
    assert [(load.name, load.tally.open) for load in found.workload.rows] == [(str(officer), 1)]
    assert found.escalated_today == 1
    assert found.slow.lateness.count == 2
    assert found.slow.lateness.median < 3600, "an hour late to the customer, not by the engine"
    assert found.slow.lateness.worst >= found.slow.lateness.p99 >= found.slow.lateness.median
    assert not found.engine.silent


def test_every_figure_opens_as_many_tickets_as_it_says(lead, file_ticket):
    now = timezone.now()
    for age in (0, 100, 110, 180):
        file_ticket(received_at=now - timedelta(minutes=age))
    sweep()
    total = figures(lead).open.total
    for view, number in (("all", total.open), ("risk", total.risk), ("late", total.late)):
        assert len(lead.get(f"/meja/?view={view}").context["rows"]) == number
        assert number > 0


def test_a_column_of_the_forecast_opens_its_tickets(lead, file_ticket):
    file_ticket(received_at=timezone.now() - timedelta(minutes=30))
    forecast = figures(lead).slow.forecast
    (team,) = forecast.teams
    assert team.due == 1
    for slot in team.slots:
        rows = lead.get(f"/meja/?view=all&team=cs_account&due={slot.key}").context["rows"]
        assert len(rows) == slot.due


def test_the_forecast_knows_what_a_ticket_owes_beside_what_it_missed(lead, file_ticket):
    """URGENT: its answer was missed 20 hours ago, its resolution falls due within four hours."""
    file_ticket(received_at=timezone.now() - timedelta(hours=22))
    sweep()
    forecast = figures(lead).slow.forecast
    (team,) = forecast.teams
    assert team.due == 1
    code = Team.objects.get(pk=team.team_id).code
    for slot in team.slots:
        rows = lead.get(f"/meja/?view=all&team={code}&due={slot.key}").context["rows"]
        assert len(rows) == slot.due


@pytest.mark.parametrize("due", ["x", "20261399", "999999999999", "2026112213150", "202611221a15"])
def test_a_strange_hour_narrows_nothing(lead, file_ticket, due):
    file_ticket()
    assert len(lead.get(f"/meja/?view=all&due={due}").context["rows"]) == 1


def test_the_forecast_counts_who_is_on_shift(lead, file_ticket, officer, supervisor):
    for _ticket in range(3):
        file_ticket(received_at=timezone.now() - timedelta(minutes=30))
    found = figures(lead)
    assert (found.slow.forecast.over, found.slow.forecast.planned) == (3, False)
    now = timezone.now()
    plan_shifts(
        actor=of_user(supervisor),
        user_id=officer.pk,
        spans=[(now - timedelta(hours=1), now + timedelta(hours=7))],
    )
    found = figures(lead)
    (team,) = found.slow.forecast.teams
    assert found.slow.forecast.planned
    assert [slot.people for slot in team.slots] == [1, 1, 1, 1]
    # Dimas shares his time between two teams: two tickets an hour for each.
    assert found.slow.forecast.over == 0
    assert found.on_shift == 1
    assert [(load.user_id, load.on_shift) for load in found.workload.rows] == [(officer.pk, True)]


def test_what_is_at_risk_comes_before_what_is_due_sooner(lead, file_ticket):
    sooner = file_ticket(received_at=timezone.now())
    risky = file_ticket(received_at=timezone.now() - timedelta(minutes=100))
    sweep()
    Timer.objects.filter(subject_id=sooner.pk, stage=100).update(stage=50)
    due = Clock.objects.get(ticket=risky, metric="first_response").due_at - timedelta(minutes=5)
    Clock.objects.filter(ticket=sooner, metric="first_response").update(due_at=due)
    found = figures(lead)
    assert [row.number for row in found.next if row.at_risk] == [risky.number]
    assert [row.at_risk for row in found.next] == [True, False]  # one row a ticket
    assert found.next[1].number == sooner.number
    assert found.more_at_risk == 0


def test_the_details_hold_what_the_cards_have_no_room_for(lead, file_ticket, monkeypatch):
    monkeypatch.setattr(sys.modules["desk.dashboard.figures"], "TEAM_ROWS", 0)
    file_ticket(received_at=timezone.now() - timedelta(hours=3))
    sweep()
    page = lead.get("/dasbor/").content.decode()
    assert page.count("/dasbor/rincian/#h-team") == 1
    assert '<tr id="team-' not in page
    details = lead.get("/dasbor/rincian/")
    assert '<tr id="team-' in details.content.decode()
    assert "metric-first_response" in details.content.decode()


def test_a_missed_promise_hides_no_other_that_ends_next(lead, file_ticket):
    ticket = file_ticket(received_at=timezone.now() - timedelta(hours=3))
    sweep()
    upcoming = figures(lead).next
    (row,) = [row for row in upcoming if row.number == ticket.number]
    assert row.metric == "fraud_response"  # the nearest that is not missed
    assert "first_response" not in [row.metric for row in upcoming]


def test_it_says_in_red_when_the_engine_is_silent(lead):
    page = lead.get(LIVE)
    assert page.context["engine"].silent
    assert 'role="alert"' in page.content.decode()
    sweep()
    assert 'role="alert"' not in lead.get(LIVE).content.decode()
    SweepPulse.objects.update(beat_at=timezone.now() - timedelta(seconds=31))
    assert 'role="alert"' in lead.get(LIVE).content.decode()


def test_it_says_in_red_that_nothing_fires_though_sweeps_run(lead, file_ticket):
    file_ticket(received_at=timezone.now() - timedelta(hours=3))
    SweepPulse.objects.create(pk=1, beat_at=timezone.now())
    assert 'role="alert"' not in lead.get(LIVE).content.decode()
    long_ago = timezone.now() - timedelta(seconds=61)
    Timer.objects.filter(due_at__lt=long_ago).update(armed_at=long_ago)
    page = lead.get(LIVE).content.decode()
    assert "Yang jatuh waktu tidak terpicu" in page
    assert "Macet" in page
    sweep()
    assert 'role="alert"' not in lead.get(LIVE).content.decode()


def test_it_says_in_red_that_the_canary_is_missing(lead):
    arm_canary()
    Timer.objects.filter(kind=CANARY).update(
        state="parked", due_at=timezone.now() - timedelta(hours=1)
    )
    sweep()
    page = lead.get(LIVE).content.decode()
    assert "Pengatur waktu uji tidak terpicu" in page
    assert "Macet" in page


def test_parked_timers_and_failed_mails_are_counted(lead, file_ticket):
    file_ticket()
    Timer.objects.filter(kind="sla.resolution").update(state=Timer.State.PARKED)
    OutgoingMail.objects.update(state=OutgoingMail.State.FAILED)
    engine = figures(lead).engine
    assert (engine.parked, engine.failed_mails) == (1, OutgoingMail.objects.count())


def test_nothing_new_is_an_empty_304(lead, file_ticket):
    file_ticket()
    sweep()
    first = lead.get(LIVE)
    again = lead.get(LIVE, headers={"If-None-Match": first["ETag"]})
    if again.status_code == 200:  # The minute on the page has just changed.
        again = lead.get(LIVE, headers={"If-None-Match": again["ETag"]})
    assert again.status_code == 304
    assert again.content == b""
    assert again["X-Engine-Beat"]
    # Another beat alone is no news; another ticket is.
    sweep()
    assert lead.get(LIVE, headers={"If-None-Match": again["ETag"]}).status_code == 304
    file_ticket()
    assert lead.get(LIVE, headers={"If-None-Match": again["ETag"]}).status_code == 200
    lead.cookies["django_language"] = "en"
    assert lead.get(LIVE, headers={"If-None-Match": again["ETag"]}).status_code == 200


def test_few_queries(lead, file_ticket, django_assert_max_num_queries):
    file_ticket()
    lead.get("/dasbor/")
    with django_assert_max_num_queries(27):
        lead.get("/dasbor/")
    with django_assert_max_num_queries(25):
        lead.get(LIVE)


def test_ten_who_look_cost_one(lead, file_ticket, settings, django_assert_max_num_queries):
    from desk.dashboard.figures import forget_figures

    settings.DASHBOARD_SHARES_FIGURES = True
    forget_figures()
    try:
        file_ticket()
        lead.get(LIVE)
        with django_assert_max_num_queries(4):
            lead.get(LIVE)
    finally:
        forget_figures()


def test_an_automatic_escalation_says_why_in_the_readers_language(lead, file_ticket):
    file_ticket(received_at=timezone.now() - timedelta(hours=3))
    sweep()
    assert "Tenggat terlewat" in lead.get(LIVE).content.decode()
    lead.cookies["django_language"] = "en"
    page = lead.get(LIVE).content.decode()
    assert "Missed deadline: first response." in page
    assert "Tenggat terlewat" not in page


def test_words_of_customers_stay_words(lead, file_ticket):
    file_ticket(subject='<img src=x onerror="alert(1)">')
    page = lead.get("/dasbor/").content.decode()
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page


def test_the_wall_view_has_the_same_figures(lead, file_ticket):
    file_ticket()
    page = lead.get("/dasbor/?layar=1")
    assert 'class="wall"' in page.content.decode()
    assert page.context["figures"].open.total.open == 1


def test_an_empty_house_has_a_page(lead):
    assert not Ticket.objects.exists()
    assert not Shift.objects.exists()
    assert lead.get("/dasbor/").status_code == 200


class Links(HTMLParser):
    """Every link of a page: its address and the words in it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._address: str | None = None

    def handle_starttag(self, tag, attrs):
        if tag == "a":
            self._address = dict(attrs).get("href") or ""
            self.found.append((self._address, ""))

    def handle_endtag(self, tag):
        self._address = None if tag == "a" else self._address

    def handle_data(self, data):
        if self._address is not None:
            self.found[-1] = (self._address, self.found[-1][1] + data)


def links_of(page: str) -> list[tuple[str, str]]:
    parser = Links()
    parser.feed(page)
    return [(address, words.strip()) for address, words in parser.found]


def test_each_number_is_a_link_to_as_many_tickets(lead, file_ticket, officer, supervisor):
    now = timezone.now()
    for age in (0, 30, 100, 110, 180, 200):
        ticket = file_ticket(received_at=now - timedelta(minutes=age))
    handle_ticket(actor=of_user(officer), ticket_id=ticket.pk)
    sweep()
    held = file_ticket(received_at=now - timedelta(minutes=115))
    handle_ticket(actor=of_user(officer), ticket_id=held.pk)
    page = lead.get(LIVE)
    numbers = [
        (address, int(words))
        for address, words in links_of(page.content.decode())
        if words.isdecimal() and address.startswith("/meja/?")
    ]
    opened = {address: lead.get(address).context for address, _number in numbers}
    assert [(address, len(opened[address]["rows"])) for address, _number in numbers] == numbers
    for name in ("miss=1", "officer=none", "view=risk", "view=today", "state=", "team="):
        assert any(name in address and number for address, number in numbers), name
    narrowed = next(address for address, number in numbers if "state=" in address and number)
    assert opened[narrowed]["chosen_count"] == len(opened[narrowed]["rows"])

    # The shares open the promises that they were counted from.
    found = page.context["figures"]
    shares = [address for address, words in links_of(page.content.decode()) if "%" in words]
    assert shares
    assert all(address.startswith("/dasbor/janji/?") for address in shares)
    urgent = found.compliance.priorities["URGENT"]
    rows = lead.get("/dasbor/janji/?priority=URGENT&days=1").context["rows"]
    assert len(rows) == urgent.today.missed > 0


def test_no_number_stands_alone(lead, file_ticket):
    """Every cell that counts tickets holds a link."""
    file_ticket(received_at=timezone.now() - timedelta(hours=3))
    sweep()
    page = lead.get(LIVE).content.decode()
    cells = re.findall(r'<td class="num">(.*?)</td>', page)
    bare = [cell for cell in cells if re.search(r">?\d", cell) and "<a " not in cell]
    # The age of a ticket is no number of tickets; its row is the link.
    assert all(re.search(r"[a-z]", cell) for cell in bare), bare
    assert len(cells) > 20


def test_a_ticket_sent_on_twice_counts_once(lead, ticket_in, specialist, people):
    ticket = ticket_in("monitored")
    return_escalation(actor=of_user(specialist), ticket_id=ticket.pk, reason="Sudah pulih.")
    Receiving(ticket, people).send("legal")
    assert figures(lead).escalated_today == 1
    assert len(lead.get("/meja/?view=today").context["rows"]) == 1


def test_the_forecast_says_how_many_teams_it_leaves_out():
    teams = [TeamForecast(number, []) for number in range(7)]
    assert Forecast([], teams, planned=True).more == 2
    assert Forecast([], teams, planned=False).more == 3
    assert Forecast([], teams[:4], planned=False).more == 0
