"""What the editors of versioned rules do alike: publish a draft, show the versions, go back to one.

Each editor's views are thin: they say whose rules these are (`RulePages`) and call a function of here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from desk.access import DeskRequest
from desk.editing import Bench, Body, lines_of_versions
from desk.policy.forms import PublishForm
from helpdesk.common.drafting import RuleDraft
from helpdesk.common.errors import Refusal
from helpdesk.common.versioned import VersionedData
from people.actors import Actor

SHOWN = 100


@dataclass(frozen=True)
class RulePages:
    """One kind of rules. `overview` and `version` name addresses, `folder` holds the templates.

    `publish(actor, note, revision)` and `restore(actor, version, note, seen)` are the services;
    `sections` is what a version's page shows besides its changes. `restores_on_version`: the form of
    going back stands on every version's page, its note begun; else only on a page of its own.
    """

    overview: str
    version: str
    folder: str
    bench: Callable[[Actor], Bench[Any, Any]]
    versions: Callable[..., Any]
    difference: Callable[[Body, Body], list[Any]]
    publish: Callable[..., VersionedData]
    restore: Callable[..., VersionedData]
    sections: Callable[[DeskRequest, Any], dict[str, Any]]
    restores_on_version: bool = True

    def template(self, name: str) -> str:
        return f"{self.folder}/{name}.html"

    def restoring(self, latest: int, number: int) -> dict[str, Any]:
        """What the form of going back begins with."""
        if not self.restores_on_version:
            return {"seen": latest}
        return {"seen": latest, "note": _("Back to version %(version)s") % {"version": number}}


def publish_page(request: DeskRequest, pages: RulePages) -> HttpResponse:
    """The difference once more, a note, and the draft is in force."""
    bench, status = pages.bench(request.actor), 200
    if bench.draft is None:
        return redirect(pages.overview)
    form = PublishForm(request.POST or None, initial={"revision": bench.revision})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = pages.publish(actor=request.actor, note=data["note"], revision=data["revision"])
        except Refusal as refusal:
            form.refuse(refusal)
            status = refusal.status
        else:
            return _in_force(request, pages, made)
    context = {"section": "rules", "bench": bench, "form": form}
    return render(request, pages.template("publish"), context, status=status)


def history_page(request: DeskRequest, pages: RulePages) -> HttpResponse:
    """Every version with who, when, why and what it changed, the latest first."""
    rows = list(pages.versions(actor=request.actor)[: SHOWN + 1])
    lines = lines_of_versions(rows, pages.difference, SHOWN)
    context = {"section": "rules", "lines": lines, "latest": rows[0].version}
    return render(request, pages.template("history"), context)


def version_page(
    request: DeskRequest,
    pages: RulePages,
    number: int,
    form: PublishForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """One version: what it changed, and what sets it apart from the latest. Raises Http404."""
    rows = pages.versions(actor=request.actor)
    shown, latest = rows.filter(version=number).first(), rows[0]
    if shown is None:
        raise Http404(number)
    before = rows.filter(version=number - 1).first()
    if form is None and pages.restores_on_version:
        form = PublishForm(initial=pages.restoring(latest.version, number))
    older = shown.pk != latest.pk
    context = {
        "section": "rules",
        "version": shown,
        "latest": latest,
        "before": before,
        "changes": pages.difference(before.body, shown.body) if before else None,
        "against_latest": pages.difference(latest.body, shown.body) if older else [],
        "form": form,
        **pages.sections(request, shown),
    }
    return render(request, pages.template("version"), context, status=status)


def restore_page(request: DeskRequest, pages: RulePages, number: int) -> HttpResponse:
    """Put an older version's rules in force again, as a new version."""
    latest = pages.versions(actor=request.actor)[0].version
    form = PublishForm(request.POST or None, initial=pages.restoring(latest, number))
    status = 200
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = pages.restore(
                actor=request.actor,
                version=number,
                note=data["note"],
                seen=data["seen"] or latest,
            )
        except Refusal as refusal:
            form.refuse(refusal)
            status = refusal.status
        else:
            return _in_force(request, pages, made)
    return version_page(request, pages, number, form, status)


def discard(request: DeskRequest, act: Callable[..., object], overview: str) -> HttpResponse:
    return _done(
        request,
        lambda: act(actor=request.actor, revision=revision_of(request)),
        lambda _nothing: _("The draft is gone; the version in force is unchanged."),
        overview,
    )


def rebase(request: DeskRequest, act: Callable[..., RuleDraft], overview: str) -> HttpResponse:
    """Bring the draft onto the version that was put in force meanwhile."""
    done = _("Your changes now stand on version %(version)s. Look at the difference.")
    return _done(
        request,
        lambda: act(actor=request.actor, revision=revision_of(request)),
        lambda draft: done % {"version": draft.base_version},
        overview,
    )


def change(
    request: DeskRequest,
    act: Callable[..., object],
    change: Any,
    done: str,
    page: str,
    *args: Any,
) -> HttpResponse:
    """One change of the draft by a button, and back to `page`."""
    return _done(
        request,
        lambda: act(actor=request.actor, change=change, revision=revision_of(request)),
        lambda _draft: done,
        page,
        *args,
    )


def revision_of(request: DeskRequest) -> int | None:
    """What the page showed; None where it did not say, and nothing is compared."""
    said = request.POST.get("revision", "")
    return int(said) if said.isdecimal() and len(said) < 10 else None


def _done(
    request: DeskRequest,
    act: Callable[[], Any],
    said: Callable[[Any], str],
    page: str,
    *args: Any,
) -> HttpResponse:
    """Back to `page` with what came of it."""
    try:
        made = act()
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said(made))
    return redirect(page, *args)


def _in_force(request: DeskRequest, pages: RulePages, made: VersionedData) -> HttpResponse:
    messages.success(request, _("Version %(version)s is in force.") % {"version": made.version})
    return redirect(pages.version, version=made.version)
