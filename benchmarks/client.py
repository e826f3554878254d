"""The client whose list of contracts is shown: the one of the demo's people at Nîmes who has the most."""

import re
from datetime import datetime

from guichet.tenancy.signing import keyring
from tenant_apps.demo.load import load_person
from tenant_apps.demo.people import Person, demo_people
from tenant_apps.messaging.deliver_message import PURPOSE
from tenant_apps.messaging.models import Message

CAISSE = "nimes"
HOST = f"{CAISSE}.localhost"
_CODE = re.compile(r"\b\d{4,10}\b")


class NoCodeError(RuntimeError):
    """The last message holds no code."""


def load_client(*, now: datetime) -> None:
    """Into the current caisse."""
    load_person(person=the_person(), now=now)


def the_person() -> Person:
    return max(
        (each for each in demo_people() if each.caisse == CAISSE), key=lambda each: len(each.contracts)
    )


def last_code() -> str:
    """The code that the current caisse sent last, as the phone would show it."""
    message = Message.objects.filter(kind="sms_code").latest("id")
    found = _CODE.search(keyring().open(message.sealed, purpose=PURPOSE))
    if found is None:
        raise NoCodeError
    return found[0]
