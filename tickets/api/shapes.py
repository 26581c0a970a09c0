"""What a ticket looks like to a caller: the desk sees all of it, a reporter their side of it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from helpdesk.common.masking import masked_email, masked_phone
from helpdesk.common.outputs import Moment
from people.api.serializers import PersonSerializer, TeamSerializer
from people.models import Customer
from tickets.api.expansions import expansions
from tickets.catalogue import category_name
from tickets.models import Ticket
from tickets.selectors import latest_classification, merged_into
from tickets.states import Channel, Priority, Reporter, State, WantedSolution
from tickets.tag_reads import slugs_of_ids
from tickets.tracking import tracking_url

# How we work stays with us: these are left out for anybody who does not work at the desk.
DESK_ONLY = frozenset(
    {
        "assignee",
        "breached_at",
        "customer",
        "expedited",
        "home_team",
        "sealed_at",
        "tags",
        "tier",
    }
)
EXPANDED = "Only with `expand`."
LINKED = ("events", "messages", "attachments", "clocks", "escalations", "actions")


class CustomerSerializer(serializers.Serializer[Customer]):
    """Contacts are masked, such as `bu***@mail.id`; `POST tickets/{number}/looks` shows them."""

    name = serializers.CharField(source="shown_name")
    email = serializers.SerializerMethodField()
    phone = serializers.SerializerMethodField()
    masked = serializers.SerializerMethodField(help_text="False for those who see contacts openly.")
    tier = serializers.CharField()

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_email(self, customer: Customer) -> str | None:
        address = customer.email
        return masked_email(address) if address and self.get_masked(customer) else address

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_phone(self, customer: Customer) -> str | None:
        number = customer.phone
        return masked_phone(number) if number and self.get_masked(customer) else number

    def get_masked(self, customer: Customer) -> bool:
        return not self.context.get("openly", False)


class LinksSerializer(serializers.Serializer[Any]):
    self = serializers.URLField()
    events = serializers.URLField()
    messages = serializers.URLField()
    attachments = serializers.URLField()
    clocks = serializers.URLField()
    escalations = serializers.URLField()
    actions = serializers.URLField()


class TicketSerializer(serializers.Serializer[Ticket]):
    """A row of a list. Instants are UTC."""

    _tags: dict[int, str] | None = None

    number = serializers.CharField()
    version = serializers.IntegerField(help_text="Counts changes; also the ETag.")
    state = serializers.ChoiceField(choices=State.choices)
    category = serializers.CharField()
    category_name = serializers.SerializerMethodField()
    priority = serializers.ChoiceField(choices=Priority.choices, allow_blank=True)
    queue = serializers.CharField(help_text="Proposed by triage.")
    team = TeamSerializer(allow_null=True)
    home_team = TeamSerializer(allow_null=True, required=False, help_text="Only for the desk.")
    assignee = PersonSerializer(allow_null=True, required=False, help_text="Only for the desk.")
    expedited = serializers.BooleanField(required=False, help_text="Only for the desk.")
    reporter = serializers.ChoiceField(choices=Reporter.choices)
    channel = serializers.ChoiceField(choices=Channel.choices)
    language = serializers.CharField()
    tier = serializers.CharField(required=False, help_text="Only for the desk.")
    subject = serializers.CharField()
    order_number = serializers.CharField()
    wanted_solution = serializers.ChoiceField(choices=WantedSolution.choices)
    amount_idr = serializers.IntegerField(allow_null=True, help_text="Whole rupiah.")
    received_at = Moment()
    classified_at = Moment(allow_null=True)
    first_response_at = Moment(allow_null=True)
    escalated_at = Moment(allow_null=True)
    closed_at = Moment(allow_null=True)
    sealed_at = Moment(allow_null=True, required=False, help_text="Only for the desk.")
    reopen_count = serializers.IntegerField()
    waiting_for_customer_since = Moment(allow_null=True)
    confirmation_asked_at = Moment(allow_null=True)
    held_until = Moment(allow_null=True, help_text="On hold until then.")
    next_due_at = Moment(allow_null=True)
    breached_at = Moment(allow_null=True, required=False, help_text="Only for the desk.")
    tags = serializers.SerializerMethodField(help_text="Slugs. Only for the desk.")
    links = serializers.SerializerMethodField()

    def get_category_name(self, ticket: Ticket) -> str:
        return category_name(ticket.category)

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_tags(self, ticket: Ticket) -> list[str]:
        """One query for all rows of a list."""
        if self._tags is None:
            many = getattr(self.parent, "many", False)
            rows: Any = self.parent.instance if many else [ticket]
            self._tags = slugs_of_ids({pk for row in rows for pk in row.tags})
        return sorted({self._tags[pk] for pk in ticket.tags if pk in self._tags})

    @extend_schema_field(LinksSerializer)
    def get_links(self, ticket: Ticket) -> dict[str, str]:
        base = f"{settings.BASE_URL.rstrip('/')}/api/v1/tickets/{ticket.number}"
        return {"self": base, **{name: f"{base}/{name}" for name in LINKED}}

    def get_fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = super().get_fields()
        at_desk = self.context.get("at_desk")  # not known while the schema is drawn: everything
        if at_desk:
            # The link opens the ticket as the customer: the desk acts in its own name.
            fields.pop("tracking_url", None)
        if at_desk is None:
            more = {
                name: one.shape(many=True, required=False, help_text=EXPANDED)
                if one.many
                else one.shape(required=False, allow_null=True, help_text=EXPANDED)
                for name, one in expansions().items()
                if name not in fields
            }
            return fields | more
        only = self.context.get("only")
        hidden = frozenset[str]() if at_desk else DESK_ONLY
        return {
            name: field
            for name, field in fields.items()
            if name not in hidden and (only is None or name in only)
        }

    @classmethod
    def known_names(cls) -> frozenset[str]:
        return frozenset(cls._declared_fields)


class EvidenceSerializer(serializers.Serializer[Any]):
    field = serializers.CharField()
    text = serializers.CharField(help_text="The words or the value that the rule saw.")
    start = serializers.IntegerField()
    end = serializers.IntegerField()


class TriageReasonSerializer(serializers.Serializer[Any]):
    """One rule that fired, or an officer's override."""

    rule = serializers.CharField()
    title_id = serializers.CharField()
    title_en = serializers.CharField()
    effect = serializers.DictField()
    evidence = EvidenceSerializer(many=True)
    source = serializers.CharField(allow_blank=True)  # type: ignore[assignment]


class TicketDetailSerializer(TicketSerializer):
    """One ticket."""

    description = serializers.CharField()
    customer = CustomerSerializer(required=False, help_text="Only for the desk.")
    reasons = serializers.SerializerMethodField()
    merged_into = serializers.SerializerMethodField(
        help_text="The number of the ticket in which this one goes on; null unless it was merged."
    )
    tracking_url = serializers.SerializerMethodField(
        help_text="The customer's page; whoever has the link can open it. Not for the desk."
    )

    @extend_schema_field(TriageReasonSerializer(many=True))
    def get_reasons(self, ticket: Ticket) -> list[dict[str, Any]]:
        classification = latest_classification(ticket)
        reasons = classification.reasons if classification else []
        if self.context.get("at_desk", True):
            return list(reasons)
        # What an officer wrote to explain an override is for colleagues.
        return [reason for reason in reasons if reason["rule"] != "override"]

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_merged_into(self, ticket: Ticket) -> str | None:
        goes_on = merged_into(ticket)
        return goes_on.number if goes_on else None

    @extend_schema_field(serializers.URLField())
    def get_tracking_url(self, ticket: Ticket) -> str:
        return tracking_url(ticket)


class ReceiptSerializer(TicketDetailSerializer):
    """The answer to a new complaint."""

    def serve(self, context: dict[str, Any]) -> None:
        """Another reader of the same sort."""
        self._context, self._tags = context, None

    created = serializers.SerializerMethodField(
        help_text="False when this is the open ticket about the same problem."
    )
    masked = serializers.SerializerMethodField(
        help_text="Kinds of secrets that were hidden before anything was stored."
    )

    def get_created(self, ticket: Ticket) -> bool:
        return bool(self.context["created"])

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_masked(self, ticket: Ticket) -> list[str]:
        return list(self.context["masked"])


class TicketPageSerializer(serializers.Serializer[Any]):
    results = TicketSerializer(many=True)
    next = serializers.URLField(allow_null=True, help_text="The next page; null at the end.")
