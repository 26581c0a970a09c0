"""A production start refuses what `make run` leaves in a database."""

from __future__ import annotations

import pytest
from celery.signals import beat_init
from django.contrib.auth import get_user_model
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from helpdesk import celery
from helpdesk.checks import (
    no_demo_people,
    prepared,
    refuse_demo_people_in_production,
    refuse_unprepared_database_in_production,
)
from helpdesk.common.versioned import forget_cached_rules
from sla.models import SlaPolicy

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
        celery.refuse_wrong_database()


def test_a_production_database_without_them_starts(settings):
    settings.PRODUCTION = True
    get_user_model().objects.all().delete()
    refuse_demo_people_in_production()
    assert no_demo_people(None) == []


def test_the_demo_itself_starts(demo_user):
    refuse_demo_people_in_production()
    assert no_demo_people(None) == []


@pytest.fixture
def production(settings):
    """Of which the cast of the demonstration knows nothing."""
    get_user_model().objects.update(is_demo=False)
    settings.PRODUCTION = True


@pytest.fixture
def old_rules():
    """A policy of the first release's shape: migrated, but its rules were not loaded anew."""
    SlaPolicy.objects.update(body={"first_response": {"URGENT": {"hours": 2}}})
    forget_cached_rules()
    yield
    forget_cached_rules()


def test_rules_of_another_release_stop_a_production_start(old_rules, production):
    with pytest.raises(ImproperlyConfigured, match=r"SlaPolicy.*manage.py prepare"):
        refuse_unprepared_database_in_production()
    assert [error.id for error in prepared(None)] == ["helpdesk.E002"]
    with pytest.raises(SystemExit, match="prepare"):
        beat_init.send(sender=None)


def test_a_prepared_database_starts(production):
    refuse_unprepared_database_in_production()
    assert prepared(None) == []


def test_rules_that_were_never_loaded_stop_it_too(production):
    SlaPolicy.objects.all().delete()
    forget_cached_rules()
    with pytest.raises(ImproperlyConfigured, match="SlaPolicy"):
        refuse_unprepared_database_in_production()
    forget_cached_rules()
