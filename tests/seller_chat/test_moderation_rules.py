from __future__ import annotations

import copy
import json

import pytest

from bahasa.linear import ModelError
from seller_chat.moderation import Model, RuleSet, RuleSetError
from seller_chat.moderation.places import MODEL, RULES

GOOD = {
    "version": 1,
    "labels": {"threat": {"id": "Ancaman", "en": "Threat", "source": "001"}},
    "concepts": {"harm": ["~pukul"]},
    "rules": [
        {"rule": "harm", "label": "threat", "when": "harm", "id": "x", "en": "x", "source": "y"}
    ],
}


def changed(**rule):
    body = copy.deepcopy(GOOD)
    body["rules"][0].update(rule)
    return body


def test_the_shipped_rules_compile_and_cover_every_violation():
    rules = RuleSet.from_file(RULES)
    assert {rule.label for rule in rules.rules} == set(rules.labels)
    assert set(Model.from_file(MODEL).linear.labels) == {*rules.labels, "any"}


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({}, "version"),
        ({**GOOD, "version": 0}, "version"),
        (changed(label="nothing"), "unknown label"),
        (changed(when="nothing"), "unknown concept"),
        (changed(when={"odd": []}), "unknown test"),
        (changed(when={"all": []}), "needs a list"),
        (changed(when={"near": ["harm"]}), "two concepts"),
        (changed(when={"sender": "robot"}), "sender"),
        (changed(certain="yes"), "certain"),
        (changed(id=None), "'id'"),
        ({**GOOD, "rules": GOOD["rules"] * 2}, "named twice"),
        ({**GOOD, "absorbs": {"threat": ["nothing"]}}, "absorbs"),
        ({**GOOD, "concepts": {"harm": ["(bad"], "x": [".. y"]}}, "pattern"),
    ],
)
def test_a_rule_set_with_a_mistake_says_where(body, told):
    with pytest.raises(RuleSetError, match=told):
        RuleSet.from_dict(body)


def test_a_file_that_holds_no_rule_set_is_refused(tmp_path):
    path = tmp_path / "rules.json"
    path.write_text("[]", "utf-8")
    with pytest.raises(RuleSetError, match="object"):
        RuleSet.from_file(path)


@pytest.mark.parametrize("part", ["lines", "pairs", "slope", "linear", "version"])
def test_a_model_that_lacks_a_part_is_refused(part):
    body = json.loads(MODEL.read_text("utf-8"))
    del body[part]
    with pytest.raises(ModelError, match=part):
        Model.from_dict(body)


def test_a_model_without_the_label_any_is_refused():
    body = json.loads(MODEL.read_text("utf-8"))
    body["linear"]["labels"][-1] = "some"
    with pytest.raises(ModelError, match="any"):
        Model.from_dict(body)
