"""The pages for those who complain. A token in an address is a signed link (tickets/tracking.py)."""

from __future__ import annotations

from django.urls import path

from tickets.views import (
    public_actions,
    public_find,
    public_home,
    public_mine,
    public_rate,
    public_report,
    public_track,
)

app_name = "public"
urlpatterns = [
    path("", public_home.home, name="home"),
    path("lapor/", public_report.report, name="report"),
    path("lapor/diterima/", public_report.received, name="received"),
    path("lacak/", public_find.find, name="find"),
    path("nilai/<str:token>/<int:score>/", public_rate.rate, name="rate"),
    path("tiket-saya/", public_mine.mine, name="mine"),
    path("lacak/<str:token>/", public_track.track, name="track"),
    path("lacak/<str:token>/balas/", public_actions.reply, name="reply"),
    path("lacak/<str:token>/konfirmasi/", public_actions.confirm, name="confirm"),
    path("lacak/<str:token>/buka-lagi/", public_actions.reopen, name="reopen"),
    path("lacak/<str:token>/butuh-jawaban/", public_actions.need_reply, name="need_reply"),
    path("lacak/<str:token>/survei/", public_actions.answer_survey, name="survey"),
    path("lacak/<str:token>/lampiran/<slug:key>/", public_track.attachment, name="attachment"),
]
