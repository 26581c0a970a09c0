"""Figures of shops as sellers and reviewers read them."""

from __future__ import annotations

from django import template

from seller_chat.home_page import percent

register = template.Library()
register.filter("rate", percent)
