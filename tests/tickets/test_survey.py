"""The customer's mark for a closed ticket: by the service, by the letter's links, on the page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone

from helpdesk.common.errors import InvalidInput, NotAllowed, WrongState
from people.actors import Actor, of_user
from people.models import Customer, User
from tests.support.stages import Stage, fresh
from tickets.models import Notice, OutgoingMail, SatisfactionSurvey, Ticket
from tickets.satisfaction import figures
from tickets.services import answer_survey, reopen_ticket
from tickets.services.letters import letter_of
from tickets.survey_links import survey_token
from tickets.tracking import tracking_token

pytestmark = pytest.mark.django_db


def _rate(ticket: Ticket, customer: Customer, score: int, **more: Any) -> SatisfactionSurvey:
    return answer_survey(actor=Actor(customer=customer), ticket_id=ticket.pk, score=score, **more)


def _address(ticket: Ticket, score: int = 4) -> str:
    return f"/nilai/{survey_token(ticket.closing_forms.latest('pk'))}/{score}/"


def test_it_is_kept_with_the_closing(stage: Stage, customer: Customer) -> None:
    ticket = stage.closed()
    survey = _rate(ticket, customer, 4, comment="Cepat.")
    assert survey.closing == ticket.closing_forms.get()
    event = fresh(ticket).events.last()
    assert (event.kind, event.data) == ("surveyed", {"score": 4})


def test_a_changed_mind_takes_its_place(stage: Stage, customer: Customer) -> None:
    ticket = stage.closed()
    _rate(ticket, customer, 4)
    _rate(ticket, customer, 2, comment="Ternyata belum beres.")
    survey = ticket.surveys.get()
    assert (survey.score, survey.comment) == (2, "Ternyata belum beres.")
    assert survey.changed_at is not None
    assert fresh(ticket).events.last().data == {"score": 2, "before": 4}


def test_the_same_answer_again_changes_nothing(stage: Stage, customer: Customer) -> None:
    ticket = stage.closed()
    _rate(ticket, customer, 4)
    count = ticket.events.count()
    _rate(ticket, customer, 4)
    assert ticket.events.count() == count


def test_after_some_days_the_answer_stands(stage: Stage, customer: Customer) -> None:
    ticket = stage.closed()
    _rate(ticket, customer, 4)
    SatisfactionSurvey.objects.update(answered_at=timezone.now() - timedelta(days=8))
    with pytest.raises(WrongState) as caught:
        _rate(ticket, customer, 1)
    assert caught.value.code == "already_answered"
    assert ticket.surveys.get().score == 4


def test_each_closing_has_its_own_mark(stage: Stage, customer: Customer) -> None:
    ticket = stage.closed()
    _rate(ticket, customer, 4)
    reopen_ticket(actor=Actor(customer=customer), ticket_id=ticket.pk, reason="Terjadi lagi.")
    with pytest.raises(WrongState):
        _rate(ticket, customer, 1)
    stage.close(ticket)
    _rate(ticket, customer, 2)
    assert ticket.surveys.count() == 2


@pytest.mark.parametrize("score", [0, 6, -1])
def test_a_mark_lies_between_one_and_five(stage: Stage, customer: Customer, score: int) -> None:
    with pytest.raises(InvalidInput):
        _rate(stage.closed(), customer, score)


def test_only_the_customer_marks(stage: Stage, other_customer: Customer) -> None:
    ticket = stage.closed()
    for actor in (Actor(customer=other_customer), stage.actor("dimas")):
        with pytest.raises(NotAllowed):
            answer_survey(actor=actor, ticket_id=ticket.pk, score=5)


def test_a_low_mark_tells_the_leads_once(
    stage: Stage, customer: Customer, supervisor: User
) -> None:
    ticket = stage.closed()
    told = Notice.objects.filter(event__kind="surveyed", recipient=supervisor)
    _rate(ticket, customer, 3)
    assert not told.exists()
    _rate(ticket, customer, 2)
    _rate(ticket, customer, 1)
    assert told.count() == 1


class TestTheLettersLinks:
    def test_the_letter_has_five_and_the_way_to_reopen(self, stage: Stage) -> None:
        ticket = stage.closed()
        letter = letter_of(OutgoingMail.objects.get(ticket=ticket, template="closed"))
        for score in range(1, 6):
            assert letter.body.count(f"/{score}/\n") == 1
        assert "5, sangat puas" in letter.body
        assert "/lacak/" in letter.body

    @pytest.mark.parametrize("method", ["get", "head"])
    def test_opening_one_answers_nothing(self, stage: Stage, method: str) -> None:
        """A mail scanner opens all five."""
        ticket = stage.closed()
        before = fresh(ticket).version
        for score in range(1, 6):
            answer = getattr(Client(), method)(_address(ticket, score))
            assert answer.status_code == 200
        assert not ticket.surveys.exists()
        assert fresh(ticket).version == before

    def test_it_shows_the_mark_chosen_and_one_press_sends_it(self, stage: Stage) -> None:
        ticket = stage.closed()
        client = Client()
        page = client.get(_address(ticket, 2)).content.decode()
        assert 'value="2"' in page.partition("checked")[0].rpartition("<input")[2]
        answer = client.post(_address(ticket, 2), {"score": "2", "comment": ""}, follow=True)
        assert answer.status_code == 200
        assert ticket.surveys.get().score == 2
        assert "2 dari 5" in answer.content.decode()
        client.post(_address(ticket, 2), {"score": "3", "comment": "Lumayan."})
        assert (ticket.surveys.get().score, ticket.surveys.get().comment) == (3, "Lumayan.")

    def test_it_opens_the_question_and_not_the_ticket(self, stage: Stage) -> None:
        ticket = stage.closed()
        page = Client().get(_address(ticket)).content.decode()
        assert ticket.description not in page
        assert "/lacak/" not in page.partition("<main")[2].partition("</main")[0]
        token = survey_token(ticket.closing_forms.get())
        assert Client().get(f"/lacak/{token}/").status_code == 404

    def test_its_page_is_private(self, stage: Stage) -> None:
        answer = Client().get(_address(stage.closed()))
        assert "no-store" in answer["Cache-Control"]
        assert "noindex" in answer["X-Robots-Tag"]

    def test_a_forged_or_expired_one_is_dead(self, stage: Stage) -> None:
        ticket = stage.closed()
        forged = signing.dumps(ticket.closing_forms.get().pk, salt="tickets.other")
        for token in (forged, "x", tracking_token(ticket), "0" * 500):
            assert Client().get(f"/nilai/{token}/5/").status_code == 404
            assert Client().post(f"/nilai/{token}/5/", {"score": "5"}).status_code == 404

    def test_after_its_days_it_is_dead(self, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
        address = _address(stage.closed())
        assert Client().get(address).status_code == 200
        monkeypatch.setattr("tickets.survey_links.DAY_SECONDS", -1)
        assert Client().get(address).status_code == 404

    @pytest.mark.parametrize(
        "data", [{}, {"score": "9"}, {"score": "x"}, {"score": "5", "comment": "x" * 6000}]
    )
    def test_wrong_answers_are_told(self, stage: Stage, data: dict[str, str]) -> None:
        ticket = stage.closed()
        assert Client().post(_address(ticket), data).status_code == 400
        assert not ticket.surveys.exists()

    @pytest.mark.parametrize("score", [0, 6, 99999999999999999999])
    def test_a_mark_that_is_none_chooses_none(self, stage: Stage, score: int) -> None:
        page = Client().get(_address(stage.closed(), score))
        assert page.status_code == 200
        assert "checked" not in page.content.decode().partition("<form")[2]

    def test_an_older_letter_marks_no_newer_closing(self, stage: Stage, customer: Customer) -> None:
        ticket = stage.closed()
        old = _address(ticket)
        reopen_ticket(actor=Actor(customer=customer), ticket_id=ticket.pk, reason="Lagi.")
        assert Client().post(old, {"score": "1"}).status_code == 409
        stage.close(ticket)
        assert Client().post(old, {"score": "1"}).status_code == 409
        assert Client().get(old).status_code == 200
        assert not ticket.surveys.exists()

    def test_secrets_in_a_comment_are_masked(self, stage: Stage) -> None:
        ticket = stage.closed()
        Client().post(_address(ticket), {"score": "1", "comment": "OTP saya 123456 diminta"})
        assert "123456" not in ticket.surveys.get().comment

    def test_too_many_are_stopped(self, stage: Stage) -> None:
        address = _address(stage.closed())
        client = Client()
        codes = {client.post(address, {"score": "5"}).status_code for _each in range(32)}
        assert codes == {302, 429}


def test_the_ticket_page_of_the_customer_lets_them_change_it(
    stage: Stage, customer: Customer
) -> None:
    ticket = stage.closed()
    _rate(ticket, customer, 4)
    track = f"/lacak/{tracking_token(ticket)}/"
    assert "Ubah jawaban" in Client().get(track).content.decode()
    Client().post(f"{track}survei/", {"score": "1", "comment": ""})
    assert ticket.surveys.get().score == 1


def test_figures_tell_the_share_with_its_number(
    stage: Stage, customer: Customer, supervisor: User, officer: User
) -> None:
    for score in (5, 4, 2):
        _rate(stage.closed(), customer, score)
    stage.closed()
    now = timezone.now()
    span = (now - timedelta(days=1), now + timedelta(minutes=1))
    found = figures(*span, actor=of_user(supervisor), low_up_to=2)
    assert (found.whole.count, found.whole.satisfied, found.closings) == (3, 2, 4)
    assert found.whole.share == pytest.approx(2 / 3)
    assert [row.csat.count for row in found.teams] == [3]
    assert [row.person.full_name for row in found.people] == ["Sari Wulandari"]
    assert [row.score for row in found.low] == [2]
    with pytest.raises(NotAllowed):
        figures(*span, actor=of_user(officer), low_up_to=2)


def test_the_page_of_figures(
    stage: Stage, customer: Customer, supervisor: User, officer: User
) -> None:
    client = Client()
    client.force_login(supervisor)
    for days in ("30", "7", "x", ""):
        answer = client.get(f"/dasbor/kepuasan/?days={days}")
        assert "Belum ada nilai" in answer.content.decode()
    _rate(stage.closed(), customer, 1, comment="<script>alert(1)</script>")
    page = client.get("/dasbor/kepuasan/").content.decode()
    assert "Nilai rendah" in page
    assert "<script>alert(1)" not in page
    client.force_login(officer)
    assert client.get("/dasbor/kepuasan/").status_code == 403
