"""The keys as one person has them: the usual ones, with what that person changed."""

from __future__ import annotations

import json
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from desk.keys.combos import caps, is_single
from desk.keys.registry import COMMANDS, PAGES, Command, Place
from people.models import User

PERMISSIONS = {command.permission for command in COMMANDS.values() if command.permission}
KEYS, SINGLE_KEYS = "keys", "single_keys"
GROUP_LABELS: dict[str, Any] = {
    Place.TICKET: _("The open ticket"),
    Place.DOCUMENT: _("The escalation's document"),
    Place.LIST: _("The list"),
    Place.TEXT: _("In a text or form"),
    Place.EVERYWHERE: _("Everywhere"),
    PAGES: _("Go to a page"),
}


@dataclass(frozen=True)
class Line:
    """A command with the key that the person has for it."""

    command: Command
    key: str

    @property
    def label(self) -> Any:
        return self.command.label

    @property
    def is_ctrl(self) -> bool:
        return not is_single(self.key) or self.command.fixed

    @property
    def is_changed(self) -> bool:
        return self.key != self.command.key


@dataclass(frozen=True)
class Group:
    name: str
    label: Any
    commands: list[Line]


def preferences_of(user: Any) -> dict[str, Any]:
    kept = user.preferences if isinstance(user, User) else {}
    return kept if isinstance(kept, dict) else {}


class Keyboard:
    """Read with tolerance: what an earlier version kept must never break a page."""

    def __init__(self, user: Any) -> None:
        kept = preferences_of(user)
        changed = kept.get(KEYS)
        self.changed: dict[str, str] = changed if isinstance(changed, dict) else {}
        # WCAG 2.1.4: whoever dictates or trips over keys switches all single characters off.
        self.single_keys = kept.get(SINGLE_KEYS) is not False
        self._user = user

    @property
    def sort(self) -> Hashable:
        """The same for whoever is shown the same commands with the same keys."""
        may = frozenset(filter(self._user.may, PERMISSIONS)) if isinstance(self._user, User) else ""
        return may, self.single_keys, tuple(sorted(self.changed.items()))

    def key_of(self, command_id: str) -> str:
        """The key that the person has for it, heard or not; empty for none."""
        command = COMMANDS[command_id]
        return command.key if command.fixed else self.changed.get(command_id, command.key)

    def heard(self, command_id: str) -> str:
        """The key that works now."""
        key = self.key_of(command_id)
        switched_off = not self.single_keys and not COMMANDS[command_id].fixed and is_single(key)
        return "" if switched_off else key

    @property
    def keys(self) -> dict[str, str]:
        return {command_id: self.key_of(command_id) for command_id in COMMANDS}

    @property
    def commands(self) -> list[Command]:
        """Those that this person's role has a use for."""
        return [
            command
            for command in COMMANDS.values()
            if not command.permission or self._user.may(command.permission)
        ]

    @property
    def scripted_json(self) -> str:
        """What no control on the page stands for, as the script reads it."""
        return json.dumps({each.id: self.heard(each.id) for each in self.commands if each.scripted})

    @property
    def palette_said(self) -> str:
        """The palette's key in words, for its button."""
        return " ".join(caps(self.heard("palette")))

    @property
    def groups(self) -> list[Group]:
        """The commands by where they are heard, in the order of the registry."""
        found: dict[str, Group] = {}
        for command in self.commands:
            name = command.group
            group = found.setdefault(name, Group(name, GROUP_LABELS[name], []))
            group.commands.append(Line(command, self.key_of(command.id)))
        return list(found.values())
