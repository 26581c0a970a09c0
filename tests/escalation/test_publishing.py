"""New versions of the matrix: who, why, against which one; and what a change would have done."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from escalation.matrix import matrix
from escalation.models import EscalationMatrix
from escalation.preview import preview
from escalation.services.publishing import publish_matrix, with_row, with_trigger
from helpdesk.common import clock
from helpdesk.common.errors import Conflict, InvalidInput, NotAllowed
from helpdesk.common.versioned import digest_of
from tests.support.stages import Stage
from tickets.services import reclassify_ticket

pytestmark = pytest.mark.django_db

TRIGGER = {
    "code": "mine", "name_id": "Punya saya", "name_en": "Mine", "team": "mediation", "level": 3,
    "when": {"category": ["tracking"], "amount_more_than": 1_000_000},
}  # fmt: skip


def publish(stage: Stage, body: dict[str, Any], name: str = "sari", **options: Any) -> Any:
    given = {"note": "Coba.", "base_version": 1, "seen": digest_of(body), **options}
    return publish_matrix(actor=stage.actor(name), body=body, **given)


class TestPublishing:
    @pytest.mark.parametrize("name", ["sari", "hendra", "admin"])
    def test_a_version_with_its_author_and_note(self, stage: Stage, name: str) -> None:
        made = publish(stage, with_trigger(matrix(), "", TRIGGER), name)
        assert (made.version, made.published_by, made.note) == (2, stage.actor(name).user, "Coba.")
        assert matrix()["triggers"][-1]["code"] == "mine"

    @pytest.mark.parametrize("name", ["dimas", "farah", "ratna", "sistem"])
    def test_others_publish_nothing(self, stage: Stage, name: str) -> None:
        with pytest.raises(NotAllowed):
            publish(stage, with_trigger(matrix(), "", TRIGGER), name)

    def test_a_note_a_sound_body_and_a_change_are_needed(self, stage: Stage) -> None:
        body = with_trigger(matrix(), "", TRIGGER)
        with pytest.raises(InvalidInput) as refused:
            publish(stage, body, note=" ")
        assert list(refused.value.fields) == ["note"]
        with pytest.raises(InvalidInput) as refused:
            publish(stage, body, seen=digest_of(matrix()))
        assert refused.value.code == "not_looked_at"
        with pytest.raises(InvalidInput) as refused:
            publish(stage, with_trigger(matrix(), "", {**TRIGGER, "team": "moon"}))
        assert "triggers.mine.team" in refused.value.fields
        with pytest.raises(InvalidInput) as refused:
            publish(stage, matrix())
        assert refused.value.code == "no_change"
        assert EscalationMatrix.objects.count() == 1

    def test_somebody_elses_version_in_between_is_a_conflict(self, stage: Stage) -> None:
        publish(stage, with_trigger(matrix(), "", TRIGGER))
        with pytest.raises(Conflict):
            publish(stage, with_trigger(matrix(), "mine", None), "hendra")
        assert EscalationMatrix.objects.count() == 2

    def test_an_older_body_comes_back_as_a_new_version(self, stage: Stage) -> None:
        first = matrix()
        publish(stage, with_trigger(first, "", TRIGGER))
        assert publish(stage, first, base_version=2).version == 3
        assert matrix() == first

    def test_parts_are_replaced_where_they_stand(self) -> None:
        body = matrix()
        named = with_trigger(body, "dispute_age", {**TRIGGER, "code": "dispute_age"})
        assert [row["code"] for row in named["triggers"]] == [
            row["code"] for row in body["triggers"]
        ]
        assert with_row(body, "tracking", {"team": "fraud"})["rows"]["tracking"] == {
            "team": "fraud"
        }
        assert body["rows"]["tracking"] != {"team": "fraud"}


class TestPreview:
    def test_it_says_which_tickets_would_be_triggered_and_which_no_longer(
        self, stage: Stage
    ) -> None:
        parcels = [
            stage.classified(
                subject="paket", description="Paket saya belum sampai.", amount_idr=amount
            )
            for amount in (999_999, 1_000_000, 1_000_001)
        ]
        for parcel in parcels:
            if parcel.category != "tracking":
                reclassify_ticket(
                    actor=stage.actor("sari"), ticket_id=parcel.pk, category="tracking",
                    priority="LOW", queue="general", reason="Resi.",
                )  # fmt: skip
        before = matrix()
        after = with_trigger(before, "", TRIGGER)
        found = preview(before, after, clock.now())
        (effect,) = found.effects
        assert (found.looked_at, found.complete) == (3, True)
        assert (effect.code, effect.before, effect.after) == ("mine", 0, 1)
        assert (effect.newly, effect.gained) == (1, [parcels[2].number])
        back = preview(after, before, clock.now()).effects[0]
        assert (back.no_longer, back.lost) == (1, [parcels[2].number])

    def test_it_is_one_bounded_query(self, stage: Stage, django_assert_num_queries: Any) -> None:
        stage.classified()
        after = with_trigger(matrix(), "", TRIGGER)
        now = clock.now()
        with django_assert_num_queries(1):
            preview(matrix(), after, now)
        old = preview(matrix(), after, now + timedelta(days=31))
        assert old.looked_at == 0

    def test_signals_are_said_to_be_uncounted(self) -> None:
        found = preview(matrix(), with_trigger(matrix(), "failed_logins", None), clock.now())
        assert (found.effects, found.counts_signals) == ([], False)

    def test_an_age_counts_up_to_the_closing(self, stage: Stage) -> None:
        ticket = stage.classified(days_open=2)
        row = {**TRIGGER, "when": {"category": [ticket.category], "age_more_than_days": 3}}
        after = with_trigger(matrix(), "", row)
        assert preview(matrix(), after, clock.now()).effects[0].after == 0
        later = clock.now() + timedelta(days=2)
        assert preview(matrix(), after, later).effects[0].after == 1
