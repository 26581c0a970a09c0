"""Whatever the document of the API allows, and what it does not, sent as each role.

`make fuzz` runs this; the suite does not collect it. Every check of schemathesis that holds for us must
pass: no 5xx, no status, header, media type or body that the document does not tell of, nothing read that
the document refuses, no operation that answers without a token. Requests run in the process, in a
transaction that is rolled back, by a fixed seed.

    make fuzz                                        a few of each operation, as each role
    make fuzz ARGS="--examples 50 --seed 7"          more, and others
    make fuzz ARGS="-k officer"                      as one role
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import hypothesis
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection
from django.test import override_settings
from hypothesis import HealthCheck, Phase, strategies
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import FailureGroup

from deploy.openapi import present
from helpdesk.wsgi import application
from people.models import User
from people.services import issue_token
from tests.cast import FileTicket

ROLES = (
    *("ratna", "joko", "wahyu", "dimas", "sari", "hendra", "farah", "maya", "sistem", "admin"),
)
# However slow the machine is, each role tries so many operations.
LEAST = 25
# A rule of ours may refuse what fits the schema (an unknown team, a ticket in another state), so that
# a fitting request need not be taken; 400 with its field and code is an answer that the document names.
# A thing of one role is nobody else's, and none is deleted twice in one random request.
LEFT_OUT = (
    *("positive_data_acceptance", "use_after_free", "ensure_resource_availability"),
    *("object_level_authorization", "unsupported_method"),
)

# Whoever names an old version is told of that before anybody reads the body.
REFUSALS = ["400", "401", "403", "404", "406", "409", "412", "413", "415", "422", "429"]
CONFIG = {"checks": {"negative_data_rejection": {"expected-statuses": REFUSALS}}}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return present()


@pytest.fixture
def tickets(file_ticket: FileTicket) -> list[str]:
    return [file_ticket().number, file_ticket(subject="paket hilang").number]


@pytest.fixture(autouse=True)
def kept_connection() -> Iterator[None]:
    """As Django's own test client: no request closes the connection that holds the transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def _excluded() -> list[Any]:
    load_all_checks()
    return CHECKS.get_by_names(LEFT_OUT)


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_nothing_undocumented_comes_back(
    role: str,
    document: dict[str, Any],
    tickets: list[str],
    people: dict[str, User],
    request: pytest.FixtureRequest,
) -> None:
    options = request.config.option
    until = time.monotonic() + options.fuzz_seconds / len(ROLES)
    _token, key = issue_token(user=people[role], name="fuzz")
    schema = schemathesis.openapi.from_dict(document, config=SchemathesisConfig.from_dict(CONFIG))
    schema.app = application
    found: dict[str, str] = {}
    reached, statuses = 0, Counter[int]()
    with connection.cursor() as cursor:
        # Making requests up takes its time, and all of them are one transaction.
        cursor.execute("SET idle_in_transaction_session_timeout = 0")
    with override_settings(API_RATE_PER_MINUTE=10**9):
        for operation in _turned(schema, role, options.fuzz_seed):
            if reached >= LEAST and time.monotonic() > until:
                break
            reached += 1
            if words := _try(operation, key, tickets, options, statuses):
                found[operation.label] = words
    print(f"{role}: {reached} operations, answers {dict(sorted(statuses.items()))}")
    assert len(statuses) > 1, "everything was answered alike: nothing was tried"
    assert not found, "\n\n".join(f"{name}\n{words}" for name, words in sorted(found.items()))


def _turned(schema: Any, role: str, seed: int) -> Iterator[Any]:
    """All operations; each role begins elsewhere, so that a short run reaches all of them."""
    operations = [found.ok() for found in schema.get_all_operations()]
    start = (seed + ROLES.index(role) * len(operations) // len(ROLES)) % len(operations)
    yield from operations[start:] + operations[:start]


def _try(operation: Any, key: str, tickets: list[str], options: Any, statuses: Counter[int]) -> str:
    """What is wrong with the operation, in schemathesis's words; '' for nothing."""
    excluded = _excluded()
    modes = [operation.as_strategy(mode) for mode in _modes(operation)]

    @hypothesis.seed(options.fuzz_seed)
    @hypothesis.settings(
        max_examples=options.fuzz_examples,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
    )
    @hypothesis.given(case=strategies.one_of(modes), real=strategies.sampled_from([*tickets, ""]))
    def send(case: Any, real: str) -> None:
        _aim(case, real)
        answer = case.call_and_validate(
            headers={"Authorization": f"Bearer {key}"}, excluded_checks=excluded
        )
        statuses[answer.status_code] += 1

    return _told(send)


def _told(send: Callable[[], None]) -> str:
    try:
        send()
    except FailureGroup as group:
        return "\n".join(str(failure) for failure in group.exceptions)
    except Exception as error:  # noqa: BLE001 - a failure is one, whatever its class
        return f"{type(error).__name__}: {error}"
    return ""


def _modes(operation: Any) -> list[GenerationMode]:
    """Nothing can be wrong about a request without a part that could be."""
    parts = operation.body or operation.query or operation.path_parameters or operation.headers
    return [GenerationMode.POSITIVE, *([GenerationMode.NEGATIVE] if parts else [])]


def _aim(case: Any, real: str) -> None:
    """At a ticket that is there; and a wait for news would only wait."""
    if real and "number" in (case.path_parameters or {}):
        case.path_parameters["number"] = real
    if "wait" in (case.query or {}):
        case.query["wait"] = 0
