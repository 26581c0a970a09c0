"""A complaint as it came: cleaned, masked and checked, before anything of it is stored."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from bahasa.secrets import mask_secrets
from bahasa.template import read_template
from helpdesk.common.errors import InvalidInput
from helpdesk.common.money import is_amount
from helpdesk.common.text import clean_text
from helpdesk.common.wording import gettext as _
from people.models import Tier, organisation
from tickets.services.attachments import CheckedFile
from tickets.states import Channel, Reporter, WantedSolution
from tickets.triage import Complaint

MAX_SUBJECT = 200
MAX_HEADLINE = 90
MAX_TEXT = 20_000


@dataclass(frozen=True)
class Report:
    """A complaint as it came. `contact` fields are as typed; `days_open` counts calendar days."""

    channel: str
    description: str
    subject: str = ""
    reporter: str = Reporter.BUYER
    name: str = ""
    email: str = ""
    phone: str = ""
    tier: str = Tier.REGULAR
    order_number: str = ""
    wanted_solution: str = WantedSolution.OTHER
    amount_idr: int | None = None
    days_open: float | None = None
    language: str = "id"


def cleaned(report: Report) -> tuple[Report, tuple[str, ...]]:
    """The report with every text cleaned and masked, template parts taken over, words checked."""
    problems: dict[str, str] = {}
    texts: dict[str, str] = {}
    kinds: list[str] = []
    limits = {
        "subject": MAX_SUBJECT,
        "description": MAX_TEXT,
        "name": 150,
        "order_number": 60,
        "email": 254,
        "phone": 30,
    }
    for field, limit in limits.items():
        try:
            text = clean_text(
                getattr(report, field),
                field=field,
                max_length=limit,
                multiline=field == "description",
            )
        except InvalidInput as error:
            problems.update(error.fields)
            continue
        if field in ("subject", "description", "name", "order_number"):
            hidden = mask_secrets(text)
            text, kinds = hidden.text[:limit], [*kinds, *sorted(hidden.kinds)]
        texts[field] = text
    if texts.get("description") == "":
        problems["description"] = _("Tell us what happened.")
    problems.update(_unknown_words(report))
    if problems:
        raise InvalidInput(_("Please mend the marked fields."), fields=problems)
    filled = _with_template(replace(report, **texts))  # type: ignore[arg-type]
    return filled, tuple(dict.fromkeys(kinds))


def _unknown_words(report: Report) -> dict[str, str]:
    problems: dict[str, str] = {}
    choices = {
        "channel": (Channel.values, _("Unknown channel.")),
        "reporter": (Reporter.values, _("Unknown kind of reporter.")),
        "tier": (Tier.values, _("Unknown tier.")),
        "wanted_solution": (WantedSolution.values, _("Unknown solution.")),
        "language": (["id", "en"], _("Unknown language.")),
    }
    for field, (values, message) in choices.items():
        if getattr(report, field) not in values:
            problems[field] = message
    amount: object = report.amount_idr
    days: object = report.days_open
    if amount is not None and not is_amount(amount):
        problems["amount_idr"] = _("The amount must be a whole number of rupiah, 0 or more.")
    if days is not None and (
        isinstance(days, bool) or not isinstance(days, int | float) or not 0 <= days <= 3650
    ):
        problems["days_open"] = _("The number of days must lie between 0 and 3650.")
    return problems


def _with_template(report: Report) -> Report:
    """Take over what the pasted message template says where the form says nothing."""
    parts = read_template(report.description)
    subject = report.subject
    if parts is not None:
        subject = subject or (parts.problem or "")
        report = replace(
            report,
            name=report.name or (parts.name or "")[:150],
            order_number=report.order_number or (parts.order_number or "")[:60],
            wanted_solution=_wanted(report.wanted_solution, parts.wanted_solution or ""),
        )
    return replace(report, subject=subject[:MAX_SUBJECT].strip() or headline(report.description))


def headline(text: str) -> str:
    """The first line, short enough for a list, cut between words and never inside a mask."""
    line = text.split("\n", 1)[0].strip()
    if len(line) <= MAX_HEADLINE:
        return line
    cut = line[:MAX_HEADLINE].rsplit(" ", 1)[0]
    if cut.rfind("[") > cut.rfind("]"):
        cut = cut[: cut.rfind("[")]
    return f"{cut.rstrip(' ,;:.')}…"


def _wanted(chosen: str, words: str) -> str:
    if chosen != WantedSolution.OTHER or not words:
        return chosen
    lower = words.lower()
    table: dict[str, str] = organisation()["wanted_solution_words"]
    return next((solution for word, solution in table.items() if word in lower), chosen)


def as_complaint(report: Report, *, tier: str) -> Complaint:
    return Complaint(
        channel=report.channel,
        reporter=report.reporter,
        tier=tier,
        amount_idr=report.amount_idr,
        days_open=report.days_open,
        subject=report.subject,
        body=report.description,
    )


def digest_of(report: Report, files: Sequence[CheckedFile]) -> str:
    words: dict[str, Any] = asdict(report)
    if files:
        words["files"] = [(file.name, len(file.content)) for file in files]
    return hashlib.sha256(json.dumps(words, sort_keys=True, default=str).encode()).hexdigest()
