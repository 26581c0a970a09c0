"""The supervisor's dashboard: figures from counters and short index reads, never from scans.

Front door: `figures`, shared by everybody who looks within a second.
"""

from desk.dashboard.figures import Figures, figures

__all__ = ["Figures", "figures"]
