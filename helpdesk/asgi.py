"""The same application for an ASGI server: the door for live streams, which WSGI cannot hold."""

from __future__ import annotations

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")
application = get_asgi_application()

from helpdesk.checks import (  # noqa: E402
    refuse_demo_people_in_production,
    refuse_unprepared_database_in_production,
)

refuse_demo_people_in_production()
refuse_unprepared_database_in_production()
