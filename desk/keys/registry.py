"""Every command of the desk: what it is called, its usual key, and where that key is heard.

A verb brings its key with it (`desk.verb.Verb.key`); what is no verb stands here. Pages draw keys by
`desk.templatetags.keys_ui`, `static/js/keyboard.js` presses the control that carries the key.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy as _

from desk.keys.combos import clash, is_single
from desk.keys.synonyms import SYNONYMS
from desk.verbs import VERBS
from helpdesk.common.wording import LANGUAGES, said_in

PAGES = "pages"


class Place(StrEnum):
    """Where a key is heard. The list stands beside a ticket or a document, never both of them."""

    EVERYWHERE = "everywhere"
    LIST = "list"
    TICKET = "ticket"
    DOCUMENT = "document"
    TEXT = "text"


@dataclass(frozen=True)
class Command:
    """`permission` hides it from whoever lacks it; `url` names the page that it opens.

    `fixed`: its key belongs to the control itself and cannot be changed. `scripted`: no control on
    the page stands for it, the script does it.
    """

    id: str
    label: Any
    key: str
    places: frozenset[Place]
    icon: str = "keys"
    url: str = ""
    permission: str = ""
    fixed: bool = False
    scripted: bool = False

    @property
    def group(self) -> str:
        """Where the key list shows it."""
        return PAGES if self.url else max(self.places)


_HERE, _DOCUMENT = frozenset({Place.TICKET}), frozenset({Place.DOCUMENT})
_BOTH = _HERE | _DOCUMENT
_ALL, _LIST, _TEXT = (
    frozenset({Place.EVERYWHERE}),
    frozenset({Place.LIST}),
    frozenset({Place.TEXT}),
)
# A receiving team's verbs stand on its document, some of them beside the ticket as well.
_ON_DOCUMENT = {
    *("target", "follow_up", "follow_up_done", "follow_up_move"),
    *("hearing", "decide", "relay"),
}
_ON_BOTH = {
    *("verify", "redirect", "decline", "accept", "progress", "return"),
    *("freeze", "unfreeze", "freeze_decide"),
}
# Never possible at once on the same ticket, so one key may stand for both (a test holds it).
INSTEAD_OF_EACH_OTHER: tuple[frozenset[str], ...] = (
    frozenset({"handle", "take", "accept"}),
    frozenset({"hold", "release"}),
    frozenset({"forward", "put_back"}),
    frozenset({"watch", "unwatch"}),
    frozenset({"incident", "leave_incident"}),
    frozenset({"take_back", "undo_merge"}),
    frozenset({"playbook_start", "playbook_step"}),
)


def _places(verb: str) -> frozenset[Place]:
    if verb in _ON_DOCUMENT:
        return _DOCUMENT
    return _BOTH if verb in _ON_BOTH else _HERE


def _of_verbs() -> list[Command]:
    return [
        Command(verb.name, verb.label, verb.key, _places(verb.name), verb.icon)
        for verb in VERBS.values()
    ]


def _go(name: str, label: Any, key: str, url: str, icon: str, permission: str = "") -> Command:
    return Command(f"go_{name}", label, key, _ALL, icon, f"desk:{url}", permission)


_OTHERS = (
    Command("next", _("Next ticket"), "j", _LIST, "inbox", scripted=True),
    Command("previous", _("Previous ticket"), "k", _LIST, "inbox", scripted=True),
    Command("open", _("Open the ticket"), "enter", _LIST, "inbox", fixed=True),
    Command("choose", _("Choose the ticket"), "x", _LIST, "done", "", "work_ticket", scripted=True),
    Command(
        "choose_to",
        _("Choose all up to the ticket"),
        "shift+x",
        _LIST,
        "done",
        "",
        "work_ticket",
        scripted=True,
    ),
    Command("search", _("Search"), "/", _LIST, "search"),
    Command("take_next", _("Take the next one"), "b", _ALL, "bolt", permission="handle_ticket"),
    Command("macro", _("Choose a macro"), "m", _HERE, "bolt"),
    Command("macro_here", _("Choose a macro, in an empty text"), "/", _TEXT, "bolt", fixed=True),
    Command(
        "look", _("Show a masked contact"), "shift+e", _HERE, "eye", permission="reveal_contact"
    ),
    Command("order_words", _("Put the order into the reply"), "shift+p", _HERE, "chat"),
    Command("same_link", _("Link the likeliest duplicate"), "shift+a", _HERE, "link"),
    Command("same_merge", _("Merge with the likeliest duplicate"), "shift+j", _HERE, "merge"),
    Command("take_back", _("Take back the reply that was just sent"), "z", _HERE, "undo"),
    Command("quote", _("Quote a message"), "shift+g", _HERE, "chat", scripted=True),
    Command("escalate", _("Escalate"), "e", _HERE, "up"),
    Command("playbook_start", _("Start the suggested playbook"), "d", _HERE, "book"),
    Command("playbook_step", _("Finish the step of the playbook"), "d", _HERE, "book"),
    Command("playbook_words", _("Put the step's words into the reply"), "f", _HERE, "book"),
    Command("open_escalation", _("Open the escalation"), "o", _HERE, "up"),
    Command("incident_edit", _("Change the incident"), "e", _DOCUMENT, "edit"),
    Command("reply_all", _("Reply to all"), "r", _DOCUMENT, "send"),
    Command("confirm_all", _("Ask all to confirm"), "o", _DOCUMENT, "pause"),
    Command("close_all", _("Close all"), "c", _DOCUMENT, "done"),
    Command("case_report", _("Case report"), "l", _DOCUMENT, "doc"),
    Command("approve", _("Approve"), "y", _DOCUMENT, "done", permission="decide_approval"),
    Command("refuse", _("Refuse"), "n", _DOCUMENT, "x", permission="decide_approval"),
    Command("send", _("Send what the form holds"), "ctrl+enter", _TEXT, "send", scripted=True),
    Command("status", _("My status"), "s", _ALL, "user"),
    Command("palette", _("Command palette"), "ctrl+/", _ALL, "search", scripted=True),
    Command("keys", _("All shortcuts"), "?", _ALL, "keys"),
    _go("queue", _("Queue"), "g a", "queue", "inbox"),
    _go("practice", _("Tour on a practice ticket"), "g p", "practice", "bolt"),
    _go("escalations", _("Escalations"), "g d", "escalations", "up"),
    _go("incidents", _("Incidents"), "g i", "incidents", "warn"),
    _go("approvals", _("Approvals"), "4", "approvals", "shield", "work_ticket"),
    _go("shops", _("Shops"), "g u", "shops", "store", "review_messages"),
    _go(
        "suppliers",
        _("Complaints to suppliers"),
        "g q",
        "supplier_complaints",
        "send",
        "work_ticket",
    ),
    _go("notices", _("Notices"), "g n", "notices", "bell"),
    _go("views", _("My views"), "g v", "saved_views", "filter"),
    _go("bulk", _("Bulk actions"), "g b", "bulk_jobs", "users", "work_ticket"),
    _go("tags", _("Tags"), "g h", "tags", "hash", "direct_work"),
    _go("macros", _("Macros"), "g m", "macros", "bolt", "work_ticket"),
    _go("dashboard", _("SLA dashboard"), "g s", "dashboard", "chart", "view_dashboard"),
    _go("outcomes", _("Outcomes of the promises"), "g o", "outcomes", "done", "view_dashboard"),
    _go("engine", _("Engine"), "g e", "engine", "refresh", "view_dashboard"),
    _go("satisfaction", _("Satisfaction"), "g c", "satisfaction", "chart", "view_dashboard"),
    _go("looks", _("Looks at customer data"), "g w", "looks", "eye", "view_looks"),
    _go("ledger", _("Ledger of escalations"), "g l", "ledger", "doc", "view_dashboard"),
    _go("shifts", _("Shifts"), "g j", "shifts", "users", "view_dashboard"),
    _go("assignment", _("Assignment"), "g t", "assignment", "split", "view_dashboard"),
    _go("policy", _("Rules of the SLA"), "g r", "policy", "scale", "edit_rules"),
    _go("matrix", _("Rules of escalation"), "g x", "matrix", "scale", "edit_rules"),
    _go("triage", _("Rules of triage"), "g f", "triage", "scale", "edit_rules"),
    _go("playbooks", _("Playbooks"), "g y", "playbooks", "book", "edit_rules"),
    _go("quality", _("Quality"), "g z", "quality", "done", "review_quality"),
    _go("my_quality", _("My quality"), "g g", "quality_mine", "user", "work_ticket"),
    _go("keys", _("Change shortcuts"), "g k", "keys", "keys"),
)
COMMANDS: dict[str, Command] = {each.id: each for each in (*_of_verbs(), *_OTHERS)}


def meet(one: Command, other: Command) -> bool:
    """Whether both may be heard at the same moment."""
    if any({one.id, other.id} <= group for group in INSTEAD_OF_EACH_OTHER):
        return False
    shared = one.places | other.places
    if Place.EVERYWHERE in shared:
        return True
    if Place.LIST in shared and Place.TEXT not in shared:
        return True
    return bool(one.places & other.places)


def rivals(command: Command, key: str, keys: dict[str, str]) -> list[Command]:
    """The commands that would be pressed by the same key in the same place."""
    return [
        other
        for other in COMMANDS.values()
        if other.id != command.id
        and keys[other.id]
        and clash(key, keys[other.id])
        and meet(command, other)
        and not _apart(command, other, key)
    ]


def _apart(one: Command, other: Command, key: str) -> bool:
    """In a text only keys with Ctrl are heard, outside of it those of a text are not."""
    in_text = [Place.TEXT in each.places for each in (one, other)]
    return is_single(key) and in_text[0] != in_text[1]


@cache
def words_of(command_id: str) -> str:
    """Its label in both languages and its synonyms, for the palette's search."""
    command = COMMANDS[command_id]
    labels = [said_in(command.label, language) for language in LANGUAGES]
    return " ".join(dict.fromkeys([*labels, SYNONYMS.get(command_id, "")])).lower()
