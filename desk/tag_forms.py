"""The forms of tags: one ticket's, and the vocabulary's."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from desk.forms import TicketForm
from desk.judged import JudgedForm
from tickets.models import Tag
from tickets.tag_reads import LONGEST, SUGGESTED, parts_of, tags_in_use, tags_of_ids

MOST_TYPED = 1_000


class TagsField(forms.CharField):
    """Words between commas, as a list."""

    def __init__(self, **options: Any) -> None:
        hint = _("Parted by commas; what is written in another way is the same tag.")
        usual = {"label": _("Tags"), "required": False, "help_text": hint}
        super().__init__(**{**usual, "max_length": MOST_TYPED, **options})
        self.widget.attrs |= {"list": "known-tags", "autocomplete": "off"}

    def clean(self, value: Any) -> Any:
        return parts_of(super().clean(value))


class TagForm(TicketForm):
    tags = TagsField()

    @property
    def known(self) -> list[Tag]:
        """Suggestions."""
        return list(tags_in_use(self.actor)[:SUGGESTED])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        labels = ", ".join(tag.label for tag in tags_of_ids(kwargs["ticket"].tags))
        kwargs.setdefault("initial", {})["tags"] = labels
        super().__init__(*args, **kwargs)


class RenameTagForm(JudgedForm):
    label = forms.CharField(label=_("Name"), max_length=LONGEST, required=False)


class MergeTagForm(JudgedForm):
    into = forms.CharField(label=_("Merge into"), max_length=LONGEST, required=False)
