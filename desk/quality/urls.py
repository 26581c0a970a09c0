"""The addresses of quality."""

from __future__ import annotations

from django.urls import path

from desk.views import quality, quality_reviews

QUALITY = [
    path("mutu/", quality.overview, name="quality"),
    path("mutu/saya/", quality.mine, name="quality_mine"),
    path("mutu/saya/dibaca/", quality.read_notes, name="quality_notes_read"),
    path("mutu/orang/<int:pk>/", quality.person, name="quality_person"),
    path("mutu/kontak-pertama/", quality.contacts, name="quality_contacts"),
    path("mutu/langkah/", quality.steps, name="quality_steps"),
    path("mutu/langkah/catatan/", quality.records, name="quality_records"),
    path("mutu/kasus/", quality.ended_cases, name="quality_ended"),
    path("mutu/penilaian/", quality_reviews.listed, name="quality_reviews"),
    path("mutu/penilaian/sampel/", quality_reviews.sample, name="quality_sample"),
    path("mutu/penilaian/<int:pk>/", quality_reviews.review, name="quality_review"),
    path("mutu/tiket/<str:number>/", quality_reviews.pick, name="quality_pick"),
]
