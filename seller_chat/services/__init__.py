"""Front door of the services of Buyer Messages: the only code that writes their records."""

from seller_chat.services.appeals import decide_appeal, open_appeal
from seller_chat.services.evaluation import evaluate_due_weeks, evaluate_shop, evaluate_week
from seller_chat.services.holidays import begin_holiday, end_holiday
from seller_chat.services.letters import deliver_letters
from seller_chat.services.looks import look_for_report, look_for_review, look_for_ticket
from seller_chat.services.opening import buyer_known_by, mark_seen, open_conversation
from seller_chat.services.reports import decide_report, report_buyer
from seller_chat.services.reviewing import ask_second_look, decide_review
from seller_chat.services.sending import Sent, send_message
from seller_chat.services.settings import Faq, change_faq, change_reply_settings
from seller_chat.services.silence import link_ticket
from seller_chat.services.taking_back import (
    delete_message,
    exclude_messages,
    undo_waiver,
    waive_reply,
)
from seller_chat.services.violations import decide_violation, record_violation
from seller_chat.services.weeks import judge_weeks

__all__ = [
    "Faq",
    "Sent",
    "ask_second_look",
    "begin_holiday",
    "buyer_known_by",
    "change_faq",
    "change_reply_settings",
    "decide_appeal",
    "decide_report",
    "decide_review",
    "decide_violation",
    "delete_message",
    "deliver_letters",
    "end_holiday",
    "evaluate_due_weeks",
    "evaluate_shop",
    "evaluate_week",
    "exclude_messages",
    "judge_weeks",
    "link_ticket",
    "look_for_report",
    "look_for_review",
    "look_for_ticket",
    "mark_seen",
    "open_appeal",
    "open_conversation",
    "record_violation",
    "report_buyer",
    "send_message",
    "undo_waiver",
    "waive_reply",
]
