"""Violations, appeals and reports written through the API: in the wrong state, twice, with papers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from helpdesk.common import clock
from people.actors import of_user
from people.models import User
from seller_chat.models import Appeal, BuyerReport, ConversationLook, Violation
from seller_chat.services import decide_review
from tests.api.conftest import Caller, problem
from tests.support.chat import INSULT, Talk, talk_of
from tests.support.shops import Shopful, shop_with_everything

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


@pytest.fixture
def have(people: dict[str, User]) -> Shopful:
    return shop_with_everything(people)


@pytest.fixture
def as_seller(calling: Any, seller: User) -> Caller:
    return calling(seller)


def test_a_violation_is_decided_once_by_a_reviewer(
    have: Shopful, as_seller: Caller, as_officer: Caller
) -> None:
    path, said = f"violations/{have.review.pk}/decision", {"confirmed": True, "reasons": "Benar."}
    problem(as_seller.post(path, said), 403, "not_allowed")
    for wrong in ({"confirmed": True}, {"reasons": "x"}, said | {"confirmed": "ya"}):
        problem(as_officer.post(path, wrong), 400)
    problem(as_officer.post(path, said | {"reasons": " "}), 400)
    first = as_officer.post(path, said, Idempotency_Key="v")
    assert (first.status_code, first.json()["state"]) == (200, "standing")
    assert as_officer.post(path, said, Idempotency_Key="v").content == first.content
    problem(as_officer.post(path, said), 409, "wrong_state")


def test_an_appeal_with_papers_is_opened_once_and_decided_by_another(
    have: Shopful, as_seller: Caller, as_officer: Caller, as_supervisor: Caller
) -> None:
    path = f"violations/{have.standing.pk}/appeal"
    problem(as_seller.post(path, {"text": ""}), 400)
    for name, content in (("bukti.exe", b"MZ\x90"), ("bukti.pdf", b""), ("x.html", b"<script>")):
        file = SimpleUploadedFile(name, content)
        problem(as_seller.send_form(path, {"text": "Salah.", "files": file}), 400)
    assert not Appeal.objects.filter(violation=have.standing).exists()
    files = [SimpleUploadedFile(f"bukti{n}.pdf", PDF) for n in range(2)]
    made = as_seller.send_form(path, {"text": "Pembeli yang minta.", "files": files})
    assert (made.status_code, made.json()["documents"]) == (201, ["bukti0.pdf", "bukti1.pdf"])
    again = as_seller.post(path, {"text": "Lagi."})
    assert again.json()["id"] == made.json()["id"]
    decide = f"appeals/{made.json()['id']}/decision"
    said = {"granted": True, "reasons": "Pembeli memang meminta."}
    problem(as_officer.post(decide, said), 403, "same_decider")
    problem(as_seller.post(decide, said), 403, "not_allowed")
    assert as_supervisor.post(decide, said).json()["state"] == "upheld"
    problem(as_supervisor.post(decide, said), 409, "wrong_state")
    assert as_seller.get(f"violations/{have.standing.pk}").json()["state"] == "repaired"


def test_what_cannot_be_appealed_against(have: Shopful, as_seller: Caller) -> None:
    problem(
        as_seller.post(f"violations/{have.review.pk}/appeal", {"text": "x"}), 409, "wrong_state"
    )
    Violation.objects.filter(pk=have.standing.pk).update(
        decided_at=clock.now() - timedelta(days=15)
    )
    late = as_seller.post(f"violations/{have.standing.pk}/appeal", {"text": "x"})
    problem(late, 409, "appeal_too_late")


def test_a_report_is_read_on_record_and_decided_once(
    have: Shopful, as_seller: Caller, as_officer: Caller
) -> None:
    path, said = f"buyer-reports/{have.report.key}", {"verified": True}
    problem(as_officer.post(f"{path}/decision", said), 409, "read_first")
    problem(as_seller.post(f"{path}/look"), 403, "not_allowed")
    read = as_officer.post(f"{path}/look").json()
    assert [each["body"] for each in read["messages"]] == ["Halo kak, masih ada?"]
    assert ConversationLook.objects.get(pk=read["look"]).ticket == have.report.ticket
    problem(as_officer.post(f"{path}/decision", {"verified": False}), 400, "reason_needed")
    assert as_officer.post(f"{path}/decision", said).json()["state"] == "verified"
    problem(as_officer.post(f"{path}/decision", said), 409, "wrong_state")


def test_while_a_report_is_open_it_is_the_answer(have: Shopful, as_seller: Caller) -> None:
    message = have.report.evidence.get().message_id
    body = {"conversation": have.conversation, "reason": "spam", "messages": [message]}
    assert as_seller.post("buyer-reports", body).json()["key"] == have.report.key
    for wrong in ({"messages": []}, {"messages": [2**62]}, {"reason": "x"}, {"messages": ["1"]}):
        problem(as_seller.post("buyer-reports", body | wrong), 400)
    assert BuyerReport.objects.count() == 1


def test_what_was_withheld_is_evidence_that_only_officers_read(
    people: dict[str, User], as_seller: Caller, as_officer: Caller, as_customer: Caller
) -> None:
    talk: Talk = talk_of(people["ratna"], people["joko"])
    abuse = talk.buyer_says(INSULT)
    assert abuse.state == "held"
    path = f"conversations/{talk.conversation.key}"
    body = {"conversation": talk.conversation.key, "reason": "abuse", "messages": [abuse.pk]}
    assert as_seller.get(f"{path}/withheld").json() == []
    problem(as_seller.post("buyer-reports", body), 400, "evidence_needed")
    decide_review(
        actor=of_user(people["dimas"]),
        review_id=abuse.review.pk,
        outcome="confirmed",
        labels=["harassment"],
        reason="Kata kasar.",
    )
    problem(as_customer.get(f"{path}/withheld"), 403, "not_allowed")
    shown = as_seller.get(f"{path}/withheld")
    assert [each["id"] for each in shown.json()] == [abuse.pk]
    made = as_seller.post("buyer-reports", body)
    assert made.status_code == 201, made.content
    told = [shown, made, as_seller.get(f"{path}/messages")]
    told.append(as_seller.client.get(f"/penjual/laporan/{made.json()['key']}/"))
    seen = as_officer.post(f"buyer-reports/{made.json()['key']}/look").json()["messages"]
    assert [each["body"] for each in seen] == [abuse.body]
    verified = as_officer.post(f"buyer-reports/{made.json()['key']}/decision", {"verified": True})
    assert verified.json()["state"] == "verified"
    assert not [answer for answer in told if abuse.body in answer.content.decode()]
