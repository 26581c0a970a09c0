"""Public holidays with their names in the reader's language."""

from __future__ import annotations

from datetime import date

import holidays
from django.utils.translation import get_language


def public_holiday_list(year: int) -> list[tuple[date, str]]:
    language = "en_US" if (get_language() or "id").startswith("en") else "id"
    found = holidays.country_holidays("ID", years=year, language=language)
    return sorted((day, str(name)) for day, name in found.items())
