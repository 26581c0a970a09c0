"""The decision about a message."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from seller_chat.judging import all_guidelines
from seller_chat.models import ChatMessage, ReviewItem

Outcome = ReviewItem.Outcome
_WORDS = {
    Outcome.RELEASED: _("Allow: deliver it, or leave it delivered"),
    Outcome.REFUSED: _("Do not deliver, without a violation"),
    Outcome.CONFIRMED: _("Violation: do not deliver, and put it on record"),
}


class ReviewForm(forms.Form):
    outcome = forms.ChoiceField(widget=forms.RadioSelect, label=_("What do you decide?"))
    labels = forms.MultipleChoiceField(
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=_("Guidelines it goes against (of a violation)"),
    )
    reason = forms.CharField(
        max_length=500, widget=forms.Textarea, label=_("Why? The sender reads this.")
    )

    def __init__(self, item: ReviewItem, data: Any = None) -> None:
        found = item.message.moderation.labels
        super().__init__(data, auto_id="review_%s", initial={"labels": found})
        held = item.message.state == ChatMessage.State.HELD
        outcome: Any = self.fields["outcome"]
        outcome.choices = [
            (value, words) for value, words in _WORDS.items() if held or value != Outcome.REFUSED
        ]
        labels: Any = self.fields["labels"]
        labels.choices = [(each.label, f"{each.number} {each.name}") for each in all_guidelines()]
