"""What an attacker learns, and what an owner may lean on, once per policy of the demo."""

from collections.abc import Iterator
from itertools import count

import pytest
from django_tenants.utils import tenant_context

from tenant_apps.identity.counters import count_address_try
from tenant_apps.identity.models import TryCounter, User
from tenant_apps.identity.recovery_codes import are_given, make_codes
from tenant_apps.identity.sources import address_key
from tenant_apps.identity.spraying import ALARM, note_wrong_secret
from tenant_apps.identity.trusted_devices import COOKIE
from tests.clock import Clock
from tests.identity.conftest import BrowserAt, Worker
from tests.identity.houses import HOUSES, NAMES, NO_CODE, At, Seen, opened
from tests.identity.steps import CODE, RESEND, enter_code, events, said

LOST = "/connexion/code/secours/"
HERE = "127.0.0.1"
Story = list[Seen]


@pytest.fixture(params=HOUSES, ids=NAMES)
def at(request: pytest.FixtureRequest, db: None, browser_at: BrowserAt, worker: Worker, clock: Clock) -> At:
    return opened(request.param, browser_at=browser_at, worker=worker, clock=clock)


def tried(at: At, hashes: list[str], *, identifier: str, secret: str, times: int) -> Story:
    """So many sign-ins that go as far as they are let, from a browser of their own, each answer with its cost."""
    at.come_anew()
    at.browser.get(at.house.door)
    story: Story = []
    for _ in range(times):
        typed = {"identifier": identifier, "secret": secret}
        story.append(at.seen(lambda: at.browser.post(at.house.door, typed), hashes, identifier=identifier))  # noqa: B023  # called before the next turn
        at.worker.run()
        if story[-1].headers.get("Location") == CODE:
            acts = (
                lambda: at.browser.get(CODE),
                lambda: at.browser.post(RESEND),
                lambda: enter_code(at.browser, NO_CODE),
            )
            story += [at.seen(act, hashes, identifier=identifier) for act in acts]
            at.worker.run()
    return story


def test_to_the_last_try_and_past_it_nothing_tells_somebody_from_nobody(at: At, hashes: list[str]) -> None:
    """In words, status, size, headers, cookies, hashes, statements, jobs and queued messages."""
    at.browser.get(at.house.door)  # the policy is read once a process
    known, unknown = (
        tried(at, hashes, identifier=identifier, secret=at.house.wrong, times=at.most + 2)
        for identifier in (at.house.writings[0], at.house.nobody)
    )
    assert known == unknown
    # Once it is closed, the first step says so.
    assert len(known) == at.most * (4 if at.rules.second_factor.blind else 1) + 2
    assert any("trop d’essais" in each.words.decode() for each in known)
    assert sum(each.hashes for each in known) == at.most + 2
    assert sum(each.messages for each in known) == 0


def test_where_the_second_step_is_blind_it_says_nothing_of_the_secret(at: At, hashes: list[str]) -> None:
    at.browser.get(at.house.door)  # the policy is read once a process
    stories = []
    for secret in (at.house.secret, at.house.wrong):
        stories.append(tried(at, hashes, identifier=at.house.writings[0], secret=secret, times=2))
        # Each story begins where the other did.
        at.reopen()
    right, wrong = (
        [(each.status, each.words, each.hashes, each.queries) for each in story] for story in stories
    )
    assert (right == wrong) == at.rules.second_factor.blind


def test_an_address_that_tries_too_much_is_braked_whatever_it_tries(at: At) -> None:
    lockout = at.rules.lockout
    with tenant_context(at.caisse):
        count_address_try(key=address_key(address=HERE), policy=at.rules, now=at.clock.now)
        of_address = TryCounter.objects.filter(scope="address")
        of_address.update(
            failures=lockout.address_max_failures, locked_until=at.clock.now + lockout.address_window
        )
    for secret in (at.house.wrong, at.house.secret):
        for identifier in (at.house.writings[0], at.house.nobody):
            answer = at.first(identifier=identifier, secret=secret)
            assert answer.status_code == 429
            assert answer.headers["Retry-After"] == str(int(lockout.address_window.total_seconds()))
    assert at.failures == 0
    at.clock.move(seconds=lockout.address_window.total_seconds())
    with tenant_context(at.caisse):
        of_address.update(failures=0)
    assert at.enters()


def test_one_secret_on_many_accounts_raises_the_alarm(at: At) -> None:
    most = at.rules.lockout.spray_accounts
    with tenant_context(at.caisse):
        for number in range(most - 1):
            note_wrong_secret(
                index=f"account {number}",
                secret=at.house.wrong,
                policy=at.rules,
                address=HERE,
                now=at.clock.now,
            )
    at.fails(1)
    at.fails(1)
    assert events(at.caisse).count(ALARM) == 1


def test_one_person_who_errs_often_raises_none(at: At) -> None:
    with tenant_context(at.caisse):
        for number in range(at.rules.lockout.spray_accounts - 2):
            note_wrong_secret(
                index=f"account {number}",
                secret=at.house.wrong,
                policy=at.rules,
                address=HERE,
                now=at.clock.now,
            )
    at.fails(2)
    assert ALARM not in events(at.caisse)


def test_wrong_recovery_codes_count_until_the_account_closes(at: At) -> None:
    if not at.asks_code:
        assert at.browser.get(LOST).status_code in (302, 404)
        return
    if not are_given(policy=at.rules):
        at.first()
        assert at.browser.get(LOST).status_code == 404
        return
    with tenant_context(at.caisse):
        person = User.objects.get(login_index=at.index)
        right, *_ = make_codes(user=person, policy=at.rules, now=at.clock.now)
    at.first()
    before = at.failures
    answers = [said(at.browser.post(LOST, {"code": code})) for code in wrong_codes(at.most)]
    # Where the step is blind, its first step has counted for the first code as well.
    assert at.failures == at.most
    assert before == int(at.rules.second_factor.blind)
    assert "trop d’essais" in answers[-1]
    assert "Ce code" in answers[0] or "le code n’est pas le bon" in answers[0]
    at.browser.post(LOST, {"code": right})
    assert "sign_in.done" not in events(at.caisse)
    at.reopen()
    at.come_anew()
    at.first()
    assert at.browser.post(LOST, {"code": right}).status_code == 302
    assert "sign_in.done" in events(at.caisse)


def wrong_codes(times: int) -> Iterator[str]:
    letters = count(ord("a"))
    return (f"aaaaa-aaaa{chr(next(letters))}" for _ in range(times))


def test_a_browser_is_trusted_where_the_policy_says_and_no_longer(at: At) -> None:
    days = at.rules.second_factor.trusted_days
    at.come_anew()
    assert at.enters_here(trust="1")
    assert (COOKIE in at.browser.cookies) == bool(days)
    if not days:
        return
    at.browser.post("/deconnexion/")
    assert at.lands(at.first())
    at.browser.post("/deconnexion/")
    at.clock.move(days=days)
    assert at.first().headers["Location"] == CODE
