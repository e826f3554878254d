"""At a mutual: a member is registered by social security number, and a file without a way in is given one."""

from typing import Any

import pytest
from django.test import Client as Browser
from django_tenants.utils import tenant_context

from guichet.tenancy.signing import keyring
from tenant_apps.clients.models import Client
from tenant_apps.desk.models import Draft
from tenant_apps.identity.models import User
from tenant_apps.journal.models import Event
from tenants.models import Caisse
from tests.desk.counter import (
    SHOWN,
    act_of,
    file_of,
    find,
    journal,
    posted,
    register,
    sent,
    staff_uuid,
    words,
)
from tests.desk.test_contracts import form_of, send
from tests.desk.test_new_client import MAYA, NEW, files, hidden
from tests.identity.steps import publish
from tests.identity.waiting import CHOOSE, LETTER, MUTUAL, NIR, letter_codes
from tests.world import ANNE

TYPED, KEPT, OTHER = "2 95 10 99 126 111 93", NIR[:13], "1 71 06 99 908 044"
MASKED = "••• 111"
ASKED = {**SHOWN, "identifier": TYPED, "reason": "member", "note": ""}


@pytest.fixture
def mutual(alpha: Caisse) -> Caisse:
    publish(alpha, {**MUTUAL, "products": ["member_space"]}, instead_of="identifier")
    return alpha


def checked(desk: Browser, **changes: str) -> Any:
    return send(desk, NEW, **{**MAYA, "identifier": TYPED, **changes})


def confirm(desk: Browser, page: Any) -> Any:
    """The page of the answers is at their own address, which is where its form goes."""
    at = f"{NEW}?{page.request['QUERY_STRING']}"
    return posted(desk, at, {**hidden(page), "confirm": "1"})


def enrolled(caisse: Caisse) -> list[User]:
    with tenant_context(caisse):
        return list(User.objects.select_related("client").filter(client__last_name="Quénard"))


def written(caisse: Caisse) -> str:
    """All that the journal keeps."""
    with tenant_context(caisse):
        return str(list(Event.objects.values_list("kind", "subject", "details")))


def test_a_member_is_registered_by_number_and_the_code_goes_by_letter(
    mutual: Caisse, beta: Caisse, desk: Browser, browser_at: Any
) -> None:
    assert "Nouveau client" in words(desk.get("/agence/"))
    page = checked(desk)
    assert MASKED in words(page)
    assert "une lettre avec un code part à cette adresse" in words(page)
    assert (KEPT in page.content.decode(), TYPED in page.content.decode()) == (False, False)
    done = confirm(desk, page)
    assert done.headers["Location"].endswith("?fait=inscrit-sent")
    (user,) = enrolled(mutual)
    with tenant_context(mutual):
        assert keyring().open(user.identifier_sealed, purpose="identifier") == KEPT
    file = words(desk.get(done.headers["Location"]))
    assert MASKED in file
    assert "Son accès est ouvert" in file
    (letter,) = sent(mutual, "activation_letter")
    assert "Quénard" in letter["to"]
    assert find(desk, TYPED) == [user.client.number if user.client else ""]
    assert (KEPT in written(mutual), enrolled(beta)) == (False, [])
    # The member then comes with the number and the code.
    member = browser_at(ANNE.host)
    typed = {"identifier": TYPED, "code": letter_codes(mutual)[-1]}
    assert member.post(LETTER, typed).headers["Location"] == CHOOSE


def test_the_number_is_in_no_address_and_no_draft_once_it_has_served(mutual: Caisse, desk: Browser) -> None:
    page = checked(desk)
    assert KEPT not in page.request["QUERY_STRING"]
    confirm(desk, page)
    with tenant_context(mutual):
        assert [bytes(each.sealed) for each in Draft.objects.all()] == [b""]


def test_answers_are_mended_without_typing_the_number_again(mutual: Caisse, desk: Browser) -> None:
    page = checked(desk)
    at = f"{NEW}?{page.request['QUERY_STRING']}"
    mended = posted(desk, at, {**hidden(page), "edit": "1"})
    assert mended.context["form"]["identifier"].value() == TYPED
    # What is wrong in a confirmation comes back with the number as well.
    page = posted(desk, at, {**hidden(page), "town": "", "confirm": "1"})
    assert "Saisissez la ville" in words(page)
    assert page.context["form"]["identifier"].value() == TYPED


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "Saisissez ce numéro"),
        ("2 95 10 99 126 111", "Saisissez aussi la clé"),
        ("2 95 10 99 126 111 99", "La clé ne va pas avec ce numéro"),
        ("3 95 10 99 126 111 93", "n’est pas un numéro de sécurité sociale"),
        ("295\x00", "un caractère qui ne peut pas"),
        ("2" * 300, "C’est trop long"),
    ],
)
def test_a_number_that_cannot_be_one_is_refused(mutual: Caisse, desk: Browser, typed: str, told: str) -> None:
    assert told in words(checked(desk, identifier=typed))
    assert files(mutual) == []


def test_a_number_that_another_file_has_registers_nobody(mutual: Caisse, desk: Browser) -> None:
    page = checked(desk)
    # By a colleague, in the meantime.
    register(mutual, "C-9", identifier=KEPT)
    for refused in (confirm(desk, page), checked(desk)):
        assert "Un autre dossier a déjà ce numéro" in words(refused)
    assert (files(mutual), sent(mutual, "activation_letter")) == ([], [])


def test_a_mutual_does_not_refuse_a_child(mutual: Caisse, desk: Browser) -> None:
    assert "Vérifiez avant d’inscrire" in words(checked(desk, birth_date="2020-01-01"))


def test_the_same_page_confirmed_twice_registers_once(mutual: Caisse, desk: Browser) -> None:
    page = checked(desk)
    confirm(desk, page)
    again = desk.post(
        f"{NEW}?{page.request['QUERY_STRING']}", {**hidden(page), "identifier": TYPED, "confirm": "1"}
    )
    assert again.headers["Location"].endswith("?fait=deja-inscrit")
    assert (len(files(mutual)), len(sent(mutual, "activation_letter"))) == (1, 1)


def test_a_file_without_a_way_in_is_given_one(mutual: Caisse, desk: Browser) -> None:
    zoe = register(mutual, "C-9")
    assert act_of(zoe, "acces") in desk.get(file_of(zoe)).content.decode()
    done = desk.post(act_of(zoe, "acces"), ASKED)
    assert done.headers["Location"] == "../?fait=acces-sent"
    page = words(desk.get(f"{file_of(zoe)}?fait=acces-sent"))
    for said in (MASKED, "L’accès est ouvert. Le client reçoit", "Accès ouvert par l’agence"):
        assert said in page
    (event,) = journal(mutual, "account.given")
    assert event.details == {"by": staff_uuid(mutual), "document": "identity_card", "reason": "member"}
    assert KEPT not in written(mutual)
    assert len(sent(mutual, "activation_letter")) == 1
    # Twice is once.
    assert desk.post(act_of(zoe, "acces"), ASKED).headers["Location"] == "../?fait=acces-deja"
    assert len(sent(mutual, "activation_letter")) == 1


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"identifier": OTHER}, "Saisissez aussi la clé"),
        ({"identifier": ""}, "Saisissez ce numéro"),
        ({"document": ""}, "Choisissez la pièce"),
        ({"present": ""}, "Cochez cette case quand la personne est devant vous"),
        ({"reason": ""}, "Choisissez une raison"),
    ],
)
def test_what_is_missing_for_a_way_in_is_said(
    mutual: Caisse, desk: Browser, changes: dict[str, str], told: str
) -> None:
    zoe = register(mutual, "C-9")
    assert told in words(posted(desk, act_of(zoe, "acces"), {**ASKED, **changes}))
    with tenant_context(mutual):
        assert not User.objects.filter(client__number="C-9").exists()


def test_nobody_is_given_the_number_of_another(mutual: Caisse, desk: Browser) -> None:
    register(mutual, "C-8", identifier=KEPT)
    zoe = register(mutual, "C-9")
    assert "Un autre dossier a déjà ce numéro" in words(posted(desk, act_of(zoe, "acces"), ASKED))
    assert journal(mutual, "account.given") == []


def test_where_the_caisse_gives_the_identifier_itself_nobody_is_asked_for_it(
    alpha: Caisse, desk: Browser
) -> None:
    """The e-mail is missing: the access is open, and the page says that nothing left."""
    zoe = register(alpha, "C-9")
    page = desk.get(act_of(zoe, "acces"))
    assert 'name="identifier"' not in page.content.decode()
    asked = {name: each for name, each in ASKED.items() if name != "identifier"}
    assert desk.post(act_of(zoe, "acces"), asked).headers["Location"] == "../?fait=acces-no_email"
    assert "rien n’est parti pour la première connexion" in words(
        desk.get(f"{file_of(zoe)}?fait=acces-no_email")
    )


def test_a_file_of_another_caisse_is_not_found(mutual: Caisse, bruno: Client, desk: Browser) -> None:
    assert desk.get(act_of(bruno, "acces")).status_code == 404
    assert desk.post(act_of(bruno, "acces"), ASKED).status_code == 404


def test_forms_hold_no_number_where_it_is_not_the_identifier(alpha: Caisse, desk: Browser) -> None:
    assert "identifier" not in form_of(desk.get(NEW))
