"""What people, programmes and attackers send to the sign-in: answered with a sentence, never with a fault."""

import html
import json
from typing import Any

import pytest
from django.test import Client as Browser

from tenants.models import Caisse
from tests.identity.conftest import BrowserAt
from tests.identity.steps import (
    CODE,
    NOBODY_HAS_IT,
    RESEND,
    SIGN_IN,
    SIGN_OUT,
    WRONG,
    enter_code,
    enter_secret,
    events,
    said,
    sms_codes,
)
from tests.world import ANNE

ONLY_DIGITS = "Cet identifiant ne contient que des chiffres."
LENGTH = "Cet identifiant a 10 ou 11 chiffres"
CHARACTERS = "Cet identifiant contient un caractère qui ne peut pas y être."
TOO_LONG = "Cet identifiant est trop long."
REQUIRED = "Remplissez « Identifiant »."
POST_ONLY = (RESEND, SIGN_OUT)


def errors(answer: Any, field: str) -> list[str]:
    """As the page says them, with plain spaces for the narrow ones of French."""
    found = answer.context["form"].errors.get(field, [])
    for error in found:
        assert html.escape(error) in answer.content.decode()
    return [error.replace("\u202f", " ").replace("\xa0", " ") for error in found]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", REQUIRED),
        ("   ", REQUIRED),
        ("\u200b\u200b", REQUIRED),
        ("abc", ONLY_DIGITS),
        ("10000OOO01", ONLY_DIGITS),
        ("anne@alpha.example.org", ONLY_DIGITS),
        ("1000000001;", ONLY_DIGITS),
        ("1000000001'--", ONLY_DIGITS),
        ("🔑🔑🔑🔑🔑🔑🔑🔑🔑🔑", ONLY_DIGITS),
        ("١٠٠٠٠٠٠٠٠١", ONLY_DIGITS),
        ("123", LENGTH),
        ("１２３", LENGTH),
        ("1 2 3 4", LENGTH),
        ("100000000123", LENGTH),
        ("......", CHARACTERS),
        ("1000\x00000001", CHARACTERS),
        ("1000\x07000001", CHARACTERS),
        ("1000\ue000000001", CHARACTERS),
        ("1" * 300, TOO_LONG),
        ("\u0660" * 255, TOO_LONG),
        ("ﷺ" * 254, ONLY_DIGITS),
    ],
)
def test_an_identifier_of_a_wrong_form_is_refused_with_its_sentence(
    alpha: Caisse, browser: Browser, typed: str, sentence: str
) -> None:
    answer = browser.post(SIGN_IN, {"identifier": typed, "secret": WRONG})
    (said_of_it,) = errors(answer, "identifier")
    assert (answer.status_code, said_of_it[: len(sentence)]) == (200, sentence)
    assert events(alpha) == []


@pytest.mark.parametrize("typed", ["123", "abc", "12 34 <b>", '"><script>', "１２３", "ÉTÉ", "🔑"])
def test_what_was_typed_is_still_in_its_field_and_the_secret_is_not(
    alpha: Caisse, browser: Browser, typed: str
) -> None:
    page = browser.post(SIGN_IN, {"identifier": typed, "secret": "Un-secret-tapé-1!"}).content.decode()
    assert f'value="{html.escape(typed)}"' in page
    assert "Un-secret" not in page


def test_a_wrong_secret_keeps_the_identifier_in_its_field(alpha: Caisse, browser: Browser) -> None:
    assert f'value="{ANNE.identifier}"' in enter_secret(browser, secret=WRONG).content.decode()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("abc", "This identifier has digits only."),
        ("123", "This identifier has 10 or 11 digits. You typed 3."),
    ],
)
def test_the_errors_speak_the_language_of_the_page(
    alpha: Caisse, browser: Browser, typed: str, sentence: str
) -> None:
    browser.cookies["guichet_language"] = "en"
    answer = browser.post(SIGN_IN, {"identifier": typed, "secret": WRONG})
    assert errors(answer, "identifier") == [sentence]


@pytest.mark.parametrize(
    ("secret", "sentence"),
    [
        ("", "Saisissez votre mot de passe."),
        ("x" * 257, "Ce mot de passe est trop long."),
        ("a\x00b", "Ce mot de passe contient un caractère interdit."),
    ],
)
def test_a_secret_that_cannot_be_one_is_refused_with_its_sentence(
    alpha: Caisse, browser: Browser, secret: str, sentence: str
) -> None:
    answer = browser.post(SIGN_IN, {"identifier": ANNE.identifier, "secret": secret})
    assert (answer.status_code, errors(answer, "secret")) == (200, [sentence])


@pytest.mark.parametrize("secret", ["🔑 clé", " ", "\t", "\u202e", "é" * 256, "' OR 1=1 --"])
def test_any_other_secret_is_only_wrong(alpha: Caisse, browser: Browser, secret: str) -> None:
    answer = browser.post(SIGN_IN, {"identifier": ANNE.identifier, "secret": secret})
    assert "Identifiant ou mot de passe incorrect." in said(answer)


def test_spaces_around_a_secret_belong_to_it(alpha: Caisse, browser: Browser) -> None:
    assert enter_secret(browser, secret=f" {ANNE.secret}").status_code == 200
    assert enter_secret(browser, secret=ANNE.secret).status_code == 302


@pytest.mark.parametrize("sent", [{}, {"identifier": ANNE.identifier}, {"secret": WRONG}, {"autre": "x"}])
def test_missing_fields_are_asked_for(alpha: Caisse, browser: Browser, sent: dict[str, str]) -> None:
    answer = browser.post(SIGN_IN, sent)
    missing = [name for name in ("identifier", "secret") if name not in sent]
    assert answer.status_code == 200
    assert all(errors(answer, name) for name in missing)
    assert 'role="alert"' in answer.content.decode()


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (json.dumps({"identifier": ANNE.identifier, "secret": ANNE.secret}), "application/json"),
        ("identifier=1000000001&secret=x", "text/plain"),
        (b"\xff\xfe\x00\x01", "application/octet-stream"),
        ("", "application/x-www-form-urlencoded"),
        ("%%%%=%zz&=&&&", "application/x-www-form-urlencoded"),
        (b"\xff=\xfe", "application/x-www-form-urlencoded"),
    ],
)
def test_a_body_of_another_kind_is_a_form_without_fields(
    alpha: Caisse, browser: Browser, body: str | bytes, content_type: str
) -> None:
    answer = browser.post(SIGN_IN, body, content_type=content_type)
    assert (answer.status_code, errors(answer, "identifier")) == (200, [REQUIRED])


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("identifier=" + "1" * 3_000_000, "application/x-www-form-urlencoded"),
        ("&".join(f"champ{number}=x" for number in range(1100)), "application/x-www-form-urlencoded"),
        ("sans bornes", "multipart/form-data"),
        ("x", "multipart/form-data; boundary=\u00e9"),
    ],
)
def test_a_body_too_large_or_broken_is_refused(
    alpha: Caisse, browser: Browser, body: str, content_type: str
) -> None:
    answer = browser.post(SIGN_IN, body, content_type=content_type)
    assert answer.status_code == 400
    assert "<h1>" in answer.content.decode()


def test_a_file_where_a_field_is_expected_is_no_field(alpha: Caisse, browser: Browser) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="identifier"; filename="a.txt"\r\n\r\n1000000001\r\n--x--\r\n'
    answer = browser.post(SIGN_IN, body, content_type="multipart/form-data; boundary=x")
    assert errors(answer, "identifier") == [REQUIRED]


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
@pytest.mark.parametrize("path", [SIGN_IN, CODE, RESEND, SIGN_OUT])
def test_other_methods_are_not_answered(alpha: Caisse, browser: Browser, path: str, method: str) -> None:
    answer = getattr(browser, method)(path)
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == (
        {"POST"} if path in POST_ONLY else {"GET", "HEAD", "POST"}
    )


@pytest.mark.parametrize("cookie", ["guichet_csrf", "guichet_session", "guichet_language", "guichet_known"])
@pytest.mark.parametrize(
    "value", ["", "x", "a.b", "é", "a.é", "\xff", "." * 3000, "%00", '"', "a" * 32 + "." + "0" * 64]
)
def test_no_cookie_makes_a_page_fail(alpha: Caisse, browser_at: BrowserAt, cookie: str, value: str) -> None:
    browser = browser_at(ANNE.host)
    browser.cookies[cookie] = value
    assert browser.get(SIGN_IN).status_code == 200
    assert enter_secret(browser, identifier=NOBODY_HAS_IT).status_code == 200
    enter_secret(browser)
    assert enter_code(browser, sms_codes(alpha)[-1]).headers["Location"] == "/"


@pytest.mark.parametrize(
    "address",
    ["", "127.0.0.1", "::1", "::ffff:192.0.2.1", "2001:db8::1", "fe80::1%eth0"],
)
def test_no_address_makes_a_sign_in_fail(alpha: Caisse, browser: Browser, address: str) -> None:
    assert enter_secret(browser, secret=WRONG, REMOTE_ADDR=address).status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/connexion", "/connexion/x/", "/connexion/code/../", "/%00", "/%ff", "/é", "/" + "a" * 5000, "/%2F"],
)
def test_an_address_that_leads_nowhere_is_not_found(alpha: Caisse, browser: Browser, path: str) -> None:
    answer = browser.get(path)
    assert answer.status_code == 404
    assert "Caisse Alpha" in answer.content.decode()
