"""A rule's condition as lines that people read and write, and back into its JSON form.

    hack                            the words of this concept occur
    money_taken atau top_up         one of both
    bukan (self_done atau refused)  none of them
    dekat(ui_part, glitch, 5)       both, at most five words apart
    pelapor: agent, seller          who reports; also kanal, tier
    nilai > mediation               over the threshold of that name; also waktu

Each line must hold. `dan` binds closer than `atau`; brackets may span lines; English words (and, or,
not, near, reporter, channel, amount, time) say the same. What has no words here stands as JSON.
"""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple

from helpdesk.common.wording import Wording
from helpdesk.common.wording import gettext as _

WORDS = {
    "id": {"and": "dan", "or": "atau", "not": "bukan", "near": "dekat", "reporter": "pelapor",
           "channel": "kanal", "tier": "tier", "amount_over": "nilai", "time_over": "waktu"},
    "en": {"and": "and", "or": "or", "not": "not", "near": "near", "reporter": "reporter",
           "channel": "channel", "tier": "tier", "amount_over": "amount", "time_over": "time"},
}  # fmt: skip
_MEANS = {word: name for words in WORDS.values() for name, word in words.items()}
FIELDS = ("reporter", "channel", "tier")
OVER = ("amount_over", "time_over")
_TOKEN = re.compile(r"[ \t\r]*(?:(?P<word>[A-Za-z0-9_]+!?)|(?P<sign>[(),:>\n])|(?P<json>[\[{]))")
_TOP, _EITHER, _BOTH, _ONE = range(4)
MOST_DEEP = 20


class NotationError(ValueError):
    """A condition that cannot be read: in which line (from 1), and why."""

    def __init__(self, line: int, why: Wording) -> None:
        super().__init__(str(why))
        self.line, self.why = line, why

    @property
    def message(self) -> Wording:
        return _("Line %(line)s: %(why)s") % {"line": self.line, "why": self.why}


def write_condition(condition: Any, language: str = "id") -> str:
    """The condition in words; nothing for one that always holds."""
    if condition is None:
        return ""
    return _Writer(WORDS["en" if language.startswith("en") else "id"]).write(condition, _TOP)


class _Writer:
    def __init__(self, words: dict[str, str]) -> None:
        self.words = words

    def write(self, condition: Any, place: int) -> str:
        if isinstance(condition, str):
            return condition
        if isinstance(condition, list):
            return self._either(condition, place)
        if not isinstance(condition, dict):
            return json.dumps(condition)
        parts = self._parts(condition)
        if len(parts) == 1:
            return self.write(parts[0], place) if parts[0] != condition else self._one(condition)
        if place == _TOP:
            return "\n".join(self.write(part, _TOP) for part in parts)
        text = f" {self.words['and']} ".join(self.write(part, _BOTH) for part in parts)
        return f"({text})" if place >= _ONE else text

    def _either(self, parts: list[Any], place: int) -> str:
        if len(parts) == 1:
            return self.write(parts[0], place)
        text = f" {self.words['or']} ".join(self.write(part, _EITHER) for part in parts)
        return f"({text})" if place >= _BOTH else text

    def _parts(self, condition: dict[str, Any]) -> list[Any]:
        """What must hold together; a condition with one key that is no list stays as it is."""
        parts: list[Any] = []
        for key, value in condition.items():
            if key == "all" and isinstance(value, list):
                parts += value
            elif key == "any" and isinstance(value, list):
                parts.append(value)
            elif key == "near":
                parts.append(
                    {name: condition[name] for name in ("near", "within") if name in condition}
                )
            elif key != "within":
                parts.append({key: value})
        return parts or [condition]

    def _one(self, condition: dict[str, Any]) -> str:
        key, value = next(iter(condition.items()))
        if key == "none" and isinstance(value, list) and value:
            return f"{self.words['not']} {self._either(value, _ONE)}"
        if key == "near" and isinstance(value, list) and len(value) == 2:
            within = [str(condition["within"])] if "within" in condition else []
            return f"{self.words['near']}({', '.join([*value, *within])})"
        if key in FIELDS:
            values = [value] if isinstance(value, str) else value
            return f"{self.words[key]}: {', '.join(values)}"
        if key in OVER:
            return f"{self.words[key]} > {value}"
        return json.dumps(condition, ensure_ascii=False)


def read_condition(text: str) -> Any:
    """The condition in its JSON form, None for one that always holds. Raises NotationError."""
    lines = _Reader(text).lines()
    if not lines:
        return None
    return _together(lines)


def _together(parts: list[Any]) -> Any:
    """Parts that must all hold, as one condition: what fits beside the others stands beside them."""
    if len(parts) == 1:
        return parts[0]
    whole: dict[str, Any] = {}
    wanted: list[Any] = []
    refused: list[Any] = []
    for part in parts:
        if isinstance(part, dict) and len(part) == 1:
            key, value = next(iter(part.items()))
            if key == "none":
                refused += value
                continue
            if key in (*FIELDS, *OVER) and key not in whole and not wanted:
                whole[key] = value
                continue
        wanted.append(part)
    if wanted:
        whole["all"] = wanted
    if refused:
        whole["none"] = refused
    return whole


class _Token(NamedTuple):
    kind: str  # word, sign, json, end
    text: str
    line: int
    value: Any = None


class _Reader:
    def __init__(self, text: str) -> None:
        self.tokens = _tokens(text)
        self.at = 0
        self.depth = 0

    def lines(self) -> list[Any]:
        parts: list[Any] = []
        while True:
            while self._is_sign("\n"):
                self.at += 1
            if self._now.kind == "end":
                return parts
            parts.append(self._either())
            if self._now.kind != "end" and not self._is_sign("\n"):
                raise self._wrong(_("'%(text)s' is not expected here") % {"text": self._now.text})

    def _either(self) -> Any:
        parts = [self._both()]
        while self._means("or"):
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else parts

    def _both(self) -> Any:
        parts = [self._unary()]
        while self._means("and"):
            parts.append(self._unary())
        return _together(parts)

    def _unary(self) -> Any:
        if self._means("not"):
            part = self._nested(self._unary)
            return {"none": part if isinstance(part, list) else [part]}
        if self._is_sign("("):
            return self._nested(self._bracket)
        token = self._now
        if token.kind == "json":
            self.at += 1
            return token.value
        if token.kind != "word" or _MEANS.get(token.text) in ("and", "or"):
            raise self._wrong(_("a name of words is missing here"))
        self.at += 1
        return self._named(token)

    def _named(self, token: _Token) -> Any:
        name = _MEANS.get(token.text, "")
        if name == "near" and self._is_sign("("):
            return self._near()
        if name in FIELDS and self._is_sign(":"):
            self.at += 1
            return {name: self._names()}
        if name in OVER and self._is_sign(">"):
            self.at += 1
            return {name: self._name()}
        return token.text

    def _near(self) -> Any:
        self.at += 1
        names = self._names()
        self._close()
        if len(names) == 3 and names[2].isdecimal() and len(names[2]) < 4:
            return {"near": names[:2], "within": int(names[2])}
        if len(names) != 2:
            raise self._wrong(_("'near' needs two names, and perhaps a number of words"))
        return {"near": names}

    def _bracket(self) -> Any:
        self.at += 1
        part = self._either()
        self._close()
        return part

    def _nested(self, read: Any) -> Any:
        self.depth += 1
        if self.depth > MOST_DEEP:
            raise self._wrong(_("too many brackets in each other"))
        part = read()
        self.depth -= 1
        return part

    def _names(self) -> list[str]:
        names = [self._name()]
        while self._is_sign(","):
            self.at += 1
            names.append(self._name())
        return names

    def _name(self) -> str:
        token = self._now
        if token.kind != "word":
            raise self._wrong(_("a name is missing here"))
        self.at += 1
        return token.text

    def _close(self) -> None:
        if not self._is_sign(")"):
            raise self._wrong(_("a closing bracket is missing"))
        self.at += 1

    def _means(self, name: str) -> bool:
        found = self._now.kind == "word" and _MEANS.get(self._now.text) == name
        self.at += found
        return found

    def _is_sign(self, sign: str) -> bool:
        return self._now.kind == "sign" and self._now.text == sign

    @property
    def _now(self) -> _Token:
        return self.tokens[self.at]

    def _wrong(self, why: Wording) -> NotationError:
        return NotationError(self._now.line, why)


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    at, line, open_brackets = 0, 1, 0
    text = text.rstrip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            sign = text[at:].lstrip()[:1]
            raise NotationError(line, _("'%(sign)s' cannot be read") % {"sign": sign})
        kind = str(found.lastgroup)
        written = found[kind]
        at = found.end()
        if kind == "json":
            value, at = _json_at(text, found.start(kind), line)
            tokens.append(_Token(kind, written, line, value))
            continue
        open_brackets += {"(": 1, ")": -1}.get(written, 0)
        if written != "\n" or open_brackets <= 0:
            tokens.append(_Token(kind, written, line))
        line += written == "\n"
    return [*tokens, _Token("end", "", line)]


def _json_at(text: str, at: int, line: int) -> tuple[Any, int]:
    try:
        return json.JSONDecoder().raw_decode(text, at)
    except (ValueError, RecursionError) as error:
        raise NotationError(line, _("this is no JSON")) from error
