"""Front door of the verbs on tickets. Each locks, checks, changes, records and tells, in one transaction."""

from tickets.services.changes import (
    has_voice,
    lock_ticket,
    make_transition,
    record,
    require_open,
    require_work_on,
    save_change,
    tell,
    works_on,
)
from tickets.services.classification import reclassify_ticket
from tickets.services.closing import (
    answer_confirmation,
    answer_survey,
    ask_confirmation,
    close_ticket,
    close_unanswered,
    reopen_ticket,
    reopen_until,
    seal_ticket,
)
from tickets.services.conversation import (
    add_customer_message,
    add_internal_note,
    end_waiting,
    reply_to_customer,
)
from tickets.services.handling import assign_ticket, handle_ticket, squad_member_for
from tickets.services.intake import Receipt, Report, receive_ticket
from tickets.services.mail import deliver_owed_mail, owe_mail, owe_mail_for_stranger
from tickets.services.notices import notify, notify_team
from tickets.services.words import clean_words

__all__ = [
    "Receipt",
    "Report",
    "add_customer_message",
    "add_internal_note",
    "answer_confirmation",
    "answer_survey",
    "ask_confirmation",
    "assign_ticket",
    "clean_words",
    "close_ticket",
    "close_unanswered",
    "deliver_owed_mail",
    "end_waiting",
    "handle_ticket",
    "has_voice",
    "lock_ticket",
    "make_transition",
    "notify",
    "notify_team",
    "owe_mail",
    "owe_mail_for_stranger",
    "receive_ticket",
    "reclassify_ticket",
    "record",
    "reopen_ticket",
    "reopen_until",
    "reply_to_customer",
    "require_open",
    "require_work_on",
    "save_change",
    "seal_ticket",
    "squad_member_for",
    "tell",
    "works_on",
]
