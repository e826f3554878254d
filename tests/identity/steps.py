"""The steps of a sign-in as a person takes them, and what a test may see behind the screens."""

import json
import re
from collections.abc import Mapping
from typing import Any

from django.test import Client as Browser
from django.utils import timezone
from django_tenants.utils import tenant_context

from guichet.tenancy.signing import keyring
from guichet.web.sessions import SessionStore
from guichet.web.stamp import STAMP
from tenant_apps.identity.models import OpenSession, SmsDevice, TryCounter, User
from tenant_apps.identity.selectors import login_index
from tenant_apps.journal.models import Event
from tenant_apps.messaging.models import Message
from tenant_apps.messaging.rendering import PURPOSE
from tenants.models import Caisse
from tenants.policy.inheritance import overlay
from tenants.policy.publish_policy import publish_policy
from tenants.policy.selectors import published_of
from tests.world import ANNE, Someone

SIGN_IN, CODE, RESEND, SIGN_OUT = (
    "/connexion/",
    "/connexion/code/",
    "/connexion/code/renvoyer/",
    "/deconnexion/",
)
NOBODY_HAS_IT = "1999999999"
WRONG = "Pas-le-bon-secret-0!"
_CODE = re.compile(r"\b\d{4,10}\b")


def enter_secret(
    browser: Browser, someone: Someone = ANNE, *, identifier: str = "", secret: str = "", **extra: Any
) -> Any:
    """The first step. What is not said is right."""
    typed = {"identifier": identifier or someone.identifier, "secret": secret or someone.secret}
    return browser.post(SIGN_IN, typed, **extra)


def enter_code(browser: Browser, code: str) -> Any:
    """The answer to a good one; to another, the page that says so."""
    return told(browser, browser.post(CODE, {"code": code}))


def told(browser: Browser, answer: Any) -> Any:
    """The page that a wrong second step leads to."""
    where = answer.headers.get("Location", "")
    return browser.get(where) if where.startswith(f"{CODE}?reponse=") else answer


def sign_in(browser: Browser, caisse: Caisse, someone: Someone = ANNE) -> Any:
    """Both steps; the answer to the second."""
    enter_secret(browser, someone)
    return enter_code(browser, sms_codes(caisse)[-1])


def put_in(browser: Browser, caisse: Caisse, user: User) -> Browser:
    """Signed in without the screens, which staff have not yet; stamped and written down as a sign-in would."""
    with tenant_context(caisse):
        browser.force_login(user, backend="tenant_apps.identity.backends.BlindIndexBackend")
        session = browser.session
        session[STAMP] = caisse.schema_name
        session.save()
        digest = SessionStore.stored_key(session.session_key or "")
        OpenSession.objects.create(digest=digest, user=user, begun_at=timezone.now())
    return browser


def said(answer: Any) -> str:
    """The page's source, whatever its line breaks."""
    return " ".join(answer.content.decode().split())


def hidden(answer: Any, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', answer.content.decode())
    assert found
    return found[1]


def wrong_code(right: str) -> str:
    """As long as the right one, and never equal to it."""
    return "".join(str((int(digit) + 1) % 10) for digit in right)


def sms_codes(caisse: Caisse) -> list[str]:
    """The codes that left, oldest first, as the phone would show them."""
    return [_CODE.findall(text)[0] for text in _texts(caisse, kind="sms_code")]


def mails(caisse: Caisse, *, kind: str) -> list[str]:
    return _texts(caisse, kind=kind)


def _texts(caisse: Caisse, *, kind: str) -> list[str]:
    with tenant_context(caisse):
        sealed = Message.objects.filter(kind=kind).order_by("id").values_list("sealed", flat=True)
        # Empty: a letter that a later one has replaced.
        return [json.loads(keyring().open(each, purpose=PURPOSE))["text"] for each in sealed if each]


def queued(caisse: Caisse) -> int:
    with tenant_context(caisse):
        return Message.objects.count()


def events(caisse: Caisse) -> list[str]:
    """The kinds of what was journalled, oldest first, without the building of the test's world."""
    with tenant_context(caisse):
        found = Event.objects.exclude(kind="account.opened").order_by("id")
        return list(found.values_list("kind", flat=True))


def counter(caisse: Caisse, *, identifier: str = ANNE.identifier) -> TryCounter | None:
    """What the account of that identifier counts; None when nobody tried."""
    with tenant_context(caisse):
        key = login_index(realm="client", identifier=identifier)
        return TryCounter.objects.filter(scope=TryCounter.Scope.ACCOUNT, key=key).first()


def failures(caisse: Caisse, *, identifier: str = ANNE.identifier) -> int:
    found = counter(caisse, identifier=identifier)
    return found.failures if found else 0


def address_failures(caisse: Caisse) -> int:
    """Over all addresses; the tests come from one."""
    with tenant_context(caisse):
        rows = TryCounter.objects.filter(scope=TryCounter.Scope.ADDRESS)
        return sum(rows.values_list("failures", flat=True))


def user_of(caisse: Caisse, *, kind: User.Kind = User.Kind.CLIENT) -> User:
    with tenant_context(caisse):
        return User.objects.select_related("client").get(kind=kind, pk__lte=2)


def device_of(caisse: Caisse) -> SmsDevice:
    with tenant_context(caisse):
        device: SmsDevice = SmsDevice.objects.get()
        return device


_WAYS_IN = {"activation", "lockout", "recovery", "second_factor", "secret"}


def publish(caisse: Caisse, changes: Mapping[str, Any], *, instead_of: str = "") -> None:
    """A new version of the caisse's policy, gone with the test's rollback; one section may be written anew.

    Other ways in are tried where no money moves, unless the changes ask for payments: it allows few of them.
    """
    before = published_of(schema=caisse.schema_name).document
    kept = {key: value for key, value in before.items() if key != instead_of}
    if _WAYS_IN & changes.keys():
        kept["products"] = [name for name in before.get("products", ()) if name != "payments"]
    with tenant_context(caisse):
        publish_policy(
            document=overlay(kept, changes), author="tests", reason="pour un test", at=timezone.now()
        )
