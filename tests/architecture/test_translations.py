from __future__ import annotations

import re

import polib

from tests.support.messages import CATALOGUE, lacking, unused


def test_every_sentence_has_its_indonesian() -> None:
    assert lacking() == []


def test_the_catalogue_holds_nothing_unused() -> None:
    assert unused() == []


def test_placeholders_are_those_of_the_english_sentence() -> None:
    names = re.compile(r"%\((\w+)\)|%s")
    wrong = [
        entry.msgid
        for entry in polib.pofile(str(CATALOGUE))
        if sorted(names.findall(entry.msgid_plural or entry.msgid))
        != sorted(names.findall(entry.msgstr or next(iter(entry.msgstr_plural.values()), "")))
    ]
    assert wrong == []
