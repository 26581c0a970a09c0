"""What a shop lets the house answer for it."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from people.models import Shop


class ReplySettings(models.Model):
    """The automatic reply of a shop: when it goes out, and its opening hours (WIB).

    `days` are the weekdays on which it is open, 0 for Monday.
    """

    class When(models.TextChoices):
        OFF = "off", _("never")
        ALWAYS = "always", _("always")
        OUTSIDE = "outside", _("outside the opening hours")

    shop = models.OneToOneField(Shop, on_delete=models.CASCADE, related_name="reply_settings")
    when = models.CharField(
        _("When is it sent?"), max_length=8, choices=When.choices, default=When.OFF
    )
    text = models.CharField(_("automatic reply"), max_length=1000, blank=True)
    opens = models.TimeField(_("opens at"), default="08:00")
    closes = models.TimeField(_("closes at"), default="17:00")
    days = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(when="off") | ~Q(text=""), name="automatic_reply_has_words"
            ),
            models.CheckConstraint(
                condition=Q(closes__gt=F("opens")), name="shop_closes_after_it_opens"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shop_id} {self.when}"


class FaqAnswer(models.Model):
    """What is answered where a buyer's message holds one of these groups of words.

    `words` has a group on each line; all words of a group must be there, in any order.
    """

    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="faq_answers")
    words = models.CharField(_("words in the question"), max_length=500)
    answer = models.CharField(_("answer"), max_length=1000)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "id")
        constraints = [
            models.CheckConstraint(
                condition=~Q(words="") & ~Q(answer=""), name="faq_answer_is_whole"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shop_id} {self.words[:30]}"
