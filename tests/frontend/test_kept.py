"""Parts that are the same for many readers."""

from __future__ import annotations

from django.template import engines
from django.utils import translation

PART = (
    "{% load kept i18n %}{% kept who %}{% translate 'Queue' %} {{ who }} {{ once }}{% endkept %}"
    " {{ once }}"
)


def test_a_part_is_made_once_for_each_language_and_each_value():
    template = engines["django"].from_string(PART)

    def shown(who: str, once: str) -> str:
        return str(template.render({"who": who, "once": once}))

    with translation.override("en"):
        assert shown("<a>", "1") == "Queue &lt;a&gt; 1 1"
        assert shown("<a>", "2") == "Queue &lt;a&gt; 1 2"
        assert shown("b", "3") == "Queue b 3 3"
    with translation.override("id"):
        assert shown("<a>", "4") == "Antrian &lt;a&gt; 4 4"
