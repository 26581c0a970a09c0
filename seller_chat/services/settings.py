"""What a shop lets the house answer for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time

from django.db import transaction

from helpdesk.common import clock
from helpdesk.common.errors import InvalidInput, NotAllowed
from helpdesk.common.text import clean_text
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from people.models import Shop
from seller_chat.judging import guideline_of, judge
from seller_chat.models import FaqAnswer, ReplySettings
from seller_chat.services.automatic import words_of
from seller_chat.services.parts import feeds, record_of_shop, sells_in

MOST_FAQ = 30
LONGEST_ANSWER = 1000
LONGEST_WORDS = 500


@dataclass(frozen=True)
class Faq:
    """`words`: a group on each line."""

    words: str
    answer: str


def change_reply_settings(
    *,
    actor: Actor,
    shop_id: int,
    when: str,
    text: str,
    opens: time,
    closes: time,
    days: Sequence[int],
) -> ReplySettings:
    """Set up the automatic reply. Its words keep to the guidelines like any message."""
    _require_shop(actor, shop_id)
    problems: dict[str, str] = {}
    words = _kept_to_guidelines(text, "text", problems)
    if when not in ReplySettings.When.values:
        problems["when"] = _("This value is not known.")
    if when != ReplySettings.When.OFF and not words:
        problems["text"] = _("Write what is to be replied.")
    if closes <= opens:
        problems["closes"] = _("The shop must close after it opens.")
    if any(not 0 <= day <= 6 for day in days):
        problems["days"] = _("This value is not known.")
    _refuse(problems)
    with transaction.atomic():
        Shop.objects.select_for_update(no_key=True).get(pk=shop_id)
        settings, _made = ReplySettings.objects.update_or_create(
            shop_id=shop_id,
            defaults={
                "when": when,
                "text": words,
                "opens": opens,
                "closes": closes,
                "days": sorted(set(days)),
            },
        )
        record_of_shop(shop_id, actor=actor, kind="reply_settings", at=clock.now(), when=str(when))
    return settings


def change_faq(*, actor: Actor, shop_id: int, answers: Sequence[Faq]) -> list[FaqAnswer]:
    """Replace the shop's FAQ answers by these, in this order; one that is the same stays itself."""
    _require_shop(actor, shop_id)
    problems: dict[str, str] = {}
    if len(answers) > MOST_FAQ:
        message = _("At most %(limit)s answers are possible.") % {"limit": MOST_FAQ}
        problems["answers"] = message
    cleaned = [
        _cleaned(each, f"answers.{at}", problems) for at, each in enumerate(answers[:MOST_FAQ])
    ]
    _refuse(problems)
    with transaction.atomic():
        Shop.objects.select_for_update(no_key=True).get(pk=shop_id)
        before = {(row.words, row.answer): row for row in FaqAnswer.objects.filter(shop=shop_id)}
        kept = []
        for position, faq in enumerate(dict.fromkeys(cleaned)):
            row = before.pop((faq.words, faq.answer), None) or FaqAnswer(
                shop_id=shop_id, words=faq.words, answer=faq.answer
            )
            row.position = position
            row.save()
            kept.append(row)
        FaqAnswer.objects.filter(pk__in=[row.pk for row in before.values()]).delete()
        record_of_shop(shop_id, actor=actor, kind="faq_changed", at=clock.now(), n=len(kept))
    return kept


def _cleaned(faq: Faq, place: str, problems: dict[str, str]) -> Faq:
    words = ""
    try:
        raw = clean_text(
            faq.words, field=f"{place}.words", max_length=LONGEST_WORDS, multiline=True
        )
        lines = (" ".join(line.split()) for line in raw.replace(",", "\n").split("\n"))
        words = "\n".join(line for line in lines if words_of(line))
    except InvalidInput as error:
        problems.update(error.fields)
    if not words:
        problems.setdefault(f"{place}.words", _("Name the words by which the question is known."))
    answer = _kept_to_guidelines(faq.answer, f"{place}.answer", problems)
    if not answer:
        problems.setdefault(f"{place}.answer", _("Write what is to be replied."))
    return Faq(words, answer)


def _kept_to_guidelines(text: str, field: str, problems: dict[str, str]) -> str:
    """The words, if moderation finds nothing in them; nobody reviews what goes out by itself."""
    try:
        cleaned = clean_text(text, field=field, max_length=LONGEST_ANSWER, multiline=True)
    except InvalidInput as error:
        problems.update(error.fields)
        return ""
    judged = judge("seller", cleaned)
    if judged.labels:
        guideline = guideline_of(judged.labels[0])
        problems[field] = _(
            "This goes against guideline %(number)s (%(name)s). Word it differently."
        ) % {"number": guideline.number, "name": guideline.name}
    elif judged.masked:
        problems[field] = _("Leave out contact data, account numbers and codes.")
    return cleaned


def _refuse(problems: dict[str, str]) -> None:
    if problems:
        raise InvalidInput(_("Please mend the marked fields."), fields=problems)


def _require_shop(actor: Actor, shop_id: int) -> None:
    if not sells_in(actor, shop_id) and not feeds(actor):
        raise NotAllowed(_("Only the shop can do this."))
