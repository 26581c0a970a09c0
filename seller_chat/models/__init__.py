"""Front door of the records of Buyer Messages."""

from seller_chat.models.attachment import ChatAttachment
from seller_chat.models.conversation import ChatMessage, Conversation
from seller_chat.models.evaluation import ASSESSED, LEFT_OUT, EvaluationWeek, ShopWeek, Verdict
from seller_chat.models.event import ChatEvent
from seller_chat.models.look import ConversationLook, ConversationTicket
from seller_chat.models.reply_clock import HolidayMode, ReplyClock
from seller_chat.models.reply_settings import FaqAnswer, ReplySettings
from seller_chat.models.review import ModerationDecision, ReviewItem
from seller_chat.models.rules import EnforcementRules

__all__ = [
    "ASSESSED",
    "LEFT_OUT",
    "ChatAttachment",
    "ChatEvent",
    "ChatMessage",
    "Conversation",
    "ConversationLook",
    "ConversationTicket",
    "EnforcementRules",
    "EvaluationWeek",
    "FaqAnswer",
    "HolidayMode",
    "ModerationDecision",
    "ReplyClock",
    "ReplySettings",
    "ReviewItem",
    "ShopWeek",
    "Verdict",
]
