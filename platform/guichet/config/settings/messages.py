"""How messages leave: one transport per channel, sent by the worker only."""

from datetime import timedelta

MESSAGE_TRANSPORTS = {
    "mail": "tenant_apps.messaging.transports.SmtpMail",
    "sms": "tenant_apps.messaging.transports.NoTransport",
    "letter": "tenant_apps.messaging.transports.NoTransport",
}
MESSAGE_RETRIES = [timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30)]
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
