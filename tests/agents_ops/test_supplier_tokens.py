"""A supplier's own token: its complaints, nobody else's, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from agents_ops.models import PlaybookRun, SupplierComplaint
from helpdesk.common.errors import InvalidInput
from people.actors import Actor, of_user
from people.models import ApiToken, User
from people.services import create_token, rotate_token
from tests.agents_ops.test_complaints import complained, pending

__all__ = ["pending"]


@pytest.fixture
def complaint(pending: PlaybookRun, agent_officer: Actor) -> SupplierComplaint:
    """To 'Mitra Pulsa'."""
    return complained(pending, agent_officer)


def make(admin: User, integrator: User, supplier: str, scopes: Any = ("suppliers:answer",)) -> Any:
    return create_token(
        actor=of_user(admin),
        user=integrator,
        name="Suplier",
        scopes=scopes,
        expires_at=None,
        supplier=supplier,
    )


def post(client: Client, path: str, key: str, body: Any) -> int:
    headers = {"Authorization": f"Bearer {key}"}
    url = f"/api/v1/{path}"
    return client.post(url, body, content_type="application/json", headers=headers).status_code


@pytest.mark.parametrize(
    ("supplier", "status"),
    [
        ("Mitra Pulsa", 200),
        ("  mitra   PULSA ", 200),
        ("Mitra", 404),
        ("Pulsa Lain", 404),
        ("", 200),
    ],
)
def test_it_answers_its_own_complaints_alone(
    client: Client,
    complaint: SupplierComplaint,
    admin: User,
    integrator: User,
    supplier: str,
    status: int,
) -> None:
    _token, key = make(admin, integrator, supplier)
    path = f"supplier-complaints/{complaint.key}/answers"
    assert post(client, path, key, {"result": "success", "words": "SN 1"}) == status
    complaint.refresh_from_db()
    assert complaint.state == ("settled" if status == 200 else "open")


def test_a_complaint_that_names_nobody_is_no_suppliers(
    client: Client, complaint: SupplierComplaint, admin: User, integrator: User
) -> None:
    SupplierComplaint.objects.update(supplier="")
    _token, key = make(admin, integrator, "Mitra Pulsa")
    assert (
        post(client, f"supplier-complaints/{complaint.key}/answers", key, {"result": "success"})
        == 404
    )


def test_it_does_nothing_else(
    client: Client, complaint: SupplierComplaint, admin: User, integrator: User
) -> None:
    _token, key = make(admin, integrator, "Mitra Pulsa")
    headers = {"Authorization": f"Bearer {key}"}
    for path in ("tickets", "supplier-complaints", f"supplier-complaints/{complaint.key}"):
        assert client.get(f"/api/v1/{path}", headers=headers).status_code == 403, path
    assert post(client, "tickets", key, {}) == 403
    with pytest.raises(InvalidInput) as refused:
        make(admin, integrator, "Mitra Pulsa", ("suppliers:answer", "tickets:read"))
    assert refused.value.code == "supplier_scope"


def test_its_next_key_is_the_same_suppliers_and_a_wider_scope_still_answers(
    client: Client, complaint: SupplierComplaint, admin: User, integrator: User
) -> None:
    token, _key = make(admin, integrator, "Pulsa Lain")
    new, key = rotate_token(actor=of_user(admin), token_id=token.pk, overlap_hours=0)
    assert new.supplier == "Pulsa Lain"
    path = f"supplier-complaints/{complaint.key}/answers"
    assert post(client, path, key, {"result": "success"}) == 404
    _token, wide = make(admin, integrator, "", ("tickets:write",))
    assert post(client, path, wide, {"result": "success"}) == 200


def test_an_administrator_makes_one_on_the_page(
    client: Client, admin: User, integrator: User
) -> None:
    client.force_login(admin)
    form = {
        "user": integrator.pk,
        "name": "Mitra Pulsa",
        "lasts": "90",
        "scopes": ["suppliers:answer"],
        "supplier": "Mitra Pulsa",
    }
    url = reverse("desk:tokens")
    page = client.post(url, form)
    assert page.status_code == 200, page.content.decode()
    assert "khusus Mitra Pulsa" in page.content.decode()
    assert ApiToken.objects.get(name="Mitra Pulsa").supplier == "Mitra Pulsa"
    assert client.post(url, {**form, "scopes": ["tickets:read"]}).status_code == 400
