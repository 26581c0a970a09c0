"""The forms of what may be done to many tickets: each verb's needs, asked once for all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from desk.access import person_of
from desk.forms import LONG, LocalMoment
from desk.judged import JudgedForm
from desk.person_field import PersonField
from desk.selectors import desk_people, fitting
from desk.tag_forms import TagsField
from people.actors import Actor
from people.models import Team, User
from tickets.macro_reads import macros_for
from tickets.macro_words import placeholder_meanings
from tickets.models import Macro, Tag
from tickets.services import Order
from tickets.services.conversation import MAX_BODY
from tickets.states import Confirmation
from tickets.tag_reads import SUGGESTED, tags_in_use


def _words(label: Any, *, rows: int = 2, hint: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        widget=forms.Textarea(attrs={"rows": rows}),
        required=False,
        max_length=LONG,
        help_text=hint,
    )


class ManyForm(JudgedForm):
    """What a verb needs, asked once for all tickets (`ticket_ids`); the services judge it."""

    def __init__(
        self, *args: Any, actor: Actor, ticket_ids: Sequence[int] = (), **kwargs: Any
    ) -> None:
        self.actor, self.ticket_ids = actor, ticket_ids
        super().__init__(*args, **kwargs)

    def order(self, verb: str) -> Order:
        return Order(verb=verb, **self.given(self.cleaned_data))

    def given(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """The keywords of the order."""
        return dict(data)


class AssignManyForm(ManyForm):
    assignee = PersonField(
        label=_("Assignee"),
        queryset=User.objects.none(),
        empty_label=_("Choose a person."),
        error_messages={"required": _("Choose a person.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people, field = desk_people(), cast("forms.ModelChoiceField", self.fields["assignee"])
        if not self.actor.may("assign_others"):
            people = people.filter(pk=person_of(self.actor).pk)
            field.initial = person_of(self.actor).pk
        field.queryset = people
        if self.ticket_ids:
            self._who_may_first(field)

    def _who_may_first(self, field: forms.ModelChoiceField) -> None:
        """Grouped by how many of these tickets lie with a team of theirs: who is of no use comes last."""
        people = list(field.queryset or ())
        fits = fitting(self.ticket_ids, [person.pk for person in people])
        groups: dict[str, list[tuple[int, str]]] = {}
        for person in sorted(people, key=lambda person: -fits[person.pk]):
            group = _group(fits[person.pk], len(self.ticket_ids))
            groups.setdefault(group, []).append((person.pk, field.label_from_instance(person)))
        field.choices = [("", field.empty_label or ""), *groups.items()]


def _group(number: int, total: int) -> str:
    if number == total:
        return gettext("May take all")
    if number:
        return gettext("May take %(number)s of %(total)s") % {"number": number, "total": total}
    return gettext("In none of these tickets' teams")


class ReasonManyForm(ManyForm):
    reason = _words(_("Reason"))


class HoldManyForm(ReasonManyForm):
    until = LocalMoment(label=_("Until (WIB)"), required=False)
    field_order = ("until", "reason")


class PartsManyForm(ManyForm):
    """Its fields are the order's parts."""

    def given(self, data: Mapping[str, Any]) -> dict[str, Any]:
        return {"parts": dict(data)}


class TagManyForm(PartsManyForm):
    tags = TagsField()

    @property
    def known(self) -> list[Tag]:
        """Suggestions."""
        return list(tags_in_use(self.actor)[:SUGGESTED])


class ReplyManyForm(PartsManyForm):
    macro = forms.ModelChoiceField(
        label=_("Macro"),
        queryset=Macro.objects.none(),
        required=False,
        empty_label=_("none"),
        help_text=_("Without a text of yours its own words are sent, in the customer's language."),
    )
    body = forms.CharField(
        label=_("Text of the reply"),
        widget=forms.Textarea(attrs={"rows": 7}),
        required=False,
        max_length=MAX_BODY,
    )
    wait_for_customer = forms.BooleanField(
        label=_("Wait for the customer, pause the clock"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        replies = macros_for(self.actor).filter(kind=Macro.Kind.REPLY)
        cast("forms.ModelChoiceField", self.fields["macro"]).queryset = replies
        names = ", ".join(f"{{{name}}}" for name in placeholder_meanings())
        self.fields["body"].help_text = _("Filled in for each ticket: %(names)s") % {"names": names}

    def given(self, data: Mapping[str, Any]) -> dict[str, Any]:
        macro = data["macro"]
        return {"parts": {**data, "macro": macro.pk if macro else None}}


class EscalateManyForm(ManyForm):
    to_team = forms.ModelChoiceField(
        label=_("Team"),
        queryset=Team.objects.none(),
        empty_label=_("Choose a team."),
        error_messages={"required": _("Choose a team.")},
    )
    reason = _words(
        _("Why these tickets are escalated"),
        hint=_("Stands on each form; it is also the reason where a level is skipped."),
    )
    summary = _words(
        _("Summary of the problem"),
        hint=_("Empty: the team's own form, filled in from each ticket's record."),
    )
    wanted_outcome = _words(_("Wanted outcome"), hint=_("Empty: as the team's form says."))
    target_at = LocalMoment(
        label=_("Target time (WIB)"),
        required=False,
        help_text=_("Empty: the time that the team has to answer."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        teams = Team.objects.exclude(kind=Team.Kind.SQUAD)
        cast("forms.ModelChoiceField", self.fields["to_team"]).queryset = teams

    def given(self, data: Mapping[str, Any]) -> dict[str, Any]:
        target = data["target_at"]
        parts = {
            "to_team": data["to_team"].code,
            "summary": data["summary"],
            "wanted_outcome": data["wanted_outcome"],
            "target_at": target.isoformat() if target else "",
        }
        return {"reason": data["reason"], "parts": parts}


class CloseManyForm(PartsManyForm):
    root_cause = _words(_("Root cause"))
    solution = _words(_("Solution"))
    confirmation = forms.ChoiceField(
        label=_("What the customers say"),
        choices=Confirmation.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say what the customer answered.")},
    )
