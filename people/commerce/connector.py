"""The interface that a connector to the marketplace's systems keeps."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

from people.commerce.records import Records, Who


class Trouble(StrEnum):
    """Why nothing could be told; a code for logs and callers."""

    OFF = "off"
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    BROKEN = "broken_answer"
    RESTING = "resting"


class CommerceUnavailable(Exception):
    """The systems did not answer, or with something that cannot be read. Nothing is known, which is
    not the same as nothing being there."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


class CommerceConnector(Protocol):
    """Reads only. Any number of threads may ask at once."""

    def records_of(self, who: Who) -> Records:
        """What is known of `who`: at most MOST_ORDERS orders and MOST_TRANSACTIONS transactions, the
        latest first, the order `who.order_number` among them where it is this customer's; the deposit
        where `who.agent_code` names an agent. Somebody unknown has empty records.

        Answers or raises CommerceUnavailable within the time that the connector is given, never
        anything else.
        """
        ...
