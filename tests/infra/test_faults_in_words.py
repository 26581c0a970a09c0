"""What is kept of a fault names no row and no address."""

from __future__ import annotations

import smtplib

import pytest
from django.db import IntegrityError, transaction

from helpdesk.common.faults import words_of
from people.models import Team


@pytest.mark.django_db
def test_a_refused_row_is_not_repeated() -> None:
    Team.objects.create(code="secret-code", name_id="A", name_en="A", kind="squad")
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Team.objects.create(code="secret-code", name_id="A", name_en="A", kind="squad")
    said = words_of(refused.value)
    assert said.startswith("IntegrityError: duplicate key value")
    assert "secret-code" not in said


def test_a_refused_address_is_not_repeated() -> None:
    error = smtplib.SMTPSenderRefused(550, b"no such user", "ratna@example.com")
    assert words_of(error) == "SMTPSenderRefused: 550"
    refused = smtplib.SMTPRecipientsRefused({"ratna@example.com": (550, b"unknown")})
    assert words_of(refused) == "SMTPRecipientsRefused"


def test_other_faults_are_told_in_one_line() -> None:
    assert words_of(ValueError("broken\nwith details")) == "ValueError: broken"
    assert len(words_of(ValueError("x" * 999))) == 300
