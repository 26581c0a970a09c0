"""What was looked up, in words; and facts as they may be kept: cut down to what tells two apart."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from agents_ops.connectors.records import AMOUNTS, FACTS, MOMENTS, NAMES, NUMBERS, Fact
from helpdesk.common.durations import wib_text
from helpdesk.common.masking import masked_name, masked_phone
from helpdesk.common.money import idr_text
from people.commerce import Trouble

SYSTEM_NAMES = {
    "transaction": _("Transactions"),
    "deposit": _("Bank mutations and deposit tickets"),
    "payment_gateway": _("Payment gateway"),
    "credit": _("Credit (Bon/TOP)"),
    "balance": _("Balances"),
    "agent": _("Directory of agents"),
    "transaction_log": _("Official transaction log"),
}
RESULTS = {
    "success": _("successful"),
    "pending": _("still pending"),
    "failed": _("failed"),
    "not_found": _("not found"),
    "matched": _("matches the ticket"),
    "differs": _("differs from the ticket"),
    "clear": _("paid off, nothing else open"),
    "owing": _("something is still open"),
    "unspent": _("not spent yet"),
    "spent": _("spent"),
    "active": _("active"),
    "blocked": _("blocked"),
    "issued": _("given out"),
}
TROUBLES = {
    Trouble.OFF: _("no connection is set up"),
    Trouble.TIMEOUT: _("no answer in time"),
    Trouble.UNREACHABLE: _("cannot be reached"),
    Trouble.REFUSED: _("it refuses our key"),
    Trouble.BROKEN: _("its answer cannot be read"),
    Trouble.RESTING: _("it failed several times and rests for a moment"),
}
_NAMES = {
    "at": _("Time"),
    "amount_idr": _("Amount"),
    "balance_idr": _("Balance"),
    "owed_idr": _("Open"),
    "reference": _("Reference"),
    "product": _("Product"),
    "supplier": _("Supplier"),
    "serial": _("SN"),
    "bank": _("Bank"),
    "method": _("Method"),
    "upline": _("Upline"),
    "name": _("Name"),
    "destination": _("Destination number"),
    "phone": _("Phone number"),
}


def masked_facts(facts: Mapping[str, Fact]) -> dict[str, Any]:
    """As they are kept: instants as ISO text, names and numbers masked."""
    kept: dict[str, Any] = {}
    for name, value in facts.items():
        if isinstance(value, datetime):
            kept[name] = value.isoformat()
        elif name in NUMBERS:
            kept[name] = masked_phone(str(value))
        else:
            kept[name] = masked_name(str(value)) if name in NAMES else value
    return kept


def fact_lines(facts: Mapping[str, Any]) -> list[str]:
    """Each kept fact as a line for people."""
    return [f"{_NAMES[name]}: {_shown(name, facts[name])}" for name in FACTS if name in facts]


def _shown(name: str, value: Any) -> str:
    if name in AMOUNTS:
        return idr_text(value)
    return wib_text(datetime.fromisoformat(value)) if name in MOMENTS else str(value)
