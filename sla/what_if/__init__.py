"""What a draft of the policy would have done: the past, replayed from the clocks' own log. Pure,
but for `reading`."""

from sla.what_if.figures import Figures
from sla.what_if.judge import Judge
from sla.what_if.replay import Judges, Line, Recast, replay

__all__ = ["Figures", "Judge", "Judges", "Line", "Recast", "replay"]
