from __future__ import annotations

import pytest

from bahasa.linear import LinearModel, ModelError, pack

LABELS = ["a", "b"]
WEIGHTS = {"w:x": [1.0, -0.5], "w:y": [0.0, 0.25], "w:nothing": [0.001, 0.0]}


def test_what_was_packed_scores_as_it_was_learnt():
    model = LinearModel.from_dict(pack(LABELS, [0.1, -0.2], WEIGHTS))
    scores = model.scores({"w:x": 1.0, "w:y": 2.0, "w:unknown": 5.0})
    assert scores == pytest.approx({"a": 1.1, "b": -0.2}, abs=0.02)
    assert model.weight("w:x", "a") == pytest.approx(1.0, abs=0.01)
    assert model.weight("w:unknown", "a") == 0.0


def test_weights_that_round_to_nothing_are_left_out():
    assert pack(LABELS, [0, 0], WEIGHTS)["features"] == "w:x\nw:y"


@pytest.mark.parametrize(
    "change",
    [{"weights": "!!"}, {"weights": ""}, {"features": None}, {"biases": [1.0]}, {"scale": "x"}],
)
def test_a_damaged_model_is_refused(change):
    with pytest.raises(ModelError):
        LinearModel.from_dict({**pack(LABELS, [0.1, -0.2], WEIGHTS), **change})


def test_a_model_that_lacks_a_part_is_refused():
    body = pack(LABELS, [0.1, -0.2], WEIGHTS)
    del body["labels"]
    with pytest.raises(ModelError, match="labels"):
        LinearModel.from_dict(body)
