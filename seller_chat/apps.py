from __future__ import annotations

from django.apps import AppConfig


class SellerChatConfig(AppConfig):
    name = "seller_chat"
