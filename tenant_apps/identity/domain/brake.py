"""When an address, or a network, may try again.

Its failures leak away at a steady rate. Whoever guesses patiently has that rate and no more; where many people share an
address and mistype now and then, they leak faster than they come. What an account counts is for `lockout` to say.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tenant_apps.identity.domain.bucket import leaked
from tenant_apps.identity.domain.lockout import Count, Verdict


@dataclass(frozen=True, slots=True)
class Brake:
    """Many people may share an address: it only ever waits."""

    most: int
    # A full one is empty after so long.
    forget_after: timedelta
    wait: timedelta

    @property
    def one_leaves_in(self) -> timedelta:
        return self.forget_after / self.most


def count_at_address(count: Count, *, brake: Brake, now: datetime) -> tuple[Count, Verdict]:
    """The counter with this try in it, and what becomes of the try.

    It keeps as `last_at` since when the next failure has been leaving. A try while braked changes nothing.
    """
    if count.locked_until is not None and now < count.locked_until:
        return count, Verdict(open=False, wait=count.locked_until - now)
    level, since = leaked(count.failures, count.last_at, one_leaves_in=brake.one_leaves_in, now=now)
    count = replace(count, failures=min(level + 1, brake.most), last_at=since, locked_until=None, locks=0)
    if count.failures < brake.most:
        return count, Verdict(open=True)
    # At its end there is room for a try at least, or the rate would be that of the brakes.
    until = max(now + brake.wait, since + brake.one_leaves_in)
    return replace(count, locked_until=until), Verdict(open=True, wait=until - now)


def is_suspicious(count: Count, *, after: int, brake: Brake, now: datetime) -> bool:
    """Whether an address has failed that often lately."""
    return leaked(count.failures, count.last_at, one_leaves_in=brake.one_leaves_in, now=now)[0] >= after
