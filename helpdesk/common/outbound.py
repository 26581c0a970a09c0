"""POST to an address that somebody outside chose: never to one of ours, never followed elsewhere.

The name is looked up once, every address that it has is judged, and the connection goes to one that
was judged: what the name means a moment later does not matter. A redirect is an answer like any
other. The whole exchange ends within a limit, and of the answer only a little is read.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

SECONDS = 15.0
MAX_URL = 500
READ_BYTES = 4 * 1024
LOWEST_FREE_PORT = 1024
HTTPS = 443

# An IPv6 address may carry an IPv4 one; whoever translates it goes there.
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_EMBEDDING = tuple(
    ipaddress.ip_network(text)
    for text in ("64:ff9b:1::/48", "2001::/32", "::/96", "::ffff:0:0:0/96", "5f00::/16")
)
_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
_NEVER = tuple(
    ipaddress.ip_network(text)
    for text in ("192.88.99.0/24", "192.0.0.0/24", "100.64.0.0/10", "240.0.0.0/4", "0.0.0.0/8")
)


class NotAllowedThere(Exception):
    """The address is none that we send to."""


@dataclass(frozen=True)
class Answer:
    """`body`: what was read of it."""

    status: int
    retry_after: float | None = None
    body: bytes = b""


def judged_address(url: str, *, ours: bool = False) -> tuple[SplitResult, str]:
    """The parts of the URL and one address that it may be sent to. Raises NotAllowedThere, OSError.

    `ours`: it stands in our own settings, and may lie inside and be plain.
    """
    parts = _parts(url, ours=ours)
    host, port = parts.hostname or "", parts.port or _usual_port(parts)
    with _wrong_name_is_an_os_error():
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(entry[4][0]) for entry in found]
    if not addresses or not (ours or all(_may_be_reached(address) for address in addresses)):
        raise NotAllowedThere("the name leads to an address that is not public")
    return parts, addresses[0]


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    seconds: float = SECONDS,
    read: int = READ_BYTES,
    ours: bool = False,
) -> Answer:
    """Send it and say how it was answered, with at most one byte more than `read` of the answer.

    `ours` as for `judged_address`. Raises NotAllowedThere, OSError, HTTPException.
    """
    ends = time.monotonic() + seconds
    parts, address = judged_address(url, ours=ours)
    line = _Pinned(parts, address, max(0.1, ends - time.monotonic()))
    # A time-out of the socket counts from byte to byte; this one ends the whole exchange.
    watch = threading.Timer(max(0.1, ends - time.monotonic()), line.cut)
    watch.daemon = True
    watch.start()
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        line.request("POST", path, body=body, headers=dict(headers))
        answer = line.getresponse()
        told = answer.read(read + 1)
        return Answer(answer.status, _seconds_of(answer.headers.get("Retry-After", "")), told)
    except (ValueError, AttributeError) as error:  # the line was cut while it was read
        raise OSError(str(error)) from error
    finally:
        watch.cancel()
        line.close()
        if line.was_cut:
            raise TimeoutError(f"no whole answer within {seconds:.0f} s")


class _Pinned(http.client.HTTPConnection):
    """Speaks to `address`, with the certificate and the Host of the name."""

    def __init__(self, parts: SplitResult, address: str, seconds: float) -> None:
        host = parts.hostname or ""
        super().__init__(host, parts.port or _usual_port(parts), timeout=seconds)
        self._address, self._secure, self.was_cut = address, parts.scheme == "https", False

    def connect(self) -> None:
        sock = socket.create_connection((self._address, self.port), self.timeout)
        if self._secure:
            context = ssl.create_default_context()
            sock = context.wrap_socket(sock, server_hostname=self.host)
        self.sock = sock

    def cut(self) -> None:
        self.was_cut = True
        if self.sock is not None:
            with contextlib.suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)


def _parts(url: str, *, ours: bool) -> SplitResult:
    if len(url) > MAX_URL or not url.isascii() or not url.isprintable() or " " in url:
        raise NotAllowedThere("the address has characters or a length that it may not have")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise NotAllowedThere("the address cannot be read") from error
    plain = parts.scheme == "http" and (ours or _local_targets())
    if parts.scheme != "https" and not plain:
        raise NotAllowedThere("the address does not begin with https://")
    if not parts.hostname or parts.username is not None or parts.password is not None:
        raise NotAllowedThere("the address has no name, or a user in it")
    if any(sign in url for sign in "\\#@") or "%" in parts.netloc:
        raise NotAllowedThere("the address has signs that it may not have")
    if not ours and port is not None and port != HTTPS and port < LOWEST_FREE_PORT:
        raise NotAllowedThere("the port is one of another service")
    return parts


def _usual_port(parts: SplitResult) -> int:
    return HTTPS if parts.scheme == "https" else 80


def _may_be_reached(text: str) -> bool:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:  # a scope such as fe80::1%eth0
        return False
    if address.is_loopback and _local_targets():
        return True
    if isinstance(address, ipaddress.IPv6Address):
        carried = _carried(address)
        if carried is not None:
            return _may_be_reached(str(carried))
        if address not in _GLOBAL_UNICAST or any(address in net for net in _EMBEDDING):
            return False
    elif any(address in net for net in _NEVER):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _carried(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def _local_targets() -> bool:
    return bool(settings.WEBHOOK_LOCAL_TARGETS)


def _seconds_of(header: str) -> float | None:
    """Retry-After, as seconds or a date."""
    header = header.strip()
    if header.isdecimal() and header.isascii() and len(header) < 9:
        return float(header)
    try:
        moment = parsedate_to_datetime(header)
        return max(0.0, moment.timestamp() - time.time())
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


@contextlib.contextmanager
def _wrong_name_is_an_os_error() -> Iterator[None]:
    try:
        yield
    except UnicodeError as error:  # a label that is empty or too long
        raise NotAllowedThere("the name is none") from error
