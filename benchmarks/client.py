"""The client whose list of contracts is shown: the one of the demo's people at Nîmes who has the most."""

from datetime import datetime

from tenant_apps.clients.models import Client
from tenant_apps.demo.load import load_person
from tenant_apps.demo.people import Person, demo_people
from tenant_apps.identity.models import User

CAISSE = "nimes"


def load_client(*, now: datetime) -> None:
    """Into the current caisse."""
    load_person(person=_person(), now=now)


def the_user() -> User:
    client = Client.objects.get(number=_person().number)
    return User.objects.get(client=client)


def contract_numbers() -> list[str]:
    return [str(contract["number"]) for contract in _person().contracts]


def _person() -> Person:
    return max((each for each in demo_people() if each.caisse == CAISSE), key=lambda each: len(each.contracts))
