"""The demo: plain HTTP on this computer, a mailbox page instead of real messages, invented people."""

from pathlib import Path

from guichet.config.settings.base import *  # noqa: F403  # settings are one flat namespace
from guichet.config.settings.base import CONTEXT_PROCESSORS, INSTALLED_APPS, PAYMENT_ADAPTERS, TENANT_APPS
from guichet.config.settings.environment import ROOT, env
from tenant_apps.payments.domain.providers import CardProvider

TENANT_APPS = [*TENANT_APPS, "tenant_apps.demo"]
INSTALLED_APPS = [*INSTALLED_APPS, "tenant_apps.demo"]
CONTEXT_PROCESSORS.append("tenant_apps.demo.context.mailbox")
URL_TREES = {
    "front": "guichet.config.urls.front",
    "gie": "guichet.config.urls.demo_gie",
    "caisse": "guichet.config.urls.demo_caisse",
}
MESSAGE_TRANSPORTS = dict.fromkeys(("mail", "sms", "letter"), "tenant_apps.demo.transport.Mailbox")
PAYMENT_ADAPTERS = {**PAYMENT_ADAPTERS, "demo": "tenant_apps.demo.cards.provider.DemoCards"}
PAYMENT_PROVIDERS = {"default": CardProvider(kind="demo")}
PHONES_OF_FICTION = True
DEMO_PORT = env.int("GUICHET_PORT", default=8000)
OWN_ADDRESS = f"http://{{host}}:{DEMO_PORT}"
# What the demo writes, so that two of them on one computer do not meet.
_VAR = Path(env.str("GUICHET_VAR", default=str(ROOT / "var" / "demo")))
STATIC_ROOT = _VAR / "static"
MEDIA_ROOT = _VAR / "files"
