"""Wrong tries through the screens: what they count, what they close, what opens again."""

from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.utils import timezone
from django_tenants.utils import tenant_context

from tenant_apps.clients.register_client import register_client
from tenant_apps.identity.counters import count_account_try, forget_old_counters
from tenant_apps.identity.models import TryCounter, User
from tenant_apps.identity.open_account import open_account
from tenant_apps.identity.selectors import login_index
from tenants.models import Caisse
from tenants.policy.current import current_policy
from tests.clock import Clock
from tests.identity.conftest import BrowserAt
from tests.identity.steps import (
    CODE,
    NOBODY_HAS_IT,
    SIGN_IN,
    WRONG,
    address_failures,
    counter,
    enter_code,
    enter_secret,
    events,
    failures,
    publish,
    said,
    sign_in,
    sms_codes,
    wrong_code,
)
from tests.world import ANNE, BRUNO

THREE = {"lockout": {"max_failures": 3, "wait": "10 min", "daily_total": 20}}
UNTIL_AGENCY = {"lockout": {"max_failures": 3, "wait": "none", "until_agency": True}}
CLOSED_FOR_A_WHILE, CLOSED, LAST = "Patientez un peu", "Cet accès est fermé", "Il vous reste <strong>1 essai"


def wrong(browser: Browser, times: int, identifier: str = ANNE.identifier) -> str:
    """So many wrong secrets; what the last page says."""
    pages = [enter_secret(browser, identifier=identifier, secret=WRONG) for _ in range(times)]
    return said(pages[-1])


@pytest.mark.parametrize(
    "written",
    [
        "10 0000 0001",
        "10.00.00.00.01",
        "10-0000-0001",
        " 1000000001\t",
        "１０００００００01",
        "1000000001\u200b",
        "10\u202f0000\u00a00001",
    ],
)
def test_however_an_identifier_is_written_it_is_one_counter(
    alpha: Caisse, browser: Browser, written: str
) -> None:
    wrong(browser, 1)
    wrong(browser, 1, identifier=written)
    assert failures(alpha) == 2


def test_it_closes_after_as_many_failures_and_says_for_how_long(alpha: Caisse, browser: Browser) -> None:
    publish(alpha, THREE)
    assert CLOSED_FOR_A_WHILE not in wrong(browser, 2)
    page = wrong(browser, 1)
    assert CLOSED_FOR_A_WHILE in page
    assert "10\xa0minutes" in page or "10 minutes" in page
    assert CLOSED_FOR_A_WHILE in wrong(browser, 1)


def test_the_last_try_is_announced_before_the_block(alpha: Caisse, browser: Browser) -> None:
    publish(alpha, THREE)
    assert LAST not in wrong(browser, 1)
    assert LAST in wrong(browser, 1)


def test_the_last_try_is_announced_even_where_tries_are_not_shown(alpha: Caisse, browser: Browser) -> None:
    publish(alpha, {"lockout": {**THREE["lockout"], "shows_tries_left": False}})
    assert "Il vous reste" not in wrong(browser, 1)
    assert LAST in wrong(browser, 1)


def test_after_the_wait_the_right_secret_opens(alpha: Caisse, browser: Browser, clock: Clock) -> None:
    publish(alpha, THREE)
    wrong(browser, 3)
    clock.move(minutes=10, seconds=-1)
    assert enter_secret(browser).status_code == 200
    clock.move(seconds=1)
    assert enter_secret(browser).headers["Location"] == CODE


def test_tries_while_closed_do_not_make_it_longer(alpha: Caisse, browser: Browser, clock: Clock) -> None:
    publish(alpha, THREE)
    wrong(browser, 3)
    before = counter(alpha)
    for _ in range(9):
        clock.move(minutes=1)
        wrong(browser, 1)
    after = counter(alpha)
    assert before is not None
    assert after is not None
    assert (after.locked_until, after.failures, after.day_total) == (before.locked_until, 3, 3)
    clock.move(minutes=1)
    assert enter_secret(browser).headers["Location"] == CODE


def test_only_the_agency_opens_and_its_phone_is_on_the_page(
    alpha: Caisse, browser: Browser, clock: Clock
) -> None:
    publish(alpha, UNTIL_AGENCY)
    page = wrong(browser, 3)
    assert CLOSED in page
    assert "tel:+33465710001" in page
    clock.move(days=400)
    assert enter_secret(browser).status_code == 200


def test_the_total_of_a_day_closes_until_the_agency_opens(
    alpha: Caisse, browser: Browser, clock: Clock
) -> None:
    publish(alpha, {"lockout": {"max_failures": 3, "wait": "1 min", "wait_growth": 1, "daily_total": 7}})
    for _ in range(2):
        wrong(browser, 3)
        clock.move(minutes=1)
    assert CLOSED in wrong(browser, 1)
    clock.move(days=2)
    assert CLOSED in wrong(browser, 1)


def test_a_success_gives_back_its_own_count_only(alpha: Caisse, browser: Browser) -> None:
    wrong(browser, 3)
    enter_secret(browser)
    assert failures(alpha) == 3
    assert address_failures(alpha) == 3


def test_a_whole_sign_in_forgets_the_failures_of_the_account(alpha: Caisse, browser: Browser) -> None:
    wrong(browser, 3)
    sign_in(browser, alpha)
    assert failures(alpha) == 0
    assert events(alpha)[-1] == "sign_in.done"


def test_ones_own_sign_ins_do_not_wipe_what_the_address_has_counted(
    alpha: Caisse, browser_at: BrowserAt
) -> None:
    """Someone who holds an account alternates a good sign-in with tries on the accounts of others."""
    publish(alpha, {"lockout": {"address_max_failures": 6}})
    for number in range(6):
        enter_secret(browser_at(ANNE.host), identifier=f"190000000{number}", secret=WRONG)
        if number < 5:
            enter_secret(browser_at(ANNE.host))
    assert enter_secret(browser_at(ANNE.host)).status_code == 429


def test_wrong_codes_count_on_the_account_like_wrong_secrets(alpha: Caisse, browser: Browser) -> None:
    publish(alpha, THREE)
    wrong(browser, 1)
    enter_secret(browser)
    right = sms_codes(alpha)[-1]
    assert LAST in said(enter_code(browser, wrong_code(right)))
    assert failures(alpha) == 2
    closed = enter_code(browser, wrong_code(right))
    assert CLOSED_FOR_A_WHILE in closed.content.decode()
    # The half-finished sign-in is over, and the right code opens nothing any more.
    assert enter_code(browser, right).headers["Location"] == SIGN_IN


def test_the_right_code_is_refused_while_the_account_is_closed(
    alpha: Caisse, browser_at: BrowserAt, clock: Clock
) -> None:
    publish(alpha, THREE)
    owner, guesser = browser_at(ANNE.host), browser_at(ANNE.host)
    enter_secret(owner)
    wrong(guesser, 3)
    refused = enter_code(owner, sms_codes(alpha)[-1])
    assert CLOSED_FOR_A_WHILE in refused.content.decode()
    assert owner.get("/").status_code == 302


def test_tries_left_at_the_second_step_are_shown_as_the_policy_says(alpha: Caisse, browser: Browser) -> None:
    publish(alpha, {"lockout": {"shows_tries_left": False}})
    enter_secret(browser)
    page = enter_code(browser, wrong_code(sms_codes(alpha)[-1])).content.decode()
    assert "Il vous reste" not in page


def test_an_address_that_tries_too_much_is_braked_whatever_it_tries(
    alpha: Caisse, browser_at: BrowserAt, clock: Clock, hashes: list[str]
) -> None:
    """One secret sprayed over many identifiers: each account sees one failure, the address sees them all."""
    brake = {"address_max_failures": 5, "address_forget_after": "50 min", "address_window": "10 min"}
    publish(alpha, {"lockout": {"robots": "never", **brake}})
    browser = browser_at(ANNE.host)
    for number in range(5):
        assert wrong(browser, 1, identifier=f"190000000{number}")
    made = len(hashes)
    answer = enter_secret(browser)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "600")
    assert "Patientez" in answer.content.decode()
    assert len(hashes) == made
    assert failures(alpha) == 0
    assert enter_secret(browser).status_code == 429
    # A line when the brake goes on, none for what it stops: nobody fills the journal.
    assert events(alpha).count("sign_in.address_braked") == 1
    elsewhere = enter_secret(browser_at(ANNE.host), REMOTE_ADDR="192.0.2.7")
    assert elsewhere.headers["Location"] == CODE
    clock.move(minutes=10)
    assert enter_secret(browser).headers["Location"] == CODE


def test_a_peer_that_is_no_proxy_of_ours_does_not_choose_its_address(
    alpha: Caisse, browser_at: BrowserAt
) -> None:
    publish(alpha, {"lockout": {"address_max_failures": 5}})
    for number in range(5):
        enter_secret(
            browser_at(ANNE.host),
            identifier=f"190000000{number}",
            secret=WRONG,
            HTTP_X_FORWARDED_FOR=f"198.51.100.{number}",
        )
    braked = enter_secret(browser_at(ANNE.host), HTTP_X_FORWARDED_FOR="198.51.100.99")
    assert braked.status_code == 429


def test_what_is_tried_at_one_caisse_counts_nothing_at_the_other(
    alpha: Caisse, beta: Caisse, browser_at: BrowserAt
) -> None:
    """Both clients have the same identifier."""
    publish(alpha, THREE)
    wrong(browser_at(ANNE.host), 4)
    assert counter(beta) is None
    assert enter_secret(browser_at(BRUNO.host), BRUNO).headers["Location"] == CODE


def test_a_counter_holds_neither_identifier_nor_address(alpha: Caisse, browser: Browser) -> None:
    wrong(browser, 1)
    with tenant_context(alpha):
        keys = list(TryCounter.objects.values_list("key", flat=True))
    assert len(keys) == 2
    assert all(len(key) == 64 and ANNE.identifier not in key and "127.0.0.1" not in key for key in keys)


def test_counters_of_identifiers_that_nobody_tries_any_more_go_away(
    alpha: Caisse, browser: Browser, clock: Clock
) -> None:
    wrong(browser, 1, identifier=NOBODY_HAS_IT)
    clock.move(days=31)
    wrong(browser, 1)
    with tenant_context(alpha):
        forget_old_counters(before=clock.now - timedelta(days=30))
    assert counter(alpha, identifier=NOBODY_HAS_IT) is None
    assert failures(alpha) == 1


def test_what_was_tried_before_an_account_existed_does_not_shut_it(alpha: Caisse) -> None:
    publish(alpha, UNTIL_AGENCY)
    alpha.refresh_from_db()
    with tenant_context(alpha):
        index = login_index(realm="client", identifier=NOBODY_HAS_IT)
        for _ in range(4):
            count_account_try(key=index, policy=current_policy(), now=timezone.now())
        client = register_client(
            number="C-7",
            title="none",
            first_name="Zoé",
            last_name="Sept",
            birth_date=None,
            email="",
            mobile="",
        )
        open_account(
            kind=User.Kind.CLIENT,
            identifier=NOBODY_HAS_IT,
            secret="Zoe-aime-alpha-7!",
            display_name="Zoé Sept",
            now=timezone.now(),
            client=client,
        )
        assert count_account_try(key=index, policy=current_policy(), now=timezone.now()).open
