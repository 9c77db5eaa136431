"""Everything that differs between installations, read from the environment; safe by default.

RASSO_MODE says what this installation is. Production is what you get when nothing is said, and production refuses to start
with anything that belongs to the demonstration. RASSO_PROCESS says which database login the process uses (docs/access.md).
"""

from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from rasso.environment import Environment

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

env = Environment()
env.refuse_unknown()

MODE = env.choice("RASSO_MODE", ("production", "development", "demonstration", "test"), "production")
PROCESS = env.choice("RASSO_PROCESS", ("web", "worker", "owner"), "web")
PRODUCTION = MODE == "production"

# Whether this installation holds invented data and a movable clock. Never in production: rasso/checks.py refuses such a database.
DEMONSTRATION = MODE in {"demonstration", "test"}
# One password for all demonstration accounts; it exists nowhere else.
DEMONSTRATION_PASSWORD = "rasso-demo" if DEMONSTRATION else None

DEBUG = False
SECRET_KEY = env.secret("SECRET_KEY") if PRODUCTION else "not-secret-" + MODE
# Signs who is asking, for the database (kit.binding). Given to nobody but our own processes.
# One for tests and demonstration: browser tests run the demonstration on a database that the tests have made.
ACTOR_KEY = env.secret("RASSO_ACTOR_KEY") if PRODUCTION else "not-secret-actor-key-of-test"
ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS") if PRODUCTION else ["127.0.0.1", "localhost", "[::1]", "testserver"]

# The force: which rule pack, words, calendar and offence list apply.
FORCE_PROFILE = env.choice("FORCE_PROFILE", ("JE", "EW"), "JE")
FORCE_PREFIX = env.matching("FORCE_PREFIX", "[A-Z]{1,8}", FORCE_PROFILE, use="one to eight capital letters")  # of references
TIME_ZONE = {"JE": "Europe/Jersey", "EW": "Europe/London"}[FORCE_PROFILE]
LANGUAGE_CODE = "en-gb"
USE_I18N = True
USE_TZ = True

INSTALLED_APPS = [
    "rasso.apps.RassoConfig",
    "kit",
    "people",
    "cases",
    "information",
    "audit",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "guardian",
    "simple_history",
]

MIDDLEWARE = [
    "people.middleware.OriginMiddleware",
    # First those that only put headers on answers, so that none goes without: files, errors, the redirect to HTTPS.
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "kit.middleware.PrivatePagesMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Sizes tell nothing of what a page says: Django pads at random, and other sites cannot ask with our cookies.
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "kit.middleware.FromElsewhereMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "people.middleware.SessionLimitsMiddleware",
    "people.middleware.SignInRequiredMiddleware",
    "people.middleware.OwnPasswordMiddleware",
    "people.middleware.SecondFactorMiddleware",
    "people.middleware.AccountEventsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "kit.middleware.AccessDeclaredMiddleware",
    # Last, so that it sees what the sign-in itself answered.
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "rasso.urls"
WSGI_APPLICATION = "rasso.wsgi.application"
FORM_RENDERER = "rasso.forms.GovukRenderer"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "rasso.pages.page_frame",
            ],
        },
    }
]

# Database ------------------------------------------------------------------------------------------------------------

DATABASE_URL_OF_PROCESS = {"web": "DATABASE_URL", "worker": "DATABASE_WORKER_URL", "owner": "DATABASE_OWNER_URL"}


def database() -> dict[str, Any]:
    name = DATABASE_URL_OF_PROCESS[PROCESS]
    address = env.optional(name)
    if not address:
        if PRODUCTION:
            raise ImproperlyConfigured(f"{name} is missing. RASSO needs PostgreSQL 15 or later; set {name} to its address.")
        return {"ENGINE": "django.db.backends.postgresql", "NAME": "no-database-configured"}
    try:
        parsed: dict[str, Any] = {**dj_database_url.parse(address, conn_max_age=0)}
    except ValueError:
        parsed = {}
    if parsed.get("ENGINE") != "django.db.backends.postgresql" or not parsed.get("NAME"):
        raise ImproperlyConfigured(f"{name} must name a PostgreSQL database: postgresql://login:password@host/name.")
    options: dict[str, Any] = dict(parsed.get("OPTIONS") or {})
    if PROCESS == "owner":
        # The owner is under the policies too; this turns every silent "no rows" into an error.
        options["options"] = "-c row_security=off -c lock_timeout=5s"
    else:
        # Compiling a statement takes longer than any of ours runs.
        options["options"] = "-c statement_timeout=30s -c lock_timeout=10s -c idle_in_transaction_session_timeout=60s -c jit=off"
        if PROCESS == "web" and MODE != "test":
            options["pool"] = {"min_size": 1, "max_size": env.whole_number("DATABASE_POOL", 8, least=1, most=100)}
    return {**parsed, "OPTIONS": options, "ATOMIC_REQUESTS": False}


DATABASES = {"default": database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Limits and locks must hold over several processes and without Redis, so the cache is a table.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "rasso_cache"}}

# Sign-in -------------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "people.backends.PeopleBackend",
    # Never asked for a permission (cases/access.py decides); guardian's own check wants it named.
    "guardian.backends.ObjectPermissionBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
STEP_UP_URL = "confirm-who-you-are"
LOGIN_REDIRECT_URL = "/home/"
LOGOUT_REDIRECT_URL = "signed-out"
ACCOUNT_ADAPTER = "people.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = False  # axes is the one lock-out, in the database; two would contradict each other
# Whether nobody gets past the sign-in without a passkey or a code app.
SECOND_FACTOR = env.choice("SECOND_FACTOR", ("required", "offered"), "required" if PRODUCTION else "offered")
# Encrypts the secrets of code apps and recovery codes. Several, divided by commas: the first encrypts, all of them decrypt.
SECOND_FACTOR_KEYS = (env.secret("SECOND_FACTOR_KEY") if PRODUCTION and PROCESS == "web" else "not-secret").split(",")
# The force's own sign-in, by OpenID Connect; none unless it is named.
OPENID_ISSUER = (
    env.matching("OPENID_ISSUER", "https://[^ ]+", "", use="its https:// address") if env.optional("OPENID_ISSUER") else ""
)
OPENID_CLIENT_ID = env.text("OPENID_CLIENT_ID") if OPENID_ISSUER else ""
OPENID_CLIENT_SECRET = env.secret("OPENID_CLIENT_SECRET", least=16) if OPENID_ISSUER and PROCESS == "web" else ""
OPENID_NAME = env.text("OPENID_NAME", "your force's account")
# What its tokens call a second factor (amr), which is then not asked for again here.
OPENID_SECOND_FACTORS = env.words("OPENID_SECOND_FACTORS") or ["mfa"]
MFA_ADAPTER = "people.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_TOTP_TOLERANCE = (
    1  # half minutes that a telephone's clock may be off; a code counts once all the same (people/second_factor.py)
)
MFA_ALLOW_UNVERIFIED_EMAIL = True  # email has no part in the sign-in
MFA_RATE_LIMITS = False  # wrong codes are counted by people/second_factor.py
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_RESET_ON_SUCCESS = True
AXES_HANDLER = "people.lockout.ByTheDatabasesClock"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # else somebody else's attempts could keep a person out for ever
AXES_USERNAME_CALLABLE = "people.lockout.user_name"
AXES_CLIENT_IP_CALLABLE = "people.lockout.client_address"
AXES_LOCKOUT_CALLABLE = "people.views.account.locked_out"
# What people type there by mistake is kept nowhere twice.
AXES_SENSITIVE_PARAMETERS = [
    "login",
    "csrfmiddlewaretoken",
    "next",
    "old_password",
    "new_password",
    "new_password_again",
    "code",
    "credential",
]
AXES_DISABLE_ACCESS_LOG = True  # the access record is ours
AXES_VERBOSE = False
ANONYMOUS_USER_NAME = None  # guardian's; we have no such user
GUARDIAN_MONKEY_PATCH_USER = False

SESSION_ENGINE = "people.session_store"
SESSION_IDLE_SECONDS = 15 * 60
SESSION_WARNING_SECONDS = 2 * 60
SESSION_ABSOLUTE_SECONDS = 12 * 60 * 60
SESSION_COOKIE_AGE = SESSION_ABSOLUTE_SECONDS
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_AGE = None  # until the browser is closed, as the session
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Web security --------------------------------------------------------------------------------------------------------

# How many of our own proxies stand before this process and add the address they see to X-Forwarded-For.
PROXIES = env.whole_number("PROXIES", 1 if PRODUCTION else 0, least=0, most=5)
if PRODUCTION:
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^health/"]  # asked by the load balancer itself
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 2 * 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "rasso.views.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
        # No script may make elements out of text.
        "require-trusted-types-for": ["'script'"],
        "trusted-types": [NONE],
        # The older word for browsers that do not know the newer one.
        "report-to": ["policy"],
        "report-uri": ["/policy-reports/"],
    }
}
# Where browsers say what the policy kept from running (rasso/views.py).
REPORTING_ENDPOINTS = {"policy": "/policy-reports/"}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    "publickey-credentials-create": ["self"],
    "publickey-credentials-get": ["self"],
} | {
    name: []
    for name in (
        "accelerometer",
        "browsing-topics",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
# A file that is sent stays in memory: no policy reaches what lies on a disk. A larger one is not taken at all.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 5

# Static files --------------------------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "rasso" / "static" / "build"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "rasso.storage.HashedStaticFiles"
            if MODE in {"production", "demonstration"}
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}

# Mail, jobs, log -----------------------------------------------------------------------------------------------------

DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", "rasso@localhost")
PUBLIC_ADDRESS = env.matching(
    "PUBLIC_ADDRESS",
    "https://[^/]+" if PRODUCTION else "https?://[^/]+",
    f"https://{ALLOWED_HOSTS[0].removeprefix('.')}" if PRODUCTION else "http://127.0.0.1:8000",
    use="https:// and a host, without a path",
)
mail = env.mail_server("EMAIL_URL", "smtp://localhost")
if PRODUCTION:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = mail.host, mail.port
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = mail.user, mail.password
    EMAIL_USE_TLS, EMAIL_USE_SSL = mail.starts_tls, mail.is_tls
    # For each answer of the server. A message is leased for longer than a whole conversation (cases/operations/reminders.py).
    EMAIL_TIMEOUT = 40
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = env.text("EMAIL_FILE_PATH", str(VAR_DIR / "mail"))

REDIS_URL = env.optional("REDIS_URL")
# How often the clock wakes the worker: it looks for reviews that fell due and for messages that wait.
TICK_SECONDS = 300 if PRODUCTION else 5

OUR_PACKAGES = {app.partition(".")[0] for app in INSTALLED_APPS if (BASE_DIR / app.partition(".")[0]).is_dir()}
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "kit.log.JsonLines", "ours": OUR_PACKAGES}},
    "handlers": {"standard": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "root": {"handlers": ["standard"], "level": "INFO" if MODE != "test" else "ERROR"},
    # Axes writes user names and addresses; a failed sign-in is a row of its own table instead.
    "loggers": {
        "axes": {"level": "ERROR"},
        "django.request": {"level": "ERROR"},
        # A line for each task and tick tells nobody anything; the jobs page does.
        "celery": {"level": "WARNING"},
    },
}
