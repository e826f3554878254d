"""A code that was sent to who forgot the secret, typed with the identifier or behind the link.

The order is that of a sign-in: brake on the address, counter of the account, then one look, for a known identifier and
an unknown one alike. A lock does not refuse a right code: a recovery is a way out, and what it lifts is the policy's to
say. Guessing is bound by the tries of one recovery and by how many of them may be asked for in a day; for a letter, by
its tries of a day and the length of its code.
"""

from dataclasses import dataclass
from datetime import datetime

from tenant_apps.identity.counters import count_first_step, give_back_tries
from tenant_apps.identity.mass_closing import note_closing
from tenant_apps.identity.models import Recovery
from tenant_apps.identity.recoveries import code_is_right, give_back_try, live_code_of, take_try
from tenant_apps.identity.selectors import user_of_index
from tenant_apps.identity.sign_in import Attempt, not_reached, refused_by
from tenant_apps.identity.sources import address_key
from tenant_apps.identity.spraying import note_wrong_secret
from tenant_apps.journal.record import record
from tenants.policy.document import Policy

WRONG = "recovery.wrong_code"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeAttempt:
    """How a try ended: `recovery` when it was right."""

    attempt: Attempt
    recovery: Recovery | None = None


def try_recovery_code(
    *,
    index: str,
    code: str,
    policy: Policy,
    address: str,
    now: datetime,
    behind: Recovery | None = None,
    proven: bool = True,
) -> CodeAttempt:
    """`index` stands for the identifier; `behind`: the recovery whose link was opened. A right code costs no try."""
    source = address_key(address=address)
    tries = count_first_step(account=index, address=source, policy=policy, now=now, proven=proven)
    at_account = tries.at_account
    if at_account is None:
        return CodeAttempt(attempt=not_reached(tries, index=index))
    user = user_of_index(index=index)
    waiting = user if user is not None and user.is_active and user.is_activated else None
    found = behind or live_code_of(user=waiting, now=now)
    may_look = take_try(recovery=found, policy=policy, now=now)
    if code_is_right(recovery=found, code=code) and may_look and found is not None:
        give_back_try(recovery=found)
        # A lock has counted nothing.
        mine = {index: at_account} if at_account.open else {}
        give_back_tries(account=mine, address=tries.addresses, now=now)
        return CodeAttempt(attempt=Attempt(index=index, user=user), recovery=found)
    note_wrong_secret(index=index, secret=code, policy=policy, address=address, now=now)
    record(kind=WRONG, at=now, subject=str(user.uuid) if user else index, address=address)
    note_closing(verdict=at_account, index=index, policy=policy, address=address, now=now)
    return CodeAttempt(attempt=refused_by(at_account, index=index))
