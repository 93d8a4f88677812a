"""Settings, all of them from the environment (twelve-factor); the README has the table."""

import secrets
import tomllib
from datetime import date, time, timedelta
from importlib.util import find_spec
from ipaddress import ip_network
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
VERSION: str = tomllib.loads((BASE_DIR / "pyproject.toml").read_text())["project"]["version"]
env = environ.Env()

DATA_DIR = Path(env.str("DATA_DIR", str(BASE_DIR / "data"))).resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)
DEBUG = env.bool("DEBUG", False)


def _kept_secret(path: Path) -> str:
    """Return the installation's own key, made at the first start and readable by its owner only."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


SECRET_KEY = env.str("SECRET_KEY", "") or _kept_secret(DATA_DIR / "secret_key")
FEED_KEY = env.str("FEED_KEY", "") or _kept_secret(DATA_DIR / "feed_key")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
BASE_URL = env.str("BASE_URL", "http://127.0.0.1:8000").rstrip("/")
_is_https = BASE_URL.startswith("https://")
FIXED_TODAY: date | None = (
    date.fromisoformat(env.str("FIXED_TODAY")) if env.str("FIXED_TODAY", "") else None
)
DEMO = env.bool("DEMO", False)

INSTALLED_APPS = [
    "config",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.admin",
    "django.forms",
    "rest_framework",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rules",
    "accounts",  # before allauth: its sign-in pages are ours
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "plans",
    "tracking",
    "notifications",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.content_security_policy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.sessions.SessionEnds",
    "config.middleware.SignInRequired",
    "accounts.duties.FirstThings",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "config.middleware.RequestKeys",
    "config.middleware.DomainErrors",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context_processors.frame",
            ],
            "builtins": ["django_htmx.templatetags.django_htmx", "rules.templatetags.rules"],
        },
    }
]
FORM_RENDERER = "config.renderers.FormRenderer"

DATABASES = {"default": env.db_url("DATABASE_URL", f"sqlite:///{DATA_DIR / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Django's own defaults fail with "database is locked" under four writing processes.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
_profile = env.str("PASSWORD_PROFILE", "djbh")
if _profile not in ("djbh", "nist"):
    raise ImproperlyConfigured("PASSWORD_PROFILE 只能是 djbh 或 nist")
_is_djbh = _profile == "djbh"
PASSWORDS_AGE = _is_djbh and not DEMO
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10 if _is_djbh else 15},
    },
    *([{"NAME": "accounts.passwords.ClassesValidator"}] if _is_djbh else []),
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.passwords.ContextValidator"},
    {"NAME": "accounts.passwords.HistoryValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "accounts.adapter.ClosedAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", 0)
OIDC_SERVER_URL = env.str("OIDC_SERVER_URL", "")
OIDC_NAME = env.str("OIDC_NAME", "统一身份认证")
OIDC_USERNAME_CLAIM = env.str("OIDC_USERNAME_CLAIM", "preferred_username")
OIDC_PROVIDER = "house"
if OIDC_SERVER_URL:
    INSTALLED_APPS += ["allauth.socialaccount", "allauth.socialaccount.providers.openid_connect"]
    SOCIALACCOUNT_ADAPTER = "accounts.oidc.RegisteredAlone"
    SOCIALACCOUNT_AUTO_SIGNUP = False
    SOCIALACCOUNT_STORE_TOKENS = False
    SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
    SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": OIDC_PROVIDER,
                    "name": OIDC_NAME,
                    "client_id": env.str("OIDC_CLIENT_ID"),
                    "secret": env.str("OIDC_CLIENT_SECRET"),
                    "settings": {"server_url": OIDC_SERVER_URL},
                }
            ],
        }
    }
LDAP_URL = env.str("LDAP_URL", "")
if LDAP_URL:
    if find_spec("django_auth_ldap") is None:
        raise ImproperlyConfigured("设了 LDAP_URL，但没有安装 ldap 附加包，见运维手册“统一登录”。")
    AUTHENTICATION_BACKENDS.insert(2, "django_auth_ldap.backend.LDAPBackend")
    AUTH_LDAP_SERVER_URI = LDAP_URL
    AUTH_LDAP_START_TLS = env.bool("LDAP_START_TLS", LDAP_URL.startswith("ldap://"))
    AUTH_LDAP_USER_DN_TEMPLATE = env.str("LDAP_USER_DN")  # uid=%(user)s,ou=people,dc=example
    AUTH_LDAP_NO_NEW_USERS = True
    AUTH_LDAP_ALWAYS_UPDATE_USER = False
    AUTH_LDAP_CONNECTION_OPTIONS = {0x5005: 5}  # OPT_NETWORK_TIMEOUT, in seconds
ACCOUNT_EMAIL_SUBJECT_PREFIX = "【实施方案任务督办】"
SECOND_FACTOR = env.bool("SECOND_FACTOR", not DEMO)
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses come from the register, not from sign-up
MFA_TOTP_ISSUER = "实施方案任务督办"

PASSWORD_RESET_TIMEOUT = 30 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _is_https
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_IDLE = timedelta(minutes=env.int("SESSION_IDLE_MINUTES", 20))
SESSION_WHOLE = timedelta(hours=8)
SESSION_COOKIE_AGE = 10 * 60 * 60  # longer than a session lives, so that its end is noticed
CSRF_TRUSTED_ORIGINS = [BASE_URL]
SECURE_SSL_REDIRECT = False  # the proxy in front redirects; /healthz is asked over plain HTTP
SECURE_HSTS_SECONDS = 31_536_000 if _is_https else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _is_https else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", str(DATA_DIR / "static")))
MEDIA_ROOT = DATA_DIR / "files"
MAILBOX_ROOT = DATA_DIR / "mailbox"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
UPLOAD_MAX_BYTES = env.int("UPLOAD_MAX_BYTES", 20 * 1024 * 1024)
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

EMAIL_URL = env.str("EMAIL_URL", "")
if EMAIL_URL:
    globals().update(env.email_url("EMAIL_URL"))
    EMAIL_TIMEOUT = env.float("EMAIL_TIMEOUT_SECONDS", 30)
else:
    EMAIL_BACKEND = "notifications.channels.mailbox.EmailBackend"
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "实施方案任务督办 <noreply@localhost>")
CONTACT_LINE = env.str("CONTACT_LINE", "")
REMIND_FROM = time.fromisoformat(env.str("REMIND_FROM", "08:30"))
REMIND_UNTIL = time.fromisoformat(env.str("REMIND_UNTIL", "18:00"))
WEEKLY_MAILS = env.int("WEEKLY_MAILS", 4)
DEAD_PERCENT = env.int("DEAD_PERCENT", 5)
MOST_TRIES = env.int("MOST_TRIES", 12)
MAILS_AT_ONCE = env.int("MAILS_AT_ONCE", 50)
# The delays of the engine; the operator guide says what each is for.
SWEEP_EVERY_SECONDS = env.float("SWEEP_EVERY_SECONDS", 60)
SWEEP_STALE_SECONDS = env.float("SWEEP_STALE_SECONDS", 300)
CLOCK_SKEW_SECONDS = env.float("CLOCK_SKEW_SECONDS", 120)
SEND_FOR_SECONDS = env.float("SEND_FOR_SECONDS", 50)
FRESH_SECONDS = env.float("FRESH_SECONDS", 10)
LEASE_SECONDS = env.float("LEASE_SECONDS", 300)
RESEND_AFTER_SECONDS = env.float("RESEND_AFTER_SECONDS", 600)
BACKOFF_SECONDS = env.list("BACKOFF_SECONDS", float, [60, 120, 300, 600, 1800, 3600, 7200])
AWAY_SECONDS = env.list("AWAY_SECONDS", float, [60, 300])
UNSENT_AFTER_SECONDS = env.float("UNSENT_AFTER_SECONDS", 1800)
BROKER_WAIT_SECONDS = env.float("BROKER_WAIT_SECONDS", 1)
BROKER_AWAY_SECONDS = env.float("BROKER_AWAY_SECONDS", 30)
FAILPOINT = env.str("FAILPOINT", "")  # for tests of crashes: kills the process at a named line

ROBOT_HOSTS = env.list("ROBOT_HOSTS", default=[])
ROBOT_PRIVATE = env.bool("ROBOT_PRIVATE", False)
METRICS_TOKEN = env.str("METRICS_TOKEN", "")
METRICS_FROM = [ip_network(part) for part in env.list("METRICS_FROM", default=[])]

REDIS_URL = env.str("REDIS_URL", "")
CELERY_BROKER_URL = REDIS_URL or "memory://"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_SOFT_TIME_LIMIT = 90
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": env.int("BROKER_VISIBILITY_SECONDS", 600),
    "unacked_restore_throttle": 1,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
}
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")
AFTER_COMMIT = "config.celery.wake" if REDIS_URL else ""

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api.authentication.TokenAuthentication",
        "accounts.api.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["config.scopes.InScope"],
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.AnonRateThrottle",
        "accounts.api.throttling.TokenRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {
        "anon": env.str("API_RATE_ANONYMOUS", "60/min"),
        "user": env.str("API_RATE_USER", "600/min"),
    },
    "NUM_PROXIES": ALLAUTH_TRUSTED_PROXY_COUNT,
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "config.pages.Pages",
    "DEFAULT_SCHEMA_CLASS": "config.schema.Schema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["accounts.api.parsers.JSONParser"],
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "config.api.problem",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "实施方案任务督办 API",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "ENUM_NAME_OVERRIDES": {
        "DepartmentKindEnum": "accounts.choices.DepartmentKind",
        "ExternalKindEnum": "accounts.choices.ExternalKind",
        "NameKindEnum": "accounts.choices.NameKind",
        "TokenScopeEnum": "accounts.choices.TokenScope",
        "ScanStateEnum": "accounts.choices.ScanState",
        "RoleEnum": "accounts.choices.Role",
        "ImportStatusEnum": "plans.choices.ImportStatus",
        "SeverityEnum": "plans.choices.Severity",
        "ReportModeEnum": "tracking.choices.ReportMode",
        "PastChoiceEnum": "tracking.choices.PastChoice",
        "ReminderStatusEnum": "notifications.choices.ReminderStatus",
        "ChannelEnum": "notifications.choices.Channel",
        "EditionStatusEnum": "plans.choices.EditionStatus",
        "ResponsibilityRoleEnum": "plans.choices.ResponsibilityRole",
        "NameSortEnum": "plans.choices.NameSort",
        "DeadlineKindEnum": "plans.choices.DeadlineKind",
        "AssignmentStatusEnum": "tracking.choices.AssignmentStatus",
        "MilestoneKindEnum": "tracking.choices.MilestoneKind",
        "MilestoneStatusEnum": "tracking.choices.MilestoneStatus",
        "MilestoneStateEnum": "tracking.choices.MilestoneState",
        "SubmissionStatusEnum": "tracking.choices.SubmissionStatus",
        "WorkStatusEnum": "tracking.choices.WorkStatus",
        "RequestStatusEnum": "tracking.choices.RequestStatus",
        "DecisionEnum": "tracking.choices.Decision",
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "WARNING")},
}
SILENCED_SYSTEM_CHECKS = ["security.W008"]  # see SECURE_SSL_REDIRECT
