"""How messages leave: one transport per channel, sent by the worker only. Letters leave by the agency's printer."""

from datetime import timedelta

from guichet.config.settings.providers import providers, return_address

MESSAGE_TRANSPORTS = {
    "mail": "tenant_apps.messaging.smtp.SmtpMail",
    "sms": "tenant_apps.messaging.sms.GatewaySms",
}
MESSAGE_RETRIES = [timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30)]
# The gateways and servers that a caisse's policy may name, and where mails come back to.
PROVIDERS = providers("GUICHET_PROVIDERS")
RETURN_ADDRESS = return_address("GUICHET_RETURN_ADDRESS")
# 06 39 98 xx xx, which no operator gives: the demo and the tests take it for a mobile number.
PHONES_OF_FICTION = False
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
