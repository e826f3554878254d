"""The first connection by an identifier in a mail and a first password in an SMS."""

import re

import pytest
from django.test import Client as Browser

from tenant_apps.identity.models import User
from tenants.models import Caisse
from tests.clock import Clock
from tests.identity.conftest import BrowserAt
from tests.identity.keypads import application_shows
from tests.identity.steps import (
    CODE,
    NOBODY_HAS_IT,
    SIGN_IN,
    events,
    failures,
    mails,
    publish,
    said,
    user_of,
)
from tests.identity.waiting import (
    DIRECT,
    IDENTIFIER,
    LINK,
    OWN_SECRET,
    PASSWORD,
    again,
    first_passwords,
    latest,
    newcomer,
    send,
    twice,
)
from tests.world import ANNE

CHOICE = "/connexion/second-moyen/"
CODES = "/connexion/codes-de-secours/"
_KEY = re.compile(r'data-copy="([A-Z2-7]+)"')


@pytest.fixture
def lea(alpha: Caisse, clock: Clock) -> User:
    """Waits at alpha, which sends a first password, and has just been sent one."""
    publish(alpha, DIRECT)
    user = newcomer(alpha)
    send(alpha, user)
    return user


def enter(browser: Browser, secret: str, identifier: str = IDENTIFIER) -> str:
    """Where the first step leads, or the status of the page."""
    answer = browser.post(SIGN_IN, {"identifier": identifier, "secret": secret})
    return answer.headers.get("Location", str(answer.status_code))


def test_the_identifier_comes_by_mail_and_the_first_password_by_sms(alpha: Caisse, lea: User) -> None:
    (mail,), (sms,) = mails(alpha, kind="activation_identifier"), mails(alpha, kind="activation_password")
    assert (IDENTIFIER in mail, IDENTIFIER in sms) == (True, False)
    first = first_passwords(alpha)[0]
    assert (first in mail, "24 heures" in " ".join(sms.split())) == (False, True)
    assert not set("0o1li") & set(first)
    assert len(sms) <= 160


def test_the_first_password_leads_to_ones_own_then_to_the_second_factor_then_into_the_space(
    alpha: Caisse, lea: User, browser: Browser
) -> None:
    assert enter(browser, first_passwords(alpha)[0]) == OWN_SECRET
    page = said(browser.get(OWN_SECRET))
    assert ("8 caractères au moins" in page, IDENTIFIER in page) == (True, True)
    assert browser.post(OWN_SECRET, twice()).headers["Location"] == CHOICE
    key = "".join(_KEY.findall(browser.get(f"{CHOICE}application/").content.decode())[0].split())
    code = application_shows(key=key)
    assert browser.post(f"{CHOICE}application/", {"code": code}).headers["Location"] == CODES
    assert browser.post(CODES).headers["Location"] == "/"
    assert browser.get("/").status_code == 200
    assert [kind for kind in events(alpha) if kind.startswith("activation")] == [
        "activation.sent",
        "activation.opened",
        "activation.done",
    ]
    assert failures(alpha, identifier=IDENTIFIER) == 0


def test_nothing_else_is_to_be_had_before(alpha: Caisse, lea: User, browser: Browser) -> None:
    enter(browser, first_passwords(alpha)[0])
    for page in (CHOICE, f"{CHOICE}application/", CODE):
        assert browser.get(page).headers["Location"] == OWN_SECRET
    assert browser.get("/").headers["Location"].startswith(SIGN_IN)


def test_it_may_be_typed_as_a_phone_writes_it(alpha: Caisse, lea: User, browser_at: BrowserAt) -> None:
    first = first_passwords(alpha)[0]
    for typed in (first.upper(), first.title(), first.replace("-", " "), first.replace("-", "")):
        assert enter(browser_at(ANNE.host), typed) == OWN_SECRET


def test_it_serves_until_ones_own_is_chosen_and_no_longer(
    alpha: Caisse, lea: User, browser_at: BrowserAt
) -> None:
    first = first_passwords(alpha)[0]
    left, back = browser_at(ANNE.host), browser_at(ANNE.host)
    enter(left, first)
    assert enter(back, first) == OWN_SECRET
    back.post(OWN_SECRET, twice())
    answer = left.post(OWN_SECRET, twice("Un-autre-cerf-volant-52!"))
    assert "Ce premier mot de passe a déjà servi" in said(answer)
    assert again(alpha, lea).check_password(PASSWORD)
    assert enter(browser_at(ANNE.host), first) == CODE  # blind: as for any wrong secret
    assert left.get(OWN_SECRET).headers["Location"] == SIGN_IN


def test_it_lives_as_long_as_the_policy_says(
    alpha: Caisse, lea: User, browser_at: BrowserAt, clock: Clock
) -> None:
    late = browser_at(ANNE.host)
    clock.move(hours=23, minutes=55)
    assert enter(late, first_passwords(alpha)[0]) == OWN_SECRET
    clock.move(minutes=5)
    assert "n’est plus valable" in said(late.post(OWN_SECRET, twice()))
    assert not again(alpha, lea).is_activated
    assert enter(browser_at(ANNE.host), first_passwords(alpha)[0]) == CODE


def test_only_the_latest_lives(alpha: Caisse, lea: User, browser_at: BrowserAt) -> None:
    send(alpha, lea)
    first, second = first_passwords(alpha)
    assert enter(browser_at(ANNE.host), first) == CODE
    assert enter(browser_at(ANNE.host), second) == OWN_SECRET


def test_another_s_first_password_opens_nothing(alpha: Caisse, lea: User, browser: Browser) -> None:
    other = newcomer(alpha, identifier="1234567899", number="C-78")
    send(alpha, other)
    assert enter(browser, first_passwords(alpha)[1]) == CODE


def test_a_caisse_that_sends_none_takes_none(alpha: Caisse, lea: User, browser: Browser) -> None:
    publish(alpha, {**LINK, "second_factor": {"blind": False}})
    assert enter(browser, first_passwords(alpha)[0]) == "200"


def test_the_own_password_may_not_break_the_rules(alpha: Caisse, lea: User, browser: Browser) -> None:
    enter(browser, first_passwords(alpha)[0])
    assert "Il en faut 8 au moins." in said(browser.post(OWN_SECRET, twice("court")))


def test_it_is_kept_as_a_digest(alpha: Caisse, lea: User) -> None:
    bare = first_passwords(alpha)[0].replace("-", "")
    assert bare not in str(vars(latest(alpha)))
    assert not again(alpha, lea).has_usable_password()


def test_wrong_tries_are_counted_and_cost_one_hash(
    alpha: Caisse, lea: User, browser: Browser, hashes: list[str]
) -> None:
    for identifier in (IDENTIFIER, ANNE.identifier, NOBODY_HAS_IT):
        made = len(hashes)
        enter(browser, "aaaa-bbbb-cccc", identifier)
        assert (len(hashes) - made, failures(alpha, identifier=identifier)) == (1, 1)


def test_the_page_belongs_to_the_stage_alone(alpha: Caisse, lea: User, browser: Browser) -> None:
    assert browser.get(OWN_SECRET).headers["Location"] == SIGN_IN
    enter(browser, ANNE.secret, ANNE.identifier)
    assert browser.post(OWN_SECRET, twice()).headers["Location"] == CODE
    assert again(alpha, user_of(alpha)).check_password(ANNE.secret)
