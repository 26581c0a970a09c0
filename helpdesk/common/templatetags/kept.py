"""`{% load kept %}`: parts of pages that are the same for many readers, made once in a process.

{% kept "palette" keyboard.sort %}…{% endkept %}

What stands within may depend on the language and on the values named, and on nothing else.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()
MOST = 500


class Kept(template.Node):
    child_nodelists = ("inside",)

    def __init__(self, named: list[FilterExpression], inside: NodeList) -> None:
        self.named, self.inside = named, inside
        # On the node: a template that is read anew, as in development, begins with none.
        self.made: OrderedDict[Any, SafeString] = OrderedDict()

    def render(self, context: Context) -> SafeString:
        key = (get_language(), *(name.resolve(context) for name in self.named))
        html = self.made.get(key)
        if html is None:
            html = self.made[key] = self.inside.render(context)
            if len(self.made) > MOST:
                self.made.popitem(last=False)
        return html


@register.tag
def kept(parser: Parser, token: Token) -> Kept:
    named = [parser.compile_filter(bit) for bit in token.split_contents()[1:]]
    inside = parser.parse(("endkept",))
    parser.delete_first_token()
    return Kept(named, inside)
