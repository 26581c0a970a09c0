"""How a key is written: `r`, `shift+r`, `ctrl+/`, `ctrl+enter`, or two letters in turn, `g a`."""

from __future__ import annotations

import re

from helpdesk.common.errors import InvalidInput
from helpdesk.common.wording import gettext as _

LONGEST = 20
_LETTER = "[a-z]"
_SIGN = r"[0-9!-/:-@\[-`{-~]"
_STEP = re.compile(rf"(?:shift\+)?{_LETTER}|{_SIGN}|ctrl\+(?:{_LETTER}|{_SIGN}|enter)")
_IN_TURN = re.compile(rf"{_LETTER} {_LETTER}")
_SHOWN = {"ctrl": "Ctrl", "shift": "Shift", "enter": "Enter"}


def read_key(text: str) -> str:
    """The key as it is kept; empty for none. Raises InvalidInput `unknown_key`."""
    key = " ".join(text[: LONGEST + 1].lower().split())
    if key and not (_STEP.fullmatch(key) or _IN_TURN.fullmatch(key)):
        message = _(
            "This is no key that a command can have. Possible are a letter or sign, Shift with a "
            "letter, Ctrl with a letter, sign or Enter, or two letters in turn."
        )
        raise InvalidInput(message, code="unknown_key", fields={"key": message})
    return key


def is_single(key: str) -> bool:
    """Whether it is made of characters alone, without Ctrl (WCAG 2.1.4): works outside of fields."""
    return bool(key) and not key.startswith("ctrl+")


def caps(key: str) -> list[str]:
    """What is printed on the keys: `ctrl+enter` is `Ctrl`, `Enter`."""
    parts: list[str] = []
    for step in key.split():
        held, _plus, last = step.rpartition("+") if len(step) > 1 else ("", "", step)
        names = [*held.split("+"), last] if held else [last]
        parts += [_SHOWN.get(name, name.upper()) for name in names]
    return parts


def for_readers(key: str) -> str:
    """As `aria-keyshortcuts` has it; empty for two letters in turn, which it cannot say."""
    if not key or " " in key:
        return ""
    held, _plus, last = key.rpartition("+") if len(key) > 1 else ("", "", key)
    last = last.upper() if len(last) == 1 else last.capitalize()
    return "+".join([*(_aria(name) for name in held.split("+") if name), last])


def _aria(name: str) -> str:
    return {"ctrl": "Control", "shift": "Shift"}[name]


def clash(one: str, other: str) -> bool:
    """Whether both cannot be told apart: the same, or one begins the other (`g`, `g a`)."""
    return one == other or other.startswith(f"{one} ") or one.startswith(f"{other} ")
