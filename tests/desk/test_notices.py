"""What a client reads of an act at the counter: in their language, in one SMS, and nothing that could be used."""

import pytest
from django_tenants.utils import tenant_context

from guichet.kernel.gsm import to_gsm
from guichet.tenancy.connection import connection
from tenant_apps.clients.models import Client
from tenant_apps.identity.counter_notices import (
    tell_of_forgotten_devices,
    tell_of_new_phone,
    tell_of_unlocking,
)
from tenant_apps.identity.models import User
from tenants.models import Caisse
from tests.desk.counter import sent
from tests.world import ANNE, NOON

LONGEST_NAME = "Crédit Municipal de " + "x" * 100
KINDS = ("account_unlocked", "devices_forgotten", "phone_replaced")


def tell(caisse: Caisse, **file: str) -> None:
    """Of every act, to the client of key 1."""
    with tenant_context(caisse):
        Client.objects.filter(pk=1).update(**file)
        connection.tenant.name = LONGEST_NAME
        user = User.objects.select_related("client").get(client_id=1)
        assert user.client is not None
        tell_of_unlocking(user=user, now=NOON)
        tell_of_forgotten_devices(user=user, now=NOON)
        tell_of_new_phone(client=user.client, user=user, left=["+33639980555"], now=NOON)


# 3GPP TS 23.038: what one SMS holds, and the signs of the alphabet that count for two.
ONE_MESSAGE, TWOFOLD = 160, "\f^{}\\[~]|€"


def septets(text: str) -> int:
    return sum(2 if sign in TWOFOLD else 1 for sign in text)


@pytest.mark.parametrize("kind", KINDS)
def test_it_fits_in_one_sms_whatever_the_caisse_is_called(alpha: Caisse, kind: str) -> None:
    tell(alpha, email="")
    [message] = sent(alpha, kind)
    assert message["channel"] == "sms"
    assert message["text"] == to_gsm(message["text"])
    assert septets(message["text"]) <= ONE_MESSAGE
    assert "Appelez-la" in message["text"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_mail_says_when_and_what_to_do_and_shows_no_number_of_the_client(alpha: Caisse, kind: str) -> None:
    tell(alpha)
    message = sent(alpha, kind)[-1]
    assert message["channel"] == "mail"
    for part in (message["text"], message["html"]):
        words = part.replace("\xa0", " ").replace("\u202f", " ")
        assert "Bonjour Mme Alpha," in words
        assert "21 octobre 2026 à 14 h 00" in words
        assert "Appelez tout de suite votre agence au 04 65 71 00 01" in words
        assert ANNE.phone[-6:] not in words.replace(" ", "")
    assert message["subject"].startswith("Crédit Municipal de ")


def test_nobody_is_told_twice_of_one_act(alpha: Caisse) -> None:
    tell(alpha)
    assert [len(sent(alpha, kind)) for kind in KINDS] == [1, 1, 2]
