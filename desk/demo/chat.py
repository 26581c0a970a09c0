"""Conversations of the demo shop: one nearly late, one held, one that needs no reply, one answered."""

from __future__ import annotations

from datetime import time, timedelta
from random import Random

from desk.demo.player import sweeps_until
from helpdesk.common import clock
from people.actors import Actor, of_user
from people.models import Customer, Shop, User
from seller_chat.models import Conversation
from seller_chat.services import (
    Faq,
    change_faq,
    change_reply_settings,
    open_conversation,
    send_message,
    waive_reply,
)

INTAKE = Actor(system="demo")
BUYERS = (("Anisa Rahmawati", "anisa"), ("Fajar Nugroho", "fajar"), ("Mega Utami", "mega"))
# (buyer, what it is about, [(hours ago, who, words)])
TALKS: tuple[tuple[str, str, list[tuple[float, str, str]]], ...] = (
    (
        "ratna",
        "Blender Philips HR2115",
        [
            (30, "buyer", "Halo kak, blendernya garansi resmi?"),
            (29.5, "seller", "Betul kak, garansi resmi dua tahun."),
            (22.5, "buyer", "Kalau pecah di jalan, diganti tidak?"),
        ],
    ),
    (
        "anisa",
        "Kemeja batik lengan panjang",
        [
            (5, "buyer", "Kak, ukuran L lebar dadanya berapa?"),
            (4, "seller", "Kak WA saya saja di 081234567890, lebih murah kalau transfer langsung"),
        ],
    ),
    (
        "fajar",
        "Tas ransel Eiger 25 L",
        [
            (9, "buyer", "Warna hitam masih ada?"),
            (8, "seller", "Masih ada kak, silakan dipesan."),
            (7.5, "buyer", "Terima kasih banyak kak"),
            (7, "waive", ""),
        ],
    ),
    ("mega", "Kipas angin Miyako 16 inci", [(1, "buyer", "dasar penipu bangsat lu")]),
)


def make_talks(people: dict[str, User]) -> None:
    """Once: what was said stays."""
    shop, now = Shop.objects.get(sellers=people["joko"]), clock.now()
    if Conversation.objects.filter(shop=shop, product=TALKS[0][1]).exists():
        return
    buyers = {"ratna": Customer.objects.get(user=people["ratna"])}
    for name, code in BUYERS:
        buyers[code], _made = Customer.objects.get_or_create(
            email=f"{code}@example.com", defaults={"name": name}
        )
    acts: list[tuple[float, str, str, str]] = []
    talks: dict[str, Conversation] = {}
    for buyer, product, said in TALKS:
        with clock.at(now - timedelta(hours=said[0][0], minutes=1)):
            talks[buyer] = open_conversation(
                actor=INTAKE, shop=shop, product=product, buyer=buyers[buyer]
            )
        acts += [(ago, buyer, who, words) for ago, who, words in said]
    drawn = Random(5)  # noqa: S311 - a script, not a secret
    for ago, buyer, who, words in sorted(acts, reverse=True):
        for _fired in sweeps_until(now - timedelta(hours=ago), drawn):
            pass
        with clock.at(now - timedelta(hours=ago)):
            _say(talks[buyer], who, words, people)
    for _fired in sweeps_until(now, drawn):
        pass
    _set_up(people["joko"], shop)


def _say(talk: Conversation, who: str, words: str, people: dict[str, User]) -> None:
    seller = of_user(people["joko"])
    if who == "waive":
        waive_reply(actor=seller, conversation_id=talk.pk)
    else:
        actor = INTAKE if who == "buyer" else seller
        send_message(actor=actor, conversation_id=talk.pk, body=words, side=who)


def _set_up(seller: User, shop: Shop) -> None:
    actor = of_user(seller)
    change_reply_settings(
        actor=actor,
        shop_id=shop.pk,
        when="off",
        text="Terima kasih sudah menghubungi kami. Kami balas pada jam buka.",
        opens=time(8),
        closes=time(17),
        days=[0, 1, 2, 3, 4, 5],
    )
    faq = Faq(words="berapa ongkir\nbiaya kirim", answer="Ongkos kirim mulai Rp 9.000.")
    change_faq(actor=actor, shop_id=shop.pk, answers=[faq])
