"""Fynlo's configuration: one page, read from the environment, guarded by `fynlo.checks`.

Every variable is listed in `docs/operations/environment.md`.
"""

from pathlib import Path
from typing import Any

from fynlo.api import schema_settings
from fynlo.backoffice import look
from fynlo.env import Env

env = Env()
BASE_DIR = Path(__file__).resolve().parent.parent
ENVIRONMENT = env.environment()
PRODUCTION, TESTING = ENVIRONMENT == "production", ENVIRONMENT == "test"
DEBUG = env.flag("FYNLO_DEBUG", default=False)

# --- Secrets ----------
INSECURE_SECRET = "insecure-only-for-development-and-tests"  # noqa: S105  refused in production by fynlo.E002
SECRET_KEY = env.secret("FYNLO_SECRET_KEY", INSECURE_SECRET)
SECRET_KEY_FALLBACKS = env.secrets("FYNLO_SECRET_KEY_FALLBACKS", [])
FYNLO_PIN_PEPPER = env.secret("FYNLO_PIN_PEPPER", INSECURE_SECRET)
FYNLO_SEALING_KEYS = env.secrets("FYNLO_SEALING_KEYS", [INSECURE_SECRET])
FYNLO_METRICS_TOKEN = env.secret("FYNLO_METRICS_TOKEN", "")
FYNLO_FAILPOINTS = env.list("FYNLO_FAILPOINTS")  # where tests let a process die; fynlo.E010

# --- Stripe ----------
# The platform's own account: it acts for merchants who connected theirs (docs/concepts/stripe.md).
FYNLO_STRIPE_SECRET_KEY = env.secret("FYNLO_STRIPE_SECRET_KEY", "")
FYNLO_STRIPE_PUBLISHABLE_KEY = env.text("FYNLO_STRIPE_PUBLISHABLE_KEY", "")
FYNLO_STRIPE_WEBHOOK_SECRETS = env.secrets("FYNLO_STRIPE_WEBHOOK_SECRETS", [])
# Its fee on payments of connected accounts: hundredths of a percent, and so much of each currency on top.
FYNLO_STRIPE_FEE_BASIS_POINTS = env.integer("FYNLO_STRIPE_FEE_BASIS_POINTS", 0, minimum=0, maximum=10_000)
FYNLO_STRIPE_FEE_FIXED = env.amounts("FYNLO_STRIPE_FEE_FIXED")
FYNLO_STRIPE_API_BASE = env.text("FYNLO_STRIPE_API_BASE", "")  # not read in production

# --- Hosts ----------
# Merchants' hosts are rows of the domain table and compared exactly by tenants.middleware; this list only
# bounds what Django accepts before that.
FYNLO_BASE_DOMAIN = env.text("FYNLO_BASE_DOMAIN", "localhost")
FYNLO_PLATFORM_HOSTS = env.list("FYNLO_PLATFORM_HOSTS", [FYNLO_BASE_DOMAIN])
FYNLO_PORT = env.integer("FYNLO_PORT", 8000, minimum=1, maximum=65535)
ALLOWED_HOSTS = env.list("FYNLO_ALLOWED_HOSTS", [FYNLO_BASE_DOMAIN, f".{FYNLO_BASE_DOMAIN}"])
CSRF_TRUSTED_ORIGINS = env.list("FYNLO_CSRF_TRUSTED_ORIGINS")

# --- Apps ----------
# Tables of shared apps live in `public`, tables of tenant apps in every merchant's schema; none in both.
SHARED_APPS = [
    "tenants",  # before the library, whose commands (migrate, delete_tenant, …) it replaces
    "django_tenants",
    "fynlo.core",
    "fynlo.observability",
    "fynlo.realtime",
    "fynlo.embedded",
    "fynlo.demo",
    "channels",
    "unfold",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_prometheus",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]
TENANT_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.admin",
    "fynlo.events",
    "fynlo.api",
    "plugins",
    "staff",
    "payments",
    "pos",
    "sync",
]
INSTALLED_APPS = [*SHARED_APPS, *TENANT_APPS]
TENANT_MODEL, TENANT_DOMAIN_MODEL = "tenants.Tenant", "tenants.Domain"
TENANT_LIMIT_SET_CALLS = True
PG_EXTRA_SEARCH_PATHS = ["extensions"]
SKIP_PG_EXTRA_VALIDATION = (
    True  # it queries while apps load; tenant schemas start with `t_` by a database rule
)
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
AUTH_USER_MODEL = "staff.Employee"
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # e-mail is unique in any case of letters, by a constraint
AUTHENTICATION_BACKENDS = ["staff.access.backends.EmployeeBackend", "tenants.backends.OperatorBackend"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MIDDLEWARE = [
    "fynlo.observability.health.HealthMiddleware",
    "fynlo.observability.middleware.RequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "fynlo.api.outage.OutageMiddleware",
    "tenants.middleware.TenantMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "tenants.middleware.AdmissionMiddleware",
]
ROOT_URLCONF, PLATFORM_URLCONF = "fynlo.urls", "fynlo.urls_public"
ASGI_APPLICATION, WSGI_APPLICATION = "fynlo.asgi.application", "fynlo.wsgi.application"
APPEND_SLASH = False
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "fynlo" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# --- Database ----------
# Two roles: the run-time role may not change history or make tables; the owner migrates and onboards.
FYNLO_DATABASE_ROLE = env.text("FYNLO_DATABASE_ROLE", "runtime", allowed=["runtime", "owner"])
_AS_OWNER = FYNLO_DATABASE_ROLE == "owner" and env.has("DATABASE_OWNER_URL")
_NO_DATABASE = "postgres://nobody@127.0.0.1:1/fynlo"
_database = env.database("DATABASE_OWNER_URL") if _AS_OWNER else env.database(default=_NO_DATABASE)
# A server that is silent (a cut cable, a machine that is gone) is an outage as well, after this long.
_database["OPTIONS"] = {"connect_timeout": 5, "tcp_user_timeout": 35_000, **_database["OPTIONS"]}
_database["OPTIONS"].setdefault(
    "options",
    "-c statement_timeout=0"
    if _AS_OWNER
    else "-c statement_timeout=30s -c lock_timeout=5s -c idle_in_transaction_session_timeout=60s",
)
FYNLO_RUNTIME_ROLE = env.database(default=_NO_DATABASE)["USER"]
DATABASES = {
    "default": {
        **_database,
        "CONN_MAX_AGE": env.integer("FYNLO_CONN_MAX_AGE", 300),
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,
    }
}
ORIGINAL_BACKEND = "django_prometheus.db.backends.postgresql"

# --- Redis: cache, channel layer, broker ----------
REDIS_URL = env.text("REDIS_URL", "redis://127.0.0.1:1/0")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_FUNCTION": "fynlo.core.tenancy.cache_key",
    }
}
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "fynlo.realtime.layer.ChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL]},
    }
}
CELERY_BROKER_URL = CELERY_RESULT_BACKEND = REDIS_URL
CELERY_TASK_SERIALIZER = CELERY_RESULT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 300
# Who waits for a provider that is slow keeps nothing else waiting: receipts and the feed have their own queue.
CELERY_TASK_ROUTES = {"payments.*": {"queue": "payments"}}
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_RESULT_EXPIRES = 3600

# --- Sessions, passwords, transport ----------
SESSION_ENGINE = "tenants.sessions"
SESSION_COOKIE_NAME = "__Host-fynlo-session" if PRODUCTION else "fynlo-session"
CSRF_COOKIE_NAME = "__Host-fynlo-csrf" if PRODUCTION else "fynlo-csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SECURE_SSL_REDIRECT = env.flag("FYNLO_SSL_REDIRECT", default=PRODUCTION)
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("FYNLO_BEHIND_TLS_PROXY", default=PRODUCTION) else None
)
# How many of the proxies before us are ours: that many entries of X-Forwarded-For are believed, from its end.
FYNLO_PROXY_COUNT = env.integer(
    "FYNLO_PROXY_COUNT", 1 if SECURE_PROXY_SSL_HEADER else 0, minimum=0, maximum=9
)
X_FRAME_OPTIONS = "DENY"
_FAST_HASHER = ["django.contrib.auth.hashers.MD5PasswordHasher"]
PASSWORD_HASHERS = _FAST_HASHER if TESTING else ["django.contrib.auth.hashers.Argon2PasswordHasher"]
# Argon2id for PINs; memory in KiB. Tests hash a thousand of them and take the least there is.
_FAST_PINS, _SAFE_PINS = {"time_cost": 1, "memory_cost": 8}, {"time_cost": 2, "memory_cost": 19_456}
FYNLO_PIN_HASHING = {"parallelism": 1, **(_FAST_PINS if TESTING else _SAFE_PINS)}
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]

# --- API ----------
REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["sync.terminals.authentication.TerminalAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["fynlo.api.permissions.DeclaredPermission"],
    "DEFAULT_PARSER_CLASSES": ["fynlo.api.parsers.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["fynlo.api.renderers.OrjsonRenderer"],
    "DEFAULT_SCHEMA_CLASS": "fynlo.api.schema.FynloSchema",
    "DEFAULT_METADATA_CLASS": None,  # OPTIONS describes nothing; the OpenAPI document does
    "EXCEPTION_HANDLER": "fynlo.api.problems.exception_handler",
    "UNAUTHENTICATED_USER": None,
    "UNAUTHENTICATED_TOKEN": None,
    "URL_FORMAT_OVERRIDE": None,
    "LIST_SERIALIZER_ERRORS_AS_DICT": True,
}
CSRF_FAILURE_VIEW = "fynlo.api.problems.csrf_failure"
SPECTACULAR_SETTINGS = schema_settings.SPECTACULAR_SETTINGS | {
    # Names of sets of words that several answers use; the others are named after the one that does.
    "ENUM_NAME_OVERRIDES": {
        "AccountKindEnum": "payments.ledger.models.KINDS",
        "StockMovementKindEnum": "pos.inventory.models.StockMovement.KINDS",
        "StockCountKindEnum": "pos.inventory.models.counts.COUNT_KINDS",
        "StockLotKindEnum": "pos.inventory.models.lots.LOT_KINDS",
        "StockPolicyEnum": "pos.inventory.policies.POLICIES",
        "ReservationKindEnum": "pos.inventory.models.reservations.RESERVATION_KINDS",
        "PurchaseOrderStateEnum": "pos.purchasing.states.ORDER.states",
        "LabelSymbolEnum": "pos.labels.symbols.choosing.CHOICES",
        "ReceiptKindEnum": "pos.receipts.document.KINDS",
        "CopiedReceiptKindEnum": "pos.receipts.serializers.inputs.COPIED",
        "SheetKindEnum": "pos.receipts.sheets.SHEET_KINDS",
        "CashSessionStateEnum": "pos.registers.states.SESSION_STATES",
        "OrderLineStateEnum": "pos.orders.states.LINE_STATES",
        "GiftCardKindEnum": "payments.credit.kinds.VALUE_KINDS",
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576

# --- Payments ----------
# A gateway that takes no money, for demonstrations: a real merchant must never believe it.
FYNLO_SIMULATOR = env.flag("FYNLO_SIMULATOR", default=not PRODUCTION)

# --- E-mail ----------
# Without a mail server letters are printed to the log of the worker.
_email = env.email("FYNLO_EMAIL_URL", "console:")
EMAIL_BACKEND = _email["EMAIL_BACKEND"]
EMAIL_FILE_PATH = _email.get("EMAIL_FILE_PATH")
EMAIL_HOST, EMAIL_PORT = _email.get("EMAIL_HOST", ""), _email.get("EMAIL_PORT", 25)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = (
    _email.get("EMAIL_HOST_USER", ""),
    _email.get("EMAIL_HOST_PASSWORD", ""),
)
EMAIL_USE_TLS, EMAIL_USE_SSL = _email.get("EMAIL_USE_TLS", False), _email.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.text("FYNLO_EMAIL_FROM", f"fynlo@{FYNLO_BASE_DOMAIN}")

# --- Realtime, relay, logs, metrics ----------
FYNLO_RELAY_SWEEP_SECONDS = env.integer("FYNLO_RELAY_SWEEP_SECONDS", 5, minimum=1)
FYNLO_SOCKET_HEARTBEAT_SECONDS = env.integer("FYNLO_SOCKET_HEARTBEAT_SECONDS", 20, minimum=1)
FYNLO_SOCKET_RECHECK_SECONDS = env.integer("FYNLO_SOCKET_RECHECK_SECONDS", 60, minimum=1)
FYNLO_LOG_FORMAT = env.text("FYNLO_LOG_FORMAT", "console" if ENVIRONMENT == "development" else "json")
FYNLO_LOG_LEVEL = env.text("FYNLO_LOG_LEVEL", "WARNING" if TESTING else "INFO")
LOGGING_CONFIG = None  # fynlo.observability.logging.configure does it
PROMETHEUS_EXPORT_MIGRATIONS = False

# --- Back office ----------
UNFOLD_MERCHANT, UNFOLD_PLATFORM = look.MERCHANT, look.PLATFORM
LOGIN_URL, LOGIN_REDIRECT_URL = "admin:login", "admin:index"

# --- Language, time, files ----------
LANGUAGE_CODE, TIME_ZONE, USE_TZ, USE_I18N = "en", "UTC", True, True
FORMAT_MODULE_PATH = "fynlo.backoffice.formats"
STATIC_URL, STATIC_ROOT = "/static/", BASE_DIR / "staticfiles"
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not PRODUCTION
_MANIFEST = "whitenoise.storage.CompressedManifestStaticFilesStorage"
_PLAIN = "django.contrib.staticfiles.storage.StaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _MANIFEST if PRODUCTION else _PLAIN},
}
