"""One line an event on standard error, with the caisse it is about."""

from guichet.config.settings.environment import env

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"tenant": {"()": "guichet.tenancy.logs.TenantFilter"}},
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s [%(schema)s] %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "filters": ["tenant"], "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.str("GUICHET_LOG_LEVEL", default="INFO")},
    "loggers": {
        "procrastinate": {"level": "WARNING"},
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}
