"""The first page of a search, as an officer's browser asks for it while typing."""

from __future__ import annotations

import time
from collections.abc import Iterator
from urllib.parse import urlencode

from django.db import connection
from django.test import Client

from benchmarks.counting import statements
from benchmarks.pages import BACKEND
from benchmarks.table import Row, spread
from people.models import Team, TeamMembership, User
from tickets.models import SearchWord, Ticket
from tickets.services import index_marked, mark_all

PATH = "/meja/cari/"
TIMES = 40
SMALL_TEAM = 60


def write_index() -> Iterator[Row]:
    """Every entry anew, as `manage.py reindex_search` writes it; nobody has filled it before."""
    print("bench: the search index", flush=True)
    began = time.monotonic()
    marked = mark_all()
    done = index_marked(most=marked)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE tickets_searchentry")
        cursor.execute("VACUUM ANALYZE tickets_searchword")
        cursor.execute(
            "SELECT pg_size_pretty(pg_table_size('tickets_searchentry')),"
            " pg_size_pretty(pg_relation_size('search_by_word'))"
        )
        entries, index = cursor.fetchone()
    spent = time.monotonic() - began
    note = f"{done:,} entries in one process: {entries} and an index of {index}"
    yield Row("search index written anew", f"{done / spent:,.0f}/s", "", note)


def measure(people: dict[str, User]) -> Iterator[Row]:
    supervisor = people["sari"]
    small = _officer_of_a_small_team(people["bagus"])
    rare = SearchWord.objects.filter(seen__gte=5).order_by("seen", "word").first()
    middling = SearchWord.objects.filter(seen__gte=2000).order_by("seen", "word").first()
    for what, text in (
        ("common word", "pesanan"),
        ("common words", "pesanan belum sampai"),
        ("middling word", middling.word if middling else "pesanan"),
        ("rare word", rare.word if rare else "pesanan"),
        ("synonym", "refund"),
        ("synonyms and a filter", "status:terbuka refund penipuan"),
        ("misspelt word", "pengmebalian dnaa"),
        ("phrase", '"pesanan saya belum sampai"'),
        ("beginning of a word", "pengemb"),
        ("without a word", "pesanan -penipuan"),
        ("nothing there", "zzyzx pesanan"),
    ):
        yield _row(f"search, {what}", supervisor, text)
    yield _row("search, common word, small team", small, "pesanan")
    yield _row("search, synonym, small team", small, "refund")
    yield _row("search, rare word, small team", small, rare.word if rare else "pesanan")


def _officer_of_a_small_team(model: User) -> User:
    """A team that holds few tickets, the oldest of all: what the newest windows never show."""
    team = Team.objects.create(
        code="bench_small", name_id="Regu kecil", name_en="Small", kind="squad"
    )
    user = User.objects.create_user("kecil@example.com", "x", full_name="Petugas Kecil")
    user.groups.set(model.groups.all())
    TeamMembership.objects.create(team=team, user=user)
    ids = list(Ticket.objects.order_by("id").values_list("id", flat=True)[:SMALL_TEAM])
    Ticket.objects.filter(pk__in=ids).update(team=team, home_team=team)
    index_marked()
    return user


def _row(what: str, person: User, text: str) -> Row:
    print(f"bench: {what}", flush=True)
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(person, backend=BACKEND)
    path = f"{PATH}?{urlencode({'q': text})}"
    seen = _get(client, path)
    with statements() as counted:
        _get(client, path)
    samples = []
    for _time in range(TIMES):
        began = time.perf_counter()
        _get(client, path)
        samples.append(time.perf_counter() - began)
    note = f"“{text}”: {seen} rows"
    return Row(what, spread(samples), str(counted.count), note)


def _get(client: Client, path: str) -> int:
    answer = client.get(path)
    if answer.status_code != 200:
        raise SystemExit(f"{path} answered {answer.status_code}")
    return answer.content.decode().count('data-number="')
