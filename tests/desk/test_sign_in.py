"""Signing in: neutral answers, safe ways onward, rest after many tries."""

from __future__ import annotations

import pytest

from people.models import User

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery staple"


@pytest.fixture
def dimas(officer):
    officer.set_password(PASSWORD)
    officer.save()
    return officer


def attempt(client, email, password=PASSWORD, **extra):
    return client.post("/masuk/", {"email": email, "password": password, **extra})


def test_an_officer_lands_at_the_queue_with_a_new_session(client, dimas):
    client.get("/masuk/")
    client.session["x"] = 1
    before = client.session.session_key
    response = attempt(client, dimas.email.upper())
    assert response["Location"] == "/meja/"
    assert client.session.session_key != before


def test_a_supervisor_lands_at_the_dashboard(client, supervisor):
    supervisor.set_password(PASSWORD)
    supervisor.save()
    assert attempt(client, supervisor.email)["Location"] == "/dasbor/"


def test_a_wrong_password_and_an_unknown_person_read_the_same(client, dimas):
    wrong = attempt(client, dimas.email, "salah")
    unknown = attempt(client, "siapa@example.com", "salah")
    assert wrong.status_code == unknown.status_code == 400
    assert _plain(wrong, dimas.email) == _plain(unknown, "siapa@example.com")


def _plain(response, email):
    import re

    page = response.content.decode().replace(email, "")
    return re.sub(r"[A-Za-z0-9]{64}|20\d\d-[^\"]+", "", page)


@pytest.mark.parametrize(
    "bad", ["//evil.example", "/\\evil.example", "https:evil", "javascript:alert(1)", "/a\r\nX: y"]
)
def test_next_never_leaves_the_site(client, dimas, bad):
    response = attempt(client, dimas.email, next=bad)
    assert response["Location"].startswith("/")
    assert "evil" not in response["Location"]
    assert "\n" not in response["Location"]


def test_next_is_followed_within_the_site(client, dimas):
    assert attempt(client, dimas.email, next="/pemberitahuan/")["Location"] == "/pemberitahuan/"


def test_many_wrong_tries_rest(client, dimas):
    for _try in range(6):
        response = attempt(client, dimas.email, "salah")
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0
    assert attempt(client, dimas.email).status_code == 429


def test_one_persons_rest_is_not_anothers(client, dimas, other_officer):
    for _try in range(6):
        attempt(client, other_officer.email, "salah")
    assert attempt(client, dimas.email).status_code == 302


@pytest.mark.parametrize("odd", ["\x00@x.id", "a" * 500 + "@x.id", "'--", "mıke@x.id"])
def test_odd_names_are_answered(client, odd):
    assert attempt(client, odd).status_code == 400


def test_signing_out_is_a_post(client, dimas):
    client.force_login(dimas)
    assert client.get("/keluar/").status_code == 405
    assert client.post("/keluar/")["Location"] == "/masuk/"
    assert client.get("/meja/").status_code == 302


def test_the_language_stays_with_the_person(client, dimas):
    client.force_login(dimas)
    response = client.post("/bahasa/", {"language": "en", "next": "/meja/"})
    assert response["Location"] == "/meja/"
    assert User.objects.get(pk=dimas.pk).language == "en"
    assert "Main menu" in client.get("/meja/").content.decode()
    client.post("/bahasa/", {"language": "xx", "next": "//evil.example"})
    assert User.objects.get(pk=dimas.pk).language == "en"
