"""What a member of staff does at the counter, and what a test may see behind the screens."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import tenant_context

from guichet.tenancy.signing import keyring
from tenant_apps.clients.models import Client
from tenant_apps.clients.register_client import register_client
from tenant_apps.identity.models import SmsDevice, TryCounter, User
from tenant_apps.identity.open_account import open_account
from tenant_apps.identity.replace_phone import mobile_as_shown
from tenant_apps.journal.models import Event
from tenant_apps.messaging.models import Message
from tenant_apps.messaging.rendering import PURPOSE
from tenants.models import Caisse
from tests.identity.steps import user_of
from tests.world import NOON

DESK, MESSAGES, SIGN_IN = "/agence/", "/agence/messages/", "/agence/connexion/"
# In the address of a page that shows what was sent again.
SHOWN_AGAIN = "?reponses="
ACTS = ("reouverture", "telephone", "seconde-etape", "activation")
NEW = "06 39 98 77 77"
NEW_STORED = "+33639987777"
REASON = {"reason": "at_counter", "note": ""}
SHOWN = {"document": "identity_card", "present": "on"}
PHONE = {**SHOWN, "mobile": NEW, "reason": "lost", "note": ""}
FORGET = {**SHOWN, "reason": "lost", "note": ""}


def file_of(client: Client) -> str:
    return f"{DESK}clients/{client.uuid}/"


def act_of(client: Client, act: str) -> str:
    return f"{file_of(client)}{act}/"


def seen(caisse: Caisse, client: Client) -> dict[str, str]:
    """What the page of the telephone carries of the number that it shows."""
    with tenant_context(caisse):
        return {"seen": mobile_as_shown(client=Client.objects.get(pk=client.pk))}


def words(answer: Any) -> str:
    """The page with plain spaces only."""
    page = answer.content.decode().replace("\u202f", " ").replace("\xa0", " ").replace("&nbsp;", " ")
    return " ".join(page.split())


def find(browser: Browser, typed: str) -> list[str]:
    """The numbers of the clients that a search finds, in order."""
    answer = search(browser, typed)
    assert answer.status_code == 200
    return [client.number for client in answer.context.get("clients") or []]


def posted(browser: Browser, url: str, fields: Any = None, **extra: Any) -> Any:
    """What a form that is sent comes to: the page of its answers at their own address, or where its act leads."""
    answer = browser.post(url, fields, **extra)
    where = answer.headers.get("Location", "")
    return browser.get(where) if SHOWN_AGAIN in where else answer


def search(browser: Browser, typed: str) -> Any:
    """The page of what a search found; the form again, when it was refused."""
    answer = browser.post(DESK, {"words": typed})
    return browser.get(answer.headers["Location"]) if answer.status_code == 302 else answer


def register(
    caisse: Caisse,
    number: str,
    *,
    first: str = "Zoé",
    last: str = "Sept",
    identifier: str = "",
    activated: bool = True,
) -> Client:
    """Another client of that caisse; with a way in when an identifier is given."""
    with tenant_context(caisse):
        client = register_client(
            number=number,
            title="none",
            first_name=first,
            last_name=last,
            birth_date=None,
            email="",
            mobile="",
        )
        if identifier:
            open_account(
                kind=User.Kind.CLIENT,
                identifier=identifier,
                secret="Zoe-aime-alpha-7!" if activated else None,
                display_name=f"{first} {last}",
                now=NOON,
                client=client,
            )
    return client


def close_account(caisse: Caisse, **state: Any) -> None:
    """As failed tries leave it: until the agency, or as `state` says."""
    with tenant_context(caisse):
        key = User.objects.get(client_id=1).login_index
        TryCounter.objects.update_or_create(
            scope=TryCounter.Scope.ACCOUNT, key=key, defaults=state or {"agency_only": True, "failures": 5}
        )


def journal(caisse: Caisse, kind: str) -> list[Event]:
    with tenant_context(caisse):
        return list(Event.objects.filter(kind=kind).order_by("id"))


def staff_uuid(caisse: Caisse) -> str:
    return str(user_of(caisse, kind=User.Kind.STAFF).uuid)


def account(caisse: Caisse) -> User:
    return user_of(caisse)


def sent(caisse: Caisse, kind: str) -> list[dict[str, str]]:
    """What is in the outbox of that kind: channel, to, text."""
    with tenant_context(caisse):
        rows = list(Message.objects.filter(kind=kind).order_by("id"))
        return [
            {"channel": each.channel, **json.loads(keyring().open(each.sealed, purpose=PURPOSE))}
            for each in rows
        ]


def phones(caisse: Caisse) -> tuple[str, list[str]]:
    """The mobile of the file of key 1, and where its codes go."""
    with tenant_context(caisse):
        devices = SmsDevice.objects.filter(user__client_id=1).values_list("phone", flat=True)
        return Client.objects.get(pk=1).mobile, list(devices)


def statements(browser: Browser, url: str) -> Iterator[str]:
    """The SQL that a GET asks, parameters bound."""
    browser.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(url).status_code == 200
    return (query["sql"] for query in queries)


def count(browser: Browser, url: str) -> int:
    return len(list(statements(browser, url)))


def uuid_in(answer: Any, before: str) -> UUID:
    """The uuid that follows some text of a page."""
    return UUID(answer.content.decode().partition(before)[2][:36])
