"""Settings of the whole project. One file; values come from the environment, with defaults that
work for a developer and refuse to work, unsafely, in production."""

from pathlib import Path

import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
LOCAL_DIR = Path(env("ITSM_LOCAL_DIR", default=str(BASE_DIR / ".local")))

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env("SECRET_KEY", default="")
if not SECRET_KEY:
    raise ImproperlyConfigured("SECRET_KEY is not set. bin/serve makes one; in production set it.")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
SITE_BASE_URL = env("SITE_BASE_URL", default="http://localhost:8000").rstrip("/")
IS_HTTPS = SITE_BASE_URL.startswith("https://")
# web, worker, sweeper or cli: decides how long a statement may take
PROCESS = env("ITSM_PROCESS", default="cli")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_cotton",
    "django_htmx",
    "django_filters",
    "csp",
    "axes",
    "pgtrigger",
    "rest_framework",
    "drf_spectacular",
    "core",
    "calendars",
    "people",
    "cmdb",
    "records",
    "slm",
    "knowledge",
    "incidents",
    "servicedesk",
    "itsm",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.middleware.RequestId",
    "core.middleware.DatabaseUnavailable",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "core.freshness.OwnWrites",
    "people.middleware.Reader",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "core.middleware.NoStore",
    "core.middleware.Refusals",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "itsm.urls"
WSGI_APPLICATION = "itsm.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": ["django_cotton.templatetags.cotton", "core.templatetags.ui"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "core.context.shell",
            ],
        },
    }
]

# --- data -----------------------------------------------------------------------------------
_timeouts = {"web": (5_000, 2_000), "worker": (60_000, 5_000), "sweeper": (60_000, 5_000)}
_statement_ms, _lock_ms = _timeouts.get(PROCESS, (0, 0))
DATABASES = {"default": env.db("DATABASE_URL", default="postgres:///itsm")}
DATABASES["default"].update(
    CONN_MAX_AGE=env.int("CONN_MAX_AGE", default=60),
    CONN_HEALTH_CHECKS=True,
    TEST={"NAME": env("TEST_DATABASE_NAME", default=None)},
)
DATABASES["default"].setdefault("OPTIONS", {}).update(
    connect_timeout=5,
    tcp_user_timeout=15_000,
    options=(
        f"-c statement_timeout={_statement_ms} -c lock_timeout={_lock_ms}"
        " -c idle_in_transaction_session_timeout=60000 -c timezone=UTC"
        # short statements with many joins: compiling or planning them must not cost more than they do
        " -c jit=off -c join_collapse_limit=6"
    ),
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env("REDIS_URL", default="redis://127.0.0.1:6379/0")
MEDIA_ROOT = Path(env("MEDIA_ROOT", default=str(LOCAL_DIR / "media")))
MEDIA_URL = "/media-is-served-by-views/"
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
# Facts that outlive a request but may be lost live in the database; the cache is this process's.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# --- people and sessions --------------------------------------------------------------------
AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "people.backends.PersonBackend"]
LOGIN_URL = "people:sign_in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "people:sign_in"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_NAME = "__Host-session" if IS_HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if IS_HTTPS else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [SITE_BASE_URL]
CSRF_FAILURE_VIEW = "core.views.csrf_failure"
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "people.views.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_IPWARE_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=0)
AXES_IPWARE_META_PRECEDENCE_ORDER = (
    ["HTTP_X_FORWARDED_FOR", "REMOTE_ADDR"] if AXES_IPWARE_PROXY_COUNT else ["REMOTE_ADDR"]
)
SILENCED_SYSTEM_CHECKS = []

# --- browser safety -------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_SSL_REDIRECT = IS_HTTPS and env.bool("SSL_REDIRECT", default=True)
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = IS_HTTPS
if env.bool("BEHIND_TLS_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}

# --- languages ------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LANGUAGE_COOKIE_NAME = "language"
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = "UTC"
PRODUCT_NAME = _("Lanting Service Desk")

# --- static files ---------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env("STATIC_ROOT", default=str(LOCAL_DIR / "static")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# --- work behind the pages ------------------------------------------------------------------
# Celery carries wake-ups, never truth (ARCHITECTURE.md, decision 5): small timeouts everywhere.
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "socket_timeout": 2,
    "socket_connect_timeout": 2,
    "health_check_interval": 15,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
SWEEP_SECONDS = env.float("SWEEP_SECONDS", default=3)
REACTIONS = "itsm.reactions.REACTIONS"
PANELS = "itsm.panels.PANELS"
NAVIGATION = "itsm.navigation.NAVIGATION"
GUARDS = "itsm.guards.GUARDS"
SEARCH = "itsm.search.SOURCES"

# --- mail out -------------------------------------------------------------------------------
# Without a mail server mails are kept, and Settings → Outgoing mail shows them.
EMAIL_BACKEND = env("EMAIL_BACKEND", default="servicedesk.notices.kept.Backend")
EMAIL_FILE_PATH = LOCAL_DIR / "mail"
EMAIL_HOST = env("EMAIL_HOST", default="localhost")
EMAIL_PORT = env.int("EMAIL_PORT", default=25)
EMAIL_HOST_USER = env("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env("EMAIL_HOST_PASSWORD", default="")
# TLS from the first byte (port 465); else after STARTTLS. Certificates are checked in both cases.
EMAIL_USE_SSL = env.bool("EMAIL_USE_SSL", default=False)
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=False) and not EMAIL_USE_SSL
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="desk@lanting.example")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Start with MAIL_HELD=1 after a restore: mails are queued and shown, nothing goes out.
MAIL_HELD = env.bool("MAIL_HELD", default=False)
# Off where nobody reads what comes to the desk's address: mails then do not ask for a reply.
MAIL_TAKES_REPLIES = env.bool("MAIL_TAKES_REPLIES", default=True)
# Seconds before the second, third … try; a server that cannot be reached is asked every 5 minutes.
MAIL_BACK_OFF = env.list("MAIL_BACK_OFF", int, default=[30, 60, 300, 900, 1800, 3600, 7200])

# --- mail in --------------------------------------------------------------------------------
# What is larger is stored and held; a door takes at most twice as much.
MAIL_IN_MOST_BYTES = env.int("MAIL_IN_MOST_BYTES", default=25 * 1024 * 1024)
MAIL_IN_MOST_PARTS = env.int("MAIL_IN_MOST_PARTS", default=300)
# The name under which our own mail server signs Authentication-Results; of others, none is believed.
MAIL_AUTHSERV_ID = env("MAIL_AUTHSERV_ID", default="")

# --- API ------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "people.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["core.api.parsers.StrictJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "core.api.pages.CursorPages",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "core.api.problems.problem_details",
    "PAGE_SIZE": 50,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Lanting Service Desk API",
    "DESCRIPTION": "Everything the pages can do, with the same guards and the same words.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "HoursKindEnum": "calendars.models.Kind",
        "SegmentKindEnum": "slm.api.SEGMENT_KINDS",
        "IncidentKindEnum": "incidents.models.Incident.Kind",
        "TimelineKindEnum": "records.models.timeline.TimelineEntry.Kind",
        "GroupKindEnum": "people.models.SupportGroup.Kind",
        "OrganizationKindEnum": "people.models.Organization.Kind",
        "PersonKindEnum": "people.models.Person.Kind",
        "ServiceKindEnum": "cmdb.models.Service.Kind",
        "IncidentStateEnum": "incidents.models.Incident.State",
        "ServiceStateEnum": "cmdb.models.Service.State",
        "CIStateEnum": "cmdb.models.CI.State",
        "AlarmSeverityEnum": "incidents.models.AlertEvent.Severity",
        "AnnouncementSeverityEnum": "servicedesk.models.Announcement.Severity",
        "ComplaintSeverityEnum": "servicedesk.models.Feedback.Severity",
        "IncidentClosureEnum": "incidents.models.Incident.ClosureVia",
        "RequestClosureEnum": "servicedesk.models.ServiceRequest.ClosureVia",
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "core.logs.RequestIdFilter"}},
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s"}
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["request_id"],
        }
    },
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="WARNING")},
}
# Processes whose silence makes /healthz/ready say 503.
WATCHED_PROCESSES = env.list("WATCHED_PROCESSES", default=["sweeper:clocks", "sweeper:messages"])
