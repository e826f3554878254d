"""The first step of Guichet's sign-in, which leads on to the second."""

from datetime import datetime

from django_tenants.utils import tenant_context

from benchmarks.client import load_people
from benchmarks.first_steps import FirstSteps
from benchmarks.people import CAISSE, newcomers
from tenant_apps.demo.people import Person
from tenants.selectors import caisse_of_schema


def typed(person: Person) -> dict[str, str]:
    return {"identifier": person.identifier, "secret": person.secret}


steps = FirstSteps(to="sign_in", typed=typed, leads_to="second_step")


def expect(*, first: int, count: int, now: str) -> None:
    people = newcomers(first=first, count=count)
    with tenant_context(caisse_of_schema(schema=CAISSE)):
        load_people(people=people, now=datetime.fromisoformat(now))
    steps.expect(people)


ACTS = {"expect": expect, "sign_in": steps.sign_in, "statements": steps.statements}
