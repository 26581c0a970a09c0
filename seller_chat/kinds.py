"""What may happen in a conversation or to a shop, by the words of its events.

Each part of the app adds its own here, so that one page can tell them all.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

KINDS = {
    "opened": _("Conversation opened"),
    "sent": _("Message sent"),
    "deleted": _("Message deleted"),
    "reply_due": _("A reply is owed"),
    "reply_ended": _("The reply is no longer owed"),
    "reply_warned": _("Warning before the 24 hours end"),
    "reply_missed": _("No reply within 24 hours"),
    "held": _("Message held back for review"),
    "reviewed": _("Decision about a message"),
    "second_look_asked": _("A second look was asked for"),
    "waived": _("No reply needed, says the shop"),
    "waiver_undone": _("A reply is needed after all, says the buyer"),
    "excluded": _("Messages left out after a verified report"),
    "silence_ticket": _("Ticket opened after five days of silence"),
    "ticket_linked": _("Ticket linked"),
    "read": _("Conversation read at the desk"),
    "reply_settings": _("Automatic reply changed"),
    "faq_changed": _("FAQ answers changed"),
    "holiday_planned": _("Holiday Mode planned"),
    "holiday_called_off": _("Planned Holiday Mode called off"),
    "holiday_begun": _("Holiday Mode switched on"),
    "holiday_ended": _("Holiday Mode switched off"),
    "violation_recorded": _("Violation recorded"),
    "violation_confirmed": _("Violation confirmed"),
    "violation_dismissed": _("Violation dismissed"),
    "violation_repaired": _("Violation taken back"),
    "action_begun": _("Enforcement began"),
    "action_ended": _("Enforcement ended"),
    "appeal_opened": _("Appeal opened"),
    "appeal_overdue": _("Appeal not decided in time"),
    "appeal_decided": _("Appeal decided"),
    "buyer_reported": _("Buyer reported"),
    "report_decided": _("Report about a buyer decided"),
}
