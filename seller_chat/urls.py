"""The Seller Center. Indonesian words, because people see and speak them."""

from __future__ import annotations

from datetime import date

from django.urls import path, register_converter

from seller_chat.views import home, reports, violations


class DayConverter:
    """A day as 2026-11-09; anything stranger is no address of ours."""

    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return value.isoformat()


register_converter(DayConverter, "day")

app_name = "seller"
urlpatterns = [
    path("penjual/", home.home, name="home"),
    path("penjual/pekan/<day:monday>/", home.messages, name="week"),
    path("penjual/pelanggaran/<int:pk>/", violations.violation, name="violation"),
    path("penjual/dokumen/<slug:key>/", violations.document, name="document"),
    path("penjual/laporkan/<slug:key>/", reports.report, name="report_buyer"),
    path("penjual/laporan/<slug:key>/", reports.reported, name="report"),
]
