"""The first connection by a link in a mail."""

import pytest
from django.test import Client as Browser

from tenant_apps.identity.models import User
from tenants.models import Caisse
from tests.clock import Clock
from tests.identity.steps import SIGN_IN, events, publish, said, sms_codes
from tests.identity.waiting import (
    CHOOSE,
    IDENTIFIER,
    LINK,
    PASSWORD,
    links,
    newcomer,
    send,
    twice,
)


@pytest.fixture
def lea(alpha: Caisse, clock: Clock) -> User:
    """Waits at alpha, whose policy sends a link, and has just been sent one."""
    publish(alpha, LINK)
    user = newcomer(alpha)
    send(alpha, user)
    return user


def open_link(browser: Browser, caisse: Caisse) -> str:
    """The page that follows."""
    browser.get(links(caisse)[-1])
    return said(browser.get(CHOOSE))


def test_the_link_leads_to_a_password_and_the_password_into_the_space(
    alpha: Caisse, lea: User, browser: Browser
) -> None:
    answer = browser.get(links(alpha)[0])
    assert (answer.status_code, answer.headers["Location"]) == (302, CHOOSE)
    page = said(browser.get(CHOOSE))
    assert "12 caractères au moins" in page
    assert f'value="{IDENTIFIER}" autocomplete="username"' in page
    answer = browser.post(CHOOSE, twice())
    assert answer.headers["Location"] == f"{SIGN_IN}?actif=1"
    assert "C’est fait." in said(browser.get(answer.headers["Location"]))
    browser.post(SIGN_IN, {"identifier": IDENTIFIER, "secret": PASSWORD})
    browser.post("/connexion/second-moyen/sms/envoyer/")
    assert (
        browser.post("/connexion/second-moyen/sms/", {"code": sms_codes(alpha)[-1]}).headers["Location"]
        == "/"
    )
    assert events(alpha)[:3] == ["activation.sent", "activation.opened", "activation.done"]
