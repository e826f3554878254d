"""The clients of the benchmarks, put into the current caisse by its ordinary services."""

from collections.abc import Iterable
from datetime import datetime

from benchmarks.people import the_person
from benchmarks.phones import code_in
from guichet.tenancy.signing import keyring
from tenant_apps.demo.load import load_person
from tenant_apps.demo.people import Person
from tenant_apps.messaging.models import Message
from tenant_apps.messaging.rendering import PURPOSE


def load_client(*, now: datetime) -> None:
    """The one whose pages are shown."""
    load_people(people=[the_person()], now=now)


def load_people(*, people: Iterable[Person], now: datetime) -> None:
    for person in people:
        load_person(person=person, now=now)


def last_code() -> str:
    """The code that the current caisse sent last, as the phone would show it. No worker has run since."""
    message = Message.objects.filter(kind="sms_code").latest("id")
    return code_in(keyring().open(message.sealed, purpose=PURPOSE))
