"""One process's live updates: one listening connection, one reading of the events, many streams.

A call of PostgreSQL wakes the hub at once; without one it looks every second, so that a lost
connection or a pooler that swallows calls makes news later by a second and never loses it.
"""

from __future__ import annotations

import asyncio
import json
import logging
import random
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from django.db import Error, close_old_connections

from desk.live.feed import AT_MOST, Event, Feed, after
from desk.live.listening import Listener
from desk.live.readers import Credentials, Reader, noticed, reader_of, reader_of_id, told
from helpdesk.common.telling import PRESENCE, RIGHTS

Answer = TypeVar("Answer")
logger = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
BREATH_SECONDS = 0.05  # between two readings, so that a burst is read together
BEAT_SECONDS = 15.0
RIGHTS_SECONDS = 10.0
RECHECK_AT_MOST_EVERY = 3.0
MAX_STREAMS = 1_000
MAX_PER_USER = 8
MAX_WAITING = 100
RESET = {"reset": True}


class Full(Exception):
    """No room for another stream, of this person or at all."""


@dataclass(eq=False)
class Stream:
    """One open page. What waits for a slow reader is bounded: then the stream ends, to be resumed."""

    credentials: Credentials
    reader: Reader
    waiting: asyncio.Queue[str | None] = field(
        default_factory=lambda: asyncio.Queue(maxsize=MAX_WAITING)
    )

    def put(self, chunk: str) -> None:
        try:
            self.waiting.put_nowait(chunk)
        except asyncio.QueueFull:
            self.end()

    def end(self) -> None:
        """Let it close: what still waits is dropped, the reader resumes by the last id."""
        while not self.waiting.empty():
            self.waiting.get_nowait()
        self.waiting.put_nowait(None)


def chunk_of(data: dict[str, Any], number: int, *, kind: str = "") -> str:
    """A message of the stream; `number` is where its reader goes on after a cut."""
    name = f"event: {kind}\n" if kind else ""
    return f"{name}id: {number}\ndata: {json.dumps(data, separators=(',', ':'))}\n\n"


class Hub:
    def __init__(self) -> None:
        self.streams: set[Stream] = set()
        self._feed = Feed()
        self._listener = Listener(self._called)
        self._pool = ThreadPoolExecutor(max_workers=2, thread_name_prefix="live")
        self._wake = asyncio.Event()
        self._rights: dict[int, tuple[int, float, Reader | None]] = {}
        self._changes = 0  # of anybody's rights
        self._recheck_at = 0.0
        self._doubted = False  # somebody's rights changed since streams were last checked
        self._tasks: list[asyncio.Task[None]] = []

    async def open(self) -> None:
        with suppress(Error):
            await self.in_thread(self._feed.read)
        self._tasks = [
            asyncio.create_task(work()) for work in (self._listener.run, self._read, self._beat)
        ]

    async def close(self) -> None:
        for stream in list(self.streams):
            stream.end()
        for task in self._tasks:
            task.cancel()
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def in_thread(self, work: Callable[..., Answer], *arguments: Any) -> Answer:
        """Run what asks the database outside the loop, on one of the pool's two connections."""

        def run() -> Answer:
            try:
                return work(*arguments)
            finally:
                close_old_connections()

        return await asyncio.get_running_loop().run_in_executor(self._pool, run)

    # --- streams ------------------------------------------------------------------------------
    def admit(self, credentials: Credentials, reader: Reader) -> Stream:
        """Raises Full."""
        theirs = sum(1 for stream in self.streams if stream.reader.pk == reader.pk)
        if len(self.streams) >= MAX_STREAMS or theirs >= MAX_PER_USER:
            raise Full
        stream = Stream(credentials, reader)
        self.streams.add(stream)
        return stream

    def leave(self, stream: Stream) -> None:
        self.streams.discard(stream)

    async def greet(self, stream: Stream, since: int | None, drawn_at: datetime | None) -> None:
        """What the page may have missed: since an event, or since it was drawn. Call after `admit`,
        so that nothing falls between this and what follows."""
        if since is None and drawn_at is not None:
            since = self._feed.at(drawn_at)
        safe = self._feed.safe
        if since is None or since > self._feed.highest:  # unknown, or of a database since restored
            stream.put(chunk_of(RESET, safe))
            return
        news = await self.in_thread(missed, stream.reader, since)
        stream.put(chunk_of(news, max(since, safe)))

    # --- what happens -------------------------------------------------------------------------
    def _called(self, channel: str, payload: str) -> None:
        if channel == RIGHTS:
            self._changes += 1
            self._doubted = True
        elif channel == PRESENCE:
            self._tell_presence(payload)
        self._wake.set()

    def _tell_presence(self, payload: str) -> None:
        """Who looks at a ticket changed: those who look at it ask who."""
        ticket, _colon, people = payload.partition(":")
        present = {int(word) for word in people.split(",") if word.isdecimal()}
        for stream in list(self.streams):
            if stream.reader.pk in present:
                stream.put(chunk_of({"ticket": int(ticket)}, self._feed.safe, kind="presence"))

    async def _read(self) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_SECONDS):
                    await self._wake.wait()
            self._wake.clear()
            try:
                events = await self.in_thread(self._feed.read)
                if events and self.streams:
                    await self._deliver(events)
                if self._doubted and time.monotonic() > self._recheck_at:
                    await self._recheck()
            except Error as error:
                logger.warning("live updates wait for the database: %s", error)
            except Exception:
                # What streams would have been told is not known to be told: they draw anew.
                logger.exception("live updates failed")
                self._reset_all()
            await asyncio.sleep(BREATH_SECONDS)

    async def _deliver(self, events: list[Event]) -> None:
        if len(events) > AT_MOST:
            self._reset_all()
            return
        people = {stream.reader.pk for stream in self.streams}
        try:
            news = await self.in_thread(self._news_for, people, events)
        except Error:
            self._reset_all()
            raise
        for stream in list(self.streams):
            if found := news.get(stream.reader.pk):
                stream.put(chunk_of(found, self._feed.safe))

    def _reset_all(self) -> None:
        for stream in list(self.streams):
            stream.put(chunk_of(RESET, self._feed.safe))

    def _news_for(self, people: Iterable[int], events: list[Event]) -> dict[int, dict[str, Any]]:
        people = set(people)
        notified = noticed(events, people)
        news = {}
        for pk in people:
            reader = self._reader(pk)
            if reader is not None:
                news[pk] = told(reader, events) | ({"notices": True} if pk in notified else {})
        return news

    def _reader(self, pk: int) -> Reader | None:
        """With the rights of this moment: kept a few seconds, forgotten when anybody's change."""
        changes, until, reader = self._rights.get(pk, (-1, 0.0, None))
        if changes != self._changes or until < time.monotonic():
            # Counted before the reading: what changes meanwhile makes this one void.
            changes = self._changes
            reader = reader_of_id(pk)
            self._rights[pk] = (changes, time.monotonic() + RIGHTS_SECONDS, reader)
        return reader

    # --- who may stay -------------------------------------------------------------------------
    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS * random.uniform(0.9, 1.0))  # noqa: S311 - no secret
            for stream in list(self.streams):
                stream.put(": beat\n" + chunk_of({}, self._feed.safe, kind="beat"))
            self._doubted = True
            self._wake.set()

    async def _recheck(self) -> None:
        self._doubted, self._recheck_at = False, time.monotonic() + RECHECK_AT_MOST_EVERY
        streams = list(self.streams)
        ended = await self.in_thread(
            lambda: [each for each in streams if reader_of(each.credentials) is None]
        )
        for stream in ended:
            stream.end()


def missed(reader: Reader, since: int) -> dict[str, Any]:
    """What happened after this event, as far as the reader may know it; RESET when it is too much."""
    events = after(since, limit=AT_MOST + 1)
    if len(events) > AT_MOST:
        return RESET
    news = told(reader, events)
    return news | ({"notices": True} if noticed(events, [reader.pk]) else {})
