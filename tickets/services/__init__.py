"""Front door of the verbs on tickets. Each locks, checks, changes, records and tells, in one transaction."""

from tickets.services.assigning import give_to_somebody, is_automatic
from tickets.services.attachments import CheckedFile, check_files, store_all
from tickets.services.bulk import MOST as BULK_MOST
from tickets.services.bulk import Outcome, act_on_many
from tickets.services.bulk_jobs import (
    JOB_MOST,
    again_bulk_job,
    confirm_bulk_job,
    start_bulk_job,
    stop_bulk_job,
)
from tickets.services.bulk_orders import (
    BulkVerb,
    Order,
    bulk_permission,
    bulk_verb,
    bulk_verbs,
    check_order,
)
from tickets.services.bulk_work import work_on_bulk_jobs, work_on_job
from tickets.services.changes import (
    WAITING,
    has_voice,
    lock_ticket,
    make_transition,
    record,
    require_open,
    require_work_on,
    save_change,
    stop_waiting,
    tell,
    works_on,
)
from tickets.services.classification import reclassify_ticket
from tickets.services.closing import (
    answer_confirmation,
    ask_confirmation,
    close_ticket,
    close_unanswered,
    reopen_ticket,
    reopen_until,
    seal_ticket,
)
from tickets.services.conversation import (
    CROSSED,
    add_customer_message,
    add_internal_note,
    end_waiting,
    reply_to_customer,
)
from tickets.services.correction import Correction, correct_ticket
from tickets.services.delivery import deliver_owed_mail, retry_mail
from tickets.services.drafts import discard_draft, files_of_draft, save_draft, send_note
from tickets.services.expediting import pull_forward, put_back
from tickets.services.forgetting import forget_past_work
from tickets.services.handling import assign_ticket, handle_ticket, squad_member_for
from tickets.services.holding import end_hold, hold_ticket, longest_hold, release_ticket
from tickets.services.incident_runs import (
    IncidentWording,
    judged_members,
    preview_run,
    start_run,
    stop_run,
    tell_incident_words,
    words_for_ticket,
    work_on_incidents,
)
from tickets.services.incidents import (
    attach_ticket,
    attach_tickets,
    change_incident,
    detach_ticket,
    open_incident,
)
from tickets.services.intake import Receipt, receive_ticket
from tickets.services.intake_many import MOST_AT_ONCE, NotReceived, receive_tickets
from tickets.services.letters import message_id
from tickets.services.linking import link_tickets, unlink_tickets
from tickets.services.looks import Looked, Reason, look_at, look_reasons, needs_reason, record_look
from tickets.services.macros import (
    MacroDraft,
    archive_macro,
    change_macro,
    create_macro,
    send_macro,
)
from tickets.services.mail import owe_mail, owe_mail_for_stranger
from tickets.services.merging import merge_into, merge_tickets, undo_merge, undo_until
from tickets.services.notices import notify, notify_team
from tickets.services.outgoing import (
    Written,
    let_reply_leave,
    send_reply,
    send_waiting_reply,
    take_back_reply,
    waiting_reply,
)
from tickets.services.presence import end_presence, show_presence
from tickets.services.replies_owed import mark_no_reply_needed, mark_reply_needed
from tickets.services.reports import Report
from tickets.services.searching import add_up_words, index_marked, mark_all, marks_waiting
from tickets.services.splitting import split_ticket
from tickets.services.surveys import answer_survey, may_change_until
from tickets.services.tagging import merge_tags, rename_tag, tag_ticket
from tickets.services.taking import AWAY, Taken, take_next
from tickets.services.tallies import compact_open_tally, rebuild_open_tally
from tickets.services.together import merge_of
from tickets.services.watching import ask_to_watch, unwatch_ticket, watch_ticket
from tickets.services.words import clean_words

__all__ = [
    "AWAY",
    "BULK_MOST",
    "CROSSED",
    "JOB_MOST",
    "MOST_AT_ONCE",
    "WAITING",
    "BulkVerb",
    "CheckedFile",
    "Correction",
    "IncidentWording",
    "Looked",
    "MacroDraft",
    "NotReceived",
    "Order",
    "Outcome",
    "Reason",
    "Receipt",
    "Report",
    "Taken",
    "Written",
    "act_on_many",
    "add_customer_message",
    "add_internal_note",
    "add_up_words",
    "again_bulk_job",
    "answer_confirmation",
    "answer_survey",
    "archive_macro",
    "ask_confirmation",
    "ask_to_watch",
    "assign_ticket",
    "attach_ticket",
    "attach_tickets",
    "bulk_permission",
    "bulk_verb",
    "bulk_verbs",
    "change_incident",
    "change_macro",
    "check_files",
    "check_order",
    "clean_words",
    "close_ticket",
    "close_unanswered",
    "compact_open_tally",
    "confirm_bulk_job",
    "correct_ticket",
    "create_macro",
    "deliver_owed_mail",
    "detach_ticket",
    "discard_draft",
    "end_hold",
    "end_presence",
    "end_waiting",
    "files_of_draft",
    "forget_past_work",
    "give_to_somebody",
    "handle_ticket",
    "has_voice",
    "hold_ticket",
    "index_marked",
    "is_automatic",
    "judged_members",
    "let_reply_leave",
    "link_tickets",
    "lock_ticket",
    "longest_hold",
    "look_at",
    "look_reasons",
    "make_transition",
    "mark_all",
    "mark_no_reply_needed",
    "mark_reply_needed",
    "marks_waiting",
    "may_change_until",
    "merge_into",
    "merge_of",
    "merge_tags",
    "merge_tickets",
    "message_id",
    "needs_reason",
    "notify",
    "notify_team",
    "open_incident",
    "owe_mail",
    "owe_mail_for_stranger",
    "preview_run",
    "pull_forward",
    "put_back",
    "rebuild_open_tally",
    "receive_ticket",
    "receive_tickets",
    "reclassify_ticket",
    "record",
    "record_look",
    "release_ticket",
    "rename_tag",
    "reopen_ticket",
    "reopen_until",
    "reply_to_customer",
    "require_open",
    "require_work_on",
    "retry_mail",
    "save_change",
    "save_draft",
    "seal_ticket",
    "send_macro",
    "send_note",
    "send_reply",
    "send_waiting_reply",
    "show_presence",
    "split_ticket",
    "squad_member_for",
    "start_bulk_job",
    "start_run",
    "stop_bulk_job",
    "stop_run",
    "stop_waiting",
    "store_all",
    "tag_ticket",
    "take_back_reply",
    "take_next",
    "tell",
    "tell_incident_words",
    "undo_merge",
    "undo_until",
    "unlink_tickets",
    "unwatch_ticket",
    "waiting_reply",
    "watch_ticket",
    "words_for_ticket",
    "work_on_bulk_jobs",
    "work_on_incidents",
    "work_on_job",
    "works_on",
]
