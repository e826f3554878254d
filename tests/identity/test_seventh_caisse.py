"""A caisse that exists as a file alone, and mixes what no portal of the demo has together."""

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
from tests.identity.keypads import drawn, pressed
from tests.identity.steps import CODE, SIGN_IN, SIGN_OUT, enter_code, said

FILE = Path(__file__).with_name("seventh.toml")
HOST, NIR, PASSWORD, PIN = "septieme.localhost", "2 95 10 99 126 111 93", "Quatorze-signes", "48151"
OWN_PIN = "/connexion/second-moyen/code-secret/"


@pytest.fixture
def seventh(committed: None) -> Caisse:
    """Made by the command's own service, and taken away with everything in it."""
    [plan] = plan_files([FILE])
    apply_plan(plan, author="tests", reason="pour un test")
    caisse = caisse_of_schema(schema="seventh")
    with tenant_context(caisse):
        client = register_client(
            number="A-1",
            title="madam",
            first_name="Noémie",
            last_name="Sept",
            birth_date=date(1995, 10, 4),
            email="noemie.sept@example.org",
            mobile="",
        )
        open_account(
            kind=User.Kind.CLIENT,
            identifier="2951099126111",
            secret=PASSWORD,
            display_name="Noémie Sept",
            now=timezone.now(),
            client=client,
        )
    return caisse


def test_its_member_signs_in_as_its_file_says(seventh: Caisse) -> None:
    browser = Browser(SERVER_NAME=HOST, HTTP_HOST=HOST)
    page = said(browser.get(SIGN_IN))
    assert "Mutuelle Septième" in page
    assert "Numéro de sécurité sociale" in page
    assert "votre code secret" in page

    first = {"identifier": NIR, "secret": PASSWORD}
    assert browser.post(SIGN_IN, first).headers["Location"] == "/connexion/second-moyen/"
    display = browser.get(OWN_PIN)
    chosen = {
        **pressed(drawn(display, "pin"), PIN, prefix="pin-"),
        **pressed(drawn(display, "again"), PIN, prefix="again-"),
    }
    assert browser.post(OWN_PIN, chosen).headers["Location"] == "/"
    assert "Bonjour Mme Sept" in said(browser.get("/"))

    browser.post(SIGN_OUT)
    assert browser.post(SIGN_IN, first).headers["Location"] == CODE
    assert "<strong>3 essais</strong>" in said(enter_code(browser, "96237"))
    assert browser.post(CODE, pressed(drawn(browser.get(CODE), "code"), PIN)).headers["Location"] == "/"


def test_its_colours_are_its_own(seventh: Caisse) -> None:
    browser = Browser(SERVER_NAME=HOST, HTTP_HOST=HOST)
    address = browser.get(SIGN_IN).context["brand"].stylesheet_url
    assert "#5a2a82" in browser.get(address).content.decode().lower()
