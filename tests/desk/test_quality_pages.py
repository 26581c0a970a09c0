"""The pages of quality: whose they are, what their figures lead to, a review's forms."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from agents_ops.models import CoachingNote, QaReview, QualityRules
from people.models import User
from tests.cast import FileTicket
from tests.support.quality import closed_case, filled, reviews_in_each_state
from tickets.models import Ticket

pytestmark = pytest.mark.django_db
Opens = Callable[[str], Client]


@pytest.fixture
def by(people: dict[str, User]) -> Opens:
    def signed_in(name: str) -> Client:
        client = Client()
        client.force_login(User.objects.get(pk=people[name].pk))
        return client

    return signed_in


@pytest.fixture
def closed(people: dict[str, User], file_ticket: FileTicket) -> Ticket:
    return closed_case(people, file_ticket)


@pytest.fixture
def reviews(people: dict[str, User], file_ticket: FileTicket) -> dict[str, int]:
    return reviews_in_each_state(people, file_ticket)


def sheet(ticket: Ticket, **changes: Any) -> dict[str, Any]:
    """A form with everything met."""
    marks = {f"mark_{code}": "met" for code in QualityRules.in_force().sheet.criteria}
    return {"do": "fill", "revision": 1, "words": "Baik", **marks, **changes}


# By page: who is shown it; everybody else of the cast is refused or led to their own.
LEADS = {"sari", "teguh", "hendra", "admin"}
PAGES = {
    "quality_contacts": {*LEADS, "dimas", "rizal", "farah"},
    "quality_steps": {*LEADS, "dimas", "rizal", "farah"},
    "quality_records": {*LEADS, "dimas", "rizal", "farah"},
    "quality_ended": {*LEADS, "dimas", "rizal", "farah"},
    "quality_reviews": {*LEADS, "dimas", "rizal", "farah"},
    "quality_sample": LEADS - {"admin"},
    "quality": LEADS,
}


@pytest.mark.parametrize("page", PAGES)
def test_who_opens_a_page(page: str, by: Opens) -> None:
    for name in (*LEADS, "dimas", "rizal", "farah", "ratna", "wahyu", "sistem"):
        status = by(name).get(reverse(f"desk:{page}")).status_code
        led_on = page == "quality" and name in {"dimas", "rizal", "farah"}
        expected = 302 if led_on else 200 if name in PAGES[page] else 403
        assert status == expected, name


def test_each_figure_leads_to_its_tickets(
    closed: Ticket, by: Opens, people: dict[str, User]
) -> None:
    lead = by("teguh")
    page = lead.get(reverse("desk:quality")).content.decode()
    found = {
        address.replace("&amp;", "&")
        for address in re.findall(r'href="(/mutu/kontak-pertama/[^"]*)"', page)
    }
    rizal = people["rizal"].pk
    assert {"/mutu/kontak-pertama/?", f"/mutu/kontak-pertama/?officer={rizal}"} <= found
    assert "/mutu/kontak-pertama/?team=cs_agent" in found
    for address in found:
        assert closed.number in lead.get(address).content.decode(), address
    # The week before holds none of them.
    assert closed.number not in lead.get("/mutu/kontak-pertama/?week=2026-01-05").content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "weeks=x&officer=x",
        "week=9999-12-31",
        "week=0001-01-01",
        "team=%00",
        "page=99",
        "officer=-1",
        "officer=" + "9" * 5000,
    ],
)
def test_nonsense_in_an_address_does_no_harm(query: str, closed: Ticket, by: Opens) -> None:
    for page in ("quality", "quality_contacts", "quality_steps", "quality_records"):
        assert by("teguh").get(f"{reverse(f'desk:{page}')}?{query}").status_code in (200, 404)


def test_an_officer_finds_nobody_elses(
    reviews: dict[str, int], by: Opens, people: dict[str, User]
) -> None:
    dimas, rizal = by("dimas"), people["rizal"].pk
    for page in ("quality_contacts", "quality_steps", "quality_records", "quality_reviews"):
        assert dimas.get(f"{reverse(f'desk:{page}')}?officer={rizal}").status_code == 404
    for pk in reviews.values():
        assert dimas.get(reverse("desk:quality_review", args=[pk])).status_code == 404
    assert dimas.get(reverse("desk:quality_person", args=[rizal])).status_code == 404
    assert by("sari").get(reverse("desk:quality_person", args=[rizal])).status_code == 404
    assert (
        dimas.post(reverse("desk:quality_person", args=[rizal]), {"text": "x"}).status_code == 404
    )
    assert "Sapa agen" not in dimas.get(reverse("desk:quality_mine")).content.decode()


def test_ones_own_page_and_its_notes(reviews: dict[str, int], by: Opens) -> None:
    rizal = by("rizal")
    page = rizal.get(reverse("desk:quality_mine")).content.decode()
    assert "Sapa agen dahulu" in page
    assert reverse("desk:quality_review", args=[reviews["told"]]) in page
    # What nobody has filled yet is not told.
    assert reverse("desk:quality_review", args=[reviews["open"]]) not in page
    assert rizal.post(reverse("desk:quality_notes_read")).status_code == 302
    assert CoachingNote.objects.get().read_at is not None


def test_chosen_filled_answered_and_settled(closed: Ticket, by: Opens) -> None:
    lead, rizal = by("teguh"), by("rizal")
    made = lead.post(reverse("desk:quality_pick", args=[closed.number]))
    address = made["Location"]
    assert lead.post(reverse("desk:quality_pick", args=[closed.number]))["Location"] == address
    place = f"m{closed.messages.order_by('pk')[0].pk}"
    lacking = lead.post(address, sheet(closed, mark_tone="partly"))
    assert lacking.status_code == 400
    assert "pilih pesan atau kejadian" in lacking.content.decode()
    whole = sheet(closed, mark_tone="partly", place_tone=place, words_tone="Ketus")
    assert lead.post(address, whole).status_code == 302
    # Sent twice, it is done once.
    assert lead.post(address, whole).status_code == 302
    assert (QaReview.objects.get().score, QaReview.objects.get().state) == (90, "told")
    assert "Ketus" in rizal.get(address).content.decode()
    answer = {"do": "answer", "revision": 2, "words": "Sudah saya tenangkan"}
    assert rizal.post(address, answer).status_code == 302
    settled = sheet(closed, do="settle", revision=3, words="Baik, dihapus")
    assert lead.post(address, settled).status_code == 302
    review = QaReview.objects.get()
    assert (review.score, review.state, review.answer) == (100, "settled", "Sudah saya tenangkan")


def test_a_form_of_another_is_not_taken(reviews: dict[str, int], by: Opens) -> None:
    told = reverse("desk:quality_review", args=[reviews["told"]])
    by("teguh").post(told, {"do": "answer", "revision": 2, "words": "Saya jawab sendiri"})
    by("rizal").post(told, {"do": "settle", "revision": 2, "words": "Saya putuskan sendiri"})
    by("hendra").post(told, {"do": "moon"})
    review = QaReview.objects.get(pk=reviews["told"])
    assert (review.state, review.answer) == ("told", "")


def test_a_sample_is_shown_then_drawn(closed: Ticket, by: Opens) -> None:
    lead, address = by("teguh"), reverse("desk:quality_sample")
    page = lead.get(address)
    assert closed.number in page.content.decode()
    form = {name: page.context["form"][name].value() for name in page.context["form"].fields}
    assert not QaReview.objects.exists()
    assert lead.post(address, form).status_code == 302
    assert QaReview.objects.get().ticket == closed
    assert lead.post(address, form).status_code == 400
    assert lead.post(address, {**form, "until": "0001-01-01"}).status_code == 400


def test_a_notice_leads_to_the_review_and_the_timeline_is_silent(
    closed: Ticket, by: Opens, people: dict[str, User]
) -> None:
    by("teguh").post(reverse("desk:quality_pick", args=[closed.number]))
    review = filled(QaReview.objects.select_related("ticket").get(), people["teguh"])
    address = reverse("desk:quality_review", args=[review.pk])
    assert address in by("rizal").get(reverse("desk:notices")).content.decode()
    ticket = by("teguh").get(reverse("desk:ticket", args=[closed.number])).content.decode()
    assert "Pekerjaan Anda dinilai" not in ticket
    assert "Nilai mutunya" in ticket
