"""What protects a sign-in, once per policy of the demo: the cases that Keycloak's own suite has for brute force."""

import pytest
from django_tenants.utils import tenant_context

from tenant_apps.identity.counters import count_address_try
from tenant_apps.identity.models import TryCounter
from tenant_apps.identity.sources import address_key
from tests.clock import Clock
from tests.identity.conftest import BrowserAt, Worker
from tests.identity.houses import HOUSES, NAMES, TERMS, At, opened
from tests.identity.steps import enter_code, events, hidden, said


@pytest.fixture(params=HOUSES, ids=NAMES)
def at(request: pytest.FixtureRequest, db: None, browser_at: BrowserAt, worker: Worker, clock: Clock) -> At:
    return opened(request.param, browser_at=browser_at, worker=worker, clock=clock)


def test_everything_right_opens(at: At) -> None:
    assert at.enters()
    assert at.failures == 0
    assert [each for each in events(at.caisse) if not each.startswith("terms.")][-1] == "sign_in.done"


def test_a_wrong_and_a_missing_secret_count(at: At) -> None:
    at.fails(1)
    assert at.failures == 1
    missing = at.first(secret="")
    assert missing.status_code == 200
    assert at.failures == 2


def test_a_wrong_and_a_missing_code_count(at: At) -> None:
    if not at.rules.second_factor.required:
        assert at.first().headers["Location"] == (TERMS if at.rules.terms.version else "/")
        return
    at.first()
    enter_code(at.browser, "000000")
    # Where the step is blind, its first step has counted for the first code as well: one sign-in, one failure.
    assert at.failures == 1
    assert enter_code(at.browser, "").status_code == 200
    assert at.failures == 2


def test_every_writing_of_an_identifier_is_one_counter(at: At) -> None:
    for writing in at.house.writings:
        at.fails(1, identifier=writing)
    assert at.failures == len(at.house.writings)
    with tenant_context(at.caisse):
        assert TryCounter.objects.filter(scope="account").count() == 1


def test_while_closed_everything_right_is_answered_like_wrong_and_journalled_apart(at: At) -> None:
    at.fails(at.most)
    wrong = at.fails(1)
    right = at.first()
    assert said(right).count("alert") == said(wrong).count("alert")
    assert right.status_code == wrong.status_code == 200
    assert "sign_in.right_secret_while_locked" in events(at.caisse)
    assert "sign_in.done" not in events(at.caisse)
    assert not at.enters()


def test_tries_while_closed_extend_nothing(at: At) -> None:
    at.fails(at.most)
    before = at.counter
    at.fails(3)
    after = at.counter
    assert before is not None
    assert after is not None
    assert (after.locked_until, after.agency_only, after.failures) == (
        before.locked_until,
        before.agency_only,
        before.failures,
    )


def test_it_opens_again_as_the_policy_says(at: At) -> None:
    page = said(at.fails(at.most))
    lockout = at.rules.lockout
    if lockout.until_agency:
        assert "Cet accès est fermé" in page
        at.clock.move(days=400)
        assert not at.enters()
        at.reopen()
    else:
        assert "Vous pourrez réessayer dans" in page
        assert lockout.wait is not None
        at.clock.move(seconds=lockout.wait.total_seconds() - 1)
        assert not at.enters()
        at.clock.move(seconds=1)
    assert at.enters()


def test_the_block_is_announced_before_it_happens(at: At) -> None:
    page = said(at.fails(at.most - 1))
    assert "Il vous reste <strong>1 essai" in page
    if at.rules.lockout.until_agency:
        assert "seule votre agence" in said(at.browser.get(at.house.door))


def test_an_unknown_identifier_is_closed_alike_and_blocks_nobody_later(at: At) -> None:
    at.fails(at.most)
    at.fails(at.most, identifier=at.house.nobody)
    phantom = at.counter_of(at.house.nobody)
    assert phantom is not None
    assert (phantom.failures, phantom.agency_only) == (at.most, at.rules.lockout.until_agency)
    at.open(at.house.nobody, number="Z-2")
    assert at.first(identifier=at.house.nobody).status_code == 302


def test_a_whole_sign_in_forgets_the_failures_before_it(at: At) -> None:
    at.fails(at.most - 2)
    assert at.enters()
    assert at.failures == 0
    at.come_anew()
    page = said(at.fails(1))
    assert f"<strong>{at.most - 1} essai" in page


def test_a_day_s_total_leaves_the_door_to_the_agency(at: At) -> None:
    lockout = at.rules.lockout
    at.clock.set_to(at.clock.now.replace(hour=1, minute=0))
    while not ((found := at.counter) and found.agency_only):
        assert found is None or found.day_total < lockout.daily_total
        at.fails(1)
        at.clock.move(seconds=lockout.wait.total_seconds() if lockout.wait and at.failures == at.most else 0)
    assert found.day_total == (at.most if lockout.until_agency else lockout.daily_total)
    assert not at.enters()


def test_waits_grow_as_the_policy_says_and_a_whole_sign_in_forgets_the_growth(at: At) -> None:
    lockout = at.rules.lockout
    if lockout.wait is None:
        assert lockout.until_agency
        return
    at.clock.set_to(at.clock.now.replace(hour=1, minute=0))
    for expected in (lockout.wait, min(lockout.wait * lockout.wait_growth, lockout.longest_wait)):
        at.fails(at.most)
        found = at.counter
        assert found is not None
        assert found.locked_until == at.clock.now + expected
        # Nothing that is tried meanwhile makes it longer, right or wrong.
        at.fails(1)
        assert not at.enters()
        after = at.counter
        assert after is not None
        assert (after.locked_until, after.locks) == (found.locked_until, found.locks)
        at.clock.move(seconds=expected.total_seconds())
    assert at.enters()
    at.come_anew()
    at.fails(at.most)
    assert (found := at.counter)
    assert found.locked_until == at.clock.now + lockout.wait


def test_an_unknown_identifier_waits_as_long_at_each_lock(at: At) -> None:
    wait = at.rules.lockout.wait
    if wait is None:
        assert at.rules.lockout.until_agency
        return
    at.clock.set_to(at.clock.now.replace(hour=1, minute=0))
    for lock in (0, 1):
        for identifier in (at.house.writings[0], at.house.nobody):
            at.fails(at.most, identifier=identifier)
        known, phantom = at.counter, at.counter_of(at.house.nobody)
        assert known is not None
        assert phantom is not None
        assert (known.locked_until, known.locks) == (phantom.locked_until, phantom.locks)
        assert known.locks == lock + 1
        assert known.locked_until is not None
        at.clock.move(seconds=(known.locked_until - at.clock.now).total_seconds())


def test_the_agency_forgets_the_growth_too(at: At) -> None:
    at.fails(at.most)
    at.reopen()
    assert (found := at.counter)
    assert (found.locks, found.locked_until, found.agency_only) == (0, None, False)
    assert at.enters()


def test_a_try_of_a_suspicious_address_waits_for_its_work_in_every_house(at: At) -> None:
    for _ in range(at.rules.lockout.robots_after):
        with tenant_context(at.caisse):
            count_address_try(
                key=address_key(address="127.0.0.1"), policy=at.rules, now=at.clock.now, proven=False
            )
    asked = at.first()
    assert "pas un robot" in said(asked)
    assert at.failures == 0
    assert "sign_in.done" not in events(at.caisse)
    at.clock.move(seconds=at.rules.lockout.robots_wait.total_seconds())
    answer = at.browser.post(at.house.door, {"travail": hidden(asked, "travail"), "reponse": ""})
    assert answer.status_code == 302
