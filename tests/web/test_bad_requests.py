"""A body that is too large, or that nobody can read, is refused in words that say how to mend it."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.test import Client as Browser
from django.test import RequestFactory

from guichet.web.errors import bad_request
from tests.isolation.visits import BrowserAt
from tests.tenancy.test_hosts import names_in

FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=x"
TOO_LARGE, UNREADABLE = "Votre envoi est trop lourd", "Nous n’avons pas pu lire votre demande"
FILE = '--x\r\nContent-Disposition: form-data; name="f{0}"; filename="a.txt"\r\n\r\na\r\n'


@pytest.fixture(autouse=True)
def _no_log_of_refusals() -> Iterator[None]:
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


def refused(answer: Any) -> str:
    assert answer.status_code == 400
    page: str = answer.content.decode()
    assert "Cette page n’existe pas" not in page
    return " ".join(page.split())


@pytest.mark.parametrize("host", ["alpha.localhost", "gie.localhost", "localhost"])
@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        (("identifier=" + "1" * 3_000_000, FORM), TOO_LARGE),
        (("&".join(f"a{number}=x" for number in range(1100)), FORM), TOO_LARGE),
        (("".join(FILE.format(number) for number in range(101)) + "--x--\r\n", PARTS), TOO_LARGE),
        (("sans bornes", "multipart/form-data"), UNREADABLE),
        (("x", "multipart/form-data; boundary=\u00e9"), UNREADABLE),
        ((FILE.format(1) + "--x--\r\n", PARTS + "; charset=rot13"), UNREADABLE),
        ((FILE.format(1) + "--x--\r\n", PARTS + "; charset=base64"), UNREADABLE),
        ((FILE.format(1) + "--x--\r\n", PARTS + "; charset=latin-1"), UNREADABLE),
        ((FILE.format(1) + "--x--\r\n", PARTS + "; charset=personne"), UNREADABLE),
    ],
    ids=[
        "size",
        "fields",
        "files",
        "no boundary",
        "bad boundary",
        "rot13",
        "base64",
        "latin-1",
        "unknown charset",
    ],
)
def test_a_refused_body_is_told_what_is_wrong_with_it(
    sent: tuple[str, str], sentence: str, host: str, db: None, browser_at: BrowserAt
) -> None:
    body, content_type = sent
    # Not `post`, which would write the body in the encoding that is to be refused.
    page = refused(browser_at(host).generic("POST", "/langue/", body, content_type=content_type))
    assert f"<h1>{sentence}</h1>" in page.replace("<h1> ", "<h1>").replace(" </h1>", "</h1>")
    assert "Nous n’avons rien enregistré." in page


@pytest.mark.parametrize("charset", ["utf-8", "UTF8", "utf_8"])
def test_a_body_that_says_it_is_in_our_encoding_is_read(
    charset: str, db: None, browser_at: BrowserAt
) -> None:
    body = '--x\r\nContent-Disposition: form-data; name="langue"\r\n\r\nen\r\n--x--\r\n'
    answer = browser_at("alpha.localhost").post("/langue/", body, content_type=f"{PARTS}; charset={charset}")
    assert answer.status_code == 302


def test_it_is_said_in_the_language_of_the_person(db: None, browser_at: BrowserAt) -> None:
    browser = browser_at("alpha.localhost")
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    answer = browser.post("/langue/", "x", content_type="multipart/form-data")
    assert 'lang="en"' in refused(answer)
    assert answer.headers["Content-Language"] == "en"


def test_before_a_caisse_is_known_it_names_none() -> None:
    request = RequestFactory().post("/")
    for error, sentence in ((RequestDataTooBig(), TOO_LARGE), (SuspiciousOperation(), UNREADABLE)):
        answer = bad_request(request, error)
        assert sentence in refused(answer)
        assert names_in(answer.content) == []


def test_an_unknown_host_is_not_read(db: None) -> None:
    browser = Browser(HTTP_HOST="unknown.example.org")
    assert browser.post("/langue/", "x", content_type="multipart/form-data").status_code == 404
