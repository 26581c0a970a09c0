"""The desk's addresses. Indonesian words, because people see and speak them."""

from __future__ import annotations

from django.urls import path, register_converter

from desk.views import (
    assignment,
    attachments,
    bulk,
    dashboard,
    engine,
    escalations,
    incidents,
    keys,
    ledger,
    live,
    looks,
    macros,
    matrix,
    notices,
    orders,
    palette,
    policies,
    policy_runs,
    policy_versions,
    practice,
    satisfaction,
    saved,
    search,
    shifts,
    status,
    taking,
    verbs,
    work,
)


class NumberConverter:
    """A ticket number as written; anything stranger is no address of ours."""

    regex = "[A-Za-z0-9-]{4,20}"

    def to_python(self, value: str) -> str:
        return value.upper()

    def to_url(self, value: str) -> str:
        return value


register_converter(NumberConverter, "number")

app_name = "desk"
urlpatterns = [
    path("meja/", work.queue, name="queue"),
    path("meja/baris/", work.rows, name="rows"),
    path("meja/kabar/", work.news, name="news"),
    # Before the tickets' own: the practice ticket stands where a ticket would.
    path("latihan/", practice.practice, name="practice"),
    path("meja/LATIHAN/", practice.ticket, name="practice_ticket"),
    path("meja/LATIHAN/hadir/", practice.presence, name="practice_presence"),
    path("meja/LATIHAN/orang/", practice.nobody, name="practice_people"),
    path("meja/LATIHAN/makro/", practice.macros, name="practice_macros"),
    path("meja/LATIHAN/eskalasikan/", practice.escalate, name="practice_escalate"),
    path("meja/LATIHAN/<slug:verb>/", practice.verb, name="practice_verb"),
    path("meja/cari/", search.results, name="search"),
    path("meja/hitungan/", work.counts, name="counts"),
    path("meja/tampilan/", saved.manage, name="saved_views"),
    path("meja/tampilan/baru/", saved.new, name="saved_view_new"),
    path("meja/tampilan/<int:pk>/", saved.edit, name="saved_view"),
    path("meja/tampilan/<int:pk>/pindah/", saved.move, name="saved_view_move"),
    path("meja/tampilan/<int:pk>/hapus/", saved.remove, name="saved_view_drop"),
    path("meja/massal/", bulk.many, name="bulk"),
    path("meja/palet/", palette.more, name="palette"),
    path("tombol/", keys.keys, name="keys"),
    path("meja/terkini/", live.recent, name="recent"),
    path("meja/berikutnya/", taking.take, name="take_next"),
    path("meja/<number:number>/", work.ticket, name="ticket"),
    path("meja/<number:number>/hadir/", live.presence, name="presence"),
    path("meja/<number:number>/eskalasikan/", escalations.escalate, name="escalate"),
    path("meja/<number:number>/makro/", macros.picker, name="macro_picker"),
    path("meja/<number:number>/lihat/", looks.look, name="look"),
    path("meja/<number:number>/pesanan/", orders.orders, name="orders"),
    path("meja/<number:number>/orang/", work.people, name="people"),
    path("meja/<number:number>/<slug:verb>/", verbs.act, name="verb"),
    path("insiden/", incidents.overview, name="incidents"),
    path("insiden/baru/", incidents.new, name="incident_new"),
    path("insiden/pilih/", incidents.choose, name="incident_choose"),
    path("insiden/<int:pk>/", incidents.incident, name="incident"),
    path("insiden/<int:pk>/ubah/", incidents.edit, name="incident_edit"),
    path("insiden/<int:pk>/tiket/", incidents.attach, name="incident_attach"),
    path("insiden/<int:pk>/lepas/", incidents.detach, name="incident_detach"),
    path("insiden/<int:pk>/semua/<slug:verb>/", incidents.order, name="incident_order"),
    path("insiden/putaran/<int:pk>/", incidents.run, name="incident_run"),
    path("insiden/putaran/<int:pk>/langsung/", incidents.run_live, name="incident_run_live"),
    path("insiden/putaran/<int:pk>/hentikan/", incidents.stop, name="incident_stop"),
    path("makro/", macros.library, name="macros"),
    path("makro/baru/", macros.edit, name="macro_new"),
    path("makro/<int:pk>/", macros.edit, name="macro"),
    path("makro/<int:pk>/simpan/", macros.archive, name="macro_archive"),
    path("eskalasi/", escalations.waiting, name="escalations"),
    path("eskalasi/buku/", ledger.book, name="ledger"),
    path("eskalasi/buku/ekspor.csv", ledger.export, name="ledger_csv"),
    path("eskalasi/<int:pk>/", escalations.document, name="escalation"),
    path("eskalasi/<int:pk>/laporan/", escalations.report, name="case_report"),
    path("dasbor/", dashboard.dashboard, name="dashboard"),
    path("dasbor/langsung/", dashboard.live, name="dashboard_live"),
    path("dasbor/mesin/", engine.engine, name="engine"),
    path("dasbor/mesin/langsung/", engine.live, name="engine_live"),
    path("dasbor/mesin/pewaktu/<int:pk>/", engine.retry_parked, name="retry_timer"),
    path("dasbor/mesin/surel/<int:pk>/", engine.retry_letter, name="retry_mail"),
    path("dasbor/kepuasan/", satisfaction.satisfaction, name="satisfaction"),
    path("dasbor/data-pelanggan/", looks.looks, name="looks"),
    path("dasbor/janji/", dashboard.outcomes, name="outcomes"),
    path("status/", status.say, name="status"),
    path("regu/penugasan/", assignment.overview, name="assignment"),
    path("regu/penugasan/<int:pk>/", assignment.person, name="assignment_person"),
    path("regu/jadwal/", shifts.week, name="shifts"),
    path("regu/jadwal/tambah/", shifts.plan, name="shifts_plan"),
    path("regu/jadwal/salin/", shifts.copy, name="shifts_copy"),
    path("regu/jadwal/<int:pk>/hapus/", shifts.remove, name="shifts_remove"),
    path("lampiran/<slug:key>/", attachments.attachment, name="attachment"),
    path("pemberitahuan/", notices.notices, name="notices"),
    path("pemberitahuan/lencana/", live.badge, name="notices_badge"),
    path("pemberitahuan/dibaca/", notices.read, name="notices_read"),
    path("aturan/eskalasi/", matrix.overview, name="matrix"),
    path("aturan/eskalasi/pemicu/", matrix.trigger, name="matrix_trigger_new"),
    path("aturan/eskalasi/pemicu/<slug:code>/", matrix.trigger, name="matrix_trigger"),
    path("aturan/eskalasi/pemicu/<slug:code>/hapus/", matrix.remove, name="matrix_trigger_drop"),
    path("aturan/eskalasi/baris/<slug:category>/", matrix.row, name="matrix_row"),
    path("aturan/eskalasi/formulir/<slug:code>/", matrix.template, name="matrix_form"),
    path("aturan/eskalasi/riwayat/", matrix.versions, name="matrix_history"),
    path("aturan/eskalasi/versi/<int:version>/pulihkan/", matrix.restore, name="matrix_restore"),
    path("aturan/sla/", policies.overview, name="policy"),
    path("aturan/sla/target/", policies.target, name="policy_target_new"),
    path("aturan/sla/target/<slug:code>/", policies.target, name="policy_target"),
    path("aturan/sla/target/<slug:code>/hapus/", policies.remove_target, name="policy_target_drop"),
    path("aturan/sla/kalender/", policies.calendar, name="policy_calendar_new"),
    path("aturan/sla/kalender/<slug:code>/", policies.calendar, name="policy_calendar"),
    path(
        "aturan/sla/kalender/<slug:code>/hapus/",
        policies.remove_calendar,
        name="policy_calendar_drop",
    ),
    path("aturan/sla/lainnya/", policies.rest, name="policy_rest"),
    path("aturan/sla/draf/buang/", policies.discard, name="policy_discard"),
    path("aturan/sla/draf/pindahkan/", policies.rebase, name="policy_rebase"),
    path("aturan/sla/terbitkan/", policy_versions.publish, name="policy_publish"),
    path("aturan/sla/riwayat/", policy_versions.history, name="policy_history"),
    path("aturan/sla/versi/<int:version>/", policy_versions.version, name="policy_version"),
    path(
        "aturan/sla/versi/<int:version>/pulihkan/", policy_versions.restore, name="policy_restore"
    ),
    path("aturan/sla/versi/<int:version>/terapkan/", policy_runs.prepare, name="policy_apply"),
    path("aturan/sla/penerapan/<int:pk>/", policy_runs.application, name="policy_application"),
    path(
        "aturan/sla/penerapan/<int:pk>/langsung/",
        policy_runs.application_live,
        name="policy_application_live",
    ),
    path("aturan/sla/penerapan/<int:pk>/mulai/", policy_runs.apply_now, name="policy_apply_now"),
    path(
        "aturan/sla/penerapan/<int:pk>/hentikan/",
        policy_runs.stop_applying,
        name="policy_apply_stop",
    ),
    path("aturan/sla/simulasi/", policy_runs.try_draft, name="policy_try"),
    path("aturan/sla/simulasi/<int:pk>/", policy_runs.what_if, name="policy_what_if"),
    path(
        "aturan/sla/simulasi/<int:pk>/langsung/",
        policy_runs.what_if_live,
        name="policy_what_if_live",
    ),
    path(
        "aturan/sla/simulasi/<int:pk>/hentikan/",
        policy_runs.stop_what_if,
        name="policy_what_if_stop",
    ),
]
