"""What the API reads and answers about a receiving team's work."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from escalation.models import Decision, FollowUp, FreezeRequest, Hearing, Party, RelayNote
from escalation.services.follow_ups import MAX_WHAT
from escalation.services.freezing import MAX_REFERENCE
from helpdesk.common.inputs import Choice, InputSerializer, Instant, Text, WholeNumber, YesNo
from helpdesk.common.money import MAX_AMOUNT
from helpdesk.common.outputs import Moment
from helpdesk.common.paging import PageQuery
from people.api.serializers import PersonSerializer
from tickets.api.inputs import MAX_FORM_TEXT

BIGGEST_ID = 2**62


class FollowUpSerializer(serializers.Serializer[FollowUp]):
    """One step of the receiving team's plan; `news` is the next news to CS."""

    id = serializers.IntegerField()
    escalation = serializers.IntegerField(source="escalation_id")
    kind = serializers.ChoiceField(choices=FollowUp.Kind.choices)
    state = serializers.ChoiceField(choices=[(c, c) for c in ("open", "overdue", "done", "ended")])
    what = serializers.CharField(allow_blank=True)
    due_at = Moment()
    owner = PersonSerializer()
    moves = serializers.IntegerField(help_text="How often it was moved to another moment.")
    overdue_at = Moment(allow_null=True)
    done_at = Moment(allow_null=True)
    done_by = PersonSerializer(allow_null=True)
    result = serializers.CharField(allow_blank=True)


class FollowUpListSerializer(serializers.Serializer[Any]):
    results = FollowUpSerializer(many=True)


class NewFollowUp(InputSerializer):
    what = Text(max_length=MAX_WHAT)
    due_at = Instant()
    owner = WholeNumber(
        required=False, min_value=1, max_value=2**31, help_text="A colleague's id; absent: oneself."
    )


class FollowUpDone(InputSerializer):
    follow_up = WholeNumber(min_value=1, max_value=BIGGEST_ID)
    result = Text(max_length=MAX_FORM_TEXT)


class FollowUpMove(InputSerializer):
    follow_up = WholeNumber(min_value=1, max_value=BIGGEST_ID)
    due_at = Instant()
    reason = Text(max_length=MAX_FORM_TEXT)


class TargetMove(InputSerializer):
    target_at = Instant()
    reason = Text(max_length=MAX_FORM_TEXT)


class HearingSerializer(serializers.Serializer[Hearing]):
    id = serializers.IntegerField()
    escalation = serializers.IntegerField(source="escalation_id")
    party = serializers.ChoiceField(choices=Party.choices)
    silent = serializers.BooleanField(help_text="It could not be heard; `notes` say why.")
    notes = serializers.CharField()
    heard_at = Moment()
    by = PersonSerializer()


class HearingListSerializer(serializers.Serializer[Any]):
    results = HearingSerializer(many=True)


class NewHearing(InputSerializer):
    party = Choice(choices=Party.choices)
    notes = Text(max_length=MAX_FORM_TEXT)
    silent = YesNo(required=False, default=False)
    heard_at = Instant(required=False, allow_null=True, help_text="Absent: now.")


class DecisionSerializer(serializers.Serializer[Decision]):
    id = serializers.IntegerField()
    escalation = serializers.IntegerField(source="escalation_id")
    outcome = serializers.ChoiceField(choices=Decision.Outcome.choices)
    amount_idr = serializers.IntegerField(allow_null=True, help_text="What the buyer gets.")
    reasons_buyer = serializers.CharField()
    reasons_seller = serializers.CharField()
    decided_by = PersonSerializer()
    decided_at = Moment()


class DecisionListSerializer(serializers.Serializer[Any]):
    results = DecisionSerializer(many=True)


class NewDecision(InputSerializer):
    outcome = Choice(choices=Decision.Outcome.choices)
    amount_idr = WholeNumber(
        required=False,
        allow_null=True,
        default=None,
        min_value=0,
        max_value=MAX_AMOUNT,
        help_text="Whole rupiah to the buyer; needed for `split`.",
    )
    reasons_buyer = Text(max_length=MAX_FORM_TEXT)
    reasons_seller = Text(max_length=MAX_FORM_TEXT)


class FreezeSerializer(serializers.Serializer[FreezeRequest]):
    """A request to freeze or free something, with who asked and who decided.

    A system that executes freezes does what `frozen` says: an approved unfreezing frees nothing
    that another ticket's freeze still holds.
    """

    id = serializers.IntegerField()
    ticket = serializers.CharField(source="ticket.number")
    subject = serializers.ChoiceField(choices=FreezeRequest.Subject.choices)
    reference = serializers.CharField()
    action = serializers.ChoiceField(choices=FreezeRequest.Action.choices)
    lifts = serializers.IntegerField(
        source="lifts_id", allow_null=True, help_text="The freeze that an unfreezing lifts."
    )
    state = serializers.ChoiceField(choices=[(c, c) for c in ("pending", "approved", "declined")])
    stands = serializers.BooleanField(help_text="An approved freeze that nobody has lifted.")
    frozen = serializers.BooleanField(
        help_text="Whether the subject and reference are frozen now, through whichever ticket."
    )
    reason = serializers.CharField()
    asked_by = PersonSerializer()
    asked_at = Moment()
    decided_by = PersonSerializer(allow_null=True)
    decided_at = Moment(allow_null=True)
    decision_reason = serializers.CharField(allow_blank=True)

    def to_representation(self, instance: FreezeRequest) -> Any:
        """A system that executes freezes learns what to do, not the words of the case."""
        shown = super().to_representation(instance)
        if not self.context["at_desk"]:
            shown |= {"reason": "", "decision_reason": ""}
        return shown


class FrozenElsewhereSerializer(serializers.Serializer[Any]):
    """Other tickets' freezes that stand on the same thing."""

    subject = serializers.ChoiceField(choices=FreezeRequest.Subject.choices)
    reference = serializers.CharField()
    tickets = serializers.ListField(
        child=serializers.CharField(), help_text="Those that the caller may see."
    )
    hidden = serializers.IntegerField(help_text="How many more there are.")


class FreezeListSerializer(serializers.Serializer[Any]):
    results = FreezeSerializer(many=True)
    elsewhere = FrozenElsewhereSerializer(many=True)


class FreezePageSerializer(serializers.Serializer[Any]):
    results = FreezeSerializer(many=True)
    next = serializers.URLField(allow_null=True)


class FreezeQuery(PageQuery):
    state = Choice(
        required=False,
        choices=[(c, c) for c in ("pending", "approved", "declined")],
        help_text="A system that executes freezes sees approved ones only.",
    )


class NewFreeze(InputSerializer):
    subject = Choice(choices=FreezeRequest.Subject.choices)
    reference = Text(max_length=MAX_REFERENCE, help_text="Its number or name.")
    reason = Text(max_length=MAX_FORM_TEXT)


class NewUnfreeze(InputSerializer):
    freeze = WholeNumber(min_value=1, max_value=BIGGEST_ID, help_text="The freeze to be lifted.")
    reason = Text(max_length=MAX_FORM_TEXT)


class FreezeVerdict(InputSerializer):
    freeze = WholeNumber(min_value=1, max_value=BIGGEST_ID)
    approved = YesNo()
    reason = Text(
        required=False,
        allow_blank=True,
        default="",
        max_length=MAX_FORM_TEXT,
        help_text="Needed when declining.",
    )


class RelaySerializer(serializers.Serializer[RelayNote]):
    id = serializers.IntegerField()
    text = serializers.CharField()
    by = PersonSerializer()
    at = Moment()


class RelayListSerializer(serializers.Serializer[Any]):
    results = RelaySerializer(many=True)


class NewRelay(InputSerializer):
    text = Text(max_length=MAX_FORM_TEXT, help_text="What the officer may tell the customer.")
