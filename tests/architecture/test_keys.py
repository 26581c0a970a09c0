"""Every action has a key, and no key does two things where both are heard."""

from __future__ import annotations

import re
from pathlib import Path

from desk.keys.combos import read_key
from desk.keys.registry import COMMANDS, INSTEAD_OF_EACH_OTHER, rivals
from desk.keys.reserved import ACCEPTED, RESERVED, taken_by_others
from desk.keys.synonyms import SYNONYMS
from desk.verbs import VERBS

ROOT = Path(__file__).resolve().parents[2]
USUAL = {command.id: command.key for command in COMMANDS.values()}


def test_every_command_has_a_key() -> None:
    lacking = [name for name, key in USUAL.items() if not key]
    assert lacking == [], "give the verb a key= that is free (docs/keyboard.md)"


def test_no_key_is_taken_twice_in_one_place() -> None:
    found = {
        f"{name} ({key}): {', '.join(each.id for each in same)}"
        for name, key in USUAL.items()
        if (same := rivals(COMMANDS[name], key, USUAL))
    }
    assert found == set(), "choose another key, or say that the two never stand together"


def test_no_key_is_the_browsers_or_a_readers() -> None:
    assert [name for name, key in USUAL.items() if taken_by_others(key)] == []
    assert set(RESERVED) >= ACCEPTED


def test_keys_are_written_as_they_are_kept() -> None:
    for command in COMMANDS.values():
        if not command.fixed:
            assert read_key(command.key) == command.key


def test_what_excludes_each_other_is_a_command() -> None:
    for group in INSTEAD_OF_EACH_OTHER:
        assert group <= set(COMMANDS)


def test_other_words_belong_to_a_command() -> None:
    assert set(SYNONYMS) <= set(COMMANDS)
    assert set(VERBS) <= set(SYNONYMS), "give the verb words in desk/keys/synonyms.py"


def test_templates_spell_out_no_key() -> None:
    """A key that stands in a template would be a second truth."""
    wrong = [
        f"{path.relative_to(ROOT)}: {found}"
        for path in sorted((ROOT / "templates" / "desk").rglob("*.html"))
        for found in re.findall(r"data-key=\"?\w|data-command=\"\w+\"|<kbd>\w", path.read_text())
    ]
    assert wrong == [], "use {% command %} and {% kbd %}"


def test_what_templates_name_is_a_command() -> None:
    named = {
        name
        for path in (ROOT / "templates").rglob("*.html")
        for name in re.findall(r"{% (?:command|kbd|keys) \"(\w+)\"", path.read_text())
    }
    assert named <= set(COMMANDS)


def test_the_documented_list_is_whole() -> None:
    told = (ROOT / "docs" / "keyboard.md").read_text(encoding="utf-8")
    shown = {
        re.sub(r"ctrl\+", "Ctrl ", key).replace("Ctrl " + key[-1], "Ctrl " + key[-1].upper())
        for key in RESERVED
    }
    assert [key for key in sorted(shown) if f"`{key}`" not in told] == []
