"""A member of staff of the demo, put in by a session of their own, and what needs no screen either."""

import subprocess
import sys

from playwright.sync_api import Page

from tests.journeys.site import ROOT, Site
from tests.journeys.visitor import Person

CLAIRE = ("nimes", "claire.besson@nimes.example.org")

# In a process of the demo's own: the tests have another database, and other keys.
_BEGIN = """
import sys
from datetime import timedelta
import django
django.setup()
from django.db.models import F
from django.test import Client
from django.utils import timezone
from django_tenants.utils import tenant_context
from guichet.web.stamp import STAMP
from tenant_apps.identity.counters import count_account_try
from tenant_apps.identity.models import SmsDevice, TryCounter
from tenant_apps.identity.selectors import login_index, user_of_index
from tenants.policy.current import current_policy
from tenants.policy.identifiers import format_of
from tenants.selectors import caisse_of_schema
caisse, identifier, *more = sys.argv[1:]
with tenant_context(caisse_of_schema(schema=caisse)):
"""
_PUT_IN = """
    browser = Client()
    user = user_of_index(index=login_index(realm="staff", identifier=identifier))
    browser.force_login(user, backend="tenant_apps.identity.backends.BlindIndexBackend")
    session = browser.session
    session[STAMP] = caisse
    session.save()
    print(session.session_key)
"""
_SHUT_OUT = """
    policy = current_policy()
    index = login_index(realm="client", identifier=format_of(policy.identifier).normalise(identifier))
    for _ in range(policy.lockout.max_failures):
        count_account_try(key=index, policy=policy, now=timezone.now())
"""
_LET_PASS = """
    length = timedelta(seconds=int(more[0]))
    policy = current_policy()
    index = login_index(realm="client", identifier=format_of(policy.identifier).normalise(identifier))
    TryCounter.objects.filter(key=index).update(
        locked_until=F("locked_until") - length, last_at=F("last_at") - length
    )
    for device in SmsDevice.objects.filter(user=user_of_index(index=index)):
        device.sent = [(each - length).isoformat() for each in device.sent_at]
        device.save(update_fields=["sent"])
"""


def put_in(page: Page, site: Site, clerk: tuple[str, str] = CLAIRE) -> None:
    """By the cookie of a session made in the database: the screens of a sign-in are not gone through."""
    key = _said(site, _PUT_IN, *clerk).splitlines()[-1]
    page.context.add_cookies([{"name": "guichet_session", "value": key, "url": site.url(clerk[0])}])


def shut_out(site: Site, person: Person) -> None:
    """As wrong secrets would, but for the brake on the one address that all these visitors share."""
    _said(site, _SHUT_OUT, person.caisse, person.identifier)


def let_pass(site: Site, person: Person, *, seconds: int) -> None:
    """What this person's account has counted, and what its phone was sent, lies so much further back."""
    _said(site, _LET_PASS, person.caisse, person.identifier, str(seconds))


def _said(site: Site, act: str, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", _BEGIN + act, *words],
        env=dict(site.environment),
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()
