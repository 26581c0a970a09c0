"""Macros: who keeps which, what they say, and what sending one does."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings
from django.http import Http404
from django.test import Client

from helpdesk.common.errors import Conflict, InvalidInput, NotAllowed, Refusal, WrongState
from people.models import Team, User
from people.services.reference import read_fixture
from tests.support.stages import Stage, fresh
from tickets.macro_reads import macros_for
from tickets.macro_words import words_for
from tickets.models import Macro, MacroUse, Message, OutgoingMail
from tickets.services import (
    MacroDraft,
    archive_macro,
    change_macro,
    create_macro,
    send_macro,
)
from tickets.services.macros import load_macros

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def without_the_shipped_ones(request: pytest.FixtureRequest, db: None) -> None:
    if "shipped" not in request.node.name:
        Macro.objects.all().delete()


HELLO = MacroDraft(
    name="Sapa", kind="reply", body="Halo {customer_name}, tiket {ticket_number} kami periksa."
)


def made(stage: Stage, who: str = "sari", **changes: Any) -> Macro:
    changes.setdefault("scope", "all")
    return create_macro(actor=stage.actor(who), draft=replace(HELLO, **changes))


def test_everybody_keeps_their_own(stage: Stage) -> None:
    own = made(stage, "dimas", scope="own")
    assert list(macros_for(stage.actor("dimas"))) == [own]
    assert list(macros_for(stage.actor("ayu"))) == []
    assert list(macros_for(stage.actor("sari"))) == []  # a lead reads nobody's own


def test_a_teams_are_its_members_alone(stage: Stage) -> None:
    kept = made(stage, scope="cs_account")
    assert list(macros_for(stage.actor("dimas"))) == [kept]
    assert list(macros_for(stage.actor("farah"))) == []


@pytest.mark.parametrize("scope", ["all", "cs_account"])
def test_an_officer_keeps_none_for_others(stage: Stage, scope: str) -> None:
    with pytest.raises(NotAllowed):
        made(stage, "dimas", scope=scope)
    kept = made(stage, scope=scope)
    with pytest.raises(NotAllowed):
        change_macro(actor=stage.actor("dimas"), macro_id=kept.pk, draft=HELLO)
    with pytest.raises(NotAllowed):
        archive_macro(actor=stage.actor("dimas"), macro_id=kept.pk)


@pytest.mark.parametrize("who", ["ratna", "sistem", "admin"])
def test_nobody_else_keeps_any(stage: Stage, who: str) -> None:
    with pytest.raises(NotAllowed):
        made(stage, who, scope="own")
    assert not macros_for(stage.actor(who)).exists()


def test_anothers_own_is_as_if_there_were_none(stage: Stage) -> None:
    own = made(stage, "dimas", scope="own")
    ticket = stage.handled()
    for act in (
        lambda: change_macro(actor=stage.actor("sari"), macro_id=own.pk, draft=HELLO),
        lambda: archive_macro(actor=stage.actor("sari"), macro_id=own.pk),
        lambda: send_macro(
            actor=stage.actor("sari"), ticket_id=ticket.pk, macro_id=own.pk, body="x"
        ),
    ):
        with pytest.raises(Http404):
            act()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"body": ""}, "body"),
        ({"body": "Halo {nama}"}, "body"),
        ({"kind": "customer"}, "kind"),
        ({"scope": "nowhere"}, "scope"),
        ({"effects": {"priority": "SOON"}}, "priority"),
        ({"effects": {"category": ["x"]}}, "category"),
        ({"effects": {"state": "closed"}}, "state"),
        ({"effects": {"then": "confirm"}}, "solution"),
        (
            {"effects": {"then": "close", "root_cause": "a", "solution": "b"}},
            "confirmation",
        ),
        (
            {"effects": {"then": "confirm", "root_cause": "{x}", "solution": "b"}},
            "root_cause",
        ),
        ({"kind": "note", "effects": {"then": "wait"}}, "then"),
    ],
)
def test_what_is_wrong_is_named(stage: Stage, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        made(stage, **changes)
    assert field in refused.value.fields
    assert not Macro.objects.exists()


def test_a_name_is_used_once_in_its_place(stage: Stage) -> None:
    kept = made(stage)
    with pytest.raises(Conflict) as refused:
        made(stage)
    assert refused.value.code == "name_taken"
    made(stage, scope="cs_account")
    archive_macro(actor=stage.actor("sari"), macro_id=kept.pk)
    made(stage)


def test_two_who_change_one_do_not_overwrite_each_other(stage: Stage) -> None:
    kept = made(stage)
    sari = stage.actor("sari")
    change_macro(
        actor=sari, macro_id=kept.pk, draft=replace(HELLO, scope="all"), expected_version=1
    )
    with pytest.raises(Conflict):
        change_macro(actor=sari, macro_id=kept.pk, draft=HELLO, expected_version=1)


def test_its_words_are_the_tickets_in_the_customers_language(stage: Stage, officer: User) -> None:
    macro = made(stage, body_en="Hello {customer_name}, about {ticket_number}.")
    ticket = stage.handled()
    assert words_for(macro, ticket, officer).text == (
        f"Halo {ticket.customer.name}, tiket {ticket.number} kami periksa."
    )
    ticket.language = "en"
    assert words_for(macro, ticket, officer).text.startswith("Hello ")


@pytest.mark.parametrize("contact", ["rahasia@mail.id", "+6281234567789"])
def test_a_contact_that_stands_for_a_name_is_not_let_out(
    stage: Stage, officer: User, contact: str
) -> None:
    macro = made(stage, body="Halo {customer_name},", body_en="Hello {customer_name},")
    ticket = stage.handled()
    ticket.customer.name = contact
    assert words_for(macro, ticket, officer).text == "Halo Pelanggan,"
    ticket.language = "en"
    assert words_for(macro, ticket, officer).text == "Hello Customer,"


def test_its_link_opens_nothing_by_itself(stage: Stage, officer: User, client: Client) -> None:
    """The desk reads it too, and acts in its own name."""
    ticket = stage.handled()
    link = words_for(made(stage, body="{tracking_link}"), ticket, officer).text
    page = client.get(link.removeprefix(settings.BASE_URL.rstrip("/")))
    assert page.status_code == 200
    assert page.context["form"]["number"].value() == ticket.number
    assert ticket.subject not in page.content.decode()
    opened = client.post(
        "/lacak/", {"number": ticket.number, "contact": ticket.customer.email}, follow=True
    )
    assert ticket.subject in opened.content.decode()


def test_a_value_is_never_read_as_a_template(stage: Stage, officer: User) -> None:
    ticket = stage.handled(subject="{officer_name} {customer_name}")
    macro = made(stage, body="Tentang {subject}")
    assert words_for(macro, ticket, officer).text == "Tentang {officer_name} {customer_name}"


def test_what_the_ticket_does_not_tell_must_be_filled_in_first(stage: Stage, officer: User) -> None:
    macro = made(stage, body="Pesanan {order_number}")
    ticket = stage.handled(order_number="")
    words = words_for(macro, ticket, officer)
    assert (words.text, words.missing) == ("Pesanan {order_number}", ["order_number"])
    with pytest.raises(InvalidInput) as refused:
        send(stage, ticket, macro, body=words.text)
    assert refused.value.code == "placeholder_left"


def send(stage: Stage, ticket: Any, macro: Macro, **changes: Any) -> Message:
    options = {"body": "Kami periksa.", **changes}
    return send_macro(actor=stage.actor("dimas"), ticket_id=ticket.pk, macro_id=macro.pk, **options)


def test_sending_says_the_words_and_counts_once(stage: Stage) -> None:
    macro, ticket = made(stage), stage.handled()
    first = send(stage, ticket, macro, submission_key="k1")
    again = send(stage, ticket, macro, submission_key="k1")
    assert first == again
    assert MacroUse.objects.count() == 1
    assert macros_for(stage.actor("dimas")).get().used == 1


def test_sending_does_what_the_macro_does(stage: Stage) -> None:
    effects = {
        "take": True,
        "priority": "HIGH",
        "then": "confirm",
        "root_cause": "Kata sandi bocor.",
        "solution": "Akun {ticket_number} dipulihkan.",
    }
    macro = made(stage, effects=effects)
    ticket = stage.classified()
    send(stage, ticket, macro)
    after = fresh(ticket)
    assert (after.state, after.priority) == ("handled", "HIGH")
    assert after.assignee == stage.actor("dimas").user
    assert after.confirmation_asked_at is not None
    form = after.closing_forms.get()
    assert form.solution == f"Akun {ticket.number} dipulihkan."
    note = after.events.get(kind="reclassified").note.text
    assert macro.name in note


def test_one_step_that_fails_undoes_all(stage: Stage) -> None:
    """An escalated ticket cannot be closed by the squad: then the customer is told nothing either."""
    macro = made(
        stage,
        effects={
            "then": "close",
            "root_cause": "a",
            "solution": "b",
            "confirmation": "confirmed",
        },
    )
    ticket = stage.escalated()
    before = fresh(ticket).version, OutgoingMail.objects.count()
    with pytest.raises(WrongState):
        send(stage, ticket, macro)
    assert (fresh(ticket).version, OutgoingMail.objects.count()) == before
    assert not MacroUse.objects.exists()
    assert not ticket.messages.filter(kind="reply").exists()


def test_a_note_stays_internal(stage: Stage) -> None:
    macro, ticket = made(stage, kind="note"), stage.handled()
    message = send(stage, ticket, macro)
    assert message.kind == Message.Kind.NOTE


def test_a_note_never_becomes_a_reply(stage: Stage) -> None:
    macro, ticket = made(stage), stage.handled()
    with pytest.raises(InvalidInput) as refused:
        send(stage, ticket, macro, kind="note")
    assert refused.value.code == "macro_kind"
    assert not ticket.messages.filter(kind="reply").exists()


def test_an_archived_one_is_offered_no_more(stage: Stage) -> None:
    macro, ticket = made(stage), stage.handled()
    archive_macro(actor=stage.actor("sari"), macro_id=macro.pk)
    assert not macros_for(stage.actor("dimas")).exists()
    with pytest.raises(Http404):
        send(stage, ticket, macro)
    with pytest.raises((Http404, Refusal)):
        archive_macro(actor=stage.actor("sari"), macro_id=macro.pk)


def test_a_conflict_is_told_before_anything_is_sent(stage: Stage) -> None:
    macro, ticket = made(stage), stage.handled()
    with pytest.raises(Conflict):
        send(stage, ticket, macro, expected_version=ticket.version - 1)
    assert not MacroUse.objects.exists()


def test_the_team_is_of_the_database(stage: Stage) -> None:
    """A macro of a team and of a person at once is refused by the database too."""
    from django.db import IntegrityError, transaction

    macro = made(stage)
    with pytest.raises(IntegrityError), transaction.atomic():
        Macro.objects.filter(pk=macro.pk).update(
            team=Team.objects.get(code="fraud"), owner=stage.actor("dimas").user
        )


def test_the_shipped_ones_are_sound_and_never_come_back(stage: Stage) -> None:
    rows = read_fixture("macros.json")
    assert load_macros(rows) == 0  # they came with the reference data
    sari = stage.actor("sari")
    for macro in macros_for(sari):
        draft = MacroDraft(
            **{
                name: getattr(macro, name)
                for name in ("name", "kind", "body", "body_en", "effects")
            },
            scope="all",
        )
        change_macro(actor=sari, macro_id=macro.pk, draft=draft)
    archive_macro(actor=sari, macro_id=macros_for(sari)[0].pk)
    assert load_macros(rows) == 0
