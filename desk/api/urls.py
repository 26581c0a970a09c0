from __future__ import annotations

from django.urls import path

from desk.api import views

urlpatterns = [path("tickets/<str:number>/actions", views.actions)]
