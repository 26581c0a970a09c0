"""Signing in and out. One neutral answer to every wrong pair; too many wrong ones rest for a while."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import auth
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from helpdesk.common.errors import TooMany
from people.forms import SignInForm
from people.models import User
from people.services.limits import address_of, count_attempt
from people.views.language import remember_language

QUARTER = timedelta(minutes=15)


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The session's id changes on success; `next` is followed only within the site."""
    if request.user.is_authenticated and request.method == "GET":
        return HttpResponseRedirect(_onward(request, request.user))
    form = SignInForm(request.POST or None)
    if form.is_valid():
        try:
            user = _authenticated(request, form)
        except TooMany as limit:
            return _rest(request, limit.retry_after)
        if user is not None:
            auth.login(request, user)
            return remember_language(HttpResponseRedirect(_onward(request, user)), user.language)
        form.add_error(None, _("E-mail or password is not right."))
    context = {"form": form, "next": _wanted(request)}
    return render(request, "people/sign_in.html", context, status=400 if form.errors else 200)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    auth.logout(request)
    return redirect("people:sign_in")


def _authenticated(request: HttpRequest, form: SignInForm) -> User | None:
    email, password = form.cleaned_data["email"].lower(), form.cleaned_data["password"]
    # Counted in one statement: tries at the same instant cannot slip past as they can past axes.
    count_attempt("sign_in", f"{email}|{address_of(request)}", limit=20, per=QUARTER)
    count_attempt("sign_in_account", email, limit=100, per=QUARTER)
    # One address trying many accounts; a whole office may share one.
    count_attempt("sign_in_address", address_of(request), limit=300, per=QUARTER)
    try:
        user = auth.authenticate(request, email=email, password=password)
    except PermissionDenied:
        return None
    return user if isinstance(user, User) else None


def locked_out(request: HttpRequest, _response: HttpResponse, _credentials: Any) -> HttpResponse:
    """What axes answers while an account rests (setting AXES_LOCKOUT_CALLABLE)."""
    return _rest(request, int(QUARTER.total_seconds()))


def _rest(request: HttpRequest, seconds: int) -> HttpResponse:
    response = render(request, "429.html", status=429)
    response["Retry-After"] = str(seconds)
    return response


def _wanted(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else ""


def _onward(request: HttpRequest, user: object) -> str:
    return _wanted(request) or home_of(user)


def home_of(user: object) -> str:
    """Where a person begins: leads at the dashboard, the desk at its queue, sellers in the Seller
    Center, all others in public."""
    name = "public:home"
    if isinstance(user, User):
        if user.may("view_dashboard"):
            name = "desk:dashboard"
        elif user.works_at_desk:
            name = "desk:queue"
        elif user.shops.exists():
            name = "seller:home"
    try:
        return reverse(name)
    except NoReverseMatch:
        return settings.LOGIN_REDIRECT_URL
