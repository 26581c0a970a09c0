"""The promises of Buyer Messages that end by themselves."""

REPLY_WARNING = "seller_chat.reply_warning"
REPLY_DUE = "seller_chat.reply_due"
SHOP_SILENT = "seller_chat.shop_silent"
CONVERSATION = "conversation"
