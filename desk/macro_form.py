from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from desk.judged import JudgedForm
from people.actors import Actor
from people.models import Team
from tickets.catalogue import categories, category_name
from tickets.models import Macro
from tickets.services import MacroDraft
from tickets.states import Confirmation, Priority

EFFECTS = ("take", "priority", "category", "then", "root_cause", "solution", "confirmation")


class MacroForm(JudgedForm):
    """A macro as it is typed; the service judges it."""

    name = forms.CharField(label=_("Name"), required=False)
    scope = forms.ChoiceField(label=_("Who may use it"))
    kind = forms.ChoiceField(
        label=_("Kind"), choices=Macro.Kind.choices, widget=forms.RadioSelect, initial="reply"
    )
    body = forms.CharField(
        label=_("Text in Indonesian"), widget=forms.Textarea(attrs={"rows": 7}), required=False
    )
    body_en = forms.CharField(
        label=_("Text in English"),
        widget=forms.Textarea(attrs={"rows": 5}),
        required=False,
        help_text=_("For customers who read English; empty: they get the Indonesian text."),
    )
    take = forms.BooleanField(label=_("The sender takes the ticket"), required=False)
    priority = forms.ChoiceField(label=_("Priority"), required=False)
    category = forms.ChoiceField(label=_("Category"), required=False)
    then = forms.ChoiceField(label=_("After sending"), required=False)
    root_cause = forms.CharField(
        label=_("Root cause"), widget=forms.Textarea(attrs={"rows": 2}), required=False
    )
    solution = forms.CharField(
        label=_("Solution"), widget=forms.Textarea(attrs={"rows": 2}), required=False
    )
    confirmation = forms.ChoiceField(
        label=_("What the customer says"),
        required=False,
        choices=[("", _("not said")), *Confirmation.choices],
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "macro_%s")
        super().__init__(*args, **kwargs)
        unchanged = ("", _("as it is"))
        names = sorted((category_name(code), code) for code in categories())
        self._offer("scope", _scopes(actor))
        self._offer("priority", [unchanged, *Priority.choices])
        self._offer("category", [unchanged, *((code, name) for name, code in names)])
        self._offer(
            "then",
            [
                ("", _("nothing more")),
                ("wait", _("wait for the customer")),
                ("confirm", _("ask the customer to confirm")),
                ("close", _("close the ticket")),
            ],
        )

    def _offer(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        field: Any = self.fields[name]
        field.choices = choices

    def draft(self) -> MacroDraft:
        typed = self.cleaned_data
        words = {name: typed[name] for name in ("name", "kind", "body", "body_en", "scope")}
        return MacroDraft(**words, effects={name: typed[name] for name in EFFECTS})


def _scopes(actor: Actor) -> list[tuple[str, Any]]:
    """Where this person may keep macros."""
    found: list[tuple[str, Any]] = [("own", _("only I"))]
    if actor.may("edit_rules"):
        found.append(("all", _("everybody at the desk")))
    if actor.may("direct_work"):
        teams = Team.objects.all()
        if not actor.may("see_all_tickets") and actor.user is not None:
            teams = teams.filter(pk__in=actor.user.team_ids)
        found += [(team.code, team.name) for team in teams]
    return found
