"""The legal pages say what the policy says, and call the establishment by what it is."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client as Browser

from tenants.models import Caisse
from tests.identity.steps import publish, said
from tests.world import ANNE

LEGAL, PRIVACY, ACCESSIBILITY = "/mentions-legales/", "/donnees-personnelles/", "/accessibilite/"
WORDS: dict[str, Any] = {
    "texts": {
        "publisher": {"fr": "la Caisse Alpha", "en": "Caisse Alpha"},
        "director": "Claire Essai",
        "host": "Hébergeur Essai\n2 rue de l’Exemple",
    }
}


@pytest.fixture
def read(alpha: Caisse, browser_at: Callable[[str], Browser]) -> Callable[[str], str]:
    browser = browser_at(ANNE.host)
    return lambda path: said(browser.get(path))


def test_without_words_the_pages_name_the_caisse_and_no_host(read: Callable[[str], str]) -> None:
    page = read(LEGAL)
    assert "publié par <strong>Caisse Alpha</strong>. Sa direction en est responsable." in page
    assert "héberge" not in page


def test_with_words_they_name_the_director_and_the_host(read: Callable[[str], str], alpha: Caisse) -> None:
    publish(alpha, WORDS)
    page = read(LEGAL)
    assert "publié par <strong>la Caisse Alpha</strong>. La publication est dirigée par Claire Essai." in page
    assert "<h2>Qui l’héberge</h2> <address>Hébergeur Essai<br>2 rue de l’Exemple</address>" in page
    assert "<strong>La Caisse Alpha</strong> décide" in read(PRIVACY)
    assert "La Caisse Alpha s’engage" in read(ACCESSIBILITY)


def test_a_mutual_is_never_called_a_caisse(read: Callable[[str], str], alpha: Caisse) -> None:
    publish(alpha, {"caisse": {"body": "mutual"}})
    for path in (LEGAL, PRIVACY, ACCESSIBILITY):
        page = read(path).partition("<main")[2].partition("</main>")[0].replace("Caisse Alpha", "")
        assert "mutuelle" in page
        assert "caisse" not in page.lower()


def test_a_caisse_is_called_one_and_its_papers_are_public_archives(read: Callable[[str], str]) -> None:
    assert "pour le compte de la caisse." in read(LEGAL)
    assert "archives publiques" in read(PRIVACY)


def test_the_front_door_works_for_no_caisse_in_particular(
    alpha: Caisse, browser_at: Callable[[str], Browser]
) -> None:
    page = said(browser_at("localhost").get(LEGAL))
    assert "pour le compte" not in page
    assert "sommes affichées" not in page


def test_what_the_caisse_offers_is_told_where_the_law_wants_it(
    read: Callable[[str], str], alpha: Caisse
) -> None:
    publish(alpha, {"products": ["pawn_loans", "payments", "documents", "appointments"]})
    assert "calculées par ce site" in read(LEGAL)
    page = read(PRIVACY)
    for words in (
        "prestataire de paiement",
        "Vos rendez-vous et leur motif",
        "ne chargent rien d’un autre site",
    ):
        assert words in page
    publish(alpha, {"products": ["documents"]})
    assert "calculées par ce site" not in read(LEGAL)
    assert "prestataire de paiement" not in read(PRIVACY)
