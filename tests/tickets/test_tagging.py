"""Tags: words that become one by their slug, at most twenty, renamed and merged without a rewrite."""

from __future__ import annotations

import pytest

from desk.sentences import Names, sentence
from helpdesk.common.errors import Conflict, InvalidInput, NotAllowed, WrongState
from people.models import User
from tests.support.stages import Stage, fresh
from tickets.models import Tag, TicketEvent
from tickets.search.finding import search_tickets
from tickets.services import (
    Order,
    index_marked,
    merge_tags,
    rename_tag,
    start_bulk_job,
    tag_ticket,
    tagging,
    work_on_bulk_jobs,
)
from tickets.story import Story
from tickets.tag_reads import ids_of_slugs, slug_of, tags_in_use, tags_of_ids

pytestmark = pytest.mark.django_db


def slugs(ticket: object) -> list[str]:
    return [tag.slug for tag in tags_of_ids(fresh(ticket).tags)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("Refund terlambat!", "refund-terlambat"),
        ("  REFUND__terlambat ", "refund-terlambat"),
        ("ＶＩＰ", "vip"),
        ("!!!", ""),
        ("😀", ""),
        ("a" * 99, "a" * 40),
    ],
)
def test_one_word_however_it_is_written(typed: str, slug: str) -> None:
    assert slug_of(typed) == slug


def test_words_are_made_by_use_and_said_on_the_timeline(stage: Stage) -> None:
    ticket, dimas = stage.handled(), stage.actor("dimas")
    for _again in range(2):
        tag_ticket(actor=dimas, ticket_id=ticket.pk, add=["Refund terlambat", "VIP"])
    tag_ticket(actor=dimas, ticket_id=ticket.pk, add=["refund TERLAMBAT"], remove=["vip"])
    assert slugs(ticket) == ["refund-terlambat"]
    events = list(TicketEvent.objects.filter(ticket=ticket, kind="tagged").order_by("id"))
    assert [sentence(event, Names(events)) for event in events] == [
        "Diberi label Refund terlambat, VIP",
        "Label dilepas: VIP",
    ]
    assert "tagged" not in {line.kind for line in Story(ticket).events}
    assert Tag.objects.count() == 2


def test_only_these(stage: Stage) -> None:
    ticket, dimas = stage.handled(), stage.actor("dimas")
    tag_ticket(actor=dimas, ticket_id=ticket.pk, only=["a1", "b1"])
    tag_ticket(actor=dimas, ticket_id=ticket.pk, only=["b1", "c1"])
    assert slugs(ticket) == ["b1", "c1"]
    tag_ticket(actor=dimas, ticket_id=ticket.pk, only=[])
    assert slugs(ticket) == []


def test_limits(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket, dimas = stage.handled(), stage.actor("dimas")
    many = [f"kata {n}" for n in range(tagging.MOST + 1)]
    with pytest.raises(InvalidInput) as refused:
        tag_ticket(actor=dimas, ticket_id=ticket.pk, add=many)
    assert refused.value.code == "too_many_tags"
    assert not Tag.objects.exists()
    for bad in ("!!", "\x00", "x" * 41, "\ud800"):
        with pytest.raises(InvalidInput):
            tag_ticket(actor=dimas, ticket_id=ticket.pk, add=[bad])
    monkeypatch.setattr(tagging, "MOST_KNOWN", 1)
    with pytest.raises(InvalidInput) as refused:
        tag_ticket(actor=dimas, ticket_id=ticket.pk, add=["a1", "b1"])
    assert refused.value.code == "vocabulary_full"


@pytest.mark.parametrize("name", ["admin", "sistem", "ratna"])
def test_others_may_not(stage: Stage, name: str) -> None:
    ticket = stage.handled()
    with pytest.raises(NotAllowed):
        tag_ticket(actor=stage.actor(name), ticket_id=ticket.pk, add=["x1"])


def test_another_teams_ticket_is_not_tagged(stage: Stage, other_officer: User) -> None:
    from people.actors import of_user

    with pytest.raises(NotAllowed):
        tag_ticket(actor=of_user(other_officer), ticket_id=stage.handled().pk, add=["x1"])


def test_a_closed_ticket_is_tagged_and_a_version_counts(stage: Stage) -> None:
    ticket, dimas = stage.closed(), stage.actor("dimas")
    tag_ticket(actor=dimas, ticket_id=ticket.pk, add=["x1"], expected_version=ticket.version)
    with pytest.raises(Conflict):
        tag_ticket(actor=dimas, ticket_id=ticket.pk, add=["y1"], expected_version=ticket.version)


def test_a_merged_tag_stands_for_the_other_everywhere(stage: Stage) -> None:
    first, second, sari = stage.handled(), stage.handled(), stage.actor("sari")
    tag_ticket(actor=sari, ticket_id=first.pk, add=["Refund"])
    tag_ticket(actor=sari, ticket_id=second.pk, add=["Pengembalian", "Refund"])
    for _again in range(2):
        merge_tags(actor=sari, slug="refund", into="pengembalian")
    assert slugs(first) == slugs(second) == ["pengembalian"]
    assert [tag.slug for tag in tags_in_use(sari)] == ["pengembalian"]
    assert set(ids_of_slugs(["refund"])) == set(ids_of_slugs(["pengembalian"]))
    tag_ticket(actor=sari, ticket_id=first.pk, add=["refund"])
    assert not fresh(first).events.filter(kind="tagged").count() > 1
    tag_ticket(actor=sari, ticket_id=second.pk, remove=["refund"])
    assert slugs(second) == []
    with pytest.raises(InvalidInput):
        merge_tags(actor=sari, slug="pengembalian", into="refund")


def test_chains_of_merges_stay_flat(stage: Stage) -> None:
    ticket, sari = stage.handled(), stage.actor("sari")
    tag_ticket(actor=sari, ticket_id=ticket.pk, add=["a1", "b1", "c1"])
    merge_tags(actor=sari, slug="a1", into="b1")
    merge_tags(actor=sari, slug="b1", into="c1")
    assert slugs(ticket) == ["c1"]
    assert set(Tag.objects.exclude(slug="c1").values_list("merged_into__slug", flat=True)) == {"c1"}


def test_what_was_merged_away_is_not_renamed(stage: Stage) -> None:
    """Else its old word would stand for it, and no longer for what it was merged into."""
    ticket, sari = stage.handled(), stage.actor("sari")
    tag_ticket(actor=sari, ticket_id=ticket.pk, add=["a1", "b1"])
    merge_tags(actor=sari, slug="a1", into="b1")
    with pytest.raises(InvalidInput) as refusal:
        rename_tag(actor=sari, slug="a1", label="c1")
    assert refusal.value.code == "unknown_tag"
    assert set(ids_of_slugs(["a1"])) == set(ids_of_slugs(["b1"]))
    assert not Tag.objects.filter(merged_into__merged_into__isnull=False).exists()


def test_a_renamed_tag_is_found_by_both_names(stage: Stage) -> None:
    ticket, sari = stage.handled(), stage.actor("sari")
    tag_ticket(actor=sari, ticket_id=ticket.pk, add=["Refnud"])
    rename_tag(actor=sari, slug="refnud", label="Refund")
    assert slugs(ticket) == ["refund"]
    assert ids_of_slugs(["refnud"])
    assert set(ids_of_slugs(["refnud"])) == set(ids_of_slugs(["refund"]))
    rename_tag(actor=sari, slug="refund", label="Refnud")
    assert slugs(ticket) == ["refnud"]
    tag_ticket(actor=sari, ticket_id=ticket.pk, add=["Lain"])
    with pytest.raises(Conflict):
        rename_tag(actor=sari, slug="lain", label="refnud")
    with pytest.raises(InvalidInput):
        rename_tag(actor=sari, slug="tidak-ada", label="x1")
    for verb in (
        lambda a: rename_tag(actor=a, slug="lain", label="y1"),
        lambda a: merge_tags(actor=a, slug="lain", into="refnud"),
    ):
        with pytest.raises(NotAllowed):
            verb(stage.actor("dimas"))


def test_a_search_filters_by_them(stage: Stage) -> None:
    tagged, other, sari = stage.handled(), stage.handled(), stage.actor("sari")
    tag_ticket(actor=sari, ticket_id=tagged.pk, add=["Refund terlambat"])
    tag_ticket(actor=sari, ticket_id=other.pk, add=["Lain"])
    index_marked()
    for typed in ('label:"refund terlambat"', "tag:refund-terlambat"):
        assert search_tickets(sari, typed, internal=True).ids == (tagged.pk,)
    assert tagged.pk not in search_tickets(sari, "-tag:refund-terlambat", internal=True).ids
    merge_tags(actor=sari, slug="lain", into="refund-terlambat")
    assert set(search_tickets(sari, "tag:lain", internal=True).ids) == {tagged.pk, other.pk}
    for typed in ("tag:tidak-ada", "tag:!!"):
        with pytest.raises(InvalidInput):
            search_tickets(sari, typed, internal=True)
    with pytest.raises(InvalidInput):
        search_tickets(sari, "tag:lain", internal=False)


def test_many_are_tagged_at_once(stage: Stage) -> None:
    tickets, dimas = [stage.handled(), stage.closed()], stage.actor("dimas")
    numbers = [ticket.number for ticket in tickets]
    for verb, expected in (("tag", ["gangguan"]), ("untag", [])):
        order = Order(verb, parts={"tags": ["Gangguan"]})
        start_bulk_job(actor=dimas, order=order, numbers=numbers, confirmed=True)
        work_on_bulk_jobs()
        assert [slugs(ticket) for ticket in tickets] == [expected] * 2
    with pytest.raises(InvalidInput):
        start_bulk_job(actor=dimas, order=Order("tag"), numbers=numbers)


def test_a_merged_ticket_keeps_its_tags(stage: Stage) -> None:
    from tickets.services import merge_tickets

    stays, goes, dimas = stage.handled(), stage.handled(), stage.actor("dimas")
    merge_tickets(actor=dimas, ticket_id=stays.pk, numbers=[goes.number])
    with pytest.raises(WrongState):
        tag_ticket(actor=dimas, ticket_id=goes.pk, add=["x1"])
