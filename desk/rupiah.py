from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class Rupiah(forms.IntegerField):
    """Whole rupiah as people write them: `1.500.000`, `Rp 1.500.000`."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "maxlength": "24"})
    default_error_messages = {"invalid": _("Write whole rupiah, such as 1.500.000.")}

    def to_python(self, value: Any) -> int | None:
        text = str(value or "").strip()
        if not text:
            return None
        plain = re.sub(r"(?i)^rp\.?\s*", "", text)
        if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{3})*|[0-9]{1,16}", plain):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return int(plain.replace(".", ""))
