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
    "holiday_begun": _("Holiday Mode switched on"),
    "holiday_ended": _("Holiday Mode switched off"),
}
