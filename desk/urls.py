"""The desk's addresses. Indonesian words, because people see and speak them."""

from __future__ import annotations

from django.urls import path, register_converter

from desk.views import attachments, dashboard, escalations, notices, verbs, work


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
    path("meja/<number:number>/", work.ticket, name="ticket"),
    path("meja/<number:number>/eskalasikan/", escalations.escalate, name="escalate"),
    path("meja/<number:number>/<slug:verb>/", verbs.act, name="verb"),
    path("eskalasi/", escalations.waiting, name="escalations"),
    path("eskalasi/<int:pk>/", escalations.document, name="escalation"),
    path("dasbor/", dashboard.dashboard, name="dashboard"),
    path("dasbor/langsung/", dashboard.live, name="dashboard_live"),
    path("lampiran/<slug:key>/", attachments.attachment, name="attachment"),
    path("pemberitahuan/", notices.notices, name="notices"),
    path("pemberitahuan/dibaca/", notices.read, name="notices_read"),
]
