from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from desk.judged import JudgedForm
from helpdesk.common import clock
from helpdesk.common.scopes import ALL, SCOPES
from people.models import User

LASTS = [
    ("90", _("90 days")),
    ("365", _("one year")),
    ("30", _("30 days")),
    ("0", _("until it is revoked")),
]
OVERLAPS = [("24", _("24 hours")), ("0", _("not at all")), ("168", _("a week"))]


class ClientForm(JudgedForm):
    """What a token and a client have in common."""

    user = forms.TypedChoiceField(label=_("Account"), coerce=int)
    name = forms.CharField(
        label=_("Name"),
        max_length=80,
        help_text=_("What it is for, such as “order system, production”."),
    )
    rate_per_minute = forms.IntegerField(
        label=_("Requests a minute"),
        required=False,
        min_value=1,
        help_text=_("Empty: as many as everybody."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("Scopes"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Never more than the account itself may do."),
    )

    def __init__(self, *args: Any, accounts: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._accounts = {account.pk: account for account in accounts}
        users: Any = self.fields["user"]
        users.choices = [(account.pk, account.full_name) for account in accounts]
        scopes: Any = self.fields["scopes"]
        scopes.choices = [
            (ALL, _("Everything")),
            *((code, f"{code} · {meaning}") for code, meaning in SCOPES.items()),
        ]

    def wanted(self) -> dict[str, Any]:
        """The keywords of `create_client`."""
        found = self.cleaned_data
        return {
            "user": self._accounts[found["user"]],
            "name": found["name"],
            "scopes": found["scopes"],
            "rate_per_minute": found["rate_per_minute"],
        }


class TokenForm(ClientForm):
    lasts = forms.ChoiceField(label=_("Valid for"), choices=LASTS)
    supplier = forms.CharField(
        label=_("Only for this supplier"),
        required=False,
        max_length=120,
        help_text=_(
            "Its name as complaints hold it. The token answers that supplier's complaints, and does "
            "nothing else; choose the scope suppliers:answer alone."
        ),
    )

    def field_of(self, path: str) -> str | None:
        return "lasts" if path == "expires_at" else path

    def wanted(self) -> dict[str, Any]:
        """The keywords of `create_token`."""
        return {
            **super().wanted(),
            "supplier": self.cleaned_data["supplier"],
            "expires_at": self._expires_at(int(self.cleaned_data["lasts"])),
        }

    def _expires_at(self, days: int) -> datetime | None:
        return clock.now() + timedelta(days=days) if days else None


class RotateForm(JudgedForm):
    overlap_hours = forms.TypedChoiceField(choices=OVERLAPS, coerce=int)
