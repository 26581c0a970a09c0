from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from escalation.api.views import TAG
from escalation.ledger import TRIGGERS, Entry, Wanted, entries_of, ledger
from escalation.models import Escalation
from helpdesk.common.api_docs import endpoint
from helpdesk.common.inputs import Choice, Instant, Text, YesNo, read_query
from helpdesk.common.outputs import Moment, listed
from helpdesk.common.paging import PageQuery, next_link
from people.api.serializers import PersonSerializer, TeamSerializer
from sla.models import Metric
from sla.movers import Mover
from tickets.api.edge import actor_of
from tickets.models import OutgoingMail
from tickets.states import Priority


class LedgerQuery(PageQuery):
    since = Instant(required=False, help_text="Asked for at or after this instant.")
    until = Instant(required=False, help_text="Asked for before this instant.")
    team = Text(
        required=False, max_length=40, help_text="Code of the team it went to or came from."
    )
    trigger = Choice(required=False, choices=[(code, code) for code in TRIGGERS])
    priority = Choice(required=False, choices=Priority.choices)
    ticket = Text(required=False, max_length=40, help_text="Number of one ticket.")
    late = YesNo(required=False, default=False, help_text="Only what fired, or was verified, late.")


class DeliverySerializer(serializers.Serializer[Any]):
    recipient = serializers.EmailField()
    state = serializers.ChoiceField(choices=OutgoingMail.State.choices)
    sent_at = Moment(allow_null=True)
    message_id = serializers.CharField(help_text="Header of the mail that it went, or goes, with.")
    in_digest = serializers.BooleanField(help_text="Sent in one mail with others.")


class ToldSerializer(serializers.Serializer[Any]):
    person = serializers.CharField()
    at = Moment(help_text="When the notice stood at this person's desk.")
    read_at = Moment(allow_null=True)


class LedgerEntrySerializer(serializers.Serializer[Entry]):
    """One escalation with what caused it and proof that it arrived."""

    id = serializers.IntegerField(source="escalation.pk")
    reference = serializers.CharField(source="escalation.reference")
    ticket = serializers.CharField(source="escalation.ticket.number")
    priority = serializers.CharField(source="escalation.ticket.priority", help_text="As of now.")
    state = serializers.ChoiceField(choices=Escalation.State.choices, source="escalation.state")
    trigger = serializers.CharField(
        source="escalation.trigger", help_text="`officer`, or the rule or deadline that acted."
    )
    is_automatic = serializers.BooleanField(source="escalation.is_automatic")
    reason = serializers.CharField(source="escalation.reason", allow_blank=True)
    matrix_version = serializers.IntegerField(source="escalation.matrix_version")
    origin = serializers.ChoiceField(choices=Escalation.Origin.choices, source="escalation.origin")
    policy_version = serializers.IntegerField(source="escalation.policy_version", allow_null=True)
    metric = serializers.ChoiceField(
        choices=Metric.choices,
        allow_blank=True,
        source="escalation.metric",
        help_text="The promise that the deadline is of; empty for a trigger or a follow-up.",
    )
    deadline_at = Moment(
        source="escalation.due_at",
        allow_null=True,
        help_text="The deadline that it answers; of a request, the moment by which a supervisor owed"
        " the verification. Null where a fact or a supervisor's own hand brought it about.",
    )
    at = Moment(source="escalation.requested_at", help_text="When it fired or was asked for.")
    late_seconds = serializers.FloatField(
        source="escalation.late_seconds",
        allow_null=True,
        help_text="How late the engine was: seconds from when the deadline was both due and known; "
        "of a request, how late it was verified. 0 in time, null while it is not decided.",
    )
    past_deadline_seconds = serializers.FloatField(
        source="escalation.past_seconds",
        allow_null=True,
        help_text="Seconds from the deadline, which may have been moved into the past, to the moment.",
    )
    moved_by = serializers.ChoiceField(
        choices=Mover.choices,
        allow_null=True,
        source="moved",
        help_text="What had put the deadline into the past; null where nothing did.",
    )
    sweep = serializers.IntegerField(source="escalation.sweep_id", allow_null=True)
    from_team = TeamSerializer(source="escalation.from_team")
    to_team = TeamSerializer(source="escalation.to_team")
    requested_by = PersonSerializer(source="escalation.requested_by", allow_null=True)
    decided_by = PersonSerializer(source="escalation.decided_by", allow_null=True)
    decided_at = Moment(source="escalation.decided_at", allow_null=True)
    accepted_by = PersonSerializer(source="escalation.accepted_by", allow_null=True)
    accepted_at = Moment(source="escalation.accepted_at", allow_null=True)
    notices = serializers.IntegerField()
    notices_read = serializers.IntegerField()
    told = ToldSerializer(many=True, help_text="Each notice.")
    mails = DeliverySerializer(many=True)


class LedgerSummarySerializer(serializers.Serializer[Any]):
    """Of all that the query finds (the latest 10,000 of them), not of this page."""

    count = serializers.IntegerField()
    timed = serializers.IntegerField(help_text="How many of them fired at a deadline.")
    on_time = serializers.IntegerField(help_text="How many of those fired within 2 s.")
    p99 = serializers.FloatField(allow_null=True, help_text="Lateness of those in seconds.")
    verified_late = serializers.IntegerField(help_text="How many requests were verified late.")


class LedgerPageSerializer(serializers.Serializer[Any]):
    summary = LedgerSummarySerializer()
    results = LedgerEntrySerializer(many=True)
    next = serializers.URLField(allow_null=True)


@endpoint(
    "The ledger of escalations",
    name="escalation_ledger",
    tag=TAG,
    scope="reports:read",
    description=(
        "Each escalation with deadline, moment, lateness, rule and version, sweep and delivery, the "
        "latest first. For those who see the dashboard."
    ),
    answers=LedgerPageSerializer,
    query=LedgerQuery,
    refuses=(403,),
)
@api_view(["GET"])
def escalation_ledger(request: Request) -> Response:
    query = read_query(request, LedgerQuery)
    names = ("since", "until", "team", "trigger", "priority", "ticket", "late")
    wanted = Wanted(**{name: query[name] for name in names if name in query})
    rows = ledger(wanted, actor=actor_of(request))
    found, following = rows.page(query)
    return Response(
        {
            "summary": LedgerSummarySerializer(rows.summary()).data,
            "results": listed(LedgerEntrySerializer, entries_of(found)),
            "next": next_link(request, following),
        }
    )
