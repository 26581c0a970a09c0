"""Collects every sentence marked for translation, without gettext's own tools.

`python -m tests.support.messages` lists those that locale/id lacks.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "locale" / "id" / "LC_MESSAGES" / "django.po"
PACKAGES = (
    "agents_ops",
    "desk",
    "escalation",
    "helpdesk",
    "people",
    "seller_chat",
    "sla",
    "tickets",
)
PLAIN = {"_", "gettext", "gettext_lazy", "gettext_noop"}
PLURAL = {"ngettext", "ngettext_lazy"}
IN_CONTEXT = {"pgettext", "pgettext_lazy"}
_TEMPLATE_CALL = re.compile(
    r"""\b(n?gettext|_)\(\s*u?("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
    r"""(?:\s*,\s*u?("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'))?"""
)
Key = tuple[str, str]


def marked() -> dict[Key, str]:
    """Every (msgid, plural or '') with the file where it stands first."""
    found: dict[Key, str] = {}
    for path, keys in (*_python(), *_templates()):
        for key in keys:
            found.setdefault(key, str(path.relative_to(ROOT)))
    return found


def lacking() -> list[str]:
    """Sentences without a finished Indonesian translation, each with its file."""
    catalogue = polib.pofile(str(CATALOGUE))
    done = {
        (entry.msgid, entry.msgid_plural)
        for entry in catalogue
        if entry.translated() and not entry.obsolete
    }
    return [f"{path}: {key[0]!r}" for key, path in marked().items() if key not in done]


def unused() -> list[str]:
    """Entries of the catalogue that nothing asks for any more."""
    asked = set(marked())
    return [
        entry.msgid
        for entry in polib.pofile(str(CATALOGUE))
        if not entry.obsolete and (entry.msgid, entry.msgid_plural) not in asked
    ]


def _python() -> Iterator[tuple[Path, list[Key]]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path, list(_calls(ast.parse(path.read_text(encoding="utf-8"))))


def _calls(tree: ast.AST) -> Iterator[Key]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        words = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
        texts = [word for word in words if isinstance(word, str)]
        if name in PLAIN and texts:
            yield texts[0], ""
        elif name in PLURAL and len(texts) > 1:
            yield texts[0], texts[1]
        elif name in IN_CONTEXT and len(texts) > 1:
            yield texts[1], ""


def _templates() -> Iterator[tuple[Path, list[Key]]]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings_test")
    from django.utils.translation.template import templatize

    for path in sorted((ROOT / "templates").rglob("*")):
        if path.suffix in {".html", ".txt"}:
            source = templatize(path.read_text(encoding="utf-8"), origin=str(path))
            yield path, [_key(match) for match in _TEMPLATE_CALL.finditer(source)]


def _key(match: re.Match[str]) -> Key:
    plural = ast.literal_eval(match[3]) if match[1] == "ngettext" and match[3] else ""
    return _text(match[2]), plural


def _text(literal: str) -> str:
    return str(ast.literal_eval(literal))


if __name__ == "__main__":
    print("\n".join(lacking()))
