"""The public forms. They read what was typed; the services decide, and their answers are put beside the fields."""

from __future__ import annotations

import uuid
from typing import Any, Self, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from helpdesk.common.contact import read_contact
from helpdesk.common.errors import InvalidInput, Refusal
from tickets.form_fields import AmountField, DaysField, ManyFilesField, TextField
from tickets.models import Ticket
from tickets.services import Report
from tickets.states import Channel, Reporter, WantedSolution
from tickets.survey_links import SCORES

MAX_REPORT = 20_000
MAX_WORDS = 5_000
WANTED = [
    (WantedSolution.REFUND, gettext_lazy("Money back")),
    (WantedSolution.REPLACEMENT, gettext_lazy("Replacement of the item")),
    (WantedSolution.RECOVERY, gettext_lazy("My account back")),
    (WantedSolution.INFORMATION, gettext_lazy("An explanation")),
    (WantedSolution.OTHER, gettext_lazy("Something else")),
]
REPORTERS = [
    (Reporter.BUYER, gettext_lazy("Buyer")),
    (Reporter.SELLER, gettext_lazy("Seller")),
    (Reporter.AGENT, gettext_lazy("Reseller agent")),
]
# What the services call a field that has another name on the page.
_PAGE_NAMES = {"email": "contact", "phone": "contact", "amount_idr": "amount", "days_open": "days"}


class PublicForm(forms.Form):
    """A form that takes the services' refusals and never loses what was typed."""

    # Shown again with what was typed, though it was not acted upon (tickets/views/csrf.py).
    came_back = False

    @classmethod
    def as_typed(cls, request: HttpRequest, **options: Any) -> Self:
        """The form with the fields of a POST as its starting values: nothing is checked or done."""
        form = cls(initial=request.POST.dict(), **options)
        form.came_back = True
        return form

    def longest_text(self) -> str:
        """The longest thing that was written, to be shown where the form itself has no place."""
        written = self.data if self.is_bound else self.initial
        texts = (str(written.get(bound.name) or "") for bound in self.visible_fields())
        return max(texts, key=len, default="")

    def take(self, refusal: Refusal) -> None:
        """Put each part of a refusal beside its field; what has none stands above the form."""
        for name, message in refusal.fields.items():
            field = _PAGE_NAMES.get(name, name)
            self.add_error(field if field in self.fields else None, str(message))
        if not refusal.fields:
            self.add_error(None, str(refusal.message))
        self.ask_for_files_again()

    def ask_for_files_again(self) -> None:
        """A browser sends files once: after any error they must be chosen anew."""
        if self.files and "files" in self.fields and not self.has_error("files"):
            self.add_error("files", _("Please choose the files again; the rest is still here."))

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound and self.errors:
            self.ask_for_files_again()

    def put(self, name: str, value: str) -> None:
        """Change one of the values that came, so that the form shows another."""
        data = cast("QueryDict", self.data).copy()
        data[name] = value
        self.data = data


class SubmittedOnce(PublicForm):
    """Carries a key of its own, so that a double click or a reload does a thing once."""

    submission_key = TextField(max_length=64, widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        options["initial"] = {"submission_key": uuid.uuid4()} | (options.get("initial") or {})
        super().__init__(*args, **options)

    @property
    def key(self) -> str:
        try:
            return f"web:{uuid.UUID(self.cleaned_data.get('submission_key', ''))}"
        except ValueError:
            return ""

    def renew_key(self) -> None:
        """The next attempt is another submission."""
        self.put("submission_key", str(uuid.uuid4()))


class ReportForm(SubmittedOnce):
    """A complaint. `known=True` for somebody signed in, whose name and contact are on record."""

    order_number = TextField(
        max_length=60, required=False, label=gettext_lazy("Order or transaction number")
    )
    description = TextField(
        max_length=MAX_REPORT,
        multiline=True,
        widget=forms.Textarea,
        label=gettext_lazy("What happened?"),
        error_messages={"required": gettext_lazy("Tell us what happened.")},
    )
    wanted_solution = forms.ChoiceField(
        choices=WANTED,
        widget=forms.RadioSelect,
        required=False,
        label=gettext_lazy("The solution that you want"),
    )
    amount = AmountField(required=False, label=gettext_lazy("Amount concerned"))
    days = DaysField(required=False, label=gettext_lazy("For how many days?"))
    files = ManyFilesField(required=False, label=gettext_lazy("Evidence"))  # type: ignore[assignment]
    reporter = forms.ChoiceField(
        choices=REPORTERS,
        widget=forms.RadioSelect,
        required=False,
        label=gettext_lazy("You report as"),
    )
    name = TextField(max_length=150, required=False, label=gettext_lazy("Your name"))
    contact = TextField(
        max_length=254,
        label=gettext_lazy("E-mail address or phone number"),
        error_messages={
            "required": gettext_lazy("We need an e-mail address or a phone number to answer you.")
        },
    )
    # People do not see this field; programs that fill in every field do.
    website = TextField(max_length=500, required=False)

    def __init__(self, *args: Any, known: bool = False, **options: Any) -> None:
        initial = {"wanted_solution": WantedSolution.OTHER, "reporter": Reporter.BUYER}
        options["initial"] = initial | (options.get("initial") or {})
        super().__init__(*args, **options)
        if known:
            del self.fields["name"], self.fields["contact"]

    def clean_contact(self) -> dict[str, str]:
        """{'email': …} or {'phone': …}, in the form in which contacts are compared."""
        try:
            kind, value = read_contact(self.cleaned_data["contact"])
        except InvalidInput as error:
            raise ValidationError(str(error.message), code=error.code) from error
        return {kind: value}

    def clean(self) -> None:
        if self.cleaned_data.get("website"):
            self.put("website", "")
            raise ValidationError(
                _(
                    "A hidden field was filled in, as programs do. It is empty again: send once more."
                ),
                code="filled_by_program",
            )

    def report(self) -> Report:
        """The complaint as the intake service takes it."""
        data = self.cleaned_data
        return Report(
            channel=Channel.WEB,
            description=data["description"],
            reporter=data["reporter"] or Reporter.BUYER,
            name=data.get("name", ""),
            order_number=data["order_number"],
            wanted_solution=data["wanted_solution"] or WantedSolution.OTHER,
            amount_idr=data["amount"],
            days_open=data["days"],
            language="en" if (get_language() or "id").startswith("en") else "id",
            **data.get("contact", {}),
        )

    def made(self, ticket: Ticket) -> bool:
        """Whether the ticket came from this very submission, sent before."""
        return bool(self.key) and ticket.submission_key == self.key


class FindForm(PublicForm):
    """Number and contact; nothing here says which of the two was wrong."""

    number = TextField(
        max_length=60,
        label=gettext_lazy("Ticket number"),
        error_messages={"required": gettext_lazy("Enter the ticket number.")},
    )
    contact = TextField(
        max_length=254,
        label=gettext_lazy("E-mail address or phone number of the report"),
        error_messages={"required": gettext_lazy("Enter the e-mail address or phone number.")},
    )


class ReplyForm(SubmittedOnce):
    body = TextField(
        max_length=MAX_REPORT,
        multiline=True,
        widget=forms.Textarea,
        label=gettext_lazy("Your message"),
        error_messages={"required": gettext_lazy("Write something first.")},
    )
    files = ManyFilesField(required=False, label=gettext_lazy("Files"))  # type: ignore[assignment]


class ConfirmationForm(PublicForm):
    holds = forms.ChoiceField(
        choices=[("yes", gettext_lazy("Yes, it is solved")), ("no", gettext_lazy("No, not yet"))],
        widget=forms.RadioSelect,
        label=gettext_lazy("Is your problem solved?"),
        error_messages={"required": gettext_lazy("Choose yes or no.")},
    )
    words = TextField(
        max_length=MAX_WORDS,
        multiline=True,
        widget=forms.Textarea,
        required=False,
        label=gettext_lazy("What would you like to add?"),
    )


class ReopenForm(PublicForm):
    reason = TextField(
        max_length=MAX_WORDS,
        multiline=True,
        widget=forms.Textarea,
        label=gettext_lazy("What is not settled yet?"),
        error_messages={"required": gettext_lazy("Write why.")},
    )


class SurveyForm(PublicForm):
    score = forms.ChoiceField(
        choices=[(str(score), label) for score, label in SCORES.items()],
        widget=forms.RadioSelect,
        label=gettext_lazy("How satisfied are you with our help?"),
        error_messages={"required": gettext_lazy("Choose a mark from 1 to 5.")},
    )
    comment = TextField(
        max_length=MAX_WORDS,
        multiline=True,
        widget=forms.Textarea,
        required=False,
        label=gettext_lazy("Your comment"),
    )
