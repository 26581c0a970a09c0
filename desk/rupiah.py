from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from helpdesk.common.money import MAX_AMOUNT
from tickets.form_fields import one_amount


class Rupiah(forms.IntegerField):
    """Whole rupiah as people write them: `1.500.000`, `Rp 1.500.000`, `12 juta`, `2,5 jt`.

    Digits alone are read strictly: a dot parts thousands. Anything else must be one amount in words.
    """

    widget = forms.TextInput(attrs={"inputmode": "text", "maxlength": "40"})
    default_error_messages = {
        "invalid": _("Write the amount in rupiah, such as 1.500.000 or 1,5 juta.")
    }

    def to_python(self, value: Any) -> int | None:
        text = str(value or "").strip() if value != 0 else "0"
        if not text:
            return None
        plain = re.sub(r"(?i)^rp\.?\s*", "", text)
        if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{3})*|[0-9]{1,16}", plain):
            return int(plain.replace(".", ""))
        amount = one_amount(text) if re.search(r"[a-z]", plain, re.IGNORECASE) else None
        if amount is None or amount > MAX_AMOUNT:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return amount
