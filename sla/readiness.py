"""What this app tells /readyz: do sweeps run, and does what is armed fire."""

from __future__ import annotations

from helpdesk.common import clock
from helpdesk.common.readiness import Finding, tells_readiness
from sla.canary import ABSENT_AFTER, canary
from sla.models import SweepPulse
from sla.selectors import SILENT_AFTER


@tells_readiness("sweep")
def _sweep() -> Finding:
    beat_at = SweepPulse.objects.values_list("beat_at", flat=True).first()
    if beat_at is None:
        return Finding("sweep", "never seen", ready=False)
    silence = clock.now() - beat_at
    if silence > SILENT_AFTER:
        return Finding("sweep", f"silent for {silence.total_seconds():.0f} s", ready=False)
    return Finding("sweep", f"{max(0.0, silence.total_seconds()):.0f} s ago")


@tells_readiness("canary")
def _canary() -> Finding:
    """Reported only: a probe that takes the pages away for it would help nobody."""
    found = canary(clock.now())
    if found.absent:
        return Finding("canary", f"absent for more than {ABSENT_AFTER.seconds // 60} minutes")
    if found.late_seconds is None:
        return Finding("canary", "none fired yet")
    return Finding("canary", f"{found.late_seconds:.1f} s late")
