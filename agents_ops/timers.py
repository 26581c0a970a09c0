"""What happens by itself in agents' cases."""

SUPPLIER_DUE = "agents_ops.supplier_due"
SUPPLIER_HARD = "agents_ops.supplier_hard"
SUPPLIER_FOLLOW_UP = "agents_ops.supplier_follow_up"
STEP_NEARS = "agents_ops.step_nears"
STEP_DUE = "agents_ops.step_due"
RUN = "playbook_run"
COMPLAINT = "supplier_complaint"
