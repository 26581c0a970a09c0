"""Nothing of another shop is reached by anybody, on any page or endpoint, by key, id or number.

The routes are walked: one that is added with a parameter and is not named here fails.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from helpdesk.common import clock
from people.actors import of_user
from people.models import Customer, Shop, User
from people.services import issue_token
from seller_chat.models import Conversation, ConversationTicket, ReviewItem, ShopWeek
from seller_chat.services import begin_holiday, open_appeal, open_conversation, send_message
from tests.api.conftest import row_counts
from tests.support.chat import DIVERSION
from tests.support.shops import Shopful, shop_with_everything

pytestmark = pytest.mark.django_db
PICTURE = b"\x89PNG\r\n\x1a\n" + b"\x00" * 32
CANARY = "KENARI-4711"
# Words that would let a verb through to the object, were it one's own.
BODY: dict[str, Any] = {
    "decision": {"confirmed": True, "granted": True, "verified": True, "reasons": "r"},
    "appeal": {"text": "t"},
    "messages": {"body": "Halo"},
    "seen": {"up_to": 1},
    "automatic-reply": {"when": "off"},
    "faq": {"answers": []},
    "look": {"reason": "investigation"},
}
# What is everybody's own: the page of a week shows the reader's own shop.
OWN = {"penjual/pekan/<day:monday>/"}


def _walk(resolver: URLResolver, below: str = "") -> Iterator[tuple[str, Any]]:
    for entry in resolver.url_patterns:
        route = below + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _walk(entry, route)
        elif isinstance(entry, URLPattern):
            yield route, entry.callback


def _is_ours(view: Any) -> bool:
    module = getattr(view, "__module__", "")
    return module.startswith("seller_chat") or module in ("desk.views.shops", "desk.views.reviews")


ROUTES = sorted(route for route, view in _walk(get_resolver()) if _is_ours(view) and "<" in route)


@dataclass
class Foreign:
    """All that Joko's shop has, and clients of another shop's seller and of another buyer."""

    have: Shopful
    things: dict[str, Any]
    callers: dict[str, tuple[Client, dict[str, str]]]

    def address(self, route: str, *, other: bool = False) -> str:
        """The route with the real object, or with one that never was, of the same shape."""

        def value(match: re.Match[str]) -> str:
            place = route[: match.start()]
            kind, name = match[1].split(":") if ":" in match[1] else ("str", match[1])
            found = self.things[name if name in ("number", "holiday") else f"{place}{name}"]
            if not other:
                return str(found)
            return str(2**40) if kind == "int" else "x" * len(str(found))

        return "/" + re.sub(r"<([^>]+)>", value, route)


def _talked(have: Shopful, people: dict[str, User]) -> dict[str, Any]:
    """More in the conversation: a file, a held message, a planned holiday, an appeal with a paper."""
    talk = Conversation.objects.get(key=have.conversation)
    ratna, joko = of_user(people["ratna"]), of_user(people["joko"])
    files = [SimpleUploadedFile("barang.png", PICTURE)]
    asked = send_message(actor=ratna, conversation_id=talk.pk, body=CANARY, files=files).message
    held = send_message(actor=joko, conversation_id=talk.pk, body=DIVERSION).message
    begins = clock.now() + timedelta(days=9)
    holiday = begin_holiday(actor=joko, shop_id=have.shop.pk, begins_at=begins)
    paper = open_appeal(
        actor=joko,
        violation_id=have.standing.pk,
        text=CANARY,
        files=[SimpleUploadedFile("bukti.png", PICTURE)],
    ).documents.get()
    return {
        "talk": talk,
        "asked": asked.pk,
        "file": asked.attachments.get().key,
        "review": ReviewItem.objects.get(message=held).pk,
        "holiday": holiday.pk,
        "paper": paper.key,
    }


def _things(have: Shopful, more: dict[str, Any]) -> dict[str, Any]:
    """By the route up to the parameter, and its name."""
    key, link = more["talk"].key, ConversationTicket.objects.get(conversation=more["talk"])
    api, found = "api/v1/", {"number": link.ticket.number, "holiday": more["holiday"]}
    for root in ("pesan/", "penjual/pesan/"):
        found |= {f"{root}key": key}
        found |= {f"{root}<slug:key>/pk": more["asked"]}
    return found | {
        "pesan/lampiran/key": more["file"],
        "penjual/libur/pk": more["holiday"],
        "penjual/pelanggaran/pk": have.standing.pk,
        "penjual/dokumen/key": more["paper"],
        "penjual/laporkan/key": key,
        "penjual/laporan/key": have.report.key,
        "meja/tinjauan/pk": more["review"],
        "meja/<number:number>/percakapan/pk": link.pk,
        "toko/pk": have.shop.pk,
        "toko/pelanggaran/pk": have.standing.pk,
        "toko/banding/pk": have.appeal.pk,
        "toko/dokumen/key": more["paper"],
        "toko/laporan/key": have.report.key,
        f"{api}conversations/key": key,
        f"{api}conversations/<str:key>/messages/pk": more["asked"],
        f"{api}chat-attachments/key": more["file"],
        f"{api}reviews/pk": more["review"],
        f"{api}tickets/<str:number>/conversations/pk": link.pk,
        f"{api}shops/pk": have.shop.pk,
        f"{api}evaluations/pk": ShopWeek.objects.get(shop=have.shop).pk,
        f"{api}violations/pk": have.standing.pk,
        f"{api}appeals/pk": have.appeal.pk,
        f"{api}buyer-reports/key": have.report.key,
    }


@pytest.fixture
def foreign(people: dict[str, User]) -> Foreign:
    have = shop_with_everything(people)
    things = _things(have, _talked(have, people))
    callers = {}
    for name in ("wahyu", "budi"):
        person = people.get(name) or User.objects.create_user(
            "budi@x.example", "x", full_name="Budi"
        )
        person.groups.set(people["joko"].groups.all())
        if name == "wahyu":
            Shop.objects.create(name="Toko Sebelah").sellers.add(person)
        Customer.objects.get_or_create(user=person, defaults={"name": name, "email": person.email})
        client = Client(raise_request_exception=False)
        client.force_login(User.objects.get(pk=person.pk))
        key = issue_token(user=person, name="t")[1]
        callers[name] = (client, {"Authorization": f"Bearer {key}"})
    return Foreign(have, things, callers)


def _ask(caller: tuple[Client, dict[str, str]], method: str, path: str) -> Any:
    client, headers = caller
    if not path.startswith("/api/"):
        return getattr(client, method.lower())(path, {"body": "Halo", "reason": "spam"})
    body = json.dumps(BODY.get(path.rpartition("/")[2], {}))
    return Client().generic(method, path, body, "application/json", headers=headers)


def _words(answer: Any) -> bytes:
    return re.sub(rb'content="[^"]*"|value="[^"]*"|href="[^"]*"', b"", answer.content)


def test_everything_is_named(foreign: Foreign) -> None:
    assert len(ROUTES) > 50
    for route in set(ROUTES) - OWN:
        assert foreign.address(route) != foreign.address(route, other=True)


@pytest.mark.parametrize("name", ["wahyu", "budi"])
def test_it_answers_like_what_never_was(foreign: Foreign, name: str) -> None:
    """404 as for none; the desk's pages and a method that is none refuse before they look."""
    before, seen = row_counts(), 0
    for route in sorted(set(ROUTES) - OWN):
        real, none = foreign.address(route), foreign.address(route, other=True)
        at_desk = route.startswith(("toko/", "meja/"))
        more = ("PUT", "DELETE") if route.startswith("api/") else ()
        for method in ("GET", "POST", *more):
            with transaction.atomic():
                answers = [_ask(foreign.callers[name], method, path) for path in (real, none)]
                transaction.set_rollback(True)
            codes = {answer.status_code for answer in answers}
            assert codes <= ({403, 404, 405} if at_desk else {404, 405, 403}), (method, real, codes)
            if codes == {403}:  # the role: before anything is looked for
                assert at_desk or name == "budi", (method, real)
            assert _words(answers[0]) == _words(answers[1]), (method, real)
            assert CANARY.encode() not in answers[0].content
            seen += codes == {404}
    assert seen > 45
    assert row_counts() == before


def test_the_id_in_place_of_the_key_is_nothing(foreign: Foreign, people: dict[str, User]) -> None:
    """Not even to the shop itself: what has a key is not counted through."""
    client, talk = Client(), Conversation.objects.get(key=foreign.have.conversation)
    client.force_login(people["joko"])
    own = (client, {"Authorization": f"Bearer {issue_token(user=people['joko'], name='t')[1]}"})
    for path in (
        f"/penjual/pesan/{talk.pk}/",
        f"/penjual/laporkan/{talk.pk}/",
        f"/penjual/laporan/{foreign.have.report.pk}/",
        f"/penjual/dokumen/{foreign.have.appeal.documents.count() + 1}/",
        f"/api/v1/conversations/{talk.pk}",
        f"/api/v1/conversations/{talk.pk}/messages",
        f"/api/v1/buyer-reports/{foreign.have.report.pk}",
        f"/api/v1/chat-attachments/{foreign.things['api/v1/conversations/<str:key>/messages/pk']}",
    ):
        assert _ask(own, "GET", path).status_code == 404, path


def test_ids_in_a_query_or_a_body_are_checked_too(foreign: Foreign) -> None:
    caller, shop = foreign.callers["wahyu"], foreign.have.shop.pk
    client, headers = caller
    for path in (f"/penjual/libur/?shop={shop}", f"/penjual/balasan/?shop={shop}"):
        assert client.get(path).status_code == 404
        assert client.post(path, {"what": "automatic", "shop": shop}).status_code == 404
    report = {"conversation": foreign.have.conversation, "reason": "spam", "messages": [1]}
    answer = Client().post(
        "/api/v1/buyer-reports", json.dumps(report), "application/json", headers=headers
    )
    assert answer.status_code == 404
    # One's own conversation, another's message.
    other = Shop.objects.get(name="Toko Sebelah")
    buyer = Customer.objects.get(email="budi@x.example")
    own = open_conversation(actor=of_user(buyer.user), shop=other, product="x", buyer=buyer)
    asked = foreign.things["api/v1/conversations/<str:key>/messages/pk"]
    report |= {"conversation": own.key, "messages": [asked]}
    answer = Client().post(
        "/api/v1/buyer-reports", json.dumps(report), "application/json", headers=headers
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "evidence_needed")
    for verb in ("hapus", "tinjau-ulang"):
        client.post(f"/penjual/pesan/{own.key}/{asked}/{verb}/")
    path = f"/api/v1/conversations/{own.key}/messages/{asked}"
    assert _ask(caller, "DELETE", path).status_code == 404
    assert _ask(caller, "POST", f"{path}/second-look").status_code == 404
    assert (
        Conversation.objects.get(key=foreign.have.conversation)
        .messages.filter(pk=asked, state="delivered")
        .exists()
    )


def test_no_list_and_no_page_without_a_parameter_tells_of_it(foreign: Foreign) -> None:
    """Nor a filter by the other shop's id."""
    secrets = [CANARY, foreign.have.conversation, foreign.have.report.key, "Nomor WA ditawarkan."]
    routes = [route for route, view in _walk(get_resolver()) if _is_ours(view) and "<" not in route]
    assert len(routes) > 12
    routes += [f"api/v1/conversations?shop={foreign.have.shop.pk}"]
    for name in ("wahyu", "budi"):
        for route in routes:
            answer = _ask(foreign.callers[name], "GET", f"/{route}")
            assert answer.status_code in (200, 302, 403, 404), (route, answer.status_code)
            said = answer.content.decode()
            assert not [word for word in secrets if word in said], route
