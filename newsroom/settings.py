"""Settings from environment variables. `.env.example` lists them all with their meaning.

An invalid value raises ImproperlyConfigured with a sentence that says how to correct it.
"""

import os
import re
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key
from django.urls import reverse_lazy
from django_prose_editor.config import html_tags
from js_asset import static_lazy

from stories import __version__ as RELEASE
from stories.extraction import WordLists
from stories.logs import for_sentry

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
env.read_env(BASE_DIR / ".env")


def read_bool(name: str, default: bool) -> bool:
    """Return a setting that is on or off; "" is off. Raises ImproperlyConfigured."""
    value = env.str(name, str(default)).strip().lower()
    if value in {"1", "on", "yes", "true"}:
        return True
    if value in {"", "0", "off", "no", "false"}:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}; set it to on or off.")


def read_int(name: str, default: int, least: int = 0) -> int:
    """Return a setting that is a whole number of at least `least`. Raises ImproperlyConfigured."""
    value = env.str(name, str(default)).strip()
    if not value.isdigit() or int(value) < least:
        raise ImproperlyConfigured(f"{name} is {value!r}; set it to a whole number of at least {least}.")
    return int(value)


# --- data folder -------------------------------------------------------------------------------------

DATA_DIR = Path(env.str("NEWSROOM_DATA_DIR", str(BASE_DIR / ".data"))).resolve()
# The database, unpublished pictures and the secret key are in it: files get permissions for the owner only.
os.umask(0o077)
try:
    DATA_DIR.mkdir(parents=True, exist_ok=True)
    if DATA_DIR.stat().st_uid == os.getuid():
        DATA_DIR.chmod(0o700)
except OSError as error:
    raise ImproperlyConfigured(
        f"NEWSROOM_DATA_DIR is {str(DATA_DIR)!r}, which cannot be made ({error.strerror}); name a folder "
        "this account may write to."
    ) from error


def read_secret_key() -> str:
    """Return SECRET_KEY, or else a key that is generated once and stored in the data folder.

    Raises ImproperlyConfigured if it is too short or cannot be stored.
    """
    key: str = env.str("SECRET_KEY", "")
    if key:
        if len(key) < 50 or len(set(key)) < 5:
            raise ImproperlyConfigured("SECRET_KEY is too short; set it to 50 or more random characters.")
        return key
    kept = DATA_DIR / "secret_key"
    try:
        with kept.open("x") as file:
            kept.chmod(0o600)
            file.write(get_random_secret_key())
    except FileExistsError:
        pass
    except OSError as error:
        raise ImproperlyConfigured(
            f"No SECRET_KEY is set and none can be kept in {str(DATA_DIR)!r} ({error.strerror}); "
            "set SECRET_KEY."
        ) from error
    key = kept.read_text().strip()
    if len(key) < 50:
        raise ImproperlyConfigured(
            f"The key in {str(kept)!r} is damaged; delete that file or set SECRET_KEY."
        )
    return key


SECRET_KEY = read_secret_key()
DEBUG = read_bool("DEBUG", False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS is empty; set it to the host names the site answers to.")

# --- the publication ---------------------------------------------------------------------------------

PUBLICATION_NAME = env.str("PUBLICATION_NAME", "On the Record")
SITE_URL = env.str("SITE_URL", "http://127.0.0.1:8000").rstrip("/")
if urlsplit(SITE_URL).scheme not in {"http", "https"} or not urlsplit(SITE_URL).netloc:
    raise ImproperlyConfigured(
        f"SITE_URL is {SITE_URL!r}; set it to the site's public address, such as https://news.example."
    )
DATA_LICENCE = env.str("DATA_LICENCE", "").strip()
DATA_LICENCE_URL = env.str("DATA_LICENCE_URL", "").strip()
if DATA_LICENCE_URL and (
    urlsplit(DATA_LICENCE_URL).scheme not in {"http", "https"}
    or not urlsplit(DATA_LICENCE_URL).netloc
    or not re.fullmatch(r"[!-;=?-~]+", DATA_LICENCE_URL)
    or not DATA_LICENCE
):
    raise ImproperlyConfigured(
        f"DATA_LICENCE_URL is {DATA_LICENCE_URL!r}; set it to the licence's address, such as "
        "https://creativecommons.org/licenses/by/4.0/, and DATA_LICENCE to its name."
    )
LANGUAGE_CODE = "en-gb"
TIME_ZONE = env.str("TIME_ZONE", "Europe/London")
if TIME_ZONE not in available_timezones():
    raise ImproperlyConfigured(f"TIME_ZONE is {TIME_ZONE!r}; set it to a zone such as Europe/London.")
USE_I18N = True
FORMAT_MODULE_PATH = "newsroom.formats"
USE_TZ = True

# --- the application ---------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "taggit",
    "django_filters",
    "django_prose_editor",
    "js_asset",
    "reversion",
    "csp",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    # Last: its admin replaces registrations of other apps.
    "stories.apps.StoriesConfig",
]

MIDDLEWARE = [
    "stories.logs.add_request_id",
    "stories.views.health.answer_probes",
    "stories.views.slow_clients.limit_slow_clients",
    "stories.pages.middleware.keep_pages",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "stories.admin.sign_in.ask_for_second_factor",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
    "stories.views.http_caching.reject_null_characters",
]

# Figures for Prometheus, for who has the token.
METRICS_TOKEN = env.str("METRICS_TOKEN", "").strip()
if METRICS_TOKEN:
    if len(METRICS_TOKEN) < 20:
        raise ImproperlyConfigured("METRICS_TOKEN is too short; set it to 20 or more random characters.")
    if find_spec("django_prometheus") is None:
        raise ImproperlyConfigured(
            "METRICS_TOKEN is set, and what counts is not installed: "
            "run .venv/bin/pip install django-prometheus==2.5.0."
        )
    # Processes that serve one site count together, in files.
    counts = Path(os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(DATA_DIR / "metrics")))
    counts.mkdir(parents=True, exist_ok=True)
    INSTALLED_APPS.insert(0, "django_prometheus")
    MIDDLEWARE.insert(1, "django_prometheus.middleware.PrometheusBeforeMiddleware")
    MIDDLEWARE.append("django_prometheus.middleware.PrometheusAfterMiddleware")

ROOT_URLCONF = "newsroom.urls"
WSGI_APPLICATION = "newsroom.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["stories.page_templates.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "stories.views.context.publication",
            ],
        },
    }
]

# --- the database ------------------------------------------------------------------------------------


def read_database() -> dict[str, object]:
    """Return DATABASE_URL as one of Django's DATABASES: SQLite tuned for a server, or PostgreSQL with a pool.

    Raises ImproperlyConfigured for another scheme.
    """
    url = env.str("DATABASE_URL", "") or f"sqlite:///{DATA_DIR / 'db.sqlite3'}"
    scheme = urlsplit(url).scheme
    if scheme not in {"sqlite", "postgres", "postgresql"}:
        raise ImproperlyConfigured(
            f"DATABASE_URL begins with {scheme!r}; set it to sqlite:///path or postgres://user:password@host/name."
        )
    database: dict[str, object] = env.db_url_config(url)
    options: dict[str, object] = dict(database.get("OPTIONS") or {})  # type: ignore[call-overload]
    if scheme == "sqlite":
        options |= {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # 8 MB of page cache per connection, and up to 2 GB of the file memory-mapped.
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY; "
                "PRAGMA cache_size=-8000; PRAGMA mmap_size=2000000000;"
            ),
        }
        kept = Path(str(database["NAME"]))
        if kept.is_file() and kept.stat().st_uid == os.getuid():
            kept.chmod(0o600)  # earlier releases created it readable for everybody
        # Each thread keeps its connection: opening one costs as much as a page. Whoever puts another file in
        # its place has to restart the server.
        database["CONN_MAX_AGE"] = None
        # A file, not memory: live-server tests use a connection per thread.
        database["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
    else:
        size = read_int("DATABASE_POOL_SIZE", 8, least=1)
        # `timeout`: seconds that a request waits for a connection before it fails and frees its thread.
        options["pool"] = {"min_size": 1, "max_size": size, "timeout": 4}
        # Replace connections that a restart of the database server has closed.
        database["CONN_HEALTH_CHECKS"] = True
    return database | {"OPTIONS": options}


DATABASES = {"default": read_database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


def read_caches() -> dict[str, dict[str, object]]:
    """Return CACHE_URL as Django's CACHES setting. Raises ImproperlyConfigured for another scheme."""
    url = env.str("CACHE_URL", "") or "locmemcache://newsroom"
    if urlsplit(url).scheme not in {"locmemcache", "redis", "rediss", "dummycache"}:
        raise ImproperlyConfigured(
            f"CACHE_URL is {url!r}; set it to redis://host:6379/0, or leave it out for a cache in the "
            "process."
        )
    cache: dict[str, object] = env.cache_url_config(url)
    if urlsplit(url).scheme in {"redis", "rediss"}:
        cache["BACKEND"] = "stories.caching.ForgivingRedisCache"
    return {"default": cache}


CACHES = read_caches()
# Memory for readers' pages in each process; see stories/pages.
PAGES_KEPT_MB = 0 if DEBUG else read_int("PAGES_KEPT_MB", 16)

# --- the queue -----------------------------------------------------------------------------------------

CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", "").strip()
if CELERY_BROKER_URL and urlsplit(CELERY_BROKER_URL).scheme not in {"redis", "rediss", "amqp", "amqps"}:
    raise ImproperlyConfigured(
        f"CELERY_BROKER_URL begins with {urlsplit(CELERY_BROKER_URL).scheme!r}; set it to "
        "redis://host:6379/1 or amqp://user:password@host/, or leave it out for no queue."
    )
# Names and numbers alone stand in a task; what it is about stands in the database, and so does how far it is.
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
# A task is done with when it has been done: what a killed worker had is done by another, and doing it twice
# changes nothing.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# Seconds after which Redis hands a task to another worker that was not done with: longer than the longest, a
# backup of a large site. An import does not wait for that: its tasks are sent anew once it has not got on for
# two minutes. (RabbitMQ sees that a worker is gone, and does it at once.)
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {"visibility_timeout": 6 * 3600} if CELERY_BROKER_URL.startswith("redis") else {}
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_DEFAULT_QUEUE = "chores"
CELERY_TASK_ROUTES = {"stories.read_copy": {"queue": "reading"}, "stories.file_copy": {"queue": "filing"}}
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat")
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# --- files -------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
# Before those of the apps: it holds the desk's icons, under the names of Django's own.
STATICFILES_DIRS = [BASE_DIR / "newsroom" / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
MEDIA_BUCKET = env.str("MEDIA_BUCKET", "")
if MEDIA_BUCKET and find_spec("storages") is None:
    raise ImproperlyConfigured(
        "MEDIA_BUCKET is set, and what speaks to buckets is not installed: "
        "run .venv/bin/pip install 'django-storages[s3]'."
    )
STORAGES = {
    # Uploads never replace one another, and only the site hands them out.
    "default": {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {"bucket_name": MEDIA_BUCKET, "file_overwrite": False},
    }
    if MEDIA_BUCKET
    else {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "stories.static_files.StaticFiles"},
}
# Also serve files that `collectstatic` has not collected, under their plain names.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
IMPORT_MAX_BYTES = read_int("IMPORT_MAX_BYTES", 5_000_000, least=1)
EXTRACTION_WORDS = env.str("EXTRACTION_WORDS", "").strip()
if EXTRACTION_WORDS:
    try:
        WordLists.of_folder(Path(EXTRACTION_WORDS))
    except (OSError, ValueError) as error:
        raise ImproperlyConfigured(
            f"EXTRACTION_WORDS is {EXTRACTION_WORDS!r}, which is no folder of word lists: {error}."
        ) from error
KEEP_VERSIONS_DAYS = read_int("KEEP_VERSIONS_DAYS", 0)
# Bytes of a form: an imported text of any size can be saved in the admin, as HTML beside the other fields.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * IMPORT_MAX_BYTES + 2_500_000

# --- signing in --------------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {}),
        ("MinimumLengthValidator", {"min_length": 12}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    )
]
SESSION_COOKIE_AGE = read_int("SESSION_COOKIE_AGE", 1_209_600, least=300)
# Roles by name, or “everyone”; stories.checks looks at the names.
SECOND_FACTOR_ROLES = [name.strip() for name in env.list("SECOND_FACTOR_ROLES", default=[]) if name.strip()]
OTP_TOTP_ISSUER = PUBLICATION_NAME
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
# By user name and IP address together: by address alone, one person would lock out an office behind one
# router; by name alone, anybody could lock out anybody.
AXES_CLIENT_IP_CALLABLE = "stories.client_address.address_of"
AXES_LOCKOUT_CALLABLE = "stories.views.errors.locked_out"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 6
AXES_COOLOFF_TIME = 0.25  # hours
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False

# --- mail ---------------------------------------------------------------------------------------------

EMAIL_URL = env.str("EMAIL_URL", "")
if EMAIL_URL:
    if urlsplit(EMAIL_URL).scheme not in {"smtp", "smtp+tls", "smtp+ssl"} or not urlsplit(EMAIL_URL).hostname:
        raise ImproperlyConfigured(
            "EMAIL_URL is no mail server; set it to smtp+tls://user:password@host:587, or leave it out."
        )
    vars().update(env.email_url_config(EMAIL_URL))
EMAIL_TIMEOUT = 10  # seconds
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("EMAIL_FROM", "") or f"newsroom@{urlsplit(SITE_URL).hostname}"
PASSWORD_RESET_TIMEOUT = 24 * 3600  # seconds

# --- security ----------------------------------------------------------------------------------------

HTTPS = read_bool("HTTPS", False)
SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
# HSTS, in seconds: browsers refuse plain HTTP for this long, so start with an hour. Subdomains and preload
# lists are off by default, because they affect other sites under the same domain.
SECURE_HSTS_SECONDS = read_int("HSTS_SECONDS", 3600) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = read_bool("HSTS_SUBDOMAINS", False)
SECURE_HSTS_PRELOAD = read_bool("HSTS_PRELOAD", False)
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]  # the two above, off on purpose
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
BEHIND_PROXY = read_bool("BEHIND_PROXY", False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CSRF_TRUSTED_ORIGINS = [SITE_URL]

# The editor of a story's body has two parts of our own: see stories/models/fields.py.
DJANGO_PROSE_EDITOR_EXTENSIONS = [
    {
        "js": [static_lazy("stories/admin/picture-in-text.js")],
        "extensions": {"Picture": html_tags(["img"]), "StoryDocument": html_tags([])},
    }
]
# The hash of the one inline style sheet of the page: that of the rich text editor's library.
PROSE_EDITOR_STYLE = "'sha256-PlumsSlvJ7vvWzjqibGAYKq92O3y/4JTxWWsWJvyUYA='"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, PROSE_EDITOR_STYLE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# --- topics and logging ------------------------------------------------------------------------------

TAGGIT_CASE_INSENSITIVE = True
TAGGIT_STRIP_UNICODE_WHEN_SLUGIFYING = True
# The model of a topic is taggit's and knows no page; this gives it one.
ABSOLUTE_URL_OVERRIDES = {"taggit.tag": lambda tag: reverse_lazy("stories:topic", args=[tag.slug])}

LOG_LEVEL = env.str("LOG_LEVEL", "WARNING").upper()
if LOG_LEVEL not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
    raise ImproperlyConfigured(f"LOG_LEVEL is {LOG_LEVEL!r}; set it to DEBUG, INFO, WARNING or ERROR.")
# Milliseconds from which a page, or one question to the database, is named in the log; 0: never.
SLOW_PAGE_MS = read_int("SLOW_PAGE_MS", 2000)
SLOW_QUERY_MS = read_int("SLOW_QUERY_MS", 1000)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "stories.logs.JSONLines"}},
    "filters": {"short": {"()": "stories.logs.WithoutTraceback"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["short"]}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
}

SENTRY_DSN = env.str("SENTRY_DSN", "").strip()
if SENTRY_DSN:
    if find_spec("sentry_sdk") is None:
        raise ImproperlyConfigured(
            "SENTRY_DSN is set, and what speaks to Sentry is not installed: "
            "run .venv/bin/pip install sentry-sdk==2.75.0."
        )
    import sentry_sdk

    try:
        sentry_sdk.init(
            dsn=SENTRY_DSN,
            release=RELEASE,
            # What was typed, by whom and from where stays here: a draft may name a source.
            send_default_pii=False,
            include_local_variables=False,
            max_request_body_size="never",
            max_breadcrumbs=0,
            auto_session_tracking=False,
            before_send=for_sentry,
        )
    except ValueError as error:
        raise ImproperlyConfigured(f"SENTRY_DSN is no address of Sentry's: {error}.") from error
