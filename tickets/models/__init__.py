"""Front door of the tickets' records."""

from tickets.models.alike import NotAlike
from tickets.models.assignment import WorkProfile
from tickets.models.bulk import BulkItem, BulkJob
from tickets.models.change import TicketChange
from tickets.models.composing import Draft, KeptFile, OutgoingReply
from tickets.models.delivery import Notice, OutgoingMail
from tickets.models.event import EventKind, EventNote, TicketEvent
from tickets.models.example import TriageExample, TriageWeek, TriageWeekMail
from tickets.models.imported import ImportedTicket
from tickets.models.incident import Incident, IncidentRun, IncidentStep, IncidentTicket
from tickets.models.link import TicketLink
from tickets.models.look import DataLook
from tickets.models.macro import Macro, MacroUse
from tickets.models.message import Attachment, Message, StoredFile, storage_path
from tickets.models.presence import Presence
from tickets.models.records import Classification, ClosingForm, SatisfactionSurvey, TriageRules
from tickets.models.rulebook import TriageDraft, TriageOffer, TriageTrial
from tickets.models.search import (
    SearchEntry,
    SearchMark,
    SearchSynonyms,
    SearchWord,
    SearchWordChange,
)
from tickets.models.tag import Tag
from tickets.models.tally import OpenTally
from tickets.models.ticket import Ticket
from tickets.models.watch import Watch
from tickets.models.webhook import WebhookDelivery, WebhookEndpoint, WebhookPosition

__all__ = [
    "Attachment",
    "BulkItem",
    "BulkJob",
    "Classification",
    "ClosingForm",
    "DataLook",
    "Draft",
    "EventKind",
    "EventNote",
    "ImportedTicket",
    "Incident",
    "IncidentRun",
    "IncidentStep",
    "IncidentTicket",
    "KeptFile",
    "Macro",
    "MacroUse",
    "Message",
    "NotAlike",
    "Notice",
    "OpenTally",
    "OutgoingMail",
    "OutgoingReply",
    "Presence",
    "SatisfactionSurvey",
    "SearchEntry",
    "SearchMark",
    "SearchSynonyms",
    "SearchWord",
    "SearchWordChange",
    "StoredFile",
    "Tag",
    "Ticket",
    "TicketChange",
    "TicketEvent",
    "TicketLink",
    "TriageDraft",
    "TriageExample",
    "TriageOffer",
    "TriageRules",
    "TriageTrial",
    "TriageWeek",
    "TriageWeekMail",
    "Watch",
    "WebhookDelivery",
    "WebhookEndpoint",
    "WebhookPosition",
    "WorkProfile",
    "storage_path",
]
