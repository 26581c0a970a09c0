"""Front door of the records of agent operations."""

from agents_ops.models.playbook import PlaybookDraft, PlaybookSet
from agents_ops.models.run import PlaybookRun, StepRecord, StepValues

__all__ = ["PlaybookDraft", "PlaybookRun", "PlaybookSet", "StepRecord", "StepValues"]
