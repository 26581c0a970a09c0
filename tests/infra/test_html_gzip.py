"""Pages go compressed, everything else as it was."""

from __future__ import annotations

import gzip

import pytest

pytestmark = pytest.mark.django_db
PACKED = {"Accept-Encoding": "gzip, br"}


def test_a_page_goes_compressed_to_whom_can_unpack_it(client):
    plain = client.get("/masuk/")
    packed = client.get("/masuk/", headers=PACKED)
    assert "Content-Encoding" not in plain
    assert packed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed["Vary"]
    assert len(packed.content) < len(plain.content) / 2
    assert b"</html>" in gzip.decompress(packed.content)


def test_the_apis_etags_stay_strong(client, officer, file_ticket):
    ticket = file_ticket()
    client.force_login(officer)
    answer = client.get(f"/api/v1/tickets/{ticket.number}", headers=PACKED)
    assert answer.status_code == 200
    assert answer["ETag"].startswith(f'"{ticket.version}-')
    assert "Content-Encoding" not in answer
