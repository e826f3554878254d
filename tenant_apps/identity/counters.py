"""Counters of failed tries, kept in the database and exact under parallel tries."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Greatest
from django.utils import timezone

from tenant_apps.identity import counter_rows
from tenant_apps.identity.counter_rows import Name, Watch
from tenant_apps.identity.domain.brake import Brake, count_at_address, is_suspicious
from tenant_apps.identity.domain.lockout import Count, Rules, Verdict, count_try, second_half
from tenant_apps.identity.first_step import FirstStep
from tenant_apps.identity.keypads import DrawRefusedError, spend_draw
from tenant_apps.identity.models import TryCounter, User
from tenant_apps.identity.new_key import bring_under_new_key
from tenant_apps.identity.sources import is_network, keys_of
from tenants.policy.document import Policy
from tenants.policy.sections.ways_in import Lifts

PHANTOMS_KEPT = timedelta(days=365)
_ACCOUNT, _ADDRESS = TryCounter.Scope.ACCOUNT.value, TryCounter.Scope.ADDRESS.value
_NETWORK = TryCounter.Scope.NETWORK.value
# Of the whole caisse: how many accounts were closed lately.
CLOSINGS: Name = (TryCounter.Scope.CAISSE.value, "closings")


@dataclass(frozen=True, slots=True)
class RequestRules:
    """How often a message may be asked for; then the requests wait for a day."""

    max_failures: int
    wait: timedelta | None = timedelta(days=1)
    until_agency: bool = False
    daily_total: int = 2**31
    forget_after: timedelta = timedelta(days=1)
    wait_growth: int = 1
    longest_wait: timedelta = timedelta(days=1)


def brake_of(*, policy: Policy, network: bool = False) -> Brake:
    lockout = policy.lockout
    most = lockout.address_max_failures
    if network:
        most = max(most, lockout.network_max_failures)
    return Brake(most=most, forget_after=lockout.address_forget_after, wait=lockout.address_window)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tries:
    """What one try at the first step counts: at its address, and on the account when the address lets it pass."""

    # The stricter of the address and of the network around it.
    at_address: Verdict
    at_account: Verdict | None = None
    # By their keys, what is to be given back after a success.
    addresses: Mapping[str, Verdict] = field(default_factory=dict)
    # Nothing is counted and nothing may be looked at before the client's device has done a piece of work.
    asks_work: bool = False


def count_first_step(
    *, account: str, address: str, policy: Policy, now: datetime, proven: bool = True
) -> Tries:
    """All counters in one go. A try that the address is braked for does not reach the account's.

    `address`: the source, from `address_key`. `proven`: the work is done, or this way never asks for it.
    """
    return _count_tries(address, account=account, policy=policy, now=now, proven=proven)


def count_address_try(*, key: str, policy: Policy, now: datetime, proven: bool = True) -> Tries:
    """A request that stands on no account."""
    return _count_tries(key, account=None, policy=policy, now=now, proven=proven)


@transaction.atomic
def _count_tries(source: str, *, account: str | None, policy: Policy, now: datetime, proven: bool) -> Tries:
    robots = policy.lockout.robots
    if robots == "always" and not proven:
        return Tries(at_address=Verdict(open=True), asks_work=True)
    here = {_at(key): brake_of(policy=policy, network=is_network(key)) for key in keys_of(source)}
    if account is not None:
        bring_under_new_key(index=account)
    watch = None if proven or robots == "never" else _watch(policy, here)
    names = [*here] if account is None else [*here, (_ACCOUNT, account)]
    found = counter_rows.chain_locked(names, now=now, watch=watch)
    counted = {
        name: count_at_address(found[name][1], brake=brake, now=now)
        for name, brake in here.items()
        if name in found
    }
    if braked := next((verdict for _, verdict in counted.values() if not verdict.open), None):
        # A try while braked changes nothing, neither here nor in the wider network.
        return Tries(at_address=braked)
    if watch is not None and _stopped(found, here, watch=watch, now=now):
        return Tries(at_address=Verdict(open=True), asks_work=True)
    if account is not None:
        name = (_ACCOUNT, account)
        counted[name] = count_try(found[name][1], rules=policy.lockout, now=_here(now))
    return _written({name: (found[name][0], *each) for name, each in counted.items()})


def _written(counted: Mapping[Name, tuple[int, Count, Verdict]]) -> Tries:
    counter_rows.write({row: count for row, count, _ in counted.values()})
    verdicts = {name: verdict for name, (_, _, verdict) in counted.items()}
    at_account = next((verdict for (scope, _), verdict in verdicts.items() if scope == _ACCOUNT), None)
    addresses = {key: verdict for (scope, key), verdict in verdicts.items() if scope != _ACCOUNT}
    strictest = max(addresses.values(), key=lambda verdict: verdict.wait or timedelta(0))
    return Tries(at_address=strictest, at_account=at_account, addresses=addresses)


def _watch(policy: Policy, here: Mapping[Name, Brake]) -> Watch:
    after = {_ADDRESS: policy.lockout.robots_after, _NETWORK: policy.lockout.network_robots_after}
    limits = {scope: (after[scope], brake.one_leaves_in) for (scope, _), brake in here.items()}
    return Watch(limits=limits, alarm=CLOSINGS)


def _stopped(
    found: Mapping[Name, tuple[int, Count]], here: Mapping[Name, Brake], *, watch: Watch, now: datetime
) -> bool:
    if watch.alarm in found:
        return True
    return any(
        is_suspicious(found[name][1], after=watch.limits[name[0]][0], brake=brake, now=now)
        for name, brake in here.items()
        if name in found
    )


def _at(key: str) -> Name:
    return (_NETWORK if is_network(key) else _ADDRESS, key)


def count_account_try(*, key: str, policy: Policy, now: datetime) -> Verdict:
    return _count((_ACCOUNT, key), rules=policy.lockout, now=now)


@transaction.atomic
def count_code(*, key: str, first: FirstStep | None, policy: Policy, now: datetime) -> tuple[Verdict, bool]:
    """What becomes of an answer at the second step, and whether its first step had counted for it.

    Of several at once, one is the other half of that first step; the others count.
    """
    row, count = counter_rows.locked((_ACCOUNT, key))
    if first is not None and _is_claimed(first, now=now):
        at = _here(now)
        return second_half(count, rules=policy.lockout, counted_at=first.counted_at, now=at), True
    after, verdict = count_try(count, rules=policy.lockout, now=_here(now))
    counter_rows.write({row: after})
    return verdict, False


def _is_claimed(first: FirstStep, *, now: datetime) -> bool:
    try:
        spend_draw(nonce=first.nonce, now=now, kept=timedelta(days=1))
    except DrawRefusedError:
        return False
    return True


def count_request(*, key: str, per_day: int, now: datetime) -> Verdict:
    """Somebody asks for a message. It counts apart from tries: whoever asks in another's name shuts no account."""
    return _count((TryCounter.Scope.REQUEST.value, key), rules=RequestRules(max_failures=per_day), now=now)


def give_back_tries(*, account: Mapping[str, Verdict], address: Mapping[str, Verdict], now: datetime) -> None:
    """By their keys. One's own tries only: a success must not wipe what an attacker has counted at the same address.

    `now`: the moment that the waits of the verdicts are counted from.
    """
    tries: dict[Name, Verdict] = {
        _at(key): verdict for source, verdict in address.items() for key in keys_of(source)
    }
    counter_rows.give_back(tries | {(_ACCOUNT, key): verdict for key, verdict in account.items()}, now=now)


def forget_failures(*, key: str, left_counted: int, now: datetime) -> bool:
    """After a whole sign-in, second factor included; False when the account is closed, which stays as it is.

    The day's total stays, less the tries of this sign-in: an attacker's share of it is not for the owner to wipe out.
    """
    row = TryCounter.objects.filter(scope=_ACCOUNT, key=key)
    is_open = Q(agency_only=False) & (Q(locked_until=None) | Q(locked_until__lte=now))
    forgotten = row.filter(is_open).update(
        failures=0, locked_until=None, locks=0, day_total=Greatest(F("day_total") - left_counted, 0)
    )
    return bool(forgotten) or not row.exists()


def clear_account(*, key: str) -> None:
    """By the agency, or when the account begins."""
    TryCounter.objects.filter(scope=TryCounter.Scope.ACCOUNT, key=key).update(
        failures=0, locked_until=None, locks=0, agency_only=False, day_total=0
    )


def lift_lock(*, key: str, lifts: Lifts) -> None:
    """After a new secret. The day's total stays unless all is lifted: a mailbox must not buy endless guesses."""
    if lifts == "everything":
        clear_account(key=key)
    elif lifts == "waiting":
        ends_by_itself = TryCounter.objects.filter(scope=TryCounter.Scope.ACCOUNT, key=key, agency_only=False)
        ends_by_itself.update(failures=0, locked_until=None)


def forget_old_counters(*, before: datetime) -> int:
    """Counters of identifiers that nobody tried for long, known and unknown alike; how many went."""
    someone = User.objects.filter(login_index=OuterRef("key"))
    # A block until the agency lasts while there is somebody to let in. That of an unknown identifier lasts a year more:
    # were it gone sooner, the known ones would be those that are still closed.
    phantom = Q(agency_only=True, last_at__lt=before - PHANTOMS_KEPT) & ~Exists(someone)
    # Without a moment: a row that was made for a try, which was then asked for work and never came back.
    stale = Q(agency_only=False) & (Q(last_at__lt=before) | Q(last_at=None))
    old = TryCounter.objects.filter(stale | phantom)
    gone, _ = old.delete()
    return gone


@transaction.atomic
def _count(name: Name, *, rules: Rules, now: datetime) -> Verdict:
    row, count = counter_rows.locked(name)
    after, verdict = count_try(count, rules=rules, now=_here(now))
    counter_rows.write({row: after})
    return verdict


def _here(now: datetime) -> datetime:
    """A day is one of the calendar that people live by."""
    return timezone.localtime(now)
