"""A row in our shape, held against our rules: an entry that can be stored, or what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any

from bahasa.secrets import mask_secrets
from helpdesk.common.contact import normalise_email, normalise_phone
from helpdesk.common.errors import InvalidInput
from helpdesk.common.money import is_amount
from helpdesk.common.text import clean_text
from helpdesk.common.wording import gettext as _
from people.models import Tier
from tickets.models import Message
from tickets.moving.entry import Closing, Entry, Person, Said, Shape, Troubles
from tickets.moving.times import instant_of
from tickets.moving.words import LEFT_OUT, WAITING, Words
from tickets.numbers import read_number
from tickets.states import Channel, Confirmation, Priority, Reporter, State, WantedSolution

LONGEST_TEXT = 20_000
LONGEST_SUBJECT = 200
MOST_TAGS = 20
# What a clock that goes wrong elsewhere may be ahead.
AHEAD = timedelta(minutes=10)
_BROKEN = {0: None, **dict.fromkeys(range(0xD800, 0xE000))}


@dataclass
class Checked:
    """One row under examination. `entry()` is None where it is left out, by an error or by its state."""

    shape: Shape
    words: Words
    zone: tzinfo
    now: datetime
    troubles: Troubles

    def entry(self) -> Entry | None:
        key = self._line("external_id", 64)
        self.troubles.external_id = key
        if not key:
            self.troubles.error("external_id", "required", _("This field is required."))
        state = self._state()
        if state == LEFT_OUT or self.troubles.fatal():
            return None
        received_at = self._received_at()
        description, masked = self._words("description", self.shape.get("description"))
        subject = self._subject() or description.split("\n", 1)[0][:LONGEST_SUBJECT]
        if not description and not subject:
            self.troubles.error("description", "required", _("Tell us what happened."))
        customer, assignee = self._customer(), self._known_person("assignee")
        said = self._said()
        if received_at is None or self.troubles.fatal():
            return None
        closed = state == State.CLOSED
        entry = Entry(
            row=self.troubles.row,
            external_id=key,
            state=State.HANDLED if state == WAITING else state,
            waiting=state == WAITING,
            customer=customer,
            subject=subject,
            description=description or subject,
            masked=masked,
            received_at=received_at,
            number=read_number(str(self.shape.get("number") or "")) or "",
            priority=self._priority(),
            category=self._mapped("categories", "category") or self._line("category", 40),
            queue=self._mapped("queues", "queue") or self._line("queue", 40),
            assignee=assignee,
            channel=self._channel(),
            language=self._choice("language", ("id", "en"), "id"),
            reporter=self._choice("reporter", Reporter.values, Reporter.BUYER),
            tier=self._choice("tier", Tier.values, Tier.REGULAR),
            order_number=self._words("order_number", self._line("order_number", 60))[0][:60],
            wanted_solution=self._choice(
                "wanted_solution", WantedSolution.values, WantedSolution.OTHER
            ),
            amount_idr=self._amount(),
            first_response_at=self._moment("first_response_at"),
            closing=self._closing(received_at, said) if closed else None,
            tags=self._tags(),
            said=said,
        )
        return None if self.troubles.fatal() else entry

    # --- texts ---------------------------------------------------------------------------------------
    def _line(self, name: str, longest: int) -> str:
        """One line; what is longer is no line of ours."""
        text = self._clean(name, self.shape.get(name))
        if len(text) > longest:
            message = _("At most %(most)s characters are possible.") % {"most": longest}
            self.troubles.error(name, "too_long", message)
        return text[:longest]

    def _clean(self, name: str, value: Any) -> str:
        if value is None or isinstance(value, Mapping | list):
            return ""
        text = str(value).translate(_BROKEN)
        return clean_text(text, field=name, max_length=max(len(text), 1), multiline=True)

    def _subject(self) -> str:
        text = self._clean("subject", self.shape.get("subject")).replace("\n", " ")
        return mask_secrets(text).text[:LONGEST_SUBJECT].strip()

    def _words(self, name: str, value: Any) -> tuple[str, tuple[str, ...]]:
        """A text of theirs with its secrets masked, and their kinds; cut where it is endless."""
        text = self._clean(name, value)
        if len(text) > LONGEST_TEXT:
            most = {"most": LONGEST_TEXT}
            self.troubles.warn(name, "cut", _("Cut after %(most)s characters.") % most)
        hidden = mask_secrets(text[:LONGEST_TEXT])
        return hidden.text[:LONGEST_TEXT], tuple(sorted(hidden.kinds))

    # --- their words in ours -------------------------------------------------------------------------
    def _state(self) -> str:
        theirs = self._clean("state", self.shape.get("state"))
        ours = self.words.of("states", theirs)
        if ours is None:
            message = _("This state is not known. Name it under 'states' in the file of words.")
            self.troubles.error("state", "unknown_state", message)
            return LEFT_OUT
        if theirs in (State.ESCALATED, State.MONITORED):
            message = _("Its escalation stays where it was: here it is with the squad.")
            self.troubles.warn("state", "escalation_left", message)
        return WAITING if self.shape.get("waiting") is True and ours == State.HANDLED else ours

    def _priority(self) -> str:
        theirs = self._clean("priority", self.shape.get("priority"))
        if not theirs or theirs in Priority.values:
            return theirs
        ours = self.words.of("priorities", theirs)
        if ours is None:
            message = _("This priority is not known. Name it under 'priorities'.")
            self.troubles.error("priority", "unknown_priority", message)
        return ours or ""

    def _channel(self) -> str:
        theirs = self._clean("channel", self.shape.get("channel"))
        return self.words.of("channels", theirs) or Channel.API

    def _mapped(self, table: str, name: str) -> str:
        """By their group, unless the row says it itself."""
        own = self._clean(name, self.shape.get(name))
        theirs = own or self._clean("group", self.shape.get("group"))
        return self.words.of(table, theirs) or ""

    def _choice(self, name: str, values: Any, otherwise: str) -> str:
        given = self._clean(name, self.shape.get(name))
        if given and given not in values:
            message = _("One of: %(values)s.") % {"values": ", ".join(values)}
            self.troubles.error(name, "invalid_choice", message)
        return given or otherwise

    def _known_person(self, name: str) -> str:
        given = self._clean(name, self.shape.get(name))
        return self.words.of("people", given) or given

    def _tags(self) -> tuple[str, ...]:
        given = self.shape.get("tags")
        tags = [self._clean("tags", tag)[:40] for tag in given] if isinstance(given, list) else []
        if len(tags) > MOST_TAGS:
            message = _("A ticket has at most %(number)s tags.") % {"number": MOST_TAGS}
            self.troubles.warn("tags", "too_many_tags", message)
        return tuple(tag for tag in tags[:MOST_TAGS] if tag)

    def _amount(self) -> int | None:
        given = self.shape.get("amount_idr")
        if given in (None, ""):
            return None
        amount = (
            int(given) if isinstance(given, str) and given.isascii() and given.isdigit() else given
        )
        if is_amount(amount):
            return int(amount)
        message = _("The amount must be a whole number of rupiah, 0 or more.")
        self.troubles.error("amount_idr", "invalid", message)
        return None

    # --- people --------------------------------------------------------------------------------------
    def _customer(self) -> Person:
        given = self.shape.get("customer")
        person = self._person(given if isinstance(given, Mapping) else {}, "customer")
        if not person.email and not person.phone and not self.troubles.fatal():
            message = _("We need an e-mail address or a phone number to answer you.")
            self.troubles.error("customer", "no_contact", message)
        return person

    def _person(self, given: Mapping[str, Any], name: str) -> Person:
        """A contact that cannot be right is left out where the other one can."""
        readers = {"email": normalise_email, "phone": normalise_phone}
        found, wrong = {}, []
        for part, reader in readers.items():
            text = self._clean(f"{name}.{part}", given.get(part)).replace("\n", " ")
            try:
                found[part] = reader(text) if text else ""
            except InvalidInput as refusal:
                found[part] = ""
                wrong.append((f"{name}.{part}", refusal))
        say = self.troubles.warn if any(found.values()) else self.troubles.error
        for place, why in wrong:
            say(place, why.code, why.message)
        called = self._clean(f"{name}.name", given.get("name")).replace("\n", " ")
        return Person(name=called[:150], **found)

    # --- times ---------------------------------------------------------------------------------------
    def _received_at(self) -> datetime | None:
        at = self._moment("received_at")
        if at is None and not self.shape.get("received_at"):
            self.troubles.error("received_at", "required", _("This field is required."))
        return at

    def _moment(self, name: str, value: Any = None, place: str = "") -> datetime | None:
        given = self.shape.get(name) if value is None else value
        if given in (None, ""):
            return None
        at = instant_of(given, self.zone)
        if at is None:
            message = _("This is no date with a time, such as 2026-11-30T14:05:00+07:00.")
            self.troubles.error(place or name, "bad_time", message)
        elif at > self.now + AHEAD:
            self.troubles.error(place or name, "in_future", _("This lies in the future."))
        return at

    def _closing(self, received_at: datetime, said: tuple[Said, ...]) -> Closing | None:
        at = self._moment("closed_at") or self._moment("updated_at")
        at = at or (said[-1].at if said else None)
        if at is None:
            if not self.shape.get("closed_at"):
                self.troubles.error("closed_at", "required", _("This field is required."))
            return None
        if at < received_at:
            message = _("It was closed before it was received.")
            self.troubles.error("closed_at", "before_receipt", message)
        given = self.shape.get("closing")
        form = given if isinstance(given, Mapping) else {}
        confirmation = self._clean("confirmation", form.get("confirmation"))
        return Closing(
            at=at,
            root_cause=self._words("root_cause", form.get("root_cause"))[0],
            solution=self._words("solution", form.get("solution"))[0],
            confirmation=confirmation if confirmation in Confirmation.values else "",
        )

    # --- the conversation ----------------------------------------------------------------------------
    def _said(self) -> tuple[Said, ...]:
        given = self.shape.get("messages") or []
        if not isinstance(given, list):
            self.troubles.error("messages", "not_a_list", _("This must be a list."))
            return ()
        found = [self._message(number, item) for number, item in enumerate(given)]
        return tuple(sorted((said for said in found if said), key=lambda said: said.at))

    def _message(self, number: int, item: Any) -> Said | None:
        place = f"messages.{number}"
        if not isinstance(item, Mapping) or item.get("kind") not in Message.Kind.values:
            self.troubles.error(place, "invalid", _("A message has a kind, a body and a time."))
            return None
        at = self._moment("sent_at", item.get("sent_at") or "", f"{place}.sent_at")
        if at is None:
            if not item.get("sent_at"):
                message = _("This field is required.")
                self.troubles.error(f"{place}.sent_at", "required", message)
            return None
        body, masked = self._words(f"{place}.body", item.get("body"))
        if not body:  # a file alone, or a mere change of a field
            return None
        author = item.get("author")
        names = author if isinstance(author, Mapping) else {}
        mapped = self.words.of("people", str(names.get("email") or "")) or names.get("email")
        name = self._clean(f"{place}.author", names.get("name"))
        address = self._clean(f"{place}.author", mapped).lower()
        return Said(item["kind"], body, at, Person(name=name, email=address), masked)
