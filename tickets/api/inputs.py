"""What callers may send about tickets. Anything else is refused by name."""

from __future__ import annotations

from helpdesk.common.inputs import (
    Choice,
    Files,
    InputSerializer,
    Instant,
    Number,
    Several,
    Text,
    WholeNumber,
    YesNo,
)
from helpdesk.common.money import MAX_AMOUNT
from people.models import Tier
from tickets.models import Message, TicketLink
from tickets.services.reports import MAX_SUBJECT, MAX_TEXT
from tickets.services.splitting import MOST_MESSAGES
from tickets.services.together import MOST as MERGE_MOST
from tickets.states import Channel, Confirmation, Priority, Reporter, WantedSolution

MAX_FORM_TEXT = 5_000
MAX_DAYS = 3650


class Taking(InputSerializer):
    even_if_away = YesNo(
        required=False,
        default=False,
        help_text="Also while the caller's status is away or off shift.",
    )


class NewTicket(InputSerializer):
    description = Text(max_length=MAX_TEXT, help_text="What happened, in the customer's own words.")
    subject = Text(required=False, allow_blank=True, max_length=MAX_SUBJECT)
    order_number = Text(required=False, allow_blank=True, max_length=60)
    wanted_solution = Choice(required=False, choices=WantedSolution.choices)
    amount_idr = WholeNumber(
        required=False,
        allow_null=True,
        min_value=0,
        max_value=MAX_AMOUNT,
        help_text="Whole rupiah.",
    )
    days_open = Number(
        required=False, allow_null=True, min_value=0, max_value=MAX_DAYS, help_text="Calendar days."
    )
    reporter = Choice(required=False, choices=Reporter.choices)
    name = Text(required=False, allow_blank=True, max_length=150)
    email = Text(required=False, allow_blank=True, max_length=254)
    phone = Text(required=False, allow_blank=True, max_length=30)
    language = Choice(required=False, choices=[("id", "Indonesian"), ("en", "English")])
    channel = Choice(
        required=False, choices=Channel.choices, help_text="For connected systems and the desk."
    )
    tier = Choice(
        required=False, choices=Tier.choices, help_text="For connected systems and the desk."
    )
    even_if_open = YesNo(
        required=False,
        default=False,
        help_text="File a new one although an open ticket is about the same problem.",
    )


class NewTicketWithFiles(NewTicket):
    files = Files(required=False, help_text="Up to 10: JPG, PNG, GIF, WebP, PDF, MP4; 20 MB each.")


class NewMessage(InputSerializer):
    body = Text(max_length=MAX_TEXT)
    kind = Choice(
        required=False,
        choices=Message.Kind.choices,
        help_text="`reply` and `note` are the desk's, `customer` the reporter's.",
    )
    wait_for_customer = YesNo(
        required=False, default=False, help_text="With a reply: the ball is now with the customer."
    )
    seen_message = WholeNumber(
        required=False,
        min_value=0,
        max_value=2**63 - 1,
        help_text=(
            "With a reply: the id of the last message that its writer has seen, 0 for none. When "
            "somebody else wrote since, the answer is 409 `reply_crossed` and nothing is sent."
        ),
    )


class NewMessageWithFiles(NewMessage):
    files = Files(required=False, help_text="Up to 10: JPG, PNG, GIF, WebP, PDF, MP4; 20 MB each.")


class Nothing(InputSerializer):
    """No body is needed."""


class Assignment(InputSerializer):
    assignee = WholeNumber(
        required=False, min_value=1, max_value=2**31, help_text="A person's id; absent: oneself."
    )


class NewClassification(InputSerializer):
    """What is absent stays as it is."""

    category = Text(required=False, max_length=40)
    priority = Choice(required=False, choices=Priority.choices)
    queue = Text(required=False, max_length=40)
    reason = Text(max_length=MAX_FORM_TEXT)


class CorrectedFacts(InputSerializer):
    """What is absent stays as it is; null says that it is not known."""

    amount_idr = WholeNumber(
        required=False,
        allow_null=True,
        min_value=0,
        max_value=MAX_AMOUNT,
        help_text="Whole rupiah.",
    )
    order_number = Text(required=False, allow_blank=True, max_length=60)
    problem_since = Instant(required=False, allow_null=True, help_text="When the problem began.")
    wanted_solution = Choice(required=False, choices=WantedSolution.choices)
    reason = Text(max_length=MAX_FORM_TEXT)


class ConfirmationRequest(InputSerializer):
    root_cause = Text(max_length=MAX_FORM_TEXT)
    solution = Text(max_length=MAX_FORM_TEXT)


class ConfirmationAnswer(InputSerializer):
    holds = YesNo(help_text="Whether the solution holds.")
    words = Text(required=False, allow_blank=True, default="", max_length=MAX_FORM_TEXT)


class Closing(InputSerializer):
    root_cause = Text(max_length=MAX_FORM_TEXT)
    solution = Text(max_length=MAX_FORM_TEXT)
    confirmation = Choice(choices=Confirmation.choices)


class Reason(InputSerializer):
    reason = Text(max_length=MAX_FORM_TEXT)


class Merge(InputSerializer):
    numbers = Several(
        child=Text(max_length=40),
        allow_empty=False,
        max_length=MERGE_MOST,
        help_text="Tickets of the same customer that are closed as duplicates of this one.",
    )
    reason = Text(
        required=False,
        allow_blank=True,
        default="",
        max_length=MAX_FORM_TEXT,
        help_text="Stays at the desk.",
    )


class Split(InputSerializer):
    messages = Several(
        child=WholeNumber(min_value=1, max_value=2**63 - 1),
        allow_empty=False,
        max_length=MOST_MESSAGES,
        help_text="Ids of messages of this ticket, at least one of them the customer's.",
    )
    subject = Text(
        required=False,
        allow_blank=True,
        default="",
        max_length=MAX_SUBJECT,
        help_text="Empty: the first line of the customer's words.",
    )
    reason = Text(
        required=False,
        allow_blank=True,
        default="",
        max_length=MAX_FORM_TEXT,
        help_text="Stays at the desk.",
    )


class NewLink(InputSerializer):
    number = Text(max_length=40, help_text="The other ticket.")
    kind = Choice(
        choices=[(kind.value, kind.value) for kind in TicketLink.BY_HAND],
        help_text="How this ticket belongs to the other one.",
    )
    reason = Text(
        required=False,
        allow_blank=True,
        default="",
        max_length=MAX_FORM_TEXT,
        help_text="Stays at the desk.",
    )


class LinkRemoval(InputSerializer):
    link = WholeNumber(min_value=1, max_value=2**63 - 1, help_text="Its id.")


class Watcher(InputSerializer):
    person = WholeNumber(min_value=1, max_value=2**31 - 1, help_text="A colleague's id.")


class IncidentChoice(InputSerializer):
    incident = WholeNumber(min_value=1, max_value=2**63 - 1, help_text="Its id.")


class IncidentWords(InputSerializer):
    body = Text(max_length=MAX_FORM_TEXT, help_text="What the customer is told.")
    words_at = Instant(
        required=False,
        help_text="The incident's `words_at` as the caller read it; 409 where it is another by now.",
    )


class Hold(InputSerializer):
    until = Instant(help_text="When work goes on by itself, at most 14 days ahead.")
    reason = Text(max_length=MAX_FORM_TEXT, help_text="Stays at the desk.")


class PullForward(InputSerializer):
    on = YesNo(required=False, default=True, help_text="False puts it back to its place.")
    reason = Text(
        required=False,
        allow_blank=True,
        default="",
        max_length=MAX_FORM_TEXT,
        help_text="Needed to pull forward; stays at the desk.",
    )


class Survey(InputSerializer):
    score = WholeNumber(min_value=1, max_value=5, help_text="1 (bad) to 5 (good).")
    comment = Text(required=False, allow_blank=True, default="", max_length=MAX_FORM_TEXT)
