"""What came back, as the counter sees it: in the list, in the client's file, on the address that is in doubt."""

from datetime import timedelta

import pytest
from django.test import Client as Browser
from django_tenants.utils import tenant_context

from tenant_apps.clients.models import Client
from tenant_apps.messaging.domain.returns import Why
from tenant_apps.messaging.models import Message
from tenant_apps.messaging.note_return import note_return
from tenant_apps.messaging.references import Reference
from tenants.models import Caisse
from tests.desk.counter import MESSAGES, file_of, words
from tests.desk.test_messages import again, lost
from tests.world import NOON

IN_DOUBT = "à vérifier"


def come_back(caisse: Caisse, why: Why = Why.UNKNOWN) -> Message:
    message = lost(caisse, state="sent", sent_at=NOON, last_error="")
    with tenant_context(caisse):
        assert note_return(reference=Reference(message.uuid), why=why, now=NOON)
    return message


@pytest.mark.parametrize(
    ("why", "said"),
    [
        (Why.UNKNOWN, "Cette adresse e-mail n’existe pas"),
        (Why.REFUSED, "La messagerie du client refuse nos messages"),
        (Why.FULL, "La boîte du client est pleine"),
        (Why.UNREACHABLE, "La messagerie du client ne répond pas"),
    ],
)
def test_what_came_back_is_listed_with_why_and_may_leave_again(
    alpha: Caisse, desk: Browser, why: Why, said: str
) -> None:
    message = come_back(alpha, why)
    page = words(desk.get(MESSAGES))
    for text in ("Revenu", said, "Envoyer à nouveau"):
        assert text in page
    assert str(why) not in page
    assert again(desk, message).endswith("?fait=reparti")


def test_the_file_asks_about_an_address_that_brought_a_message_to_nobody(
    alpha: Caisse, desk: Browser, anne: Client
) -> None:
    assert IN_DOUBT not in words(desk.get(file_of(anne)))
    message = come_back(alpha)
    page = words(desk.get(file_of(anne)))
    assert page.count(IN_DOUBT) == 1
    for text in (
        "Demandez au client ce qui a changé",
        "Corriger l’e-mail ou le mobile",
        "Un message n’est pas arrivé",
        "Revenu",
    ):
        assert text in page
    # Another message that leaves, one that is settled, and the same sent again clear nothing.
    lost(alpha, state="sent", sent_at=NOON + timedelta(days=1), last_error="")
    desk.post(f"{MESSAGES}{message.uuid}/traite/", {"reason": "told", "note": ""})
    assert again(desk, message).endswith("?fait=reparti")
    assert IN_DOUBT in words(desk.get(file_of(anne)))
    with tenant_context(alpha):
        Client.objects.filter(pk=anne.pk).update(email="nouvelle@alpha.example.org")
    assert IN_DOUBT not in words(desk.get(file_of(anne)))


def test_the_other_caisse_s_client_of_the_same_key_is_in_no_doubt(
    alpha: Caisse, beta: Caisse, other_desk: Browser, bruno: Client
) -> None:
    come_back(alpha)
    page = words(other_desk.get(file_of(bruno)))
    assert IN_DOUBT not in page
    assert "Revenu" not in page
