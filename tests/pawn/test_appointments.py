"""An appointment to take an object back is about one of the client's contracts."""

from uuid import uuid4

from django.conf import settings
from django.test import Client as Browser
from django_tenants.utils import tenant_context

from tenant_apps.pawn.appointments import for_client, for_desk, to_fetch
from tenants.models import Caisse
from tests.agencies.agenda import client, set_up
from tests.pawn.pledges import neighbour, pledge, words

BOOK = "/rendez-vous/prendre/"


def test_the_client_chooses_among_the_contracts_that_still_run(bare: Caisse, anne: Browser) -> None:
    set_up(bare)
    pledge(bare, "later", due_in=200)
    soon = pledge(bare, "soon", due_in=5, objects=("Une bague", "Une montre"))
    pledge(bare, "over", due_in=-300, state="redeemed")
    page = words(anne.get(f"{BOOK}?motif=redeem"))
    assert "Pour quel contrat ?" in page
    assert page.index("Contrat n° soon : Une bague et 1 autre objet") < page.index("Contrat n° later")
    assert "n° over" not in page
    with tenant_context(bare):
        assert to_fetch(client(bare))[0].uuid == soon.uuid


def test_the_caisses_own_words_are_marked_as_french_where_the_page_is_not(
    bare: Caisse, anne: Browser
) -> None:
    set_up(bare)
    pledge(bare, "soon", objects=("Une <bague>", "Une montre"))
    anne.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = words(anne.get(f"{BOOK}?motif=redeem"))
    assert 'Contract no. soon: <span lang="fr">Une &lt;bague&gt;</span> and 1 other' in page
    anne.cookies[settings.LANGUAGE_COOKIE_NAME] = "fr"
    assert "Contrat n° soon : Une &lt;bague&gt; et 1 autre objet" in words(anne.get(f"{BOOK}?motif=redeem"))


def test_a_contract_is_called_by_its_number_at_the_desk_and_is_nobody_elses(
    alpha: Caisse, beta: Caisse
) -> None:
    mine, theirs = pledge(alpha, "mine"), pledge(alpha, "theirs", client=neighbour(alpha))
    far = pledge(beta, "far")
    with tenant_context(alpha):
        uuids = [mine.uuid, theirs.uuid, far.uuid, uuid4()]
        assert set(for_client(client(alpha), uuids)) == {mine.uuid}
        assert set(for_desk(uuids)) == {mine.uuid, theirs.uuid}
        assert for_desk(uuids)[mine.uuid].replace("\u202f", " ") == "Contrat n° mine : Une bague"


def test_without_a_contract_nothing_is_asked(bare: Caisse, anne: Browser) -> None:
    set_up(bare)
    assert "Quand venez-vous" in words(anne.get(f"{BOOK}?motif=redeem"))
