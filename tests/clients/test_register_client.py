"""The client's file: one for a client number, whatever the order of what is learnt of the person."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django_tenants.utils import tenant_context

from tenant_apps.clients.models import Client
from tenant_apps.clients.register_client import PostalAddressTooLongError, register_client
from tenants.models import Caisse


def register(**changes: object) -> Client:
    details: dict[str, object] = {
        "number": "C-42",
        "title": "sir",
        "first_name": "Élie",
        "last_name": "D’Œuvre",
        "birth_date": date(1950, 2, 28),
        "email": "elie@alpha.example.org",
        "mobile": "+33639981234",
    }
    return register_client(**{**details, **changes})  # type: ignore[arg-type]  # the values above have the right types


def test_a_file_is_opened_once_for_a_number(in_alpha: Caisse) -> None:
    first = register()
    again = register(email="autre@alpha.example.org", last_name="Martin")
    assert again.pk == first.pk
    again.refresh_from_db()
    assert (again.email, again.last_name, again.folded_name) == (
        "autre@alpha.example.org",
        "Martin",
        "martin elie",
    )
    assert again.uuid == first.uuid


def test_names_are_found_without_accents_nor_case(in_alpha: Caisse) -> None:
    assert register().folded_name == "d oeuvre elie"


def test_the_same_number_at_two_caisses_is_two_people(alpha: Caisse, beta: Caisse) -> None:
    for caisse, name in ((alpha, "Un"), (beta, "Deux")):
        with tenant_context(caisse):
            register(last_name=name)
    with tenant_context(alpha):
        assert Client.objects.get(number="C-42").last_name == "Un"


def test_two_files_never_share_a_number(in_alpha: Caisse) -> None:
    register()
    with pytest.raises(IntegrityError), transaction.atomic():
        Client.objects.create(number="C-42", first_name="X", last_name="Y", folded_name="y x")


@pytest.mark.parametrize(
    ("title", "name"), [("madam", "Mme D’Œuvre"), ("sir", "M. D’Œuvre"), ("none", "Élie D’Œuvre")]
)
def test_a_client_is_greeted_by_title_or_by_both_names(in_alpha: Caisse, title: str, name: str) -> None:
    assert register(title=title).greeting_name == name


def test_french_is_spoken_unless_the_file_says_otherwise(in_alpha: Caisse) -> None:
    assert register().language == "fr"
    assert register(language="en").language == "en"


def test_what_is_printed_of_a_client_names_nobody(in_alpha: Caisse) -> None:
    """A log line or an error page would carry it."""
    assert "uvre" not in str(register())


@pytest.mark.parametrize("lines", [["a"] * 5, ["a" * 39]])
def test_an_address_that_no_envelope_has_room_for_is_refused(in_alpha: Caisse, lines: list[str]) -> None:
    with pytest.raises(PostalAddressTooLongError):
        register(postal_lines=lines)


def test_the_postal_address_is_read_as_on_an_envelope(in_alpha: Caisse) -> None:
    client = register(postal_lines=["Bâtiment B", "8 rue du Puits"], postcode="30000", town="Nîmes")
    assert client.postal_address == ["Bâtiment B", "8 rue du Puits", "30000 Nîmes"]
    assert register().postal_address == []
