"""A production start refuses what `make run` leaves in a database."""

from __future__ import annotations

import pytest
from celery.signals import beat_init
from django.contrib.auth import get_user_model
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from helpdesk import celery
from helpdesk.checks import no_demo_people, refuse_demo_people_in_production

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo_user():
    return get_user_model().objects.create_user(
        "demo@tuntas.example", "published", full_name="Demo", is_demo=True
    )


def test_demo_people_stop_a_production_start(demo_user, settings):
    settings.PRODUCTION = True
    with pytest.raises(ImproperlyConfigured, match="demo users with published passwords"):
        refuse_demo_people_in_production()
    assert [error.id for error in no_demo_people(None)] == ["helpdesk.E001"]
    with pytest.raises(SystemCheckError, match=r"helpdesk\.E001"):
        call_command("check", deploy=True, tags=["security"])


def test_worker_and_beat_end_too(demo_user, settings):
    settings.PRODUCTION = True
    with pytest.raises(SystemExit, match="demo users"):
        beat_init.send(sender=None)
    with pytest.raises(SystemExit, match="demo users"):
        celery.refuse_demo_people()


def test_a_production_database_without_them_starts(settings):
    settings.PRODUCTION = True
    get_user_model().objects.all().delete()
    refuse_demo_people_in_production()
    assert no_demo_people(None) == []


def test_the_demo_itself_starts(demo_user):
    refuse_demo_people_in_production()
    assert no_demo_people(None) == []
