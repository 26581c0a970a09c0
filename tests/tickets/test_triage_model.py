"""The learned reader: fresh, the same when learnt again, explained, and never in the way of rules."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from tests.tickets import corpus
from tickets.triage import Complaint, RuleSet, RuleSetError, triage
from tickets.triage import model as models
from tickets.triage.categorising import fired_rules
from tickets.triage.learned import Learned
from tickets.triage.model import FOLDER, Model, ModelError, model_named, save
from tickets.triage.reading import read
from tickets.triage.rules import labels_of
from tickets.triage.sources import Sources
from tickets.triage.training import learn

PATH = corpus.ROOT / "fixtures" / "triage_rules.json"
BODY = json.loads(PATH.read_text("utf-8"))
RULES = RuleSet.from_file(PATH)
MODEL = model_named("complaints")
LEARN_ANEW = "the model is stale: run `python manage.py train_triage` and commit it"


@pytest.fixture(scope="module")
def sources() -> Sources:
    return Sources(corpus.ROOT)


def test_the_model_was_learnt_from_what_the_repository_holds(sources):
    assert MODEL.about["sources"] == sources.fingerprint(), LEARN_ANEW


def test_it_is_small():
    assert (FOLDER / "complaints.npz").stat().st_size < 3_000_000


def test_learning_again_gives_the_same_scores(sources):
    examples = [*sources.counted(), *sources.always()]
    about, arrays = learn(examples)
    again = Model({**MODEL.about, **about}, arrays)
    assert again.labels == MODEL.labels
    known = labels_of(RULES.categories)
    for example in examples[::20]:
        reading = read(example.complaint, RULES.book)
        fired = fired_rules(reading, RULES)
        one, two = (Learned(each, *known).totals(reading, fired) for each in (MODEL, again))
        finite = np.isfinite(one)
        assert np.abs(one[finite] - two[finite]).max() < 0.2, LEARN_ANEW


def test_every_label_is_known_to_the_rule_set():
    reporters, _ = labels_of(RULES.categories)
    assert set(MODEL.labels) <= set(reporters)


def test_labels_that_are_always_urgent():
    _, urgent = labels_of(RULES.categories)
    assert urgent == {
        "account_takeover/taken", "agent_scam", "data_leak", "fraud_in_progress", "safety_threat",
    }  # fmt: skip


def test_the_words_that_decided_are_quoted_as_written():
    subject, body = (
        "Akun\u200bku",
        "akun gue di-HACK orang tadi malem, saldo 300rb ludes dipake beli voucher",
    )
    decision = triage(Complaint(subject=subject, body=body), RULES)
    assert (decision.category, decision.priority) == ("account_takeover", "URGENT")
    learned, nearest = (
        next(reason for reason in decision.reasons if reason.rule == name)
        for name in ("learned", "runner_up")
    )
    assert learned.effect == {"category": "account_takeover"}
    assert nearest.effect["outranked_by"] == "account_takeover"
    quoted = [*learned.evidence, *nearest.evidence]
    assert learned.evidence
    for seen in quoted:
        text = {"subject": subject, "body": body}[seen.field]
        assert seen.text == text[seen.start : seen.end] != ""


@pytest.mark.parametrize(
    ("body", "priority"),
    [
        ("akun saya dibajak, email dan nomor diganti orang. saldo masih utuh", "HIGH"),
        ("akun saya dibajak, email dan nomor diganti orang. saldo 200rb dipakai belanja", "URGENT"),
    ],
)
def test_what_is_told_apart_inside_a_category_decides_its_rows(body, priority):
    decision = triage(Complaint(body=body), RULES)
    assert (decision.category, decision.priority) == ("account_takeover", priority)


def test_an_unsure_decision_says_so():
    complaint = Complaint(body="paket saya hilang kata kurir")
    assert "uncertain" not in triage(complaint, RULES).flags
    decision = triage(complaint, _with({"unsure_below": 1.01}))
    assert "uncertain" in decision.flags
    told = next(reason for reason in decision.reasons if reason.rule == "uncertain")
    assert "petugas" in told.title_id
    assert "officer" in told.title_en


def test_a_likely_urgent_case_goes_first_though_another_category_is_likelier():
    complaint = Complaint(body="paket saya hilang kata kurir")
    decision = triage(complaint, _with({"urgent_from": 0.0}))
    assert decision.priority == "URGENT"
    assert "urgent_first" in [reason.rule for reason in decision.reasons]


def test_nobody_gets_a_category_that_is_not_theirs():
    for reporter in ("buyer", "seller"):
        complaint = Complaint(reporter=reporter, body="deposit 2 juta belum masuk, tiket sesuai")
        assert not triage(complaint, RULES).category.startswith("agent_")


def test_a_rule_set_may_lack_a_category_that_the_model_knows():
    body = json.loads(json.dumps(BODY))
    for flag in body["flags"].values():
        flag.pop("text_from", None)
        flag.pop("tiers_from", None)
    del body["categories"]["tracking"]
    body["precedence"].remove("tracking")
    body["hints"].pop("tracking", None)
    body["rules"] = [rule for rule in body["rules"] if rule["category"] != "tracking"]
    rules = RuleSet.from_dict(body)
    assert triage(Complaint(body="resi saya kok belum gerak, paket sampai mana?"), rules)


def test_rules_alone_still_decide():
    rules = RuleSet.from_file(PATH, with_model=False)
    assert rules.learned is None
    decision = triage(Complaint(body="paket saya hilang kata kurir, isinya 3 juta"), rules)
    assert (decision.category, decision.priority) == ("order_lost", "HIGH")
    assert not {"learned", "runner_up"} & {reason.rule for reason in decision.reasons}


@pytest.mark.parametrize("name", ["no-such", "../complaints", 7])
def test_a_rule_set_with_an_unknown_model_is_refused(name):
    with pytest.raises(RuleSetError, match="model"):
        RuleSet.from_dict({**BODY, "flags": {}, "model": name})


def test_a_broken_or_stale_file_is_no_model(tmp_path, monkeypatch):
    path = tmp_path / "m.npz"
    path.write_bytes(b"PK no zip")
    with pytest.raises(ModelError, match="cannot read"):
        Model.load(path)
    save(path, {**MODEL.about, "sight": 0}, _arrays())
    with pytest.raises(ModelError, match="sight"):
        Model.load(path)
    save(path, MODEL.about, _arrays())
    first = path.read_bytes()
    save(path, MODEL.about, _arrays())
    assert path.read_bytes() == first
    assert Model.load(path).labels == MODEL.labels
    assert MODEL.about["sight"] == models.SIGHT


def test_a_rule_that_needs_a_missing_concept_never_fires():
    for path in corpus.SHOWN[::6]:
        for case in corpus.read(path):
            complaint = Complaint(
                case["channel"], case["reporter"], subject=case["subject"], body=case["body"]
            )
            reading = read(complaint, RULES.book)
            for rule in RULES.rules:
                if rule.needs and rule.needs.isdisjoint(reading.found):
                    assert rule.test is not None
                    assert rule.test(reading, RULES.categories[rule.then].amounts) is None


def _with(thresholds: dict[str, float]) -> RuleSet:
    model = Model({**MODEL.about, **thresholds}, _arrays())
    return dataclasses.replace(RULES, learned=Learned(model, *labels_of(RULES.categories)))


def _arrays() -> dict[str, np.ndarray]:
    with np.load(Path(FOLDER / "complaints.npz")) as file:
        return {name: file[name] for name in file.files if name != "about"}


def test_the_urgent_variant_of_the_likeliest_category_goes_before_another_category():
    shares = np.zeros(len(MODEL.labels), np.float32)
    for label, share in (("account_takeover", 0.8), ("data_leak", 0.15), ("feedback", 0.05)):
        shares[MODEL.labels.index(label)] = share
    chosen = RULES.learned.urgent_label(MODEL.labels.index("account_takeover"), shares)
    assert MODEL.labels[chosen] == "account_takeover/taken"
    chosen = RULES.learned.urgent_label(MODEL.labels.index("feedback"), shares)
    assert MODEL.labels[chosen] == "data_leak"
