"""As Guichet's side, without what tells caisses apart."""

from typing import Any

from benchmarks.ours.settings import *  # noqa: F403  # settings are one flat namespace
from benchmarks.ours.settings import (
    DATABASES,
    INSTALLED_APPS,
    MIDDLEWARE,
    STORAGES,
    TEMPLATES,
    THEMES,
    URL_TREES,
)
from benchmarks.plain.the_file import THEME
from guichet.config.settings.database import ADMINISTRATOR

_KEPT_OPEN = ("CONN_MAX_AGE", "CONN_HEALTH_CHECKS")
_INSTEAD = {
    "guichet.web.tenant.TenantMiddleware": "benchmarks.plain.site.SiteMiddleware",
    "guichet.web.suspension.SuspensionMiddleware": None,
    "guichet.web.caisse_only.SessionMiddleware": "django.contrib.sessions.middleware.SessionMiddleware",
    "guichet.web.stamp.SessionStampMiddleware": None,
    "guichet.web.csrf.TenantCsrfMiddleware": "django.middleware.csrf.CsrfViewMiddleware",
    "guichet.web.caisse_only.AuthenticationMiddleware": "django.contrib.auth.middleware.AuthenticationMiddleware",
    "guichet.web.caisse_only.MessageMiddleware": "django.contrib.messages.middleware.MessageMiddleware",
}
if missing := _INSTEAD.keys() - set(MIDDLEWARE):
    raise RuntimeError(f"the plain project replaces middleware that Guichet has no more: {sorted(missing)}")

# Without what closes the commands of django-tenants, Django's own migrate too.
INSTALLED_APPS = [name for name in INSTALLED_APPS if name not in ("django_tenants", "tenants.closed")]
MIDDLEWARE = [name for each in MIDDLEWARE if (name := _INSTEAD.get(each, each)) is not None]
ROOT_URLCONF = URL_TREES["caisse"]
SESSION_ENGINE = "django.contrib.sessions.backends.db"
DATABASE_ROUTERS = []
DATABASES = {
    "default": {
        **ADMINISTRATOR,
        **{name: DATABASES["default"][name] for name in _KEPT_OPEN},
        "ENGINE": "django.db.backends.postgresql",
    }
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STORAGES = {**STORAGES, "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}}
_templates: Any = TEMPLATES[0]
_options: Any = {name: value for name, value in _templates["OPTIONS"].items() if name != "loaders"}
_plain: Any = {"DIRS": [THEMES / THEME / "templates"], "APP_DIRS": True, "OPTIONS": _options}
TEMPLATES = [{**_templates, **_plain}]
