"""The counter is for the staff of this very caisse: nobody else acts there, whatever they send."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client as Browser
from django_tenants.utils import tenant_context

from tenant_apps.clients.models import Client
from tenant_apps.identity.models import TryCounter, User
from tenant_apps.identity.open_account import open_account
from tenant_apps.journal.models import Event
from tenant_apps.messaging.models import Message
from tenants.models import Caisse
from tests.desk.conftest import BrowserAt
from tests.desk.counter import (
    ACTS,
    DESK,
    FORGET,
    MESSAGES,
    PHONE,
    REASON,
    SIGN_IN,
    act_of,
    close_account,
    file_of,
    phones,
    seen,
)
from tests.desk.test_messages import lost
from tests.identity.steps import publish, put_in, user_of
from tests.world import ANNE, NOON

Enter = Callable[[Browser, Caisse], Browser]
FIELDS = {
    "reouverture": REASON,
    "telephone": {**PHONE, "confirm": "1"},
    "seconde-etape": FORGET,
    "activation": {"reason": "not_received", "note": ""},
}


def as_client(browser: Browser, alpha: Caisse) -> Browser:
    return put_in(browser, alpha, user_of(alpha))


def as_operator(browser: Browser, alpha: Caisse) -> Browser:
    with tenant_context(alpha):
        operator = open_account(
            kind=User.Kind.OPERATOR,
            identifier="op@alpha.example.org",
            secret="Operer-ici-2026!",
            display_name="Olga",
            now=NOON,
        )
    return put_in(browser, alpha, operator)


def as_nobody(browser: Browser, alpha: Caisse) -> Browser:
    return browser


STRANGERS = pytest.mark.parametrize("enter", [as_client, as_operator, as_nobody])


@pytest.fixture
def prey(alpha: Caisse, anne: Client) -> Client:
    """A client for whom each act would do something."""
    publish(alpha, {"second_factor": {"methods": ["totp"]}})
    close_account(alpha)
    return anne


def fields_of(act: str, caisse: Caisse, client: Client) -> dict[str, str]:
    return {**FIELDS[act], **(seen(caisse, client) if act == "telephone" else {})}


def traces(caisse: Caisse) -> tuple[Any, ...]:
    """Whatever an act would leave behind."""
    with tenant_context(caisse):
        counter = TryCounter.objects.get(scope=TryCounter.Scope.ACCOUNT)
        return (
            phones(caisse),
            counter.agency_only,
            Event.objects.count(),
            list(Message.objects.order_by("id").values_list("state", flat=True)),
            user_of(caisse).session_epoch,
        )


def is_refused(answer: Any, url: str, *, known: bool) -> bool:
    if known:
        return bool(answer.status_code == 404)
    return bool(answer.headers.get("Location") == f"{SIGN_IN}?next={url}")


@STRANGERS
@pytest.mark.parametrize("act", ACTS)
def test_nobody_but_staff_acts_on_an_account(
    alpha: Caisse, prey: Client, browser_at: BrowserAt, enter: Enter, act: str
) -> None:
    browser = enter(browser_at(ANNE.host), alpha)
    before, url = traces(alpha), act_of(prey, act)
    for answer in (browser.get(url), browser.post(url, fields_of(act, alpha, prey))):
        assert is_refused(answer, url, known=enter is not as_nobody)
    assert traces(alpha) == before


@STRANGERS
def test_nobody_but_staff_looks_at_a_file_searches_or_sends_again(
    alpha: Caisse, prey: Client, browser_at: BrowserAt, enter: Enter
) -> None:
    message = lost(alpha)
    browser = enter(browser_at(ANNE.host), alpha)
    before, known = traces(alpha), enter is not as_nobody
    for url in (DESK, file_of(prey), MESSAGES):
        assert is_refused(browser.get(url), url, known=known)
    assert is_refused(browser.post(DESK, {"words": "alpha"}), DESK, known=known)
    again = f"{MESSAGES}{message.uuid}/renvoi/"
    assert is_refused(browser.post(again), again, known=known)
    assert traces(alpha) == before


@pytest.mark.parametrize("act", ACTS)
def test_staff_of_the_other_caisse_finds_no_account_of_this_one(
    alpha: Caisse, prey: Client, other_desk: Browser, act: str
) -> None:
    """The file of the other caisse has the same primary key."""
    before = traces(alpha)
    assert other_desk.post(act_of(prey, act), fields_of(act, alpha, prey)).status_code == 404
    assert traces(alpha) == before


@pytest.mark.parametrize("act", ACTS)
def test_a_cookie_of_the_other_caisse_is_nobody_s_here(
    alpha: Caisse, prey: Client, other_desk: Browser, browser_at: BrowserAt, act: str
) -> None:
    """Both members of staff have the same primary key."""
    browser = browser_at(ANNE.host)
    for name, morsel in other_desk.cookies.items():
        browser.cookies[name] = morsel.value
    before, url = traces(alpha), act_of(prey, act)
    assert is_refused(browser.post(url, fields_of(act, alpha, prey)), url, known=False)
    assert traces(alpha) == before


@pytest.mark.parametrize("act", ACTS)
def test_a_form_of_another_site_is_refused(alpha: Caisse, prey: Client, act: str) -> None:
    browser = Browser(enforce_csrf_checks=True, SERVER_NAME=ANNE.host, HTTP_HOST=ANNE.host)
    put_in(browser, alpha, user_of(alpha, kind=User.Kind.STAFF))
    before = traces(alpha)
    assert browser.post(act_of(prey, act), fields_of(act, alpha, prey)).status_code == 403
    assert traces(alpha) == before


@pytest.mark.parametrize("act", ACTS)
def test_each_act_is_offered_to_staff_by_a_page_that_changes_nothing(
    alpha: Caisse, prey: Client, desk: Browser, act: str
) -> None:
    before = traces(alpha)
    assert desk.get(act_of(prey, act)).status_code == 200
    assert traces(alpha) == before
