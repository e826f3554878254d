"""How often a code may be sent: each one costs money, and is a way to pester someone."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol


class SendingRules(Protocol):
    """The SMS part of a policy's second factor."""

    @property
    def cool_down(self) -> timedelta: ...
    @property
    def per_hour(self) -> int: ...
    @property
    def per_day(self) -> int: ...


def wait_before_sending(
    sent: Sequence[datetime], *, unused: bool, rules: SendingRules, now: datetime
) -> timedelta | None:
    """None when a code may go now. `sent` is in ascending order.

    `unused`: the last code was not used. Who has used it holds the phone, and need not wait to sign in again.
    """
    ready = now
    if sent and unused:
        ready = max(ready, sent[-1] + rules.cool_down)
    for limit, span in ((rules.per_hour, timedelta(hours=1)), (rules.per_day, timedelta(days=1))):
        recent = [moment for moment in sent if now - moment < span]
        if len(recent) >= limit:
            ready = max(ready, recent[-limit] + span)
    return ready - now if ready > now else None
