"""Addresses that others choose: never one of ours, whatever it is spelt like."""

from __future__ import annotations

import socket
import time
from typing import Any

import pytest

from helpdesk.common import outbound
from helpdesk.common.outbound import NotAllowedThere, judged_address, post
from tests.support.receiver import Receiver, one_byte_a_second, receiver

__all__ = ["receiver"]

LOCAL = [
    "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0.0.0.0", "10.0.0.1",
    "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "192.0.0.8", "192.88.99.1",
    "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "[::1]", "[::]", "[fe80::1]",
    "[fc00::1]", "[ff02::1]", "[::ffff:127.0.0.1]", "[::ffff:169.254.169.254]", "[::127.0.0.1]",
    "[64:ff9b::a9fe:a9fe]", "[64:ff9b::7f00:1]", "[64:ff9b:1::a00:1]", "[2002:a9fe:a9fe::]",
    "[2002:7f00:1::]", "[2001:0:a9fe:a9fe::1]", "[fec0::1]", "localhost", "localhost.",
    "LOCALHOST", "[fe80::1%25lo]",
]  # fmt: skip


@pytest.mark.parametrize("host", LOCAL)
def test_no_spelling_of_an_inner_address_is_taken(host: str) -> None:
    with pytest.raises((NotAllowedThere, OSError)):
        judged_address(f"https://{host}/hook")


@pytest.mark.parametrize(
    "url",
    [
        "http://93.184.215.14/", "ftp://93.184.215.14/", "https:///x", "https://u:p@93.184.215.14/",
        "https://93.184.215.14:22/", "https://93.184.215.14:99999/", "https://93.184.215.14\\@x/",
        "https://a b/", "https://\u0430.example/", "https://" + "a" * 600, "https://[::1", "",
        "https://93.184.215.14#@x/", "https://" + "a" * 70 + ".example/", "https://..example/",
        "javascript:alert(1)", "//93.184.215.14/", "https://93.184.215.14/\r\nX: y",
    ],
)  # fmt: skip
def test_no_odd_address_is_taken(url: str) -> None:
    with pytest.raises((NotAllowedThere, OSError)):
        judged_address(url)


@pytest.mark.parametrize("host", ["93.184.215.14", "[2606:2800:21f:cb07:6820:80da:af6b:8b2c]"])
def test_public_addresses_are_taken(host: str) -> None:
    assert judged_address(f"https://{host}:8443/a?b=c")[1] == host.strip("[]")


def _names(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """The next look-ups answer so, one after the other."""
    asked: list[str] = []

    def look_up(host: str, port: int, **_options: Any) -> list[Any]:
        asked.append(host)
        found = answers[min(len(asked), len(answers)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in found]

    monkeypatch.setattr(outbound.socket, "getaddrinfo", look_up)
    return asked


def test_one_inner_address_among_many_refuses_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    _names(monkeypatch, ["93.184.215.14", "10.0.0.1"])
    with pytest.raises(NotAllowedThere):
        judged_address("https://hook.example/")


def test_a_name_is_looked_up_once_and_its_judged_address_connected(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """DNS rebinding: the second look-up would lead inside."""
    asked = _names(monkeypatch, ["93.184.215.14"], ["127.0.0.1"])
    connected: list[Any] = []

    def connect(address: Any, _timeout: Any) -> Any:
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(outbound.socket, "create_connection", connect)
    with pytest.raises(ConnectionRefusedError):
        post("https://hook.example/", b"{}", {})
    assert (asked, connected) == (["hook.example"], [("93.184.215.14", 443)])


def test_a_redirect_is_an_answer_and_is_not_followed(receiver: Receiver) -> None:
    receiver.status, receiver.headers = 302, {"Location": receiver.url}
    assert post(receiver.url, b"{}", {}).status == 302
    assert len(receiver.got) == 1


def test_a_slow_or_endless_answer_is_cut(receiver: Receiver) -> None:
    receiver.act = one_byte_a_second
    begun = time.monotonic()
    with pytest.raises(OSError):  # noqa: PT011 - whichever end notices first
        post(receiver.url, b"{}", {}, seconds=1.0)
    assert time.monotonic() - begun < 5

    def endless(handler: Any) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
        handler.wfile.write(b"x" * 100_000)

    receiver.act = endless
    assert post(receiver.url, b"{}", {}, seconds=5.0).status == 200


def test_retry_after_is_read_as_seconds_or_date(receiver: Receiver) -> None:
    for said, low, high in (("120", 120, 120), ("Fri, 31 Dec 2100 23:59:59 GMT", 1e6, 1e10)):
        receiver.status, receiver.headers = 429, {"Retry-After": said}
        wish = post(receiver.url, b"{}", {}).retry_after
        assert wish is not None
        assert low <= wish <= high
    receiver.headers = {"Retry-After": "soon"}
    assert post(receiver.url, b"{}", {}).retry_after is None
