"""What a shop sets up: Holiday Mode, the automatic reply, FAQ answers."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.forms import formset_factory
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from helpdesk.common import clock
from helpdesk.common.errors import NotAllowed, Refusal
from people.models import Shop
from seller_chat.services import (
    Faq,
    begin_holiday,
    change_faq,
    change_reply_settings,
    end_holiday,
)
from seller_chat.talk_forms import AutomaticForm, FaqForm, HolidayForm
from seller_chat.talks import faq_of, holiday_or_404, holidays_of, reply_settings_of, shops_of
from seller_chat.views.edge import ChatRequest, Side, chat_page, try_and_return

EMPTY_FAQ = 2
FaqForms = formset_factory(FaqForm, extra=EMPTY_FAQ, max_num=32, absolute_max=40)


def _shop(request: ChatRequest) -> Shop:
    """Of the signed-in seller: the one that `?shop=` names among their own, else the first."""
    asked = request.GET.get("shop", "") or request.POST.get("shop", "")
    rows = shops_of(request.actor)
    if asked:
        good = asked.isascii() and asked.isdigit() and len(asked) < 19
        rows = rows.filter(pk=int(asked)) if good else rows.none()
    found = rows.first()
    if found is None:
        raise Http404("shop")
    return found


@chat_page
@require_http_methods(["GET", "HEAD", "POST"])
def holiday(request: ChatRequest, side: Side) -> HttpResponse:
    shop, now = _shop(request), clock.for_display()
    form = HolidayForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            begin_holiday(actor=request.actor, shop_id=shop.pk, **form.cleaned_data)
        except NotAllowed:
            raise
        except Refusal as refusal:
            form.take(refusal)
        else:
            done = _("Holiday Mode is set. Running clocks stand still while it is on.")
            return try_and_return(request, lambda: None, _back(shop), done)
    rows = holidays_of(shop.pk, now)
    context = {"side": side, "shop": shop, "form": form, "rows": rows, "now": now}
    return render(request, "seller_chat/holiday.html", context, status=400 if form.errors else 200)


@chat_page
@require_POST
def holiday_end(request: ChatRequest, side: Side, pk: int) -> HttpResponse:
    shop = _shop(request)
    found = holiday_or_404(shop, pk)
    end = partial(end_holiday, actor=request.actor, shop_id=shop.pk, holiday_id=found.pk)
    return try_and_return(request, end, _back(shop), _("Done. Clocks go on with what was left."))


def _back(shop: Shop) -> str:
    return f"{reverse('chat:holiday')}?shop={shop.pk}"


@chat_page
@require_http_methods(["GET", "HEAD", "POST"])
def replies(request: ChatRequest, side: Side) -> HttpResponse:
    """Two forms on one page; `what` says which one came."""
    shop = _shop(request)
    automatic, faq = _automatic(request, shop), _faq(request, shop)
    what = request.POST.get("what")
    if what == "automatic" and automatic.is_valid():
        save = partial(
            change_reply_settings,
            actor=request.actor,
            shop_id=shop.pk,
            **automatic.cleaned_data,
        )
        if _saved(save, automatic):
            return _kept(request, shop)
    elif what == "faq" and faq.is_valid() and _save_faq(request, shop, faq):
        return _kept(request, shop)
    context = {"side": side, "shop": shop, "automatic": automatic, "faq": faq}
    status = 400 if request.method == "POST" else 200
    return render(request, "seller_chat/replies.html", context, status=status)


def _automatic(request: ChatRequest, shop: Shop) -> AutomaticForm:
    if request.POST.get("what") == "automatic":
        return AutomaticForm(request.POST)
    saved = reply_settings_of(shop.pk)
    names = ("when", "text", "opens", "closes", "days")
    return AutomaticForm(initial={name: getattr(saved, name) for name in names})


def _faq(request: ChatRequest, shop: Shop) -> Any:
    if request.POST.get("what") == "faq":
        return FaqForms(request.POST, prefix="faq")
    rows = [{"words": each.words, "answer": each.answer} for each in faq_of(shop.pk)]
    return FaqForms(initial=rows, prefix="faq")


def _saved(save: Any, form: Any) -> bool:
    try:
        save()
    except NotAllowed:
        raise
    except Refusal as refusal:
        form.take(refusal)
        return False
    return True


def _save_faq(request: ChatRequest, shop: Shop, faq: Any) -> bool:
    filled = [form for form in faq if any(form.cleaned_data.get(x) for x in ("words", "answer"))]
    answers = [
        Faq(form.cleaned_data.get("words", ""), form.cleaned_data.get("answer", ""))
        for form in filled
    ]
    try:
        change_faq(actor=request.actor, shop_id=shop.pk, answers=answers)
    except NotAllowed:
        raise
    except Refusal as refusal:
        for name, message in refusal.fields.items():
            _answers, place, field = [*name.split("."), "", ""][:3]
            at = int(place) if place.isdigit() and int(place) < len(filled) else 0
            (filled or list(faq))[at].add_error(field or None, str(message))
        return False
    return True


def _kept(request: ChatRequest, shop: Shop) -> HttpResponse:
    place = f"{reverse('chat:replies')}?shop={shop.pk}"
    return try_and_return(request, lambda: None, place, _("Saved."))
