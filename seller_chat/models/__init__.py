"""Front door of the records of Buyer Messages."""

from seller_chat.models.appeal import Appeal, AppealDocument
from seller_chat.models.attachment import ChatAttachment
from seller_chat.models.buyer_report import BuyerReport, ReportedMessage
from seller_chat.models.conversation import ChatMessage, Conversation
from seller_chat.models.enforcement import EnforcementAction, Violation
from seller_chat.models.evaluation import ASSESSED, LEFT_OUT, EvaluationWeek, ShopWeek, Verdict
from seller_chat.models.event import ChatEvent
from seller_chat.models.letter import ChatLetter
from seller_chat.models.look import ConversationLook, ConversationTicket
from seller_chat.models.reply_clock import HolidayMode, ReplyClock
from seller_chat.models.reply_settings import FaqAnswer, ReplySettings
from seller_chat.models.review import ModerationDecision, ReviewItem
from seller_chat.models.rules import EnforcementRules, guideline_name

__all__ = [
    "ASSESSED",
    "LEFT_OUT",
    "Appeal",
    "AppealDocument",
    "BuyerReport",
    "ChatAttachment",
    "ChatEvent",
    "ChatLetter",
    "ChatMessage",
    "Conversation",
    "ConversationLook",
    "ConversationTicket",
    "EnforcementAction",
    "EnforcementRules",
    "EvaluationWeek",
    "FaqAnswer",
    "HolidayMode",
    "ModerationDecision",
    "ReplyClock",
    "ReplySettings",
    "ReportedMessage",
    "ReviewItem",
    "ShopWeek",
    "Verdict",
    "Violation",
    "guideline_name",
]
