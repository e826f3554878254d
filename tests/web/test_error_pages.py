"""What goes wrong is said in the caisse's look, with one thing to do next."""

import logging
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import tenant_context

from guichet.web import errors
from guichet.web.brand import current_brand
from tenants.models import Caisse
from tests.routes.visitors import suspended
from tests.web import failing_tree
from tests.web.test_looks_pages import Outline
from tests.world import ANNE

Ask = Callable[[str], Any]
NAME = "Caisse Alpha"
# Where each error comes from, its status, and whether what to do next is to call.
ERRORS = [
    ("/echec/400/", 400, False),
    ("/echec/403/", 403, True),
    ("/nulle-part/", 404, False),
    ("/echec/429/", 429, True),
    ("/echec/500-ensuite/", 500, False),
]


@pytest.fixture(autouse=True)
def _no_log_of_failures() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def ask(alpha: Caisse, settings: Any) -> Ask:
    """A request of alpha's host, where some addresses fail."""
    settings.URL_TREES = {**settings.URL_TREES, "caisse": failing_tree.__name__}
    browser = Browser(SERVER_NAME=ANNE.host, HTTP_HOST=ANNE.host, raise_request_exception=False)
    return browser.get


def look_of(caisse: Caisse) -> str:
    with tenant_context(caisse):
        return current_brand().stylesheet_url


def next_steps(page: str) -> tuple[int, int]:
    """Buttons, and phones to call, in the middle of the page."""
    main = Outline(page.partition("<main")[2].partition("</main>")[0])
    buttons = [link for link in main.all("a") if "button" in (link.get("class") or "")]
    return len(buttons), len([link for link in main.all("a") if (link.get("href") or "").startswith("tel:")])


@pytest.mark.parametrize(("path", "status", "calls"), ERRORS)
def test_an_error_wears_the_look_of_its_caisse_and_says_one_thing_to_do(
    path: str, status: int, calls: bool, ask: Ask, alpha: Caisse
) -> None:
    answer = ask(path)
    page = answer.content.decode()
    assert answer.status_code == status
    assert look_of(alpha) in page
    assert NAME in page
    assert len(Outline(page).all("h1")) == 1
    assert next_steps(page) == ((0, 1) if calls else (1, 0))


def test_a_form_that_was_left_open_too_long_is_said_in_the_look_of_its_caisse(alpha: Caisse) -> None:
    browser = Browser(SERVER_NAME=ANNE.host, HTTP_HOST=ANNE.host, enforce_csrf_checks=True)
    answer = browser.post("/connexion/", {"identifier": "x", "secret": "x"})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "restée ouverte trop longtemps" in page
    assert look_of(alpha) in page
    assert next_steps(page) == (1, 0)


def test_a_suspended_caisse_says_whom_to_call_in_its_own_look(alpha: Caisse) -> None:
    look = look_of(alpha)
    with suspended("caisse"):
        answer = Browser(SERVER_NAME=ANNE.host, HTTP_HOST=ANNE.host).get("/")
    page = answer.content.decode()
    assert answer.status_code == 503
    assert look in page
    assert "vos objets restent à l’abri" in page
    assert next_steps(page) == (0, 1)


def test_the_wait_is_said_in_words_and_counted_from_seconds(ask: Ask) -> None:
    answer = ask("/echec/429/")
    assert answer.headers["Retry-After"] == "120"
    page = answer.content.decode()
    assert 'data-countdown="120"' in page
    assert re.search(r"réessayer dans <span[^>]*>2\u00a0minutes</span>", page)


def test_a_failure_asks_nothing_of_the_database_to_say_so(ask: Ask) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert ask("/echec/500-ensuite/").status_code == 500
    assert len(queries) > 0
    after = queries.final_queries - failing_tree.asked_before[0]  # type: ignore[operator]  # counted on leaving
    assert after == 0


def test_a_failure_before_the_policy_was_read_is_said_without_a_caisse(ask: Ask) -> None:
    answer = ask("/echec/500/")
    page = answer.content.decode()
    assert answer.status_code == 500
    assert "Une panne de notre côté" in page
    assert NAME not in page
    assert "/marque/" not in page


def test_a_failure_of_the_look_itself_is_said_without_a_caisse(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(look: object) -> None:
        raise OSError("the theme is gone")

    monkeypatch.setattr(errors, "brand_of", lost)
    answer = ask("/echec/500-ensuite/")
    assert answer.status_code == 500
    assert NAME not in answer.content.decode()


def test_a_host_that_is_no_host_is_answered_before_any_caisse(db: None) -> None:
    request_of_nobody = Browser().get("/", HTTP_HOST="a b").wsgi_request
    page = errors.bad_request(request_of_nobody, ValueError())
    assert page.status_code == 400
    assert NAME not in page.content.decode()


def test_the_failure_of_one_caisse_never_wears_the_look_of_another(
    ask: Ask, alpha: Caisse, beta: Caisse
) -> None:
    Browser(SERVER_NAME="beta.localhost", HTTP_HOST="beta.localhost").get("/connexion/")
    page = ask("/echec/500-ensuite/").content.decode()
    assert look_of(beta) not in page
    assert settings.STATIC_URL in page
