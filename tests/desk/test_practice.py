"""The tour: offered, never forced; its ticket is nowhere."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from desk.practice import STEPS, Tour
from people.models import User
from tests.api.conftest import row_counts

PAGE, TICKET = "/latihan/", "/meja/LATIHAN/"


def _tour(user: User) -> Tour:
    return Tour(User.objects.get(pk=user.pk))


def _play(client: Client) -> None:
    client.post(PAGE, {"do": "begin"})
    client.get(TICKET)
    client.post(f"{TICKET}reasons/")
    client.post(f"{TICKET}reply/", {"body": "Kami periksa.", "mode": "reply"})
    client.post(f"{TICKET}reply/", {"body": "Cek perangkat.", "mode": "note"})
    client.post(f"{TICKET}eskalasikan/", {"to_team": "fraud", "summary": "Diambil alih"})
    client.post(
        f"{TICKET}close/", {"root_cause": "a", "solution": "b", "confirmation": "confirmed"}
    )


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_tour_is_played_and_leaves_no_trace(
    desk: Client, officer: User, file_ticket: Any, language: str
) -> None:
    file_ticket()
    desk.cookies["django_language"] = language
    before = row_counts()
    _play(desk)
    assert row_counts() == before
    assert _tour(officer).is_finished
    assert _tour(officer).state == "finished"
    html = desk.get(TICKET).content.decode()
    assert "Kami periksa." in html
    assert "Cek perangkat." in html
    assert "<mark>" in html
    assert "LATIHAN" not in desk.get("/meja/?view=mine").content.decode().replace(
        "/meja/LATIHAN", ""
    )
    assert desk.get("/meja/cari/?q=LATIHAN").status_code == 200


def test_it_is_offered_until_somebody_says_no(desk: Client, officer: User) -> None:
    offer = 'class="notice notice-blue tour-offer'
    assert offer in desk.get("/meja/").content.decode()
    assert desk.post(PAGE, {"do": "skip"})["Location"] == "/meja/"
    assert offer not in desk.get("/meja/").content.decode()
    assert _tour(officer).state == "skipped"
    assert "/latihan/" in desk.get("/meja/").content.decode()


def test_progress_is_kept_and_begins_anew(desk: Client, officer: User) -> None:
    desk.post(PAGE, {"do": "begin"})
    desk.post(f"{TICKET}reply/", {"body": "Halo", "mode": "reply"})
    desk.post(PAGE, {"do": "skip"})
    assert _tour(officer).done == ["open", "reply"]
    assert "Halo" in desk.get(TICKET).content.decode()
    desk.post(f"{TICKET}reply/", {"body": "Halo", "mode": "reply"})
    assert _tour(officer).done == ["open", "reply"]
    desk.post(PAGE, {"do": "begin"})
    assert _tour(officer).done == []
    assert "Halo" not in desk.get(TICKET).content.decode()


def test_closing_asks_as_the_real_one_does(desk: Client, officer: User) -> None:
    desk.post(PAGE, {"do": "begin"})
    for headers in ({}, {"HX-Request": "true"}):
        answer = desk.post(f"{TICKET}close/", {"root_cause": ""}, headers=headers)
        assert answer.status_code == 400
        assert 'aria-invalid="true"' in answer.content.decode()
    assert desk.get(f"{TICKET}close/").status_code == 200
    assert desk.post(f"{TICKET}eskalasikan/", {}).status_code == 400
    assert _tour(officer).done == []


@pytest.mark.parametrize("verb", ["assign", "handle", "open", "reopen", "nothing"])
def test_other_verbs_are_none(desk: Client, verb: str) -> None:
    assert desk.post(f"{TICKET}{verb}/").status_code == 404
    assert desk.get(f"{TICKET}{verb}/").status_code == 404


def test_empty_and_hostile_words(desk: Client, officer: User) -> None:
    desk.post(PAGE, {"do": "begin"})
    for words in ("", "   ", "x" * 2_001, "a\x00b"):
        answer = desk.post(f"{TICKET}reply/", {"body": words, "mode": "reply"})
        assert answer.status_code == 302
    assert _tour(officer).done == []
    desk.post(f"{TICKET}reply/", {"body": "<script>alert(1)</script>", "mode": "reply"})
    assert "<script>alert" not in desk.get(TICKET).content.decode()


def test_odd_progress_breaks_nothing(desk: Client, officer: User) -> None:
    for odd in ({"tour": 5}, {"tour": {"done": "all", "reply": 5, "state": []}}):
        User.objects.filter(pk=officer.pk).update(preferences=odd)
        for page in (PAGE, TICKET, "/meja/"):
            assert desk.get(page).status_code == 200


def test_the_parts_of_the_page_that_ask_get_an_answer(desk: Client) -> None:
    assert desk.post(f"{TICKET}hadir/").status_code == 204
    assert desk.get(f"{TICKET}orang/").json() == {"people": []}
    assert desk.get(f"{TICKET}makro/").status_code == 200


def test_only_the_desk_practises(customer_user: User, sign_in: Any) -> None:
    client = sign_in(customer_user)
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, {"do": "begin"}).status_code == 403
    assert next(iter(STEPS)) == "open"
