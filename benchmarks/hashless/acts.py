"""Guichet's sign-in: its first step, which sends a code, and a whole one where the rules ask for no second step."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django_tenants.utils import tenant_context

from benchmarks.client import load_people
from benchmarks.first_steps import FirstSteps
from benchmarks.people import CAISSE, newcomers
from tenant_apps.demo.people import Person
from tenants.policy.publish_policy import publish_policy
from tenants.policy.selectors import published_of
from tenants.selectors import caisse_of_schema

_before: dict[str, Any] = {}


def typed(person: Person) -> dict[str, str]:
    return {"identifier": person.identifier, "secret": person.secret}


first_step = FirstSteps(to="sign_in", typed=typed, leads_to="second_step")
whole = FirstSteps(to="sign_in", typed=typed, leads_to="home", again=True)


def expect(*, first: int, count: int, now: str) -> None:
    people = newcomers(first=first, count=count)
    with tenant_context(caisse_of_schema(schema=CAISSE)):
        load_people(people=people, now=datetime.fromisoformat(now))
    first_step.expect(people)
    whole.expect(people)


def ask_no_second_step() -> None:
    """Until `ask_as_before`."""
    _before.update(published_of(schema=CAISSE).document)
    # No money moves there: nothing else may do without.
    rules = {"products": ["pawn_loans"], "second_factor": {"methods": [], "required": False}}
    _publish({**_before, **rules})


def ask_as_before() -> None:
    _publish(_before)


def _publish(document: dict[str, Any]) -> None:
    with tenant_context(caisse_of_schema(schema=CAISSE)):
        publish_policy(document=document, author="bin/bench", reason="mesure", at=timezone.now())


ACTS = {
    "expect": expect,
    "first_step": first_step.sign_in,
    "statements_of_first_step": first_step.statements,
    "whole": whole.sign_in,
    "statements_of_whole": whole.statements,
    "ask_no_second_step": ask_no_second_step,
    "ask_as_before": ask_as_before,
}
