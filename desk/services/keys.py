"""Changing, clearing and resetting one's own keys."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from desk.keys.combos import read_key
from desk.keys.own import KEYS, SINGLE_KEYS, Keyboard, preferences_of
from desk.keys.registry import COMMANDS, Command, rivals
from desk.keys.reserved import taken_by_others
from helpdesk.common.errors import Conflict, InvalidInput, NotAllowed
from helpdesk.common.wording import LANGUAGES, Both, said_in
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from people.models import User


@transaction.atomic
def change_key(*, actor: Actor, command_id: str, key: str, anyway: bool = False) -> Keyboard:
    """Give a command another key, or none (`key` empty).

    Raises InvalidInput `unknown_command`, `unknown_key`, `fixed_key`, `key_not_ours`, and Conflict
    `key_taken` or `key_of_browser`; with `anyway` the former holder loses it, and so does the
    browser where that can be.
    """
    user = _locked(actor)
    command = _changeable(command_id)
    key = read_key(key)
    keyboard = Keyboard(user)
    keys = keyboard.keys
    changed = dict(keyboard.changed)
    if key:
        _require_ours(key, anyway=anyway)
        holders = rivals(command, key, keys)
        if holders and (not anyway or any(each.fixed for each in holders)):
            raise _taken(key, holders)
        changed |= {each.id: "" for each in holders}
    changed[command.id] = key
    return _keep(user, changed)


@transaction.atomic
def reset_key(*, actor: Actor, command_id: str) -> Keyboard:
    """Back to the usual key; Conflict `key_taken` where another command has it by now."""
    user = _locked(actor)
    command = _changeable(command_id)
    keyboard = Keyboard(user)
    if holders := rivals(command, command.key, keyboard.keys):
        raise _taken(command.key, holders)
    return _keep(user, {k: v for k, v in keyboard.changed.items() if k != command.id})


@transaction.atomic
def set_keys(
    *, actor: Actor, keys: Mapping[str, str], single_keys: bool, anyway: bool = False
) -> Keyboard:
    """All at once: what is not named gets its usual key. Refused as a whole where one is wrong."""
    user = _locked(actor)
    changed = {_changeable(name).id: read_key(key) for name, key in keys.items()}
    whole = {each.id: changed.get(each.id, each.key) for each in COMMANDS.values()}
    for name, key in changed.items():
        if not key:
            continue
        _require_ours(key, anyway=anyway)
        if holders := rivals(COMMANDS[name], key, whole):
            raise _taken(key, holders)
    _switch(user, on=single_keys)
    return _keep(user, changed)


@transaction.atomic
def reset_keys(*, actor: Actor) -> Keyboard:
    """Every command has its usual key again."""
    return _keep(_locked(actor), {})


@transaction.atomic
def switch_single_keys(*, actor: Actor, on: bool) -> Keyboard:
    """Whether single characters press anything at all (WCAG 2.1.4)."""
    user = _locked(actor)
    _switch(user, on=on)
    return _keep(user, Keyboard(user).changed)


def _locked(actor: Actor) -> User:
    user = actor.user
    if user is None or not (user.works_at_desk or user.may("see_all_tickets")):
        raise NotAllowed(_("Your role does not permit this."))
    return User.objects.select_for_update(of=("self",)).get(pk=user.pk)


def _switch(user: User, *, on: bool) -> None:
    user.preferences = {**preferences_of(user), SINGLE_KEYS: on}


def _keep(user: User, changed: Mapping[str, str]) -> Keyboard:
    """Only what differs from the usual, so that a better usual key reaches whoever left it."""
    differing = {
        name: key for name, key in changed.items() if name in COMMANDS and key != COMMANDS[name].key
    }
    user.preferences = {**preferences_of(user), KEYS: differing}
    user.save(update_fields=["preferences"])
    return Keyboard(user)


def _changeable(command_id: str) -> Command:
    command = COMMANDS.get(command_id)
    if command is None:
        raise InvalidInput(_("This command is not known."), code="unknown_command")
    if command.fixed:
        message = _("This key belongs to the control itself and cannot be changed.")
        raise InvalidInput(message, code="fixed_key", fields={"key": message})
    return command


def _require_ours(key: str, *, anyway: bool) -> None:
    other = taken_by_others(key)
    if other is None:
        return
    if other.never:
        message = _("Browser or system need this key: %(does)s. Choose another.")
        message %= {"does": _(other.does)}
        raise InvalidInput(message, code="key_not_ours", fields={"key": message})
    if not anyway:
        message = _("The browser has this key: %(does)s. Take it only if that is no loss.")
        message %= {"does": _(other.does)}
        raise Conflict(message, code="key_of_browser", fields={"key": message})


def _taken(key: str, holders: list[Command]) -> Conflict:
    names = Both(
        {
            language: ", ".join(said_in(each.label, language) for each in holders)
            for language in LANGUAGES
        }
    )
    message = _("This key is taken in the same place: %(names)s.") % {"names": names}
    return Conflict(message, code="key_taken", fields={"key": message})
