"""Production: behind a proxy that ends TLS; nothing of the demo is installed."""

import logging

from guichet.config.settings.base import *  # noqa: F403  # settings are one flat namespace
from guichet.config.settings.base import LOGGING, SILENCED_SYSTEM_CHECKS
from guichet.config.settings.environment import env

LOGGING["handlers"]["stderr"]["formatter"] = "json"
# A warning of Python is a line too.
logging.captureWarnings(capture=True)

SECURE_SSL_REDIRECT = True
# Every path: Django redirects before the host is known, we do after (guichet.web.https).
SECURE_REDIRECT_EXEMPT = [""]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
# The domains belong to the caisses: their other hosts, and a list that browsers ship, are for them to decide about.
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("GUICHET_HSTS_SUBDOMAINS", default=False)
SECURE_HSTS_PRELOAD = env.bool("GUICHET_HSTS_PRELOAD", default=False)
SILENCED_SYSTEM_CHECKS = [*SILENCED_SYSTEM_CHECKS, "security.W005", "security.W021"]
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
# `__Host-`: the browser sends the cookie to this very host only, and no sibling domain can plant one.
SESSION_COOKIE_NAME = "__Host-guichet_session"
CSRF_COOKIE_NAME = "__Host-guichet_csrf"
LANGUAGE_COOKIE_NAME = "__Host-guichet_language"
LANGUAGE_COOKIE_SECURE = True

EMAIL_HOST = env.str("GUICHET_SMTP_HOST", default="localhost")
EMAIL_PORT = env.int("GUICHET_SMTP_PORT", default=587)
EMAIL_HOST_USER = env.str("GUICHET_SMTP_USER", default="")
EMAIL_HOST_PASSWORD = env.str("GUICHET_SMTP_PASSWORD", default="")
EMAIL_USE_TLS = True
# Of each step of a conversation (see tenant_apps.messaging.smtp).
EMAIL_TIMEOUT = 10
