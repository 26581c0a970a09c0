"""The forms of a receiving team. They read what was typed; the services judge it."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from desk.forms import LONG, LocalMoment, TicketForm
from desk.receiving_actions import freeable
from desk.rupiah import Rupiah
from escalation.models import Decision, Escalation, FollowUp, FreezeRequest, Party
from escalation.models.follow_up import OPEN
from escalation.services import own_target
from helpdesk.common import clock
from helpdesk.common.durations import wib_text
from people.models import User
from sla.services import working_deadline


def _long(label: Any, rows: int = 3, needed: Any = "", **options: Any) -> forms.CharField:
    """`needed`: said where it is empty, so that one look shows every missing part; the services ask
    the same."""
    widget, messages = forms.Textarea(attrs={"rows": rows}), {"required": needed}
    return forms.CharField(
        label=label,
        widget=widget,
        required=bool(needed),
        max_length=LONG,
        error_messages=messages if needed else None,
        **options,
    )


class ColleagueChoice(forms.ModelChoiceField):
    """A member of the team that holds the ticket; empty: oneself."""

    def __init__(self, **options: Any) -> None:
        empty = _("myself")
        super().__init__(User.objects.none(), required=False, empty_label=empty, **options)

    def show(self, form: TicketForm) -> None:
        self.queryset = (
            User.objects.filter(is_active=True, memberships__team=form.ticket.team)
            .exclude(pk=form.actor.user.pk if form.actor.user else 0)
            .order_by("full_name")
        )


class AcceptForm(TicketForm):
    plan = _long(_("What the team will do"), needed=_("Write what the team will do."))
    target_at = LocalMoment(
        label=_("Target of the team (WIB)"),
        required=False,
        help_text=_("The date that the team agrees to."),
    )
    target_reason = _long(
        _("Why later"),
        rows=2,
        help_text=_("Needed for a target later than asked for, or than the resolution is due."),
    )
    assignee = ColleagueChoice(label=_("Who takes it"))
    follow_up_at = LocalMoment(
        label=_("Next news to CS (WIB)"), required=False, help_text=_("Empty: in 24 hours.")
    )
    understood = forms.BooleanField(
        label=_("We understand the problem and the target"),
        error_messages={"required": _("Say that the problem and its target are understood.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("ColleagueChoice", self.fields["assignee"]).show(self)
        sent = self.ticket.escalations.filter(state=Escalation.State.SENT).first()
        if sent is None:
            return
        now = clock.for_display()
        if working_deadline(self.ticket, sent.to_team.code, now) is not None:
            del self.fields["target_at"], self.fields["target_reason"]
        elif not self.is_bound:
            self.initial["target_at"] = own_target(self.ticket, sent, now)


class TargetForm(TicketForm):
    target_at = LocalMoment(
        label=_("New target (WIB)"), error_messages={"required": _("Say by when.")}
    )
    reason = _long(_("Reason"), rows=2)


class ProgressForm(TicketForm):
    report = _long(_("Progress"))
    follow_up_at = LocalMoment(
        label=_("Next news to CS (WIB)"), required=False, help_text=_("Empty: in 24 hours.")
    )


class FollowUpForm(TicketForm):
    what = forms.CharField(
        label=_("What is to be done"),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        max_length=500,
    )
    due_at = LocalMoment(label=_("By when (WIB)"), error_messages={"required": _("Say by when.")})
    owner = ColleagueChoice(label=_("Whose"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("ColleagueChoice", self.fields["owner"]).show(self)


class FollowUpChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.what or _('News to CS')} ({wib_text(obj.due_at)})"


class OneFollowUpForm(TicketForm):
    follow_up = FollowUpChoice(
        label=_("Follow-up"), queryset=FollowUp.objects.none(), empty_label=None
    )
    kinds: tuple[str, ...] = tuple(FollowUp.Kind.values)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("FollowUpChoice", self.fields["follow_up"]).queryset = FollowUp.objects.filter(
            OPEN,
            escalation__ticket=self.ticket,
            escalation__state=Escalation.State.ACCEPTED,
            kind__in=self.kinds,
        )


class FollowUpDoneForm(OneFollowUpForm):
    result = _long(_("What came of it"))
    kinds = (FollowUp.Kind.STEP,)


class FollowUpMoveForm(OneFollowUpForm):
    due_at = LocalMoment(
        label=_("New moment (WIB)"), error_messages={"required": _("Say by when.")}
    )
    reason = _long(_("Reason"), rows=2)


class HearingForm(TicketForm):
    party = forms.ChoiceField(
        label=_("Which side"),
        choices=Party.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say which side was heard.")},
    )
    notes = _long(_("What was said"), rows=5)
    silent = forms.BooleanField(
        label=_("This side stays silent; the text above says why it could not be heard"),
        required=False,
    )
    heard_at = LocalMoment(label=_("When (WIB)"), required=False, help_text=_("Empty: just now."))


class DecideForm(TicketForm):
    outcome = forms.ChoiceField(
        label=_("Decision"),
        choices=Decision.Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say how the case was decided.")},
    )
    amount_idr = Rupiah(
        label=_("Amount to the buyer (rupiah)"),
        required=False,
        help_text=_("Needed when it is shared; not for the seller or a dismissed case."),
    )
    reasons_buyer = _long(_("Reasons to the buyer"), rows=4)
    reasons_seller = _long(_("Reasons to the seller"), rows=4)


class FreezeForm(TicketForm):
    subject = forms.ChoiceField(label=_("What"), choices=FreezeRequest.Subject.choices)
    reference = forms.CharField(label=_("Its number or name"), required=False, max_length=80)
    reason = _long(_("Reason"), rows=2)


class FrozenChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.get_subject_display()} {obj.reference}"


class UnfreezeForm(TicketForm):
    freeze = FrozenChoice(
        label=_("Which freeze"), queryset=FreezeRequest.objects.none(), empty_label=None
    )
    reason = _long(_("Reason"), rows=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wanted = [row.pk for row in freeable(self.ticket.freeze_requests.all())]
        rows = FreezeRequest.objects.filter(pk__in=wanted).order_by("pk")
        cast("FrozenChoice", self.fields["freeze"]).queryset = rows


class FreezeChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        words = (obj.get_action_display(), obj.get_subject_display(), obj.reference)
        return f"{' '.join(map(str, words))} ({obj.asked_by})"


class FreezeDecideForm(TicketForm):
    freeze = FreezeChoice(
        label=_("Request"), queryset=FreezeRequest.objects.none(), empty_label=None
    )
    approved = forms.TypedChoiceField(
        label=_("Decision"),
        choices=[("yes", _("approve")), ("no", _("decline"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether you approve it.")},
    )
    reason = _long(_("Reason"), rows=2, help_text=_("Needed when declining."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pending = FreezeRequest.objects.filter(ticket=self.ticket, decided_at__isnull=True)
        cast("FreezeChoice", self.fields["freeze"]).queryset = (
            pending.exclude(asked_by=self.actor.user).select_related("asked_by").order_by("pk")
        )


class RelayForm(TicketForm):
    text = _long(_("What the officer may tell the customer"), rows=5)
