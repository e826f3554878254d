"""A piece of work, or a wait, in place of an answer: when it is asked for, of whom, and how often it serves."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tenants.utils import tenant_context

from tenant_apps.identity.acts import Act
from tenant_apps.identity.counters import forget_old_counters
from tenant_apps.identity.models import SpentDraw, TryCounter
from tenant_apps.identity.step_up import begin_step_up
from tenant_apps.identity.tasks import COUNTERS_KEPT
from tenants.models import Caisse
from tenants.policy.current import current_policy
from tests.clock import Clock
from tests.identity.conftest import BrowserAt
from tests.identity.steps import (
    CODE,
    NOBODY_HAS_IT,
    SIGN_IN,
    WRONG,
    enter_secret,
    events,
    failures,
    hidden,
    publish,
    put_in,
    said,
    user_of,
)
from tests.identity.waiting import newcomer, twice
from tests.world import ANNE, BRUNO

ASKED, SOON = "Nous vérifions que vous n’êtes pas un robot", "Encore quelques secondes"
AFTER_TWO = {"lockout": {"robots_after": 2, "max_failures": 5}}
ALWAYS = {"lockout": {"robots": "always"}}
TRIES = {
    SIGN_IN: {"identifier": ANNE.identifier, "secret": WRONG},
    "/agence/connexion/": {"identifier": "nobody@alpha.example.org", "secret": WRONG},
    "/premiere-connexion/demande/": {"identifier": NOBODY_HAS_IT},
    "/premiere-connexion/": {"identifier": NOBODY_HAS_IT, "code": "12345678"},
    "/secret-oublie/": {"identifier": NOBODY_HAS_IT},
    "/identifiant-oublie/": {"client_number": "000", "birth_date": "01/02/1970"},
}


def worked_out(answer: Any) -> str:
    """What the device of the visitor finds, by trying."""
    marks = dict(re.findall(r'data-(salt|wanted|rounds|choices)="([^"]+)"', answer.content.decode()))
    for number in range(int(marks["choices"])):
        found = hashlib.pbkdf2_hmac(
            "sha256", str(number).encode(), marks["salt"].encode(), int(marks["rounds"]), 16
        )
        if found.hex() == marks["wanted"]:
            return str(number)
    raise AssertionError("no number fits")


def go_on(browser: Browser, answer: Any, *, work: str = "", page: str = SIGN_IN) -> Any:
    return browser.post(page, {"travail": hidden(answer, "travail"), "reponse": work})


def make_suspicious(browser: Browser, times: int = 2) -> None:
    for number in range(times):
        enter_secret(browser, identifier=f"190000000{number}", secret=WRONG)


@contextmanager
def queries() -> Iterator[list[str]]:
    made: list[str] = []
    with CaptureQueriesContext(connection) as captured:
        yield made
    made += [each["sql"] for each in captured.captured_queries]


def test_after_failures_from_one_address_the_right_secret_passes_once_the_work_is_done(
    alpha: Caisse, browser: Browser, hashes: list[str]
) -> None:
    publish(alpha, AFTER_TWO)
    make_suspicious(browser)
    made = len(hashes)
    page = enter_secret(browser)
    assert page.status_code == 200
    assert ASKED in said(page)
    assert ANNE.secret not in said(page)
    assert ANNE.identifier not in said(page)
    assert len(hashes) == made
    assert failures(alpha) == 0
    answer = go_on(browser, page, work=worked_out(page))
    assert answer.headers["Location"] == CODE


def test_without_the_work_a_wait_passes_too_and_is_told_kindly(
    alpha: Caisse, browser: Browser, clock: Clock
) -> None:
    publish(alpha, {"lockout": {**AFTER_TWO["lockout"], "robots_wait": "9 s"}})
    make_suspicious(browser)
    page = enter_secret(browser)
    assert "Attendez 9" in said(page)
    clock.move(seconds=5)
    early = go_on(browser, page)
    assert SOON in said(early)
    assert "Attendez 4" in said(early)
    assert SOON in said(go_on(browser, early, work="-1"))
    clock.move(seconds=4)
    assert go_on(browser, early).headers["Location"] == CODE


def test_one_piece_of_work_serves_one_try_of_one_form_at_one_caisse_for_a_while(
    alpha: Caisse, beta: Caisse, browser: Browser, browser_at: BrowserAt, clock: Clock
) -> None:
    for caisse in (alpha, beta):
        publish(caisse, AFTER_TWO)
    make_suspicious(browser)
    page = enter_secret(browser, secret=WRONG)
    work = worked_out(page)
    for elsewhere, form in ((browser_at(BRUNO.host), SIGN_IN), (browser, "/agence/connexion/")):
        assert go_on(elsewhere, page, work=work, page=form).headers["Location"] == form
    assert failures(alpha) == 0
    assert go_on(browser, page, work=work).status_code == 200
    assert failures(alpha) == 1
    again = go_on(browser, page, work=work)
    assert again.headers["Location"] == SIGN_IN
    assert failures(alpha) == 1
    late = enter_secret(browser)
    clock.move(minutes=10)
    assert go_on(browser, late, work=worked_out(late)).headers["Location"] == SIGN_IN
    with tenant_context(alpha):
        assert SpentDraw.objects.count() == 1


@pytest.mark.parametrize("token", ["", "x", "é", "AAAA", "=" * 50, "\x00"])
def test_a_page_of_work_that_was_made_up_leads_back_to_the_form(
    alpha: Caisse, browser: Browser, token: str
) -> None:
    answer = browser.post(SIGN_IN, {"travail": token, "reponse": "0", "identifier": ANNE.identifier})
    assert (answer.status_code, answer.headers["Location"]) == (302, SIGN_IN)
    with tenant_context(alpha):
        assert not TryCounter.objects.exists()


def test_somebody_and_nobody_are_asked_alike_at_the_same_cost(alpha: Caisse, browser: Browser) -> None:
    publish(alpha, AFTER_TWO)
    make_suspicious(browser)
    with queries() as of_somebody:
        somebody = enter_secret(browser, secret=WRONG)
    with queries() as of_nobody:
        nobody = enter_secret(browser, identifier=NOBODY_HAS_IT, secret=WRONG)
    assert len(of_somebody) == len(of_nobody)
    assert (somebody.status_code, len(somebody.content)) == (nobody.status_code, len(nobody.content))
    with tenant_context(alpha):
        assert TryCounter.objects.filter(scope="account").count() == 2


def test_a_sign_in_that_nobody_suspects_makes_no_query_more(alpha: Caisse, browser: Browser) -> None:
    made = {}
    for robots in ("never", "suspicious"):
        publish(alpha, {"lockout": {"robots": robots}})
        browser.get(SIGN_IN)
        with queries() as made[robots]:
            enter_secret(browser, secret=WRONG)
    assert len(made["never"]) == len(made["suspicious"])


def test_a_brake_leaves_suspicion_behind_until_enough_is_forgotten(
    alpha: Caisse, browser: Browser, clock: Clock
) -> None:
    brake = {"address_max_failures": 5, "address_forget_after": "25 min", "address_window": "5 min"}
    publish(alpha, {"lockout": {"robots_after": 4, **brake}})
    make_suspicious(browser, 4)
    page = enter_secret(browser, secret=WRONG)
    assert go_on(browser, page, work=worked_out(page)).status_code == 200
    assert enter_secret(browser).status_code == 429
    clock.move(minutes=5)
    assert ASKED in said(enter_secret(browser))
    clock.move(minutes=5, seconds=-1)
    assert ASKED in said(enter_secret(browser))
    clock.move(seconds=1)
    assert enter_secret(browser).headers["Location"] == CODE


def test_requests_for_messages_make_an_address_suspicious_too(alpha: Caisse, browser: Browser) -> None:
    publish(alpha, {**AFTER_TWO, "activation": {"asked_by_client": True}})
    form = "/premiere-connexion/demande/"
    answers = [browser.post(form, {"identifier": f"19999999{number:02}"}) for number in range(3)]
    assert [answer.status_code for answer in answers] == [302, 302, 200]
    done = go_on(browser, answers[2], work=worked_out(answers[2]), page=form)
    assert done.headers["Location"].startswith(form)
    with tenant_context(alpha):
        assert TryCounter.objects.filter(scope="request").count() == 3


@pytest.mark.parametrize("form", TRIES)
def test_every_form_that_robots_like_asks_where_the_policy_says_always(
    alpha: Caisse, browser: Browser, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    publish(
        alpha,
        {
            **ALWAYS,
            "activation": {"asked_by_client": True, "sends": ["letter_code"]},
            "recovery": {"identifier_asks": ["client_number", "birth_date"]},
        },
    )
    monkeypatch.setattr(
        "tenants.policy.staff.REPLACED", ("identifier", "secret", "second_factor", "session", "activation")
    )
    page = browser.post(form, TRIES[form])
    assert ASKED in said(page)
    with tenant_context(alpha):
        assert not TryCounter.objects.exists()
    assert ASKED not in said(go_on(browser, page, work=worked_out(page), page=form))
    with tenant_context(alpha):
        assert TryCounter.objects.filter(scope="address").get().failures == 1


def test_never_asks_nothing(alpha: Caisse, browser: Browser) -> None:
    publish(alpha, {"lockout": {"robots": "never", "robots_after": 1}})
    make_suspicious(browser, 3)
    assert enter_secret(browser).headers["Location"] == CODE


def close(browser: Browser, identifier: str, address: str) -> Any:
    return enter_secret(browser, identifier=identifier, secret=WRONG, REMOTE_ADDR=address)


def test_many_accounts_closed_from_many_addresses_ring_and_everybody_works_for_a_while(
    alpha: Caisse, browser: Browser, browser_at: BrowserAt, clock: Clock
) -> None:
    rules = {"max_failures": 1, "mass_closings": 3, "mass_window": "10 min", "mass_pause": "30 min"}
    publish(alpha, {"lockout": rules})
    for number in range(3):
        assert "sign_in.mass_alarm" not in events(alpha)
        close(browser, f"190000000{number}", f"198.51.100.{number}")
    assert events(alpha).count("sign_in.mass_alarm") == 1
    stranger = browser_at(ANNE.host)
    page = enter_secret(stranger, REMOTE_ADDR="203.0.113.9")
    assert ASKED in said(page)
    assert go_on(stranger, page, work=worked_out(page)).headers["Location"] == CODE
    clock.move(minutes=30)
    assert enter_secret(browser_at(ANNE.host)).headers["Location"] == CODE


def test_who_is_asked_during_an_alarm_and_never_comes_back_leaves_nothing_for_long(
    alpha: Caisse, browser: Browser
) -> None:
    publish(alpha, {"lockout": {"max_failures": 1, "mass_closings": 2}})
    for number in range(2):
        close(browser, f"190000000{number}", f"198.51.100.{number}")
    assert ASKED in said(enter_secret(browser, REMOTE_ADDR="203.0.113.9"))
    with tenant_context(alpha):
        before = TryCounter.objects.count()
        assert forget_old_counters(before=timezone.now() - COUNTERS_KEPT) == 1
        assert TryCounter.objects.count() == before - 1


def test_the_alarm_of_one_caisse_asks_nothing_at_another(
    alpha: Caisse, beta: Caisse, browser: Browser, browser_at: BrowserAt
) -> None:
    publish(alpha, {"lockout": {"max_failures": 1, "mass_closings": 2}})
    for number in range(2):
        close(browser, f"190000000{number}", f"198.51.100.{number}")
    assert ASKED in said(enter_secret(browser))
    assert ASKED not in said(enter_secret(browser_at(BRUNO.host), BRUNO, secret=WRONG))


def test_accounts_closed_by_an_old_secret_or_by_a_code_to_confirm_ring_too(
    alpha: Caisse, browser_at: BrowserAt, clock: Clock
) -> None:
    """Whoever is in with a stolen session guesses there, and not at the sign-in."""
    publish(alpha, {"lockout": {"max_failures": 1, "mass_closings": 2, "mass_window": "10 min"}})
    people = [user_of(alpha), newcomer(alpha)]
    inside = [put_in(browser_at(ANNE.host), alpha, user) for user in people]
    new = {"old": WRONG, **twice()}
    inside[0].post("/securite/secret/", new)
    assert "sign_in.mass_alarm" not in events(alpha)
    with tenant_context(alpha):
        act = Act(kind="device.remove_sms", form="f-1")
        which = begin_step_up(
            user=people[1], act=act, back="/", cancel="/", policy=current_policy(), now=timezone.now()
        )
    inside[1].post(f"/securite/confirmer/{which.uuid}/", {"secret": WRONG, "code": "000000"})
    assert events(alpha).count("sign_in.mass_alarm") == 1
