"""Two problems in one complaint: the graver one counts (policy, RULES 1)."""

from __future__ import annotations

import pytest

from tests.tickets import corpus
from tickets.triage import Complaint, RuleSet, triage
from tickets.triage.blending import blended
from tickets.triage.sources import Sources

RULES = RuleSet.from_file(corpus.ROOT / "fixtures" / "triage_rules.json")
GRAVER = {
    "Paket saya belum sampai-sampai, sekarang akun saya juga dibobol orang, saldo habis": (
        "account_takeover"
    ),
    "refund belum cair, terus barusan ada yang ngaku CS minta OTP dan saldo saya lagi ditarik": (
        "fraud_in_progress"
    ),
    "barangnya rusak, minta refund, penjualnya malah ngancam mau datang ke rumah bawa parang": (
        "safety_threat"
    ),
    "kurir telat 3 hari dan barusan ngancam mau bunuh saya kalau saya kasih bintang 1": (
        "safety_threat"
    ),
    "penjual lama balas chat, dan nomor HP sama alamat saya disebar di grup facebook": "data_leak",
    "aplikasinya bagus sih, tapi akun saya diretas dan koin saya ludes": "account_takeover",
    "saldo saya nyangkut 6 juta dan penjualnya mengancam membakar rumah saya": "safety_threat",
}


@pytest.mark.parametrize("body", GRAVER)
def test_the_urgent_matter_wins(body):
    decision = triage(Complaint(body=body), RULES)
    assert (decision.category, decision.priority) == (GRAVER[body], "URGENT")


def test_blends_are_the_same_again_and_take_the_graver_label():
    sources = Sources(corpus.ROOT)
    counted = sources.counted()
    texts = {each.complaint.body: each for each in counted}
    grave = list(sources.rules.categories)
    made = blended(counted, sources.rules, 60)
    assert [each.complaint for each in made] == [
        each.complaint for each in blended(counted, sources.rules, 60)
    ]
    for each in made:
        parts = [text for text in texts if text and text in each.complaint.body]
        gravest = min(grave.index(texts[part].expected["category"]) for part in parts)
        assert grave.index(each.expected["category"]) >= gravest
        assert each.expected["category"] in {texts[part].expected["category"] for part in parts}
    assert sum(each.expected["priority"] == "URGENT" for each in made) >= 20
