"""The triage rules in words, in the reader's language."""

from __future__ import annotations

import json
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from desk.editing import Change
from helpdesk.common.money import idr_text
from people.models import Team, Tier
from tickets.rulebook import Key, changed_parts, parts_of, write_condition
from tickets.states import Channel, Reporter

Body = dict[str, Any]
UNITS = ("amount_idr", "days", "hours", "minutes")
LONGEST = 300


def title_of(row: Body) -> str:
    """The title of a rule, flag or category in the reader's language."""
    return str(row.get("en" if language() == "en" else "id") or row.get("rule", ""))


def language() -> str:
    return "en" if (get_language() or "id").startswith("en") else "id"


def condition_text(row: Body) -> str:
    return write_condition(row.get("when"), language())


def condition_line(row: Body) -> str:
    """The condition on one line; that it always holds where it has none."""
    if row.get("when") is None:
        return _("always")
    return condition_text(row).replace("\n", "; ")


def threshold_text(row: Body) -> str:
    """`Rp 5.000.000`, `15 menit`."""
    unit = next((unit for unit in UNITS if unit in row), "")
    number = row.get(unit, 0)
    if unit == "amount_idr":
        return idr_text(number)
    if unit == "minutes":
        words = ngettext("%(number)s minute", "%(number)s minutes", number)
    elif unit == "hours":
        words = ngettext("%(number)s hour", "%(number)s hours", number)
    else:
        words = ngettext("%(number)s day", "%(number)s days", number)
    return words % {"number": number}


def flag_text(row: Body, profile: Body) -> str:
    """What sets the flag: a word, or tiers; those of the organisation's profile as they stand."""
    text = row.get("text") or _of_profile(profile, row.get("text_from", ""))
    if text:
        return str(text)
    tiers = row.get("tiers") or _of_profile(profile, row.get("tiers_from", "")) or []
    return ", ".join(str(Tier(tier).label) if tier in Tier.values else str(tier) for tier in tiers)


def _of_profile(profile: Any, path: str) -> Any:
    for part in filter(None, path.split(".")):
        profile = profile.get(part) if isinstance(profile, dict) else None
    return profile if path else None


def reporter_words(codes: Any) -> str:
    return ", ".join(str(Reporter(code).label) for code in codes if code in Reporter.values)


def channel_choices() -> list[tuple[str, Any]]:
    return list(Channel.choices)


def queue_names() -> dict[str, str]:
    """The queues by code: the general squad first, then the teams."""
    names = {"general": _("the squad of the category")}
    return names | {team.code: team.name for team in Team.objects.all()}


def section_word(section: str) -> str:
    return {
        "thresholds": _("Threshold"),
        "flags": _("Flag"),
        "concepts": _("Words"),
        "rules": _("Rule"),
        "fallbacks": _("Rule of last resort"),
        "categories": _("Category"),
        "priority": _("Priority table"),
        "queue": _("Team table"),
        "hints": _("Hints"),
        "model": _("Learned reader"),
        "precedence": _("Order of the categories"),
    }.get(section, section)


def difference(before: Body, after: Body) -> list[Change]:
    """Every part that differs; of words only the patterns that came or went."""
    old, new = parts_of(before), parts_of(after)
    changes = []
    for key in changed_parts(before, after):
        was, now = old.get(key), new.get(key)
        if key[0] == "concepts":
            texts = _patterns(key[1], was, now)
        else:
            texts = (_part_text(key, was, before), _part_text(key, now, after))
        changes.append(Change(section_word(key[0]), *texts, key))
    return changes


def _patterns(name: str, was: list[str] | None, now: list[str] | None) -> tuple[str, str]:
    gone = [pattern for pattern in was or () if pattern not in (now or ())]
    came = [pattern for pattern in now or () if pattern not in (was or ())]
    if was and now and not gone and not came:
        return f"{name}: {_('the order')}", f"{name}: {_('another order')}"
    return _named(name, gone), _named(name, came)


def _named(name: str, patterns: list[str]) -> str:
    return _cut(f"{name}: {' · '.join(patterns)}") if patterns else ""


def _part_text(key: Key, value: Any, body: Body) -> str:
    section, name = key
    if value is None:
        return ""
    if section == "thresholds":
        return f"{name}: {threshold_text(value)}"
    if section in ("rules", "fallbacks"):
        category = title_of(body["categories"].get(value.get("category"), {}))
        return _cut(f"{title_of(value)} ({condition_line(value)}) → {category}")
    if section in ("priority", "queue"):
        category = title_of(body["categories"].get(name, {}))
        rows = " · ".join(f"{row.get(section)}: {condition_line(row)}" for row in value)
        return _cut(f"{category}: {rows}")
    if section in ("flags", "categories"):
        rest = {k: v for k, v in value.items() if k not in ("id", "en")}
        return _cut(f"{name}: {title_of(value)} {_plain(rest)}")
    return _cut(f"{name or section}: {_plain(value)}")


def _plain(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False) if value else ""


def _cut(text: str) -> str:
    text = text.strip()
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
