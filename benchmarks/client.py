"""The clients of the benchmarks, put into the current caisse by its ordinary services."""

import re
from collections.abc import Iterable
from datetime import datetime

from benchmarks.people import the_person
from guichet.tenancy.signing import keyring
from tenant_apps.demo.load import load_person
from tenant_apps.demo.people import Person
from tenant_apps.messaging.deliver_message import PURPOSE
from tenant_apps.messaging.models import Message

_CODE = re.compile(r"\b\d{4,10}\b")


class NoCodeError(RuntimeError):
    """The last message holds no code."""


def load_client(*, now: datetime) -> None:
    """The one whose pages are shown."""
    load_people(people=[the_person()], now=now)


def load_people(*, people: Iterable[Person], now: datetime) -> None:
    for person in people:
        load_person(person=person, now=now)


def last_code() -> str:
    """The code that the current caisse sent last, as the phone would show it. No worker has run since."""
    message = Message.objects.filter(kind="sms_code").latest("id")
    found = _CODE.search(keyring().open(message.sealed, purpose=PURPOSE))
    if found is None:
        raise NoCodeError
    return found[0]
