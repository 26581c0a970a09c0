from __future__ import annotations

from django.apps import AppConfig


class SellerChatConfig(AppConfig):
    name = "seller_chat"

    def ready(self) -> None:
        from seller_chat import (  # noqa: F401 - registers them
            enforcement_handlers,
            handlers,
            receivers,
        )
