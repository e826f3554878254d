"""What a client does in a browser, and what an attacker carries from one caisse to the other."""

import json
import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client as Browser
from django_tenants.utils import tenant_context

from guichet.tenancy.signing import keyring
from guichet.web.sessions import SessionStore
from tenant_apps.messaging.models import Message
from tenant_apps.messaging.rendering import PURPOSE
from tenants.models import Caisse
from tenants.selectors import caisse_of_schema
from tests.world import Someone

BrowserAt = Callable[[str], Browser]

SIGN_IN, SECOND_STEP, HOME = "/connexion/", "/connexion/code/", "/"


def first_step(browser: Browser, someone: Someone, **more: str) -> Any:
    """The identifier and the secret."""
    return browser.post(SIGN_IN, {"identifier": someone.identifier, "secret": someone.secret, **more})


def code_sent_to(someone: Someone) -> str:
    """As the client reads it on the phone: from the newest message of the outbox."""
    with tenant_context(caisse_of_schema(schema=someone.caisse)):
        message = Message.objects.filter(kind="sms_code").latest("id")
        words = json.loads(keyring().open(message.sealed, purpose=PURPOSE))
    assert words["to"] == someone.phone
    found = re.search(r"\b\d{6}\b", words["text"])
    assert found
    return found[0]


def signed_in(browser: Browser, someone: Someone) -> Browser:
    """Both steps done."""
    assert first_step(browser, someone).headers["Location"] == SECOND_STEP
    done = browser.post(SECOND_STEP, {"code": code_sent_to(someone)})
    assert done.headers["Location"] == HOME
    return browser


def carry_cookies(source: Browser, target: Browser) -> None:
    """Every cookie of one browser into the other, name and value."""
    for name, morsel in source.cookies.items():
        target.cookies[name] = morsel.value


def session_key(browser: Browser) -> str:
    return browser.cookies[settings.SESSION_COOKIE_NAME].value


def share_session(browser: Browser, *, source: Caisse, target: Caisse) -> None:
    """As if both caisses kept their sessions in one store: the row of the first also stands in the second."""
    stored = SessionStore.stored_key(session_key(browser))
    with tenant_context(source):
        row = Session.objects.get(session_key=stored)
    with tenant_context(target):
        Session.objects.create(
            session_key=row.session_key, session_data=row.session_data, expire_date=row.expire_date
        )


def sessions_of(caisse: Caisse) -> int:
    with tenant_context(caisse):
        return Session.objects.count()


def messages_of(caisse: Caisse) -> int:
    with tenant_context(caisse):
        return Message.objects.count()
