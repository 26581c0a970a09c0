"""The thresholds of the policy: strictly more, never equal."""

from __future__ import annotations

from pathlib import Path

import pytest

from tickets.triage import Complaint, RuleSet, triage

RULES = RuleSet.from_file(Path(__file__).parents[2] / "fixtures" / "triage_rules.json")


def decide(body: str, **fields):
    decision = triage(Complaint(body=body, **fields), RULES)
    return decision.category, decision.priority, decision.queue


@pytest.mark.parametrize(("amount", "priority"), [(5_000_000, "MEDIUM"), (5_000_001, "HIGH")])
def test_payment_stuck_is_high_above_five_million(amount, priority):
    text = "Transfer virtual account sukses di bank, status pesanan masih menunggu pembayaran."
    assert decide(text, amount_idr=amount) == ("payment_stuck", priority, "finance")
    written = f"{text} Nilainya Rp {amount:,}".replace(",", ".")
    assert decide(written) == ("payment_stuck", priority, "finance")


@pytest.mark.parametrize(
    ("amount", "priority", "queue"),
    [
        (2_000_000, "MEDIUM", "general"),
        (2_000_001, "HIGH", "general"),
        (5_000_000, "HIGH", "general"),
        (5_000_001, "HIGH", "mediation"),
    ],
)
def test_order_lost(amount, priority, queue):
    text = "Ekspedisi menyatakan paket saya hilang."
    assert decide(text, amount_idr=amount) == ("order_lost", priority, queue)


@pytest.mark.parametrize(
    ("amount", "priority", "queue"),
    [(10_000_000, "MEDIUM", "general"), (10_000_001, "HIGH", "fraud")],
)
def test_suspicious_transaction(amount, priority, queue):
    text = "Ada transaksi mencurigakan bulan lalu, bukan saya yang beli. Akun masih saya pegang."
    assert decide(text, amount_idr=amount) == ("suspicious_transaction", priority, queue)


@pytest.mark.parametrize(
    ("days", "priority"), [(5, "MEDIUM"), (6, "HIGH"), (5.5, "HIGH"), (None, "MEDIUM")]
)
def test_a_seller_silent_for_more_than_five_days_is_high(days, priority):
    text = "Penjual tidak membalas chat saya."
    assert decide(text, days_open=days) == ("seller_unresponsive", priority, "general")


@pytest.mark.parametrize(
    ("words", "priority"),
    [
        ("5 hari", "MEDIUM"),
        ("lima hari lebih", "HIGH"),
        ("enam hari", "HIGH"),
        ("seminggu", "HIGH"),
    ],
)
def test_days_are_read_from_the_text(words, priority):
    assert decide(f"Sudah {words} penjual tidak membalas chat saya.")[1] == priority


@pytest.mark.parametrize(("days", "queue"), [(7, "general"), (8, "mediation")])
def test_a_dispute_older_than_seven_days_goes_to_mediation(days, queue):
    text = "Saya dan penjual bersengketa, belum ada titik temu."
    assert decide(text, days_open=days) == ("dispute", "MEDIUM", queue)


@pytest.mark.parametrize(("minutes", "priority"), [(15, "MEDIUM"), (16, "HIGH")])
def test_a_transaction_pending_for_more_than_fifteen_minutes_is_high(minutes, priority):
    text = f"token listrik masih pending sudah {minutes} menit"
    assert decide(text, reporter="agent") == ("agent_transaction", priority, "general")


@pytest.mark.parametrize(("hours", "priority"), [(24, "MEDIUM"), (25, "HIGH")])
def test_success_but_missing_for_more_than_a_day_is_high(hours, priority):
    text = f"pulsa status sukses tapi belum masuk ke pelanggan sudah {hours} jam"
    assert decide(text, reporter="agent") == ("agent_transaction", priority, "general")


@pytest.mark.parametrize(("amount", "queue"), [(5_000_000, "general"), (5_000_001, "mediation")])
def test_a_return_above_five_million_goes_to_mediation(amount, queue):
    text = "Barang datang rusak, saya mau retur."
    assert decide(text, amount_idr=amount) == ("return_refund", "MEDIUM", queue)


def test_account_takeover_with_loss_is_urgent_at_any_amount():
    assert decide("akun saya dibajak, saldo 1 ribu habis dikuras")[1] == "URGENT"
    assert decide("akun saya dibajak, saldo masih aman")[1] == "HIGH"


def test_the_field_beats_the_text():
    text = "Ekspedisi bilang paket saya seharga 9 juta hilang."
    assert decide(text, amount_idr=1_000_000) == ("order_lost", "MEDIUM", "general")
