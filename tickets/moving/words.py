"""The words of other systems in ours: states, priorities, channels, people, kinds of problem."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from helpdesk.common.wording import gettext as _
from tickets.moving.files import Unreadable
from tickets.states import Channel, Priority, State

# What a state of theirs becomes. 'waiting': in work, and the customer owes an answer.
WAITING, LEFT_OUT = "waiting", "skip"
STATES = (State.CLASSIFIED.value, State.HANDLED.value, WAITING, State.CLOSED.value, LEFT_OUT)
TABLES = ("states", "priorities", "channels", "people", "categories", "queues", "columns")

_PRIORITIES = {
    "urgent": "URGENT",
    "high": "HIGH",
    "medium": "MEDIUM",
    "normal": "MEDIUM",
    "low": "LOW",
}
_CHANNELS = {
    **{channel.value: channel.value for channel in Channel},
    **dict.fromkeys(("chat", "native_messaging", "messaging", "live chat"), "live_chat"),
    **dict.fromkeys(("voice", "phone call", "call"), "phone"),
    **dict.fromkeys(
        ("twitter", "twitter status", "facebook", "facebook post", "instagram"), "social"
    ),
    **dict.fromkeys(("whatsapp", "line", "telegram message", "sms", "any_channel"), "social"),
    **dict.fromkeys(("portal", "web_widget", "web widget", "web form", "feedback widget"), "web"),
    **dict.fromkeys(("mobile", "mobile_sdk", "sdk", "note", "system", "sample_ticket"), "web"),
    **dict.fromkeys(("mail", "outbound email", "email-out"), "email"),
    "web service (api)": "api",
    "bot": "chatbot",
}
_OURS = {
    **{state.value: state.value for state in (State.CLASSIFIED, State.HANDLED, State.CLOSED)},
    State.RECEIVED.value: "classified",
    State.ESCALATED.value: "classified",
    State.MONITORED.value: "handled",
    WAITING: WAITING,
}
_ZENDESK = {
    "new": "classified",
    "open": "handled",
    "pending": WAITING,
    "hold": "handled",
    "on-hold": "handled",
    "solved": "closed",
    "closed": "closed",
    "deleted": LEFT_OUT,
}
_ZAMMAD = {
    "new": "classified",
    "open": "handled",
    "pending reminder": "handled",
    "pending close": WAITING,
    "closed": "closed",
    "merged": "closed",
    "removed": LEFT_OUT,
}
_FRESHDESK = {
    "2": "handled",
    "3": WAITING,
    "4": "closed",
    "5": "closed",
    "6": WAITING,
    "7": "handled",
    "open": "handled",
    "pending": WAITING,
    "resolved": "closed",
    "closed": "closed",
    "waiting on customer": WAITING,
    "waiting on third party": "handled",
}
_FRESHDESK_CHANNELS = {
    "1": "email",
    "2": "web",
    "3": "phone",
    "4": "forum",
    "5": "social",
    "6": "social",
    "7": "live_chat",
    "9": "web",
    "10": "email",
    "11": "web",
    "13": "social",
}
_DEFAULTS: dict[str, dict[str, dict[str, str]]] = {
    "tuntas": {"states": _OURS},
    "zendesk": {"states": _ZENDESK},
    "zammad": {
        "states": _ZAMMAD,
        "priorities": {"1 low": "LOW", "2 normal": "MEDIUM", "3 high": "HIGH"},
    },
    "freshdesk": {
        "states": _FRESHDESK,
        "channels": _FRESHDESK_CHANNELS,
        "priorities": {"1": "LOW", "2": "MEDIUM", "3": "HIGH", "4": "URGENT"},
    },
}


@dataclass(frozen=True)
class Words:
    """One table a kind of word, by their word in lower case."""

    tables: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def of(self, table: str, word: str) -> str | None:
        """Ours for theirs; None for an unknown one."""
        return self.tables.get(table, {}).get(word.strip().lower())


def words_for(origin: str, path: Path | None = None) -> Words:
    """The words of `origin`, with those of a JSON file over them. Raises Unreadable."""
    tables: dict[str, dict[str, str]] = {name: {} for name in TABLES}
    tables["priorities"] |= _PRIORITIES
    tables["channels"] |= _CHANNELS
    for name, table in _DEFAULTS[origin].items():
        tables[name] |= table
    for name, table in (_from_file(path) if path else {}).items():
        tables[name] |= {theirs.strip().lower(): ours for theirs, ours in table.items()}
    return Words(tables)


def _from_file(path: Path) -> dict[str, dict[str, str]]:
    try:
        found: Any = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise Unreadable(_("The file of words cannot be read.")) from error
    wrong = not isinstance(found, dict) or any(
        name not in TABLES
        or not isinstance(table, dict)
        or not all(isinstance(ours, str) for ours in table.values())
        for name, table in found.items()
    )
    if wrong:
        names = {"names": ", ".join(TABLES)}
        raise Unreadable(_("The file of words holds tables of texts: %(names)s.") % names)
    known = {"states": STATES, "priorities": Priority.values, "channels": Channel.values}
    for name, values in known.items():
        for ours in found.get(name, {}).values():
            if ours not in values:
                about = {"word": ours, "known": ", ".join(values)}
                raise Unreadable(_("'%(word)s' is not one of %(known)s.") % about)
    return found
