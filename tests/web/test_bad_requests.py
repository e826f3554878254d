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
    ],
    ids=["size", "fields", "files", "no boundary", "bad boundary"],
)
def test_a_refused_body_is_told_what_is_wrong_with_it(
    sent: tuple[str, str], sentence: str, host: str, db: None, browser_at: BrowserAt
) -> None:
    body, content_type = sent
    page = refused(browser_at(host).post("/langue/", body, content_type=content_type))
    assert f"<h1>{sentence}</h1>" in page.replace("<h1> ", "<h1>").replace(" </h1>", "</h1>")
    assert "Nous n’avons rien enregistré." in page


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
