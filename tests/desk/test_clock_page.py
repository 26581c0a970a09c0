"""'Why these deadlines': for whom, in words, with the log."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from people.models import User
from tests.support.stages import Stage

pytestmark = pytest.mark.django_db


def test_it_names_version_targets_and_log(
    stage: Stage, sign_in: Callable[[User], Client], officer: User
) -> None:
    ticket = stage.handled(channel="email")
    desk = sign_in(officer)
    assert f"/meja/{ticket.number}/tenggat/" in desk.get(f"/meja/{ticket.number}/").content.decode()
    page = desk.get(f"/meja/{ticket.number}/tenggat/").content.decode()
    for words in (
        "Kebijakan SLA, versi 1",
        "paling awal: menentukan",
        "Respons pertama",
        "mulai berjalan",
    ):
        assert words in page, words


def test_another_desks_ticket_is_as_unknown(
    stage: Stage, sign_in: Callable[[User], Client], other_officer: User, customer_user: User
) -> None:
    ticket = stage.handled()
    for number in (ticket.number, "TUN-2222-2222"):
        assert sign_in(other_officer).get(f"/meja/{number}/tenggat/").status_code == 404
    assert sign_in(customer_user).get(f"/meja/{ticket.number}/tenggat/").status_code in (302, 403)
