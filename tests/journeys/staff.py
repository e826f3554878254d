"""A member of staff of the demo, put in by a session of their own."""

import subprocess
import sys

from playwright.sync_api import Page

from tests.journeys.site import ROOT, Site

SABINE = ("nimes", "sabine.pelissier@nimes.example.org")

# In a process of the demo's own: the tests have another database, and other keys.
_BEGIN = """
import sys
import django
django.setup()
from django.test import Client
from django_tenants.utils import tenant_context
from guichet.web.stamp import STAMP
from tenant_apps.identity.selectors import login_index, user_of_index
from tenants.selectors import caisse_of_schema
caisse, identifier = sys.argv[1:]
with tenant_context(caisse_of_schema(schema=caisse)):
    browser = Client()
    user = user_of_index(index=login_index(realm="staff", identifier=identifier))
    browser.force_login(user, backend="tenant_apps.identity.backends.BlindIndexBackend")
    session = browser.session
    session[STAMP] = caisse
    session.save()
    print(session.session_key)
"""


def put_in(page: Page, site: Site, clerk: tuple[str, str] = SABINE) -> None:
    """By the cookie of a session made in the database: the screens of a sign-in are not gone through."""
    made = subprocess.run(
        [sys.executable, "-c", _BEGIN, *clerk],
        env=dict(site.environment),
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    key = made.stdout.strip().splitlines()[-1]
    page.context.add_cookies([{"name": "guichet_session", "value": key, "url": site.url(clerk[0])}])
