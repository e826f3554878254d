"""The first connection of a member by a code in a letter, with a PIN on two keypads."""

import re
from typing import Any

import pytest
from django.db import connection as proxy
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import tenant_context

from tenant_apps.clients.models import Client
from tenant_apps.identity.models import SecretTried, User
from tenant_apps.identity.pin_hashes import pin_matches
from tenants.models import Caisse
from tests.clock import Clock
from tests.identity.conftest import BrowserAt
from tests.identity.keypads import PIN, drawn, pressed
from tests.identity.steps import SIGN_IN, address_failures, events, failures, mails, publish, said, wrong_code
from tests.identity.test_blind_step import face
from tests.identity.waiting import (
    CHOOSE,
    LETTER,
    MUTUAL,
    NIR,
    NIR_KEPT,
    again,
    latest,
    letter_codes,
    newcomer,
    send,
    twice,
)
from tests.world import ANNE, BRUNO

NOBODYS_NIR = "253072B073004"
REFUSED = "L’identifiant ou le code n’est pas le bon"


@pytest.fixture
def lea(alpha: Caisse, clock: Clock) -> User:
    """A member of alpha, a mutual for the time of a test, who has just been sent a letter."""
    publish(alpha, MUTUAL, instead_of="identifier")
    user = newcomer(alpha, identifier=NIR_KEPT, email="")
    send(alpha, user)
    return user


def enter(browser: Browser, code: str, identifier: str = NIR) -> Any:
    return browser.post(LETTER, {"identifier": identifier, "code": code})


def has_pin(caisse: Caisse, user: User) -> bool:
    with tenant_context(caisse):
        return pin_matches(PIN, User.objects.get(pk=user.pk).password)


def test_the_letter_has_who_it_is_from_who_it_is_for_the_code_and_what_to_do(
    alpha: Caisse, lea: User
) -> None:
    (text,) = mails(alpha, kind="activation_letter")
    address = "Mme Léa Girard-Lopez\nAppartement 4\n8 rue du Puits\n30000 Nîmes\n"
    assert text.startswith("Caisse Alpha\n1 rue de Alpha\n")
    for words in (address, "http://alpha.localhost:8000/premiere-connexion/", "code secret de 6 chiffres"):
        assert words in text
    assert re.fullmatch(r"\d{4} \d{4}", letter_codes(alpha)[0])
    assert NIR_KEPT not in text


def test_without_a_postal_address_it_is_for_the_agency_to_hand_over(alpha: Caisse, lea: User) -> None:
    with tenant_context(alpha):
        Client.objects.filter(number="C-77").update(postal_lines="", postcode="", town="")
    send(alpha, again(alpha, lea))
    assert "Mme Léa Girard-Lopez\nÀ remettre à l’agence\n\n" in mails(alpha, kind="activation_letter")[-1]


def test_the_code_and_a_pin_on_two_keypads_lead_into_the_space(
    alpha: Caisse, lea: User, browser: Browser
) -> None:
    assert "Première connexion" in said(browser.get(SIGN_IN))
    assert re.search(r"<h1>\s*Première connexion\s*</h1>", said(browser.get(LETTER)))
    assert enter(browser, letter_codes(alpha)[0]).headers["Location"] == CHOOSE
    page = browser.get(CHOOSE)
    first, second = drawn(page, "pin"), drawn(page, "again")
    assert first.token != second.token
    answer = browser.post(
        CHOOSE, {**pressed(first, PIN, prefix="pin-"), **pressed(second, PIN, prefix="again-")}
    )
    assert answer.headers["Location"] == "/"
    assert browser.get("/").status_code == 200
    assert has_pin(alpha, lea)
    assert events(alpha) == ["activation.sent", "activation.opened", "activation.done", "sign_in.done"]


def test_the_twins_of_the_keypads_serve_too_and_a_weak_pin_is_refused(
    alpha: Caisse, lea: User, browser: Browser
) -> None:
    enter(browser, letter_codes(alpha)[0].replace(" ", ""))
    assert "Ces chiffres se suivent" in said(browser.post(CHOOSE, {"pin": "123456", "again": "123456"}))
    assert "date de naissance" in said(browser.post(CHOOSE, {"pin": "070391", "again": "070391"}))
    assert browser.post(CHOOSE, {"pin": PIN, "again": PIN}).headers["Location"] == "/"


@pytest.mark.parametrize("between", ["", " ", "\u202f", "-", " . "])
def test_what_is_printed_between_the_groups_may_be_typed(
    alpha: Caisse, lea: User, browser: Browser, between: str
) -> None:
    typed = letter_codes(alpha)[0].replace(" ", between)
    assert enter(browser, typed).headers["Location"] == CHOOSE


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Saisissez le code de la lettre."),
        ("1234 567", "Ce code a 8 chiffres. Vous en avez tapé 7."),
        ("123456789", "Ce code a 8 chiffres. Vous en avez tapé 9."),
        ("1234 567O", "Ce code ne contient que des chiffres."),
        ("１２３４５６７８", "Ce code ne contient que des chiffres."),
        ("²²²²²²²²", "Ce code ne contient que des chiffres."),
        ("1234\x005678", "Ce code contient un caractère qui ne peut pas y être."),
        ("1" * 300, "Ce code est trop long."),
    ],
)
def test_a_code_of_a_wrong_form_is_refused_with_its_sentence_and_counts_nowhere(
    alpha: Caisse, lea: User, browser: Browser, typed: str, sentence: str
) -> None:
    answer = enter(browser, typed)
    assert (answer.status_code, answer.context["form"].errors["code"]) == (200, [sentence])
    assert address_failures(alpha) == 0


def test_a_code_of_letters_keeps_its_capitals(alpha: Caisse, clock: Clock, browser: Browser) -> None:
    rules = {"activation": {"code": {"alphabet": "letters_and_digits", "length": 12}}}
    publish(
        alpha, {**MUTUAL, "activation": MUTUAL["activation"] | rules["activation"]}, instead_of="identifier"
    )
    send(alpha, newcomer(alpha, identifier=NIR_KEPT))
    code = letter_codes(alpha)[0]
    assert not set("0Oo1lI") & set(code)
    assert REFUSED in said(enter(browser, code.swapcase()))
    assert "que des lettres et des chiffres" in said(enter(browser, "é" * 12))
    assert enter(browser, code).status_code == 302


def test_a_wrong_code_counts_on_the_account_and_on_the_address_and_closes_as_a_sign_in_does(
    alpha: Caisse, lea: User, browser: Browser
) -> None:
    code = letter_codes(alpha)[0]
    answer = enter(browser, wrong_code(code.replace(" ", "")))
    assert (REFUSED in said(answer), "4 essais" in said(answer)) == (True, True)
    assert (failures(alpha, identifier=NIR_KEPT), address_failures(alpha)) == (1, 1)
    for _ in range(4):
        enter(browser, wrong_code(code.replace(" ", "")))
    assert "Patientez un peu" in said(enter(browser, code))
    assert not again(alpha, lea).is_activated
    with tenant_context(alpha):
        assert SecretTried.objects.count() >= 1


def test_a_right_code_gives_its_counts_back(alpha: Caisse, lea: User, browser: Browser) -> None:
    enter(browser, letter_codes(alpha)[0])
    assert (failures(alpha, identifier=NIR_KEPT), address_failures(alpha)) == (0, 0)


def test_an_unknown_identifier_is_answered_as_a_known_one_to_the_end_of_the_tries(
    alpha: Caisse, lea: User, browser_at: BrowserAt, hashes: list[str]
) -> None:
    """Also somebody who has a secret already: in words, status, size, statements and hashes."""
    publish(alpha, {"lockout": {"robots": "never"}})
    active = newcomer(alpha, identifier="2530723073004", number="C-79")
    with tenant_context(alpha):
        User.objects.filter(pk=active.pk).update(password="argon2$whatever")
    stories = []
    for nir in (NIR_KEPT, NOBODYS_NIR, "2530723073004"):
        browser, story = browser_at(ANNE.host), []
        browser.get(LETTER)
        for _ in range(6):
            with CaptureQueriesContext(proxy) as queries:
                answer = face(enter(browser, "00000000", nir))
            story.append(
                (answer.status, answer.size, answer.words.replace(nir.encode(), b"NIR"), len(queries))
            )
        stories.append(story)
    assert stories[0] == stories[1] == stories[2]
    assert hashes == []


def test_it_lives_as_long_as_the_policy_says(
    alpha: Caisse, lea: User, browser: Browser, clock: Clock
) -> None:
    code = letter_codes(alpha)[0]
    clock.move(days=14, hours=23, minutes=50)
    assert enter(browser, code).status_code == 302
    clock.move(minutes=10)
    assert browser.post(CHOOSE, {"pin": PIN, "again": PIN}).status_code == 410
    assert REFUSED in said(enter(browser, code))


def test_it_serves_once(alpha: Caisse, lea: User, browser_at: BrowserAt) -> None:
    code, first, second = letter_codes(alpha)[0], browser_at(ANNE.host), browser_at(ANNE.host)
    enter(first, code)
    enter(second, code)
    first.post(CHOOSE, {"pin": PIN, "again": PIN})
    assert second.post(CHOOSE, {"pin": "962372", "again": "962372"}).status_code == 410
    assert REFUSED in said(enter(browser_at(ANNE.host), code))
    assert has_pin(alpha, lea)


def test_a_code_of_one_member_opens_nothing_for_another_nor_at_another_caisse(
    alpha: Caisse, beta: Caisse, lea: User, browser_at: BrowserAt
) -> None:
    other = newcomer(alpha, identifier="2530723073004", number="C-79")
    send(alpha, other)
    first, second = letter_codes(alpha)
    assert first != second
    assert REFUSED in said(enter(browser_at(ANNE.host), second))
    publish(beta, MUTUAL, instead_of="identifier")
    newcomer(beta, identifier=NIR_KEPT)
    assert REFUSED in said(enter(browser_at(BRUNO.host), first))


def test_a_caisse_with_passwords_may_send_letters_too(alpha: Caisse, clock: Clock, browser: Browser) -> None:
    """The second step that the policy asks for still comes."""
    publish(alpha, {"activation": {"sends": ["letter_code"]}})
    user = newcomer(alpha)
    send(alpha, user)
    assert "Choisissez un mot de passe" in mails(alpha, kind="activation_letter")[0]
    enter(browser, letter_codes(alpha)[0], "1234567890")
    assert browser.post(CHOOSE, twice()).headers["Location"] == "/connexion/second-moyen/"
    assert latest(alpha).used_at is not None


def test_a_caisse_that_sends_no_letters_has_no_such_page(browser: Browser, alpha: Caisse) -> None:
    assert browser.get(LETTER).status_code == 404
    assert browser.post(LETTER, {"identifier": "1", "code": "1"}).status_code == 404
    assert LETTER not in said(browser.get(SIGN_IN))


def test_who_has_given_the_code_and_does_nothing_must_give_it_again(
    alpha: Caisse, lea: User, browser: Browser, clock: Clock
) -> None:
    publish(alpha, {"session": {"idle": "5 min"}})
    code = letter_codes(alpha)[0]
    enter(browser, code)
    for _ in range(3):
        clock.move(minutes=4)
        assert browser.get(CHOOSE).status_code == 200
    clock.move(minutes=5, seconds=1)
    assert browser.post(CHOOSE, {"pin": PIN, "again": PIN}).headers["Location"] == SIGN_IN
    page = said(browser.get(SIGN_IN))
    assert "La page s’est fermée" in page
    assert "tapez de nouveau votre code" in page
    assert "La page s’est fermée" not in said(browser.get(SIGN_IN))
    assert enter(browser, code).headers["Location"] == CHOOSE
