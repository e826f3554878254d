"""When an account may try again.

A try is counted before its secret is looked at: twenty tries at once are twenty counts, and
never more of them are evaluated than the rules allow. A right secret gives its own count back.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Protocol

_MOST_POWERS = 64


class Rules(Protocol):
    """The lockout section of a policy."""

    @property
    def max_failures(self) -> int: ...
    @property
    def wait(self) -> timedelta | None: ...
    @property
    def wait_growth(self) -> int: ...
    @property
    def longest_wait(self) -> timedelta: ...
    @property
    def until_agency(self) -> bool: ...
    @property
    def daily_total(self) -> int: ...
    @property
    def forget_after(self) -> timedelta: ...


@dataclass(frozen=True, slots=True)
class Count:
    """The state of one counter."""

    failures: int = 0
    last_at: datetime | None = None
    locked_until: datetime | None = None
    agency_only: bool = False
    day: date | None = None
    day_total: int = 0
    # Waits in a row, without a whole sign-in or a long silence between them.
    locks: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the counter says of one try."""

    open: bool
    # How long to wait when closed for a while; None when open, or closed until the agency opens.
    wait: timedelta | None = None
    agency_only: bool = False
    # How many tries remain if this one fails.
    tries_left: int = 0
    # How long the lock would last that follows the last of them.
    next_wait: timedelta | None = None
    # No failure stood before this try, nor any wait.
    first: bool = False

    @property
    def leaves_open(self) -> bool:
        """Neither closed before this try nor closed by it."""
        return self.open and self.wait is None and not self.agency_only

    @property
    def locked_by_this_try(self) -> bool:
        """Put on beforehand, in case the secret is wrong."""
        return self.open and not self.leaves_open


def count_try(count: Count, *, rules: Rules, now: datetime) -> tuple[Count, Verdict]:
    """The counter with this try in it, and what becomes of the try.

    A try while locked changes nothing: nobody can keep an account shut by hammering at it.
    """
    closed = _closed(count, now=now)
    if closed is not None:
        return count, closed
    count = _fresh(count, rules=rules, now=now)
    first = not count.failures and not count.locks
    count = replace(count, failures=count.failures + 1, day_total=count.day_total + 1, last_at=now)
    wait = _next_wait(count, rules=rules)
    left = max(rules.max_failures - count.failures, 0)
    verdict = Verdict(open=True, tries_left=left, next_wait=wait, first=first)
    if count.day_total >= rules.daily_total or (count.failures >= rules.max_failures and rules.until_agency):
        return replace(count, agency_only=True), replace(verdict, agency_only=True)
    if count.failures >= rules.max_failures and wait is not None:
        return replace(count, locked_until=now + wait, locks=count.locks + 1), replace(verdict, wait=wait)
    return count, verdict


def second_half(count: Count, *, rules: Rules, counted_at: datetime, now: datetime) -> Verdict:
    """What becomes of the second half of a try whose first half was counted for both, at `counted_at`.

    A lock that the first half has put on beforehand does not shut its own second half out; any other does.
    """
    closed = _closed(count, now=now)
    if closed is not None:
        return replace(closed, open=count.last_at == counted_at)
    fresh = _fresh(count, rules=rules, now=now)
    return Verdict(
        open=True,
        tries_left=max(rules.max_failures - fresh.failures, 0),
        next_wait=_next_wait(fresh, rules=rules),
    )


def _closed(count: Count, *, now: datetime) -> Verdict | None:
    if count.agency_only:
        return Verdict(open=False, agency_only=True)
    if count.locked_until is not None and now < count.locked_until:
        return Verdict(open=False, wait=count.locked_until - now)
    return None


def _next_wait(count: Count, *, rules: Rules) -> timedelta | None:
    if rules.wait is None:
        return None
    return wait_after(count.locks, first=rules.wait, growth=rules.wait_growth, longest=rules.longest_wait)


def wait_after(locks: int, *, first: timedelta, growth: int, longest: timedelta) -> timedelta:
    """The wait that follows so many others; no shorter than the first, and no longer than the ceiling above it."""
    unit = timedelta(microseconds=1)
    # A power beyond this is above any ceiling, and no number of a machine.
    grown: int = (first // unit) * growth ** min(locks, _MOST_POWERS)
    return min(grown, max(first, longest) // unit) * unit


def _fresh(count: Count, *, rules: Rules, now: datetime) -> Count:
    wait_is_over = count.locked_until is not None
    # A wait is no silence: nobody could have tried.
    quiet_since = max((moment for moment in (count.last_at, count.locked_until) if moment), default=None)
    forgotten = quiet_since is not None and now - quiet_since >= rules.forget_after
    if wait_is_over or forgotten:
        count = replace(count, failures=0, locked_until=None, locks=0 if forgotten else count.locks)
    if count.day != now.date():
        count = replace(count, day=now.date(), day_total=0)
    return count
