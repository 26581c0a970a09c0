"""Triggers in words, in the reader's language: the editor, the forms and the history say the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from escalation.models import Signal
from escalation.triggers import Trigger
from helpdesk.common.money import idr_text
from people.models import Tier
from tickets.catalogue import category_name
from tickets.states import Channel, Reporter


def name_of(trigger: Trigger) -> str:
    return trigger.name_en if (get_language() or "id").startswith("en") else trigger.name_id


def condition_of(trigger: Trigger, teams: dict[str, str]) -> str:
    """What a ticket must be: 'category Dispute; more than 7 days old'. `teams` names codes."""
    when = trigger.when
    parts = [*_words(when, teams), *_amount(when), *_age(when), *_signal(when)]
    return "; ".join(parts) or _("every ticket")


def outcome_of(trigger: Trigger, teams: dict[str, str]) -> str:
    """What follows: 'goes to Mediation', 'Fraud is told', 'priority at least HIGH'."""
    parts = []
    if trigger.team:
        parts.append(_("goes to %(team)s") % {"team": teams.get(trigger.team, trigger.team)})
    if trigger.alert:
        team = teams.get(trigger.alert, trigger.alert)
        parts.append(_("%(team)s is told at once, the squad keeps the ticket") % {"team": team})
    if trigger.priority:
        parts.append(_("priority at least %(priority)s") % {"priority": trigger.priority})
    return "; ".join(parts)


def _words(when: dict[str, Any], teams: dict[str, str]) -> Iterable[str]:
    def plain(code: str) -> str:
        return code

    def team(code: str) -> str:
        return teams.get(code, code)

    kinds: tuple[tuple[str, Any, Callable[[str], str]], ...] = (
        ("category", _("category %(words)s"), category_name),
        ("except_category", _("except the category %(words)s"), category_name),
        ("queue", _("specialist team proposed: %(words)s"), team),
        ("priority", _("priority %(words)s"), plain),
        ("channel", _("channel %(words)s"), lambda code: label(Channel, code)),
        ("tier", _("tier %(words)s"), lambda code: label(Tier, code)),
        ("reporter", _("reported by a %(words)s"), lambda code: label(Reporter, code)),
    )
    for name, sentence, word in kinds:
        if codes := when.get(name):
            yield sentence % {"words": either([word(code) for code in codes])}


def _amount(when: dict[str, Any]) -> Iterable[str]:
    if (limit := when.get("amount_more_than")) is not None:
        yield _("amount more than %(amount)s") % {"amount": idr_text(limit)}


def _age(when: dict[str, Any]) -> Iterable[str]:
    if (days := when.get("age_more_than_days")) is not None:
        yield ngettext("older than %(days)s day", "older than %(days)s days", days) % {"days": days}


def _signal(when: dict[str, Any]) -> Iterable[str]:
    if signal := when.get("signal"):
        kinds = either([label(Signal.Kind, kind) for kind in signal["kind"]])
        yield ngettext(
            "signal '%(kinds)s' at least once within %(hours)s hours",
            "signal '%(kinds)s' at least %(count)s times within %(hours)s hours",
            signal["at_least"],
        ) % {"kinds": kinds, "count": signal["at_least"], "hours": signal["within_hours"]}


def either(words: list[str]) -> str:
    """'a', 'a or b', 'a, b or c'."""
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s or %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}


def label(choices: Any, code: str) -> str:
    return str(choices(code).label) if code in choices.values else code
