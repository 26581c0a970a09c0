"""Amounts as people here write them: a dot parts thousands, and is never a decimal point."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from desk.facts_forms import CorrectForm
from desk.matrix.forms import TriggerForm
from desk.receiving_forms import DecideForm
from desk.rupiah import Rupiah
from desk.triage.forms import ThresholdForm
from desk.triage.text_page import TextForm
from desk.view_form import ViewForm


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("12 juta", 12_000_000),
        ("2,5 jt", 2_500_000),
        ("Rp 12.000.000", 12_000_000),
        ("1,5 juta", 1_500_000),
        ("750rb", 750_000),
        ("0", 0),
        (0, 0),
        ("500.000", 500_000),
        ("10.000", 10_000),
        ("7", 7),
        ("", None),
    ],
)
def test_what_is_typed_is_meant(typed: str, amount: int | None) -> None:
    assert Rupiah(required=False).clean(typed) == amount


@pytest.mark.parametrize(
    "typed",
    ["500.00", "-5", "-2 juta", "12.0000", "1.5", "banyak", "1 juta atau 2 juta", "999999 triliun"],
)
def test_what_is_not_clear_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        Rupiah(required=False).clean(typed)


def test_every_amount_that_the_desk_types_is_read_so() -> None:
    assert isinstance(CorrectForm.base_fields["amount_idr"], Rupiah)
    assert isinstance(TriggerForm.base_fields["amount_more_than"], Rupiah)
    for form, name in (
        (ViewForm, "amount_from"),
        (ViewForm, "amount_to"),
        (TextForm, "amount_idr"),
        (ThresholdForm, "value"),
        (DecideForm, "amount_idr"),
    ):
        assert isinstance(form.base_fields[name], Rupiah), name
