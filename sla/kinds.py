"""The timers of this app that are no clocks."""

CONFIRMATION = "sla.confirmation"
REOPEN_WINDOW = "sla.reopen_window"
CUSTOMER_SILENT = "sla.customer_silent"
HOLD_ENDS = "sla.hold_ends"
ASSIGNMENT = "sla.assignment"
REPLY_LEAVES = "sla.reply_leaves"
