"""Counters of failed tries, kept in the database and exact under parallel tries."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Greatest
from django.utils import timezone

from guichet.tenancy.signing import keyring
from tenant_apps.identity import counter_rows
from tenant_apps.identity.counter_rows import Name
from tenant_apps.identity.domain.lockout import Rules, Verdict, count_try
from tenant_apps.identity.models import TryCounter, User
from tenant_apps.identity.new_key import bring_under_new_key
from tenants.policy.document import Policy
from tenants.policy.sections.ways_in import Lifts

IPV6_PREFIX = 64
PHANTOMS_KEPT = timedelta(days=365)
_ACCOUNT, _ADDRESS = TryCounter.Scope.ACCOUNT.value, TryCounter.Scope.ADDRESS.value


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Tries:
    """What one try at the first step counts: at its address, and on the account when the address lets it pass."""

    at_address: Verdict
    at_account: Verdict | None


@transaction.atomic
def count_first_step(*, account: str, address: str, policy: Policy, now: datetime) -> Tries:
    """Both counters in one go. A try that the address is braked for does not reach the account's."""
    bring_under_new_key(index=account)
    names = ((_ADDRESS, address), (_ACCOUNT, account))
    found = counter_rows.both_locked(*names, now=now)
    (row, count), on_account = found[names[0]], found.get(names[1])
    counts = {}
    counts[row], at_address = count_try(count, rules=address_rules(policy=policy), now=_here(now))
    at_account = None
    if on_account is not None:
        row, count = on_account
        counts[row], at_account = count_try(count, rules=policy.lockout, now=_here(now))
    counter_rows.write(counts)
    return Tries(at_address=at_address, at_account=at_account)


def count_account_try(*, key: str, policy: Policy, now: datetime) -> Verdict:
    return _count((_ACCOUNT, key), rules=policy.lockout, now=now)


def count_address_try(*, key: str, policy: Policy, now: datetime) -> Verdict:
    return _count((_ADDRESS, key), rules=address_rules(policy=policy), now=now)


def count_request(*, key: str, per_day: int, now: datetime) -> Verdict:
    """Somebody asks for a message. It counts apart from tries: whoever asks in another's name shuts no account."""
    return _count((TryCounter.Scope.REQUEST.value, key), rules=RequestRules(max_failures=per_day), now=now)


def give_back_tries(*, account: Mapping[str, Verdict], address: Mapping[str, Verdict]) -> None:
    """By their keys. One's own tries only: a success must not wipe what an attacker has counted at the same address."""
    tries: dict[Name, Verdict] = {(_ADDRESS, key): verdict for key, verdict in address.items()}
    counter_rows.give_back(tries | {(_ACCOUNT, key): verdict for key, verdict in account.items()})


def forget_failures(*, key: str, left_counted: int, now: datetime) -> bool:
    """After a whole sign-in, second factor included; False when the account is closed, which stays as it is.

    The day's total stays, less the tries of this sign-in: an attacker's share of it is not for the owner to wipe out.
    """
    row = TryCounter.objects.filter(scope=_ACCOUNT, key=key)
    is_open = Q(agency_only=False) & (Q(locked_until=None) | Q(locked_until__lte=now))
    forgotten = row.filter(is_open).update(
        failures=0, locked_until=None, day_total=Greatest(F("day_total") - left_counted, 0)
    )
    return bool(forgotten) or not row.exists()


def clear_account(*, key: str) -> None:
    """By the agency, or when the account begins."""
    TryCounter.objects.filter(scope=TryCounter.Scope.ACCOUNT, key=key).update(
        failures=0, locked_until=None, agency_only=False, day_total=0
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
    old = TryCounter.objects.filter(Q(agency_only=False, last_at__lt=before) | phantom)
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
