"""The moments of enforcement that come by themselves."""

POINTS_EXPIRE = "seller_chat.points_expire"
ACTION_ENDS = "seller_chat.action_ends"
APPEAL_DUE = "seller_chat.appeal_due"
VIOLATION = "chat_violation"
ACTION = "chat_action"
APPEAL = "chat_appeal"
