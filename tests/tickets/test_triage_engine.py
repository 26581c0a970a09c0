from __future__ import annotations

import copy
import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tickets.triage import Complaint, RuleSet, RuleSetError, triage

PATH = Path(__file__).parents[2] / "fixtures" / "triage_rules.json"
BODY = json.loads(PATH.read_text("utf-8"))
RULES = RuleSet.from_file(PATH)


def test_every_reason_quotes_the_original_words():
    subject, body = "Ti\u200bdak dibalas", "Penjualnya gk bales2 udh 8 hari, pesenan 6,5jt"
    decision = triage(Complaint(subject=subject, body=body), RULES)
    assert (decision.category, decision.priority, decision.queue) == (
        "seller_unresponsive",
        "HIGH",
        "mediation",
    )
    texts = {"subject": subject, "body": body}
    for reason in decision.reasons:
        for seen in reason.evidence:
            if seen.field in texts:
                assert texts[seen.field][seen.start : seen.end] == seen.text
    told = [seen.text for reason in decision.reasons for seen in reason.evidence]
    assert "6.500.000 > 5.000.000" in told
    assert "8 hari > 5 hari" in told


def test_rules_that_fired_but_lost_are_told_too():
    body = "akun saya dibajak orang, email diganti, dan paket saya hilang"
    decision = triage(Complaint(body=body), RULES)
    assert decision.category == "account_takeover"
    outranked = [r.effect["considered"] for r in decision.reasons if "considered" in r.effect]
    assert "order_lost" in outranked


def test_where_nothing_fits_the_reason_says_so():
    decision = triage(Complaint(body="zzz"), RULES)
    assert decision.reasons[0].rule == "fallback"
    assert decision.confidence < 0.5


def test_a_decision_can_be_stored_as_json():
    stored = json.loads(json.dumps(triage(Complaint(body="paket hilang 3jt"), RULES).to_dict()))
    assert stored["rules_version"] == RULES.version
    assert set(stored["reasons"][0]) == {
        "rule", "title_id", "title_en", "evidence", "effect", "source",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "flags"),
    [
        ({"body": "PRIORITY-ESC paket saya dimana"}, ("priority_esc",)),
        (
            {"subject": "PRIORITY-ESC", "body": "paket dimana " + "PRIORITY-ESC " * 99},
            ("priority_esc",),
        ),
        ({"body": "paket dimana #TolongTokopedia"}, ("hashtag",)),
        ({"body": "paket dimana", "tier": "diamond"}, ("tier_priority",)),
        ({"body": "paket dimana"}, ()),
        ({"body": "> PRIORITY-ESC\npaket saya dimana"}, ()),
        ({"body": "<!-- PRIORITY-ESC --> paket dimana"}, ()),
        ({"body": "\u0420RIORITY-ESC paket dimana"}, ()),
        ({"body": "PRIORITY\u2010ESC paket dimana"}, ()),
        ({"body": "ＰＲＩＯＲＩＴＹ-ESC paket dimana"}, ()),
        ({"body": "PRIORITY-ESCAPE paket dimana"}, ()),
    ],
)
def test_flags_count_once_in_own_words_and_change_nothing_else(fields, flags):
    decision = triage(Complaint(**fields), RULES)
    assert decision.flags == flags
    assert (decision.category, decision.priority) == ("tracking", "LOW")


@settings(max_examples=80, deadline=None)
@given(
    st.text(max_size=80),
    st.text(max_size=300),
    st.sampled_from(["buyer", "seller", "agent", "??"]),
    st.one_of(st.none(), st.integers(0, 10**12)),
)
def test_any_text_gets_a_decision_with_reasons(subject, body, reporter, amount):
    decision = triage(
        Complaint(subject=subject, body=body, reporter=reporter, amount_idr=amount), RULES
    )
    assert decision.category in RULES.categories
    assert len(decision.reasons) >= 3


@pytest.mark.parametrize(
    "text",
    [
        "[" * 10**6,
        "<!--" * 250_000,
        "penjual tidak " * 70_000,
        "> a\n" * 250_000,
        "5 juta " * 140_000,
    ],
)
def test_a_megabyte_is_decided_quickly(text):
    started = time.process_time()
    triage(Complaint(body=text), RULES)
    assert time.process_time() - started < 2


def _broken(change) -> dict:
    body = copy.deepcopy(BODY)
    change(body)
    return body


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda b: b.pop("version"), "version"),
        (lambda b: b.update(version="1"), "version"),
        (lambda b: b["rules"][0].update(category="nonsense"), "nonsense"),
        (lambda b: b["rules"][0].update(when={"all": ["no_such_concept"]}), "no_such_concept"),
        (lambda b: b["rules"][0].update(when={"amount_over": "no_such"}), "no_such"),
        (lambda b: b["rules"][0].update(when={"what": 1}), "what"),
        (lambda b: b["rules"].append(b["rules"][0]), "named twice"),
        (lambda b: b["precedence"].pop(), "precedence"),
        (lambda b: b["concepts"].update(hack=[".. akun"]), "start and end"),
        (lambda b: b["categories"]["press"].update(priority=[]), "categories.press"),
        (lambda b: b["categories"]["press"]["priority"][-1].update(priority="SOON"), "SOON"),
        (lambda b: b["fallbacks"].pop(), "fallbacks"),
        (lambda b: b.update(rules="x"), "rules"),
        (lambda b: b["rules"][0].pop("when"), "when"),
    ],
)
def test_a_broken_rule_set_is_refused_with_its_place(change, message):
    with pytest.raises(RuleSetError, match=message):
        RuleSet.from_dict(_broken(change))


def test_the_rule_set_is_data_a_changed_threshold_changes_the_decision():
    body = _broken(lambda b: b["thresholds"]["lost_high"].update(amount_idr=100))
    complaint = Complaint(body="paket saya hilang", amount_idr=101)
    assert triage(complaint, RULES).priority == "MEDIUM"
    assert triage(complaint, RuleSet.from_dict(body)).priority == "HIGH"


def test_flag_words_come_from_the_organisation_profile_alone(tmp_path):
    profile = json.loads(PATH.with_name("organisation.json").read_text("utf-8"))
    profile["quick_code"] = "TOLONG-CEPAT"
    own = tmp_path / "organisation.json"
    own.write_text(json.dumps(profile), "utf-8")
    rules = RuleSet.from_file(PATH, profile=own)
    assert triage(Complaint(body="TOLONG-CEPAT paket saya hilang"), rules).flags == (
        "priority_esc",
    )
    assert triage(Complaint(body="PRIORITY-ESC paket saya hilang"), rules).flags == ()
    own.write_text("{}", "utf-8")
    with pytest.raises(RuleSetError, match="quick_code"):
        RuleSet.from_file(PATH, profile=own)
