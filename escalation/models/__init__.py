"""Front door of the escalation records."""

from escalation.models.escalation import Escalation
from escalation.models.matrix import EscalationMatrix

__all__ = ["Escalation", "EscalationMatrix"]
