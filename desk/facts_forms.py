"""The forms of putting facts right and of sending a request to another team."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from desk.forms import LONG, LocalMoment, TicketForm
from desk.rupiah import Rupiah
from people.models import Team
from tickets.states import WantedSolution


def _reason(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label, widget=forms.Textarea(attrs={"rows": 2}), required=False, max_length=LONG
    )


class CorrectForm(TicketForm):
    """The facts as they are on record, for the officer to mend."""

    amount_idr = Rupiah(
        label=_("Amount (Rp)"), required=False, help_text=_("Whole rupiah; empty: not known.")
    )
    order_number = forms.CharField(
        label=_("Order or transaction number"), required=False, max_length=60
    )
    problem_since = LocalMoment(
        label=_("Problem since (WIB)"), required=False, help_text=_("Empty: not known.")
    )
    wanted_solution = forms.ChoiceField(label=_("Wanted solution"), choices=WantedSolution.choices)
    reason = _reason(_("How do we know?"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        ticket = kwargs["ticket"]
        names = ("amount_idr", "order_number", "problem_since", "wanted_solution")
        kwargs.setdefault("initial", {name: getattr(ticket, name) for name in names})
        super().__init__(*args, **kwargs)

    def clean_problem_since(self) -> Any:
        """The field shows minutes: what was not touched keeps its seconds."""
        typed, kept = self.cleaned_data["problem_since"], self.ticket.problem_since
        same = typed and kept and abs((typed - kept).total_seconds()) < 60
        return kept if same else typed


class RedirectForm(TicketForm):
    to_team = forms.ModelChoiceField(label=_("Team"), queryset=Team.objects.none())
    reason = _reason(_("Why this team?"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ModelChoiceField", self.fields["to_team"])
        asked = self.ticket.escalations.filter(state="requested").values("to_team")
        field.queryset = (
            Team.objects.exclude(kind=Team.Kind.SQUAD)
            .exclude(pk=self.ticket.team_id or 0)
            .exclude(pk__in=asked)
        )
