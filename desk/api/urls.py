from __future__ import annotations

from django.urls import path

from desk.api import bulk_jobs, incidents, keys, saved_views, views

urlpatterns = [
    path("tickets/<str:number>/actions", views.actions),
    path("me/keys", keys.keys),
    path("incidents", incidents.incidents),
    path("incidents/<int:pk>", incidents.incident),
    path("incidents/<int:pk>/tickets", incidents.members),
    path("incidents/<int:pk>/tickets/removal", incidents.leaving),
    path("incidents/<int:pk>/preview", incidents.preview),
    path("incidents/<int:pk>/runs", incidents.runs),
    path("incident-runs/<int:pk>", incidents.run),
    path("incident-runs/<int:pk>/stop", incidents.run_stop),
    path("bulk-jobs", bulk_jobs.bulk_jobs),
    path("bulk-jobs/<int:pk>", bulk_jobs.bulk_job),
    path("bulk-jobs/<int:pk>/results", bulk_jobs.results),
    path("bulk-jobs/<int:pk>/confirm", bulk_jobs.confirm),
    path("bulk-jobs/<int:pk>/stop", bulk_jobs.stop),
    path("bulk-jobs/<int:pk>/again", bulk_jobs.again),
    path("views", saved_views.views),
    path("views/<int:pk>", saved_views.view),
    path("views/<int:pk>/tickets", saved_views.view_tickets),
]
