"""Front door of the services of Buyer Messages: the only code that writes their records."""

from seller_chat.services.evaluation import evaluate_due_weeks, evaluate_shop, evaluate_week

__all__ = ["evaluate_due_weeks", "evaluate_shop", "evaluate_week"]
