"""The reader's own keys: looked at, changed, cleared, reset; and single letters on or off."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from desk.access import DeskRequest, desk_page
from desk.judged import JudgedForm
from desk.keys.combos import LONGEST
from desk.keys.own import Keyboard
from desk.keys.registry import COMMANDS
from desk.services import change_key, reset_key, reset_keys, switch_single_keys
from helpdesk.common.errors import Conflict, Refusal


class KeyForm(JudgedForm):
    key = forms.CharField(
        label=gettext_lazy("New key"),
        help_text=gettext_lazy("Press the keys, or write them: r, shift+r, ctrl+/, g a."),
        max_length=LONGEST,
        required=False,
        widget=forms.TextInput(attrs={"data-press-key": "", "autocomplete": "off"}),
    )
    anyway = forms.BooleanField(label=gettext_lazy("Take the key all the same"), required=False)


@require_http_methods(["GET", "POST"])
@desk_page
def keys(request: DeskRequest) -> HttpResponse:
    """The list; with `?change=` one command's form, by POST what `do` names."""
    if request.method == "GET":
        command = COMMANDS.get(request.GET.get("change", ""))
        chosen = command.id if command and not command.fixed else ""
        return _page(request, chosen, KeyForm(auto_id="new_%s"))
    named = request.POST.get("command", "")[:40]
    form = KeyForm(request.POST, auto_id="new_%s")
    try:
        said = _do(request, request.POST.get("do", ""), named, form)
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(
            request, named, form, clash=isinstance(refusal, Conflict), status=refusal.status
        )
    if said is None:
        return _page(request, named, form, status=400)
    messages.success(request, said)
    return redirect(_back(request))


def _do(request: DeskRequest, verb: str, named: str, form: KeyForm) -> str | None:
    """What was done, in words; None where the form is not filled in rightly."""
    actor = request.actor
    if verb == "letters":
        on = request.POST.get("on") == "1"
        switch_single_keys(actor=actor, on=on)
        return _("Single letters work again.") if on else _("Single letters are switched off.")
    if verb == "reset_all":
        reset_keys(actor=actor)
        return _("All shortcuts are as they were at first.")
    if verb == "reset":
        reset_key(actor=actor, command_id=named)
        return _("The shortcut is as it was at first.")
    if verb == "clear":
        change_key(actor=actor, command_id=named, key="")
        return _("The command has no shortcut now.")
    if not form.is_valid() or not form.cleaned_data["key"]:
        if not form.errors:
            form.add_error("key", _("Press the keys that it shall have."))
        return None
    words: dict[str, Any] = form.cleaned_data
    change_key(actor=actor, command_id=named, key=words["key"], anyway=words["anyway"])
    return _("The shortcut is changed.")


def _page(
    request: DeskRequest, chosen: str, form: KeyForm, *, clash: bool = False, status: int = 200
) -> HttpResponse:
    context = {
        "section": "keys",
        "own": Keyboard(request.user),
        "chosen": chosen,
        "form": form,
        "clash": clash,
    }
    return render(request, "desk/keys/page.html", context, status=status)


def _back(request: DeskRequest) -> str:
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else reverse("desk:keys")
