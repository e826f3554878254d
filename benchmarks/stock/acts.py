"""Django's own sign-in, which ends with a session."""

from datetime import datetime

from django.contrib.auth.models import update_last_login
from django.contrib.auth.signals import user_logged_in

from benchmarks.client import load_people
from benchmarks.first_steps import FirstSteps
from benchmarks.people import newcomers
from benchmarks.plain.site import enter
from tenant_apps.demo.people import Person
from tenant_apps.identity.realms import CLIENTS
from tenant_apps.identity.selectors import login_index

# Ours writes it elsewhere (tenant_apps.identity.open_sessions).
user_logged_in.connect(update_last_login, dispatch_uid="update_last_login")


def typed(person: Person) -> dict[str, str]:
    """The name is the column by which users are told apart, as Django has it."""
    return {
        "username": login_index(realm=CLIENTS, identifier=person.identifier),
        "password": person.secret,
    }


steps = FirstSteps(to="stock_sign_in", typed=typed, leads_to="home")
again = FirstSteps(to="stock_sign_in", typed=typed, leads_to="home", again=True)


def expect(*, first: int, count: int, now: str) -> None:
    enter()
    people = newcomers(first=first, count=count)
    load_people(people=people, now=datetime.fromisoformat(now))
    steps.expect(people)
    again.expect(people)


ACTS = {
    "expect": expect,
    "first_step": steps.sign_in,
    "statements_of_first_step": steps.statements,
    "whole": again.sign_in,
    "statements_of_whole": again.statements,
}
