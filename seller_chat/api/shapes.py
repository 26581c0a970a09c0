"""What the API says about shops."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from helpdesk.common.outputs import Moment
from seller_chat.evidence import is_whole, proofs_of
from seller_chat.models import Appeal, BuyerReport, EnforcementAction, ShopWeek, Verdict, Violation


class ShopWeekSerializer(serializers.Serializer[ShopWeek]):
    """`received` is the sum of what was left out and `assessed`; `assessed` that of its three parts."""

    id = serializers.IntegerField(source="pk")
    shop = serializers.CharField(source="shop.name")
    week_start = serializers.DateField(source="week.week_start", help_text="A Monday, WIB.")
    rules_version = serializers.IntegerField(source="week.rules_version")
    target_bp = serializers.IntegerField(source="week.target_bp", help_text="In basis points.")
    received = serializers.IntegerField()
    weekend = serializers.IntegerField()
    holiday = serializers.IntegerField()
    holiday_mode = serializers.IntegerField()
    excluded = serializers.IntegerField()
    deleted = serializers.IntegerField()
    waived = serializers.IntegerField()
    assessed = serializers.IntegerField()
    in_time = serializers.IntegerField()
    late = serializers.IntegerField()
    unanswered = serializers.IntegerField()
    rate_bp = serializers.IntegerField(
        allow_null=True, help_text="Basis points, rounded down; null where nothing was assessed."
    )
    changed_at = Moment()


class EvaluationPageSerializer(serializers.Serializer[Any]):
    results = ShopWeekSerializer(many=True)
    next = serializers.URLField(allow_null=True)


class JudgedMessageSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="message.pk")
    conversation = serializers.CharField(source="message.conversation.key")
    arrived_at = Moment(source="message.delivered_at")
    verdict = serializers.ChoiceField(choices=Verdict.choices)


class JudgedMessagesSerializer(serializers.Serializer[Any]):
    results = JudgedMessageSerializer(many=True)
    next_after = serializers.IntegerField(
        allow_null=True, help_text="`after` of the next page; null at the end."
    )


class ViolationSerializer(serializers.Serializer[Violation]):
    id = serializers.IntegerField(source="pk")
    shop = serializers.CharField(source="shop.name")
    guideline = serializers.CharField()
    section = serializers.CharField(source="source")
    severity = serializers.ChoiceField(choices=Violation.Severity.choices)
    points = serializers.IntegerField()
    state = serializers.ChoiceField(choices=Violation.State.choices)
    message = serializers.IntegerField(source="message_id", allow_null=True)
    reply_clock = serializers.IntegerField(source="reply_clock_id", allow_null=True)
    evaluation = serializers.IntegerField(source="shop_week_id", allow_null=True)
    rules_version = serializers.IntegerField()
    recorded_at = Moment()
    decided_at = Moment(allow_null=True)
    by_rule = serializers.SerializerMethodField()
    reasons = serializers.CharField(allow_blank=True)
    expires_at = Moment(allow_null=True)
    appeal = serializers.SerializerMethodField()

    def get_by_rule(self, violation: Violation) -> bool:
        return violation.decided_at is not None and violation.decided_by_id is None

    def get_appeal(self, violation: Violation) -> int | None:
        appeal = getattr(violation, "appeal", None)
        return appeal.pk if appeal is not None else None


class ViolationListSerializer(serializers.Serializer[Any]):
    results = ViolationSerializer(many=True)
    next = serializers.URLField(allow_null=True)


class EnforcementActionSerializer(serializers.Serializer[EnforcementAction]):
    id = serializers.IntegerField(source="pk")
    shop = serializers.CharField(source="shop.name")
    level = serializers.ChoiceField(choices=EnforcementAction.Level.choices)
    points = serializers.IntegerField()
    violation = serializers.IntegerField(source="violation_id")
    rules_version = serializers.IntegerField()
    begins_at = Moment()
    ends_at = Moment(allow_null=True)
    ended_at = Moment(allow_null=True)
    ended_how = serializers.ChoiceField(choices=EnforcementAction.Ended.choices, allow_blank=True)


class EnforcementActionListSerializer(serializers.Serializer[Any]):
    results = EnforcementActionSerializer(many=True)
    next = serializers.URLField(allow_null=True)


class AppealSerializer(serializers.Serializer[Appeal]):
    id = serializers.IntegerField(source="pk")
    violation = serializers.IntegerField(source="violation_id")
    text = serializers.CharField()
    documents = serializers.SerializerMethodField()
    opened_at = Moment()
    due_at = Moment()
    overdue_at = Moment(allow_null=True)
    state = serializers.ChoiceField(choices=Appeal.State.choices)
    decided_at = Moment(allow_null=True)
    reasons = serializers.CharField(allow_blank=True)

    def get_documents(self, appeal: Appeal) -> list[str]:
        return [document.name for document in appeal.documents.all()]


class AppealListSerializer(serializers.Serializer[Any]):
    results = AppealSerializer(many=True)
    next = serializers.URLField(allow_null=True)


class EvidenceSerializer(serializers.Serializer[Any]):
    message = serializers.IntegerField(source="picked.message_id")
    sha256 = serializers.CharField(source="picked.sha256")
    unchanged = serializers.BooleanField(source="holds")


class BuyerReportSerializer(serializers.Serializer[BuyerReport]):
    key = serializers.CharField()
    shop = serializers.CharField(source="shop.name")
    conversation = serializers.CharField(source="conversation.key")
    ticket = serializers.CharField(source="ticket.number")
    reason = serializers.ChoiceField(choices=BuyerReport.Reason.choices)
    state = serializers.ChoiceField(choices=BuyerReport.State.choices)
    reported_at = Moment()
    decided_at = Moment(allow_null=True)
    decision_reason = serializers.CharField(allow_blank=True)
    digest = serializers.CharField(help_text="sha256 over the fingerprints of the evidence.")
    evidence = serializers.SerializerMethodField()
    unchanged = serializers.SerializerMethodField()

    def get_evidence(self, report: BuyerReport) -> list[dict[str, Any]]:
        return [EvidenceSerializer(proof).data for proof in proofs_of(report)]

    def get_unchanged(self, report: BuyerReport) -> bool:
        return is_whole(report, proofs_of(report))


class BuyerReportListSerializer(serializers.Serializer[Any]):
    results = BuyerReportSerializer(many=True)
    next = serializers.URLField(allow_null=True)
