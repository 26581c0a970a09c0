"""The leads of the demonstration review closed cases, and their officers answer."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from agents_ops.models import QaReview, QualityRules
from agents_ops.quality.late_escalation import Proposal, proposal_for
from agents_ops.quality.sampling import Draw
from agents_ops.quality.services import (
    GivenMark,
    answer_review,
    draw_sample,
    fill_review,
    settle_review,
    write_coaching_note,
)
from helpdesk.common import clock
from helpdesk.common.errors import WrongState
from people.actors import Actor, of_user
from people.models import User
from tickets.models import Message

PRAISE = (
    "Runtut dan ramah. Pertahankan.",
    "Data diminta sekali jalan, agen tidak perlu bolak-balik.",
    "Penutupan jelas, agen tahu apa yang terjadi.",
)
FAULTS = {
    "information": "Menyebut 'pasti masuk hari ini' padahal status di log masih pending.",
    "escalation": "Komplain ke suplier terlambat dari batas SOP.",
    "tone": "Jawaban terasa ketus saat agen mendesak.",
    "completeness": "Pertanyaan agen soal SN belum dijawab.",
    "procedure": "Nomor tujuan tidak dicek ulang sebelum ditutup.",
}
NOTE = (
    "Tiga kasus terakhir komplain ke supliernya lewat dari 2 menit. Besok kita lihat bersama cara "
    "mengirim komplain langsung dari langkahnya."
)


def draw_and_fill(at: datetime, *, seed: int, random: Random) -> list[int]:
    """A week's sample of the agents' squad, all of it filled; the ids of the reviews."""
    lead = _lead()
    draw = Draw(at - timedelta(days=7), at, 2, seed)
    made = draw_sample(actor=lead, draw=draw, team="cs_agent")
    for review in made.reviews.select_related("ticket", "rules", "closing"):
        _fill(lead, review, random)
    return list(made.reviews.values_list("pk", flat=True))


def answer(review_id: int) -> None:
    review = QaReview.objects.select_related("officer").get(pk=review_id)
    words = "Suplier baru memberi status setelah 20 menit; agen sudah saya kabari di chat."
    answer_review(actor=of_user(review.officer), review_id=review_id, words=words)


def settle(review_id: int) -> None:
    words = "Catatannya benar, tetapi komplain pertama tetap lewat dari batas. Nilai tetap."
    settle_review(actor=_lead(), review_id=review_id, words=words)


def review_lately() -> None:
    """Of the last days: some wait, some are told, one was answered; and a coaching note."""
    now, random, lead = clock.now(), Random(5), _lead()  # noqa: S311 - a script, not a secret
    draw = Draw(now - timedelta(days=3), now, 3, 2026)
    try:
        made = draw_sample(actor=lead, draw=draw)
    except WrongState:
        return
    rows = made.reviews.select_related("ticket", "rules", "closing", "officer").order_by("pk")
    told = [review for place, review in enumerate(rows) if place % 2 == 0]
    for review in told:
        _fill(lead, review, random)
    mine = [review for review in told if review.officer.email.startswith("rizal@")]
    if mine:
        answer(mine[0].pk)
        write_coaching_note(actor=lead, officer_id=mine[0].officer_id, text=NOTE)


def _lead() -> Actor:
    return of_user(User.objects.get(email="teguh@demo.tuntas.id"))


def _fill(lead: Actor, review: QaReview, random: Random) -> None:
    last = Message.objects.filter(ticket=review.ticket_id, kind="reply").order_by("-pk").first()
    proposal = proposal_for(review)
    marks = [_mark(code, proposal, last, random) for code in QualityRules.in_force().sheet.criteria]
    fill_review(actor=lead, review_id=review.pk, marks=marks, words=random.choice(PRAISE))


def _mark(code: str, proposal: Proposal | None, last: Message | None, random: Random) -> GivenMark:
    if proposal is not None and proposal.criterion == code:
        return GivenMark(code, proposal.mark, event=proposal.event_id, words=FAULTS[code])
    chance = random.random()
    if last is None or chance < 0.82:
        return GivenMark(code, "met")
    mark = "partly" if chance < 0.98 or code == "tone" else "missed"
    return GivenMark(code, mark, message=last.pk, words=FAULTS[code])
