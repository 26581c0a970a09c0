"""Hot paths: how many statements one complaint and one missed deadline cost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from helpdesk.common import clock
from sla.models import Timer
from sla.services import sweep

pytestmark = pytest.mark.django_db


def test_receive(file_ticket: Any) -> None:
    file_ticket()
    with CaptureQueriesContext(connection, ) as seen:
        file_ticket()
    for q in seen.captured_queries: print(q["sql"][:150])
    print("RECEIVE", len(seen))
    with clock.shifted(timedelta(hours=1, minutes=59)):
        sweep()
    print(Timer.objects.filter(state="armed").values())
    with clock.shifted(timedelta(hours=2, minutes=1)), CaptureQueriesContext(connection) as seen:
        sweep(limit=1)
    for q in seen.captured_queries: print(q["sql"][:150])
    print("BREACH", len(seen))
