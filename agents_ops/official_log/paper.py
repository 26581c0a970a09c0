"""The official transaction log on paper: a PDF of A4 pages, its head repeated over the table."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

from django.utils import translation
from django.utils.translation import gettext as _

from agents_ops.connectors import Transaction
from helpdesk.common.durations import wib_text
from helpdesk.common.money import idr_text

MARGIN = 40
WIDTHS = (78, 80, 100, 78, 66, 48, 66)
SMALL, TINY = 8, 7


@dataclass(frozen=True)
class Head:
    """What stands above the table."""

    number: str
    agent_code: str
    agent_name: str
    ticket: str
    since: datetime
    until: datetime
    made_at: datetime


def drawn_log(head: Head, rows: Sequence[Transaction]) -> bytes:
    """In Indonesian, whoever makes it: it is for the police."""
    # The library takes half a second to load, and few processes ever need it.
    from reportlab.lib.pagesizes import A4
    from reportlab.platypus import SimpleDocTemplate

    made = io.BytesIO()
    with translation.override("id"):
        paper = SimpleDocTemplate(
            made,
            pagesize=A4,
            leftMargin=MARGIN,
            rightMargin=MARGIN,
            topMargin=MARGIN,
            bottomMargin=MARGIN + 14,
            title=f"{_('Official transaction log')} {head.number}",
            author="Tuntas",
            lang="id",
        )
        foot = _foot(head)
        paper.build(_story(head, rows), onFirstPage=foot, onLaterPages=foot)
    return made.getvalue()


def _story(head: Head, rows: Sequence[Transaction]) -> list[Any]:
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import Paragraph, Spacer

    styles = getSampleStyleSheet()
    facts = (
        (_("Number"), head.number),
        (_("Agent"), f"{head.agent_code} {head.agent_name}".strip()),
        (_("Ticket"), head.ticket),
        (_("Period"), f"{wib_text(head.since)} – {wib_text(head.until)}"),
        (_("Made at"), wib_text(head.made_at)),
        (_("Transactions"), str(len(rows))),
    )
    lines = [
        Paragraph(f"<b>{escape(str(name))}:</b> {escape(value)}", styles["Normal"])
        for name, value in facts
    ]
    note = _(
        "Taken from the system's records as they were at that time. This document gives data and no "
        "judgement about a case. It is signed electronically: whoever changes it breaks the signature."
    )
    return [
        Paragraph(escape(_("Official transaction log")), styles["Title"]),
        *lines,
        Spacer(1, 10),
        _table(rows),
        Spacer(1, 10),
        Paragraph(escape(note), styles["Italic"]),
    ]


def _table(rows: Sequence[Transaction]) -> Any:
    from reportlab.lib import colors
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph, Table, TableStyle

    cell = ParagraphStyle("cell", fontName="Helvetica", fontSize=TINY, leading=SMALL + 1)
    names = (
        _("Time"),
        _("Reference"),
        _("Product"),
        _("Destination number"),
        _("Amount"),
        _("Status"),
        _("SN"),
    )
    states = {"success": "SUKSES", "pending": "PENDING", "failed": "GAGAL"}
    body = [
        (
            wib_text(row.at),
            row.reference,
            row.product,
            row.destination,
            idr_text(row.amount_idr),
            states[row.status],
            row.serial,
        )
        for row in rows
    ]
    cells = [[Paragraph(escape(str(text)), cell) for text in line] for line in (names, *body)]
    table = Table(cells, colWidths=WIDTHS, repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#e8eef2")),
                ("LINEBELOW", (0, 0), (-1, -1), 0.3, colors.HexColor("#8aa0ad")),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ]
        )
    )
    return table


def _foot(head: Head) -> Any:
    def draw(canvas: Any, paper: Any) -> None:
        canvas.saveState()
        canvas.setFont("Helvetica", SMALL)
        canvas.drawString(MARGIN, MARGIN, head.number)
        page = _("Page %(page)s") % {"page": paper.page}
        canvas.drawRightString(paper.pagesize[0] - MARGIN, MARGIN, page)
        canvas.restoreState()

    return draw
