"""Settings of the test suite: the same as everywhere, quicker where no test depends on it."""

from __future__ import annotations

import os

os.environ["TUNTAS_MODE"] = "test"
os.environ.setdefault("LOG_LEVEL", "WARNING")

from helpdesk.settings import *  # noqa: F403
from helpdesk.settings import AGENT_SYSTEMS, DATABASES, STORAGES, SUPPLIERS

# A live server's threads must not keep connections to a database that is about to be replaced.
DATABASES["default"]["CONN_MAX_AGE"] = 0
PREPARES_STATEMENTS = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
SECURE_SSL_REDIRECT = False
# A test sees what it has just done, and nothing of the test before it.
DASHBOARD_SHARES_FIGURES = False
# Sent at once, but where a test is about taking back.
UNDO_SEND_SECONDS = 0
# A test that is about a connector sets one up.
AGENT_SYSTEMS = {**AGENT_SYSTEMS, "kind": "none"}
SUPPLIERS = {**SUPPLIERS, "kind": "none"}
