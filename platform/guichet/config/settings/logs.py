"""One line an event on standard error, with the caisse it is about and no person."""

from typing import Any

from guichet.config.settings.environment import env
from guichet.telemetry.too_large import LOGGERS as TOO_LARGE

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "tenant": {"()": "guichet.tenancy.logs.TenantFilter"},
        "no_failure": {"()": "guichet.telemetry.too_large.NoFailure"},
    },
    "formatters": {
        "text": {"()": "guichet.telemetry.lines.as_text"},
        "json": {"()": "guichet.telemetry.lines.as_json"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "filters": ["tenant"], "formatter": "text"}},
    "root": {"handlers": ["stderr"], "level": env.str("GUICHET_LOG_LEVEL", default="INFO")},
    "loggers": {
        "procrastinate": {"level": "WARNING"},
        # At DEBUG it writes each address that it asks, with our account in it.
        "urllib3": {"level": "WARNING"},
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        **{name: {"filters": ["no_failure"]} for name in TOO_LARGE},
        # The server takes its own handlers away (guichet.config.gunicorn): its events are lines like the others.
        "gunicorn.error": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
    },
}
