"""The field part joins label, hint, error and control for people who cannot see the page."""

from __future__ import annotations

import pytest
from django import forms


class Sample(forms.Form):
    order = forms.CharField(label="Order number", help_text="As on the order page.")
    story = forms.CharField(label="What happened?", widget=forms.Textarea, required=False)
    wanted = forms.ChoiceField(
        label="Wanted", choices=[("refund", "Refund"), ("other", "Other")], widget=forms.RadioSelect
    )
    agreed = forms.BooleanField(label="I agree")
    proof = forms.FileField(label="Proof", required=False)


@pytest.fixture
def field(render):
    """One field of the sample form as HTML, bound where data is given."""

    def shown(name: str, data: dict[str, str] | None = None) -> str:
        return render("{% field bound %}", bound=Sample(data)[name])

    return shown


def test_an_input_is_described_by_its_hint(field):
    shown = field("order")
    assert '<label for="id_order">' in shown
    assert 'aria-describedby="id_order_hint"' in shown
    assert 'id="id_order_hint">As on the order page.' in shown
    assert "aria-invalid" not in shown


def test_a_wrong_input_is_marked_and_described_by_its_error(field):
    shown = field("order", {"order": ""})
    assert 'aria-invalid="true"' in shown
    assert 'aria-describedby="id_order_hint id_order_error"' in shown
    assert 'id="id_order_error"' in shown


def test_radio_choices_keep_what_was_chosen(field):
    shown = field("wanted", {"wanted": "other"})
    assert shown.count("checked") == 1
    assert "<fieldset" in shown
    assert "<legend>Wanted</legend>" in shown


def test_what_was_typed_comes_back_escaped(field):
    assert "&lt;script&gt;" in field("story", {"story": "<script>"})


def test_a_checkbox_and_a_file_carry_their_label(field):
    assert 'class="tick"' in field("agreed")
    shown = field("proof")
    assert 'aria-labelledby="id_proof_label"' in shown
    assert 'id="id_proof_chosen"' in shown
