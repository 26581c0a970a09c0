"""Tags at the desk: on the ticket's page, and the vocabulary that supervisors keep."""

from __future__ import annotations

import pytest

from tickets.models import Tag

pytestmark = pytest.mark.django_db
PAGE = "/aturan/label/"


def test_an_officer_tags_on_the_tickets_page(desk, ticket_in):
    ticket = ticket_in("handled")
    address = f"/meja/{ticket.number}/"
    form = {"tags": "Refund terlambat, VIP", "version": ticket.version}
    shown = desk.post(f"{address}tag/", form, follow=True).content.decode()
    assert ">Refund terlambat</span>" in shown
    assert "Diberi label" in shown
    opened = desk.get(f"{address}?do=tag").content.decode()
    assert 'value="Refund terlambat, VIP"' in opened
    refused = desk.post(f"{address}tag/", {"tags": "!!", "version": ""})
    assert refused.status_code == 400


def test_supervisors_rename_and_merge(sign_in, supervisor, desk, ticket_in):
    ticket = ticket_in("handled")
    desk.post(f"/meja/{ticket.number}/tag/", {"tags": "satu, dua", "version": ""})
    lead = sign_in(supervisor)
    assert "satu" in lead.get(PAGE).content.decode()
    lead.post(f"{PAGE}satu/ganti/", {"label": "Kesatu"})
    assert Tag.objects.get(slug="kesatu").label == "Kesatu"
    lead.post(f"{PAGE}kesatu/gabung/", {"into": "dua"})
    assert Tag.objects.filter(merged_into=None).count() == 1
    assert lead.post(f"{PAGE}dua/ganti/", {"label": "!!"}).status_code == 400
    assert lead.post(f"{PAGE}dua/gabung/", {"into": "entah"}).status_code == 400
    for path in ("", "dua/ganti/", "dua/gabung/"):
        assert desk.post(PAGE + path, {}).status_code in (403, 405)
    assert desk.get(PAGE).status_code == 403
