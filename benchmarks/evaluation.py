"""The Monday evaluation: shops with fifty messages each, in sets, at a tenth of the size and at all of it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date

from django.db import connection

from benchmarks.counting import statements
from benchmarks.table import Row
from seller_chat.models import EvaluationWeek, ShopWeek
from seller_chat.services import evaluate_week

MONDAY = date(2026, 11, 9)
MESSAGES = 50
TABLES = (
    "people_shop",
    "seller_chat_chatmessage",
    "seller_chat_replyclock",
    "seller_chat_holidaymode",
)

# Five conversations of a shop, ten messages in each: question and answer in turn, every eighth answer
# missing, so that the next one is late. Each question has had its clock.
FILL = (
    """INSERT INTO people_shop (name, name_key)
    SELECT 'Toko ' || n, 'toko bench ' || n FROM generate_series(%(from)s, %(to)s) AS n""",
    """INSERT INTO seller_chat_conversation
        (key, shop_id, buyer_id, stage, order_number, product, opened_at, last_message_at,
         buyer_seen, shop_seen)
    SELECT 'b' || s.id || '-' || c, s.id, (SELECT min(id) FROM people_customer), 'pre_sale', '',
        'Barang ' || c, %(since)s, %(since)s, 0, 0
    FROM people_shop s, generate_series(1, 5) AS c
    WHERE s.name_key LIKE 'toko bench %%' AND substr(s.name_key, 12)::int BETWEEN %(from)s AND %(to)s""",
    """INSERT INTO seller_chat_chatmessage
        (conversation_id, shop_id, sender, body, masked, state, sent_at, delivered_at)
    SELECT c.id, c.shop_id,
        CASE WHEN m %% 2 = 1 OR hashint8(c.id * 16 + m) & 7 = 0 THEN 'buyer' ELSE 'seller' END,
        'Kak, barangnya masih ada? Bisa kirim hari ini?', '{}', 'delivered', at, at
    FROM seller_chat_conversation c JOIN people_shop s ON s.id = c.shop_id,
        generate_series(1, 10) AS m,
        LATERAL (SELECT %(since)s::timestamptz
            + ((hashint8(c.id) & 65535) / 65536.0 + (m - 1) * 0.64) * interval '1 day' AS at) AS t
    WHERE s.name_key LIKE 'toko bench %%' AND substr(s.name_key, 12)::int BETWEEN %(from)s AND %(to)s
    ORDER BY at""",
    """INSERT INTO seller_chat_replyclock
        (conversation_id, shop_id, opened_by_id, opened_at, hours, waived_for, due_at, warned,
         ended_at, ended_how)
    SELECT m.conversation_id, m.shop_id, m.id, m.sent_at, 24, interval '0',
        m.sent_at + interval '24 hours', 0, m.sent_at + interval '16 hours', 'replied'
    FROM seller_chat_chatmessage m JOIN people_shop s ON s.id = m.shop_id
    WHERE m.sender = 'buyer'
        AND s.name_key LIKE 'toko bench %%' AND substr(s.name_key, 12)::int BETWEEN %(from)s AND %(to)s""",
    """INSERT INTO seller_chat_holidaymode (shop_id, begins_at, ends_at)
    SELECT id, %(since)s::timestamptz + interval '30 hours', %(since)s::timestamptz + interval '60 hours'
    FROM people_shop
    WHERE name_key LIKE 'toko bench %%' AND substr(name_key, 12)::int BETWEEN %(from)s AND %(to)s
        AND id %% 20 = 0""",
)


def measure(shops: int) -> Iterator[Row]:
    """At a tenth, then at the whole; linear is what takes ten times as long for ten times as many."""
    made, spent = 0, []
    for size in (shops // 10, shops):
        _fill(made + 1, size)
        made = size
        seconds, rows = _evaluate(size)
        spent.append(seconds)
        yield from rows
    growth = spent[1] / spent[0]
    note = "10 is linear; below it the smaller run was too short to tell"
    yield Row("ten times the shops take", f"{growth:.1f} times as long", "", note)


def _fill(first: int, last: int) -> None:
    since = EvaluationWeek(week_start=MONDAY).since
    began = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0; SET synchronous_commit = off")
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if cursor.fetchone()[0]:
            cursor.execute("SET session_replication_role = replica")
        for statement in FILL:
            cursor.execute(statement, {"from": first, "to": last, "since": since})
        for table in TABLES:
            cursor.execute(f"VACUUM ANALYZE {table}")
    connection.close()
    print(f"bench: {last:,} shops filled in {time.monotonic() - began:.0f} s", flush=True)


def _evaluate(shops: int) -> tuple[float, list[Row]]:
    """The week for the first time, and again; the seconds of the first."""
    ShopWeek.objects.all().delete()
    EvaluationWeek.objects.all().delete()
    rows, first, messages = [], 0.0, shops * MESSAGES
    for what, anew in (("evaluated", False), ("the same week again", True)):
        began = time.monotonic()
        with statements() as counted:
            week = evaluate_week(MONDAY, anew=anew)
        spent = time.monotonic() - began
        first = first or spent
        note = f"{week.shops.count():,} rows, {messages / spent:,.0f} messages/s"
        named = f"{shops:,} shops, {messages:,} messages, {what}"
        rows.append(Row(named, f"{spent:.2f} s", str(counted.count), note))
    return first, rows
