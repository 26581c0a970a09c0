"""What a draft is compared with: the policy in force, replayed over the same past."""

from __future__ import annotations

from typing import Any

import pytest

from helpdesk.common import clock
from people.actors import of_user
from people.models import User
from sla.models import SlaPolicy
from sla.services.policy_work import work_on_policies
from sla.services.publishing import edit_draft, publish_draft
from sla.services.replaying import start_what_if
from tests.sla.test_what_if import lived, stricter
from tests.support.stages import Stage

pytestmark = pytest.mark.django_db


def test_a_draft_is_not_blamed_for_what_earlier_versions_did(
    stage: Stage, supervisor: User
) -> None:
    """The past was lived under version 1; version 2 is in force; the draft changes one promise."""
    lived(stage, clock.now())
    sari = of_user(supervisor)
    edit_draft(actor=sari, change=stricter)
    publish_draft(actor=sari, note="Lebih cepat")

    def other(body: dict[str, Any]) -> None:
        row = next(row for row in body["targets"] if row["code"] == "resolve-urgent")
        row["within"] = {"hours": 400}

    edit_draft(actor=sari, change=other)
    what_if = start_what_if(actor=sari)
    assert what_if.base_version == 2
    work_on_policies()
    what_if.refresh_from_db()
    metrics = what_if.result["metrics"]
    assert metrics["first_response"]["base"] == metrics["first_response"]["draft"]
    assert metrics["first_response"]["base"]["missed"] > metrics["first_response"]["was"]["missed"]
    assert metrics["resolution"]["base"]["missed"] > metrics["resolution"]["draft"]["missed"]
    assert what_if.result["newly"]["missed"] == 0


def test_a_draft_from_an_older_version_is_compared_with_the_one_in_force(
    stage: Stage, supervisor: User
) -> None:
    stage.classified()
    sari = of_user(supervisor)
    draft = edit_draft(actor=sari, change=stricter)
    SlaPolicy.publish(draft.body)
    what_if = start_what_if(actor=sari)
    assert what_if.base_version == 2
    work_on_policies()
    what_if.refresh_from_db()
    assert what_if.result["total"]["base"] == what_if.result["total"]["draft"]
