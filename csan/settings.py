"""Every setting, read from the environment (or from `$DATA_DIR/local.env`, which `make run` writes).

A secret has no default: where one is missing the start stops with a sentence that says what to set.
Code reads `django.conf.settings`, never this module.
"""

import json
from datetime import date
from email.utils import formataddr
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import django_stubs_ext
import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _

from csan.admin_menu import COLOURS, SIDEBAR
from csan.timetable import TIMETABLE

django_stubs_ext.monkeypatch()

ROOT = Path(__file__).resolve().parent.parent
env = environ.Env()

DATA_DIR = Path(env.str("DATA_DIR", default=str(ROOT / ".data"))).resolve()
environ.Env.read_env(DATA_DIR / "local.env")


def required(name: str, hint: str) -> str:
    """The value of an environment variable that production cannot do without.

    Raises ImproperlyConfigured, naming the variable and saying what to put there.
    """
    value: str = env.str(name, default="")
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. {hint} deploy/.env.example shows every setting.")
    return value


def day(name: str, value: str) -> date:
    """The day that a variable says. Raises ImproperlyConfigured, naming the variable and saying how to write one."""
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is no day. Write it as year-month-day, such as 2017-01-15.") from error


def optional_day(name: str, value: str) -> date | None:
    """The day that a variable says, None where it is empty. Raises ImproperlyConfigured."""
    return day(name, value) if value else None


# ── Where we are ─────────────────────────────────────────────────────────────────────────────────

LOCAL = env.bool("LOCAL", default=False)  # `make run` and the tests; never in production
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = required("SECRET_KEY", "Set it to 50 random characters; it signs links and sessions.")
HASH_KEY = required("HASH_KEY", "Set it to 50 random characters; it must outlive SECRET_KEY: suppressions hang on it.")
ALLOWED_HOSTS = [
    host for host in required("ALLOWED_HOSTS", "List the site's host names, comma-separated.").split(",") if host
]
BASE_URL = required("BASE_URL", "Set how links in mail begin, such as https://csan.example.org").rstrip("/")
MAINTENANCE = env.bool("MAINTENANCE", default=False)  # closes the site; so does this file, while it is there
MAINTENANCE_FILE = Path(env.str("MAINTENANCE_FILE", default=str(DATA_DIR / "maintenance")))
SECURE = BASE_URL.startswith("https://")
TRUSTED_PROXY_COUNT = int(required("TRUSTED_PROXY_COUNT", "Say how many proxies of ours stand in front (0 for none)."))

# ── The program's name and words: content, not code ──────────────────────────────────────────────

SITE_NAME = env.str("SITE_NAME", default="Customer Service Action Network")
SITE_SHORT_NAME = env.str("SITE_SHORT_NAME", default="CSAN")
SITE_HASHTAG = env.str("SITE_HASHTAG", default="#CSAction")
SITE_SLOGAN = env.str("SITE_SLOGAN", default="We answer the calls. Together we keep the jobs.")
SITE_SLOGAN_ES = env.str("SITE_SLOGAN_ES", default="Contestamos las llamadas. En unión, defendemos los empleos.")
SITE_PROMISE = env.str(
    "SITE_PROMISE",
    default=f"The {SITE_NAME} brings customer-service workers in telecom, airlines, government and news together, to "
    "win fair contracts and to keep good jobs in our communities.",
)
SITE_PROMISE_ES = env.str(
    "SITE_PROMISE_ES",
    default=f"{SITE_NAME} reúne a quienes trabajan en servicio al cliente en telecomunicaciones, aerolíneas, gobierno "
    "y medios de noticias, para ganar contratos justos y conservar los buenos empleos en nuestras comunidades.",
)
POSTAL_ADDRESS = required(
    "POSTAL_ADDRESS", "Every newsletter carries the sender's postal address; set it in one line."
)
CWC_AGENT = env.str("CWC_AGENT", default="")  # a vetted vendor for Congress: petitions.delivering.cwc
# When an issue of the newsletter is due: on this day, and every so many months after it.
NEWSLETTER_FIRST_ON = day("NEWSLETTER_FIRST_ON", env.str("NEWSLETTER_FIRST_ON", default="2017-01-15"))
NEWSLETTER_EVERY_MONTHS = max(1, env.int("NEWSLETTER_EVERY_MONTHS", default=2))
NEWSLETTER_DRAFT_DAYS = env.int("NEWSLETTER_DRAFT_DAYS", default=14)  # so long before, its draft writes itself
# Once sent, an issue waits so many seconds for somebody to press Stop; then its first letters go alone, so many or
# this share of all, and after so many seconds without trouble the others. 0 first letters: all go at once.
NEWSLETTER_HOLD = env.int("NEWSLETTER_HOLD", default=600)
NEWSLETTER_CANARY = env.int("NEWSLETTER_CANARY", default=200)
NEWSLETTER_CANARY_SHARE = env.float("NEWSLETTER_CANARY_SHARE", default=0.02)
NEWSLETTER_CANARY_WAIT = env.int("NEWSLETTER_CANARY_WAIT", default=600)
# How many seconds a link of an issue may take to answer when a worker looks whether it works, and which places besides
# this site, as host:port, may be looked at though they stand in a private network or on a port of their own.
LINK_CHECK_TIMEOUT = env.float("LINK_CHECK_TIMEOUT", default=10)
LINK_CHECK_ALSO = env.list("LINK_CHECK_ALSO", default=[])
SHIP_FROM_ZIP = env.str("SHIP_FROM_ZIP", default="20001")  # where boxes are handed to the carrier
FACEBOOK_NAME = env.str("FACEBOOK_NAME", default="CSActionNetwork")
INSTAGRAM_NAME = env.str("INSTAGRAM_NAME", default="cwa_csaction")

# ── Parts ────────────────────────────────────────────────────────────────────────────────────────

INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",  # our own site, csan.staff_site, stays the one admin site
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "js_asset",  # what the rich-text editor loads its scripts with
    "django_prose_editor",
    "anymail",
    "csp",
    "csan.apps.StaffSiteConfig",
    "csan.apps.CsanConfig",
    "members",
    "campaigns",
    "petitions",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csan.middleware.ContentPolicy",
    "csan.middleware.own_headers",
    "csan.middleware.compress_public_pages",
    "csan.middleware.language_of_path",
    "csan.middleware.maintenance",
    "csan.middleware.StaffSessions",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "csan.middleware.StaffLogins",
    "csan.middleware.StaffMessages",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "csan.urls"
WSGI_APPLICATION = "csan.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csan.lib.pages.site",
            ],
            "builtins": ["csan.templatetags.languages"],
        },
    }
]

# ── Data ─────────────────────────────────────────────────────────────────────────────────────────

required("DATABASE_URL", "Point it at PostgreSQL, such as postgres://user:password@host/csan, or use `make run`.")
DATABASES = {"default": env.db("DATABASE_URL")}
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=600)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# Behind a pooler that gives each transaction another connection, nothing can be left on one for the next.
DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = env.bool("DATABASE_POOLED", default=False)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = required("REDIS_URL", "Point it at Redis, such as redis://host:6379/0, or use `make run`.")
REDIS_TIMEOUT = env.float("REDIS_TIMEOUT", default=0.5)  # seconds; a slow Redis must not slow a page

# In each web process, for what is dear to make and the same for everybody: parts of pages, whole pages by address,
# share pictures (some 40 kB each). They are kept apart, so that a crowd of made-up addresses drives no picture out.
LOCMEM = "django.core.cache.backends.locmem.LocMemCache"
CACHES = {
    "default": {"BACKEND": LOCMEM, "LOCATION": "parts", "OPTIONS": {"MAX_ENTRIES": 2000}},
    "pages": {"BACKEND": LOCMEM, "LOCATION": "pages", "OPTIONS": {"MAX_ENTRIES": 50}},
    "pictures": {"BACKEND": LOCMEM, "LOCATION": "pictures", "OPTIONS": {"MAX_ENTRIES": 500}},
}

MEDIA_ROOT = DATA_DIR / "uploads"
MEDIA_URL = "uploads/"

# ── Language and time ────────────────────────────────────────────────────────────────────────────

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LOCALE_PATHS = [ROOT / "locale"]
FORMAT_MODULE_PATH = ["csan.formats"]
TIME_ZONE = env.str("TIME_ZONE", default="America/New_York")
USE_TZ = True

# ── Static files ─────────────────────────────────────────────────────────────────────────────────

STATIC_URL = "static/"
# A theme: colours of css/tokens.css that differ, and a folder whose files stand in for ours, such as img/logo.svg.
THEME_COLOURS = env.str("THEME_COLOURS", default="")
THEME_COLOURS_DARK = env.str("THEME_COLOURS_DARK", default="")
THEME_DIR = env.str("THEME_DIR", default="")
STATICFILES_DIRS = [*([Path(THEME_DIR)] if THEME_DIR else []), ROOT / "static"]
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "csan.collecting.StaticFilesStorage"},
}

# ── Mail ─────────────────────────────────────────────────────────────────────────────────────────


def mail_settings(url: str) -> dict[str, Any]:
    """Django's e-mail settings for `EMAIL_URL`.

    `smtp://user:password@host:port` (also smtp+tls, smtp+ssl) · `filemail:///dir`, one .eml a letter ·
    `anymail://postmark?SERVER_TOKEN=…`: any backend of django-anymail by its module's name, its settings
    as query arguments without their prefix; one that is a table, such as Amazon's CLIENT_PARAMS, as JSON.
    """
    parts = urlsplit(url)
    if parts.scheme == "filemail":
        return {"EMAIL_BACKEND": "csan.lib.mail.files.EmailBackend", "EMAIL_FILE_PATH": parts.path}
    if parts.scheme == "anymail":
        service, secret = parts.netloc, env.str("ANYMAIL_WEBHOOK_SECRET", default="")
        if not secret:
            raise ImproperlyConfigured(
                "ANYMAIL_WEBHOOK_SECRET is not set. Set it to user:password, and put it into the webhook's address at "
                "the mail service; without it anybody could report bounces."
            )
        keys = {
            f"{service.upper()}_{name}": json.loads(value) if value.startswith("{") else value
            for name, value in parse_qsl(parts.query)
        }
        common = {
            "REQUESTS_TIMEOUT": 30,  # seconds
            "IGNORE_UNSUPPORTED_FEATURES": True,  # not every service gives our reference back; its own name serves too
            "WEBHOOK_SECRET": secret,
        }
        return {
            "EMAIL_BACKEND": f"anymail.backends.{service}.EmailBackend",
            "ANYMAIL": {**keys, **common},
            "MAIL_SERVICE": service,
        }
    return dict(env.email_url_config(url))


# Services that make each reader's copy themselves, headers and body, without a stored template. Others would show a
# hole where the link to leave should be.
BATCH_SERVICES = ("mailgun", "mailjet")


def mail_mode(mode: str, service: str) -> str:
    """`single`: one letter, one call. `batch`: one call for many. Raises ImproperlyConfigured where that cannot be."""
    if mode not in ("single", "batch"):
        raise ImproperlyConfigured("MAIL_MODE is neither single nor batch. Leave it out for single.")
    if mode == "batch" and service not in BATCH_SERVICES:
        raise ImproperlyConfigured(
            f"MAIL_MODE is batch, but {service or 'a mail server'} cannot make each reader's copy by itself. "
            f"Set MAIL_MODE to single, or send by one of: {', '.join(BATCH_SERVICES)}."
        )
    return mode


MAIL_SERVICE = ""  # its name at django-anymail, where letters leave by one
globals().update(
    mail_settings(required("EMAIL_URL", "Say how letters leave, such as smtp+tls://user:password@host:587"))
)
EMAIL_TIMEOUT = env.float("EMAIL_TIMEOUT", default=30)  # seconds a mail server may be silent
EMAIL_FINAL_TIMEOUT = env.float("EMAIL_FINAL_TIMEOUT", default=300)  # … after a whole letter; RFC 5321 wants 600
DEFAULT_FROM_EMAIL = env.str("FROM_EMAIL", default=formataddr((SITE_NAME, f"action@{urlsplit(BASE_URL).hostname}")))
SERVER_EMAIL = DEFAULT_FROM_EMAIL
CONTACT_EMAIL = env.str("CONTACT_EMAIL", default="")  # where answers to our letters go; empty: to the sender
MAIL_DOMAIN = env.str("MAIL_DOMAIN", default=urlsplit(BASE_URL).hostname or "localhost")  # of Message-ID and List-Id
MAIL_RATE = env.float("MAIL_RATE", default=0)  # letters a second over all workers; 0 is no limit
MAIL_DKIM_SELECTORS = env.list("MAIL_DKIM_SELECTORS", default=[])  # where our public keys stand, for the domain doctor
IMPORT_LETTERS_PER_HOUR = env.int("IMPORT_LETTERS_PER_HOUR", default=1000)  # that ask people of a list; 0 is no limit
DNS_SERVER = env.str("DNS_SERVER", default="")  # address:port of the name server to ask; empty: the machine's own
MAIL_SENDERS = env.int("MAIL_SENDERS", default=2)  # how many workers may send at the same time
MAIL_BATCH = env.int("MAIL_BATCH", default=500)  # letters claimed at once, at most
MAIL_THREADS = env.int("MAIL_THREADS", default=8)  # connections of each sender, so letters it has in hand at once
MAIL_MODE = mail_mode(env.str("MAIL_MODE", default="single"), MAIL_SERVICE)
MAIL_TOGETHER = env.int("MAIL_TOGETHER", default=100)  # copies in one call, where MAIL_MODE is batch
# The first day of a new domain: few letters, each day more.
MAIL_WARM_UP_FROM = optional_day("MAIL_WARM_UP_FROM", env.str("MAIL_WARM_UP_FROM", default=""))
MAIL_LEASE = env.float("MAIL_LEASE", default=60)  # seconds of silence after which a sender counts as dead

# ── Celery ───────────────────────────────────────────────────────────────────────────────────────

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {"members.tasks.send_letters": {"queue": "mail"}}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    "socket_timeout": 5,
    "socket_connect_timeout": 1,
    "socket_keepalive": True,
    "health_check_interval": 10,
}
CELERY_TASK_PUBLISH_RETRY = False  # the bell may stay silent; beat rings again
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = TIMETABLE

# ── Security ─────────────────────────────────────────────────────────────────────────────────────

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_PATH = SESSION_COOKIE_PATH = "/admin/"  # no cookie ever reaches a public page
SESSION_COOKIE_AGE = 12 * 3600
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 31536000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXY_COUNT else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "csan.faults.csrf_failure"
CSRF_TRUSTED_ORIGINS = [BASE_URL]
CONTENT_SECURITY_POLICY = {
    # The staff site's theme needs inline scripts; it has a policy of its own in csan.middleware.
    "EXCLUDE_URL_PREFIXES": ["/admin/"],
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # admin lists with many checked rows
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"

METRICS_TOKEN = env.str("METRICS_TOKEN", default="")  # who shows it may read /metrics; empty: nobody

# How often one client address, and one e-mail address, may post a form: times within seconds.
# A local's hall may share one address, so the client's budget is wide. 0 switches the budgets off.
BUDGET_FACTOR = env.float("BUDGET_FACTOR", default=1.0)
BUDGETS = {
    "subscribe": {"client": (120, 600), "email": (30, 3600)},
    "sign": {"client": (240, 600), "email": (30, 3600)},
    "hall": {"client": (6000, 600)},  # signing at an event with a signed code, or from a local's allowed network
    "code": {"client": (40, 600), "email": (10, 3600)},  # a code has eight characters: too few tries to guess one
    "call": {"client": (60, 600), "email": (60, 600)},
    "register": {"client": (60, 600), "email": (40, 3600)},
    "review": {"client": (240, 600), "email": (120, 3600)},  # the same form before it is final: nothing is written
    "look-up": {"client": (600, 600)},  # suggests six locals each: the directory is no secret, and not to be copied
    "link": {"client": (30, 600), "email": (6, 3600)},  # asks for a letter to an address that anybody may type
    "submit": {"client": (30, 600), "email": (10, 3600)},  # a photo costs a second of work
    "private": {"client": (240, 600), "email": (60, 3600)},
    "photos": {"client": (60, 600), "email": (60, 3600)},  # of a report; each costs a second of work
}

UNFOLD = {
    "SITE_TITLE": SITE_SHORT_NAME,
    "SITE_HEADER": SITE_SHORT_NAME,
    "SITE_SUBHEADER": SITE_NAME,
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("img/favicon.svg")}],
    "SHOW_VIEW_ON_SITE": True,
    "COLORS": COLOURS,
    "SIDEBAR": SIDEBAR,
    "DASHBOARD_CALLBACK": "csan.dashboard.tiles",
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{levelname} {name}: {message}", "style": "{"}},
    "filters": {"no keys": {"()": "csan.lib.logs.MaskKeys"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["no keys"]}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {"celery.app.trace": {"level": "WARNING"}, "celery.worker.strategy": {"level": "WARNING"}},
}
