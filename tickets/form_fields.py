"""Form fields that read what people really type, and say in their language what to mend."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from bahasa.amounts import find_amounts
from bahasa.durations import DAY, find_durations
from helpdesk.common.errors import InvalidInput
from helpdesk.common.text import clean_text

MAX_DAYS = 3650


class TextField(forms.Field):
    """Text without anything that cannot be stored; NUL and over-long text are field errors."""

    def __init__(self, *, max_length: int, multiline: bool = False, **options: Any) -> None:
        self.max_length, self.multiline = max_length, multiline
        super().__init__(**options)

    def clean(self, value: Any) -> str:
        try:
            text = clean_text(
                value or "", field="text", max_length=self.max_length, multiline=self.multiline
            )
        except InvalidInput as error:
            raise ValidationError(error.fields["text"], code=error.code) from error
        if self.required and not text:
            raise ValidationError(self.error_messages["required"], code="required")
        return text


class AmountField(TextField):
    """Rupiah as people write them: `2.300.000`, `Rp 12,5 juta`, `750rb`. None when empty."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=40, **options)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        if re.fullmatch(r"0+", text):
            return 0
        written = f"Rp {text}" if re.fullmatch(r"\d[\d.,\s]*", text) else text
        amount = one_amount(written)
        if amount is None:
            raise ValidationError(
                _("Write the amount in rupiah, for example 2.300.000."), code="bad_amount"
            )
        return amount


def one_amount(text: str) -> int | None:
    """The one amount that the words name (`12 juta`, `2,5 jt`); None where they name none or more."""
    amounts = [] if text.startswith("-") else find_amounts(text)
    return int(amounts[0].value) if len(amounts) == 1 else None


class DaysField(TextField):
    """A length of time in days: `5`, `5 hari`, `seminggu`. None when empty."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=40, **options)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        if re.fullmatch(r"0+", text):
            return 0.0
        written = f"{text} hari" if re.fullmatch(r"\d[\d.,]*", text) else text
        spans = [] if text.startswith("-") else find_durations(written)
        if len(spans) != 1 or spans[0].seconds > MAX_DAYS * DAY:
            raise ValidationError(
                _("Write the number of days, for example 5, or 0 for today."), code="bad_days"
            )
        return spans[0].seconds / DAY


class ManyFilesInput(forms.FileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.Field):
    """The chosen files as a list; what each may be is judged by the service, by content."""

    widget = ManyFilesInput

    def clean(self, value: Any) -> list[Any]:
        return [file for file in value or [] if file]
