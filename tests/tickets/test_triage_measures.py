"""Which of several amounts and lengths of time belongs to the case."""

from __future__ import annotations

import pytest

from tests.tickets import corpus
from tickets.triage import Complaint, RuleSet
from tickets.triage.categorising import Kind
from tickets.triage.engine import look_up
from tickets.triage.reading import read

RULES = RuleSet.from_file(corpus.ROOT / "fixtures" / "triage_rules.json", with_model=False)


@pytest.mark.parametrize(
    ("category", "body", "priority", "queue"),
    [
        ("payment_stuck", "total belanja 6,2jt, yg 6jt udah masuk, yg nyangkut cuma 200rb", "MEDIUM", "finance"),
        ("payment_stuck", "harga barang 9 juta, baru dp 900rb dan dp itu belum kebaca", "MEDIUM", "finance"),
        ("payment_stuck", "dua pembayaran, 80rb udah beres, yang 5,7jt belum kebaca", "HIGH", "finance"),
        ("suspicious_transaction", "total belanja 40 juta, kecuali satu pembelian Rp 800.000", "MEDIUM", "general"),
        ("return_refund", "belanja 7 juta isi banyak, yang mau dibalikin cuma rak 300rb", "MEDIUM", "general"),
        ("dispute", "kulkas 9 juta sudah beres, kami ribut soal bonus panci 90rb sejak 2 hari", "MEDIUM", "general"),
        ("dispute", "sejak 3 Mei kami berselisih, kini 14 Mei belum ada jalan keluar", "MEDIUM", "mediation"),
        ("seller_unresponsive", "eight days and not a word from the shop", "HIGH", "general"),
        ("agent_transaction", "pending dari 09.02 skrg 09.20 pulsa 50rb", "HIGH", "general"),
        ("order_lost", "paket dua juta tiga ratus hilang", "HIGH", "general"),
    ],
)  # fmt: skip
def test_the_number_of_the_case_decides(category, body, priority, queue):
    reporter = "agent" if category.startswith("agent_") else "buyer"
    reading = read(Complaint(reporter=reporter, body=body), RULES.book)
    kind = Kind(category, "", 1.0, ())
    told = tuple(look_up(reading, RULES, kind, target)[0] for target in ("priority", "queue"))
    assert told == (priority, queue)
