"""What a draft would have changed: each application tells it of its own past."""

from collections.abc import Callable
from datetime import datetime, timedelta

from tenants.policy.document import Policy

LOOKED_BACK = timedelta(days=90)

# Given the policy in force, the draft, and the span: sentences in French.
Rehearse = Callable[[Policy, Policy, datetime, datetime], list[str]]
_rehearsals: list[Rehearse] = []


def register_rehearsal(rehearse: Rehearse) -> None:
    """Called by an application when it is ready."""
    _rehearsals.append(rehearse)


def rehearse(*, current: Policy, draft: Policy, now: datetime) -> list[str]:
    """Of the current caisse. Reads only; publishes nothing."""
    since = now - LOOKED_BACK
    return [line for each in _rehearsals for line in each(current, draft, since, now)]
