"""The pages and the REST API."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")
application = get_wsgi_application()

from helpdesk.checks import (  # noqa: E402
    refuse_demo_people_in_production,
    refuse_unprepared_database_in_production,
)
from helpdesk.common.wsgi_request import ForgivingRequest  # noqa: E402

application.request_class = ForgivingRequest
refuse_demo_people_in_production()
refuse_unprepared_database_in_production()
