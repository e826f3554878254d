"""Many accounts closed within minutes, from whatever addresses: somebody shuts people out, or guesses at large.

One address is braked long before; what this sees comes from many. It closes nothing itself: while the alarm lasts, each
try costs the device that makes it a piece of work.
"""

import logging
from datetime import datetime

from django.db import transaction

from tenant_apps.identity import counter_rows
from tenant_apps.identity.closing_notice import ask_to_tell
from tenant_apps.identity.counters import CLOSINGS
from tenant_apps.identity.domain.closings import Closings, count_closing
from tenant_apps.identity.domain.lockout import Count, Verdict
from tenant_apps.journal.record import record
from tenants.policy.document import Policy

ALARM = "sign_in.mass_alarm"
log = logging.getLogger("guichet.security")


def note_closing(
    *,
    verdict: Verdict,
    index: str,
    policy: Policy,
    address: str,
    now: datetime,
    undecided: bool = False,
) -> None:
    """After a try that did not open; counts when it is the one that has closed the account, or that of nobody.

    `undecided`: see `ask_to_tell`.
    """
    if verdict.locked_by_this_try:
        _count(policy=policy, address=address, now=now)
        ask_to_tell(verdict=verdict, index=index, closed_at=now, undecided=undecided)


@transaction.atomic
def _count(*, policy: Policy, address: str, now: datetime) -> None:
    rules = policy.lockout
    row, count = counter_rows.locked(CLOSINGS)
    held, begins = count_closing(
        Closings(count.failures, count.last_at, count.locked_until),
        most=rules.mass_closings,
        window=rules.mass_window,
        pause=rules.mass_pause,
        now=now,
    )
    counter_rows.write({row: Count(failures=held.level, last_at=held.at, locked_until=held.alarm_until)})
    if begins:
        record(kind=ALARM, at=now, address=address, accounts=held.level)
        log.warning("%s accounts were closed within %s", held.level, rules.mass_window)
