"""A draft of the rules tried on the last 30 days: what would change, against whom, and after a kill."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from helpdesk.common import clock
from helpdesk.common.errors import InvalidInput, WrongState
from people.actors import Actor, of_user
from people.models import User
from tests.cast import FileTicket
from tests.support.triage_rules import A_FROG, frogs, more_words
from tickets.models import Ticket, TriageTrial
from tickets.services import reclassify_ticket, trials
from tickets.services.rulebook import edit_rules_draft, publish_rules_draft
from tickets.services.trials import cancel_trial, start_trial, work_on_trials

pytestmark = pytest.mark.django_db


@pytest.fixture
def sari(supervisor: User) -> Actor:
    return of_user(supervisor)


@pytest.fixture
def draft(sari: Actor) -> None:
    edit_rules_draft(actor=sari, change=frogs)


def outcome(pk: int) -> dict[str, Any]:
    trial = TriageTrial.objects.get(pk=pk)
    assert trial.state == "done"
    found: dict[str, Any] = trial.result["outcome"]
    return found


def test_it_names_what_changes_from_what_to_what_and_why(
    sari: Actor, draft: None, file_ticket: FileTicket
) -> None:
    frog, other = (
        file_ticket(description=A_FROG, subject=""),
        file_ticket(description="Terima kasih"),
    )
    old = file_ticket(description=A_FROG, subject="")
    Ticket.objects.filter(pk=old.pk).update(received_at=clock.now() - timedelta(days=31))
    reclassify_ticket(
        actor=sari,
        ticket_id=frog.pk,
        category="account_takeover",
        priority="HIGH",
        queue="fraud",
        reason="Dibobol",
    )
    trial = start_trial(actor=sari)
    work_on_trials()
    found = outcome(trial.pk)
    assert (found["tickets"], found["changed"]) == (2, 1)
    assert found["moves"]["category"] == {f"{frog.category}>account_takeover": 1}
    example = found["examples"][0]
    assert example["ticket"] == frog.pk != other.pk
    assert example["why"]["category"][1] == {"rule": "frog", "id": "Kodok", "en": "Frog"}
    assert example["before"]["category"] == frog.category != example["after"]["category"]
    assert (found["corrected"], found["right"]) == (1, {"now": 0, "draft": 1})
    frog.refresh_from_db()
    assert frog.classifications.count() == 2


def test_a_worker_that_died_is_gone_on_from(
    sari: Actor, draft: None, file_ticket: FileTicket, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _n in range(5):
        file_ticket(description=A_FROG, subject="")
    monkeypatch.setattr(trials, "BATCH", 2)
    monkeypatch.setattr(trials, "BEAT_SECONDS", 0)
    trial = start_trial(actor=sari)
    # What was found is laid aside with its place; whoever comes next goes on there.
    seen = []
    real = trials.triage

    def counted(*args: Any) -> Any:
        seen.append(1)
        if len(seen) == 7:
            raise RuntimeError("killed")
        return real(*args)

    monkeypatch.setattr(trials, "triage", counted)
    work_on_trials()
    row = TriageTrial.objects.get(pk=trial.pk)
    assert (row.state, row.done) == ("running", 2)
    work_on_trials()
    assert outcome(trial.pk)["changed"] == 5
    # Two tickets, half of a third, then the three that were left: each by two sets of rules.
    assert len(seen) == 7 + 6


def test_a_trial_can_be_stopped_and_a_new_one_calls_off_the_old(sari: Actor, draft: None) -> None:
    first = start_trial(actor=sari)
    second = start_trial(actor=sari)
    cancel_trial(actor=sari, pk=second.pk)
    assert work_on_trials() == 0
    states = TriageTrial.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["cancelled", "cancelled"]
    assert first.pk < second.pk


def test_without_a_sound_draft_there_is_nothing_to_try(sari: Actor) -> None:
    with pytest.raises(WrongState):
        start_trial(actor=sari)
    edit_rules_draft(actor=sari, change=more_words("hack", ".. x"))
    with pytest.raises(InvalidInput):
        start_trial(actor=sari)


def test_it_compares_with_the_version_that_the_draft_was_begun_from(
    sari: Actor, manager: User, draft: None
) -> None:
    hendra = of_user(manager)
    edit_rules_draft(actor=hendra, change=more_words("hack", "zzcicakzz"))
    publish_rules_draft(actor=hendra, note="Kata")
    assert start_trial(actor=sari).base_version == 1
