"""People who wait for their first connection, and what the post brings them."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils import timezone
from django_tenants.utils import tenant_context

from tenant_apps.clients.register_client import register_client
from tenant_apps.identity.models import AccessCode, User
from tenant_apps.identity.open_account import open_account
from tenant_apps.identity.send_activation import send_activation
from tenants.models import Caisse
from tests.identity.keypads import PIN_ALONE
from tests.identity.steps import mails

IDENTIFIER = "1234567890"
NIR = "295109912611193"
NIR_KEPT = "2951099126111"
EMAIL, MOBILE = "lea.girard@example.org", "+33639980077"
PASSWORD = "Cerf-volant-bleu-41!"

LINK: dict[str, Any] = {"activation": {"sends": ["email_identifier", "email_link"], "asked_by_client": True}}
DIRECT: dict[str, Any] = {
    "secret": {"password": {"min_length": 8}},
    "second_factor": {"methods": ["totp", "sms"], "required": True, "blind": True},
    "activation": {"sends": ["email_identifier", "sms_password"]},
}
MUTUAL: dict[str, Any] = {
    "caisse": {"body": "mutual"},
    "identifier": {"kind": "nir"},
    "secret": {"kind": "pin"},
    "second_factor": {"methods": [], "required": False},
    "activation": {"sends": ["letter_code"]},
    **PIN_ALONE,
}
ASK, ASKED = "/premiere-connexion/demande/", "/premiere-connexion/demande/faite/"
LETTER, CHOOSE, OWN_SECRET = (
    "/premiere-connexion/",
    "/premiere-connexion/choisir/",
    "/connexion/nouveau-secret/",
)

_LINK = re.compile(r"http://[^/]+(/premiere-connexion/lien/[\w-]+/)")
_FIRST_PASSWORD = re.compile(r"\b[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}\b")
_CODE = re.compile(r"^ +(\w[\w ]+\w)$", re.MULTILINE)


def newcomer(
    caisse: Caisse,
    *,
    identifier: str = IDENTIFIER,
    number: str = "C-77",
    email: str = EMAIL,
    mobile: str = MOBILE,
    postal_lines: Sequence[str] = ("Appartement 4", "8 rue du Puits"),
    language: str = "fr",
) -> User:
    """An account without a secret."""
    with tenant_context(caisse):
        client = register_client(
            number=number,
            title="madam",
            first_name="Léa",
            last_name="Girard-Lopez",
            birth_date=date(1991, 3, 7),
            email=email,
            mobile=mobile,
            postal_lines=postal_lines,
            postcode="30000",
            town="Nîmes",
            language=language,
        )
        return open_account(
            kind=User.Kind.CLIENT,
            identifier=identifier,
            secret=None,
            display_name="Léa Girard-Lopez",
            now=timezone.now(),
            client=client,
        )


def send(caisse: Caisse, user: User) -> None:
    with tenant_context(caisse):
        send_activation(user=user, now=timezone.now())


def links(caisse: Caisse) -> list[str]:
    """The paths that were mailed, oldest first."""
    return [_LINK.findall(text)[0] for text in mails(caisse, kind="activation_link")]


def first_passwords(caisse: Caisse) -> list[str]:
    return [_FIRST_PASSWORD.findall(text)[0] for text in mails(caisse, kind="activation_password")]


def letter_codes(caisse: Caisse) -> list[str]:
    return [_CODE.findall(text)[0] for text in mails(caisse, kind="activation_letter")]


def latest(caisse: Caisse) -> AccessCode:
    with tenant_context(caisse):
        return AccessCode.objects.order_by("-id")[0]


def again(caisse: Caisse, user: User) -> User:
    """As the table has it now."""
    with tenant_context(caisse):
        return User.objects.get(pk=user.pk)


def twice(password: str = PASSWORD) -> dict[str, str]:
    return {"password": password, "again": password}
