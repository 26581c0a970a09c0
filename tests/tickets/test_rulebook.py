"""Drafts of the triage rules: what is wrong with them, publishing, rolling back, a release's offer."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from django.utils import translation

from helpdesk.common.errors import Conflict, InvalidInput, NotAllowed, WrongState
from people.actors import SWEEP, Actor, of_user
from people.models import User
from people.services.reference import read_fixture
from tests.cast import FileTicket
from tests.concurrency.conftest import at_once
from tests.support.triage_rules import A_FROG, frogs, more_words
from tickets.models import TriageDraft, TriageOffer, TriageRules
from tickets.rule_reads import open_offer, problems_of, rules_draft_of
from tickets.rulebook import changed_parts
from tickets.services.rulebook import (
    decline_offer,
    edit_rules_draft,
    load_triage_rules,
    publish_rules_draft,
    rebase_rules_draft,
    roll_back_rules,
    take_offer,
)

pytestmark = pytest.mark.django_db
Body = dict[str, Any]
Change = Callable[[Body], None]


def threshold(name: str, value: int) -> Change:
    return lambda body: body["thresholds"][name].update(amount_idr=value)


@pytest.fixture
def sari(supervisor: User) -> Actor:
    return of_user(supervisor)


@pytest.fixture
def hendra(manager: User) -> Actor:
    return of_user(manager)


def broken(change: Change) -> dict[str, str]:
    body = deepcopy(read_fixture("triage_rules.json"))
    change(body)
    return {problem.path: str(problem.message) for problem in problems_of(body)}


def test_the_shipped_rules_have_no_problem() -> None:
    assert broken(lambda body: None) == {}


@pytest.mark.parametrize(
    ("change", "path", "words"),
    [
        (threshold("mediation", -1), "thresholds.mediation.value", "dari 1 sampai"),
        (more_words("hack", ".. akun"), "concepts.hack.", "tidak dapat dibaca: .. akun"),
        (more_words("hack", "hacker"), "concepts.hack.", "mengulang baris"),
        (lambda b: b["concepts"].pop("hack"), "rules.", "nama ini: hack"),
        (lambda b: b["rules"][0].update(when="no_such"), "rules.press.when", "no_such"),
        (lambda b: b["rules"][0].pop("when"), "rules.press.when", "semua tiket"),
        (
            lambda b: b["rules"][0].update(when={"amount_over": "pending_long"}),
            "rules.press.when",
            "bukan nilai",
        ),
        (lambda b: b["rules"][0].update(when={"tier": ["steel"]}), "rules.press.when", "steel"),
        (lambda b: b["rules"][0].update(category="moon"), "rules.press.category", "kategori"),
        (lambda b: b["rules"][0].update(id=" "), "rules.press.id", "Wajib"),
        (
            lambda b: b["categories"]["order_lost"]["queue"][-1].update(queue="moon"),
            "queue.order_lost.",
            "tidak dikenal",
        ),
        (
            lambda b: b["categories"]["order_lost"]["priority"][-1].update(when="hack"),
            "priority.order_lost.",
            "selalu berlaku",
        ),
        (lambda b: b["flags"]["hashtag"].update(text_from="no.where"), "flags.hashtag.text", "no.where"),
        (lambda b: b["precedence"].pop(), "", "precedence"),
        (lambda b: b["rules"][0].update(when={"future": 1}), "", "future"),
    ],
)  # fmt: skip
def test_each_problem_says_where_it_is(change: Change, path: str, words: str) -> None:
    with translation.override("id"):
        found = broken(change)
    assert any(
        each.startswith(path) and words.lower() in text.lower() for each, text in found.items()
    ), found


def test_a_draft_judges_nothing_until_it_is_published(sari: Actor, file_ticket: FileTicket) -> None:
    draft = edit_rules_draft(actor=sari, change=frogs, revision=0)
    before = file_ticket(subject="", description=A_FROG)
    made = publish_rules_draft(actor=sari, note="Kata baru", revision=draft.revision)
    after = file_ticket(subject="", description=A_FROG)
    assert before.category != after.category == "account_takeover"
    versions = [t.classifications.get().rules_version for t in (before, after)]
    assert versions == [made.version - 1, made.version]
    assert (made.published_by, made.note) == (sari.user, "Kata baru")
    assert not TriageDraft.objects.exists()


def test_an_unsound_draft_is_kept_but_not_published(sari: Actor) -> None:
    edit_rules_draft(actor=sari, change=more_words("hack", ".. akun"))
    with pytest.raises(InvalidInput) as refused:
        publish_rules_draft(actor=sari, note="x")
    assert refused.value.code == "rules_unsound"
    assert any(path.startswith("concepts.hack.") for path in refused.value.fields)
    assert TriageRules.objects.count() == 1


@pytest.mark.parametrize("role", ["officer", "specialist", "integrator", "customer_user"])
def test_others_may_not(request: pytest.FixtureRequest, role: str) -> None:
    actor = of_user(request.getfixturevalue(role))
    for act in (
        lambda: edit_rules_draft(actor=actor, change=threshold("mediation", 1)),
        lambda: publish_rules_draft(actor=actor, note="x"),
        lambda: roll_back_rules(actor=actor, version=1, note="x", seen=1),
        lambda: take_offer(actor=actor),
        lambda: edit_rules_draft(actor=SWEEP, change=threshold("mediation", 1)),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_the_second_publisher_keeps_their_draft_and_brings_it_over(
    sari: Actor, hendra: Actor
) -> None:
    edit_rules_draft(actor=sari, change=threshold("mediation", 6_000_000))
    edit_rules_draft(actor=hendra, change=more_words("hack", "zzkodokzz"))
    publish_rules_draft(actor=sari, note="Batas mediasi")
    with pytest.raises(Conflict) as refused:
        publish_rules_draft(actor=hendra, note="Kata baru")
    assert refused.value.code == "policy_moved_on"
    rebase_rules_draft(actor=hendra)
    made = publish_rules_draft(actor=hendra, note="Kata baru")
    changed = changed_parts(TriageRules.objects.get(version=1).body, made.body)
    assert set(changed) == {("thresholds", "mediation"), ("concepts", "hack")}


@pytest.mark.django_db(transaction=True)
def test_two_publishers_at_once_make_one_version_and_one_refusal(
    supervisor: User, manager: User
) -> None:
    actors = [of_user(supervisor), of_user(manager)]
    for place, actor in enumerate(actors):
        edit_rules_draft(actor=actor, change=threshold("mediation", 6_000_000 + place))
    acts = [lambda a=a: publish_rules_draft(actor=a, note="Sekaligus") for a in actors]
    results = at_once(acts)
    assert sorted(type(result).__name__ for result in results) == ["Conflict", "TriageRules"]
    assert TriageRules.objects.count() == 2
    assert TriageDraft.objects.count() == 1


def test_rolling_back_publishes_the_earlier_rules_anew(sari: Actor) -> None:
    edit_rules_draft(actor=sari, change=threshold("mediation", 6_000_000))
    publish_rules_draft(actor=sari, note="Batas")
    made = roll_back_rules(actor=sari, version=1, note="Kembali", seen=2)
    assert (made.version, made.note) == (3, "Kembali")
    assert made.body == TriageRules.objects.get(version=1).body
    with pytest.raises(WrongState):
        roll_back_rules(actor=sari, version=1, note="Kembali", seen=3)
    with pytest.raises(Conflict):
        roll_back_rules(actor=sari, version=2, note="Kembali", seen=2)


def test_an_untouched_house_gets_a_releases_rules_at_once() -> None:
    body = read_fixture("triage_rules.json")
    body["thresholds"]["mediation"]["amount_idr"] = 7_000_000
    version, offer = load_triage_rules(body)
    assert (version.version, version.body, offer) == (2, body, None)


def test_a_releases_rules_are_offered_where_people_have_published(sari: Actor) -> None:
    edit_rules_draft(actor=sari, change=threshold("mediation", 6_000_000))
    publish_rules_draft(actor=sari, note="Batas")
    shipped = read_fixture("triage_rules.json")
    assert load_triage_rules(shipped)[1] is None
    shipped["concepts"]["hack"].append("zzkodokzz")
    shipped["thresholds"]["mediation"]["amount_idr"] = 9_000_000
    for _again in range(2):
        version, offer = load_triage_rules(shipped)
        assert version.version == 2
        assert offer is not None
    assert TriageOffer.objects.count() == 1

    edit_rules_draft(actor=sari, change=more_words("hack", "zzcicakzz"))
    draft = take_offer(actor=sari)
    assert draft.body["concepts"]["hack"][-2:] == ["zzkodokzz", "zzcicakzz"]
    # The part that the release changed too is the release's only where nobody here had changed it.
    assert draft.body["thresholds"]["mediation"]["amount_idr"] == 6_000_000
    assert open_offer() is None
    with pytest.raises(WrongState):
        take_offer(actor=sari)
    assert load_triage_rules(shipped)[1] is None
    publish_rules_draft(actor=sari, note="Dari rilis")

    shipped["concepts"]["hack"].append("zzkataklagizz")
    load_triage_rules(shipped)
    decline_offer(actor=sari)
    assert rules_draft_of(sari) is None
    assert load_triage_rules(shipped)[1] is None
