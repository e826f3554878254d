"""Counters of failed tries, kept in the database and exact under parallel tries."""

import ipaddress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from guichet.tenancy.signing import keyring
from tenant_apps.identity.domain.lockout import Count, Rules, Verdict, count_try, give_back
from tenant_apps.identity.models import TryCounter, User
from tenants.policy.document import Policy

IPV6_PREFIX = 64
PHANTOMS_KEPT = timedelta(days=365)
_FIELDS = tuple(Count.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class AddressRules:
    """The brake on an address: many people may share one, so it only ever waits."""

    max_failures: int
    wait: timedelta | None
    until_agency: bool
    daily_total: int
    forget_after: timedelta


@dataclass(frozen=True, slots=True)
class RequestRules:
    """How often a message may be asked for; then the requests wait for a day."""

    max_failures: int
    wait: timedelta | None = timedelta(days=1)
    until_agency: bool = False
    daily_total: int = 2**31
    forget_after: timedelta = timedelta(days=1)


def address_rules(*, policy: Policy) -> AddressRules:
    lockout = policy.lockout
    return AddressRules(
        max_failures=lockout.address_max_failures,
        wait=lockout.address_window,
        until_agency=False,
        daily_total=2**31,
        forget_after=lockout.address_window,
    )


def address_key(*, address: str) -> str:
    """One key for an IPv4 address, one for an IPv6 network of /64: that much is handed to a single subscriber."""
    return keyring().digest(_network(address), purpose="client-address")


def _network(address: str) -> str:
    parsed = ipaddress.ip_address(address)
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, IPV6_PREFIX), strict=False))


def count_account_try(*, key: str, policy: Policy, now: datetime) -> Verdict:
    return _count(scope=TryCounter.Scope.ACCOUNT, key=key, rules=policy.lockout, now=now)


def count_address_try(*, key: str, policy: Policy, now: datetime) -> Verdict:
    return _count(scope=TryCounter.Scope.ADDRESS, key=key, rules=address_rules(policy=policy), now=now)


def count_request(*, key: str, per_day: int, now: datetime) -> Verdict:
    """Somebody asks for a message. It counts apart from tries: whoever asks in another's name shuts no account."""
    rules = RequestRules(max_failures=per_day)
    return _count(scope=TryCounter.Scope.REQUEST, key=key, rules=rules, now=now)


def give_back_account_try(*, key: str, verdict: Verdict) -> None:
    _give_back(scope=TryCounter.Scope.ACCOUNT, key=key, verdict=verdict)


def give_back_address_try(*, key: str, verdict: Verdict) -> None:
    """One's own try only: a success must not wipe what an attacker at the same address has counted."""
    _give_back(scope=TryCounter.Scope.ADDRESS, key=key, verdict=verdict)


@transaction.atomic
def forget_failures(*, key: str, left_counted: int, now: datetime) -> bool:
    """After a whole sign-in, second factor included; False when the account is closed, which stays as it is.

    The day's total stays, less the tries of this sign-in: an attacker's share of it is not for the owner to wipe out.
    """
    row = _locked(scope=TryCounter.Scope.ACCOUNT, key=key)
    if row.agency_only or (row.locked_until is not None and now < row.locked_until):
        return False
    row.failures, row.locked_until = 0, None
    row.day_total = max(row.day_total - left_counted, 0)
    row.save(update_fields=["failures", "locked_until", "day_total"])
    return True


def clear_account(*, key: str) -> None:
    """By the agency, or when the account begins."""
    TryCounter.objects.filter(scope=TryCounter.Scope.ACCOUNT, key=key).update(
        failures=0, locked_until=None, agency_only=False, day_total=0
    )


def forget_old_counters(*, before: datetime) -> int:
    """Counters of identifiers that nobody tried for long, known and unknown alike; how many went."""
    someone = User.objects.filter(login_index=OuterRef("key"))
    # A block until the agency lasts while there is somebody to let in. That of an unknown identifier lasts a year more:
    # were it gone sooner, the known ones would be those that are still closed.
    phantom = Q(agency_only=True, last_at__lt=before - PHANTOMS_KEPT) & ~Exists(someone)
    old = TryCounter.objects.filter(Q(agency_only=False, last_at__lt=before) | phantom)
    gone, _ = old.delete()
    return gone


@transaction.atomic
def _count(*, scope: TryCounter.Scope, key: str, rules: Rules, now: datetime) -> Verdict:
    row = _locked(scope=scope, key=key)
    # A day is one of the calendar that people live by.
    count, verdict = count_try(_read(row), rules=rules, now=timezone.localtime(now))
    _write(row, count)
    return verdict


@transaction.atomic
def _give_back(*, scope: TryCounter.Scope, key: str, verdict: Verdict) -> None:
    row = _locked(scope=scope, key=key)
    _write(row, give_back(_read(row), verdict=verdict))


def _locked(*, scope: TryCounter.Scope, key: str) -> TryCounter:
    # Two first tries at once: the second insert is ignored, then both wait for the same row.
    TryCounter.objects.bulk_create([TryCounter(scope=scope, key=key)], ignore_conflicts=True)
    return TryCounter.objects.select_for_update().get(scope=scope, key=key)


def _read(row: TryCounter) -> Count:
    return Count(**{field: getattr(row, field) for field in _FIELDS})


def _write(row: TryCounter, count: Count) -> None:
    for field, value in asdict(count).items():
        setattr(row, field, value)
    row.save(update_fields=_FIELDS)
