"""Keys of integrators, and limits on attempts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session

from helpdesk.common import clock
from helpdesk.common.errors import TooMany
from people.actors import Actor
from people.models import ApiToken, AttemptWindow, User
from people.services import count_attempt, issue_token, revoke_token, token_of_key
from people.tasks import forget_the_past

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def test_a_key_opens_until_it_is_revoked_and_is_not_kept(integrator: User) -> None:
    token, key = issue_token(user=integrator, name="Toko")
    assert token_of_key(key).user == integrator
    assert key not in str(ApiToken.objects.filter(pk=token.pk).values())
    revoke_token(actor=Actor(system="test"), token_id=token.pk)
    assert token_of_key(key) is None


def test_an_expired_key_a_wrong_one_and_a_dismissed_owner_open_nothing(integrator: User) -> None:
    _token, key = issue_token(user=integrator, name="Toko", expires_at=clock.now() + HOUR)
    assert token_of_key(key).user == integrator
    assert token_of_key(key + "x") is None
    assert token_of_key("") is None
    with clock.shifted(HOUR):
        assert token_of_key(key) is None
    _token, key = issue_token(user=integrator, name="Toko")
    integrator.is_active = False
    integrator.save()
    assert token_of_key(key) is None


def test_the_attempt_beyond_the_limit_is_told_how_long_to_wait() -> None:
    for _time in range(3):
        count_attempt("find", "10.0.0.1", limit=3, per=HOUR)
    with pytest.raises(TooMany) as refused:
        count_attempt("find", "10.0.0.1", limit=3, per=HOUR)
    assert 3590 <= refused.value.retry_after <= 3600
    count_attempt("find", "10.0.0.2", limit=3, per=HOUR)
    count_attempt("sign_in", "10.0.0.1", limit=3, per=HOUR)
    with clock.shifted(HOUR):
        count_attempt("find", "10.0.0.1", limit=3, per=HOUR)


def test_housekeeping_forgets_windows_and_sessions_that_have_ended() -> None:
    now = clock.now()
    for name, ends_at in (("past", now - HOUR), ("open", now + HOUR)):
        AttemptWindow.objects.create(key=name, ends_at=ends_at, count=1)
        Session.objects.create(session_key=name, session_data="", expire_date=ends_at)
    assert forget_the_past() == 1
    assert AttemptWindow.objects.get().key == "open"
    assert Session.objects.get().session_key == "open"
