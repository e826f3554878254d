"""The demo: plain HTTP on this computer, a mailbox page instead of real messages, invented people."""

from guichet.config.settings.base import *  # noqa: F403  # settings are one flat namespace
from guichet.config.settings.base import INSTALLED_APPS, TEMPLATES, TENANT_APPS
from guichet.config.settings.environment import ROOT, env
from guichet.embedded.programs import locate

TENANT_APPS = [*TENANT_APPS, "tenant_apps.demo"]
INSTALLED_APPS = [*INSTALLED_APPS, "tenant_apps.demo"]
TEMPLATES[0]["OPTIONS"]["context_processors"].append("tenant_apps.demo.context.mailbox")
URL_TREES = {
    "front": "guichet.config.urls.front",
    "gie": "guichet.config.urls.demo_gie",
    "caisse": "guichet.config.urls.demo_caisse",
}
MESSAGE_TRANSPORTS = dict.fromkeys(("mail", "sms", "letter"), "tenant_apps.demo.transport.Mailbox")
PG_DUMP = env.str("GUICHET_PG_DUMP", default=str(locate(18).path("pg_dump")))
DEMO_PORT = env.int("GUICHET_PORT", default=8000)
STATIC_ROOT = ROOT / "var" / "demo" / "static"
MEDIA_ROOT = ROOT / "var" / "demo" / "files"
