"""How messages leave: one transport per channel, sent by the worker only. Letters leave by the agency's printer."""

from datetime import timedelta

MESSAGE_TRANSPORTS = {
    "mail": "tenant_apps.messaging.transports.SmtpMail",
    "sms": "tenant_apps.messaging.transports.NoTransport",
}
MESSAGE_RETRIES = [timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30)]
# 06 39 98 xx xx, which no operator gives: the demo and the tests take it for a mobile number.
PHONES_OF_FICTION = False
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
