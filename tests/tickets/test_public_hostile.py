"""Bad input through the public forms: a clear answer, nothing stored half, never a 500."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.support.public import PNG, complaint, link, picture, words
from tickets.models import Attachment, Message, Ticket
from tickets.services.attachments import MAX_BYTES

pytestmark = pytest.mark.django_db
FIELDS = [
    "order_number",
    "description",
    "name",
    "contact",
    "amount",
    "days",
    "submission_key",
    "website",
]
CORPUS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<svg/onload=alert(1)>",
    "javascript:alert(1)",
    '<a href="data:text/html,x">x</a>',
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<meta http-equiv=refresh content=0;url=//evil>",
    "{{ 7|add:7 }}{% debug %}",
    "[klik](javascript:alert(1))",
    "' OR 1=1 --",
    "faktur\u202egpj.exe",
    "satu\r\nBcc: korban@example.com",
    "baris\u2028baru",
]


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))


def assert_harmless(response) -> None:
    parser = Tags()
    parser.feed(response.content.decode())
    for tag, attrs in parser.seen:
        assert tag not in {"math", "object", "embed", "iframe"}
        assert tag != "script" or (attrs.get("src") or "").startswith("/static/")
        assert not any(name.startswith("on") for name in attrs)
        for name in ("href", "src", "action"):
            assert not (attrs.get(name) or "").lower().startswith(("javascript:", "data:"))


@pytest.mark.parametrize("text", CORPUS)
def test_markup_stays_text(visitor, text):
    visitor.post(
        "/lapor/", complaint(description=f"Aduan {text}", name=text, order_number=text[:60])
    )
    ticket = Ticket.objects.get()
    page = visitor.get(link(ticket))
    assert_harmless(page)
    assert "\u202e" not in page.content.decode()
    assert_harmless(visitor.post("/lapor/", complaint(description="", name=text, contact=text)))


@pytest.mark.parametrize("field", FIELDS)
def test_a_null_character_is_a_field_error(visitor, field):
    response = visitor.post("/lapor/", complaint(**{field: "abc\x00def"}))
    assert response.status_code == 400
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("field", FIELDS)
def test_a_megabyte_is_too_long(visitor, field):
    response = visitor.post("/lapor/", complaint(**{field: "a" * 1_000_000}))
    assert response.status_code == 400
    assert not Ticket.objects.exists()


def test_a_megabyte_of_story_says_how_long_it_may_be(visitor):
    response = visitor.post("/lapor/", complaint(description="kata " * 200_000))
    assert "The text is too long" in words(response)


def test_more_fields_than_memory_allows_is_no_crash(visitor):
    response = visitor.post("/lapor/", complaint(description="a" * 4_000_000))
    assert response.status_code in (400, 413)


@pytest.mark.parametrize(
    "upload",
    [
        SimpleUploadedFile("halaman.png", b"<html><script>alert(1)</script>"),
        SimpleUploadedFile("gambar.svg", b"<svg xmlns='x' onload='alert(1)'/>"),
        SimpleUploadedFile("program.exe", b"MZ\x90\x00" * 20),
        SimpleUploadedFile("foto.jpg", PNG),
        SimpleUploadedFile("foto", PNG),
        SimpleUploadedFile("kosong.png", b""),
        SimpleUploadedFile("foto.png\u202egnp.exe", PNG),
        SimpleUploadedFile(".htaccess", PNG),
    ],
    ids=lambda upload: ascii(upload.name),
)
def test_a_file_that_is_not_what_it_says_is_refused_whole(visitor, upload):
    response = visitor.post("/lapor/", complaint(files=[picture(), upload]))
    assert response.status_code == 400
    assert Ticket.objects.count() == Message.objects.count() == Attachment.objects.count() == 0
    assert "wati@example.com" in response.content.decode()


def test_a_file_too_large_is_refused(visitor):
    large = SimpleUploadedFile("besar.png", PNG + b"\0" * MAX_BYTES)
    response = visitor.post("/lapor/", complaint(files=[large]))
    assert response.status_code == 400
    assert "is larger than 20 MB" in words(response)


def test_the_eleventh_file_is_a_field_error(visitor):
    response = visitor.post("/lapor/", complaint(files=[picture(f"{n}.png") for n in range(11)]))
    assert response.status_code == 400
    assert "At most 10 files" in words(response)


@pytest.mark.parametrize(
    "name", ['a"b;c.png', "a\r\nX-Evil: 1.png", "bukti é ü.png", "../../x.png", "C:\\x.png"]
)
def test_a_download_has_one_harmless_header(visitor, file_ticket, name):
    file_ticket(files=[picture(name)])
    attachment = Attachment.objects.get()
    response = visitor.get(f"{link(attachment.ticket)}lampiran/{attachment.key}/")
    header = response["Content-Disposition"]
    assert header.startswith("attachment; filename")
    assert "\n" not in header
    assert "/" not in attachment.name
    assert "\\" not in attachment.name
    assert b"".join(response.streaming_content) == PNG


def test_files_sent_as_text_and_text_sent_as_file(visitor):
    assert visitor.post("/lapor/", complaint(files="bukti.png")).status_code == 302
    response = visitor.post("/lapor/", complaint(description=picture(), submission_key=""))
    assert response.status_code == 400


@pytest.mark.parametrize(
    "address",
    [
        "/lacak/%00/",
        "/lacak/%ED%A0%BD/",
        "/lacak/abc/lampiran/%00/",
        "/lacak/a/lampiran/..%2F/",
        "/lapor/?x=%00",
        "/lacak/?number=%00",
        "/tiket-saya/?before=%00",
        "/%00/",
    ],
)
def test_odd_addresses_are_answered(visitor, address):
    assert visitor.get(address).status_code < 500


def test_a_null_character_in_a_cookie_is_no_crash(visitor):
    visitor.cookies["sessionid"] = "abcdefgh\x00ijkl"
    assert visitor.get("/lapor/").status_code < 500
    assert visitor.post("/lapor/", complaint()).status_code < 500


def test_links_are_built_from_the_configured_address(visitor):
    response = visitor.post(
        "/lapor/", complaint(), headers={"X-Forwarded-Host": "evil.example"}, follow=True
    )
    assert "evil.example" not in response.content.decode()
    assert visitor.get("/", headers={"Host": "evil.example"}).status_code == 400


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(visitor, method):
    assert getattr(visitor, method)("/lapor/").status_code == 405
