"""Sign-ins of the past under other rules."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from tenant_apps.identity.domain.lockout import Count, Rules, count_try


@dataclass(frozen=True, slots=True)
class PastTry:
    """One try: `right` ended a whole sign-in, otherwise it failed. `subject` is opaque."""

    subject: str
    at: datetime
    right: bool


def blocked_subjects(tries: Iterable[PastTry], *, rules: Rules) -> set[str]:
    """Who would have met a block at least once. `tries` is in ascending order of time."""
    counts: dict[str, Count] = {}
    blocked: set[str] = set()
    for past in tries:
        count, verdict = count_try(counts.get(past.subject, Count()), rules=rules, now=past.at)
        if past.right and verdict.open:
            counts.pop(past.subject, None)
            continue
        counts[past.subject] = count
        if not verdict.open or verdict.agency_only or verdict.wait is not None:
            blocked.add(past.subject)
    return blocked
