"""Which differences between two documents of the API break whoever was written for the old one.

What we read may only grow more lenient: a part, a value or a format that was taken is taken still, and
nothing new is needed. What we answer may only grow richer: every part that was always there is there
still, of the same type. A new value in a list of values that we answer breaks nobody: docs/integrators.md
asks callers to expect them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

METHODS = ("get", "post", "put", "patch", "delete")
_LOWER, _UPPER = ("minLength", "minimum", "minItems"), ("maxLength", "maximum", "maxItems")
Document = Mapping[str, Any]


def breaking_changes(old: Document, new: Document) -> list[str]:
    """Each in words, with its place; sorted, none twice."""
    return sorted(set(_Comparison(old, new).changes()))


@dataclass
class _Comparison:
    old: Document
    new: Document
    _seen: set[tuple[str, str, bool]] = field(default_factory=set)

    def changes(self) -> Iterator[str]:
        for path, operations in self.old["paths"].items():
            for method in METHODS:
                if method not in operations:
                    continue
                place = f"{method.upper()} {path}"
                now = self.new["paths"].get(path, {}).get(method)
                if now is None:
                    yield f"{place}: the operation is gone"
                    continue
                yield from self._operation(place, operations[method], now)

    def _operation(self, place: str, old: Document, new: Document) -> Iterator[str]:
        if old["operationId"] != new["operationId"]:
            yield f"{place}: another operationId"
        yield from self._parameters(place, old, new)
        yield from self._body(place, old.get("requestBody"), new.get("requestBody"))
        for status, answer in old["responses"].items():
            now = new["responses"].get(status)
            if now is None:
                if status.startswith("2"):
                    yield f"{place}: answer {status} is gone"
                continue
            yield from self._answer(f"{place} {status}", self._part(self.old, answer), now)

    def _parameters(self, place: str, old: Document, new: Document) -> Iterator[str]:
        before = {(each["name"], each["in"]): each for each in old.get("parameters", ())}
        after = {(each["name"], each["in"]): each for each in new.get("parameters", ())}
        for key, parameter in before.items():
            named = f"{place} {key[1]} parameter {key[0]}"
            if key not in after:
                yield f"{named}: is gone"
                continue
            yield from self._schema(named, parameter["schema"], after[key]["schema"], read=True)
        for key, parameter in after.items():
            if parameter.get("required") and not before.get(key, {}).get("required"):
                yield f"{place} {key[1]} parameter {key[0]}: is needed now"

    def _body(self, place: str, old: Document | None, new: Document | None) -> Iterator[str]:
        if new and new.get("required") and not (old and old.get("required")):
            yield f"{place}: a body is needed now"
        for kind, media in (old or {}).get("content", {}).items():
            now = (new or {}).get("content", {}).get(kind)
            if now is None:
                yield f"{place}: {kind} is not read any more"
                continue
            yield from self._schema(f"{place} body", media["schema"], now["schema"], read=True)

    def _answer(self, place: str, old: Document, new: Document) -> Iterator[str]:
        now = self._part(self.new, new).get("content", {})
        for kind, media in old.get("content", {}).items():
            if kind not in now:
                yield f"{place}: is not answered as {kind} any more"
                continue
            yield from self._schema(place, media["schema"], now[kind]["schema"], read=False)

    def _schema(self, place: str, old: Document, new: Document, *, read: bool) -> Iterator[str]:
        """`read`: what callers send; else what they get."""
        names = (old.get("$ref", ""), new.get("$ref", ""))
        if names[0] and names[1]:
            if (*names, read) in self._seen:
                return
            self._seen.add((*names, read))
            place = names[0].rpartition("/")[2]
        old, new = self._part(self.old, old), self._part(self.new, new)
        yield from self._kind(place, old, new, read=read)
        yield from self._values(place, old, new, read=read)
        yield from self._properties(place, old, new, read=read)
        if "items" in old and "items" in new:
            yield from self._schema(f"{place}[]", old["items"], new["items"], read=read)
        yield from self._variants(place, old, new, read=read)

    def _kind(self, place: str, old: Document, new: Document, *, read: bool) -> Iterator[str]:
        before, after = _kinds(old), _kinds(new)
        lost = before - after if read else after - before
        if before and after and lost:
            yield f"{place}: type {'/'.join(sorted(before))} became {'/'.join(sorted(after))}"
        if old.get("format") != new.get("format"):
            yield f"{place}: format {old.get('format')} became {new.get('format')}"
        if not read:
            return
        for name in (*_LOWER, *_UPPER):
            bound, sign = new.get(name), 1 if name in _LOWER else -1
            if bound is not None and (name not in old or sign * bound > sign * old[name]):
                yield f"{place}: {name} is {bound} now"
        if new.get("pattern") and new.get("pattern") != old.get("pattern"):
            yield f"{place}: another pattern"

    def _values(self, place: str, old: Document, new: Document, *, read: bool) -> Iterator[str]:
        if "enum" in old and "enum" in new:
            for value in old["enum"]:
                if value not in new["enum"]:
                    yield f"{place}: the value {value!r} is gone"
        elif read and "enum" in new:
            yield f"{place}: only certain values are read now"

    def _properties(self, place: str, old: Document, new: Document, *, read: bool) -> Iterator[str]:
        before, after = old.get("properties", {}), new.get("properties", {})
        needed, needed_now = set(old.get("required", ())), set(new.get("required", ()))
        for name, schema in before.items():
            if name not in after:
                yield f"{place}.{name}: is gone"
                continue
            yield from self._schema(f"{place}.{name}", schema, after[name], read=read)
        changed = needed_now - needed if read else (needed - needed_now) & set(after)
        for name in changed:
            yield f"{place}.{name}: is {'needed now' if read else 'not always there any more'}"

    def _variants(self, place: str, old: Document, new: Document, *, read: bool) -> Iterator[str]:
        for word in ("allOf", "oneOf", "anyOf"):
            before, after = old.get(word, ()), new.get(word, ())
            if len(after) < len(before) if read else len(after) != len(before):
                yield f"{place}: another {word}"
            for number, (one, other) in enumerate(zip(before, after, strict=False)):
                yield from self._schema(f"{place} {word}[{number}]", one, other, read=read)

    @staticmethod
    def _part(document: Document, part: Document) -> Document:
        """What a reference points to."""
        while "$ref" in part:
            found: Any = document
            for name in part["$ref"].removeprefix("#/").split("/"):
                found = found[name]
            part = found
        return part


def _kinds(schema: Document) -> set[str]:
    kinds = schema.get("type", ())
    return {kinds} if isinstance(kinds, str) else set(kinds)
