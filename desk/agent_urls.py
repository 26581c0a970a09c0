"""The desk's addresses for what stands behind a reseller agent's case."""

from __future__ import annotations

from django.urls import path

from desk.views import agent_systems, suppliers

urlpatterns = [
    path("meja/<number:number>/playbook/cek/", agent_systems.ask, name="playbook_look_up"),
    path("meja/<number:number>/playbook/manual/", agent_systems.by_hand, name="playbook_by_hand"),
    path(
        "meja/<number:number>/playbook/suplier/", suppliers.complain_now, name="supplier_complain"
    ),
    path("suplier/", suppliers.listed, name="supplier_complaints"),
    path("suplier/<slug:key>/", suppliers.complaint, name="supplier_complaint"),
    path("suplier/<slug:key>/tindakan/", suppliers.act, name="supplier_act"),
]
