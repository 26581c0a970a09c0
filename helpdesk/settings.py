"""All settings, read once from the environment. docs/operations.md lists every variable.

Without TUNTAS_MODE the strict mode `production` holds: what is not configured does not start.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from helpdesk import environment as env
from helpdesk.embedded import addresses
from helpdesk.openapi_settings import SPECTACULAR_SETTINGS  # noqa: F401 - a setting like any other
from helpdesk.settings_agents import OF_THEIR_OWN, log_signing, systems

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.text("VAR_DIR", str(BASE_DIR / "var")))

# --- Mode -------------------------------------------------------------------------------------
# production: real users. demo: `make run` on one's own machine. test: the test suite.
TUNTAS_MODE = env.choice("TUNTAS_MODE", ("production", "demo", "test"), default="production")
PRODUCTION = TUNTAS_MODE == "production"
DEMO_SECRET_KEY = "tuntas-demo-key-known-to-everybody-never-for-production"  # noqa: S105

DEBUG = env.flag("DEBUG", default=False)
if PRODUCTION:
    SECRET_KEY = env.required(
        "SECRET_KEY",
        "a production start needs one of its own. On your own machine use `make run`, "
        "or set TUNTAS_MODE=demo.",
    )
    if SECRET_KEY == DEMO_SECRET_KEY or len(SECRET_KEY) < 32:
        raise ImproperlyConfigured(
            "SECRET_KEY: a production start refuses the demo key and keys under 32 characters"
        )
    if DEBUG:
        raise ImproperlyConfigured("DEBUG: a production start refuses DEBUG=true")
else:
    SECRET_KEY = env.text("SECRET_KEY", DEMO_SECRET_KEY)

# --- Address ----------------------------------------------------------------------------------
PORT = env.number("PORT", default=8000, minimum=1)
# Every link in a mail or page that leaves the site is built from this, never from a Host header.
BASE_URL = env.web_address("BASE_URL", "" if PRODUCTION else f"http://127.0.0.1:{PORT}")
_HTTPS = urlsplit(BASE_URL).scheme == "https"
if PRODUCTION and not _HTTPS:
    raise ImproperlyConfigured("BASE_URL: a production start needs an https:// address")
_OWN_HOSTS = [urlsplit(BASE_URL).hostname or ""]
ALLOWED_HOSTS = env.words(
    "ALLOWED_HOSTS", _OWN_HOSTS if PRODUCTION else [*_OWN_HOSTS, "127.0.0.1", "localhost", "[::1]"]
)
if PRODUCTION and "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS: a production start refuses '*'")
CSRF_TRUSTED_ORIGINS = [BASE_URL] if _HTTPS else []
ROOT_URLCONF = "helpdesk.urls"
WSGI_APPLICATION = "helpdesk.wsgi.application"

# --- Applications -----------------------------------------------------------------------------
# Lower apps first: they hear each other's news in this order (helpdesk/common/events.py).
INSTALLED_APPS = [
    "helpdesk",
    "helpdesk.common",
    "people",
    "tickets",
    "sla",
    "escalation",
    "seller_chat",
    "agents_ops",
    "desk",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "axes",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]

MIDDLEWARE = [
    "helpdesk.common.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "helpdesk.common.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "helpdesk.common.html_gzip.HtmlGzipMiddleware",
    "helpdesk.common.request_size.RequestSizeMiddleware",
    "people.api.rates.RateHeadersMiddleware",
    "helpdesk.common.conditional.ConditionalGetMiddleware",
    "helpdesk.common.busy.BusyMiddleware",
    "helpdesk.common.odd_cookies.OddCookiesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.template.context_processors.tz",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "desk.context.page_context",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Database ---------------------------------------------------------------------------------
_DATABASE = env.postgres(
    "DATABASE_URL",
    env.required("DATABASE_URL", "the address of PostgreSQL")
    if PRODUCTION
    else addresses.for_mode(TUNTAS_MODE).database_url,
)
DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        **_DATABASE,
        "CONN_MAX_AGE": env.number("DB_CONN_MAX_AGE", default=600),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "application_name": "tuntas",
            "connect_timeout": 5,
            # No statement, lock or forgotten transaction may hold up its neighbours for long.
            "options": " ".join(
                f"-c {name}={milliseconds}"
                for name, milliseconds in {
                    "statement_timeout": env.number("DB_STATEMENT_TIMEOUT_MS", default=30_000),
                    "lock_timeout": env.number("DB_LOCK_TIMEOUT_MS", default=5_000),
                    "idle_in_transaction_session_timeout": env.number(
                        "DB_IDLE_TRANSACTION_TIMEOUT_MS", default=60_000
                    ),
                }.items()
            ),
            **_DATABASE["OPTIONS"],
        },
    }
}
# Planned once a connection (`helpdesk.common.prepared`), unless a pooler hands out another each time.
PREPARES_STATEMENTS = DATABASES["default"]["CONN_MAX_AGE"] != 0
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Redis: work on its way and a cache; no fact lives there ------------------------------------
REDIS_URL = env.redis(
    "REDIS_URL",
    env.required("REDIS_URL", "the address of Redis or Valkey")
    if PRODUCTION
    else addresses.for_mode(TUNTAS_MODE).redis_url,
)
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "helpdesk.common.forgiving_cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "tuntas",
        "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 0.5},
    }
}

# --- People: sign-in, sessions, cookies ---------------------------------------------------------
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in {
        "UserAttributeSimilarityValidator": {},
        "MinimumLengthValidator": {"min_length": 12},
        "CommonPasswordValidator": {},
        "NumericPasswordValidator": {},
    }.items()
]
LOGIN_URL = "/masuk/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = LOGIN_URL
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _HTTPS
SESSION_COOKIE_NAME = "__Host-sessionid" if _HTTPS else "sessionid"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "tickets.views.csrf.csrf_failure"

# Five wrong passwords for one account from one address: a quarter of an hour's rest.
AXES_USERNAME_FORM_FIELD = "email"  # what people.views.session signs in by
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "people.views.session.locked_out"
AXES_ENABLE_ADMIN = False
# How many proxies of our own stand in front (helpdesk/common/client_address.py).
# Who sends it learns from /readyz how many and how long; without one nobody does.
READY_TOKEN = env.text("READY_TOKEN")
if READY_TOKEN and len(READY_TOKEN) < 16:
    raise ImproperlyConfigured("READY_TOKEN: at least 16 characters")
TRUSTED_PROXIES = env.number("TRUSTED_PROXIES", default=0)
AXES_CLIENT_IP_CALLABLE = "helpdesk.common.client_address.client_address"

# --- Browser's headers; the content security policy is in helpdesk/common/csp.py ----------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION and env.flag("HSTS_SUBDOMAINS", default=False)
SECURE_SSL_REDIRECT = PRODUCTION
# HSTS for subdomains and browsers' built-in lists is for the owner of the whole domain to decide.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- Sizes ------------------------------------------------------------------------------------
DATA_UPLOAD_MAX_MEMORY_SIZE = 3 * 1024 * 1024  # a request's fields, without files
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
# More than the 10 that a form takes, so that the 11th is an error beside the field.
DATA_UPLOAD_MAX_NUMBER_FILES = 30
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024  # a larger file goes to a temporary file first
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
REQUEST_MAX_BYTES = 64 * 1024 * 1024

# --- Files ------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = env.text("STATIC_ROOT", str(VAR_DIR / "static"))
STATICFILES_DIRS = [BASE_DIR / "static"]
# Attachments: read through a checked view only, never served by address.
MEDIA_ROOT = env.text("MEDIA_ROOT", str(VAR_DIR / "media"))
# Who says whether a file carries a virus (tickets/scanning.py); by default nobody is asked.
ATTACHMENT_SCANNER = env.text("ATTACHMENT_SCANNER", "tickets.scanning.nobody")
CLAMD_ADDRESS = env.text("CLAMD_ADDRESS", "/var/run/clamav/clamd.ctl")
CLAMD_SECONDS = env.number("CLAMD_SECONDS", default=10, minimum=1)
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "helpdesk.static_storage.OwnFilesCompressedStorage"},
}

# --- Language and time ------------------------------------------------------------------------
LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Jakarta"  # shown; stored in UTC
FIXTURE_DIRS = [BASE_DIR / "fixtures"]

# --- Mail -------------------------------------------------------------------------------------
if PRODUCTION or env.text("EMAIL_URL"):
    globals().update(env.mail("EMAIL_URL"))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(VAR_DIR / "mail")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", f"Tuntas <no-reply@{_OWN_HOSTS[0]}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- Conversation -------------------------------------------------------------------------------
# How long whoever sends a reply may take it back (0: not at all; at most 60).
UNDO_SEND_SECONDS = env.number("UNDO_SEND_SECONDS", default=10)

# --- Dashboard: what everybody who looks within a second shares in one process -------------------
DASHBOARD_SHARES_FIGURES = True

# --- REST API ---------------------------------------------------------------------------------
# Requests of one token in a minute (people/api/rates.py).
API_RATE_PER_MINUTE = env.number("API_RATE_PER_MINUTE", default=6000, minimum=1)
REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "people.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.IsAuthenticated",
        "people.api.authentication.InScope",
    ],
    "DEFAULT_THROTTLE_CLASSES": ["people.api.rates.TokenRate"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "helpdesk.common.strict_json.StrictJsonParser",
        "rest_framework.parsers.MultiPartParser",
    ],
    "DEFAULT_METADATA_CLASS": None,
    "URL_FORMAT_OVERRIDE": None,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "helpdesk.common.problems.exception_handler",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "NUM_PROXIES": TRUSTED_PROXIES,
}

# --- The marketplace's own systems (docs/customer-data.md) --------------------------------------
COMMERCE_CONNECTOR = env.choice(
    "COMMERCE_CONNECTOR", ("none", "demo", "http"), default="none" if PRODUCTION else "demo"
)
COMMERCE_URL = ""
COMMERCE_TOKEN = env.text("COMMERCE_TOKEN")
COMMERCE_TIMEOUT_MS = env.number("COMMERCE_TIMEOUT_MS", default=2000, minimum=200)
if COMMERCE_CONNECTOR == "http":
    COMMERCE_URL = env.web_address("COMMERCE_URL")
    if PRODUCTION and urlsplit(COMMERCE_URL).scheme != "https":
        raise ImproperlyConfigured("COMMERCE_URL: a production start needs an https:// address")
if PRODUCTION and COMMERCE_CONNECTOR == "demo":
    raise ImproperlyConfigured("COMMERCE_CONNECTOR: a production start refuses the demo's orders")

# --- The systems behind the agents' cases, and the suppliers (docs/suppliers.md) -----------------
AGENT_SYSTEMS = systems("AGENT_SYSTEMS", production=PRODUCTION, parts=OF_THEIR_OWN)
SUPPLIERS = systems("SUPPLIERS", production=PRODUCTION)
LOG_SIGNING = log_signing()

# --- Webhooks: only a test may have a receiver on its own machine --------------------------------
WEBHOOK_LOCAL_TARGETS = False

# --- Logs: one line, one entry ------------------------------------------------------------------
LOG_LEVEL = env.choice("LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), default="INFO")
LOG_FORMAT = env.choice("LOG_FORMAT", ("json", "plain"), default="json" if PRODUCTION else "plain")
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "helpdesk.common.logs.JsonFormatter"},
        "plain": {"()": "helpdesk.common.logs.PlainFormatter"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        # Our own handler, and no mail to administrators on an error.
        "django": {"handlers": [], "level": LOG_LEVEL, "propagate": True},
        "django.request": {"level": "ERROR"},
        "django.server": {"handlers": [], "propagate": True},
        "axes": {"level": "WARNING"},
        # A wake-up every two seconds is no news.
        **{
            name: {"level": "DEBUG" if LOG_LEVEL == "DEBUG" else "WARNING"}
            for name in ("celery.beat", "celery.worker.strategy", "celery.app.trace")
        },
    },
}
