"""What the document of the API shows as examples of Buyer Messages."""

from __future__ import annotations

from typing import Any

CONVERSATION: dict[str, Any] = {
    "key": "pVb4Xq2mT0aY7cKd",
    "side": "seller",
    "shop": {"id": 12, "name": "Toko Maju Jaya"},
    "buyer": {"name": "Ratna Dewi"},
    "stage": "after_sale",
    "order_number": "INV/20261110/7781",
    "product": "",
    "opened_at": "2026-11-10T02:10:00Z",
    "last_message_at": "2026-11-11T03:00:00Z",
    "last_words": "Kak, kapan dikirim?",
    "unread": True,
    "reply_owed": True,
    "reply_due_at": "2026-11-12T03:00:00Z",
    "reply_missed_at": None,
}
MESSAGE: dict[str, Any] = {
    "id": 90412,
    "sender": "seller",
    "state": "delivered",
    "body": "Hari ini kak, resinya menyusul sore.",
    "masked": [],
    "sent_at": "2026-11-11T03:40:00Z",
    "delivered_at": "2026-11-11T03:40:00Z",
    "deleted_at": None,
    "attachments": [],
    "held_back": None,
}
HELD: dict[str, Any] = {
    **MESSAGE,
    "id": 90413,
    "state": "held",
    "body": "WA saya saja di [nomor telepon]",
    "masked": ["phone"],
    "delivered_at": None,
    "held_back": {
        "cause": "held",
        "guidelines": [
            {
                "label": "off_platform_diversion",
                "number": "4.2.2",
                "name": "Mengalihkan transaksi keluar dari platform",
            }
        ],
        "marks": [[0, 31]],
        "second_look_asked_at": None,
        "outcome": "",
        "reason": "",
    },
}
CLOCK: dict[str, Any] = {
    "id": 551,
    "opened_by": 90411,
    "opened_at": "2026-11-11T03:00:00Z",
    "hours": 24,
    "pauses": [{"begins_at": "2026-11-11T10:00:00Z", "ends_at": "2026-11-11T14:00:00Z"}],
    "waived_seconds": 0.0,
    "counted_seconds": 2400.0,
    "due_at": "2026-11-12T07:00:00Z",
    "steps": [],
    "missed_at": None,
    "ended_at": "2026-11-11T03:40:00Z",
    "ended_how": "replied",
    "ended_by": 90412,
    "ticket": None,
}
