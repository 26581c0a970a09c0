from __future__ import annotations

from django.urls import path

from seller_chat.api import (
    conversations,
    enforcement,
    evaluations,
    messages,
    of_ticket,
    reports,
    reviews,
    shop_settings,
)

TALK = "conversations/<str:key>"

urlpatterns = [
    path("conversations", conversations.conversations),
    path(TALK, conversations.conversation),
    path(f"{TALK}/seen", conversations.seen),
    path(f"{TALK}/no-reply-needed", conversations.no_reply_needed),
    path(f"{TALK}/reply-needed", conversations.reply_needed),
    path(f"{TALK}/reply-clocks", conversations.reply_clocks),
    path(f"{TALK}/messages", messages.messages),
    path(f"{TALK}/withheld", messages.withheld),
    path(f"{TALK}/messages/<int:pk>", messages.message),
    path(f"{TALK}/messages/<int:pk>/second-look", messages.second_look),
    path("chat-attachments/<str:key>", messages.attachment),
    path("reviews", reviews.reviews),
    path("reviews/<int:pk>/look", reviews.review_look),
    path("reviews/<int:pk>/decision", reviews.review_decision),
    path("tickets/<str:number>/conversations", of_ticket.conversations),
    path("tickets/<str:number>/conversations/<int:pk>/look", of_ticket.look),
    path("shops", shop_settings.shops),
    path("shops/<int:pk>/holidays", shop_settings.holidays),
    path("shops/<int:pk>/holidays/<int:holiday>/end", shop_settings.holiday_end),
    path("shops/<int:pk>/automatic-reply", shop_settings.automatic_reply),
    path("shops/<int:pk>/faq", shop_settings.faq),
    path("evaluations", evaluations.evaluations),
    path("evaluations/<int:pk>/messages", evaluations.messages),
    path("violations", enforcement.violations),
    path("violations/<int:pk>", enforcement.violation),
    path("violations/<int:pk>/decision", enforcement.violation_decision),
    path("violations/<int:pk>/appeal", enforcement.violation_appeal),
    path("enforcement-actions", enforcement.actions),
    path("appeals", enforcement.appeals),
    path("appeals/<int:pk>", enforcement.appeal),
    path("appeals/<int:pk>/decision", enforcement.appeal_decision),
    path("buyer-reports", reports.reports),
    path("buyer-reports/<str:key>", reports.report),
    path("buyer-reports/<str:key>/look", reports.look),
    path("buyer-reports/<str:key>/decision", reports.decision),
]
