from __future__ import annotations

from django.urls import path

from tickets.api import (
    actions,
    assignment,
    conversation,
    directing,
    incidents,
    joining,
    macros,
    taking,
    views,
    watching,
)
from tickets.api import actions, conversation, directing, joining, looks, macros, taking, views
from tickets.api.categories import categories
from tickets.api.search import search

TICKET = "tickets/<str:number>"

urlpatterns = [
    path("categories", categories),
    path("tickets", views.tickets),
    path("tickets/bulk", directing.bulk),
    path("assignment", assignment.teams),
    path("people/<int:pk>/work", assignment.profile),
    path("tickets/next", taking.take),
    path("tickets/search", search),
    path(TICKET, views.ticket),
    path(f"{TICKET}/events", conversation.events),
    path(f"{TICKET}/messages", conversation.messages),
    path(f"{TICKET}/attachments", conversation.attachments),
    path(f"{TICKET}/looks", looks.look),
    path("looks", looks.looks_list),
    path("attachments/<slug:key>", conversation.attachment),
    path("macros", macros.macros),
    path("macros/<int:pk>", macros.macro),
    path(f"{TICKET}/macros/<int:pk>", macros.words),
    path(f"{TICKET}/macro", macros.send),
    path(f"{TICKET}/handle", actions.handle),
    path(f"{TICKET}/assign", actions.assign),
    path(f"{TICKET}/classification", actions.classification),
    path(f"{TICKET}/correction", actions.correction),
    path(f"{TICKET}/confirmation-request", actions.confirmation_request),
    path(f"{TICKET}/confirmation", actions.confirmation),
    path(f"{TICKET}/closing", actions.closing),
    path(f"{TICKET}/reopening", actions.reopening),
    path(f"{TICKET}/survey", actions.survey),
    path(f"{TICKET}/merge", joining.merge),
    path(f"{TICKET}/merge-undo", joining.merge_undo),
    path(f"{TICKET}/split", joining.split),
    path(f"{TICKET}/links", joining.links),
    path(f"{TICKET}/links/removal", joining.link_removal),
    path(f"{TICKET}/incident", incidents.join),
    path(f"{TICKET}/incident/removal", incidents.leave),
    path(f"{TICKET}/incident/words", incidents.words),
    path(f"{TICKET}/watch", watching.watch),
    path(f"{TICKET}/unwatch", watching.unwatch),
    path(f"{TICKET}/watchers", watching.watchers),
    path(f"{TICKET}/hold", directing.hold),
    path(f"{TICKET}/release", directing.release),
    path(f"{TICKET}/pull-forward", directing.forward),
    path(f"{TICKET}/no-reply-needed", directing.no_reply_needed),
    path(f"{TICKET}/reply-needed", directing.reply_needed),
]
