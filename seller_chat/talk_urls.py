"""The addresses of Buyer Messages, for the buyer and for the shop."""

from __future__ import annotations

from typing import Any

from django.urls import path

from seller_chat.views import begin, shop, talk

app_name = "chat"


def _both(route: str, view: Any, name: str, **more: Any) -> list[Any]:
    """The same page below /pesan/ for the buyer and below /penjual/pesan/ for the shop."""
    return [
        path(f"{root}{route}", view, {"side": side, **more}, name=f"{side}{name}")
        for side, root in (("buyer", "pesan/"), ("seller", "penjual/pesan/"))
    ]


urlpatterns = [
    path("pesan/baru/", begin.begin, name="begin"),
    path("pesan/lampiran/<slug:key>/", talk.attachment, name="attachment"),
    *_both("", talk.conversations, "_list"),
    *_both("<slug:key>/", talk.conversation, ""),
    *_both("<slug:key>/langsung/", talk.live, "_live"),
    *_both("<slug:key>/dibaca/", talk.seen, "_seen"),
    *_both("<slug:key>/<int:pk>/hapus/", talk.act_on, "_delete", verb="delete"),
    *_both("<slug:key>/<int:pk>/tinjau-ulang/", talk.act_on, "_look", verb="look"),
    path(
        "penjual/pesan/<slug:key>/tidak-perlu-dibalas/",
        talk.act,
        {"side": "seller", "verb": "waive"},
        name="waive",
    ),
    path(
        "pesan/<slug:key>/minta-balasan/",
        talk.act,
        {"side": "buyer", "verb": "undo"},
        name="undo_waiver",
    ),
    path("penjual/libur/", shop.holiday, {"side": "seller"}, name="holiday"),
    path(
        "penjual/libur/<int:pk>/akhiri/", shop.holiday_end, {"side": "seller"}, name="holiday_end"
    ),
    path("penjual/balasan/", shop.replies, {"side": "seller"}, name="replies"),
]
