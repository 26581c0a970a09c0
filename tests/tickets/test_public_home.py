from __future__ import annotations

import pytest

from people.models import OrganisationProfile, organisation
from tests.support.public import words

pytestmark = pytest.mark.django_db


def test_every_channel_is_there_as_the_profile_says(visitor):
    page = words(visitor.get("/"))
    for expected in (
        "1500-600", "Orders", "Straight to a person", "08:00–22:00", "09:00–21:00",
        "cs@tokopedia.com", "priority-cs@tokopedia.com", "#TolongTokopedia", "PRIORITY-ESC",
        "help.tokopedia.com", "community.tokopedia.com", "1–2 working days", "TOKI / TANYA",
        "Jakarta 12950", "No walk-in complaints", "pr@tokopedia.com",
    ):  # fmt: skip
        assert expected in page


def test_the_profile_is_the_only_source(visitor):
    body = {**organisation(), "name": "Pasar Baru", "hashtag": "#Tolong"}
    body["call_center"] = {**body["call_center"], "number": "0800-1-234"}
    OrganisationProfile.publish(body)
    page = words(visitor.get("/"))
    assert "Pasar Baru" in page
    assert "0800-1-234" in page
    assert "1500-600" not in page
    assert "#TolongTokopedia" not in page


def test_indonesian_comes_first(client):
    response = client.get("/")
    assert response["Content-Language"] == "id"
    assert 'lang="id"' in response.content.decode()
