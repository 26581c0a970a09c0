"""What this app tells /readyz: do sweeps run, does what is due fire, and does the canary."""

from __future__ import annotations

from helpdesk.common import clock
from helpdesk.common.readiness import Finding, tells_readiness
from sla.canary import ABSENT_AFTER, canary
from sla.models import SweepPulse
from sla.punctuality import SILENT_AFTER, engine_state


@tells_readiness("sweep")
def _sweep() -> Finding:
    beat_at = SweepPulse.objects.values_list("beat_at", flat=True).first()
    if beat_at is None:
        return Finding("sweep", "never seen", ready=False)
    silence = clock.now() - beat_at
    if silence > SILENT_AFTER:
        return Finding("sweep", f"silent for {silence.total_seconds():.0f} s", ready=False)
    return Finding("sweep", f"{max(0.0, silence.total_seconds()):.0f} s ago")


@tells_readiness("firing")
def _firing() -> Finding:
    """Sweeps may run and fire nothing: every handler fails, or no claim succeeds."""
    now = clock.now()
    state = engine_state(now)
    if state.overdue_since is None:
        return Finding("firing", "nothing overdue")
    waits = max(0.0, (now - state.overdue_since).total_seconds())
    return Finding("firing", f"oldest overdue for {waits:.0f} s", ready=not state.stalled)


@tells_readiness("canary")
def _canary() -> Finding:
    """Reported only: a probe that takes the pages away for it would help nobody."""
    found = canary(clock.now())
    if found.absent:
        return Finding("canary", f"absent for more than {ABSENT_AFTER.seconds // 60} minutes")
    if found.late_seconds is None:
        return Finding("canary", "none fired yet")
    return Finding("canary", f"{found.late_seconds:.1f} s late")
