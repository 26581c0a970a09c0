"""Keys that browsers, systems and screen readers have for themselves (docs/keyboard.md lists them).

`never`: the page does not get them, or taking them would take away what everybody needs. The others
can be had by whoever wants them, after being told what they lose.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_noop as _


@dataclass(frozen=True)
class Reserved:
    key: str
    does: str  # an English sentence part, translated where it is said
    never: bool = False


_BY_BROWSER = (
    Reserved("ctrl+a", _("select everything"), never=True),
    Reserved("ctrl+b", _("the browser's bookmarks")),
    Reserved("ctrl+c", _("copy"), never=True),
    Reserved("ctrl+d", _("bookmark the page")),
    Reserved("ctrl+e", _("search from the address bar")),
    Reserved("ctrl+f", _("find in the page"), never=True),
    Reserved("ctrl+g", _("find the next place")),
    Reserved("ctrl+h", _("the browser's history")),
    Reserved("ctrl+i", _("information on the page")),
    Reserved("ctrl+j", _("the browser's downloads")),
    Reserved("ctrl+k", _("search from the address bar")),
    Reserved("ctrl+l", _("go to the address bar"), never=True),
    Reserved("ctrl+m", _("mute the tab")),
    Reserved("ctrl+n", _("a new window"), never=True),
    Reserved("ctrl+o", _("open a file")),
    Reserved("ctrl+p", _("print"), never=True),
    Reserved("ctrl+q", _("quit the browser"), never=True),
    Reserved("ctrl+r", _("load the page anew"), never=True),
    Reserved("ctrl+s", _("save the page")),
    Reserved("ctrl+t", _("a new tab"), never=True),
    Reserved("ctrl+u", _("the source of the page")),
    Reserved("ctrl+v", _("paste"), never=True),
    Reserved("ctrl+w", _("close the tab"), never=True),
    Reserved("ctrl+x", _("cut"), never=True),
    Reserved("ctrl+y", _("do again what was undone"), never=True),
    Reserved("ctrl+z", _("undo what was typed"), never=True),
    *(Reserved(f"ctrl+{sign}", _("the size of the page"), never=True) for sign in "0+-="),
    *(Reserved(f"ctrl+{digit}", _("go to a tab"), never=True) for digit in "123456789"),
    Reserved("/", _("quick find in Firefox")),
    Reserved("'", _("quick find in Firefox")),
)
RESERVED: dict[str, Reserved] = {each.key: each for each in _BY_BROWSER}

# Firefox keeps Ctrl F and F3 for the same; every larger web application has / for its search.
ACCEPTED = frozenset({"/"})


def taken_by_others(key: str) -> Reserved | None:
    """What the browser does with it, unless we take it all the same."""
    return None if key in ACCEPTED else RESERVED.get(key)
