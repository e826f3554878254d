"""People who forgot their secret or their identifier, and what the post brings them."""

import json
import re
from collections.abc import Callable
from typing import Any, ClassVar

import pytest
from django.test import Client as Browser
from django_tenants.utils import tenant_context

from guichet.tenancy.connection import connection
from guichet.tenancy.enqueue import enqueue
from guichet.tenancy.signing import keyring
from tenant_apps.clients.models import Client
from tenant_apps.identity import ask_identifier, ask_recovery, tasks
from tenant_apps.identity.models import Recovery, User
from tenant_apps.identity.pin_hashes import hash_pin
from tenant_apps.journal.models import Event
from tenant_apps.messaging.models import Message
from tenant_apps.messaging.rendering import PURPOSE
from tenants.models import Caisse
from tenants.selectors import caisse_of_schema
from tests.identity.keypads import PIN
from tests.identity.steps import mails
from tests.identity.waiting import MUTUAL as FIRST_OF_A_MUTUAL
from tests.identity.waiting import NIR_KEPT, newcomer
from tests.world import ANNE

RECOVER, NEXT, CODE, CHOOSE, DONE = (
    "/secret-oublie/",
    "/secret-oublie/suite/",
    "/secret-oublie/code/",
    "/secret-oublie/choisir/",
    "/secret-oublie/fait/",
)
IDENTIFIER, IDENTIFIER_ASKED = "/identifiant-oublie/", "/identifiant-oublie/suite/"
NEW_PIN = "962372"

PARIS: dict[str, Any] = {
    "recovery": {
        "proofs": ["email_link", "sms_code"],
        "link_lifetime": "12 h",
        "code": {"length": 5, "alphabet": "letters_and_digits", "lifetime": "12 h"},
    }
}
MUTUAL: dict[str, Any] = FIRST_OF_A_MUTUAL | {
    "recovery": {"proofs": ["email_code"], "proofs_without_email": ["letter_code"], "code_tries": 3}
}
NIMES: dict[str, Any] = {"recovery": {"identifier_asks": ["client_number", "birth_date", "contract_number"]}}
AGENCY: dict[str, Any] = {"recovery": {"proofs": [], "identifier_asks": []}}

_LINK = re.compile(r"http://[^/]+(/secret-oublie/lien/[\w-]+/)")
_SMS_CODE = re.compile(r"code est (\w+)\.")
_CODE = re.compile(r"^ +(\w[\w ]*\w)$", re.MULTILINE)


class Worker:
    """Does the jobs of these requests when the test says so."""

    does: ClassVar[dict[str, Callable[..., None]]] = {
        "identity.send_recovery": tasks.send_recovery,
        "identity.remind_identifier": tasks.remind_identifier,
    }

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked: list[dict[str, Any]] = []
        for module in (ask_recovery, ask_identifier):
            monkeypatch.setattr(module, "enqueue", self._note)

    def _note(self, task: str, **arguments: Any) -> int | None:
        self.asked.append({"task": task, "tenant": connection.schema_name, **arguments})
        return enqueue(task, **arguments)

    def run(self, *, times: int = 1) -> None:
        """Every job that was asked for since the last time."""
        waiting, self.asked = self.asked, []
        for job in waiting * times:
            arguments = {name: value for name, value in job.items() if name != "task"}
            with tenant_context(caisse_of_schema(schema=job["tenant"])):
                self.does[job["task"]](**arguments)


def ask(browser: Browser, identifier: str = ANNE.identifier) -> Any:
    return browser.post(RECOVER, {"identifier": identifier})


def links(caisse: Caisse) -> list[str]:
    """The paths that were mailed, oldest first."""
    return [_LINK.findall(text)[0] for text in mails(caisse, kind="recovery_link")]


def codes(caisse: Caisse) -> list[str]:
    """Of SMS, mails and letters, oldest first."""
    return [
        (_SMS_CODE.findall(text) or _CODE.findall(text))[0] for text in mails(caisse, kind="recovery_code")
    ]


def outbox(caisse: Caisse, *, kind: str) -> list[dict[str, Any]]:
    """Channel, recipient and words of what was queued, oldest first."""
    with tenant_context(caisse):
        return [
            {"channel": each.channel, **json.loads(keyring().open(each.sealed, purpose=PURPOSE))}
            for each in Message.objects.filter(kind=kind).order_by("id")
        ]


def latest(caisse: Caisse) -> Recovery:
    with tenant_context(caisse):
        return Recovery.objects.select_related("user").order_by("-id")[0]


def whys(caisse: Caisse, *, kind: str = "recovery.refused") -> list[str]:
    with tenant_context(caisse):
        return [each.details["why"] for each in Event.objects.filter(kind=kind).order_by("id")]


def without_email(caisse: Caisse) -> None:
    """Everybody's file loses it."""
    with tenant_context(caisse):
        Client.objects.update(email="")


def member(caisse: Caisse, **details: Any) -> User:
    """Somebody with a NIR and a PIN."""
    user = newcomer(caisse, identifier=NIR_KEPT, **details)
    with tenant_context(caisse):
        User.objects.filter(pk=user.pk).update(password=hash_pin(PIN))
    return user


def activated(caisse: Caisse, user: User, **changes: Any) -> User:
    """With Anne's password, which is as good as another."""
    with tenant_context(caisse):
        User.objects.filter(pk=user.pk).update(password=User.objects.get(pk=1).password, **changes)
        return User.objects.get(pk=user.pk)
