"""Tickets that belong together: merged."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from tickets.api import inputs
from tickets.api.actions import verb
from tickets.api.edge import changed, read_call
from tickets.services import merge_tickets, undo_merge


@verb("Merge tickets into this one", name="merge_tickets", body=inputs.Merge)
def merge(request: Request, number: str) -> Response:
    """Each is closed as a duplicate; its number goes on working and its messages are read here.

    404 `unknown_ticket` for a number that is wrong, unknown or not the caller's to see; 400
    `different_customers`, `same_ticket`; 409 `target_closed`, `target_merged`, `already_merged`,
    `ticket_closed`, `holds_merged`, `held`, `with_a_team`, `escalation_waits`.
    """
    call = read_call(request, number, inputs.Merge)
    merge_tickets(**call.change, **call.values)
    return changed(call)


@verb("Undo a merge", name="undo_merge", body=inputs.Nothing)
def merge_undo(request: Request, number: str) -> Response:
    """Of the ticket that was merged, within a day: it is again what it was, deadlines too.

    409 `not_merged`, `undo_expired`.
    """
    call = read_call(request, number, inputs.Nothing)
    undo_merge(**call.change)
    return changed(call)
