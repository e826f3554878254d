"""A new client at the counter: checked, registered once, compared with the files there are, then lent to."""

from typing import Any

import pytest
from django.test import Client as Browser
from django_tenants.utils import tenant_context

from tenant_apps.clients.models import Client
from tenants.models import Caisse
from tests.clock import Clock
from tests.desk.counter import journal, posted, sent, staff_uuid, words
from tests.desk.test_contracts import at_work, form_of, open_for, send
from tests.identity.steps import publish

__all__ = ["at_work"]

NEW = "/agence/clients/nouveau/"
MAYA = {
    "document": "passport",
    "title": "madam",
    "last_name": " Quénard ",
    "first_name": "Maya",
    "birth_date": "21/10/1960",
    "email": "Maya.Quenard@EXAMPLE.org",
    "mobile": "06 39 98 45 45",
    "postal_lines": "Bâtiment B\r\n\r\n12 rue des Tilleuls",
    "postcode": "30 000",
    "town": "Nîmes",
    "country": "France",
    "language": "fr",
}


def checked(desk: Browser, **changes: str) -> Any:
    return send(desk, NEW, **{**MAYA, **changes})


def register(desk: Browser, **changes: str) -> Any:
    page = checked(desk, **changes)
    return posted(desk, NEW, {**hidden(page), "confirm": "1"})


def hidden(page: Any) -> dict[str, str]:
    """What the page of the answers carries; an address of several lines is no input."""
    lines = page.context["form"]["postal_lines"].value()
    # The switch of language at the top of the page has a field of that name too.
    spoken = page.context["form"]["language"].value()
    return {**form_of(page), "postal_lines": lines, "language": spoken}


def files(caisse: Caisse) -> list[Client]:
    with tenant_context(caisse):
        return list(Client.objects.filter(last_name="Quénard").order_by("id"))


def test_a_client_is_checked_then_registered_and_a_first_contract_opens_their_access(
    alpha: Caisse, beta: Caisse, desk: Browser, at_work: Clock
) -> None:
    page = words(checked(desk))
    for text in (
        "Vérifiez avant d’inscrire",
        "Quénard",
        "21 octobre 1960",
        "Maya.Quenard@example.org",
        "30000 Nîmes",
    ):
        assert text in page
    assert files(alpha) == []
    done = register(desk)
    (maya,) = files(alpha)
    assert done.headers["Location"] == f"/agence/clients/{maya.uuid}/?fait=inscrit"
    assert (maya.mobile, maya.title, maya.language) == ("+33639984545", "madam", "fr")
    assert maya.postal_address == ["Bâtiment B", "12 rue des Tilleuls", "30000 Nîmes"]
    assert "Établissez son premier contrat" in words(desk.get(done.headers["Location"]))
    (event,) = journal(alpha, "client.registered")
    assert (event.subject, event.details) == (
        str(maya.uuid),
        {"by": staff_uuid(alpha), "document": "passport"},
    )
    assert "Client inscrit par l’agence" in words(desk.get("/agence/journal/"))
    opened = open_for(desk, maya)
    assert opened.headers["Location"].endswith("ouvert-sent")
    (mail,) = sent(alpha, "activation_link")
    assert mail["to"] == "Maya.Quenard@example.org"
    assert files(beta) == []


def test_numbers_go_on_as_the_caisse_writes_them_past_those_that_are_taken(
    alpha: Caisse, desk: Browser
) -> None:
    publish(alpha, {"pawn": {"client_number_format": "8{n}", "client_number_digits": 6}})
    with tenant_context(alpha):
        Client.objects.create(number="8000001", first_name="X", last_name="Y", folded_name="y x")
    register(desk)
    register(desk, first_name="Noé")
    assert [each.number for each in files(alpha)] == ["8000002", "8000003"]


def test_the_same_page_sent_twice_registers_once(alpha: Caisse, desk: Browser) -> None:
    page = checked(desk)
    answers = {**hidden(page), "confirm": "1"}
    assert posted(desk, NEW, answers).headers["Location"].endswith("?fait=inscrit")
    # Gone on, not compared with the very file that it opened.
    again = posted(desk, NEW, answers)
    assert again.headers["Location"].endswith("?fait=deja-inscrit")
    assert len(files(alpha)) == 1


@pytest.mark.parametrize(
    "names", [{}, {"last_name": "QUENARD"}, {"last_name": "maya", "first_name": "quénard"}]
)
def test_somebody_of_the_same_names_and_birth_date_is_shown_and_refused_unless_it_is_another(
    alpha: Caisse, desk: Browser, names: dict[str, str]
) -> None:
    register(desk)
    (first,) = files(alpha)
    page = checked(desk, **names)
    assert "Cette personne a peut-être déjà un dossier" in words(page)
    assert f"/agence/clients/{first.uuid}/" in page.content.decode()
    assert "Inscrire ce client" not in words(page)
    # Nor by whoever skips the page.
    refused = posted(desk, NEW, {**MAYA, **names, **form_of(page), "confirm": "1"})
    assert "Cette personne a peut-être déjà un dossier" in words(refused)
    assert len(files(alpha)) == 1
    assert register(desk, **{**names, "another": "on"}).status_code == 302
    (_, second) = journal(alpha, "client.registered")
    assert second.details["another"] is True
    assert "une autre personne que celles" in words(desk.get("/agence/journal/"))


def test_another_birth_date_is_another_person_and_a_file_without_one_is_shown(
    alpha: Caisse, desk: Browser
) -> None:
    register(desk)
    assert "Vérifiez avant d’inscrire" in words(checked(desk, birth_date="1961-10-21"))
    with tenant_context(alpha):
        Client.objects.filter(last_name="Quénard").update(birth_date=None)
    assert "non renseignée" in words(checked(desk, birth_date="1961-10-21"))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"document": ""}, "Choisissez la pièce d’identité"),
        ({"title": "sir\x00"}, "Choisissez une civilité"),
        ({"last_name": " - "}, "Saisissez le nom"),
        ({"first_name": ""}, "Saisissez le prénom"),
        ({"first_name": "a" * 81}, "80 signes au plus"),
        ({"last_name": "a\x00"}, "un caractère qui ne peut pas"),
        ({"birth_date": "31/02/1960"}, "Saisissez la date de naissance"),
        ({"birth_date": "1899-12-31"}, "Saisissez la date de naissance"),
        ({"birth_date": "2999-01-01"}, "Saisissez la date de naissance"),
        ({"birth_date": "2020-01-01"}, "Cette personne est mineure"),
        ({"email": "maya@"}, "Ce n’est pas une adresse e-mail"),
        ({"mobile": "06 12"}, "Ce n’est pas un numéro de téléphone"),
        ({"postal_lines": " \r\n "}, "la loi demande le domicile"),
        ({"postal_lines": "a" * 39}, "4 lignes de 38 signes"),
        ({"postal_lines": "a\n" * 5}, "4 lignes de 38 signes"),
        ({"postcode": "3000"}, "comme 75004"),
        ({"town": ""}, "Saisissez la ville"),
        ({"language": "de"}, "Choisissez une langue"),
        ({"number": "nothing"}, "Cette page est trop ancienne"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    alpha: Caisse, desk: Browser, changes: dict[str, str], told: str
) -> None:
    page = words(checked(desk, **{"town": "Uzès", **changes}))
    assert told in page
    assert "06 12" in page if "mobile" in changes else "06 39 98 45 45" in page
    assert files(alpha) == []


def test_answers_can_be_mended(desk: Browser) -> None:
    page = posted(desk, NEW, {**hidden(checked(desk)), "edit": "1"})
    assert 'value="Maya"' in page.content.decode()
    assert "12 rue des Tilleuls" in words(page)


def test_a_caisse_that_does_not_lend_registers_nobody(alpha: Caisse, desk: Browser) -> None:
    assert "Nouveau client" in words(desk.get("/agence/"))
    publish(alpha, {"products": []})
    assert desk.get(NEW).status_code == 404
    assert "Nouveau client" not in words(desk.get("/agence/"))


def test_that_somebody_was_registered_stands_in_their_file(
    alpha: Caisse, desk: Browser, at_work: Clock
) -> None:
    """Before the access is open, and after: the file and its way in have one history."""
    register(desk)
    (maya,) = files(alpha)
    file = f"/agence/clients/{maya.uuid}/"
    assert "<strong>Client inscrit par l’agence</strong>" in words(desk.get(file))
    open_for(desk, maya)
    said = words(desk.get(file))
    assert "<strong>Client inscrit par l’agence</strong>" in said
    assert "<strong>Prêt sur gage : contrat ouvert</strong>" in said
