"""The public pages as a stranger's browser sees them, in English; file samples; reading answers."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tickets.models import Ticket
from tickets.tracking import tracking_token

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
    b"\x1f\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8\xff\xff?\x00\x05\xfe\x02\xfe\xa7\x35\x81\x84"
    b"\x00\x00\x00\x00IEND\xaeB`\x82"
)
KEY = "4b3f0a1e-1111-4222-8333-944455556666"


@pytest.fixture
def visitor() -> Client:
    return Client(headers={"Accept-Language": "en"})


@pytest.fixture
def as_user() -> Any:
    def signed_in(user: Any) -> Client:
        client = Client(headers={"Accept-Language": "en"})
        client.force_login(user)
        return client

    return signed_in


@pytest.fixture(autouse=True)
def own_media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "media")


def picture(name: str = "bukti.png", content: bytes = PNG) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="image/png")


def complaint(**changes: Any) -> dict[str, Any]:
    """What a buyer types into the report form."""
    return {
        "order_number": "INV/20261117/8841",
        "description": "Pesanan saya belum sampai, penjual tidak menjawab.",
        "wanted_solution": "refund",
        "reporter": "buyer",
        "name": "Wati",
        "contact": "wati@example.com",
        "submission_key": KEY,
        **changes,
    }


def link(ticket: Ticket, verb: str = "") -> str:
    return f"/lacak/{tracking_token(ticket)}/{verb + '/' if verb else ''}"


def words(response: Any) -> str:
    """The page without tags, as one line."""
    body = re.sub(
        r"<(script|style|template).*?</\1>", " ", response.content.decode(), flags=re.DOTALL
    )
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def comparable(response: Any) -> str:
    """The body without what differs between any two answers: form tokens and the time."""
    body = re.sub(r'(csrf[^>]*(?:value|content)=")[^"]*', r"\1", response.content.decode())
    return re.sub(r'(name="server-time" content=")[^"]*', r"\1", body)
