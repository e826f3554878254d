"""The rules of a new password, as the person who chooses one meets them."""

from typing import Any

import pytest
from django.test import Client as Browser

from tenants.models import Caisse
from tests.identity.steps import publish, said
from tests.identity.waiting import CHOOSE, IDENTIFIER, LINK, again, links, newcomer, send, twice


@pytest.fixture
def choosing(alpha: Caisse, browser: Browser) -> Browser:
    """On the page where Léa chooses."""
    publish(alpha, LINK)
    send(alpha, newcomer(alpha))
    browser.get(links(alpha)[0])
    return browser


def refusal(answer: Any, field: str = "password") -> str:
    assert answer.status_code == 200
    return " ".join(answer.context["form"].errors.get(field, ["nothing"]))


COMMON = "Beaucoup de gens ont ce mot de passe"
PERSONAL = "Ce mot de passe contient votre nom"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Choisissez un mot de passe."),
        ("court-1!", "Ce mot de passe a 8 caractères. Il en faut 12 au moins."),
        ("x" * 129, "Ce mot de passe est trop long"),
        ("Cerf-volant\x00bleu-41!", "Ce mot de passe contient un caractère interdit."),
        ("motdepasse2026!", COMMON),
        ("M0tdepasse----1", COMMON),
        ("Azertyuiop1234", COMMON),
        ("1q2w3e4r5t6y", COMMON),
        ("aaaaaaaaaaaaaaa", COMMON),
        ("abcdefghijklmnop", COMMON),
        ("987654321098", COMMON),
        ("GIRARD-toujours-9", PERSONAL),
        ("lopez le magnifique", PERSONAL),
        (f"moi c'est {IDENTIFIER}", PERSONAL),
        ("née le 07/03/1991 !", PERSONAL),
        ("depuis 1991-03-07 ok", PERSONAL),
    ],
)
def test_what_will_not_do_is_refused_with_how_to_mend_it(
    choosing: Browser, typed: str, sentence: str
) -> None:
    assert refusal(choosing.post(CHOOSE, twice(typed))).startswith(sentence)


@pytest.mark.parametrize(
    "typed", ["Cerf-volant-bleu-41!", "quatre mots sans lien", "ÉtéIndien¿où?", "１２ŷ語жすなñþø9☂é"]
)
def test_anything_else_will_do_in_any_script(alpha: Caisse, choosing: Browser, typed: str) -> None:
    assert choosing.post(CHOOSE, twice(typed)).status_code == 302
    assert again(alpha, newcomer(alpha)).check_password(typed)


def test_the_second_must_be_as_the_first(choosing: Browser) -> None:
    answer = choosing.post(CHOOSE, {"password": "Cerf-volant-bleu-41!", "again": "Cerf-volant-bleu-42!"})
    assert refusal(answer, "again") == "Les deux mots de passe ne sont pas les mêmes."


def test_each_kind_of_mark_that_the_policy_asks_for_is_missed_by_name(
    alpha: Caisse, choosing: Browser
) -> None:
    rules = {"min_length": 8, "min_special": 1, "min_digits": 2, "min_upper": 1, "min_lower": 1}
    publish(alpha, {"secret": {"password": rules}})
    answer = choosing.post(CHOOSE, twice("ÀÉÎÕÜÇŸÑ"))
    assert refusal(answer) == (
        "Il manque\u202f: 1 caractère spécial au moins, comme un tiret ou un point. "
        "Il manque\u202f: 2 chiffres au moins. Il manque\u202f: 1 minuscule au moins."
    )


def test_the_checklist_has_the_policy_s_rules_and_ticks_those_that_were_met(
    alpha: Caisse, choosing: Browser
) -> None:
    publish(alpha, {"secret": {"password": {"min_length": 15, "min_digits": 1}}})
    page = said(choosing.get(CHOOSE))
    assert ("15 caractères au moins" in page, "(rempli)" in page) == (True, False)
    answer = choosing.post(CHOOSE, twice("trop court 1"))
    lines = {line.kind: line.met for line in answer.context["form"].rules}
    assert lines == {"length": False, "digits": True}
    assert "Solidité : moyenne, si vous suivez" in said(answer)
    # The field is empty again, whatever was wrong: only what was refused is told of.
    answer = choosing.post(CHOOSE, {"password": "Assez long, le 1 mai", "again": ""})
    assert {line.met for line in answer.context["form"].rules} == {None}


@pytest.mark.parametrize("typed", ["Girard-et-la-mer-1974!", "M0tdepasse-2026!"])
def test_what_is_refused_as_personal_or_common_is_not_called_good(choosing: Browser, typed: str) -> None:
    answer = choosing.post(CHOOSE, twice(typed))
    assert refusal(answer).startswith((PERSONAL, COMMON))
    assert "Solidité : faible" in said(answer)


def test_what_was_typed_never_comes_back_on_the_page(choosing: Browser) -> None:
    assert "court-1!" not in said(choosing.post(CHOOSE, twice("court-1!")))
