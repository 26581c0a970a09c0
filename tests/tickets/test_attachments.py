"""Files: judged by their content, stored under a random key (trust A37-A42)."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from helpdesk.common.errors import InvalidInput
from tests.support.stages import Stage
from tickets.models import Attachment
from tickets.services import attachments, reply_to_customer
from tickets.services.attachments import MAX_BYTES, check_files, safe_name

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64
JPEG = b"\xff\xd8\xff\xe0" + b"\x00" * 64
PDF = b"%PDF-1.7\n" + b"\x00" * 64
WEBP = b"RIFF\x24\x00\x00\x00WEBPVP8 " + b"\x00" * 64
MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + b"\x00" * 64


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("foto.png", PNG, "image/png"),
        ("FOTO.JPG", JPEG, "image/jpeg"),
        ("foto.jpeg", JPEG, "image/jpeg"),
        ("bukti.pdf", PDF, "application/pdf"),
        ("a.gif", b"GIF89a" + b"\x00" * 64, "image/gif"),
        ("a.webp", WEBP, "image/webp"),
        ("a.mp4", MP4, "video/mp4"),
    ],
)
def test_the_type_is_what_the_content_says(name: str, content: bytes, kind: str) -> None:
    lies = SimpleUploadedFile(name, content, content_type="text/html")
    assert check_files([lies])[0].content_type == kind


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.svg", b"<svg onload=alert(1)>"),
        ("a.html", b"<html><script>alert(1)</script>"),
        ("a.png", b"<html><script>alert(1)</script>"),
        ("a.xml", b"<?xml version='1.0'?><x/>"),
        ("a.js", b"alert(1)"),
        ("a.png", JPEG),
        ("a.exe", PNG),
        ("a.png.exe", PNG),
        ("faktur\u202egnp.exe", PNG),
        ("x.html%00.png", b"<html>"),
        ("a.zip", b"PK\x03\x04" + b"\x00" * 64),
        ("tanpa-akhiran", PNG),
        ("kosong.png", b""),
        ("", PNG),
    ],
)
def test_active_disguised_and_unknown_files_are_refused(name: str, content: bytes) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_files([SimpleUploadedFile(name or "x", content)])
    assert "files" in refused.value.fields


def test_a_large_file_and_too_many_are_refused() -> None:
    big = SimpleUploadedFile("a.png", PNG)
    big.size = MAX_BYTES + 1
    with pytest.raises(InvalidInput):
        check_files([big])
    with pytest.raises(InvalidInput):
        check_files([SimpleUploadedFile("a.png", PNG) for _time in range(11)])


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.png", "passwd.png"),
        ("..\\..\\x.png", "x.png"),
        ("/etc/x.png", "x.png"),
        ("C:\\x.png", "x.png"),
        ("\u200b.htaccess", "htaccess"),
        (".htaccess", "htaccess"),
        ("a.php. ", "a.php"),
        ("faktur\u202egpj.exe", "fakturgpj.exe"),
        ("a\r\nb.png", "ab.png"),
        ("e\u0301.png", "é.png"),
        ("", "berkas"),
        ("...", "berkas"),
    ],
)
def test_a_name_is_only_a_label(given: str, kept: str) -> None:
    assert safe_name(given) == kept


def test_a_long_name_keeps_its_end() -> None:
    name = safe_name("x" * 300 + ".png")
    assert len(name) <= 100
    assert name.endswith(".png")


@pytest.mark.django_db
def test_the_senders_name_never_reaches_the_disk(
    stage: Stage, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    ticket = stage.handled()
    reply_to_customer(
        actor=stage.actor("dimas"),
        ticket_id=ticket.pk,
        body="Ini buktinya.",
        files=[SimpleUploadedFile("../../rahasia ratna.png", PNG)],
    )
    kept = Attachment.objects.get()
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path.name for path in files] == [kept.key]
    assert len(kept.key) >= 32
    assert files[0].read_bytes() == PNG


@pytest.mark.django_db
def test_a_full_disk_leaves_nothing_half(
    stage: Stage, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second of two files cannot be written to its end: neither stays."""
    settings.MEDIA_ROOT = str(tmp_path)
    ticket = stage.handled()
    flushed: list[Attachment] = []

    def flush(attachment: Attachment) -> None:
        flushed.append(attachment)
        if len(flushed) == 2:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(attachments, "_flush_to_disk", flush)
    with pytest.raises(OSError, match="No space"):
        reply_to_customer(
            actor=stage.actor("dimas"),
            ticket_id=ticket.pk,
            body="Ini buktinya.",
            files=[SimpleUploadedFile(f"{name}.png", PNG) for name in ("satu", "dua")],
        )
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not Attachment.objects.exists()
