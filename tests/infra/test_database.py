"""What tests/support/database.py promises to every other test."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.contrib.auth import get_user_model
from django.db import connection

from people.models import Team

LEFT_BEHIND = "left-behind@tuntas.example"


def leave_somebody_behind() -> None:
    get_user_model().objects.create_user(LEFT_BEHIND, "x", full_name="Left Behind")


def is_clean() -> bool:
    return Team.objects.exists() and not get_user_model().objects.filter(email=LEFT_BEHIND).exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_after_a_committing_test_the_database_is_as_new(turn):
    assert is_clean()
    leave_somebody_behind()


@pytest.mark.django_db
def test_reference_data_is_there():
    assert is_clean()


@pytest.mark.django_db(transaction=True)
def test_a_subprocess_sees_what_the_test_committed():
    leave_somebody_behind()
    code = (
        "import django; django.setup();"
        "from people.models import User;"
        f"print(User.objects.filter(email='{LEFT_BEHIND}').count())"
    )
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "helpdesk.settings_test"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "1"


@pytest.mark.django_db
def test_no_statement_waits_for_ever():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('statement_timeout'), current_setting('lock_timeout')"
        )
        assert cursor.fetchone() == ("30s", "5s")
