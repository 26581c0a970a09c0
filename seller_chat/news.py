"""An event of a shop as its seller reads it: on the page and by mail, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from seller_chat.models import (
    Appeal,
    BuyerReport,
    ChatEvent,
    EnforcementAction,
    EnforcementRules,
    ReplyClock,
    Violation,
)
from sla.calendars import WIB


@dataclass(frozen=True)
class News:
    """`path` is where to look and what to do."""

    title: str
    lines: list[str] = field(default_factory=list)
    path: str = ""


def news_of(event: ChatEvent) -> News:
    return _WORDS[event.kind](event)


def is_overtaken(event: ChatEvent) -> bool:
    """Whether a letter about it would come too late: the reply of which it warns is owed no more."""
    if event.kind != "reply_warned":
        return False
    return not ReplyClock.objects.filter(pk=event.data["clock"], ended_at=None).exists()


def _reply_warned(event: ChatEvent) -> News:
    clock = ReplyClock.objects.select_related("conversation__buyer").get(pk=event.data["clock"])
    talk = clock.conversation
    words = {"hours": event.data["hours"], "all": clock.hours, "name": talk.buyer.shown_name}
    about = {"about": talk.order_number or talk.product}
    lines = [_("Conversation about %(about)s") % about]
    if clock.due_at is not None:
        due = date_format(clock.due_at.astimezone(WIB), "j F Y H.i")
        lines.append(_("Answer until %(date)s WIB; a short reply is enough.") % {"date": due})
    title = _("%(name)s waits for your answer: %(hours)s of %(all)s hours have passed") % words
    return News(title, lines, reverse("chat:seller", args=[talk.key]))


def _violation(event: ChatEvent) -> News:
    found = Violation.objects.get(pk=event.data["violation"])
    lines = [
        *_about(found),
        _("Reasons: %(reasons)s") % {"reasons": found.reasons},
        _("Points: %(points)s") % {"points": found.points},
    ]
    if found.decided_at is not None:
        days = EnforcementRules.in_force().body["appeals"]["within_days"]
        until = date_format((found.decided_at + timedelta(days=days)).astimezone(WIB), "j F Y")
        lines.append(
            _("You may appeal until %(date)s, with documents. A second reviewer decides.")
            % {"date": until}
        )
    return News(_("A violation was put on record"), lines, _path(found))


def _action(event: ChatEvent) -> News:
    action = EnforcementAction.objects.select_related("violation").get(pk=event.data["action"])
    lines = [*_about(action.violation), _consequence(action.level)]
    if action.ends_at is not None:
        until = date_format(action.ends_at.astimezone(WIB), "j F Y H.i")
        lines.append(_("It ends by itself on %(date)s WIB.") % {"date": until})
    lines.append(_("You may appeal against the violation that led to it."))
    title = _("Your shop reached %(points)s points: %(level)s")
    words = {"points": action.points, "level": action.get_level_display()}
    return News(title % words, lines, _path(action.violation))


def _action_ended(event: ChatEvent) -> News:
    action = EnforcementAction.objects.get(pk=event.data["action"])
    words = {"level": action.get_level_display(), "how": action.get_ended_how_display()}
    return News(
        _("No longer in force: %(level)s") % words,
        [_("Why it ended: %(how)s") % words],
        reverse("seller:home"),
    )


def _appeal_decided(event: ChatEvent) -> News:
    appeal = Appeal.objects.select_related("violation").get(pk=event.data["appeal"])
    lines = [*_about(appeal.violation), _("Reasons: %(reasons)s") % {"reasons": appeal.reasons}]
    if appeal.state == Appeal.State.UPHELD:
        lines.append(_("Points, restrictions and your response rate were put right."))
        return News(_("Your appeal was granted"), lines, _path(appeal.violation))
    return News(_("Your appeal was rejected"), lines, _path(appeal.violation))


def _appeal_overdue(event: ChatEvent) -> News:
    appeal = Appeal.objects.select_related("violation").get(pk=event.data["appeal"])
    return News(
        _("An appeal was not decided in time"),
        _about(appeal.violation),
        reverse("desk:appeal", args=[appeal.pk]),
    )


def _report_decided(event: ChatEvent) -> News:
    report = BuyerReport.objects.get(pk=event.data["report"])
    path = reverse("seller:report", args=[report.key])
    if report.state == BuyerReport.State.VERIFIED:
        text = _("The messages no longer count for your response rate, which was reckoned anew.")
        return News(_("Your report about a buyer was verified"), [text], path)
    reason = _("Reasons: %(reasons)s") % {"reasons": report.decision_reason}
    return News(_("Your report about a buyer was not confirmed"), [reason], path)


def _about(violation: Violation) -> list[str]:
    words = {"name": violation.name, "source": violation.source}
    return [_("Guideline: %(name)s (section %(source)s)") % words, proof_of(violation)]


def proof_of(violation: Violation) -> str:
    """What proves it, without the words of anybody."""
    if violation.message is not None:
        at = date_format(violation.message.sent_at.astimezone(WIB), "j F Y H.i")
        return _("Evidence: your message of %(date)s WIB") % {"date": at}
    if violation.reply_clock is not None:
        at = date_format(violation.reply_clock.opened_at.astimezone(WIB), "j F Y H.i")
        return _("Evidence: the buyer's message of %(date)s WIB") % {"date": at}
    if violation.shop_week is None:
        return ""
    week = violation.shop_week
    return _("Evidence: week from %(date)s, %(in_time)s of %(assessed)s answered in time") % {
        "date": date_format(week.week.week_start, "j F Y"),
        "in_time": week.in_time,
        "assessed": week.assessed,
    }


def _consequence(level: str) -> str:
    return {
        "warning": _("This is a warning. Nothing is restricted."),
        "messages": _(
            "You may answer buyers who write to you, but begin no conversation and send no promotion."
        ),
        "shop": _("Your shop may only answer buyers to whom it owes a reply."),
    }[level]


def _path(violation: Violation) -> str:
    return reverse("seller:violation", args=[violation.pk])


_WORDS: dict[str, Callable[[ChatEvent], News]] = {
    "reply_warned": _reply_warned,
    "violation_confirmed": _violation,
    "action_begun": _action,
    "action_ended": _action_ended,
    "appeal_decided": _appeal_decided,
    "appeal_overdue": _appeal_overdue,
    "report_decided": _report_decided,
}
