"""Small readings that several origins share."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

_BREAKS = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "blockquote", "pre"})
_HIDDEN = frozenset({"script", "style", "head", "title"})


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag in _HIDDEN:
            self._hidden += 1
        elif tag in _BREAKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        elif tag in _BREAKS and tag != "br":
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)


def text_of_html(markup: str) -> str:
    """What a reader sees of it: lines kept, tags gone."""
    reader = _Text()
    reader.feed(markup)
    reader.close()
    text = "".join(reader.parts).replace("\xa0", " ")
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]*\n[ \t]*", "\n", text)).strip()


def first(raw: dict[str, Any], *names: str) -> Any:
    """The first of these that is given; columns of a CSV file have lower-case names."""
    return next((raw[name] for name in names if raw.get(name) not in (None, "")), None)


def body_of(raw: dict[str, Any], plain: tuple[str, ...], html: tuple[str, ...]) -> str:
    text = first(raw, *plain)
    return str(text) if text is not None else text_of_html(str(first(raw, *html) or ""))


def looks_like_html(text: str) -> bool:
    return re.search(r"</(?:p|div|span|a|table|b|i|ul|li)>|<br\s*/?>", text) is not None


def words_in(value: Any, separator: str = ",") -> list[str]:
    """Tags as a list, or as text between separators."""
    if isinstance(value, list):
        named = [item.get("name", "") if isinstance(item, dict) else item for item in value]
        return [str(item) for item in named if item]
    return [part.strip() for part in str(value or "").split(separator) if part.strip()]
