"""When an account, or an address, may try again.

A try is counted before its secret is looked at: twenty tries at once are twenty counts, and
never more of them are evaluated than the rules allow. A right secret gives its own count back.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Protocol


class Rules(Protocol):
    """The lockout section of a policy."""

    @property
    def max_failures(self) -> int: ...
    @property
    def wait(self) -> timedelta | None: ...
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


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the counter says of one try."""

    open: bool
    # How long to wait when closed for a while; None when open, or closed until the agency opens.
    wait: timedelta | None = None
    agency_only: bool = False
    # How many tries remain if this one fails.
    tries_left: int = 0

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
    if count.agency_only:
        return count, Verdict(open=False, agency_only=True)
    if count.locked_until is not None and now < count.locked_until:
        return count, Verdict(open=False, wait=count.locked_until - now)
    count = _fresh(count, rules=rules, now=now)
    count = replace(count, failures=count.failures + 1, day_total=count.day_total + 1, last_at=now)
    verdict = Verdict(open=True, tries_left=max(rules.max_failures - count.failures, 0))
    if count.day_total >= rules.daily_total or (count.failures >= rules.max_failures and rules.until_agency):
        return replace(count, agency_only=True), replace(verdict, agency_only=True)
    if count.failures >= rules.max_failures and rules.wait is not None:
        return replace(count, locked_until=now + rules.wait), replace(verdict, wait=rules.wait)
    return count, verdict


def _fresh(count: Count, *, rules: Rules, now: datetime) -> Count:
    wait_is_over = count.locked_until is not None
    forgotten = count.last_at is not None and now - count.last_at >= rules.forget_after
    if wait_is_over or forgotten:
        count = replace(count, failures=0, locked_until=None)
    if count.day != now.date():
        count = replace(count, day=now.date(), day_total=0)
    return count
