"""What the API reads and answers about quality."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from agents_ops.models import QaMark, QaReview
from agents_ops.quality.first_contact import Share
from agents_ops.quality.handling import Times
from agents_ops.quality.scores import Average
from agents_ops.quality.states import Picked, Resolution, ReviewState
from helpdesk.common.inputs import (
    Choice,
    InputSerializer,
    Instant,
    QuerySerializer,
    Text,
    WholeNumber,
)
from helpdesk.common.outputs import Moment
from helpdesk.common.paging import PageQuery
from people.api.serializers import PersonSerializer, TeamSerializer

MOST_WEEKS = 13


class FiguresQuery(QuerySerializer):
    weeks = WholeNumber(
        required=False, default=8, min_value=1, max_value=MOST_WEEKS, help_text="This one included."
    )
    officer = WholeNumber(required=False, min_value=0, help_text="Their work alone.")
    team = Text(required=False, max_length=40, help_text="Code of a squad.")
    mine = serializers.BooleanField(
        required=False, default=False, help_text="One's own work; officers see no other."
    )


class CasesQuery(PageQuery, FiguresQuery):
    resolution = Choice(choices=Resolution.choices, required=False)


class ShareSerializer(serializers.Serializer[Share]):
    good = serializers.IntegerField()
    all = serializers.IntegerField()
    share = serializers.FloatField(allow_null=True, help_text="0 to 1; null of none.")


class TimesSerializer(serializers.Serializer[Times]):
    n = serializers.IntegerField()
    median = serializers.FloatField(allow_null=True, help_text="Seconds.")
    p90 = serializers.FloatField(allow_null=True, help_text="Seconds that nine of ten stay below.")
    standard = serializers.IntegerField(allow_null=True, source="least")
    judged = serializers.IntegerField(help_text="Those that have a standard.")
    within = serializers.IntegerField(help_text="Of these, within it.")
    share = serializers.FloatField(allow_null=True)


class AverageSerializer(serializers.Serializer[Average]):
    n = serializers.IntegerField()
    mean = serializers.FloatField(allow_null=True, help_text="0 to 100.")
    failed = serializers.IntegerField(help_text="A critical criterion was missed.")
    unsettled = serializers.IntegerField()


class WeekOf(serializers.Serializer[Any]):
    week = serializers.DateField(help_text="Its Monday, in WIB.")


class WeekShare(WeekOf):
    cases = ShareSerializer()


class OfficerShare(serializers.Serializer[Any]):
    officer = PersonSerializer()
    cases = ShareSerializer()


class CategoryShare(serializers.Serializer[Any]):
    category = serializers.CharField()
    cases = ShareSerializer()


class FirstContactSerializer(serializers.Serializer[Any]):
    goal = serializers.FloatField(help_text="0 to 1.")
    whole = ShareSerializer()
    weeks = WeekShare(many=True)
    officers = OfficerShare(many=True)
    categories = CategoryShare(many=True)


class CaseSerializer(serializers.Serializer[Any]):
    ticket = serializers.CharField(source="ticket.number")
    closed_at = Moment(source="at")
    category = serializers.CharField(source="ticket.category")
    resolution = serializers.ChoiceField(choices=Resolution.choices, source="outcome")
    contacts = serializers.IntegerField(help_text="How often the agent had to write again.")
    officer = PersonSerializer(source="closing_form.prepared_by", allow_null=True)


class CasePageSerializer(serializers.Serializer[Any]):
    results = CaseSerializer(many=True)
    next = serializers.URLField(allow_null=True)


class StepTimes(serializers.Serializer[Any]):
    playbook = serializers.CharField()
    step = serializers.CharField()
    times = TimesSerializer()


class WeekTimes(WeekOf):
    times = TimesSerializer()


class OfficerTimes(serializers.Serializer[Any]):
    officer = PersonSerializer()
    times = TimesSerializer()


class HandlingSerializer(serializers.Serializer[Any]):
    whole = TimesSerializer()
    steps = StepTimes(many=True)
    weeks = WeekTimes(many=True)
    officers = OfficerTimes(many=True)
    ended = serializers.IntegerField(help_text="Cases whose playbook came to its end.")
    case_seconds = serializers.FloatField(allow_null=True, help_text="Their mean time.")


class WeekAverage(WeekOf):
    reviews = AverageSerializer()


class OfficerAverage(serializers.Serializer[Any]):
    officer = PersonSerializer()
    reviews = AverageSerializer()


class CriterionAverage(serializers.Serializer[Any]):
    criterion = serializers.CharField(source="code")
    name = serializers.CharField()
    n = serializers.IntegerField()
    mean = serializers.FloatField(help_text="0 to 100.")
    lost = serializers.IntegerField(help_text="Reviews in which it cost points.")


class ScoresSerializer(serializers.Serializer[Any]):
    goal = serializers.IntegerField(help_text="0 to 100.")
    whole = AverageSerializer()
    weeks = WeekAverage(many=True)
    officers = OfficerAverage(many=True)
    criteria = CriterionAverage(many=True)


class ScoreSheetSerializer(serializers.Serializer[Any]):
    version = serializers.IntegerField()
    criteria = serializers.ListField(child=serializers.DictField())
    marks = serializers.ListField(child=serializers.DictField())
    goal_percent = serializers.IntegerField()


class ReviewsQuery(PageQuery):
    state = Choice(choices=ReviewState.choices, required=False)
    officer = WholeNumber(required=False, min_value=0)


class ReviewPicked(InputSerializer):
    ticket = Text(max_length=20, help_text="Number of a closed ticket.")


class GivenMarkInput(InputSerializer):
    criterion = Text(max_length=40)
    mark = Text(max_length=40)
    message = WholeNumber(
        required=False, allow_null=True, min_value=0, help_text="Where it is seen."
    )
    event = WholeNumber(required=False, allow_null=True, min_value=0, help_text="Or this event.")
    words = Text(required=False, allow_blank=True, default="")


class ReviewFilled(InputSerializer):
    marks = GivenMarkInput(many=True, help_text="One of each criterion of the review's sheet.")
    words = Text(required=False, allow_blank=True, default="")
    revision = WholeNumber(required=False, min_value=0, help_text="That last seen; else 409.")


class ReviewAnswer(InputSerializer):
    words = Text()
    revision = WholeNumber(required=False, min_value=0)


class ReviewSettled(InputSerializer):
    words = Text(help_text="Why.")
    marks = GivenMarkInput(many=True, required=False, help_text="Only where they change.")
    revision = WholeNumber(required=False, min_value=0)


class DrawInput(InputSerializer):
    since = Instant(help_text="Closed at or after.")
    until = Instant(help_text="Closed before.")
    per_officer = WholeNumber(min_value=1)
    seed = WholeNumber(min_value=0, help_text="The same seed draws the same tickets.")
    team = Text(required=False, allow_blank=True, max_length=40, default="")


class MarkSerializer(serializers.Serializer[QaMark]):
    round = serializers.IntegerField(help_text="2: that of the settlement.")
    criterion = serializers.CharField()
    mark = serializers.CharField()
    percent = serializers.IntegerField(allow_null=True)
    message = serializers.IntegerField(source="message_id", allow_null=True)
    event = serializers.IntegerField(source="event_id", allow_null=True)
    words = serializers.CharField()
    proposed = serializers.BooleanField(help_text="Read from the record.")


class QaReviewSerializer(serializers.Serializer[QaReview]):
    id = serializers.IntegerField()
    ticket = serializers.CharField(source="ticket.number")
    officer = PersonSerializer()
    team = TeamSerializer()
    sheet_version = serializers.IntegerField(source="rules.version")
    picked = serializers.ChoiceField(choices=Picked.choices)
    sample = serializers.IntegerField(source="sample_id", allow_null=True)
    state = serializers.ChoiceField(choices=ReviewState.choices)
    revision = serializers.IntegerField()
    score = serializers.IntegerField(allow_null=True, help_text="0 to 100.")
    failed = serializers.BooleanField()
    reviewer = PersonSerializer(allow_null=True)
    told_at = Moment(allow_null=True)
    answer_until = Moment(allow_null=True)
    answered_at = Moment(allow_null=True)
    settled_at = Moment(allow_null=True)


class QaReviewPageSerializer(serializers.Serializer[Any]):
    results = QaReviewSerializer(many=True)
    next = serializers.URLField(allow_null=True)


class ProposalSerializer(serializers.Serializer[Any]):
    criterion = serializers.CharField()
    mark = serializers.CharField()
    event = serializers.IntegerField(source="event_id", allow_null=True)
    reason = serializers.CharField()


class QaReviewDetailSerializer(QaReviewSerializer):
    marks = MarkSerializer(many=True)
    words = serializers.CharField()
    answer = serializers.CharField()
    settlement = serializers.CharField()
    settled_by = PersonSerializer(allow_null=True)
    proposal = serializers.SerializerMethodField(help_text="Only before it is filled.")

    @extend_schema_field(ProposalSerializer(allow_null=True))
    def get_proposal(self, review: QaReview) -> Any:
        found = self.context["proposal"]
        return ProposalSerializer(found).data if found else None


class SampleSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    seed = serializers.IntegerField()
    since = Moment()
    until = Moment()
    per_officer = serializers.IntegerField()
    drawn_at = Moment()
    reviews = QaReviewSerializer(many=True)


class NoteInput(InputSerializer):
    officer = WholeNumber(min_value=0)
    text = Text()
    review = WholeNumber(required=False, allow_null=True, min_value=0)


class NoteSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    officer = PersonSerializer()
    author = PersonSerializer()
    review = serializers.IntegerField(source="review_id", allow_null=True)
    text = serializers.CharField()
    at = Moment()
    read_at = Moment(allow_null=True)


class NotePageSerializer(serializers.Serializer[Any]):
    results = NoteSerializer(many=True)
    next = serializers.URLField(allow_null=True)


class NotesReadSerializer(serializers.Serializer[Any]):
    read = serializers.IntegerField(help_text="How many were new.")
