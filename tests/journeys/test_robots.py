"""A suspicious address in a browser: the work is done unseen, or a moment is waited, and the sign-in passes."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import Page, expect

from tenants.selectors import caisse_of_schema
from tests.identity.steps import publish
from tests.journeys.caisses import Caisses, serving
from tests.journeys.conftest import Visit
from tests.journeys.visitor import assert_accessible, assert_fits, assert_readable, assert_structure
from tests.world import ALPHA, ANNE, restore_world

pytestmark = pytest.mark.browser

WORK_FILE = "/static/guichet/work.js"


@pytest.fixture
def caisses(
    django_db_setup: None, django_db_blocker: pytest.FixtureRequest, chromium: object
) -> Iterator[Caisses]:
    """Alpha, where every try is asked for work; in the thread that may touch the database."""
    with django_db_blocker.unblock(), serving() as found:  # type: ignore[attr-defined]  # pytest-django's own fixture type is private
        try:
            found.do(_always)
            yield found
        finally:
            found.do(restore_world)


def _always() -> None:
    publish(caisse_of_schema(schema=ALPHA), {"lockout": {"robots": "always", "robots_wait": "2 s"}})


def offer_secret(page: Page, caisses: Caisses) -> None:
    page.goto(caisses.url(ALPHA, "/connexion/"))
    page.locator("[name=identifier]").fill(ANNE.identifier)
    page.locator("[name=secret]").fill(ANNE.secret)
    page.get_by_role("button", name="Continuer").click()


def test_with_javascript_the_work_is_done_unseen(caisses: Caisses, visit: Visit) -> None:
    page, sent = visit(width=360), []
    page.on("request", lambda request: sent.append(request.post_data) if request.method == "POST" else None)
    offer_secret(page, caisses)
    expect(page).to_have_url(caisses.url(ALPHA, "/connexion/code/"))
    typed, worked = sent
    assert ANNE.identifier in typed
    assert re.search(r"reponse=\d+$", worked)
    assert ANNE.identifier not in worked


@pytest.mark.parametrize("width", [360, pytest.param(1280, marks=pytest.mark.slow)])
def test_while_it_works_the_page_says_so_and_asks_for_nothing(
    caisses: Caisses, visit: Visit, width: int
) -> None:
    page = visit(width=width)
    page.add_init_script("SubtleCrypto.prototype.deriveBits = () => new Promise(() => {})")
    offer_secret(page, caisses)
    expect(page.get_by_role("heading", name="Un instant")).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("La suite vient toute seule")
    expect(page.get_by_role("button", name="Continuer")).to_be_hidden()
    (assert_readable if width == 360 else assert_accessible)(page)
    assert_fits(page)


@pytest.mark.slow
def test_where_the_work_cannot_be_done_the_page_waits_by_hand(caisses: Caisses, visit: Visit) -> None:
    page = visit(width=360)
    page.add_init_script("SubtleCrypto.prototype.deriveBits = () => Promise.reject(new Error('not here'))")
    offer_secret(page, caisses)
    expect(page.get_by_role("button", name="Continuer")).to_be_visible()
    assert_accessible(page)
    page.wait_for_timeout(2_100)
    page.get_by_role("button", name="Continuer").click()
    expect(page).to_have_url(caisses.url(ALPHA, "/connexion/code/"))


def test_without_javascript_a_moment_is_waited(caisses: Caisses, visit: Visit) -> None:
    page = visit(width=360, javascript=False)
    offer_secret(page, caisses)
    expect(page.get_by_text(re.compile("Attendez"))).to_be_visible()
    assert_structure(page)
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("heading", name="Encore quelques secondes")).to_be_visible()
    assert_structure(page)
    page.wait_for_timeout(2_100)
    page.get_by_role("button", name="Continuer").click()
    expect(page).to_have_url(caisses.url(ALPHA, "/connexion/code/"))


def test_the_file_that_works_is_small_and_no_other_page_loads_it(caisses: Caisses, visit: Visit) -> None:
    page, loaded = visit(width=360), []
    page.on("request", lambda request: loaded.append(urlsplit(request.url).path))
    page.goto(caisses.url(ALPHA, "/connexion/"))
    assert "/static/guichet/page.js" in loaded
    assert WORK_FILE not in loaded
    offer_secret(page, caisses)
    expect(page).to_have_url(caisses.url(ALPHA, "/connexion/code/"))
    assert loaded.count(WORK_FILE) == 1
    found = finders.find(WORK_FILE.removeprefix("/static/"))
    assert found
    assert Path(found).stat().st_size < 3_000
