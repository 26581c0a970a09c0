"""Signing in and out, and the reader's language."""

from __future__ import annotations

from django.urls import path

from people.views import language, session

app_name = "people"
urlpatterns = [
    path("masuk/", session.sign_in, name="sign_in"),
    path("keluar/", session.sign_out, name="sign_out"),
    path("bahasa/", language.set_language, name="set_language"),
]
