"""Who is at a ticket: by pages that say so, forgotten when they fall silent."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.http import Http404

from helpdesk.common import clock
from helpdesk.common.errors import InvalidInput, NotAllowed
from people.actors import SWEEP, of_user
from tickets.models import Presence
from tickets.services import end_presence, show_presence

pytestmark = pytest.mark.django_db


def names(others: list[Presence]) -> list[tuple[str, str]]:
    return [(presence.user.get_short_name(), presence.doing) for presence in others]


def test_each_learns_of_the_others_and_not_of_themselves(file_ticket, officer, supervisor):
    number = file_ticket().number
    dimas, sari = of_user(officer), of_user(supervisor)
    assert show_presence(actor=dimas, number=number, doing="viewing") == []
    assert names(show_presence(actor=sari, number=number, doing="viewing")) == [
        ("Dimas", "viewing")
    ]
    show_presence(actor=dimas, number=number, doing="replying")
    show_presence(actor=dimas, number=number, doing="replying")
    assert names(show_presence(actor=sari, number=number, doing="viewing")) == [
        ("Dimas", "replying")
    ]
    assert Presence.objects.count() == 2


def test_whoever_leaves_or_falls_silent_is_gone(file_ticket, officer, supervisor):
    number = file_ticket().number
    dimas, sari = of_user(officer), of_user(supervisor)
    show_presence(actor=dimas, number=number, doing="noting")
    end_presence(actor=dimas, number=number)
    end_presence(actor=dimas, number=number)
    assert show_presence(actor=sari, number=number, doing="viewing") == []
    show_presence(actor=dimas, number=number, doing="viewing")
    with clock.shifted(timedelta(seconds=30)):
        assert show_presence(actor=sari, number=number, doing="viewing") == []
    with clock.shifted(timedelta(minutes=5)):
        show_presence(actor=sari, number=number, doing="viewing")
    assert list(Presence.objects.values_list("user__full_name", flat=True)) == ["Sari Wulandari"]


def test_only_people_who_see_the_ticket(file_ticket, other_officer, officer):
    number = file_ticket().number
    for verb in (end_presence, lambda **who: show_presence(doing="viewing", **who)):
        with pytest.raises(Http404):
            verb(actor=of_user(other_officer), number=number)
        with pytest.raises(NotAllowed):
            verb(actor=SWEEP, number=number)
    with pytest.raises(InvalidInput):
        show_presence(actor=of_user(officer), number=number, doing="sleeping")
    assert not Presence.objects.exists()


def test_the_page_says_who_in_words(client, file_ticket, officer, supervisor):
    ticket = file_ticket()
    show_presence(actor=of_user(supervisor), number=ticket.number, doing="replying")
    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    address = f"/meja/{ticket.number}/hadir/"
    assert (
        "Sari sedang mengetik balasan"
        in client.post(address, {"doing": "viewing"}).content.decode()
    )
    assert client.post(address, {"doing": "gone"}).status_code == 204
    assert client.post(address, {"doing": "\x00"}).status_code == 400
    assert client.get(address).status_code == 405
    assert client.post("/meja/TUN-2222-2222/hadir/", {"doing": "viewing"}).status_code == 404
