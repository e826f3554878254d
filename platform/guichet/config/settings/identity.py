"""Signing in: hashing, sessions, cookies, allauth and two_factor as libraries."""

from datetime import timedelta

from guichet.config.settings.environment import key, keys, secret

SECRET_KEY = secret("GUICHET_SECRET_KEY", meaning="the key that signs cookies and links")
MASTER_KEY = key(
    "GUICHET_MASTER_KEY", meaning="the key that seals identifiers, devices and messages in the database"
)
# While the master key is being replaced: they open and compare, and seal nothing (docs/running.md).
NEXT_MASTER_KEY = keys("GUICHET_NEXT_MASTER_KEY", meaning="the key that is to become GUICHET_MASTER_KEY")
PREVIOUS_MASTER_KEYS = keys("GUICHET_PREVIOUS_MASTER_KEYS", meaning="what GUICHET_MASTER_KEY was before")

# Argon2id at 19 MiB, two passes, one lane: fifty sign-ins at once stay under a gigabyte.
PASSWORD_HASHERS = ["tenant_apps.identity.hashers.Argon2idHasher"]
AUTHENTICATION_BACKENDS = ["tenant_apps.identity.backends.BlindIndexBackend"]

SESSION_ENGINE = "guichet.web.sessions"
SESSION_COOKIE_NAME = "guichet_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_NAME = "guichet_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_AGE = None
CSRF_FAILURE_VIEW = "guichet.web.errors.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "home"

ALLAUTH_SETTING_GETTER = "tenant_apps.identity.allauth_settings.setting"
ACCOUNT_ADAPTER = "tenant_apps.identity.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
# The database counts failures (tenant_apps.identity.lockout); allauth's cache counters would be per process.
ACCOUNT_RATE_LIMITS = False
ACCOUNT_LOGOUT_REDIRECT_URL = "sign_in"

TWO_FACTOR_PATCH_ADMIN = False
TWO_FACTOR_SMS_GATEWAY = "tenant_apps.identity.gateways.OutboxGateway"
