"""Where a sign-in leads: to the page that asked for it, at this very host."""

import pytest
from django.test import Client as Browser

from tenants.models import Caisse
from tests.identity.steps import SIGN_IN, enter_code, enter_secret, sms_codes
from tests.world import ANNE


def arrival(browser: Browser, caisse: Caisse, wanted: str) -> str:
    browser.post(SIGN_IN, {"identifier": ANNE.identifier, "secret": ANNE.secret, "next": wanted})
    location: str = enter_code(browser, sms_codes(caisse)[-1]).headers["Location"]
    return location


@pytest.mark.parametrize("wanted", ["/contrats/", "/contrats/?page=2", f"http://{ANNE.host}/contrats/"])
def test_it_leads_to_the_page_that_asked(alpha: Caisse, browser: Browser, wanted: str) -> None:
    assert arrival(browser, alpha, wanted) == wanted


@pytest.mark.parametrize(
    "wanted",
    [
        "",
        "https://example.com/",
        "//example.com/",
        "http://beta.localhost/",
        "//beta.localhost/contrats/",
        "http://www.alpha.example.org/",
        "/\\example.com",
        "\\\\example.com",
        "http:///example.com",
        "javascript:alert(1)",
        " //example.com",
        "\x00//example.com",
        f"http://{ANNE.host}@example.com/",
    ],
)
def test_it_leads_nowhere_else(alpha: Caisse, browser: Browser, wanted: str) -> None:
    """Not even to another host of the same platform, nor of the same caisse."""
    assert arrival(browser, alpha, wanted) == "/"


def test_the_page_that_asks_is_kept_through_a_mistake(alpha: Caisse, browser: Browser) -> None:
    asked = browser.get("/contrats/").headers["Location"]
    assert asked == f"{SIGN_IN}?next=/contrats/"
    assert 'name="next" value="/contrats/"' in browser.get(asked).content.decode()
    wrong = browser.post(asked, {"identifier": ANNE.identifier, "secret": "faux", "next": "/contrats/"})
    assert 'name="next" value="/contrats/"' in wrong.content.decode()


def test_a_page_asked_for_by_a_script_is_written_as_plain_text(alpha: Caisse, browser: Browser) -> None:
    page = browser.get(SIGN_IN, {"next": '"><script>alert(1)</script>'}).content.decode()
    assert "<script>alert(1)" not in page


def test_half_a_sign_in_remembers_where_to_go(alpha: Caisse, browser: Browser) -> None:
    enter_secret(browser)
    assert enter_code(browser, sms_codes(alpha)[-1]).headers["Location"] == "/"
