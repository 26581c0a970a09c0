"""Files are asked about at a scanner before anything is stored; here a small clamd of our own."""

from __future__ import annotations

import socketserver
import struct
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from helpdesk.common.errors import InvalidInput, Refusal
from tests.support.stages import Stage
from tickets.models import Attachment
from tickets.scanning import ScannerDown, Verdict, clamd
from tickets.services import reply_to_customer

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 32
BAD = PNG + b"EICAR"


class _Clamd(socketserver.BaseRequestHandler):
    """Reads INSTREAM as clamd does; `answer` of its server replaces what it would say."""

    def handle(self) -> None:
        command = self._exactly(10)
        assert command == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack("!I", self._exactly(4))[0]:
            content += self._exactly(size)
        found = b"stream: Eicar-Signature FOUND" if b"EICAR" in content else b"stream: OK"
        answer: bytes | None = getattr(self.server, "answer", None)
        self.request.sendall((found if answer is None else answer) + b"\0")

    def _exactly(self, size: int) -> bytes:
        said = b""
        while len(said) < size:
            part = self.request.recv(size - len(said))
            if not part:
                raise ConnectionError
            said += part
        return said


class _UnixServer(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True


class _TcpServer(socketserver.ThreadingMixIn, socketserver.TCPServer):
    daemon_threads = True


@pytest.fixture(params=["unix", "tcp"])
def scanner(request: pytest.FixtureRequest, tmp_path: Path, settings: Any) -> Iterator[Any]:
    server: socketserver.BaseServer
    if request.param == "unix":
        server = _UnixServer(str(tmp_path / "clamd"), _Clamd)
        settings.CLAMD_ADDRESS = str(tmp_path / "clamd")
    else:
        tcp = _TcpServer(("127.0.0.1", 0), _Clamd)
        settings.CLAMD_ADDRESS = f"127.0.0.1:{tcp.server_address[1]}"
        server = tcp
    settings.ATTACHMENT_SCANNER = "tickets.scanning.clamd"
    settings.CLAMD_SECONDS = 5
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def reply(stage: Stage, content: bytes) -> None:
    file = SimpleUploadedFile("bukti.png", content, "image/png")
    ticket = stage.handled()
    reply_to_customer(actor=stage.actor("dimas"), ticket_id=ticket.pk, body="Halo.", files=[file])


def test_a_clean_file_is_kept(scanner: Any, stage: Stage) -> None:
    reply(stage, PNG)
    assert Attachment.objects.get().size == len(PNG)


def test_a_large_file_goes_in_parts(scanner: Any) -> None:
    assert clamd(PNG + b"\x01" * 1_000_000) == Verdict()
    assert clamd(b"\x01" * 1_000_000 + BAD) == Verdict("Eicar-Signature")


def test_an_infected_file_is_refused_and_nothing_kept(scanner: Any, stage: Stage) -> None:
    with pytest.raises(InvalidInput) as refused:
        reply(stage, BAD)
    assert refused.value.code == "file_infected"
    assert "bukti.png" in str(refused.value)
    assert not Attachment.objects.exists()


@pytest.mark.parametrize("answer", [b"", b"INSTREAM size limit exceeded. ERROR", b"\xff" * 9000])
def test_a_scanner_that_cannot_say_is_no_yes(scanner: Any, stage: Stage, answer: bytes) -> None:
    scanner.answer = answer
    with pytest.raises(Refusal) as refused:
        reply(stage, PNG)
    assert (refused.value.code, refused.value.status) == ("scanner_unavailable", 503)
    assert not Attachment.objects.exists()


def test_no_scanner_there_is_said(settings: Any, tmp_path: Path) -> None:
    for address in (str(tmp_path / "none"), "127.0.0.1:1"):
        settings.CLAMD_ADDRESS, settings.CLAMD_SECONDS = address, 2
        with pytest.raises(ScannerDown):
            clamd(PNG)
