"""What the search reads. None of it is a source: all can be built anew from tickets and messages."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from helpdesk.common.versioned import VersionedData
from tickets.models.ticket import Ticket


class SearchEntry(models.Model):
    """A ticket's words (tickets/search/entry.py). No foreign key is checked: of a ticket that is
    gone a mark tells, and the entry goes after it."""

    ticket = models.OneToOneField(
        Ticket,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="search_entry",
        primary_key=True,
    )
    received_at = models.DateTimeField()
    vector = SearchVectorField()

    class Meta:
        indexes = [
            # Without a list of pending entries: whoever searches would have to read all of it.
            GinIndex(fields=["vector"], name="search_by_word", fastupdate=False),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}"


class SearchMark(models.Model):
    """This ticket's entry is no longer true. Triggers append marks; the indexer takes them away."""

    ticket = models.ForeignKey(
        Ticket, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )

    def __str__(self) -> str:
        return f"{self.ticket_id}"


class SearchWord(models.Model):
    """A word of plain letters and in how many tickets it stands: for beginnings and misspellings."""

    word = models.CharField(max_length=30, primary_key=True)
    seen = models.IntegerField()

    class Meta:
        indexes = [
            GinIndex(
                OpClass("word", name="gin_trgm_ops"),
                name="search_word_by_letters",
                fastupdate=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.word}: {self.seen}"


class SearchWordChange(models.Model):
    """Words that came into an entry (`n` 1) or left it (-1); appended by a trigger, then added up."""

    words = ArrayField(models.TextField())
    n = models.SmallIntegerField()

    def __str__(self) -> str:
        return f"{self.n:+} {len(self.words)}"


class SearchSynonyms(VersionedData):
    """A version of the groups of words that mean the same (fixtures/search_synonyms.json)."""
