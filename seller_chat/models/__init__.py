"""Front door of the records of Buyer Messages."""

from seller_chat.models.conversation import ChatMessage, Conversation
from seller_chat.models.event import ChatEvent
from seller_chat.models.reply_clock import HolidayMode, ReplyClock

__all__ = ["ChatEvent", "ChatMessage", "Conversation", "HolidayMode", "ReplyClock"]
