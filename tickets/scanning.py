"""Whether a file carries a virus: asked before anything is stored, of whom the settings name.

`ATTACHMENT_SCANNER` is the dotted path of a function that takes the bytes and returns a Verdict, or
raises ScannerDown. `clamd` asks a ClamAV daemon at `CLAMD_ADDRESS`; the default asks nobody.
"""

from __future__ import annotations

import socket
import struct
from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string

CHUNK = 256 * 1024
LONGEST_ANSWER = 4096


class ScannerDown(Exception):
    """It could not be said whether the file is clean."""


@dataclass(frozen=True)
class Verdict:
    """`threat` names what was found; empty: nothing."""

    threat: str = ""


def scan(content: bytes) -> Verdict:
    """What the scanner of this house says. Raises ScannerDown."""
    verdict: Verdict = import_string(settings.ATTACHMENT_SCANNER)(content)
    return verdict


def nobody(content: bytes) -> Verdict:
    """No scanner is set up."""
    return Verdict()


def clamd(content: bytes) -> Verdict:
    """Ask clamd by its INSTREAM command; each wait is at most `CLAMD_SECONDS` long."""
    try:
        with _connection() as link:
            link.sendall(b"zINSTREAM\0")
            for start in range(0, len(content), CHUNK):
                part = content[start : start + CHUNK]
                link.sendall(struct.pack("!I", len(part)) + part)
            link.sendall(struct.pack("!I", 0))
            answer = _answer(link)
    except OSError as error:
        raise ScannerDown(str(error)) from error
    if answer == "stream: OK":
        return Verdict()
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        return Verdict(answer.removeprefix("stream: ").removesuffix(" FOUND"))
    raise ScannerDown(answer)


def _connection() -> socket.socket:
    """`CLAMD_ADDRESS` is the path of a socket, or host:port."""
    address: str = settings.CLAMD_ADDRESS
    if not address.startswith("/"):
        host, _colon, port = address.rpartition(":")
        return socket.create_connection((host, int(port)), timeout=settings.CLAMD_SECONDS)
    link = socket.socket(socket.AF_UNIX)
    link.settimeout(settings.CLAMD_SECONDS)
    try:
        link.connect(address)
    except OSError:
        link.close()
        raise
    return link


def _answer(link: socket.socket) -> str:
    said = b""
    while not said.endswith(b"\0") and len(said) < LONGEST_ANSWER:
        part = link.recv(LONGEST_ANSWER)
        if not part:
            break
        said += part
    return said.rstrip(b"\0\n").decode(errors="replace")
