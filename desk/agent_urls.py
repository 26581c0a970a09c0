"""The desk's addresses for what stands behind a reseller agent's case."""

from __future__ import annotations

from django.urls import path

from desk.views import account_blocks, agent_systems, suppliers, transaction_logs

urlpatterns = [
    path("meja/<number:number>/playbook/cek/", agent_systems.ask, name="playbook_look_up"),
    path("meja/<number:number>/playbook/manual/", agent_systems.by_hand, name="playbook_by_hand"),
    path(
        "meja/<number:number>/playbook/suplier/", suppliers.complain_now, name="supplier_complain"
    ),
    path("meja/<number:number>/playbook/blokir/", account_blocks.block, name="playbook_block"),
    path(
        "meja/<number:number>/playbook/terblokir/",
        account_blocks.by_hand,
        name="playbook_blocked",
    ),
    path("meja/<number:number>/log-masuk/", account_blocks.login_log, name="login_log"),
    path("meja/<number:number>/playbook/log/", transaction_logs.make, name="playbook_log"),
    path(
        "meja/<number:number>/playbook/log-manual/",
        transaction_logs.by_hand,
        name="playbook_log_by_hand",
    ),
    path("log-transaksi/<str:key>/", transaction_logs.download, name="transaction_log"),
    path("suplier/", suppliers.listed, name="supplier_complaints"),
    path("suplier/<slug:key>/", suppliers.complaint, name="supplier_complaint"),
    path("suplier/<slug:key>/tindakan/", suppliers.act, name="supplier_act"),
]
