"""The rows of the counters: what a right secret takes back, and what it leaves."""

from datetime import timedelta
from itertools import product

import pytest
from django.db import transaction
from django_tenants.utils import tenant_context

from tenant_apps.identity.counter_rows import Watch, chain_locked
from tenant_apps.identity.counters import (
    CLOSINGS,
    Tries,
    count_first_step,
    forget_failures,
    give_back_tries,
)
from tenant_apps.identity.domain.brake import Brake, is_suspicious
from tenant_apps.identity.models import TryCounter
from tenants.models import Caisse
from tenants.policy.current import current_policy
from tests.identity.steps import publish
from tests.world import NOON

ACCOUNT, ADDRESS = "a" * 64, "b" * 64
THREE = {"lockout": {"max_failures": 3, "wait": "10 min", "daily_total": 20}}
UNTIL_AGENCY = {"lockout": {"max_failures": 3, "wait": "none", "until_agency": True}}
BRAKED = {"lockout": {"max_failures": 2, "address_max_failures": 3}}


def count() -> Tries:
    return count_first_step(account=ACCOUNT, address=ADDRESS, policy=current_policy(), now=NOON)


def take_back(tries: Tries) -> None:
    assert tries.at_account is not None
    give_back_tries(account={ACCOUNT: tries.at_account}, address={ADDRESS: tries.at_address}, now=NOON)


def standing() -> dict[str, tuple[object, ...]]:
    kept = ("failures", "locked_until", "agency_only", "day_total")
    return {row.scope: tuple(getattr(row, name) for name in kept) for row in TryCounter.objects.all()}


@pytest.mark.parametrize("policy", [THREE, UNTIL_AGENCY], ids=["for a while", "until the agency"])
@pytest.mark.parametrize("failures", [0, 1, 2])
def test_a_right_secret_leaves_both_counters_as_if_it_had_not_been_tried(
    alpha: Caisse, policy: dict[str, object], failures: int
) -> None:
    publish(alpha, policy)
    with tenant_context(alpha):
        for _ in range(failures):
            count()
        tried = count()
        take_back(tried)
        assert standing() == {
            "account": (failures, None, False, failures),
            "address": (failures, None, False, 0),
        }
        assert count() == tried


def test_a_right_secret_does_not_open_what_another_try_has_closed_meanwhile(alpha: Caisse) -> None:
    """Both were counted before either was looked at; the wrong one came second and closed."""
    publish(alpha, THREE)
    with tenant_context(alpha):
        count()
        right, wrong = count(), count()
        assert wrong.at_account is not None
        assert wrong.at_account.wait is not None
        take_back(right)
        assert count().at_account == wrong.at_account.__class__(open=False, wait=wrong.at_account.wait)


def test_a_try_that_the_address_is_braked_for_does_not_reach_the_account(alpha: Caisse) -> None:
    publish(alpha, BRAKED)
    with tenant_context(alpha):
        assert [count().at_account is None for _ in range(4)] == [False, False, False, True]
        assert standing()["account"][0] == 2
        TryCounter.objects.filter(scope="account").delete()
        assert count().at_account is None
        assert "account" not in standing()


def test_a_whole_sign_in_forgets_failures_but_of_a_closed_account(alpha: Caisse) -> None:
    publish(alpha, THREE)
    with tenant_context(alpha):
        assert forget_failures(key=ACCOUNT, left_counted=0, now=NOON)
        count()
        count()
        assert forget_failures(key=ACCOUNT, left_counted=1, now=NOON)
        assert standing()["account"] == (0, None, False, 1)
        for _ in range(3):
            count()
        closed = standing()["account"]
        assert not forget_failures(key=ACCOUNT, left_counted=0, now=NOON)
        assert standing()["account"] == closed


@pytest.mark.parametrize("scope", [TryCounter.Scope.ADDRESS, TryCounter.Scope.NETWORK])
def test_the_statement_that_counts_suspects_whom_the_rules_suspect(
    alpha: Caisse, scope: TryCounter.Scope
) -> None:
    """To the microsecond: a row that one of them stops and the other lets pass would be an account never counted."""
    seventh, moment = timedelta(hours=1) / 7, timedelta(microseconds=1)
    said = set()
    with tenant_context(alpha):
        row = TryCounter.objects.create(scope=scope, key=ADDRESS, failures=0)
        for held, after, forget in product((0, 1, 4, 7), (1, 4, 5), (timedelta(hours=1), timedelta(days=3))):
            brake = Brake(most=7, forget_after=forget, wait=timedelta(minutes=10))
            watch = Watch(limits={scope.value: (after, brake.one_leaves_in)}, alarm=CLOSINGS)
            ends = [
                brake.one_leaves_in * each + by
                for each in (0, 1, 4, 7)
                for by in (-moment, 0 * moment, moment)
            ]
            for age in [None, *ends, seventh / 2]:
                last = None if age is None else NOON - age
                TryCounter.objects.filter(pk=row.pk).update(failures=held, last_at=last)
                with transaction.atomic():
                    names = [(scope.value, ADDRESS), ("account", ACCOUNT)]
                    found = chain_locked(names, now=NOON, watch=watch)
                suspicious = is_suspicious(found[names[0]][1], after=after, brake=brake, now=NOON)
                assert suspicious == (names[1] not in found), (held, after, forget, age)
                said.add(suspicious)
    assert said == {True, False}
