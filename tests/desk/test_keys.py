"""One's own keys: what the page and the API change, what they refuse, and what is shown."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client

from desk.actions import actions_for, facts_of
from desk.keys.combos import caps, for_readers, read_key
from desk.keys.own import Keyboard
from desk.keys.registry import COMMANDS, INSTEAD_OF_EACH_OTHER
from desk.services import change_key, reset_key, set_keys, switch_single_keys
from helpdesk.common.errors import Conflict, InvalidInput, NotAllowed
from people.actors import of_user
from people.models import User
from tests.desk.test_actions import STATES

PAGE = "/tombol/"


def _again(user: User) -> User:
    return User.objects.get(pk=user.pk)


@pytest.mark.parametrize(
    ("text", "kept"),
    [(" R ", "r"), ("Shift+R", "shift+r"), ("ctrl+/", "ctrl+/"), ("G  A", "g a"), ("", "")],
)
def test_a_key_is_read(text: str, kept: str) -> None:
    assert read_key(text) == kept


@pytest.mark.parametrize(
    "text",
    ["alt+r", "ctrl+shift+r", "meta+k", "shift+1", "f5", "enter", "ab", "g a b", "é", "r" * 400],
)
def test_other_keys_are_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_key(text)
    assert refused.value.code == "unknown_key"


def test_keys_are_shown_and_read_aloud() -> None:
    assert caps("ctrl+enter") == ["Ctrl", "Enter"]
    assert caps("g a") == ["G", "A"]
    assert caps("+") == ["+"]
    assert (for_readers("shift+c"), for_readers("ctrl+/"), for_readers("g a")) == (
        "Shift+C",
        "Control+/",
        "",
    )


@pytest.mark.parametrize("state", STATES)
def test_verbs_with_one_key_never_stand_together(ticket_in: Any, people: Any, state: str) -> None:
    ticket = ticket_in(state)
    for name in ("dimas", "sari", "hendra", "farah", "maya", "leo"):
        actor = of_user(User.objects.get(pk=people[name].pk))
        offered = {
            each.verb for each in actions_for(actor, ticket, facts_of(ticket)) if each.allowed
        }
        for group in INSTEAD_OF_EACH_OTHER:
            assert len(offered & group) < 2, (name, offered & group)


@pytest.mark.parametrize("state", STATES)
def test_every_action_on_the_page_shows_its_key(
    sign_in: Any, ticket_in: Any, people: Any, state: str
) -> None:
    ticket = ticket_in(state)
    for name in ("dimas", "sari", "farah", "maya"):
        client = sign_in(User.objects.get(pk=people[name].pk))
        answer = client.get(f"/meja/{ticket.number}/")
        if answer.status_code == 404:
            continue
        html = answer.content.decode()
        openers = re.findall(r'<a [^>]*data-dialog="do-[^>]*>', html)
        pressed = re.findall(
            r"<button[^>]*>", "".join(re.findall(r'<div class="acts">.*?</div>', html, re.DOTALL))
        )
        assert [each for each in (*openers, *pressed) if "data-key=" not in each] == []
        shown = html.count("data-key=")
        assert shown >= len(openers) + len(pressed)


def test_a_key_is_changed_cleared_and_reset(desk: Client, officer: User, file_ticket: Any) -> None:
    ticket = file_ticket()
    assert desk.post(PAGE, {"do": "change", "command": "reply", "key": "9"}).status_code == 302
    assert Keyboard(_again(officer)).key_of("reply") == "9"
    html = desk.get(f"/meja/{ticket.number}/").content.decode()
    assert 'data-command="reply" data-key="9" aria-keyshortcuts="9"' in html
    desk.post(PAGE, {"do": "clear", "command": "reply"})
    assert Keyboard(_again(officer)).key_of("reply") == ""
    assert 'data-command="reply">' in desk.get(f"/meja/{ticket.number}/").content.decode()
    desk.post(PAGE, {"do": "reset", "command": "reply"})
    assert _again(officer).preferences["keys"] == {}


def test_a_taken_key_is_refused_by_name_and_taken_when_wanted(desk: Client, officer: User) -> None:
    answer = desk.post(PAGE, {"do": "change", "command": "reply", "key": "c"})
    assert answer.status_code == 409
    assert "Tutup tiket" in answer.content.decode()
    assert 'name="anyway"' in answer.content.decode()
    assert _again(officer).preferences == {}
    desk.post(PAGE, {"do": "change", "command": "reply", "key": "c", "anyway": "on"})
    keyboard = Keyboard(_again(officer))
    assert (keyboard.key_of("reply"), keyboard.key_of("close")) == ("c", "")
    with pytest.raises(Conflict):
        reset_key(actor=of_user(_again(officer)), command_id="close")


def test_the_beginning_of_a_pair_is_taken(officer: User) -> None:
    with pytest.raises(Conflict) as refused:
        change_key(actor=of_user(officer), command_id="reply", key="g")
    assert refused.value.code == "key_taken"


def test_keys_of_the_browser(officer: User) -> None:
    actor = of_user(officer)
    for anyway in (False, True):
        with pytest.raises(InvalidInput) as refused:
            change_key(actor=actor, command_id="palette", key="ctrl+t", anyway=anyway)
        assert refused.value.code == "key_not_ours"
    with pytest.raises(Conflict) as warned:
        change_key(actor=actor, command_id="palette", key="ctrl+k")
    assert warned.value.code == "key_of_browser"
    assert (
        change_key(actor=actor, command_id="palette", key="ctrl+k", anyway=True).heard("palette")
        == "ctrl+k"
    )


@pytest.mark.parametrize("named", ["", "open", "nothing", "<b>"])
def test_what_cannot_be_changed_is_said(desk: Client, named: str) -> None:
    answer = desk.post(PAGE, {"do": "change", "command": named, "key": "9"})
    assert answer.status_code == 400
    assert "notice-red" in answer.content.decode() or "err" in answer.content.decode()


def test_single_letters_are_switched_off_everywhere(
    desk: Client, officer: User, file_ticket: Any
) -> None:
    ticket = file_ticket()
    answer = desk.post(PAGE, {"do": "letters", "on": "0", "next": f"/meja/{ticket.number}/"})
    assert answer["Location"] == f"/meja/{ticket.number}/"
    html = desk.get(f"/meja/{ticket.number}/").content.decode()
    assert re.findall(r'data-key="(?!ctrl)[^"]*"', html) == []
    assert "ctrl+enter" in html
    assert (
        desk.post(PAGE, {"do": "letters", "on": "1", "next": "https://evil.example/"})["Location"]
        == PAGE
    )


def test_odd_preferences_break_no_page(desk: Client, officer: User) -> None:
    for odd in ({"keys": 5, "single_keys": "x"}, {"keys": {"gone": "q", "reply": "zz"}}, []):
        User.objects.filter(pk=officer.pk).update(preferences=odd)
        assert desk.get("/meja/").status_code == 200
        assert desk.get(PAGE).status_code == 200


def test_others_have_their_own(desk: Client, supervisor: User) -> None:
    desk.post(PAGE, {"do": "change", "command": "reply", "key": "9"})
    assert Keyboard(_again(supervisor)).key_of("reply") == "r"


def test_strangers_have_no_keys(customer_user: User, sign_in: Any) -> None:
    assert sign_in(customer_user).get(PAGE).status_code == 403
    with pytest.raises(NotAllowed):
        switch_single_keys(actor=of_user(customer_user), on=False)


def test_set_all_at_once(officer: User) -> None:
    actor = of_user(officer)
    set_keys(actor=actor, keys={"reply": "c", "close": "r"}, single_keys=False)
    keyboard = Keyboard(_again(officer))
    assert (keyboard.key_of("reply"), keyboard.key_of("close")) == ("c", "r")
    assert keyboard.heard("reply") == ""
    with pytest.raises(Conflict):
        set_keys(actor=actor, keys={"reply": "c"}, single_keys=True)
    assert Keyboard(_again(officer)).single_keys is False


def test_the_palette_fetches_views_and_tickets_in_hand(
    desk: Client, ticket_in: Any, django_assert_max_num_queries: Any
) -> None:
    mine = ticket_in("handled")
    with django_assert_max_num_queries(6):
        found = json.loads(desk.get("/meja/palet/").content)
    assert {"label", "icon", "url"} <= found["views"][0].keys()
    assert [each["number"] for each in found["tickets"]] == [mine.number]


def test_every_page_of_the_list_is_one_of_the_commands(desk: Client) -> None:
    html = desk.get("/meja/").content.decode()
    assert 'data-id="go_keys"' in html
    assert 'data-id="go_dashboard"' not in html
    assert {each.id for each in COMMANDS.values() if each.permission} & {"go_dashboard"}
