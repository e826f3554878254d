"""Another caisse that exists as a file alone: a passkey, a recovery by letter, waits that grow."""

from datetime import date
from pathlib import Path

import pytest
from django.test import Client as Browser
from django.utils import timezone
from django_tenants.utils import tenant_context

from tenant_apps.clients.register_client import register_client
from tenant_apps.identity.models import User
from tenant_apps.identity.open_account import open_account
from tenants.models import Caisse
from tenants.policy.apply_file import apply_plan, plan_files
from tenants.selectors import caisse_of_schema
from tests.clock import Clock
from tests.identity.authenticators import Authenticator, answers, asked
from tests.identity.forgetting import CHOOSE, CODE, DONE, Worker, ask, codes
from tests.identity.steps import SIGN_IN, SIGN_OUT, WRONG, said

FILE = Path(__file__).with_name("eighth.toml")
HOST, NIR, PASSWORD, NEW = (
    "huitieme.localhost",
    "2 95 10 99 126 111 93",
    "Huit-rivières-bleues",
    "Neuf-ponts-de-bois",
)
ENROL, ON_PAPER, BY_KEY = (
    "/connexion/second-moyen/cle/",
    "/connexion/codes-de-secours/",
    "/connexion/code/cle/",
)


@pytest.fixture
def eighth(committed: None) -> Caisse:
    """Made by the command's own service, and taken away with everything in it."""
    [plan] = plan_files([FILE])
    apply_plan(plan, author="tests", reason="pour un test")
    caisse = caisse_of_schema(schema="eighth")
    with tenant_context(caisse):
        client = register_client(
            number="H-1",
            title="sir",
            first_name="Octave",
            last_name="Huit",
            birth_date=date(1995, 10, 4),
            email="octave.huit@example.org",
            mobile="",
            postal_lines=("8 quai du Test",),
            postcode="66000",
            town="Huit-Rivières",
        )
        open_account(
            kind=User.Kind.CLIENT,
            identifier="2951099126111",
            secret=PASSWORD,
            display_name="Octave Huit",
            now=timezone.now(),
            client=client,
        )
    return caisse


@pytest.fixture
def browser() -> Browser:
    return Browser(SERVER_NAME=HOST, HTTP_HOST=HOST)


@pytest.fixture
def letters(monkeypatch: pytest.MonkeyPatch) -> Worker:
    return Worker(monkeypatch)


def first_step(browser: Browser, secret: str) -> str:
    """Where it leads; nowhere, when it is refused."""
    answer = browser.post(SIGN_IN, {"identifier": NIR, "secret": secret})
    return str(answer.headers.get("Location", ""))


def come_in(browser: Browser) -> Authenticator:
    """A first sign-in: the password, a passkey on the phone, codes on paper."""
    phone = Authenticator(HOST)
    assert first_step(browser, PASSWORD) == "/connexion/second-moyen/"
    made = browser.post(ENROL, {"name": "Mon téléphone", "credential": phone.creates(asked(browser, ENROL))})
    assert made.headers["Location"] == ON_PAPER
    assert len(browser.get(ON_PAPER).context["codes"]) == 6
    assert browser.post(ON_PAPER).headers["Location"] == "/"
    return phone


def test_its_member_comes_in_by_password_and_passkey(eighth: Caisse, browser: Browser) -> None:
    phone = come_in(browser)
    assert "Bonjour M. Huit" in said(browser.get("/"))
    browser.post(SIGN_OUT)
    assert first_step(browser, PASSWORD) == "/connexion/code/"
    assert answers(browser, BY_KEY, phone).headers["Location"] == "/"


def test_its_waits_grow(eighth: Caisse, browser: Browser, clock: Clock) -> None:
    for minutes in (1, 3, 9):
        for _ in range(3):
            assert first_step(browser, WRONG) == ""
        clock.move(minutes=minutes, seconds=-1)
        assert first_step(browser, PASSWORD) == ""
        clock.move(seconds=2)
    assert first_step(browser, PASSWORD) == "/connexion/second-moyen/"


def test_who_forgot_the_password_gets_a_code_by_letter(
    eighth: Caisse, browser: Browser, letters: Worker
) -> None:
    phone = come_in(browser)
    other = Browser(SERVER_NAME=HOST, HTTP_HOST=HOST)
    ask(other, NIR)
    letters.run()
    typed = {"identifier": NIR, "code": codes(eighth)[0]}
    assert other.post(CODE, typed).headers["Location"] == CHOOSE
    assert other.post(CHOOSE, {"password": NEW, "again": NEW}).headers["Location"] == DONE
    assert browser.get("/").status_code == 302
    assert first_step(other, PASSWORD) == ""
    assert first_step(other, NEW) == "/connexion/code/"
    assert answers(other, BY_KEY, phone).headers["Location"] == "/"
