"""Front door of the services of Buyer Messages: the only code that writes their records."""

from seller_chat.services.evaluation import evaluate_due_weeks, evaluate_shop, evaluate_week
from seller_chat.services.holidays import begin_holiday, end_holiday
from seller_chat.services.looks import look_for_review, look_for_ticket
from seller_chat.services.opening import mark_seen, open_conversation
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

__all__ = [
    "Faq",
    "Sent",
    "ask_second_look",
    "begin_holiday",
    "change_faq",
    "change_reply_settings",
    "decide_review",
    "delete_message",
    "end_holiday",
    "evaluate_due_weeks",
    "evaluate_shop",
    "evaluate_week",
    "exclude_messages",
    "link_ticket",
    "look_for_review",
    "look_for_ticket",
    "mark_seen",
    "open_conversation",
    "send_message",
    "undo_waiver",
    "waive_reply",
]
